/**
 * Match the convolution: which of four outputs is x * w? Questions about series, pictures and the filters of the network in training. Lecture item L21.
 */
#ifndef FOVEA_UI_MATCHING_H
#define FOVEA_UI_MATCHING_H

#include "filter/match.h"

enum matching_kind { MATCHING_SERIES, MATCHING_PICTURES, MATCHING_FILTERS, MATCHING_KINDS };
extern const char *const matching_names[MATCHING_KINDS]; /* "series", ... */

enum {
    MATCHING_PICTURE = 1 + MATCH_OUTPUTS, /* x, and the outputs */
    MATCHING_SCALES = 6,
    MATCHING_NAME = 64,
    MATCHING_SIDE = 16 /* rows and columns of a filter at most */
};
extern const int
    matching_scale[MATCHING_SCALES]; /* pixels of x that become one, along each axis: 1, 2, ... */

struct matching {
    enum matching_kind kind;
    long number;  /* of the question, from 0 */
    bool waiting; /* for the filters of the network: nothing is shown */
    bool there;   /* is there a question? else `why` says why not */
    char why[160];
    struct match question;
    const char *name;                  /* of x; NULL: it has none */
    const struct match_choice *choice; /* what its outputs are made with */
    int guess;                         /* -1: not answered yet */
    long answered, right, row;         /* answers so far, right ones, and how many in a row */
    /* Largest magnitudes: of a series that of x and all outputs together; of pictures each its own, without the edges, where the zeros around it show. */
    float range[MATCHING_PICTURE];

    /* Pictures, in several sizes: [MATCHING_PICTURE][rows][cols], means of so many pixels each; owned. NULL: it would be nothing. */
    float *reduced[MATCHING_SCALES];
    int rows[MATCHING_SCALES], cols[MATCHING_SCALES];

    struct match_set *set[MATCHING_FILTERS]; /* the program's own */
    struct match_choice filter[MATCH_CHOICES_MOST];
    char filter_name[MATCH_CHOICES_MOST][MATCHING_NAME], filter_help[MATCH_CHOICES_MOST][MATCHING_NAME];
    float filter_w[MATCH_CHOICES_MOST * MATCHING_SIDE * MATCHING_SIDE];
};

/** Begins with the first question about series. */
MUST_USE enum err matching_new(struct matching **out, struct diag *diag);
void matching_free(struct matching *m); /* accepts NULL */

/** Another question, the same for the same number. One about filters waits for matching_offer(). */
void matching_ask(struct matching *m, enum matching_kind kind, long number);

/**
 * What a question about filters that waits is made of.
 * @param x       [channels][h][w]: a picture, whose channels are averaged
 * @param weight  [filters][channels][rows][cols] of the layer `name`; a filter's channels are added up, as for a grey picture. Both are copied
 */
void matching_offer(struct matching *m, const char *name, const float *x, int channels, int h, int w,
                    const float *weight, int filters, int rows, int cols);
/** There will be none: the sentence says why. */
void matching_refuse(struct matching *m, const char *why);

/** Answers, once. @return was it right? */
bool matching_guess(struct matching *m, int output);

/** One line: what is asked, or how the answer was. */
void matching_explain(const struct matching *m, char *text, int size);

#endif
