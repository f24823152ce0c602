/**
 * The weights a network starts from.
 *
 * He et al. 2015 (arXiv:1502.01852): normal with variance 2 / fan_in. Glorot & Bengio 2010: uniform on +-sqrt(6 / (fan_in + fan_out)).
 * Biases start at 0, batch normalisation at gamma 1 and beta 0.
 */
#ifndef FOVEA_NN_INIT_H
#define FOVEA_NN_INIT_H

#include <stdint.h>

#include "nn/net.h"
#include "nn/weights.h"

enum init_kind { INIT_AUTO, INIT_HE, INIT_GLOROT }; /* AUTO: He before a relu or leakyrelu, else Glorot */

/** Deterministic in (net, kind, seed): each layer draws from its own stream. */
void init_weights(struct weights *w, const struct net *net, enum init_kind kind, uint64_t seed);

#endif
