/** The largest number of each window; backward finds the winner again by its value. A NaN wins: it has to be seen. */
#include <math.h>
#include <string.h>

#include "nn/layers/pool.h"
#include "tensor/vec.h"

static enum err option(struct layer_options *o, int place, const char *name, const char *value,
                       bool *took_value, struct diag *diag)
{
    return pool_option(&LAYER(maxpool), o, place, name, value, took_value, diag);
}

static inline float larger(float v, float y)
{
    return v > y || v != v ? v : y;
}

VEC_INLINE vec vec_larger(vec v, vec y)
{
    return vec_pick(v != v, v, vec_above(v, y));
}

/* A row of results: each place of the window is compared with the whole row. */
static void row_max(const struct layer_io *io, const float *plane, int row, float *y)
{
    const struct layer *l = io->layer;
    struct window win = l->options.cols;
    int lanes = io->lanes, w = l->in_shape[0].w, r0, r1, c0, c1;
    pool_span(l->options.rows, row, l->in_shape[0].h, &r0, &r1);
    for (int i = 0; i < l->out.w * lanes; i++)
        y[i] = -INFINITY;
    for (int r = r0; r < r1; r++)
        for (int b = 0; b < win.size; b++) {
            window_span(win, b, w, l->out.w, &c0, &c1);
            const float *x = plane + (r * w + b - win.pad) * lanes;
            if (lanes == LANES)
                for (int col = c0; col < c1; col++)
                    for (int lane = 0; lane < LANES; lane++)
                        y[col * LANES + lane] =
                            larger(x[col * win.stride * LANES + lane], y[col * LANES + lane]);
            else if (win.stride == 2)
                for (int col = c0; col < c1; col++)
                    y[col] = larger(x[col * 2], y[col]);
            else
                for (int col = c0; col < c1; col++)
                    y[col] = larger(x[col * win.stride], y[col]);
        }
}

/* The usual window: 2x2 side by side. */
static bool is_two(const struct layer_io *io)
{
    struct window r = io->layer->options.rows, c = io->layer->options.cols;
    return r.size == 2 && r.stride == 2 && !r.pad && c.size == 2 && c.stride == 2 && !c.pad;
}

/* On one image: the larger of two rows, then of neighbours. */
static void forward_two_rows(const struct layer_io *io)
{
    struct shape in = io->layer->in_shape[0], out = io->layer->out;
    for (int row = 0; row < out.c * out.h; row++) {
        const float *upper = io->x[0] + (size_t)(row / out.h * in.h + row % out.h * 2) * (size_t)in.w;
        const float *lower = upper + in.w;
        float *y = io->y + (size_t)row * (size_t)out.w;
        int j = 0;
        for (; j + VEC <= out.w; j += VEC) {
            vec first = vec_larger(vec_load(upper + 2 * j), vec_load(lower + 2 * j));
            vec second = vec_larger(vec_load(upper + 2 * j + VEC), vec_load(lower + 2 * j + VEC));
            vec_store(y + j, vec_larger(vec_even(first, second), vec_odd(first, second)));
        }
        if (j < out.w) {
            int left = 2 * (out.w - j), at = 2 * j;
            vec first = vec_larger(vec_load_lanes(upper + at, 0, left), vec_load_lanes(lower + at, 0, left));
            vec second = vec_larger(vec_load_lanes(upper + at + VEC, 0, left - VEC),
                                    vec_load_lanes(lower + at + VEC, 0, left - VEC));
            vec_store_lanes(y + j, out.w - j, vec_larger(vec_even(first, second), vec_odd(first, second)));
        }
    }
}

/* On sixteen images: one pass. */
static void forward_two(const struct layer_io *io)
{
    struct shape in = io->layer->in_shape[0], out = io->layer->out;
    const vec *x = (const vec *)io->x[0];
    vec *y = (vec *)io->y;
    int step = in.w * PARTS;
    for (int c = 0; c < out.c; c++)
        for (int i = 0; i < out.h; i++) {
            const vec *line = x + (size_t)(c * in.h + 2 * i) * (size_t)step;
            for (int j = 0; j < out.w; j++, line += 2 * PARTS)
                for (int part = 0; part < PARTS; part++)
                    *y++ = vec_larger(vec_larger(line[part], line[part + PARTS]),
                                      vec_larger(line[part + step], line[part + step + PARTS]));
        }
}

