/**
 * Winograd's minimal filtering on sixteen images side by side: 3x3 and 5x5 kernels without stride (the idea: winograd.h).
 *
 * Some tiles at a time: their inputs go to the 36 points, at each point the channels meet in a small matrix product, [outputs][inputs] times [inputs][tiles], and the
 * results come back from the points. The gradient of the input is the same with dy as input, the kernel turned and the channels exchanged; or, where that takes more tiles
 * because the image shrinks on the way forward, the transposed steps with the tiles of the way forward. For the gradient of the weights inputs and dy both go to the
 * points, and the product sums over tiles and images.
 *
 * It pays when many channels share the way to the points and back; cheaper() counts. Where the gradient of the input is cheaper by the definition the kernel of
 * conv_lanes.c computes it.
 */
#include <string.h>

#include "nn/conv_kernels.h"
#include "nn/finish.h"
#include "nn/winograd.h"
#include "tensor/gemm.h"

/* A product's tile: output channels times vectors. TILES of the image are at work at once, at least. */
enum { OUTS = 4, COLS = VEC_REGISTERS == 32 ? 4 : 2, TILES = 4 };
/* Points of all channels that are at work at once may take so many bytes, if more than TILES tiles do. */
enum { CACHE = 512 << 10, CACHE_WEIGHTS = 2 << 20 };

struct plan {
    int k, results; /* taps and results along an axis */
    int cin, cout;
    struct shape in, out;
    int pad_rows, pad_cols;
    int across, tiles; /* in a row of tiles; in all */
    bool transposed;   /* dx by the transposed steps */
};

static struct plan plan_forward(const struct layer *l)
{
    const struct layer_options *o = &l->options;
    int k = o->rows.size, m = winograd_results(k);
    struct plan p = {.k = k, .results = m, .pad_rows = o->rows.pad, .pad_cols = o->cols.pad};
    p.cin = l->in_shape[0].c, p.cout = l->out.c, p.in = l->in_shape[0], p.out = l->out;
    p.across = (p.out.w + m - 1) / m;
    p.tiles = (p.out.h + m - 1) / m * p.across;
    return p;
}

static struct plan plan_backward(const struct layer *l)
{
    struct plan f = plan_forward(l), p = f;
    p.cin = f.cout, p.cout = f.cin, p.in = f.out, p.out = f.in;
    p.pad_rows = f.k - 1 - f.pad_rows, p.pad_cols = f.k - 1 - f.pad_cols;
    p.across = (p.out.w + f.results - 1) / f.results;
    p.tiles = (p.out.h + f.results - 1) / f.results * p.across;
    p.transposed = f.tiles * 5 < p.tiles * 4;
    if (p.transposed)
        p.pad_rows = f.pad_rows, p.pad_cols = f.pad_cols, p.across = f.across, p.tiles = f.tiles;
    return p;
}

/* Vector operations of the definition (those that don't meet padding only), and of this kernel, as far as the two compare. */
static bool cheaper(const struct plan *p)
{
    enum { WAY = 200 }; /* operations for a tile to the points or back */
    int rows = p->in.h < p->out.h ? p->in.h : p->out.h, cols = p->in.w < p->out.w ? p->in.w : p->out.w;
    double pair = (double)p->cin * p->cout, definition = pair * p->k * p->k * rows * cols;
    double ours = p->tiles * (pair * WINOGRAD_POINTS + (double)(p->cin + p->cout) * WAY);
    return ours * 1.1 < definition;
}

static bool fits(const struct layer *l, int lanes)
{
    struct window r = l->options.rows, c = l->options.cols;
    bool shape = r.size == c.size && (r.size == 3 || r.size == 5) && r.stride == 1 && c.stride == 1 &&
                 r.dilation == 1 && c.dilation == 1 && r.pad < r.size && c.pad < c.size;
    if (lanes != LANES || !shape || l->options.groups != 1)
        return false;
    struct plan p = plan_forward(l);
    return cheaper(&p);
}

