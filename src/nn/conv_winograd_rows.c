/**
 * One image, Winograd's minimal filtering down the columns only (the idea: winograd.h): for few channels, or small images.
 *
 * A strip of m output rows reads six input rows. Whole rows go to the six points and back, so no numbers change their lanes; along the rows the kernel's columns are
 * multiplied as in the definition. That halves the products of a 3x3 kernel, where the filtering in both directions would quarter them, but it costs little before and after.
 * At each point the rows of some strips, a chunk, lie side by side in one line, with the padding between them, and a vector takes the next VEC places wherever they
 * are. A chunk is as many strips as the first cache holds at the points, and at least one.
 *
 * A team shares out the chunks; where there is only one, the input channels on the way to the points and then runs of output channels.
 */
#include <string.h>

#include "nn/conv_kernels.h"
#include "nn/conv_pack.h"
#include "nn/finish.h"
#include "nn/winograd.h"

/* Vectors along the line at a time. */
enum { RUNS = VEC_REGISTERS == 32 ? 4 : 2 };

struct plan {
    int k, results, taps; /* rows of the kernel, results of a strip, columns of the kernel */
    int cin, cout;
    struct shape in, out;
    int pad_rows, pad_cols;
    int strips, chunk, chunks; /* strips in all; in a chunk */
    int width, line,
        reach; /* floats of a strip with padding; of a chunk's results, in whole vectors; at a point */
};

/* Bytes at the points of a chunk. */
enum { CACHE = 24 << 10 };
/* Chunks that may be at work at once. */
enum { SHARES = 8 };

static int whole_vectors(int floats)
{
    return (floats + VEC - 1) / VEC * VEC;
}

static void set_chunk(struct plan *p)
{
    int strip = p->cin * WINOGRAD * p->width * (int)sizeof(float);
    p->chunk = CACHE / strip < 1 ? 1 : CACHE / strip;
    if (p->width < 2 * VEC) /* narrow strips leave less of their vectors over together */
        p->chunk = p->strips;
    p->chunk = p->chunk < p->strips ? p->chunk : p->strips;
    p->chunks = (p->strips + p->chunk - 1) / p->chunk;
    p->chunk = (p->strips + p->chunks - 1) / p->chunks; /* as many, but more even */
    p->chunks = (p->strips + p->chunk - 1) / p->chunk;
    p->line = whole_vectors((p->chunk - 1) * p->width + p->out.w);
    p->reach = whole_vectors(p->line + p->taps - 1 > p->chunk * p->width ? p->line + p->taps - 1
                                                                         : p->chunk * p->width);
}

static struct plan plan_of(const struct layer *l, bool back)
{
    struct window rows = back ? conv_turned(l->options.rows) : l->options.rows;
    struct window cols = back ? conv_turned(l->options.cols) : l->options.cols;
    struct plan p = {.k = rows.size, .results = winograd_results(rows.size), .taps = cols.size};
    p.in = back ? l->out : l->in_shape[0], p.out = back ? l->in_shape[0] : l->out;
    p.cin = p.in.c, p.cout = p.out.c;
    p.pad_rows = rows.pad, p.pad_cols = cols.pad;
    p.strips = (p.out.h + p.results - 1) / p.results;
    p.width = p.in.w + 2 * p.pad_cols;
    set_chunk(&p);
    return p;
}

/* Vector operations of this kernel for each that the definition needs at least. */
static double cost(const struct plan *p)
{
    enum { WAY = 18 }; /* operations for a vector to the points or back */
    double pairs = (double)p->cin * p->cout * p->taps, places = (double)p->out.h * p->out.w;
    return (double)p->line * p->chunks * (pairs * WINOGRAD + (double)(p->cin + p->cout) * WAY) /
           (places * pairs * p->k);
}

static bool fits(const struct layer *l, int lanes)
{
    struct window r = l->options.rows, c = l->options.cols;
    if (lanes != 1 || (r.size != 3 && r.size != 5) || r.dilation != 1 || c.dilation != 1 ||
        l->options.groups != 1 || !conv_turns(r, c))
        return false;
    struct plan f = plan_of(l, false), b = plan_of(l, true);
    return cost(&f) < 0.9 && cost(&b) < 2;
}

