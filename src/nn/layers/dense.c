/** Every output reads every input: y = W x + b. W is [outputs][inputs]. Lecture L6. */
#include <stdio.h>
#include <string.h>

#include "nn/layers/layers.h"
#include "tensor/gemm.h"
#include "tensor/vec.h"

static const struct layer_options defaults = {.bias = true};

static enum err option(struct layer_options *o, int place, const char *name, const char *value,
                       bool *took_value, struct diag *diag)
{
    (void)took_value;
    if (!name && place == 0)
        return option_int("the number of outputs", value, 1, &o->units, diag);
    if (name && strcmp(name, "nobias") == 0) {
        o->bias = false;
        return ERR_NONE;
    }
    return option_unknown(name ? name : value, &layer_dense, diag);
}

static void write(const struct layer_options *o, char *text, size_t size)
{
    snprintf(text, size, " %d%s", o->units, o->bias ? "" : " nobias");
}

static enum err build(struct layer *layer, struct diag *diag)
{
    struct shape in = layer->in_shape[0];
    if (in.h != 1 || in.w != 1)
        return diag_fail(diag, ERR_SHAPE, NULL, 0,
                         "its input is %s, but must be a vector: put `flatten` before it", shape_text(in).s);
    int dim[2] = {layer->options.units, in.c};
    layer_add_param(layer, "weight", 2, dim);
    if (layer->options.bias)
        layer_add_param(layer, "bias", 1, dim);
    layer->out = (struct shape){layer->options.units, 1, 1};
    layer->fan_in = (size_t)in.c;
    layer->fan_out = (size_t)layer->options.units;
    layer->multiply_adds = (double)in.c * layer->options.units;
    return ERR_NONE;
}

/* Sixteen images at once: four outputs share each vector of inputs that is read. */
static void forward_lanes(const struct layer_io *io, int outputs, int inputs)
{
    const vec *x = (const vec *)io->x[0];
    vec *y = (vec *)io->y;
    const float *w = io->param[0];
    for (int o = 0; o < outputs; o += 4) {
        int left = outputs - o < 4 ? outputs - o : 4;
        vec sum[4] = {{0}};
        for (int k = 0; k < left; k++)
            sum[k] += io->param[1] ? io->param[1][o + k] : 0.0f;
        if (left == 4)
            for (int i = 0; i < inputs; i++)
                for (int k = 0; k < 4; k++)
                    sum[k] += w[(size_t)(o + k) * (size_t)inputs + (size_t)i] * x[i];
        else
            for (int k = 0; k < left; k++)
                for (int i = 0; i < inputs; i++)
                    sum[k] += w[(size_t)(o + k) * (size_t)inputs + (size_t)i] * x[i];
        for (int k = 0; k < left; k++)
            y[o + k] = sum[k];
    }
}

static float lane_sum(vec v)
{
    float sum = 0;
    for (int lane = 0; lane < LANES; lane++)
        sum += v[lane];
    return sum;
}

static void backward_lanes(const struct layer_io *io, int outputs, int inputs)
{
    const vec *x = (const vec *)io->x[0], *dy = (const vec *)io->dy;
    for (int o = 0; o < outputs && io->dparam[0]; o++) {
        float *dw = io->dparam[0] + (size_t)o * (size_t)inputs;
        for (int i = 0; i < inputs; i++)
            dw[i] += lane_sum(dy[o] * x[i]);
        if (io->dparam[1])
            io->dparam[1][o] += lane_sum(dy[o]);
    }
    vec *dx = (vec *)io->dx[0];
    for (int i = 0; i < inputs && dx; i++) {
        vec sum = {0};
        for (int o = 0; o < outputs; o++)
            sum += io->param[0][(size_t)o * (size_t)inputs + (size_t)i] * dy[o];
        dx[i] = sum;
    }
}

static void forward(const struct layer_io *io)
{
    int outputs = io->layer->out.c, inputs = io->layer->in_shape[0].c;
    if (io->lanes == LANES) {
        forward_lanes(io, outputs, inputs);
        return;
    }
    for (int o = 0; o < outputs; o++)
        io->y[o] = io->param[1] ? io->param[1][o] : 0;
    gemm(false, false, outputs, 1, inputs, 1, io->param[0], inputs, io->x[0], 1, 1, io->y, 1);
}

static void backward(const struct layer_io *io)
{
    int outputs = io->layer->out.c, inputs = io->layer->in_shape[0].c;
    if (io->lanes == LANES) {
        backward_lanes(io, outputs, inputs);
        return;
    }
    if (io->dparam[0])
        gemm(false, false, outputs, inputs, 1, 1, io->dy, 1, io->x[0], inputs, 1, io->dparam[0], inputs);
    for (int o = 0; o < outputs && io->dparam[1]; o++)
        io->dparam[1][o] += io->dy[o];
    if (io->dx[0])
        gemm(true, false, inputs, 1, outputs, 1, io->param[0], inputs, io->dy, 1, 0, io->dx[0], 1);
}

const struct layer_type layer_dense = {
    .name = "dense",
    .stem = "dense",
    .usage = "dense OUTPUTS [nobias]",
    .help = "every output reads every input",
    .positional = 1,
    .inputs = 1,
    .option = option,
    .defaults = &defaults,
    .write = write,
    .build = build,
    .forward = forward,
    .backward = backward,
};
