/**
 * One image, Winograd's minimal filtering (the idea: winograd.h), with VEC channels side by side where conv_winograd.c has images.
 *
 * First the image is laid out anew, [channels / VEC][h][w][VEC]. Each tile of it goes to the 36 points, and there each of TILES tiles meets the weights of a group of outputs, whose
 * vectors run over the output channels. Back from the points the results are laid out as planes again. What is shared out among a team: groups of input
 * channels on the way to the points, then chunks of tiles times groups of output channels.
 */
#include <string.h>

#include "nn/conv_kernels.h"
#include "nn/winograd.h"

/* A product's tile: tiles of the image times vectors of output channels. */
enum { TILES = 4, OUTS = VEC_REGISTERS == 32 ? 4 : 2 };
/* Tiles that one task takes: what it reads and writes at the points should stay in the second cache. */
enum { CHUNK = 28 };
/* With fewer tiles the weights at the points, four times as many as in the definition, come from memory for too little work. */
enum { TILES_LEAST = 9, CHANNELS_LEAST = 16 };

struct plan {
    int k, results, cin, cout; /* taps and results along an axis; channels */
    struct shape in, out;
    int pad_rows, pad_cols;
    int across, tiles, chunks; /* tiles in a row; in all, rounded up to TILES; runs of CHUNK */
    int ins, groups;           /* vectors of input channels; runs of OUTS vectors of output channels */
};

static void count_tiles(struct plan *p)
{
    p->across = (p->out.w + p->results - 1) / p->results;
    p->tiles = ((p->out.h + p->results - 1) / p->results * p->across + TILES - 1) / TILES * TILES;
    p->chunks = (p->tiles + CHUNK - 1) / CHUNK;
    p->ins = (p->cin + VEC - 1) / VEC;
    p->groups = (p->cout + OUTS * VEC - 1) / (OUTS * VEC);
}

static struct plan plan_of(const struct layer *l, bool back)
{
    const struct layer_options *o = &l->options;
    int k = o->rows.size;
    struct plan p = {.k = k, .results = winograd_results(k)};
    p.cin = back ? l->out.c : l->in_shape[0].c;
    p.cout = back ? l->in_shape[0].c : l->out.c;
    p.in = back ? l->out : l->in_shape[0];
    p.out = back ? l->in_shape[0] : l->out;
    p.pad_rows = back ? k - 1 - o->rows.pad : o->rows.pad;
    p.pad_cols = back ? k - 1 - o->cols.pad : o->cols.pad;
    count_tiles(&p);
    return p;
}

static bool fits(const struct layer *l, int lanes)
{
    struct window r = l->options.rows, c = l->options.cols;
    bool shape = r.size == c.size && r.size == 3 && r.stride == 1 && c.stride == 1 && r.dilation == 1 &&
                 c.dilation == 1 && r.pad < r.size && c.pad < c.size;
    struct plan p = plan_of(l, false);
    return lanes == 1 && shape && l->options.groups == 1 && p.cin >= CHANNELS_LEAST &&
           p.cout >= CHANNELS_LEAST && p.tiles >= TILES_LEAST;
}

/* ---- memory: all in vectors ---- */

static size_t weights_vectors(const struct plan *p)
{
    return (size_t)WINOGRAD_POINTS * (size_t)(p->groups * OUTS) * (size_t)(p->ins * VEC);
}

static size_t image_vectors(const struct plan *p)
{
    return (size_t)p->ins * (size_t)(p->in.h * p->in.w);
}

/* From one point to the next; one more, or the points of a number would want the same places in the cache. */
static size_t points_apart(const struct plan *p)
{
    return (size_t)p->ins * (size_t)p->tiles + 1;
}

static size_t task_vectors(const struct plan *p)
{
    (void)p;
    return (size_t)WINOGRAD_POINTS * (CHUNK * OUTS + 1);
}

static size_t scratch_vectors(const struct plan *p)
{
    return image_vectors(p) + WINOGRAD_POINTS * points_apart(p) +
           (size_t)(p->chunks * p->groups) * (task_vectors(p) + (size_t)(VEC * VEC));
}

static size_t scratch(const struct layer *l, int lanes)
{
    struct plan f = plan_of(l, false), b = plan_of(l, true);
    size_t sizes[] = {scratch_vectors(&f) * sizeof(vec), scratch_vectors(&b) * sizeof(vec),
                      CONV(im2col).scratch(l, lanes)};
    size_t most = 0;
    for (int i = 0; i < ARRAY_LEN(sizes); i++)
        most = sizes[i] > most ? sizes[i] : most;
    return most;
}

