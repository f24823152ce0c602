/**
 * Sixteen images in sixteen lanes: the definition, with a vector where it has a number.
 *
 * Every weight meets every vector of a row of the output. So that each vector that is read serves several results, a tile of output channels times
 * output columns stays in registers while the products of all input channels and kernel places are added to it. The weights lie in the order in
 * which a tile wants them. Where there is padding the input is copied once with its zeros to the left and right; rows that stick
 * out are left out, and so are kernel places that fall on zeros for the whole tile.
 *
 * The gradient of the input is the same sum with dy as its input, the kernel turned round and the channels changing places; with a stride that isn't so, and each weight
 * sends dy back to where x came from instead. The gradient of a weight is the sum of dy * x over all places, kept as vectors in registers and only at the
 * end summed over the lanes.
 */
#include <string.h>

#include "nn/conv_kernels.h"
#include "nn/conv_pack.h"
#include "tensor/vec.h"

/* A tile: at most OUTS channels times COLS columns of sums. */
enum { OUTS = CONV_OUTS, COLS = VEC_REGISTERS == 32 ? 4 : 2 };
/* The same for weights: channels times kernel places. */
enum { WEIGHT_OUTS = VEC_REGISTERS == 32 ? 4 : 2, WEIGHT_TAPS = 6 };

/* One group's correlation: y = x * w, or dx = dy * turned w. */
struct sum {
    int cin, cout;
    struct shape in, out; /* rows and columns; in.w without the padding */
    struct window rows, cols;
    int line;    /* vectors in a row of the padded input */
    int weights; /* floats of packed weights for each output channel */
};

static bool fits(const struct layer *layer, int lanes)
{
    (void)layer;
    return lanes == LANES;
}

static struct sum sum_forward(const struct layer *l)
{
    const struct layer_options *o = &l->options;
    struct sum s = {.cin = l->in_shape[0].c / o->groups,
                    .cout = l->out.c / o->groups,
                    .in = l->in_shape[0],
                    .out = l->out,
                    .rows = o->rows,
                    .cols = o->cols};
    s.line = (s.in.w + 2 * s.cols.pad) * PARTS;
    s.weights = s.cin * s.rows.size * s.cols.size;
    return s;
}

static struct sum sum_backward(const struct layer *l)
{
    struct sum f = sum_forward(l), s = f;
    s.cin = f.cout, s.cout = f.cin;
    s.in = f.out, s.out = f.in;
    s.rows = conv_turned(f.rows), s.cols = conv_turned(f.cols);
    s.line = (s.in.w + 2 * s.cols.pad) * PARTS;
    s.weights = s.cin * s.rows.size * s.cols.size;
    return s;
}

static bool turns(const struct layer *l)
{
    return conv_turns(l->options.rows, l->options.cols);
}

/* ---- weights in the order of use, input with its zeros ---- */

static size_t prepared(const struct layer *l, int lanes, bool backward)
{
    (void)lanes;
    return l->param[0].count * (backward && turns(l) ? 2 : 1);
}

static void prepare(const struct layer *l, int lanes, const float *const *param, bool backward, float *to)
{
    (void)lanes;
    struct sum s = sum_forward(l);
    int taps = s.rows.size * s.cols.size;
    size_t group = (size_t)s.cout * (size_t)s.weights;
    for (int turn = 0; turn < (backward && turns(l) ? 2 : 1); turn++)
        for (int g = 0; g < l->options.groups; g++, to += group)
            conv_pack(turn ? s.cout : s.cin, turn ? s.cin : s.cout, taps, param[0] + (size_t)g * group, turn,
                      to);
}

static size_t padded_bytes(const struct sum *s)
{
    return s->cols.pad ? (size_t)s->cin * (size_t)s->in.h * (size_t)s->line * sizeof(vec) : 0;
}

static size_t scratch(const struct layer *l, int lanes)
{
    (void)lanes;
    struct sum f = sum_forward(l), b = sum_backward(l);
    size_t forward = padded_bytes(&f), backward = turns(l) ? padded_bytes(&b) : 0;
    return forward > backward ? forward : backward;
}

static const vec *pad_columns(const struct sum *s, const vec *x, void *to)
{
    if (!s->cols.pad)
        return x;
    size_t pad = (size_t)(s->cols.pad * PARTS), width = (size_t)(s->in.w * PARTS);
    vec *line = to;
    for (int i = 0; i < s->cin * s->in.h; i++, line += s->line, x += width) {
        memset(line, 0, pad * sizeof(vec));
        memcpy(line + pad, x, width * sizeof(vec));
        memset(line + pad + width, 0, pad * sizeof(vec));
    }
    return to;
}

