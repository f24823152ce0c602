/**
 * Winograd's minimal filtering along the rows only (the idea: winograd.h), on sixteen images side by side: for few channels.
 *
 * Four neighbouring results of a row are computed at k + 3 points; the kernel's rows and the input channels are added up there as in the definition. That
 * takes 6 products instead of 12 for 3 columns, 8 instead of 20 for 5. Filtering along both axes takes fewer still, but needs steps before and after
 * it that only many channels pay for; here a row of inputs goes to the points once, for all rows of the kernel and all output channels.
 *
 * An output row at a time: the input rows that it needs are at the points, in a ring of as many rows as the kernel has, and only the newest is computed. At
 * each point a tile of output channels times vectors of sums stays in registers. A run of the row's tiles and some output channels are at work at once, so few that
 * the first cache holds their sums until they come back from the points.
 *
 * Only for a pass that never goes backward. One that does leaves the layer to the kernel that would have it otherwise, forward as well: training keeps the bits
 * that belong to a seed. And the gradient of an image is meant to be exactly zero where nothing comes back; the signs of rounding errors would
 * make a perturbation of it.
 */
#include <string.h>

#include "nn/conv_kernels.h"
#include "nn/finish.h"
#include "nn/winograd.h"

/* Results of a tile. Tiles at once, at most; a product's tile in registers: output channels times vectors. */
enum { RESULTS = 4, TILES = 6, OUTS = 4, COLS = VEC_REGISTERS == 32 ? 6 : 2 };
/* The sums at the points of what is at work at once may take so many bytes, if more than OUTS channels do. */
enum { CACHE = 16 << 10 };

/* One group's convolution. */
struct sum {
    int k, points; /* columns of the kernel; along a row */
    int height, pad_rows, pad_cols;
    int cin, cout;
    struct shape in, out;
    int tiles, run, outs; /* tiles in a row; tiles and output channels at work at once, at most */
};

static struct sum sum_of(const struct layer *l)
{
    const struct layer_options *o = &l->options;
    struct sum s = {.k = o->cols.size,
                    .points = RESULTS + o->cols.size - 1,
                    .height = o->rows.size,
                    .pad_rows = o->rows.pad,
                    .pad_cols = o->cols.pad,
                    .cin = l->in_shape[0].c / o->groups,
                    .cout = l->out.c / o->groups,
                    .in = l->in_shape[0],
                    .out = l->out};
    s.tiles = (s.out.w + RESULTS - 1) / RESULTS;
    int runs = (s.tiles + TILES - 1) / TILES;
    s.run = (s.tiles + runs - 1) / runs;
    int fit = (int)(CACHE / ((size_t)(s.points * s.run * LANES) * sizeof(float))) / OUTS * OUTS;
    s.outs = fit < OUTS ? OUTS : fit;
    return s;
}

/* The kernel that would have the layer otherwise, and has it in a pass that goes backward. */
static const struct conv_kernel *other(const struct layer *l)
{
    return CONV(winograd).fits(l, LANES) ? &CONV(winograd) : &CONV(lanes);
}

/* Vector operations of this kernel. */
static double cost(const struct sum *s)
{
    enum { IN = 30, OUT = 25 }; /* for a tile of one channel, to the points and back */
    int rows = s->in.h < s->out.h ? s->in.h : s->out.h;
    double products = (double)s->cin * s->cout * s->height * s->points * rows;
    return s->tiles * (products + (double)s->cin * s->in.h * IN + (double)s->cout * s->out.h * OUT);
}

/*
 * Of the other one: filtering along both axes takes tiles by fours, WAY operations for one of one channel to the points or back; or the definition without the
 * products that meet padding only.
 */
static double cost_other(const struct layer *l, const struct sum *s)
{
    enum { WAY = 240, FOURS = 4 };
    int rows = s->in.h < s->out.h ? s->in.h : s->out.h, cols = s->in.w < s->out.w ? s->in.w : s->out.w;
    int m = winograd_results(s->k), tiles = ((s->out.h + m - 1) / m) * ((s->out.w + m - 1) / m);
    double pairs = (double)s->cin * s->cout;
    if (other(l) == &CONV(winograd))
        return (tiles + FOURS - 1) / FOURS * FOURS *
               (pairs * WINOGRAD_POINTS + ((double)s->cin + s->cout) * WAY);
    return pairs * s->height * s->k * rows * cols;
}

