/** The largest number of each window; the winner's place is kept for backward. A NaN wins: it has to be seen. */
#include <stdint.h>
#include <string.h>

#include "nn/layers/pool.h"

static enum err option(struct layer_options *o, int place, const char *name, const char *value,
                       bool *took_value, struct diag *diag)
{
    return pool_option(&layer_maxpool, o, place, name, value, took_value, diag);
}

static enum err build(struct layer *layer, struct diag *diag)
{
    enum err err = pool_build(layer, diag);
    layer->keep = shape_count(layer->out) * sizeof(int32_t);
    return err;
}

/* One window of one channel: all lanes at once; best[] holds places within the channel's plane. */
static void window_max(const struct layer_io *io, const float *plane, int r, int c, float *y, int32_t *best)
{
    const struct layer *l = io->layer;
    size_t lanes = (size_t)io->lanes;
    int w = l->in_shape[0].w, r0, r1, c0, c1;
    pool_span(l->options.rows, r, l->in_shape[0].h, &r0, &r1);
    pool_span(l->options.cols, c, w, &c0, &c1);
    for (size_t lane = 0; lane < lanes; lane++) {
        y[lane] = plane[(size_t)(r0 * w + c0) * lanes + lane];
        best[lane] = r0 * w + c0;
    }
    for (int i = r0; i < r1; i++)
        for (int j = c0; j < c1; j++)
            for (size_t lane = 0; lane < lanes; lane++) {
                float v = plane[(size_t)(i * w + j) * lanes + lane];
                bool wins = v > y[lane] || v != v;
                y[lane] = wins ? v : y[lane];
                best[lane] = wins ? i * w + j : best[lane];
            }
}

static void forward(const struct layer_io *io)
{
    struct shape in = io->layer->in_shape[0], out = io->layer->out;
    size_t lanes = (size_t)io->lanes, plane = (size_t)in.h * (size_t)in.w * lanes, at = 0;
    for (int c = 0; c < out.c; c++)
        for (int i = 0; i < out.h; i++)
            for (int j = 0; j < out.w; j++, at += lanes)
                window_max(io, io->x[0] + (size_t)c * plane, i, j, io->y + at, (int32_t *)io->keep + at);
}

static void backward(const struct layer_io *io)
{
    struct shape in = io->layer->in_shape[0], out = io->layer->out;
    size_t lanes = (size_t)io->lanes, plane = (size_t)in.h * (size_t)in.w * lanes;
    size_t places = (size_t)out.h * (size_t)out.w * lanes;
    memset(io->dx[0], 0, (size_t)in.c * plane * sizeof(float));
    for (int c = 0; c < out.c; c++) {
        float *dx = io->dx[0] + (size_t)c * plane;
        const float *dy = io->dy + (size_t)c * places;
        const int32_t *best = (const int32_t *)io->keep + (size_t)c * places;
        for (size_t i = 0; i < places; i += lanes)
            for (size_t lane = 0; lane < lanes; lane++)
                dx[(size_t)best[i + lane] * lanes + lane] += dy[i + lane];
    }
}

const struct layer_type layer_maxpool = {
    .name = "maxpool",
    .stem = "pool",
    .usage = "maxpool ROWSxCOLS [stride S] [pad P]",
    .help = "the largest number of each window",
    .positional = 1,
    .inputs = 1,
    .option = option,
    .defaults = &pool_defaults,
    .write = pool_write,
    .build = build,
    .forward = forward,
    .backward = backward,
};
