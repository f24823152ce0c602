/** The mean of each channel. */
#include "nn/layers/layers.h"

static enum err build(struct layer *layer, struct diag *diag)
{
    (void)diag;
    layer->out = (struct shape){layer->in_shape[0].c, 1, 1};
    return ERR_NONE;
}

static void forward(const struct layer_io *io)
{
    struct shape in = io->layer->in_shape[0];
    size_t lanes = (size_t)io->lanes, places = (size_t)in.h * (size_t)in.w;
    for (size_t c = 0; c < (size_t)in.c; c++)
        for (size_t lane = 0; lane < lanes; lane++) {
            float sum = 0;
            for (size_t i = 0; i < places; i++)
                sum += io->x[0][(c * places + i) * lanes + lane];
            io->y[c * lanes + lane] = sum / (float)places;
        }
}

static void backward(const struct layer_io *io)
{
    struct shape in = io->layer->in_shape[0];
    size_t lanes = (size_t)io->lanes, places = (size_t)in.h * (size_t)in.w;
    for (size_t c = 0; c < (size_t)in.c; c++)
        for (size_t i = 0; i < places; i++)
            for (size_t lane = 0; lane < lanes; lane++)
                io->dx[0][(c * places + i) * lanes + lane] = io->dy[c * lanes + lane] / (float)places;
}

const struct layer_type LAYER(globalavgpool) = {
    .name = "globalavgpool",
    .stem = "pool",
    .usage = "globalavgpool",
    .help = "the mean of each channel",
    .inputs = 1,
    .build = build,
    .forward = forward,
    .backward = backward,
};