static size_t prepared(const struct layer *l, int lanes, bool backward)
{
    (void)lanes;
    struct plan f = plan_of(l, false), b = plan_of(l, true);
    return (weights_vectors(&f) + (backward ? weights_vectors(&b) : 0)) * VEC;
}

/* Weights at the points: [point][group][input channel][OUTS][VEC], zero where there is no such channel. */
static void prepare_plan(const struct plan *p, const float *w, bool turn, vec *to)
{
    size_t ins = (size_t)(p->ins * VEC), apart = (size_t)(p->groups * OUTS) * ins;
    int k = p->k;
    for (int o = 0; o < p->groups * OUTS; o++)
        for (int c = 0; c < (int)ins; c++) {
            vec g[WINOGRAD][WINOGRAD];
            for (int t = 0; t < k * k; t++)
                for (int lane = 0; lane < VEC; lane++) {
                    int out = o * VEC + lane;
                    size_t pair = turn ? (size_t)(c * p->cout + out) : (size_t)(out * p->cin + c);
                    bool there = out < p->cout && c < p->cin;
                    g[t / k][t % k][lane] =
                        there ? w[pair * (size_t)(k * k) + (size_t)(turn ? k * k - 1 - t : t)] : 0;
                }
            winograd_tile_weights(3, g, to + ((size_t)(o / OUTS) * ins + (size_t)c) * OUTS + o % OUTS, apart);
        }
}

static void prepare(const struct layer *l, int lanes, const float *const *param, bool backward, float *to)
{
    (void)lanes;
    struct plan f = plan_of(l, false), b = plan_of(l, true);
    prepare_plan(&f, param[0], false, (vec *)to);
    if (backward)
        prepare_plan(&b, param[0], true, (vec *)to + weights_vectors(&f));
}

/* ---- the work ---- */

struct work {
    struct plan plan;
    const struct layer_io *io;
    const float *x, *bias;
    float *y;
    const vec *weights;
    vec *image, *points, *tasks;
};

/* VEC channels of the image side by side. */
static void lay_out(const struct plan *p, const float *x, int channels, vec *to)
{
    int places = p->in.h * p->in.w, i = 0;
    for (; i + VEC <= places; i += VEC) {
        vec row[VEC];
        VEC_UNROLL for (int k = 0; k < VEC; k++) row[k] =
            k < channels ? vec_load(x + (size_t)k * (size_t)places + i) : vec_all(0);
        vec_transpose(row);
        VEC_UNROLL for (int k = 0; k < VEC; k++) to[i + k] = row[k];
    }
    for (; i < places; i++)
        for (int k = 0; k < VEC; k++)
            to[i][k] = k < channels ? x[(size_t)k * (size_t)places + (size_t)i] : 0;
}

/* A group of input channels, all tiles: to the points, [point][group][tile]. */
static void to_points(void *arg, int group)
{
    const struct work *w = arg;
    const struct plan *p = &w->plan;
    size_t places = (size_t)(p->in.h * p->in.w);
    vec *image = w->image + (size_t)group * places;
    int channels = p->cin - group * VEC < VEC ? p->cin - group * VEC : VEC;
    lay_out(p, w->x + (size_t)(group * VEC) * places, channels, image);
    for (int t = 0; t < p->tiles; t++) {
        vec d[WINOGRAD][WINOGRAD];
        int row = t / p->across * p->results - p->pad_rows, col = t % p->across * p->results - p->pad_cols;
        winograd_load(image, p->in, 1, row, col, WINOGRAD, d);
        winograd_tile_in(d, w->points + (size_t)group * (size_t)p->tiles + t, points_apart(p));
    }
}

/* At one point: TILES tiles, all input channels, a group of output channels. */
VEC_INLINE void product_tile(const struct plan *p, const vec *v, const vec *weights, vec *sums)
{
    vec sum[TILES][OUTS];
    VEC_UNROLL for (int t = 0; t < TILES; t++) VEC_UNROLL for (int o = 0; o < OUTS; o++) sum[t][o] =
        vec_all(0);
    for (int g = 0; g < p->ins; g++) {
        const float *x = (const float *)(v + (size_t)g * (size_t)p->tiles);
        for (int c = 0; c < VEC; c++, x++, weights += OUTS)
            VEC_UNROLL for (int t = 0; t < TILES; t++) VEC_UNROLL for (int o = 0; o < OUTS; o++) sum[t][o] =
                vec_fma(vec_all(x[t * VEC]), weights[o], sum[t][o]);
    }
    VEC_UNROLL for (int t = 0; t < TILES; t++) VEC_UNROLL for (int o = 0; o < OUTS; o++) sums[t * OUTS + o] =
        sum[t][o];
}

