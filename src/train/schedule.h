/**
 * The learning rate as a function of the step.
 */
#ifndef FOVEA_TRAIN_SCHEDULE_H
#define FOVEA_TRAIN_SCHEDULE_H

#include "base/err.h"

struct schedule {
    const struct schedule_type *type;
    double base;   /* learning rate, > 0 */
    long total;    /* steps asked for; 0: endless (then cosine stays constant) */
    long warmup;   /* steps of linear rise from base / warmup to base */
    long every;    /* step: steps between drops; 0: a third of total */
    double factor; /* step: multiplied at each drop */
};

struct schedule_type {
    const char *name; /* constant, step, cosine */
    const char *help;
    double (*factor)(const struct schedule *s, long step); /* of the base rate, without warm-up */
};

extern const struct schedule_type *const schedule_types[]; /* NULL-terminated */

/** "cosine", "cosine:warmup=200", "step:every=1000,factor=0.1": words after the colon set the fields. Fills type, warmup, every, factor. */
MUST_USE enum err schedule_parse(const char *text, struct schedule *out, struct diag *diag);

/** @param step  updates done so far, from 0 */
double schedule_rate(const struct schedule *s, long step);

#endif
