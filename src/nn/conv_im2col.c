/**
 * One image at a time: its windows unfolded into a matrix (which still fits the cache), then one matrix product a group.
 * A 1x1 convolution without stride or padding is that product already, and nothing is unfolded.
 */
#include <string.h>

#include "nn/conv_kernels.h"
#include "tensor/gemm.h"
#include "tensor/im2col.h"

struct sizes {
    int groups, cout, inner, places; /* a group: cout x inner weights, inner x places unfolded */
    struct shape in;                 /* of a group */
    bool plain;                      /* x is its own unfolded matrix */
};

static struct sizes sizes_of(const struct layer *l)
{
    const struct layer_options *o = &l->options;
    struct shape in = l->in_shape[0];
    in.c /= o->groups;
    bool plain = o->rows.size == 1 && o->cols.size == 1 && o->rows.stride == 1 && o->cols.stride == 1 &&
                 !o->rows.pad && !o->cols.pad;
    return (struct sizes){
        o->groups, l->out.c / o->groups, in.c * o->rows.size * o->cols.size, l->out.h * l->out.w, in, plain};
}

/* An unfolded matrix beyond this would be gigabytes: then the plain loop. */
static bool fits(const struct layer *l, int lanes)
{
    struct sizes s = sizes_of(l);
    return lanes == 1 && (double)s.inner * s.places < 1e9;
}

static size_t scratch(const struct layer *l, int lanes)
{
    (void)lanes;
    struct sizes s = sizes_of(l);
    return s.plain ? 0 : (size_t)s.inner * (size_t)s.places * sizeof(float);
}

static const float *unfold(const struct layer_io *io, const struct sizes *s, int group)
{
    const float *x = io->x[0] + (size_t)group * shape_count(s->in);
    if (s->plain)
        return x;
    im2col(x, s->in, io->layer->options.rows, io->layer->options.cols, io->layer->out, io->scratch);
    return io->scratch;
}

static void forward(const struct layer_io *io)
{
    struct sizes s = sizes_of(io->layer);
    for (int o = 0; o < io->layer->out.c; o++)
        for (int i = 0; i < s.places; i++)
            io->y[(size_t)o * (size_t)s.places + (size_t)i] = io->param[1] ? io->param[1][o] : 0;
    for (int g = 0; g < s.groups; g++) {
        const float *w = io->param[0] + (size_t)g * (size_t)s.cout * (size_t)s.inner;
        float *y = io->y + (size_t)g * (size_t)s.cout * (size_t)s.places;
        gemm(false, false, s.cout, s.places, s.inner, 1, w, s.inner, unfold(io, &s, g), s.places, 1, y,
             s.places);
    }
}

static void backward_x(const struct layer_io *io)
{
    struct sizes s = sizes_of(io->layer);
    if (!s.plain)
        memset(io->dx[0], 0, layer_in_floats(io->layer, 0, 1) * sizeof(float));
    for (int g = 0; g < s.groups; g++) {
        const float *w = io->param[0] + (size_t)g * (size_t)s.cout * (size_t)s.inner;
        const float *dy = io->dy + (size_t)g * (size_t)s.cout * (size_t)s.places;
        float *dx = io->dx[0] + (size_t)g * shape_count(s.in), *unfolded = s.plain ? dx : io->scratch;
        gemm(true, false, s.inner, s.places, s.cout, 1, w, s.inner, dy, s.places, 0, unfolded, s.places);
        if (!s.plain)
            col2im(unfolded, s.in, io->layer->options.rows, io->layer->options.cols, io->layer->out, dx);
    }
}

static void backward_w(const struct layer_io *io)
{
    struct sizes s = sizes_of(io->layer);
    for (int g = 0; g < s.groups; g++) {
        float *dw = io->dparam[0] + (size_t)g * (size_t)s.cout * (size_t)s.inner;
        const float *dy = io->dy + (size_t)g * (size_t)s.cout * (size_t)s.places;
        gemm(false, true, s.cout, s.inner, s.places, 1, dy, s.places, unfold(io, &s, g), s.places, 1, dw,
             s.inner);
    }
}

const struct conv_kernel CONV(im2col) = {
    .name = "im2col",
    .idea = "the windows as columns of a matrix, and one matrix product",
    .fits = fits,
    .scratch = scratch,
    .forward = forward,
    .backward_x = backward_x,
    .backward_w = backward_w,
};