/* ---- memory ---- */

/* Floats that a chunk has at the points, and for the results of a run of channels. */
static size_t points_floats(const struct plan *p)
{
    return (size_t)(p->cin * WINOGRAD) * (size_t)p->reach;
}

static size_t results_floats(const struct plan *p)
{
    return (size_t)(CONV_OUTS * p->results) * (size_t)p->line;
}

/* With one chunk every run of channels needs room for its results; else every chunk at work has room of its own. */
static size_t scratch_of(const struct plan *p)
{
    size_t runs = (size_t)((p->cout + conv_outs(p->cout) - 1) / conv_outs(p->cout));
    size_t floats = p->chunks == 1 ? points_floats(p) + runs * results_floats(p)
                                   : SHARES * (points_floats(p) + results_floats(p));
    return floats * sizeof(float);
}

static size_t scratch(const struct layer *l, int lanes)
{
    struct plan f = plan_of(l, false), b = plan_of(l, true);
    size_t forward = scratch_of(&f), back = scratch_of(&b), most = CONV(im2col).scratch(l, lanes);
    most = forward > most ? forward : most;
    return back > most ? back : most;
}

static size_t weights_floats(const struct layer *l)
{
    return (size_t)l->in_shape[0].c * (size_t)l->out.c * (size_t)l->options.cols.size * WINOGRAD;
}

static size_t prepared(const struct layer *l, int lanes, bool backward)
{
    (void)lanes;
    return weights_floats(l) * (backward ? 2 : 1);
}

/* [run of outputs][point][input channel][column][output of the run] */
static void prepare_plan(const struct plan *p, const float *w, bool turn, float *to)
{
    int most = conv_outs(p->cout), window = p->k * p->taps;
    for (int o = 0; o < p->cout; o++)
        for (int c = 0; c < p->cin; c++)
            for (int b = 0; b < p->taps; b++) {
                int first = o / most * most, outs = p->cout - first < most ? p->cout - first : most;
                size_t pair = turn ? (size_t)(c * p->cout + o) : (size_t)(o * p->cin + c);
                const float *kernel = w + pair * (size_t)window;
                vec g[WINOGRAD] = {{0}}, points[WINOGRAD];
                for (int a = 0; a < p->k; a++)
                    g[a] = vec_all(turn ? kernel[window - 1 - (a * p->taps + b)] : kernel[a * p->taps + b]);
                if (p->k == 3)
                    winograd_weights(3, g, points);
                else
                    winograd_weights(5, g, points);
                for (int q = 0; q < WINOGRAD; q++)
                    to[(size_t)(first * p->cin * p->taps) * WINOGRAD +
                       (size_t)(((q * p->cin + c) * p->taps + b) * outs + o - first)] = points[q][0];
            }
}

static void prepare(const struct layer *l, int lanes, const float *const *param, bool backward, float *to)
{
    (void)lanes;
    struct plan f = plan_of(l, false), b = plan_of(l, true);
    prepare_plan(&f, param[0], false, to);
    if (backward)
        prepare_plan(&b, param[0], true, to + weights_floats(l));
}

/* ---- the work ---- */

struct work {
    struct plan plan;
    const float *x, *w, *bias;
    const struct finish *finish;
    float *scratch, *y;
    int outs, shares; /* of a run of channels; chunks at work at once */
};

/* A chunk at work, and its places in the scratch. */
struct place {
    const struct work *work;
    int strip, strips; /* the first; how many */
    float *points, *results;
};