static bool fits(const struct layer *l, int lanes)
{
    struct window r = l->options.rows, c = l->options.cols;
    struct sum s = sum_of(l);
    return lanes == LANES && (c.size == 3 || c.size == 5) && c.stride == 1 && c.dilation == 1 &&
           c.pad < c.size && r.stride == 1 && r.dilation == 1 && r.pad < r.size &&
           cost(&s) < cost_other(l, &s);
}

/* ---- memory ---- */

/* Vectors of one input row at the points, [cin][point][tile]; of the sums, [point][outs][tile]. */
static size_t row_vecs(const struct sum *s)
{
    return (size_t)(s->cin * s->points * s->run) * PARTS;
}

static size_t sum_vecs(const struct sum *s)
{
    return (size_t)(s->points * s->outs * s->run) * PARTS;
}

static size_t scratch(const struct layer *l, int lanes)
{
    struct sum s = sum_of(l);
    size_t bytes = ((size_t)s.height * row_vecs(&s) + sum_vecs(&s)) * sizeof(vec),
           rest = other(l)->scratch(l, lanes);
    return bytes > rest ? bytes : rest;
}

static size_t prepared(const struct layer *l, int lanes, bool backward)
{
    struct sum s = sum_of(l);
    if (backward)
        return other(l)->prepared(l, lanes, true);
    return l->param[0].count / (size_t)s.k * (size_t)s.points;
}

/* One group's weights at the points, in the order of use: [cout / OUTS][point][kernel row][cin][OUTS]. VEC of a run of outputs at a time. */
VEC_INLINE void prepare_group(const struct sum *s, int k, const float *w, float *to)
{
    for (int first = 0; first < s->cout; first += OUTS) {
        int outs = s->cout - first < OUTS ? s->cout - first : OUTS, count = s->height * s->cin * outs;
        int o = 0, c = 0, a = 0; /* what the next lane gets */
        for (int n = 0; n < count; n += VEC) {
            float taps[WINOGRAD_LONG][VEC] = {{0}};
            vec g[WINOGRAD_LONG], points[WINOGRAD_LONG];
            int lanes = count - n < VEC ? count - n : VEC;
            for (int lane = 0; lane < lanes; lane++) {
                const float *from = w + (((first + o) * s->cin + c) * s->height + a) * k;
                for (int t = 0; t < k; t++)
                    taps[t][lane] = from[t];
                o = o + 1 < outs ? o + 1 : 0;
                c = o > 0 ? c : c + 1 < s->cin ? c + 1 : 0;
                a += o == 0 && c == 0;
            }
            VEC_FOR (t, k)
                g[t] = vec_load(taps[t]);
            if (k == 3)
                winograd_weights(3, g, points);
            else
                winograd_long_weights(k, g, points);
            VEC_FOR (q, RESULTS + k - 1)
                vec_store_lanes(to + q * count + n, lanes, points[q]);
        }
        to += s->points * count;
    }
}

static void prepare(const struct layer *l, int lanes, const float *const *param, bool backward, float *to)
{
    struct sum s = sum_of(l);
    size_t rows = (size_t)(s.cout * s.cin * s.height);
    if (backward) {
        other(l)->prepare(l, lanes, param, true, to);
        return;
    }
    for (size_t g = 0; g < (size_t)l->options.groups; g++, to += rows * (size_t)s.points)
        if (s.k == 3)
            prepare_group(&s, 3, param[0] + g * rows * 3, to);
        else
            prepare_group(&s, 5, param[0] + g * rows * 5, to);
}

/* ---- to the points, the sums there, and back ---- */

/* What is at work: tiles [first, first + n) of an output row; rows [from, to) of the kernel lie inside, the first of them at `slot` of the ring. */
struct work {
    int first, n;
    int from, to, slot;
};

