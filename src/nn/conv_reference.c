/** The definition as a plain loop, for any shape and both layouts: what the other kernels are compared against. */
#include <string.h>

#include "nn/conv_kernels.h"

/* Visits every product once: output place y, input place x, weight w, all as offsets. */
struct visit {
    const struct layer_io *io;
    void (*product)(const struct layer_io *io, size_t y, size_t x, size_t w);
};

static bool fits(const struct layer *layer, int lanes)
{
    (void)layer;
    (void)lanes;
    return true;
}

static void each_product(const struct visit *v)
{
    const struct layer *l = v->io->layer;
    const struct layer_options *o = &l->options;
    struct shape in = l->in_shape[0], out = l->out;
    int cin = in.c / o->groups, cout = out.c / o->groups;
    size_t lanes = (size_t)v->io->lanes;
    for (int oc = 0; oc < out.c; oc++)
        for (int c = 0; c < cin; c++)
            for (int a = 0; a < o->rows.size; a++)
                for (int b = 0; b < o->cols.size; b++) {
                    size_t w = (((size_t)oc * (size_t)cin + (size_t)c) * (size_t)o->rows.size + (size_t)a) *
                                   (size_t)o->cols.size +
                               (size_t)b;
                    int r0, r1, c0, c1, ic = oc / cout * cin + c;
                    window_span(o->rows, a, in.h, out.h, &r0, &r1);
                    window_span(o->cols, b, in.w, out.w, &c0, &c1);
                    for (int i = r0; i < r1; i++)
                        for (int j = c0; j < c1; j++) {
                            int row = i * o->rows.stride + a * o->rows.dilation - o->rows.pad;
                            int col = j * o->cols.stride + b * o->cols.dilation - o->cols.pad;
                            v->product(
                                v->io,
                                (((size_t)oc * (size_t)out.h + (size_t)i) * (size_t)out.w + (size_t)j) *
                                    lanes,
                                (((size_t)ic * (size_t)in.h + (size_t)row) * (size_t)in.w + (size_t)col) *
                                    lanes,
                                w);
                        }
                }
}

static void product_y(const struct layer_io *io, size_t y, size_t x, size_t w)
{
    for (int lane = 0; lane < io->lanes; lane++)
        io->y[y + (size_t)lane] += io->x[0][x + (size_t)lane] * io->param[0][w];
}

static void product_x(const struct layer_io *io, size_t y, size_t x, size_t w)
{
    for (int lane = 0; lane < io->lanes; lane++)
        io->dx[0][x + (size_t)lane] += io->dy[y + (size_t)lane] * io->param[0][w];
}

static void product_w(const struct layer_io *io, size_t y, size_t x, size_t w)
{
    for (int lane = 0; lane < io->lanes; lane++)
        io->dparam[0][w] += io->dy[y + (size_t)lane] * io->x[0][x + (size_t)lane];
}

static size_t plane_of(const struct layer_io *io)
{
    return (size_t)io->layer->out.h * (size_t)io->layer->out.w * (size_t)io->lanes;
}

static void forward(const struct layer_io *io)
{
    size_t plane = plane_of(io);
    for (int o = 0; o < io->layer->out.c; o++)
        for (size_t i = 0; i < plane; i++)
            io->y[(size_t)o * plane + i] = io->param[1] ? io->param[1][o] : 0;
    each_product(&(struct visit){io, product_y});
}

static void backward_x(const struct layer_io *io)
{
    memset(io->dx[0], 0, layer_in_floats(io->layer, 0, io->lanes) * sizeof(float));
    each_product(&(struct visit){io, product_x});
}

static void backward_w(const struct layer_io *io)
{
    each_product(&(struct visit){io, product_w});
}

const struct conv_kernel CONV(reference) = {
    .name = "reference",
    .idea = "the definition as a plain loop",
    .fits = fits,
    .forward = forward,
    .backward_x = backward_x,
    .backward_w = backward_w,
};
