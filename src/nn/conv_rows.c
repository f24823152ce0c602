/**
 * One image, vectors along its rows: VEC neighbouring columns of the output are computed at once.
 *
 * A run of output channels times RUNS such vectors stays in registers while the products of all input channels and kernel places are added; each weight meets whole
 * vectors of the input, read from wherever they begin. With padding the input is copied once with its zeros. With a stride of s columns the copy also
 * sorts the columns by their remainder modulo s, so that what one kernel place meets lies side by side again. A row's last vector overlaps the one before
 * it instead of leaving columns over.
 *
 * The gradient of the input is the same sum with dy as input and the kernel turned round. Runs of output channels are shared out among a team.
 */
#include <string.h>

#include "nn/conv_kernels.h"
#include "nn/conv_pack.h"
#include "nn/finish.h"
#include "tensor/vec.h"

/* Vectors along the rows at a time; wide enough to hide what a multiplication takes, few enough for the registers. */
enum { RUNS = VEC_REGISTERS == 32 ? 4 : 2 };

struct sum {
    int cin, cout, groups; /* of a group */
    struct shape in, out;
    struct window rows, cols;
    int line, row;       /* floats of the copy: columns of one remainder; a whole row */
    int height;          /* rows of the copy */
    int across, vectors; /* of the output: in a row, in a channel */
    bool copies;
};

static struct sum sum_of(const struct layer *l, bool back)
{
    const struct layer_options *o = &l->options;
    struct sum s = {
        .groups = o->groups, .in = back ? l->out : l->in_shape[0], .out = back ? l->in_shape[0] : l->out};
    s.cin = s.in.c / o->groups, s.cout = s.out.c / o->groups;
    s.rows = back ? conv_turned(o->rows) : o->rows;
    s.cols = back ? conv_turned(o->cols) : o->cols;
    s.across = (s.out.w + VEC - 1) / VEC;
    s.vectors = s.across * s.out.h;
    s.copies = s.rows.pad || s.cols.pad || s.cols.stride > 1 || s.out.w < VEC;
    s.line = s.copies ? (s.in.w + 2 * s.cols.pad + s.cols.stride - 1) / s.cols.stride : s.in.w;
    s.row = s.line * s.cols.stride;
    s.height = s.in.h + 2 * s.rows.pad;
    return s;
}

/* Vectors that stick out are wasted work: a fifth may be. */
static bool wide(const struct sum *s)
{
    return s->out.w * 5 >= s->across * VEC * 4;
}

static bool goes_back(const struct layer *l)
{
    struct sum back = sum_of(l, true);
    return conv_turns(l->options.rows, l->options.cols) && wide(&back);
}

static bool fits(const struct layer *l, int lanes)
{
    struct sum s = sum_of(l, false);
    bool product = s.rows.size * s.cols.size == 1 && s.cin >= 16; /* that is a matrix product already */
    return lanes == 1 && wide(&s) && !product;
}

/* ---- the copy with its zeros ---- */

static size_t copy_floats(const struct sum *s)
{
    return s->copies ? (size_t)s->cin * (size_t)s->height * (size_t)s->row + 2 * VEC
                     : 0; /* vectors read past the end */
}

static size_t scratch(const struct layer *l, int lanes)
{
    struct sum f = sum_of(l, false), b = sum_of(l, true);
    size_t forward = copy_floats(&f) * sizeof(float),
           back = goes_back(l) ? copy_floats(&b) * sizeof(float) : 0;
    size_t most = CONV(im2col).scratch(l, lanes);
    most = forward > most ? forward : most;
    return back > most ? back : most;
}

static const float *copy_padded(const struct sum *s, const float *x, float *to)
{
    int stride = s->cols.stride, pad = s->cols.pad;
    if (!s->copies)
        return x;
    memset(to, 0, copy_floats(s) * sizeof(float));
    for (int c = 0; c < s->cin; c++)
        for (int i = 0; i < s->in.h; i++, x += s->in.w) {
            float *row = to + ((size_t)c * (size_t)s->height + (size_t)(i + s->rows.pad)) * (size_t)s->row;
            if (stride == 1)
                memcpy(row + pad, x, (size_t)s->in.w * sizeof *x);
            else
                for (int rest = 0; rest < stride; rest++) /* columns j with (j + pad) % stride == rest */
                    for (int k = (pad - rest + stride - 1) / stride, j;
                         (j = k * stride + rest - pad) < s->in.w; k++)
                        row[rest * s->line + k] = x[j];
        }
    return to;
}

/* ---- the sum ---- */

/* Where the vectors of a tile begin: in the input, at the kernel's first place, and in the output. */
struct tile {
    int from[RUNS], to[RUNS];
};

VEC_INLINE void sum_tile(const struct sum *s, const struct tile *at, const float *x, const float *w,
                         const float *bias, vec sum[CONV_OUTS][RUNS], int outs, int runs)
{
    const float *from[RUNS];
    VEC_UNROLL for (int o = 0; o < outs; o++) VEC_UNROLL for (int k = 0; k < runs; k++) sum[o][k] =
        vec_all(bias ? bias[o] : 0.0f);
    for (int c = 0; c < s->cin; c++, x += s->height * s->row)
        for (int a = 0; a < s->rows.size; a++) {
            VEC_UNROLL for (int k = 0; k < runs; k++) from[k] =
                x + at->from[k] + a * s->rows.dilation * s->row;
            for (int b = 0, rest = 0, place = 0; b < s->cols.size; b++, w += outs) {
                VEC_UNROLL for (int k = 0; k < runs; k++)
                {
                    vec v = vec_load(from[k] + rest * s->line + place);
                    VEC_UNROLL for (int o = 0; o < outs; o++) sum[o][k] =
                        vec_fma(vec_all(w[o]), v, sum[o][k]);
                }
                for (rest += s->cols.dilation; rest >= s->cols.stride; rest -= s->cols.stride)
                    place++;
            }
        }
}