/* One input channel: the rows of the chunk's strips to the points. What a vector writes into the next strip is overwritten by that. */
static void channel_to_points(const struct place *place, int c)
{
    const struct plan *p = &place->work->plan;
    const float *plane = place->work->x + (size_t)c * (size_t)(p->in.h * p->in.w);
    float *to = place->points + (size_t)(c * WINOGRAD) * (size_t)p->reach;
    for (int strip = 0; strip < place->strips; strip++) {
        int row = (place->strip + strip) * p->results - p->pad_rows;
        bool rows_inside = row >= 0 && row + WINOGRAD <= p->in.h;
        for (int col = 0; col < p->width; col += VEC) {
            vec d[WINOGRAD], t[WINOGRAD];
            int from = col - p->pad_cols, at = strip * p->width + col;
            if (rows_inside && from >= 0 && from + VEC <= p->in.w)
                VEC_FOR (i, WINOGRAD)
                    d[i] = vec_load(plane + (row + i) * p->in.w + from);
            else
                for (int i = 0; i < WINOGRAD; i++)
                    d[i] = row + i < 0 || row + i >= p->in.h
                               ? vec_all(0)
                               : vec_load_lanes(plane + (row + i) * p->in.w + from, -from, p->in.w - from);
            winograd_in(d, t);
            if (at + VEC <= p->reach)
                VEC_FOR (q, WINOGRAD)
                    vec_store(to + q * p->reach + at, t[q]);
            else
                for (int q = 0; q < WINOGRAD; q++)
                    vec_store_lanes(to + q * p->reach + at, p->reach - at, t[q]);
        }
    }
}

/* At one point: `outs` channels, `runs` vectors of the line. */
VEC_INLINE void product_tile(const struct plan *p, const float *points, const float *w, int outs, int runs,
                             int taps, vec result[CONV_OUTS][RUNS])
{
    vec sum[CONV_OUTS][RUNS];
    VEC_FOR (o, outs)
        VEC_FOR (k, runs)
            sum[o][k] = vec_all(0);
    for (int c = 0; c < p->cin; c++, points += WINOGRAD * p->reach)
        for (int b = 0; b < taps; b++) {
            const float *tap = w + (c * taps + b) * outs;
            VEC_FOR (k, runs) {
                vec v = vec_load(points + b + k * VEC);
                VEC_FOR (o, outs)
                    sum[o][k] = vec_fma(vec_all(tap[o]), v, sum[o][k]);
            }
        }
    VEC_FOR (o, outs)
        VEC_FOR (k, runs)
            result[o][k] = sum[o][k];
}

/* A run of channels, `runs` vectors of the line: all points, and back to m rows of results. */
VEC_INLINE void work_tile(const struct place *place, int first, int at, int m, int outs, int runs)
{
    const struct work *work = place->work;
    const struct plan *p = &work->plan;
    const float *w = work->w + (size_t)(first * p->cin * p->taps) * WINOGRAD;
    vec sum[WINOGRAD][CONV_OUTS][RUNS];
    for (int q = 0; q < WINOGRAD; q++, w += p->cin * p->taps * outs) {
        const float *points = place->points + q * p->reach + at;
        if (m == 4 && p->taps == 3)
            product_tile(p, points, w, outs, runs, 3, sum[q]);
        else if (m == 2 && p->taps == 5)
            product_tile(p, points, w, outs, runs, 5, sum[q]);
        else
            product_tile(p, points, w, outs, runs, p->taps, sum[q]);
    }
    for (int o = 0; o < outs; o++)
        for (int k = 0; k < runs; k++) {
            vec t[WINOGRAD], y[WINOGRAD], bias = vec_all(work->bias ? work->bias[first + o] : 0.0f);
            VEC_FOR (q, WINOGRAD)
                t[q] = sum[q][o][k];
            winograd_out(m, t, y);
            VEC_FOR (i, m) {
                vec v = y[i] + bias;
                vec_store(place->results + (o * m + i) * p->line + at + k * VEC,
                          work->finish ? finish_vec(work->finish, first + o, v) : v);
            }
        }
}

VEC_INLINE void work_channels(const struct place *place, int first, int m, int outs)
{
    int at = 0;
    for (; at + RUNS * VEC <= place->work->plan.line; at += RUNS * VEC)
        work_tile(place, first, at, m, outs, RUNS);
    for (; at < place->work->plan.line; at += VEC)
        work_tile(place, first, at, m, outs, 1);
}