/* ---- memory ---- */

static int tiles_at_once(const struct plan *p, size_t cache)
{
    size_t tile = (size_t)WINOGRAD_POINTS * (size_t)(p->cin + p->cout) * LANES * sizeof(float);
    int most = (p->tiles + TILES - 1) / TILES * TILES, tiles = (int)(cache / tile) / TILES * TILES;
    return tiles < TILES ? TILES : tiles > most ? most : tiles;
}

/* Vectors from one point to the next; odd, or the 36 points of a number would all want the same places in the cache. */
static size_t points_apart(int channels, int tiles)
{
    return ((size_t)channels * (size_t)tiles + 1) * PARTS;
}

static size_t points_bytes(const struct plan *p, int tiles)
{
    return WINOGRAD_POINTS * (points_apart(p->cin, tiles) + points_apart(p->cout, tiles)) * sizeof(vec);
}

static size_t sums_floats(const struct plan *p)
{
    size_t pairs = (size_t)p->cin * (size_t)p->cout;
    return WINOGRAD_POINTS * ((pairs + VEC - 1) / VEC * VEC);
}

static size_t most(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t scratch(const struct layer *l, int lanes)
{
    struct plan f = plan_forward(l), b = plan_backward(l);
    size_t forward = points_bytes(&f, tiles_at_once(&f, CACHE)),
           backward = points_bytes(&b, tiles_at_once(&b, CACHE));
    size_t weights = points_bytes(&f, tiles_at_once(&f, CACHE_WEIGHTS)) + sums_floats(&f) * sizeof(float);
    return most(most(forward, backward), most(weights, CONV(lanes).scratch(l, lanes)));
}

static size_t prepared_forward(const struct layer *l)
{
    return (size_t)l->in_shape[0].c * (size_t)l->out.c * WINOGRAD_POINTS;
}

static size_t prepared(const struct layer *l, int lanes, bool backward)
{
    struct plan b = plan_backward(l);
    if (!backward)
        return prepared_forward(l);
    return prepared_forward(l) + (cheaper(&b) ? prepared_forward(l) : CONV(lanes).prepared(l, lanes, true));
}

/* Weights at the points, in the order of use: [point][cout / OUTS][cin][OUTS]. The next VEC of a run of outputs at a time. */
VEC_INLINE void prepare_plan(const struct plan *p, int k, const float *w, bool back, float *to)
{
    size_t pairs = (size_t)p->cin * (size_t)p->cout;
    for (int first = 0; first < p->cout; first += OUTS) {
        int outs = p->cout - first < OUTS ? p->cout - first : OUTS;
        for (int n = 0; n < outs * p->cin; n += VEC, to += VEC) {
            float taps[WINOGRAD * WINOGRAD][VEC] = {{0}};
            vec g[WINOGRAD][WINOGRAD], points[WINOGRAD_POINTS];
            int count = outs * p->cin - n < VEC ? outs * p->cin - n : VEC;
            for (int lane = 0; lane < count; lane++) {
                int c = (n + lane) / outs, o = first + (n + lane) % outs;
                const float *kernel = w + (back ? c * p->cout + o : o * p->cin + c) * k * k;
                for (int t = 0; t < k * k; t++)
                    taps[back && !p->transposed ? k * k - 1 - t : t][lane] = kernel[t];
            }
            VEC_FOR (t, k * k)
                g[t / k][t % k] = vec_load(taps[t]);
            winograd_tile_weights(k, g, points, 1);
            for (size_t q = 0; q < WINOGRAD_POINTS; q++)
                vec_store_lanes(to + q * pairs, count, points[q]);
        }
        to -= (outs * p->cin + VEC - 1) / VEC * VEC - outs * p->cin;
    }
}

static void prepare(const struct layer *l, int lanes, const float *const *param, bool backward, float *to)
{
    struct plan f = plan_forward(l), b = plan_backward(l);
    struct plan *plans[] = {&f, &b};
    for (int i = 0; i < (backward && cheaper(&b) ? 2 : 1); i++, to += prepared_forward(l)) {
        if (f.k == 3)
            prepare_plan(plans[i], 3, param[0], i == 1, to);
        else
            prepare_plan(plans[i], 5, param[0], i == 1, to);
    }
    if (backward && !cheaper(&b))
        CONV(lanes).prepare(l, lanes, param, true, to);
}

/* ---- to the points and back ---- */

/* Inputs of tiles [first, first + n) to the points: [point][cin][tile][lane]. Tiles beyond the last are zero. */
static void inputs_to_points(const struct plan *p, const vec *x, int first, int n, vec *to)
{
    size_t plane = (size_t)(p->in.h * p->in.w) * PARTS, apart = points_apart(p->cin, n);
    for (int c = 0; c < p->cin; c++)
        for (int t = 0; t < n; t++)
            for (int part = 0; part < PARTS; part++) {
                int row = (first + t) / p->across * p->results - p->pad_rows;
                int col = (first + t) % p->across * p->results - p->pad_cols;
                vec d[WINOGRAD][WINOGRAD];
                if (first + t < p->tiles)
                    winograd_load(x + (size_t)c * plane + (size_t)part, p->in, PARTS, row, col, WINOGRAD, d);
                else
                    memset(d, 0, sizeof d);
                winograd_tile_in(d, to + (c * n + t) * PARTS + part, apart);
            }
}

/* At one point: [outs][cin] times [cin][n tiles]; sums of OUTS x COLS vectors in registers. */
VEC_INLINE void product_tile(int outs, int cin, const float *w, const vec *v, vec *y, size_t step)
{
    vec sum[OUTS][COLS];
    VEC_FOR (o, outs)
        VEC_FOR (k, COLS)
            sum[o][k] = vec_all(0);
    for (int c = 0; c < cin; c++, w += outs, v += step)
        VEC_FOR (k, COLS)
            VEC_FOR (o, outs)
                sum[o][k] = vec_fma(vec_all(w[o]), v[k], sum[o][k]);
    VEC_FOR (o, outs)
        VEC_FOR (k, COLS)
            y[(size_t)o * step + (size_t)k] = sum[o][k];
}

static void products(const struct plan *p, const float *w, const vec *v, int n, vec *y)
{
    size_t step = (size_t)n * PARTS;
    for (int q = 0; q < WINOGRAD_POINTS; q++, v += points_apart(p->cin, n), y += points_apart(p->cout, n))
        for (int o = 0; o < p->cout; o += OUTS) {
            int outs = p->cout - o < OUTS ? p->cout - o : OUTS;
            for (size_t k = 0; k < step; k += COLS) {
                vec *to = y + (size_t)o * step + k;
                if (outs == 4)
                    product_tile(4, p->cin, w, v + k, to, step);
                else if (outs == 3)
                    product_tile(3, p->cin, w, v + k, to, step);
                else if (outs == 2)
                    product_tile(2, p->cin, w, v + k, to, step);
                else
                    product_tile(1, p->cin, w, v + k, to, step);
            }
            w += (size_t)outs * (size_t)p->cin;
        }
}

VEC_INLINE void results_from_points(const struct plan *p, int m, const vec *from, const struct layer_io *io,
                                    int first, int n, vec *y)
{
    size_t plane = (size_t)(p->out.h * p->out.w) * PARTS, apart = points_apart(p->cout, n);
    for (int o = 0; o < p->cout; o++)
        for (int t = 0; t < n && first + t < p->tiles; t++)
            for (int part = 0; part < PARTS; part++) {
                int row = (first + t) / p->across * m, col = (first + t) % p->across * m;
                vec result[WINOGRAD][WINOGRAD], bias = vec_all(io && io->param[1] ? io->param[1][o] : 0);
                vec *to = y + (size_t)o * plane + (size_t)((row * p->out.w + col) * PARTS + part);
                winograd_tile_out(m, from + (o * n + t) * PARTS + part, apart, result);
                if (io)
                    VEC_FOR (i, m)
                        VEC_FOR (j, m)
                            result[i][j] = finish_vec(&io->finish, o, result[i][j] + bias);
                if (row + m <= p->out.h && col + m <= p->out.w)
                    VEC_FOR (i, m)
                        VEC_FOR (j, m)
                            to[(i * p->out.w + j) * PARTS] = result[i][j];
                else
                    for (int i = 0; i < m && row + i < p->out.h; i++)
                        for (int j = 0; j < m && col + j < p->out.w; j++)
                            to[(i * p->out.w + j) * PARTS] = result[i][j];
            }
}

/* `io` tells what is done to the results; NULL: nothing. */
static void correlate(const struct plan *p, const float *w, const struct layer_io *io, void *scratch,
                      const float *x, float *y)
{
    int n = tiles_at_once(p, CACHE);
    vec *v = scratch, *sums = v + WINOGRAD_POINTS * points_apart(p->cin, n);
    for (int first = 0; first < p->tiles; first += n) {
        inputs_to_points(p, (const vec *)x, first, n, v);
        products(p, w, v, n, sums);
        if (p->k == 3)
            results_from_points(p, 4, sums, io, first, n, (vec *)y);
        else
            results_from_points(p, 2, sums, io, first, n, (vec *)y);
    }
}

static void forward(const struct layer_io *io)
{
    struct plan p = plan_forward(io->layer);
    correlate(&p, io->prepared, io, io->scratch, io->x[0], io->y);
}

/* ---- gradient of the input ---- */

/* dy of the tiles to the points: by A turned round for dx, as if it were weights for dw. */
VEC_INLINE void gradients_to_points(int channels, struct shape shape, const struct plan *p, int m,
                                    bool weights, const vec *dy, int first, int n, vec *to)
{
    size_t plane = (size_t)(shape.h * shape.w) * PARTS, apart = points_apart(channels, n);
    for (int o = 0; o < channels; o++)
        for (int t = 0; t < n; t++)
            for (int part = 0; part < PARTS; part++) {
                int row = (first + t) / p->across * m, col = (first + t) % p->across * m;
                vec d[WINOGRAD][WINOGRAD], *points = to + (o * n + t) * PARTS + part;
                if (first + t < p->tiles)
                    winograd_load(dy + (size_t)o * plane + (size_t)part, shape, PARTS, row, col, m, d);
                else
                    memset(d, 0, sizeof d);
                if (weights)
                    winograd_tile_weights(m, d, points, apart);
                else
                    winograd_tile_out_back(m, d, points, apart);
            }
}

/* What each tile's inputs get is added to them: tiles overlap. */
static void inputs_from_points(const struct plan *p, const vec *from, int first, int n, vec *dx)
{
    size_t plane = (size_t)(p->out.h * p->out.w) * PARTS, apart = points_apart(p->cout, n);
    for (int c = 0; c < p->cout; c++)
        for (int t = 0; t < n && first + t < p->tiles; t++)
            for (int part = 0; part < PARTS; part++) {
                int row = (first + t) / p->across * p->results - p->pad_rows;
                int col = (first + t) % p->across * p->results - p->pad_cols;
                vec d[WINOGRAD][WINOGRAD];
                vec *to = dx + (size_t)c * plane + (ptrdiff_t)((row * p->out.w + col) * PARTS + part);
                winograd_tile_in_back(from + (c * n + t) * PARTS + part, apart, d);
                for (int i = row < 0 ? -row : 0; i < WINOGRAD && row + i < p->out.h; i++)
                    for (int j = col < 0 ? -col : 0; j < WINOGRAD && col + j < p->out.w; j++)
                        to[(i * p->out.w + j) * PARTS] += d[i][j];
            }
}

static void send_back(const struct layer_io *io, const struct plan *p, const float *w)
{
    int n = tiles_at_once(p, CACHE);
    vec *v = io->scratch, *sums = v + WINOGRAD_POINTS * points_apart(p->cin, n);
    memset(io->dx[0], 0, layer_in_floats(io->layer, 0, LANES) * sizeof(float));
    for (int first = 0; first < p->tiles; first += n) {
        if (p->k == 3)
            gradients_to_points(p->cin, p->in, p, 4, false, (const vec *)io->dy, first, n, v);
        else
            gradients_to_points(p->cin, p->in, p, 2, false, (const vec *)io->dy, first, n, v);
        products(p, w, v, n, sums);
        inputs_from_points(p, sums, first, n, (vec *)io->dx[0]);
    }
}

static void backward_x(const struct layer_io *io)
{
    struct plan p = plan_backward(io->layer);
    const float *w = io->prepared + prepared_forward(io->layer);
    if (!cheaper(&p)) {
        struct layer_io plain = *io;
        plain.prepared = w;
        CONV(lanes).backward_x(&plain);
    } else if (p.transposed)
        send_back(io, &p, w);
    else
        correlate(&p, w, NULL, io->scratch, io->dy, io->dx[0]);
}

/* ---- gradient of the weights ---- */

/* The sums at the points, [point][cout][cin], to the gradient of the weights, VEC pairs of channels at a time. */
VEC_INLINE void weights_from_points(const struct plan *p, int k, const float *sums, float *dw)
{
    size_t pairs = (size_t)p->cin * (size_t)p->cout, apart = sums_floats(p) / WINOGRAD_POINTS / VEC;
    for (size_t pair = 0; pair < pairs; pair += VEC) {
        vec d[WINOGRAD][WINOGRAD];
        winograd_tile_out(k, (const vec *)(sums + pair), apart, d);
        for (size_t lane = 0; lane < VEC && pair + lane < pairs; lane++)
            for (int t = 0; t < k * k; t++)
                dw[(pair + lane) * (size_t)(k * k) + (size_t)t] += d[t / k][t % k][lane];
    }
}

static void backward_w(const struct layer_io *io)
{
    struct plan p = plan_forward(io->layer);
    int n = tiles_at_once(&p, CACHE_WEIGHTS), inner = n * LANES;
    size_t apart_x = points_apart(p.cin, n), apart_y = points_apart(p.cout, n);
    vec *x = io->scratch, *dy = x + WINOGRAD_POINTS * apart_x;
    float *sums = (float *)(dy + WINOGRAD_POINTS * apart_y);
    size_t apart = sums_floats(&p) / WINOGRAD_POINTS;
    for (int first = 0; first < p.tiles; first += n) {
        inputs_to_points(&p, (const vec *)io->x[0], first, n, x);
        if (p.k == 3)
            gradients_to_points(p.cout, p.out, &p, 4, true, (const vec *)io->dy, first, n, dy);
        else
            gradients_to_points(p.cout, p.out, &p, 2, true, (const vec *)io->dy, first, n, dy);
        for (size_t q = 0; q < WINOGRAD_POINTS; q++)
            gemm(false, true, p.cout, p.cin, inner, 1, (const float *)(dy + q * apart_y), inner,
                 (const float *)(x + q * apart_x), inner, first == 0 ? 0 : 1, sums + q * apart, p.cin);
    }
    if (p.k == 3)
        weights_from_points(&p, 3, sums, io->dparam[0]);
    else
        weights_from_points(&p, 5, sums, io->dparam[0]);
}

const struct conv_kernel CONV(winograd) = {
    .name = "winograd",
    .idea =
        "sixteen images side by side, 36 products for a tile of results instead of 144 (3x3) or 100 (5x5)",
    .fits = fits,
    .scratch = scratch,
    .prepared = prepared,
    .prepare = prepare,
    .finishes = true,
    .forward = forward,
    .backward_x = backward_x,
    .backward_w = backward_w,
};
