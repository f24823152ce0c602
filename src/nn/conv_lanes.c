/**
 * Sixteen images in sixteen lanes: the definition, with a vector where it has a number.
 *
 * Every weight meets every vector of a row of the output. To read each input vector once for several results, a run of OUTS output channels times COLS output columns
 * is kept in registers while the products of all input channels and kernel places are added to it. Where a row's windows stick out over the
 * left or right edge, or a run is shorter, the same loop runs with the bounds tested.
 *
 * The gradient of the input is the same sum turned round: each weight sends dy back to where x came from. The gradient of a weight is the sum of
 * dy * x over all places, kept as a vector, and only at the end over the lanes.
 */
#include <string.h>

#include "nn/conv_kernels.h"
#include "tensor/vec.h"

enum { OUTS = 4, COLS = 6 };

struct geometry {
    struct shape in, out;
    struct window rows, cols;
    int cin, cout;                    /* of a group */
    size_t in_plane, out_plane, taps; /* vectors; kernel places */
};

static struct geometry geometry_of(const struct layer *l)
{
    const struct layer_options *o = &l->options;
    struct geometry g = {.in = l->in_shape[0], .out = l->out, .rows = o->rows, .cols = o->cols};
    g.cin = g.in.c / o->groups;
    g.cout = g.out.c / o->groups;
    g.in_plane = (size_t)g.in.h * (size_t)g.in.w;
    g.out_plane = (size_t)g.out.h * (size_t)g.out.w;
    g.taps = (size_t)o->rows.size * (size_t)o->cols.size;
    return g;
}

static bool fits(const struct layer *layer, int lanes)
{
    (void)layer;
    return lanes == LANES;
}

static float lane_sum(vec v)
{
    float sum = 0;
    for (int lane = 0; lane < LANES; lane++)
        sum += v[lane];
    return sum;
}

/* ---- forward ---- */

/* OUTS x COLS results whose windows lie inside their rows: no test in the inner loops. x is at channel 0 of the group. */
static void inner_run(const struct geometry *g, const vec *x, const float *w, int row, int col,
                      vec sum[OUTS][COLS])
{
    size_t w_out = (size_t)g->cin * g->taps;
    for (int c = 0; c < g->cin; c++)
        for (int a = 0; a < g->rows.size; a++) {
            int from = row * g->rows.stride + a * g->rows.dilation - g->rows.pad;
            if (from < 0 || from >= g->in.h)
                continue;
            const vec *line = x + (size_t)c * g->in_plane + (size_t)from * (size_t)g->in.w +
                              (col * g->cols.stride - g->cols.pad);
            const float *tap = w + (size_t)c * g->taps + (size_t)a * (size_t)g->cols.size;
            for (int b = 0; b < g->cols.size; b++)
                for (int k = 0; k < COLS; k++) {
                    vec v = line[k * g->cols.stride + b * g->cols.dilation];
                    for (int o = 0; o < OUTS; o++)
                        sum[o][k] += tap[(size_t)o * w_out + (size_t)b] * v;
                }
        }
}

/* One result, with every bound tested: edges and what is left over. */
static vec edge_result(const struct geometry *g, const vec *x, const float *w, int row, int col, float bias)
{
    vec sum = {0};
    sum += bias;
    for (int c = 0; c < g->cin; c++)
        for (int a = 0; a < g->rows.size; a++) {
            int i = row * g->rows.stride + a * g->rows.dilation - g->rows.pad;
            for (int b = 0; b < g->cols.size && i >= 0 && i < g->in.h; b++) {
                int j = col * g->cols.stride + b * g->cols.dilation - g->cols.pad;
                if (j >= 0 && j < g->in.w)
                    sum += w[(size_t)c * g->taps + (size_t)(a * g->cols.size + b)] *
                           x[(size_t)c * g->in_plane + (size_t)i * (size_t)g->in.w + (size_t)j];
            }
        }
    return sum;
}

/* Columns [*from, *to) of the output whose windows stick out on neither side. */
static void inside(const struct geometry *g, int *from, int *to)
{
    int unused, last = (g->cols.size - 1);
    conv_span(g->cols, 0, g->in.w, g->out.w, from, &unused);
    conv_span(g->cols, last, g->in.w, g->out.w, &unused, to);
    if (*to < *from)
        *to = *from;
}

static void forward_row(const struct geometry *g, const vec *x, const float *w, const float *bias, int outs,
                        int row, vec *y)
{
    int from, to, col = 0;
    inside(g, &from, &to);
    while (col < g->out.w) {
        if (outs == OUTS && col >= from && col + COLS <= to) {
            vec sum[OUTS][COLS];
            for (int o = 0; o < OUTS; o++)
                for (int k = 0; k < COLS; k++)
                    sum[o][k] = (vec){0} + (bias ? bias[o] : 0.0f);
            inner_run(g, x, w, row, col, sum);
            for (int o = 0; o < OUTS; o++)
                for (int k = 0; k < COLS; k++)
                    y[(size_t)o * g->out_plane + (size_t)(row * g->out.w + col + k)] = sum[o][k];
            col += COLS;
            continue;
        }
        for (int o = 0; o < outs; o++)
            y[(size_t)o * g->out_plane + (size_t)(row * g->out.w + col)] =
                edge_result(g, x, w + (size_t)o * (size_t)g->cin * g->taps, row, col, bias ? bias[o] : 0.0f);
        col++;
    }
}

