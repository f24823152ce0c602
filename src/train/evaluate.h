/**
 * How well weights do on a split: loss, accuracy, confusion counts.
 */
#ifndef FOVEA_TRAIN_EVALUATE_H
#define FOVEA_TRAIN_EVALUATE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "data/dataset.h"
#include "nn/net.h"

struct evaluation {
    int count;
    double loss;     /* mean */
    double accuracy; /* [0,1] */
    long *
        confusion; /* [classes][classes]: rows are the true class, columns the predicted; owned; NULL unless asked for */
};

struct evaluator; /* a pass and its buffers, to be used again and again without allocating */

MUST_USE enum err evaluator_new(const struct net *net, const struct dataset *data, struct team *team,
                                struct evaluator **out, struct diag *diag);
void evaluator_free(struct evaluator *e);

/**
 * Evaluates images first..first+count-1 of a split (clipped to it) in inference mode. Stops early when *cancel becomes true (NULL: never).
 * @param confusion  whether to fill out->confusion (allocated here on first use)
 * @return false when it was cancelled
 */
bool evaluator_run(struct evaluator *e, const struct weights *w, const struct loss_type *loss,
                   enum split split, int first, int count, bool confusion, const atomic_bool *cancel,
                   struct evaluation *out);
void evaluation_fini(struct evaluation *e);

#endif
