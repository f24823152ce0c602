/** A case under way, and one function for each family of operations: its largest error, or < 0 when it can't be computed. */
#ifndef FOVEA_TESTS_GOLDEN_H
#define FOVEA_TESTS_GOLDEN_H

#include "tensor/safetensors.h"

struct golden {
    const char *path;
    struct safetensors *file;
};

double golden_correlate(const struct golden *g);
double golden_layer(const struct golden *g);
double golden_cross_entropy(const struct golden *g);
double golden_mse(const struct golden *g);
double golden_optimizer(const struct golden *g);
double golden_train(const struct golden *g);
double golden_activations(const struct golden *g);
double golden_resnet(const struct golden *g);
double golden_attack(const struct golden *g);
double golden_maximise(const struct golden *g);

#endif
