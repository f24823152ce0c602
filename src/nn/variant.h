/**
 * Variants of a network: the same layers under the same names, with something put between them.
 */
#ifndef FOVEA_NN_VARIANT_H
#define FOVEA_NN_VARIANT_H

#include "base/err.h"
#include "nn/net.h"

/**
 * A batch normalisation behind every convolution that has none, so before its non-linearity; behind conv1 it's called conv1_bn.
 * @return ERR_UNKNOWN when there is no such convolution
 */
MUST_USE enum err variant_batchnorm(const struct net *net, struct net **out, struct diag *diag);

/**
 * Dropout before the last dense layer, called dense1_dropout before dense1; where there is some already it gets this rate.
 * @param rate  probability that a number is dropped, [0, 1)
 * @return ERR_UNKNOWN when there is no dense layer
 */
MUST_USE enum err variant_dropout(const struct net *net, float rate, struct net **out, struct diag *diag);

#endif