/* ---- the sum itself ---- */

/* Kernel places [*from, *to) that reach inside of `in` samples for some of `run` outputs from `at` on. */
static void reach(struct window win, int at, int run, int in, int *from, int *to)
{
    int first = at * win.stride - win.pad, last = (at + run - 1) * win.stride - win.pad;
    *from = last >= 0 ? 0 : (-last + win.dilation - 1) / win.dilation;
    *from = *from < win.size ? *from : win.size;
    *to = first >= in ? 0 : (in - 1 - first) / win.dilation + 1;
    *to = *to < win.size ? *to : win.size;
}

struct span {
    int row_from, row_to, tap_from, tap_to;
};

/* A tile: x is where the kernel's first place lies for the first column, w the tile's weights. */
VEC_INLINE void tile(const struct sum *s, struct span span, const vec *x, const float *w, const float *bias,
                     vec *y, int outs, int cols, int stride)
{
    size_t x_plane = (size_t)s->in.h * (size_t)s->line, y_plane = (size_t)(s->out.h * s->out.w) * PARTS;
    vec sum[OUTS][COLS];
    VEC_UNROLL for (int o = 0; o < outs; o++) VEC_UNROLL for (int k = 0; k < cols; k++) sum[o][k] =
        vec_all(bias ? bias[o] : 0.0f);
    for (int c = 0; c < s->cin; c++)
        for (int a = span.row_from; a < span.row_to; a++) {
            const vec *from = x + (size_t)c * x_plane + (ptrdiff_t)(a * s->rows.dilation) * s->line +
                              span.tap_from * s->cols.dilation * PARTS;
            const float *tap = w + ((c * s->rows.size + a) * s->cols.size + span.tap_from) * outs;
            for (int b = span.tap_from; b < span.tap_to; b++, tap += outs, from += s->cols.dilation * PARTS)
                VEC_UNROLL for (int k = 0; k < cols; k++) VEC_UNROLL for (int o = 0; o < outs; o++)
                    sum[o][k] = vec_fma(vec_all(tap[o]), from[k * stride * PARTS], sum[o][k]);
        }
    VEC_UNROLL for (int o = 0; o < outs; o++) VEC_UNROLL for (int k = 0; k < cols; k++)
        y[(size_t)o * y_plane + (size_t)(k * PARTS)] = sum[o][k];
}

/* The sizes of a tile as constants, so that its sums are registers. */
VEC_INLINE void tile_cols(const struct sum *s, struct span span, const vec *x, const float *w,
                          const float *bias, vec *y, int outs, int cols)
{
    if (cols == COLS && s->cols.stride == 1)
        tile(s, span, x, w, bias, y, outs, COLS, 1);
    else if (cols == COLS)
        tile(s, span, x, w, bias, y, outs, COLS, s->cols.stride);
    else if (cols == 2)
        tile(s, span, x, w, bias, y, outs, 2, s->cols.stride);
    else
        tile(s, span, x, w, bias, y, outs, 1, s->cols.stride);
}

static void any_tile(const struct sum *s, struct span span, const vec *x, const float *w, const float *bias,
                     vec *y, int outs, int cols)
{
    switch (outs) {
    case 6:
        tile_cols(s, span, x, w, bias, y, 6, cols);
        break;
    case 5:
        tile_cols(s, span, x, w, bias, y, 5, cols);
        break;
    case 4:
        tile_cols(s, span, x, w, bias, y, 4, cols);
        break;
    case 3:
        tile_cols(s, span, x, w, bias, y, 3, cols);
        break;
    case 2:
        tile_cols(s, span, x, w, bias, y, 2, cols);
        break;
    default:
        tile_cols(s, span, x, w, bias, y, 1, cols);
    }
}