/* A row of the input to the points, [cin][point][tile]. */
VEC_INLINE void inputs_to_points(const struct sum *s, int k, struct work now, const vec *x, int row, vec *to)
{
    int step = now.n * PARTS, size = RESULTS + k - 1;
    for (int c = 0; c < s->cin; c++, to += size * step)
        for (int t = 0; t < now.n; t++)
            for (int part = 0; part < PARTS; part++) {
                int col = (now.first + t) * RESULTS - s->pad_cols;
                const vec *from = x + ((ptrdiff_t)(c * s->in.h + row) * s->in.w + col) * PARTS + part;
                vec d[WINOGRAD_LONG], points[WINOGRAD_LONG];
                if (col >= 0 && col + size <= s->in.w)
                    VEC_FOR (i, size)
                        d[i] = from[i * PARTS];
                else
                    for (int i = 0; i < size; i++)
                        d[i] = col + i >= 0 && col + i < s->in.w ? from[i * PARTS] : vec_all(0);
                if (k == 3)
                    winograd_in(d, points);
                else
                    winograd_long_in(d, points);
                VEC_FOR (q, size)
                    to[q * step + t * PARTS + part] = points[q];
            }
}

/* At one point: sums of outs x cols vectors (COLS at most) in registers over the rows of the kernel and the input channels. */
VEC_INLINE void product_tile(const struct sum *s, struct work now, int outs, int cols, const float *w,
                             const vec *ring, const float *bias, vec *y)
{
    size_t row = row_vecs(s), step = (size_t)(now.n * PARTS), apart = (size_t)s->points * step;
    vec sum[OUTS][COLS];
    cols = cols < COLS ? cols : COLS;
    VEC_FOR (o, outs)
        VEC_FOR (i, cols)
            sum[o][i] = vec_all(bias ? bias[o] : 0.0f);
    w += now.from * s->cin * outs;
    for (int a = now.from, slot = now.slot; a < now.to; a++, slot = slot + 1 < s->height ? slot + 1 : 0) {
        const vec *v = ring + (size_t)slot * row;
        for (int c = 0; c < s->cin; c++, w += outs, v += apart)
            VEC_FOR (i, cols)
                VEC_FOR (o, outs)
                    sum[o][i] = vec_fma(vec_all(w[o]), v[i], sum[o][i]);
    }
    VEC_FOR (o, outs)
        VEC_FOR (i, cols)
            y[(size_t)o * step + (size_t)i] = sum[o][i];
}

/* The tiles at work are one tile of vectors with the widest registers, some with others. */
VEC_INLINE void product_cols(const struct sum *s, struct work now, int outs, const float *w, const vec *ring,
                             const float *bias, vec *y)
{
    for (int i = 0; i < now.n * PARTS; i += COLS)
        switch (now.n * PARTS - i) {
        case 1:
            product_tile(s, now, outs, 1, w, ring + i, bias, y + i);
            break;
        case 2:
            product_tile(s, now, outs, 2, w, ring + i, bias, y + i);
            break;
        case 3:
            product_tile(s, now, outs, 3, w, ring + i, bias, y + i);
            break;
        case 4:
            product_tile(s, now, outs, 4, w, ring + i, bias, y + i);
            break;
        case 5:
            product_tile(s, now, outs, 5, w, ring + i, bias, y + i);
            break;
        default:
            product_tile(s, now, outs, COLS, w, ring + i, bias, y + i);
        }
}

/* All points of output channels [o, o + outs). What is added at the point 1 is added to every result: there the bias comes in. */
static void products(const struct sum *s, struct work now, int o, int outs, const float *w, const vec *ring,
                     const float *bias, vec *y)
{
    int step = now.n * PARTS, taps = s->height * s->cin;
    for (int q = 0; q < s->points; q++, ring += step)
        for (int i = 0; i < outs; i += OUTS, y += OUTS * step) {
            int few = outs - i < OUTS ? outs - i : OUTS;
            const float *from = w + (size_t)(o + i) * (size_t)(s->points * taps) + (size_t)(q * taps * few);
            const float *first = bias && q == 1 ? bias + o + i : NULL;
            if (few == 4)
                product_cols(s, now, 4, from, ring, first, y);
            else if (few == 3)
                product_cols(s, now, 3, from, ring, first, y);
            else if (few == 2)
                product_cols(s, now, 2, from, ring, first, y);
            else
                product_cols(s, now, 1, from, ring, first, y);
        }
}

