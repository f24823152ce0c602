/** max(x, 0). Written so that a NaN comes out as a NaN: it has to be seen. */
#include "nn/layers/layers.h"

static void forward(const struct layer_io *io)
{
    size_t count = layer_out_floats(io->layer, io->lanes);
    const float *x = io->x[0];
    for (size_t i = 0; i < count; i++)
        io->y[i] = x[i] <= 0 ? 0 : x[i];
}

static void backward(const struct layer_io *io)
{
    size_t count = layer_out_floats(io->layer, io->lanes);
    const float *x = io->x[0];
    for (size_t i = 0; i < count; i++)
        io->dx[0][i] = x[i] <= 0 ? 0 : io->dy[i];
}

const struct layer_type LAYER(relu) = {
    .name = "relu",
    .stem = "relu",
    .usage = "relu",
    .help = "max(x, 0) of every number",
    .inputs = 1,
    .build = build_same_shape,
    .forward = forward,
    .backward = backward,
    .elementwise = true,
};
