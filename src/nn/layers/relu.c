/** max(x, 0). Written so that a NaN comes out as a NaN: it has to be seen. */
#include "nn/layers/layers.h"

static void forward(const struct layer_io *io)
{
    size_t count = layer_out_floats(io->layer, io->lanes);
    const float *restrict x = io->x[0];
    float *restrict y = io->y;
    for (size_t i = 0; i < count; i++)
        y[i] = x[i] <= 0 ? 0 : x[i];
}

static void backward(const struct layer_io *io)
{
    size_t count = layer_out_floats(io->layer, io->lanes);
    const float *restrict y = io->y, *restrict dy = io->dy;
    float *restrict dx = io->dx[0];
    for (size_t i = 0; i < count; i++) {
        float d = dy[i]; /* read in any case, so that the compiler may do many at once */
        dx[i] = y[i] <= 0 ? 0 : d;
    }
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
    .relu = true,
    .elementwise = true,
};