static void forward(const struct layer_io *io)
{
    struct shape in = io->layer->in_shape[0], out = io->layer->out;
    size_t lanes = (size_t)io->lanes, plane = (size_t)(in.h * in.w) * lanes, line = (size_t)out.w * lanes;
    if (is_two(io)) {
        if (lanes == LANES)
            forward_two(io);
        else
            forward_two_rows(io);
        return;
    }
    for (int c = 0; c < out.c; c++)
        for (int i = 0; i < out.h; i++)
            row_max(io, io->x[0] + (size_t)c * plane, i, io->y + (size_t)(c * out.h + i) * line);
}

/* Sends a window's gradient to the first place that holds the largest number; to the last one if none does (a NaN). */
static void send_back(const struct layer_io *io, const float *x, float y, float dy, int row, int col,
                      float *dx)
{
    const struct layer *l = io->layer;
    int w = l->in_shape[0].w, lanes = io->lanes, r0, r1, c0, c1;
    pool_span(l->options.rows, row, l->in_shape[0].h, &r0, &r1);
    pool_span(l->options.cols, col, w, &c0, &c1);
    for (int i = r0; i < r1; i++)
        for (int j = c0; j < c1; j++) {
            int at = (i * w + j) * lanes;
            if (x[at] == y || (i == r1 - 1 && j == c1 - 1)) {
                dx[at] += dy;
                return;
            }
        }
}

static void backward_two(const struct layer_io *io)
{
    struct shape in = io->layer->in_shape[0], out = io->layer->out;
    const vec *x = (const vec *)io->x[0], *y = (const vec *)io->y, *dy = (const vec *)io->dy;
    vec *dx = (vec *)io->dx[0], none = vec_all(0);
    int step = in.w * PARTS;
    if (in.h % 2 || in.w % 2) /* the last row or column belongs to no window */
        memset(dx, 0, layer_in_floats(io->layer, 0, LANES) * sizeof(float));
    for (int c = 0; c < out.c; c++)
        for (int i = 0; i < out.h; i++) {
            size_t line = (size_t)(c * in.h + 2 * i) * (size_t)step;
            for (int at = 0; at < 2 * out.w * PARTS; at += 2 * PARTS)
                for (int part = 0; part < PARTS; part++, y++, dy++) {
                    vec d = io->relu_back ? vec_pick(*y <= 0, none, *dy) : *dy;
                    const vec *from = x + line + at + part;
                    vec *to = dx + line + at + part;
                    vecmask a = from[0] == *y, b = ~a & (from[PARTS] == *y),
                            c2 = ~a & ~b & (from[step] == *y);
                    to[0] = vec_pick(a, d, none);
                    to[PARTS] = vec_pick(b, d, none);
                    to[step] = vec_pick(c2, d, none);
                    to[step + PARTS] = vec_pick(a | b | c2, none, d);
                }
        }
}

static void backward(const struct layer_io *io)
{
    struct shape in = io->layer->in_shape[0], out = io->layer->out;
    size_t lanes = (size_t)io->lanes, plane = (size_t)(in.h * in.w) * lanes, at = 0;
    if (is_two(io) && lanes == LANES) {
        backward_two(io);
        return;
    }
    memset(io->dx[0], 0, (size_t)in.c * plane * sizeof(float));
    for (int c = 0; c < out.c; c++)
        for (int i = 0; i < out.h; i++)
            for (int j = 0; j < out.w; j++)
                for (size_t lane = 0; lane < lanes; lane++, at++)
                    if (!io->relu_back || !(io->y[at] <= 0))
                        send_back(io, io->x[0] + (size_t)c * plane + lane, io->y[at], io->dy[at], i, j,
                                  io->dx[0] + (size_t)c * plane + lane);
}

const struct layer_type LAYER(maxpool) = {
    .name = "maxpool",
    .stem = "pool",
    .usage = "maxpool ROWSxCOLS [stride S] [pad P]",
    .help = "the largest number of each window",
    .positional = 1,
    .inputs = 1,
    .option = option,
    .defaults = &pool_defaults,
    .write = pool_write,
    .build = pool_build,
    .forward = forward,
    .backward = backward,
    .takes_relu_back = true, /* the winner was zero where the result is */
};
