/** 1 / (1 + exp(-x)). */
#include <math.h>

#include "nn/layers/layers.h"

static void forward(const struct layer_io *io)
{
    size_t count = layer_out_floats(io->layer, io->lanes);
    const float *x = io->x[0];
    for (size_t i = 0; i < count; i++)
        io->y[i] = 1.0f / (1.0f + expf(-x[i]));
}

static void backward(const struct layer_io *io)
{
    size_t count = layer_out_floats(io->layer, io->lanes);
    for (size_t i = 0; i < count; i++)
        io->dx[0][i] = io->dy[i] * io->y[i] * (1.0f - io->y[i]);
}

const struct layer_type LAYER(sigmoid) = {
    .name = "sigmoid",
    .stem = "sigmoid",
    .usage = "sigmoid",
    .help = "1 / (1 + exp(-x)) of every number",
    .inputs = 1,
    .build = build_same_shape,
    .forward = forward,
    .backward = backward,
    .elementwise = true,
};
