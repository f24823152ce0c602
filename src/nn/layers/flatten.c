/** The same numbers as one long vector: [c][h][w][lane] is [d][lane] already. */
#include <limits.h>
#include <string.h>

#include "nn/layers/layers.h"

static enum err build(struct layer *layer, struct diag *diag)
{
    size_t count = shape_count(layer->in_shape[0]);
    if (count > INT_MAX)
        return diag_fail(diag, ERR_SHAPE, NULL, 0, "%zu numbers are too many", count);
    layer->out = (struct shape){(int)count, 1, 1};
    return ERR_NONE;
}

static void forward(const struct layer_io *io)
{
    memcpy(io->y, io->x[0], layer_out_floats(io->layer, io->lanes) * sizeof(float));
}

static void backward(const struct layer_io *io)
{
    memcpy(io->dx[0], io->dy, layer_out_floats(io->layer, io->lanes) * sizeof(float));
}

const struct layer_type LAYER(flatten) = {
    .name = "flatten",
    .stem = "flatten",
    .usage = "flatten",
    .help = "all numbers as one vector",
    .inputs = 1,
    .build = build,
    .forward = forward,
    .backward = backward,
};
