/**
 * Every layer type, one file each: what layer.c puts into its tables. The files are hot (see tensor/isa.h): compiled for every set of instructions.
 */
#ifndef FOVEA_NN_LAYERS_H
#define FOVEA_NN_LAYERS_H

#include "nn/layer.h"
#include "tensor/isa.h"

/** All of them, in the order of the manual. */
#define LAYERS(X, isa)                                                                                       \
    X(conv, isa)                                                                                             \
    X(dense, isa)                                                                                            \
    X(relu, isa)                                                                                             \
    X(leakyrelu, isa)                                                                                        \
    X(elu, isa)                                                                                              \
    X(sigmoid, isa)                                                                                          \
    X(tanh, isa)                                                                                             \
    X(softmax, isa)                                                                                          \
    X(maxpool, isa)                                                                                          \
    X(avgpool, isa)                                                                                          \
    X(globalavgpool, isa)                                                                                    \
    X(batchnorm, isa)                                                                                        \
    X(dropout, isa)                                                                                          \
    X(flatten, isa)                                                                                          \
    X(add, isa)                                                                                              \
    X(normalize, isa)

#define LAYER_DECLARE(name, isa) extern const struct layer_type layer_##name##_##isa;
#define LAYERS_DECLARE(isa)      LAYERS(LAYER_DECLARE, isa)
EACH_ISA(LAYERS_DECLARE)

/** In a layer's own file: its type, under the name that it has for these instructions. */
#define LAYER(name) FOR_ISA(layer_##name)

/** build() of a layer whose output has the shape of its input. */
enum err build_same_shape(struct layer *layer, struct diag *diag);

/** The window options of pooling and convolution: stride, pad, dilation by name. ERR_UNKNOWN without a sentence: it is another option. */
enum err window_option(struct layer_options *o, const char *name, const char *value, bool *took_value,
                       struct diag *diag);

/** Writes what differs from stride `stride`, pad 0, dilation 1 as model text; returns the characters written. */
int window_write(const struct layer_options *o, int stride_rows, int stride_cols, char *text, size_t size);

#endif
