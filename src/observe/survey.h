/**
 * The survey: a thread of low priority that sends a data set through the network, again and again as it learns, and tells what excites one unit. Lecture items L55, L57.
 *
 * The UI thread says which unit (survey_ask), whoever sees moments offers them (survey_offer). A pass over the data is made with one moment's weights to its end; then with
 * the newest ones, if there are any. Results of the first pass for a unit are published as they get better, those of later ones when they are whole: so a list on
 * the screen never falls apart while the network learns.
 */
#ifndef FOVEA_OBSERVE_SURVEY_H
#define FOVEA_OBSERVE_SURVEY_H

#include "explain/exciters.h"
#include "train/moment.h"

enum { SURVEY_KEPT = 9, SURVEY_BINS = 32 };

/** The bin of a value between low and high. */
int survey_bin(float value, float low, float high);

struct survey_result {
    struct unit unit;
    enum split split;
    unsigned long moment; /* serial, and step, of the weights */
    long step;
    int seen, total; /* images looked at, of so many */
    int found;       /* in each list */
    struct exciter top[SURVEY_KEPT], bottom[SURVEY_KEPT];
    float low, high;             /* of the activations seen; 0 and 0 when there is none */
    long histogram[SURVEY_BINS]; /* of the activations seen, from low to high */
    long zeros;    /* of them exactly 0: what a ReLU leaves of an image that the unit is off for */
    int favourite; /* the most frequent class of the top list; -1: there is none */
    long favoured[SURVEY_BINS]; /* of the images of that class alone, and */
    long favoured_zeros;        /* those of them that it is exactly 0 for */
    double purity;              /* of the top list: exciters_purity() */
};

struct survey;

/**
 * net and data are borrowed; wake is called from the survey's thread after each publication and may be NULL. Errors as those of exciters_new().
 */
MUST_USE enum err survey_new(const struct net *net, const struct dataset *data, enum split split,
                             void (*wake)(void *arg), void *arg, struct survey **out, struct diag *diag);
void survey_free(struct survey *s); /* finishes the batch under way; accepts NULL */

/** Looks for what excites this unit among the images of a split from now on (row or col < 0: anywhere in its map); what was under way for another is left. */
void survey_ask(struct survey *s, struct unit unit, enum split split);
/** Any thread: the newest moment; its weights are copied. */
void survey_offer(struct survey *s, const struct moment *moment);
/** The asker's thread: the newest result, or NULL when there is no new one. Valid until a call returns another. */
const struct survey_result *survey_result(struct survey *s);

#endif
