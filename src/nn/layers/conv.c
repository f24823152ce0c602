/** Convolution, as networks mean it: y[o,i,j] = b[o] + sum over c,l,m of x[c, i*stride + l*dilation - pad, ...] * w[o,c,l,m]. Lecture L22. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "nn/conv.h"
#include "nn/finish.h"
#include "nn/layers/layers.h"
#include "tensor/vec.h"

static const struct layer_options defaults = {
    .rows = {1, 1, 0, 1}, .cols = {1, 1, 0, 1}, .groups = 1, .bias = true};

static enum err option(struct layer_options *o, int place, const char *name, const char *value,
                       bool *took_value, struct diag *diag)
{
    if (!name && place == 0)
        return option_int("the number of channels", value, 1, &o->units, diag);
    if (!name && place == 1)
        return option_pair("the kernel", value, 1, &o->rows.size, &o->cols.size, diag);
    if (!name)
        return option_unknown(value, &LAYER(conv), diag);
    if (strcmp(name, "nobias") == 0) {
        o->bias = false;
        return ERR_NONE;
    }
    if (strcmp(name, "groups") == 0) {
        *took_value = true;
        return option_int(name, value, 1, &o->groups, diag);
    }
    enum err err = window_option(o, name, value, took_value, diag);
    return err == ERR_UNKNOWN ? option_unknown(name, &LAYER(conv), diag) : err;
}

static void write(const struct layer_options *o, char *text, size_t size)
{
    int used = snprintf(text, size, " %d %dx%d", o->units, o->rows.size, o->cols.size);
    used += window_write(o, 1, 1, text + used, size - (size_t)used);
    if (o->groups != 1)
        used += snprintf(text + used, size - (size_t)used, " groups %d", o->groups);
    if (!o->bias)
        snprintf(text + used, size - (size_t)used, " nobias");
}

static void pick_kernels(struct layer *layer)
{
    for (int k = 0; k < 2; k++) {
        int lanes = k == 0 ? 1 : 16;
        layer->kernel[k] = conv_kernel_pick(ISA_HERE, layer, lanes);
        layer->scratch[k] = layer->kernel[k]->scratch ? layer->kernel[k]->scratch(layer, lanes) : 0;
        for (int back = 0; back < 2 && layer->kernel[k]->prepared; back++)
            layer->prepared[k][back] = layer->kernel[k]->prepared(layer, lanes, back);
    }
}

static enum err build(struct layer *layer, struct diag *diag)
{
    const struct layer_options *o = &layer->options;
    struct shape in = layer->in_shape[0];
    if (in.c % o->groups || o->units % o->groups)
        return diag_fail(diag, ERR_SHAPE, NULL, 0,
                         "%d groups must divide its %d input and its %d output channels", o->groups, in.c,
                         o->units);
    layer->out.c = o->units;
    if (window_extent(in.h, o->rows, &layer->out.h) || window_extent(in.w, o->cols, &layer->out.w))
        return diag_fail(diag, ERR_SHAPE, NULL, 0,
                         "a kernel of %dx%d is larger than its input %s with its padding", o->rows.size,
                         o->cols.size, shape_text(in).s);
    /* kernels count the weights of a layer and its places in ints */
    double weights = (double)o->units * (in.c / o->groups) * o->rows.size * o->cols.size;
    if (weights > INT_MAX || (double)o->units * layer->out.h * layer->out.w > LAYER_OUTPUTS)
        return diag_fail(diag, ERR_SHAPE, NULL, 0,
                         "%.0f weights from an input of %s to an output of %s are more than can be meant",
                         weights, shape_text(in).s, shape_text(layer->out).s);
    int window[4] = {o->units, in.c / o->groups, o->rows.size, o->cols.size};
    layer_add_param(layer, "weight", 4, window);
    if (o->bias)
        layer_add_param(layer, "bias", 1, &o->units);
    layer->fan_in = (size_t)window[1] * (size_t)window[2] * (size_t)window[3];
    layer->fan_out = (size_t)(o->units / o->groups) * (size_t)window[2] * (size_t)window[3];
    layer->multiply_adds = (double)shape_count(layer->out) * (double)layer->fan_in;
    pick_kernels(layer);
    return ERR_NONE;
}

static const struct conv_kernel *kernel_of(const struct layer_io *io)
{
    return io->layer->kernel[io->lanes == 1 ? 0 : 1];
}

static void prepare(const struct layer *layer, int lanes, const float *const *param, bool backward,
                    float *prepared)
{
    const struct conv_kernel *kernel = layer->kernel[lanes == 1 ? 0 : 1];
    if (kernel->prepare)
        kernel->prepare(layer, lanes, param, backward, prepared);
}

static void forward(const struct layer_io *io)
{
    size_t plane = (size_t)io->layer->out.h * (size_t)io->layer->out.w * (size_t)io->lanes;
    kernel_of(io)->forward(io);
    if (!kernel_of(io)->finishes && (io->finish.relu || io->finish.scale))
        for (int o = 0; o < io->layer->out.c; o++)
            finish_plane(io, o, io->y + (size_t)o * plane, plane);
}

/* A bias is added to every place of its channel, so its gradient is the sum over them, and over the images. */
static void bias_gradient(const struct layer_io *io)
{
    enum { WAYS = 4 };
    size_t count = (size_t)io->layer->out.h * (size_t)io->layer->out.w * (size_t)io->lanes;
    for (int o = 0; o < io->layer->out.c; o++) {
        const float *dy = io->dy + (size_t)o * count;
        vec sum[WAYS] = {{0}};
        float rest = 0;
        size_t i = 0;
        for (; i + WAYS * VEC <= count; i += WAYS * VEC)
            VEC_FOR (k, WAYS)
                sum[k] += vec_load(dy + i + k * VEC);
        for (; i < count; i++)
            rest += dy[i];
        io->dparam[1][o] += vec_sum((sum[0] + sum[1]) + (sum[2] + sum[3])) + rest;
    }
}

static void backward(const struct layer_io *io)
{
    if (io->dparam[0])
        kernel_of(io)->backward_w(io);
    if (io->dparam[1])
        bias_gradient(io);
    if (io->dx[0])
        kernel_of(io)->backward_x(io);
}

const struct layer_type LAYER(conv) = {
    .name = "conv",
    .stem = "conv",
    .usage = "conv CHANNELS ROWSxCOLS [stride S] [pad P] [dilation D] [groups G] [nobias]",
    .help = "convolution with learned kernels",
    .positional = 2,
    .inputs = 1,
    .option = option,
    .defaults = &defaults,
    .write = write,
    .build = build,
    .prepare = prepare,
    .forward = forward,
    .backward = backward,
    .takes_affine = true,
    .takes_relu = true,
};
