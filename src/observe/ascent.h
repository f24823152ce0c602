/**
 * The ascent: a thread of low priority in which a unit's maximising input is climbed to, live, with the newest weights there are. Lecture item L56.
 *
 * The UI thread begins ascents and turns switches, whoever sees moments offers them. Pictures are published a few times a second. After
 * ASCENT_STEPS steps since it was last told something, the ascent rests: a picture that has settled costs nothing. Other weights take it ASCENT_FRESH steps on.
 */
#ifndef FOVEA_OBSERVE_ASCENT_H
#define FOVEA_OBSERVE_ASCENT_H

#include "explain/maximise.h"
#include "train/moment.h"

enum { ASCENT_STEPS = 1000, ASCENT_FRESH = 20, ASCENT_FRAMES = 12 };

struct ascent_result {
    unsigned long serial; /* of the ascent: what ascent_begin() returned */
    struct unit unit;     /* with its place: see maximise_place() */
    long step;            /* of training, of the weights that the last steps used */
    bool resting;
    int frames; /* at least 1; the last one is the newest picture */
    struct maximise_frame frame[ASCENT_FRAMES];
    float norm; /* of the last step's gradient; NaN before the first */
    int points;
    struct maximise_frame curve[MAXIMISE_CURVE]; /* without pictures */
    float *pictures;                             /* owned by the ascent */
};

struct ascent;

/** net is borrowed; wake is called from the ascent's thread after each publication and may be NULL. */
MUST_USE enum err ascent_new(const struct net *net, void (*wake)(void *arg), void *arg, struct ascent **out,
                             struct diag *diag);
void ascent_free(struct ascent *a); /* finishes the steps under way; accepts NULL */

/** Begins anew, from `start` (copied) or from noise. @return its serial, from 1 */
unsigned long ascent_begin(struct ascent *a, struct unit unit, const struct maximise_options *options,
                           const float *start);
/** Other switches from now on; it goes on climbing. */
void ascent_change(struct ascent *a, const struct maximise_options *options);
/** Holds it, or lets it go on. */
void ascent_hold(struct ascent *a, bool hold);
/** Any thread: the newest moment; its weights are copied. */
void ascent_offer(struct ascent *a, const struct moment *moment);
/** The asker's thread: the newest result, or NULL when there is no new one. Valid until a call returns another. */
const struct ascent_result *ascent_result(struct ascent *a);

#endif
