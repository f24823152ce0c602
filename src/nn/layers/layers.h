/**
 * Every layer type, one file each: what layer.c puts into its table.
 */
#ifndef FOVEA_NN_LAYERS_H
#define FOVEA_NN_LAYERS_H

#include "nn/layer.h"

extern const struct layer_type layer_conv, layer_dense, layer_relu, layer_leakyrelu, layer_sigmoid,
    layer_tanh, layer_softmax, layer_maxpool, layer_avgpool, layer_globalavgpool, layer_batchnorm,
    layer_dropout, layer_flatten, layer_add, layer_normalize;

/** build() of a layer whose output has the shape of its input. */
enum err build_same_shape(struct layer *layer, struct diag *diag);

/** The window options of pooling and convolution: stride, pad, dilation by name. ERR_UNKNOWN without a sentence: it is another option. */
enum err window_option(struct layer_options *o, const char *name, const char *value, bool *took_value,
                       struct diag *diag);

/** Writes what differs from stride `stride`, pad 0, dilation 1 as model text; returns the characters written. */
int window_write(const struct layer_options *o, int stride_rows, int stride_cols, char *text, size_t size);

#endif
