/**
 * The smallest epsilon that changes what the network says of the sample, over training time: what the question "flip" was answered, kept by step.
 *
 * Bounded like every curve (train/history.h). It is about one sample, one attack and one run: with another of them it begins anew.
 */
#ifndef FOVEA_OBSERVE_FLIPS_H
#define FOVEA_OBSERVE_FLIPS_H

#include "observe/observer.h"
#include "train/history.h"

enum { FLIPS_POINTS = 1024 };

struct flips {
    struct series attack, noise; /* epsilons; the limit where none was found up to it */
    float limit;                 /* of the epsilons, 0 before the first */
    struct question question;    /* what the points are about: the attack, its eps left out */
    uint64_t sample;             /* a number made from its pixels and its label */
    uint64_t run;
};

MUST_USE enum err flips_init(struct flips *f, struct diag *diag);
void flips_fini(struct flips *f); /* accepts {0} */

/**
 * Keeps what these answers say, if "flip" was asked and their step is later than all that are kept.
 * @param run  another number for each run: its seed, say
 */
void flips_take(struct flips *f, const struct answers *a, size_t pixels, uint64_t run);

/** Training went another way from `step` on (trainer_report.furthest): what came after is forgotten. */
void flips_cut(struct flips *f, long step);

#endif
