/**
 * Optimizers: one pass over the flat parameter array. Step sizes as in PyTorch, which the reference numbers come from.
 */
#ifndef FOVEA_TRAIN_OPTIMIZER_H
#define FOVEA_TRAIN_OPTIMIZER_H

#include <stddef.h>

#include "base/err.h"
#include "base/team.h"

enum { OPTIMIZER_SLOTS = 2 };

struct optimizer_options {
    float momentum;          /* sgd; [0, 1) */
    int nesterov;            /* sgd */
    float weight_decay;      /* >= 0; sgd, adam: added to the gradient; adamw: decoupled */
    float beta1, beta2, eps; /* adam, adamw */
};

struct optimizer_type {
    const char *name; /* sgd, adam, adamw */
    const char *help;
    const char *rule; /* what the weights move against, times the rate: "v" */
    float lr;         /* a good default for small networks */
    struct optimizer_options defaults;
    int slots; /* arrays of parameter size that it keeps: velocity; first and second moment */
    const char *slot_name[OPTIMIZER_SLOTS];
    /** Updates p[0..count-1]; step counts from 1. slot[] begin at zero. Works on any range of the arrays. */
    void (*update)(const struct optimizer_options *o, size_t count, long step, float lr, float *p,
                   const float *g, float *const *slot);
};

extern const struct optimizer_type *const optimizer_types[]; /* NULL-terminated */
const struct optimizer_type *optimizer_find(const char *name);

/** An optimizer at work on one parameter array. */
struct optimizer {
    const struct optimizer_type *type;
    struct optimizer_options options;
    size_t count;
    long step;                    /* updates done */
    float *slot[OPTIMIZER_SLOTS]; /* owned, aligned; NULL when not used */
};

MUST_USE enum err optimizer_init(struct optimizer *o, const struct optimizer_type *type,
                                 struct optimizer_options options, size_t count, struct diag *diag);
void optimizer_fini(struct optimizer *o);
/** One update of all parameters, shared out over the team in fixed pieces. */
void optimizer_step(struct optimizer *o, float lr, float *p, const float *g, struct team *team);

#endif