VEC_INLINE void work_results(const struct place *place, int first, int m)
{
    int left = place->work->plan.cout - first, most = place->work->outs;
    switch (left < most ? left : most) {
    case 6:
        work_channels(place, first, m, 6);
        break;
    case 5:
        work_channels(place, first, m, 5);
        break;
    case 4:
        work_channels(place, first, m, 4);
        break;
    case 3:
        work_channels(place, first, m, 3);
        break;
    case 2:
        work_channels(place, first, m, 2);
        break;
    default:
        work_channels(place, first, m, 1);
    }
}

/* Short rows, for which memcpy() would spend most of its time on being called. */
static void copy_row(float *to, const float *from, int count)
{
    int i = 0;
    for (; i + VEC <= count; i += VEC)
        vec_store(to + i, vec_load(from + i));
    if (i < count)
        vec_store_lanes(to + i, count - i, vec_load_lanes(from + i, 0, count - i));
}

/* A run of output channels; its rows then leave the line for their planes. */
static void channels_from_points(const struct place *place, int first)
{
    const struct work *work = place->work;
    const struct plan *p = &work->plan;
    int row = place->strip * p->results, rows = place->strips * p->results, m = p->results;
    if (m == 4)
        work_results(place, first, 4);
    else
        work_results(place, first, 2);
    for (int o = 0; o < work->outs && first + o < p->cout; o++)
        for (int i = 0; i < rows && row + i < p->out.h; i++)
            copy_row(work->y + (size_t)((first + o) * p->out.h + row + i) * (size_t)p->out.w,
                     place->results + (o * m + i % m) * p->line + i / m * p->width, p->out.w);
}

/* Every `shares`th chunk, from number `share` on. */
static void share_of_chunks(void *arg, int share)
{
    const struct work *work = arg;
    const struct plan *p = &work->plan;
    struct place place = {.work = work};
    place.points = work->scratch + (size_t)share * (points_floats(p) + results_floats(p));
    place.results = place.points + points_floats(p);
    for (int chunk = share; chunk < p->chunks; chunk += work->shares) {
        place.strip = chunk * p->chunk;
        place.strips = p->strips - place.strip < p->chunk ? p->strips - place.strip : p->chunk;
        for (int c = 0; c < p->cin; c++)
            channel_to_points(&place, c);
        for (int first = 0; first < p->cout; first += work->outs)
            channels_from_points(&place, first);
    }
}

/* The same for the only chunk, in two steps. */
static void share_of_inputs(void *arg, int c)
{
    const struct work *work = arg;
    channel_to_points(&(struct place){work, 0, work->plan.strips, work->scratch, NULL}, c);
}

static void share_of_outputs(void *arg, int run)
{
    const struct work *work = arg;
    float *results = work->scratch + points_floats(&work->plan) + (size_t)run * results_floats(&work->plan);
    channels_from_points(&(struct place){work, 0, work->plan.strips, work->scratch, results},
                         run * work->outs);
}

static void correlate(const struct layer_io *io, bool back)
{
    struct work work = {.plan = plan_of(io->layer, back), .finish = back ? NULL : &io->finish};
    const struct plan *p = &work.plan;
    work.x = back ? io->dy : io->x[0];
    work.y = back ? io->dx[0] : io->y;
    work.bias = back ? NULL : io->param[1];
    work.w = io->prepared + (back ? weights_floats(io->layer) : 0);
    work.scratch = io->scratch;
    work.outs = conv_outs(p->cout);
    work.shares = !io->team ? 1 : p->chunks < SHARES ? p->chunks : SHARES;
    if (p->chunks > 1) {
        team_run(io->team, work.shares, share_of_chunks, &work);
        return;
    }
    team_run(io->team, p->cin, share_of_inputs, &work);
    team_run(io->team, (p->cout + work.outs - 1) / work.outs, share_of_outputs, &work);
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

const struct conv_kernel CONV(winograd_rows) = {
    .name = "winograd-rows",
    .idea = "one image, whole rows at six points down its columns: 18 products for four results instead of "
            "36 (3x3)",
    .fits = fits,
    .scratch = scratch,
    .prepared = prepared,
    .prepare = prepare,
    .finishes = true,
    .forward = forward,
    .backward_x = backward_x,
    .backward_w = backward_w,
};
