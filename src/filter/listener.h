/**
 * Listens to a series in the background: what smoothing makes of it and with what error, where a piece lies in it, and its spectrogram; what is in view first, the whole
 * after it, however long that is.
 *
 * A thread of its own, which sleeps while nothing is asked. Each question replaces the one before; what didn't change isn't computed again.
 */
#ifndef FOVEA_FILTER_LISTENER_H
#define FOVEA_FILTER_LISTENER_H

#include "filter/stretch.h"

enum {
    LISTENER_PEAKS = 9,
    LISTENER_PICTURE = 400 * 220, /* pixels of a spectrogram */
    LISTENER_RANGE = 60           /* decibels below the loudest that it shows */
};

/** What is asked. */
struct listener_question {
    struct stretch_change change;
    /* The piece that is searched for; borrowed. NULL: none. */
    const float *piece;
    long length;
    bool normalised;
    unsigned long serial; /* of the above: another number, another series, change or search */
    long from, span;      /* samples in view */
    int window;           /* of the spectrogram, a power of two; see spectrogram.h */
    int rows, cols;       /* of its picture, together at most LISTENER_PICTURE; 0: none is wanted */
    bool smoothed;        /* it is that of the smoothed series */
};

struct listener_result {
    unsigned long serial; /* of the question that all this is the answer to; what isn't done yet is empty */
    struct stretch
        near; /* the view, and as much on either side of it; no columns where those of `whole` are fine enough */
    bool whole_done;
    struct stretch whole;
    struct stretch_error error; /* over the whole, once that is done */

    bool search_done;
    double searched;                                                     /* share of the series, 0..1 */
    float response_low[STRETCH_COLUMNS], response_high[STRETCH_COLUMNS]; /* in the columns of `whole` */
    float near_low[STRETCH_COLUMNS], near_high[STRETCH_COLUMNS];         /* and in those of `near` */
    int peaks;
    struct peak peak[LISTENER_PEAKS]; /* the best places, `col` is the sample; highest first */

    long view_from, view_span; /* of the picture */
    int window, rows, cols;
    bool smoothed;
    float loudest; /* decibels */
    float picture
        [LISTENER_PICTURE]; /* [rows][cols], high frequencies on top: decibels above `loudest` - LISTENER_RANGE, at least 0 */
    char failed[160]; /* a sentence when memory ran out, else "" */
};

struct listener;

/** wake is called from the thread after each result and may be NULL. */
MUST_USE enum err listener_new(void (*wake)(void *arg), void *arg, struct listener **out, struct diag *diag);
void listener_free(struct listener *l); /* accepts NULL */

/** What is borrowed must stay until listener_rest() or another question has come back from it. */
void listener_ask(struct listener *l, const struct listener_question *question);

/** Nothing is asked any more, and nothing borrowed is read when this returns. */
void listener_rest(struct listener *l);

/** The newest result, or NULL when there is none since the last call; it stays as it is until the next one is taken. */
const struct listener_result *listener_take(struct listener *l);

/** Was all computed that was asked, and was it taken? */
bool listener_settled(struct listener *l);

#endif
