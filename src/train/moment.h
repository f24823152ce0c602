/**
 * A moment: a network, its weights, and where training stood. Everything on the screen is a function of one.
 */
#ifndef FOVEA_TRAIN_MOMENT_H
#define FOVEA_TRAIN_MOMENT_H

#include "nn/net.h"
#include "nn/weights.h"

struct moment {
    const struct net *net; /* borrowed */
    struct weights weights;
    float *grads; /* gradients of the batch of that step, [params]; owned; zeros before the first */
    long step, epoch;
    double loss, accuracy; /* of the last batch; NaN before the first */
    double lr, grad_norm;
    unsigned long serial; /* grows with every publication: two moments with the same serial are the same */
};

MUST_USE enum err moment_init(struct moment *m, const struct net *net, struct diag *diag);
void moment_fini(struct moment *m);
void moment_copy(struct moment *to, const struct moment *from);

#endif
