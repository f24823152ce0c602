/** exp(x_c) / sum over channels of exp(x), at each place; the largest is taken off first, so nothing overflows. */
#include <math.h>

#include "nn/layers/layers.h"

static void forward(const struct layer_io *io)
{
    struct shape s = io->layer->out;
    size_t places = (size_t)s.h * (size_t)s.w * (size_t)io->lanes;
    const float *x = io->x[0];
    for (size_t p = 0; p < places; p++) {
        float most = x[p], sum = 0;
        for (int c = 1; c < s.c; c++)
            most = fmaxf(most, x[(size_t)c * places + p]);
        for (int c = 0; c < s.c; c++)
            sum += io->y[(size_t)c * places + p] = expf(x[(size_t)c * places + p] - most);
        for (int c = 0; c < s.c; c++)
            io->y[(size_t)c * places + p] /= sum;
    }
}

/* dx_c = y_c * (dy_c - sum_k dy_k y_k) */
static void backward(const struct layer_io *io)
{
    struct shape s = io->layer->out;
    size_t places = (size_t)s.h * (size_t)s.w * (size_t)io->lanes;
    for (size_t p = 0; p < places; p++) {
        float dot = 0;
        for (int c = 0; c < s.c; c++)
            dot += io->dy[(size_t)c * places + p] * io->y[(size_t)c * places + p];
        for (int c = 0; c < s.c; c++)
            io->dx[0][(size_t)c * places + p] =
                io->y[(size_t)c * places + p] * (io->dy[(size_t)c * places + p] - dot);
    }
}

const struct layer_type LAYER(softmax) = {
    .name = "softmax",
    .stem = "softmax",
    .usage = "softmax",
    .help = "probabilities over the channels",
    .inputs = 1,
    .build = build_same_shape,
    .forward = forward,
    .backward = backward,
};
