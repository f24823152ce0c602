/** The mean of each window; padding counts as zeros, and the divisor is always the whole window. */
#include <string.h>

#include "nn/layers/pool.h"

static enum err option(struct layer_options *o, int place, const char *name, const char *value,
                       bool *took_value, struct diag *diag)
{
    return pool_option(&LAYER(avgpool), o, place, name, value, took_value, diag);
}

/* Calls for every (output, input) pair of a channel: forward adds x into y, backward dy into dx. */
static void sum_windows(const struct layer_io *io, const float *from, float *to, bool forward)
{
    const struct layer *l = io->layer;
    struct shape in = l->in_shape[0], out = l->out;
    size_t lanes = (size_t)io->lanes;
    int r0, r1, c0, c1;
    float share = 1.0f / (float)(l->options.rows.size * l->options.cols.size);
    for (int r = 0; r < out.h; r++)
        for (int c = 0; c < out.w; c++) {
            pool_span(l->options.rows, r, in.h, &r0, &r1);
            pool_span(l->options.cols, c, in.w, &c0, &c1);
            for (int i = r0; i < r1; i++)
                for (int j = c0; j < c1; j++) {
                    size_t x = (size_t)(i * in.w + j) * lanes, y = (size_t)(r * out.w + c) * lanes;
                    size_t a = forward ? x : y, b = forward ? y : x;
                    for (size_t lane = 0; lane < lanes; lane++)
                        to[b + lane] += from[a + lane] * share;
                }
        }
}

static void run(const struct layer_io *io, const float *from, float *to, bool forward)
{
    struct shape in = io->layer->in_shape[0], out = io->layer->out;
    size_t lanes = (size_t)io->lanes, x = (size_t)in.h * (size_t)in.w * lanes,
           y = (size_t)out.h * (size_t)out.w * lanes;
    memset(to, 0, (size_t)in.c * (forward ? y : x) * sizeof(float));
    for (size_t c = 0; c < (size_t)in.c; c++)
        sum_windows(io, from + c * (forward ? x : y), to + c * (forward ? y : x), forward);
}

static void forward(const struct layer_io *io)
{
    run(io, io->x[0], io->y, true);
}

static void backward(const struct layer_io *io)
{
    run(io, io->dy, io->dx[0], false);
}

const struct layer_type LAYER(avgpool) = {
    .name = "avgpool",
    .stem = "pool",
    .usage = "avgpool ROWSxCOLS [stride S] [pad P]",
    .help = "the mean of each window",
    .positional = 1,
    .inputs = 1,
    .option = option,
    .defaults = &pool_defaults,
    .write = pool_write,
    .build = pool_build,
    .forward = forward,
    .backward = backward,
};