struct work {
    struct sum sum;
    const float *x, *w, *bias;
    float *y;
    int group, outs;
    const struct finish *finish;
};

/* A tile of `outs` channels from channel `first` on; `runs` vectors. */
VEC_INLINE void work_tile(const struct work *work, const struct tile *at, int first, int outs, int runs)
{
    const struct sum *s = &work->sum;
    int channel = work->group * s->cout + first, width = s->out.w < VEC ? s->out.w : VEC;
    vec sum[CONV_OUTS][RUNS];
    sum_tile(s, at, work->x, work->w + (size_t)first * (size_t)(s->cin * s->rows.size * s->cols.size),
             work->bias ? work->bias + channel : NULL, sum, outs, runs);
    for (int o = 0; o < outs; o++) {
        float *y = work->y + (size_t)(channel + o) * (size_t)(s->out.h * s->out.w);
        for (int k = 0; k < runs; k++) {
            vec v = work->finish ? finish_vec(work->finish, channel + o, sum[o][k]) : sum[o][k];
            if (width == VEC)
                vec_store(y + at->to[k], v);
            else
                vec_store_lanes(y + at->to[k], width, v);
        }
    }
}

/* All of one run of output channels. */
VEC_INLINE void work_channels(const struct work *work, int first, int outs)
{
    const struct sum *s = &work->sum;
    struct tile at;
    for (int v = 0, runs; v < s->vectors; v += runs) {
        runs = s->vectors - v >= RUNS ? RUNS : 1;
        for (int k = 0; k < runs; k++) {
            int row = (v + k) / s->across, col = (v + k) % s->across * VEC;
            col = s->out.w >= VEC && col > s->out.w - VEC ? s->out.w - VEC : col;
            at.from[k] = row * s->rows.stride * s->row + col;
            at.to[k] = row * s->out.w + col;
        }
        if (runs == RUNS)
            work_tile(work, &at, first, outs, RUNS);
        else
            work_tile(work, &at, first, outs, 1);
    }
}

static void run_channels(void *arg, int run)
{
    const struct work *work = arg;
    int first = run * work->outs, left = work->sum.cout - first;
    switch (left < work->outs ? left : work->outs) {
    case 6:
        work_channels(work, first, 6);
        break;
    case 5:
        work_channels(work, first, 5);
        break;
    case 4:
        work_channels(work, first, 4);
        break;
    case 3:
        work_channels(work, first, 3);
        break;
    case 2:
        work_channels(work, first, 2);
        break;
    default:
        work_channels(work, first, 1);
    }
}

static void correlate(const struct layer_io *io, bool back)
{
    struct work work = {.sum = sum_of(io->layer, back)};
    const struct sum *s = &work.sum;
    size_t weights = io->layer->param[0].count, in = (size_t)(s->cin * s->in.h * s->in.w);
    work.bias = back ? NULL : io->param[1];
    work.y = back ? io->dx[0] : io->y;
    work.finish = back ? NULL : &io->finish;
    work.outs = conv_outs(s->cout);
    for (int g = 0; g < s->groups; g++) {
        work.group = g;
        work.x = copy_padded(s, (back ? io->dy : io->x[0]) + (size_t)g * in, io->scratch);
        work.w = io->prepared + (back ? weights : 0) + weights / (size_t)s->groups * (size_t)g;
        team_run(io->team, (s->cout + work.outs - 1) / work.outs, run_channels, &work);
    }
}

/* ---- the kernel ---- */

static size_t prepared(const struct layer *l, int lanes, bool backward)
{
    (void)lanes;
    return l->param[0].count * (backward && goes_back(l) ? 2 : 1);
}

static void prepare(const struct layer *l, int lanes, const float *const *param, bool backward, float *to)
{
    (void)lanes;
    struct sum f = sum_of(l, false);
    int taps = f.rows.size * f.cols.size;
    size_t group = (size_t)f.cin * (size_t)f.cout * (size_t)taps;
    for (int turn = 0; turn < (backward && goes_back(l) ? 2 : 1); turn++)
        for (int g = 0; g < f.groups; g++, to += group)
            conv_pack(turn ? f.cout : f.cin, turn ? f.cin : f.cout, taps, param[0] + (size_t)g * group, turn,
                      to);
}

static void forward(const struct layer_io *io)
{
    correlate(io, false);
}

static void backward_x(const struct layer_io *io)
{
    if (goes_back(io->layer))
        correlate(io, true);
    else
        CONV(im2col).backward_x(io);
}

static void backward_w(const struct layer_io *io)
{
    CONV(im2col).backward_w(io);
}

const struct conv_kernel CONV(rows) = {
    .name = "rows",
    .idea = "one image, neighbouring columns of the output side by side",
    .fits = fits,
    .scratch = scratch,
    .prepared = prepared,
    .prepare = prepare,
    .finishes = true,
    .forward = forward,
    .backward_x = backward_x,
    .backward_w = backward_w,
};
