/** Every output reads every input: y = W x + b. W is [outputs][inputs]. Lecture L6. */
#include <stdio.h>
#include <string.h>

#include "nn/layers/layers.h"
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
    return option_unknown(name ? name : value, &LAYER(dense), diag);
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
    layer->scratch[1] = (size_t)in.c * LANES * sizeof(float);
    layer->multiply_adds = (double)in.c * layer->options.units;
    return ERR_NONE;
}

/* ---- sixteen images: a vector for every number of the definition ---- */

/* Outputs that share each vector of inputs; inputs that share each vector of gradients. */
enum { RUN = VEC_REGISTERS == 32 ? 6 : 3 };

/* y[k] = bias[k] + sum over i of w[k * w_run + i * w_step] * x[i], for k < run. */
VEC_INLINE void run_of_sums(int run, size_t count, const float *w, size_t w_run, size_t w_step,
                            const float *bias, const vec *x, vec *y)
{
    vec sum[RUN][PARTS];
    VEC_UNROLL for (int k = 0; k < run; k++) VEC_UNROLL for (int part = 0; part < PARTS; part++)
        sum[k][part] = vec_all(bias ? bias[k] : 0.0f);
    for (size_t i = 0; i < count; i++, x += PARTS)
        VEC_UNROLL for (int k = 0; k < run; k++) VEC_UNROLL for (int part = 0; part < PARTS; part++)
            sum[k][part] = vec_fma(vec_all(w[(size_t)k * w_run + i * w_step]), x[part], sum[k][part]);
    VEC_UNROLL for (int k = 0; k < run; k++) VEC_UNROLL for (int part = 0; part < PARTS; part++)
        y[k * PARTS + part] = sum[k][part];
}

static void sums(size_t results, size_t count, const float *w, size_t w_run, size_t w_step, const float *bias,
                 const vec *x, vec *y)
{
    size_t k = 0;
    for (; k + RUN <= results; k += RUN)
        run_of_sums(RUN, count, w + k * w_run, w_run, w_step, bias ? bias + k : NULL, x, y + k * PARTS);
    for (; k < results; k++)
        run_of_sums(1, count, w + k * w_run, w_run, w_step, bias ? bias + k : NULL, x, y + k * PARTS);
}

/* ---- along the inputs: one image, and the gradients of the weights ---- */

static float dot(const float *a, const float *b, size_t count)
{
    enum { WAYS = 4 };
    vec sum[WAYS] = {{0}};
    size_t i = 0;
    for (; i + WAYS * VEC <= count; i += WAYS * VEC)
        VEC_UNROLL for (int k = 0; k < WAYS; k++) sum[k] =
            vec_fma(vec_load(a + i + k * VEC), vec_load(b + i + k * VEC), sum[k]);
    float rest = 0;
    for (; i < count; i++)
        rest += a[i] * b[i];
    return vec_sum((sum[0] + sum[1]) + (sum[2] + sum[3])) + rest;
}

/* to[i] += sum over n of factor[n] * from[n][i] */
static void add_rows(float *to, const float *factor, const float *from, int n, size_t count)
{
    enum { WAYS = 4 };
    size_t i = 0;
    for (; i + WAYS * VEC <= count; i += WAYS * VEC) {
        vec sum[WAYS];
        VEC_UNROLL for (int k = 0; k < WAYS; k++) sum[k] = vec_load(to + i + k * VEC);
        for (int r = 0; r < n; r++)
            VEC_UNROLL for (int k = 0; k < WAYS; k++) sum[k] =
                vec_fma(vec_all(factor[r]), vec_load(from + (size_t)r * count + i + k * VEC), sum[k]);
        VEC_UNROLL for (int k = 0; k < WAYS; k++) vec_store(to + i + k * VEC, sum[k]);
    }
    for (; i < count; i++)
        for (int r = 0; r < n; r++)
            to[i] += factor[r] * from[(size_t)r * count + i];
}

/* [count][LANES] to [LANES][count] */
static const float *images_apart(const float *x, size_t count, float *to)
{
    size_t i = 0;
    for (; i + VEC <= count; i += VEC)
        for (int part = 0; part < PARTS; part++) {
            vec row[VEC];
            VEC_UNROLL for (int k = 0; k < VEC; k++) row[k] =
                vec_load(x + (i + (size_t)k) * LANES + part * VEC);
            vec_transpose(row);
            VEC_UNROLL for (int k = 0; k < VEC; k++)
                vec_store(to + (size_t)(part * VEC + k) * count + i, row[k]);
        }
    for (; i < count; i++)
        for (int lane = 0; lane < LANES; lane++)
            to[(size_t)lane * count + i] = x[i * LANES + (size_t)lane];
    return to;
}

static void forward(const struct layer_io *io)
{
    size_t outputs = (size_t)io->layer->out.c, inputs = (size_t)io->layer->in_shape[0].c;
    if (io->lanes == LANES) {
        sums(outputs, inputs, io->param[0], inputs, 1, io->param[1], (const vec *)io->x[0], (vec *)io->y);
        return;
    }
    for (size_t o = 0; o < outputs; o++)
        io->y[o] = dot(io->param[0] + o * inputs, io->x[0], inputs) + (io->param[1] ? io->param[1][o] : 0);
}

static void backward(const struct layer_io *io)
{
    size_t outputs = (size_t)io->layer->out.c, inputs = (size_t)io->layer->in_shape[0].c;
    int lanes = io->lanes;
    const float *x = io->x[0];
    if (io->dparam[0] && lanes == LANES)
        x = images_apart(x, inputs, io->scratch);
    for (size_t o = 0; o < outputs && io->dparam[0]; o++) {
        add_rows(io->dparam[0] + o * inputs, io->dy + o * (size_t)lanes, x, lanes, inputs);
        for (int lane = 0; lane < lanes && io->dparam[1]; lane++)
            io->dparam[1][o] += io->dy[o * (size_t)lanes + (size_t)lane];
    }
    if (io->dx[0] && lanes == LANES)
        sums(inputs, outputs, io->param[0], 1, inputs, NULL, (const vec *)io->dy, (vec *)io->dx[0]);
    else if (io->dx[0]) {
        memset(io->dx[0], 0, inputs * sizeof(float));
        add_rows(io->dx[0], io->dy, io->param[0], (int)outputs, inputs);
    }
}

const struct layer_type LAYER(dense) = {
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
