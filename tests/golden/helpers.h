/** What the operations share: tensors and settings of a case, and how far two arrays are apart. */
#ifndef FOVEA_TESTS_GOLDEN_HELPERS_H
#define FOVEA_TESTS_GOLDEN_HELPERS_H

#include <stdbool.h>

#include "golden.h"
#include "nn/net.h"

/** A float tensor by name; data NULL when it isn't there. tensor_fini() it. */
struct tensor get(const struct golden *g, const char *format, ...) PRINTF_LIKE(2, 3);
int *get_labels(const struct golden *g, const char *format, ...)
    PRINTF_LIKE(2, 3); /* free() it; NULL: not there */
const char *setting(const struct golden *g, const char *key, const char *otherwise);
double number(const struct golden *g, const char *key, double otherwise);

/** Largest difference over the largest magnitude of `want`; infinity for a NaN. */
double apart(size_t count, const float *have, const float *want);
double worse(double a, double b); /* the larger; NaN and < 0 win */

/** The small network of the cases, "conv C1 5x5, relu, ...", its layers named by their place and its channels from PREFIX0.weight. NULL: it can't be built. */
struct net *small_net(const struct golden *g, const char *prefix, struct weights *w);
/** Every tensor of the net from PREFIXname of the case. */
bool read_weights(const struct golden *g, const char *prefix, const struct net *net, struct weights *w);

#endif