/* Output channels [o, o + outs) of a row; `finish` says what is done to the results, whose first channel is `channel`. */
VEC_INLINE void results_from_points(const struct sum *s, int k, struct work now, const vec *from,
                                    const struct finish *finish, int channel, int outs, vec *y)
{
    int step = now.n * PARTS, apart = (outs + OUTS - 1) / OUTS * OUTS * step;
    for (int o = 0; o < outs; o++, from += step, y += (size_t)(s->out.h * s->out.w) * PARTS)
        for (int t = 0; t < now.n; t++)
            for (int part = 0; part < PARTS; part++) {
                vec points[WINOGRAD_LONG], result[RESULTS];
                int col = (now.first + t) * RESULTS;
                VEC_FOR (q, RESULTS + k - 1)
                    points[q] = from[q * apart + t * PARTS + part];
                if (k == 3)
                    winograd_out(RESULTS, points, result);
                else
                    winograd_long_out(RESULTS, points, result);
                VEC_FOR (i, RESULTS)
                    if (col + i < s->out.w)
                        y[(col + i) * PARTS + part] = finish_vec(finish, channel + o, result[i]);
            }
}

/* One group; the results' first channel is `channel`. */
VEC_INLINE void sum_group(const struct sum *s, int k, const vec *x, const float *w, const float *bias,
                          const struct finish *finish, int channel, vec *ring, vec *y)
{
    vec *sums = ring + (size_t)s->height * row_vecs(s);
    for (int first = 0; first < s->tiles; first += s->run)
        for (int row = 0, next = 0; row < s->out.h; row++) {
            int top = row - s->pad_rows;
            struct work now = {.first = first, .n = s->tiles - first < s->run ? s->tiles - first : s->run};
            now.from = top < 0 ? -top : 0;
            now.to = s->in.h - top < s->height ? s->in.h - top : s->height;
            now.slot = (top + now.from) % s->height;
            for (; next < top + now.to; next++)
                inputs_to_points(s, k, now, x, next, ring + (size_t)(next % s->height) * row_vecs(s));
            for (int o = 0; o < s->cout; o += s->outs) {
                int outs = s->cout - o < s->outs ? s->cout - o : s->outs;
                products(s, now, o, outs, w, ring, bias, sums);
                results_from_points(s, k, now, sums, finish, channel + o, outs,
                                    y + (size_t)(o * s->out.h + row) * (size_t)s->out.w * PARTS);
            }
        }
}

static void forward(const struct layer_io *io)
{
    struct sum s = sum_of(io->layer);
    size_t in = (size_t)(s.cin * s.in.h * s.in.w) * PARTS, out = (size_t)(s.cout * s.out.h * s.out.w) * PARTS;
    const float *w = io->prepared;
    if (io->goes_back) {
        other(io->layer)->forward(io);
        return;
    }
    for (int g = 0; g < io->layer->options.groups; g++, w += s.cout * s.cin * s.height * s.points) {
        const vec *x = (const vec *)io->x[0] + (size_t)g * in;
        vec *y = (vec *)io->y + (size_t)g * out;
        const float *bias = io->param[1] ? io->param[1] + g * s.cout : NULL;
        if (s.k == 3)
            sum_group(&s, 3, x, w, bias, &io->finish, g * s.cout, io->scratch, y);
        else
            sum_group(&s, 5, x, w, bias, &io->finish, g * s.cout, io->scratch, y);
    }
}

static void backward_x(const struct layer_io *io)
{
    other(io->layer)->backward_x(io);
}

static void backward_w(const struct layer_io *io)
{
    other(io->layer)->backward_w(io);
}

const struct conv_kernel CONV(winograd_axis) = {
    .name = "winograd-axis",
    .idea = "sixteen images side by side, 6 products for four results of a row instead of 12 (3 columns) or "
            "8 instead of 20 (5)",
    .fits = fits,
    .scratch = scratch,
    .prepared = prepared,
    .prepare = prepare,
    .finishes = true,
    .forward = forward,
    .backward_x = backward_x,
    .backward_w = backward_w,
};