/* One row of all channels: the input rows that it needs stay in the first cache meanwhile. */
static void sum_row(const struct sum *s, int row, const vec *x, const float *w, const float *bias, vec *y)
{
    struct span span;
    int most = conv_outs(s->cout), top = row * s->rows.stride - s->rows.pad, cols;
    reach(s->rows, row, 1, s->in.h, &span.row_from, &span.row_to);
    for (int o = 0; o < s->cout; o += most)
        for (int col = 0; col < s->out.w; col += cols) {
            int left = s->out.w - col;
            cols = left >= COLS ? COLS : left >= 2 ? 2 : 1;
            reach(s->cols, col, cols, s->in.w, &span.tap_from, &span.tap_to);
            const vec *from = x + (ptrdiff_t)top * s->line + col * s->cols.stride * PARTS;
            vec *to = y + ((size_t)(o * s->out.h + row) * (size_t)s->out.w + (size_t)col) * PARTS;
            for (int part = 0; part < PARTS; part++)
                any_tile(s, span, from + part, w + (size_t)o * (size_t)s->weights, bias ? bias + o : NULL,
                         to + part, s->cout - o < most ? s->cout - o : most, cols);
        }
}

static void sum_groups(const struct layer_io *io, const struct sum *s, const float *x, const float *w,
                       const float *bias, float *y)
{
    size_t in = (size_t)(s->cin * s->in.h * s->in.w) * LANES,
           out = (size_t)(s->cout * s->out.h * s->out.w) * LANES;
    for (int g = 0; g < io->layer->options.groups; g++) {
        const vec *padded = pad_columns(s, (const vec *)(x + (size_t)g * in), io->scratch);
        for (int row = 0; row < s->out.h; row++)
            sum_row(s, row, padded, w + (size_t)(g * s->cout) * (size_t)s->weights,
                    bias ? bias + g * s->cout : NULL, (vec *)(y + (size_t)g * out));
    }
}

static void forward(const struct layer_io *io)
{
    struct sum s = sum_forward(io->layer);
    sum_groups(io, &s, io->x[0], io->prepared, io->param[1], io->y);
}

/* ---- backward ---- */

/* With a stride: every (weight, input row, output row) that belong together, for one input and one output channel. */
static void send_back(const struct layer_io *io)
{
    struct sum s = sum_forward(io->layer);
    size_t x_plane = (size_t)(s.in.h * s.in.w) * PARTS, y_plane = (size_t)(s.out.h * s.out.w) * PARTS;
    memset(io->dx[0], 0, (size_t)s.in.c * x_plane * sizeof(vec));
    for (int oc = 0; oc < s.out.c; oc++)
        for (int c = 0; c < s.cin; c++)
            for (int a = 0; a < s.rows.size; a++)
                for (int b = 0; b < s.cols.size; b++) {
                    vec w = vec_all(io->param[0][((oc * s.cin + c) * s.rows.size + a) * s.cols.size + b]);
                    vec *dx = (vec *)io->dx[0] + (size_t)(oc / s.cout * s.cin + c) * x_plane;
                    const vec *dy = (const vec *)io->dy + (size_t)oc * y_plane;
                    int r0, r1, c0, c1;
                    window_span(s.rows, a, s.in.h, s.out.h, &r0, &r1);
                    window_span(s.cols, b, s.in.w, s.out.w, &c0, &c1);
                    for (int row = r0; row < r1; row++)
                        for (int col = c0; col < c1; col++) {
                            int i = row * s.rows.stride + a * s.rows.dilation - s.rows.pad;
                            int j = col * s.cols.stride + b * s.cols.dilation - s.cols.pad;
                            vec *to = dx + (i * s.in.w + j) * PARTS;
                            const vec *from = dy + (row * s.out.w + col) * PARTS;
                            for (int part = 0; part < PARTS; part++)
                                to[part] = vec_fma(w, from[part], to[part]);
                        }
                }
}

static void backward_x(const struct layer_io *io)
{
    if (!turns(io->layer)) {
        send_back(io);
        return;
    }
    struct sum s = sum_backward(io->layer);
    sum_groups(io, &s, io->dy, io->prepared + io->layer->param[0].count, NULL, io->dx[0]);
}