static void forward(const struct layer_io *io)
{
    struct geometry g = geometry_of(io->layer);
    for (int group = 0; group < io->layer->options.groups; group++) {
        const vec *x = (const vec *)io->x[0] + (size_t)(group * g.cin) * g.in_plane;
        for (int o = 0; o < g.cout; o += OUTS) {
            int out = group * g.cout + o, outs = g.cout - o < OUTS ? g.cout - o : OUTS;
            const float *w = io->param[0] + (size_t)out * (size_t)g.cin * g.taps;
            for (int row = 0; row < g.out.h; row++)
                forward_row(&g, x, w, io->param[1] ? io->param[1] + out : NULL, outs, row,
                            (vec *)io->y + (size_t)out * g.out_plane);
        }
    }
}

/* ---- backward ---- */

/* Every (weight, input row, output row) that belong together, for one input and one output channel. */
static void backward_x(const struct layer_io *io)
{
    struct geometry g = geometry_of(io->layer);
    memset(io->dx[0], 0, (size_t)g.in.c * g.in_plane * sizeof(vec));
    for (int oc = 0; oc < g.out.c; oc++)
        for (int c = 0; c < g.cin; c++) {
            const float *w = io->param[0] + ((size_t)oc * (size_t)g.cin + (size_t)c) * g.taps;
            vec *dx = (vec *)io->dx[0] + (size_t)(oc / g.cout * g.cin + c) * g.in_plane;
            const vec *dy = (const vec *)io->dy + (size_t)oc * g.out_plane;
            for (int a = 0; a < g.rows.size; a++) {
                int r0, r1, c0, c1;
                conv_span(g.rows, a, g.in.h, g.out.h, &r0, &r1);
                for (int row = r0; row < r1; row++) {
                    vec *line = dx + (size_t)(row * g.rows.stride + a * g.rows.dilation - g.rows.pad) *
                                         (size_t)g.in.w;
                    const vec *from = dy + (size_t)row * (size_t)g.out.w;
                    for (int b = 0; b < g.cols.size; b++) {
                        float weight = w[a * g.cols.size + b];
                        conv_span(g.cols, b, g.in.w, g.out.w, &c0, &c1);
                        for (int col = c0; col < c1; col++)
                            line[col * g.cols.stride + b * g.cols.dilation - g.cols.pad] +=
                                weight * from[col];
                    }
                }
            }
        }
}

/* One row of kernel places (at most TAPS of them at a time) of one pair of channels: their sums stay in registers. */
enum { TAPS = 8 };

static void weight_row(const struct geometry *g, const vec *x, const vec *dy, int a, int b0, int taps,
                       float *dw)
{
    int r0, r1, c0, c1, unused;
    vec sum[TAPS] = {{0}};
    conv_span(g->rows, a, g->in.h, g->out.h, &r0, &r1);
    /* columns where all of the places lie inside; the others are tested one by one */
    conv_span(g->cols, b0, g->in.w, g->out.w, &c0, &unused);
    conv_span(g->cols, b0 + taps - 1, g->in.w, g->out.w, &unused, &c1);
    for (int row = r0; row < r1; row++) {
        const vec *line =
            x + (size_t)(row * g->rows.stride + a * g->rows.dilation - g->rows.pad) * (size_t)g->in.w;
        const vec *from = dy + (size_t)row * (size_t)g->out.w;
        for (int col = 0; col < g->out.w; col++) {
            int start = col * g->cols.stride + b0 * g->cols.dilation - g->cols.pad;
            if (col >= c0 && col < c1) {
                for (int t = 0; t < taps; t++)
                    sum[t] += from[col] * line[start + t * g->cols.dilation];
                continue;
            }
            for (int t = 0; t < taps; t++) {
                int at = start + t * g->cols.dilation;
                if (at >= 0 && at < g->in.w)
                    sum[t] += from[col] * line[at];
            }
        }
    }
    for (int t = 0; t < taps; t++)
        dw[t] += lane_sum(sum[t]);
}

static void backward_w(const struct layer_io *io)
{
    struct geometry g = geometry_of(io->layer);
    for (int oc = 0; oc < g.out.c; oc++) {
        const vec *dy = (const vec *)io->dy + (size_t)oc * g.out_plane;
        if (io->dparam[1]) {
            vec sum = {0};
            for (size_t i = 0; i < g.out_plane; i++)
                sum += dy[i];
            io->dparam[1][oc] += lane_sum(sum);
        }
        for (int c = 0; c < g.cin; c++) {
            const vec *x = (const vec *)io->x[0] + (size_t)(oc / g.cout * g.cin + c) * g.in_plane;
            float *dw = io->dparam[0] + ((size_t)oc * (size_t)g.cin + (size_t)c) * g.taps;
            for (int a = 0; a < g.rows.size; a++)
                for (int b = 0; b < g.cols.size; b += TAPS)
                    weight_row(&g, x, dy, a, b, g.cols.size - b < TAPS ? g.cols.size - b : TAPS,
                               dw + a * g.cols.size + b);
        }
    }
}

const struct conv_kernel conv_lanes = {
    .name = "lanes",
    .idea = "sixteen images side by side, a vector for every number of the definition",
    .fits = fits,
    .forward = forward,
    .backward_x = backward_x,
    .backward_w = backward_w,
};