/* One tile's results for VEC output channels from their points to their planes. */
static void tile_to_planes(const struct work *w, const vec *sums, int first, int tile, size_t apart)
{
    const struct plan *p = &w->plan;
    enum { RESULTS = 4 };
    int channels = p->cout - first < VEC ? p->cout - first : VEC;
    int row = tile / p->across * RESULTS, col = tile % p->across * RESULTS;
    size_t plane = (size_t)(p->out.h * p->out.w);
    vec result[WINOGRAD][WINOGRAD], bias = {0},
                                    lines[RESULTS * RESULTS > VEC ? RESULTS * RESULTS : VEC] = {{0}};
    for (int k = 0; k < channels && w->bias; k++)
        bias[k] = w->bias[first + k];
    winograd_tile_out(RESULTS, sums, apart, result);
    for (int i = 0; i < RESULTS; i++)
        for (int j = 0; j < RESULTS; j++)
            lines[i * RESULTS + j] = result[i][j] + bias;
    float values[RESULTS * RESULTS][VEC];
    memcpy(values, lines, sizeof values);
    for (int k = 0; k < channels; k++) {
        float *y = w->y + (size_t)(first + k) * plane + (size_t)(row * p->out.w + col);
        for (int i = 0; i < RESULTS && row + i < p->out.h; i++)
            for (int j = 0; j < RESULTS && col + j < p->out.w; j++)
                y[i * p->out.w + j] = values[i * RESULTS + j][k];
    }
}

/* A chunk of tiles, a group of output channels: the products at all points, and back. */
static void from_points(void *arg, int task)
{
    const struct work *w = arg;
    const struct plan *p = &w->plan;
    int chunk = task / p->groups, group = task % p->groups;
    int from = chunk * CHUNK, to = from + CHUNK < p->tiles ? from + CHUNK : p->tiles;
    size_t apart = CHUNK * OUTS + 1, ins = (size_t)(p->ins * VEC);
    vec *sums = w->tasks + (size_t)task * task_vectors(p);
    for (int q = 0; q < WINOGRAD_POINTS; q++) {
        const vec *weights = w->weights + ((size_t)(q * p->groups + group) * ins) * OUTS;
        const vec *v = w->points + (size_t)q * points_apart(p);
        for (int t = from; t < to; t += TILES)
            product_tile(p, v + t, weights, sums + (size_t)q * apart + (size_t)((t - from) * OUTS));
    }
    for (int t = from; t < to && t / p->across * p->results < p->out.h; t++)
        for (int o = 0; o < OUTS && (group * OUTS + o) * VEC < p->cout; o++)
            tile_to_planes(w, sums + (t - from) * OUTS + o, (group * OUTS + o) * VEC, t, apart);
}

static void correlate(const struct layer_io *io, bool back)
{
    struct work w = {.plan = plan_of(io->layer, back), .io = io};
    struct plan f = plan_of(io->layer, false);
    w.x = back ? io->dy : io->x[0];
    w.y = back ? io->dx[0] : io->y;
    w.bias = back ? NULL : io->param[1];
    w.weights = (const vec *)io->prepared + (back ? weights_vectors(&f) : 0);
    w.image = io->scratch;
    w.points = w.image + image_vectors(&w.plan);
    w.tasks = w.points + WINOGRAD_POINTS * points_apart(&w.plan);
    team_run(io->team, w.plan.ins, to_points, &w);
    team_run(io->team, w.plan.chunks * w.plan.groups, from_points, &w);
}

static void forward(const struct layer_io *io)
{
    correlate(io, false);
}

static void backward_x(const struct layer_io *io)
{
    correlate(io, true);
}

static void backward_w(const struct layer_io *io)
{
    CONV(im2col).backward_w(io);
}

const struct conv_kernel CONV(winograd_image) = {
    .name = "winograd-image",
    .idea = "one image, channels side by side, 36 products for a tile of results instead of 144",
    .fits = fits,
    .scratch = scratch,
    .prepared = prepared,
    .prepare = prepare,
    .forward = forward,
    .backward_x = backward_x,
    .backward_w = backward_w,
};