/* Sums of `outs` channels and `taps` places in one row of the kernel; x at the first place, for output (0, 0). */
VEC_INLINE void weight_tile(const struct sum *s, int a, const vec *x, const vec *dy, float *dw, int outs,
                            int taps)
{
    int r0, r1, step = s->cols.stride * PARTS;
    size_t plane = (size_t)(s->out.h * s->out.w) * PARTS;
    vec sum[WEIGHT_OUTS][WEIGHT_TAPS];
    VEC_UNROLL for (int o = 0; o < outs; o++) VEC_UNROLL for (int t = 0; t < taps; t++) sum[o][t] =
        vec_all(0);
    window_span(s->rows, a, s->in.h, s->out.h, &r0, &r1);
    for (int part = 0; part < PARTS; part++)
        for (int row = r0; row < r1; row++) {
            const vec *line =
                x + part + (ptrdiff_t)(row * s->rows.stride + a * s->rows.dilation - s->rows.pad) * s->line;
            const vec *from = dy + part + (size_t)(row * s->out.w) * PARTS;
            for (int col = 0; col < s->out.w; col++, line += step, from += PARTS) {
                vec d[WEIGHT_OUTS];
                VEC_UNROLL for (int o = 0; o < outs; o++) d[o] = from[(size_t)o * plane];
                VEC_UNROLL for (int t = 0; t < taps; t++)
                {
                    vec v = line[t * s->cols.dilation * PARTS];
                    VEC_UNROLL for (int o = 0; o < outs; o++) sum[o][t] = vec_fma(d[o], v, sum[o][t]);
                }
            }
        }
    VEC_UNROLL for (int o = 0; o < outs; o++) VEC_UNROLL for (int t = 0; t < taps; t++)
        dw[o * s->weights + t] += vec_sum(sum[o][t]);
}

VEC_INLINE void weight_outs(const struct sum *s, int a, const vec *x, const vec *dy, float *dw, int outs,
                            int taps)
{
    switch (taps) {
    case 6:
        weight_tile(s, a, x, dy, dw, outs, 6);
        break;
    case 5:
        weight_tile(s, a, x, dy, dw, outs, 5);
        break;
    case 4:
        weight_tile(s, a, x, dy, dw, outs, 4);
        break;
    case 3:
        weight_tile(s, a, x, dy, dw, outs, 3);
        break;
    case 2:
        weight_tile(s, a, x, dy, dw, outs, 2);
        break;
    default:
        weight_tile(s, a, x, dy, dw, outs, 1);
    }
}

/* One group: x with padded columns, dy at the group's first channel. */
static void group_weights(const struct sum *s, const vec *x, const vec *dy, float *dw)
{
    size_t x_plane = (size_t)(s->in.h * s->line), y_plane = (size_t)(s->out.h * s->out.w) * PARTS;
    for (int o = 0; o < s->cout; o += WEIGHT_OUTS)
        for (int c = 0; c < s->cin; c++)
            for (int a = 0; a < s->rows.size; a++)
                for (int b = 0, taps; b < s->cols.size; b += taps) {
                    int left = s->cols.size - b, at = (c * s->rows.size + a) * s->cols.size + b;
                    taps = left <= WEIGHT_TAPS ? left : left < 2 * WEIGHT_TAPS ? (left + 1) / 2 : WEIGHT_TAPS;
                    for (int k = 0; k < WEIGHT_OUTS && o + k < s->cout;
                         k += s->cout - o < WEIGHT_OUTS ? 1 : WEIGHT_OUTS) {
                        float *to = dw + (size_t)(o + k) * (size_t)s->weights + at;
                        const vec *lines = x + (size_t)c * x_plane + b * s->cols.dilation * PARTS;
                        if (s->cout - o < WEIGHT_OUTS)
                            weight_outs(s, a, lines, dy + (size_t)(o + k) * y_plane, to, 1, taps);
                        else
                            weight_outs(s, a, lines, dy + (size_t)o * y_plane, to, WEIGHT_OUTS, taps);
                    }
                }
}

static void backward_w(const struct layer_io *io)
{
    struct sum s = sum_forward(io->layer);
    size_t in = (size_t)(s.cin * s.in.h * s.in.w) * PARTS, plane = (size_t)(s.out.h * s.out.w) * PARTS;
    const vec *dy = (const vec *)io->dy;
    for (int g = 0; g < io->layer->options.groups; g++)
        group_weights(&s, pad_columns(&s, (const vec *)io->x[0] + (size_t)g * in, io->scratch),
                      dy + (size_t)(g * s.cout) * plane,
                      io->dparam[0] + (size_t)(g * s.cout) * (size_t)s.weights);
}

const struct conv_kernel CONV(lanes) = {
    .name = "lanes",
    .idea = "sixteen images side by side, a vector for every number of the definition",
    .fits = fits,
    .scratch = scratch,
    .prepared = prepared,
    .prepare = prepare,
    .forward = forward,
    .backward_x = backward_x,
    .backward_w = backward_w,
};
