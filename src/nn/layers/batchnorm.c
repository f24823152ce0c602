/**
 * Batch normalisation (Ioffe & Szegedy 2015, arXiv:1502.03167): u = gamma * (x - mean) / sqrt(var + eps) + beta, a channel at a time.
 *
 * In training mean and variance are the batch's, so the blocks meet: each gathers its count, mean and sum of squared deviations, and meet()
 * joins them in the order of the blocks by Chan's formula (Chan, Golub, LeVeque 1979). Only live lanes are counted. Backward needs two more sums
 * over the batch, of dy and of dy * x_hat, and they are also the gradients of beta and gamma.
 */
#include <math.h>
#include <string.h>

#include "nn/finish.h"
#include "nn/layers/layers.h"
#include "tensor/vec.h"

static const struct layer_options defaults = {.eps = 1e-5f, .momentum = 0.1f};

/* partial: [c][3] count, mean, squares forward; [c][2] backward. shared: see the enum, each [c]. */
enum { PARTIAL = 3 };
enum { SHARED_MEAN, SHARED_INVERSE, SHARED_VARIANCE, SHARED_COUNT, SHARED_DBETA, SHARED_DGAMMA, SHARED };

static enum err option(struct layer_options *o, int place, const char *name, const char *value,
                       bool *took_value, struct diag *diag)
{
    (void)place;
    *took_value = true;
    if (name && strcmp(name, "eps") == 0)
        return option_real(name, value, 1e-12, 1, &o->eps, diag);
    if (name && strcmp(name, "momentum") == 0)
        return option_real(name, value, 0, 1, &o->momentum, diag);
    return option_unknown(name ? name : value, &LAYER(batchnorm), diag);
}

static void write(const struct layer_options *o, char *text, size_t size)
{
    int used = option_write_real(text, size, " eps ", o->eps);
    option_write_real(text + used, size - (size_t)used, " momentum ", o->momentum);
}

static enum err build(struct layer *layer, struct diag *diag)
{
    int c = layer->in_shape[0].c;
    layer_add_param(layer, "weight", 1, &c);
    layer_add_param(layer, "bias", 1, &c);
    layer_add_buffer(layer, "running_mean", 1, &c);
    layer_add_buffer(layer, "running_var", 1, &c);
    layer->partial = (size_t)c * PARTIAL;
    layer->shared = (size_t)c * SHARED;
    return build_same_shape(layer, diag);
}

static size_t places_of(const struct layer *l)
{
    return (size_t)l->out.h * (size_t)l->out.w;
}

static float *shared_of(const struct layer *l, float *shared, int which)
{
    return shared + (size_t)which * (size_t)l->out.c;
}

/* Which lanes of a part hold images. */
static vecmask live_lanes(const struct layer_io *io, int part)
{
    vecmask live = {0};
    for (int lane = 0; lane < VEC; lane++)
        live[lane] = part * VEC + lane < io->live ? -1 : 0;
    return live;
}

/*
 * One channel's sums over its places and its live images: of (x - mean) * dy, where dy NULL stands for x - mean itself, and of dy. With sixteen lanes a
 * vector at a time and the others masked; with one image along its places.
 */
static void channel_sums(const struct layer_io *io, size_t channel, float mean, const float *dy,
                         double *products, double *plain)
{
    enum { WAYS = 4 };
    size_t count = places_of(io->layer) * (size_t)io->lanes, i = 0;
    const float *x = io->x[0] + channel * count;
    dy = dy ? dy + channel * count : NULL;
    vec product[WAYS] = {{0}}, sum[WAYS] = {{0}};
    vecmask live[WAYS];
    for (int k = 0; k < WAYS; k++)
        live[k] = io->lanes == LANES ? live_lanes(io, k % PARTS) : live_lanes(io, 0) | -1;
    *products = *plain = 0;
    for (; i + WAYS * VEC <= count; i += WAYS * VEC)
        VEC_FOR (k, WAYS) {
            vec d = vec_load(x + i + k * VEC) - mean, g = dy ? vec_load(dy + i + k * VEC) : d;
            g = vec_pick(live[k], g, vec_all(0));
            product[k] = vec_fma(d, g, product[k]);
            sum[k] += g;
        }
    for (; i < count; i++) {
        if (io->lanes == LANES && (int)(i % LANES) >= io->live)
            continue;
        float d = x[i] - mean, g = dy ? dy[i] : d;
        *products += (double)(d * g);
        *plain += (double)g;
    }
    for (int k = 0; k < WAYS; k++) {
        *products += (double)vec_sum(product[k]);
        *plain += (double)vec_sum(sum[k]);
    }
}

static void gather(const struct layer_io *io, float *partial)
{
    const struct layer *l = io->layer;
    double count = (double)(places_of(l) * (size_t)io->live);
    for (size_t c = 0; c < (size_t)l->out.c; c++) {
        /* about a first guess, so that the second sum is small differences and not a difference of large numbers */
        double sum, squares;
        channel_sums(io, c, 0, NULL, &squares, &sum);
        float mean = (float)(sum / count);
        channel_sums(io, c, mean, NULL, &squares, &sum);
        partial[c * PARTIAL] = (float)count;
        partial[c * PARTIAL + 1] = mean + (float)(sum / count);
        partial[c * PARTIAL + 2] = (float)(squares - sum * sum / count);
    }
}

static void meet(const struct layer *l, const float *partials, int blocks, float *shared)
{
    for (size_t c = 0; c < (size_t)l->out.c; c++) {
        double count = 0, mean = 0, squares = 0;
        for (int b = 0; b < blocks; b++) {
            const float *p = partials + (size_t)b * l->partial + c * PARTIAL;
            double n = (double)p[0], delta = (double)p[1] - mean, all = count + n;
            squares += (double)p[2] + delta * delta * count * n / all;
            mean += delta * n / all;
            count = all;
        }
        double variance = squares / count;
        shared_of(l, shared, SHARED_MEAN)[c] = (float)mean;
        shared_of(l, shared, SHARED_VARIANCE)[c] = (float)variance;
        shared_of(l, shared, SHARED_INVERSE)[c] = (float)(1 / sqrt(variance + (double)l->options.eps));
        shared_of(l, shared, SHARED_COUNT)[c] = (float)count;
    }
}

/* The mean and 1 / sqrt(var + eps) that hold in this mode. */
static void statistics(const struct layer_io *io, size_t c, float *mean, float *inverse)
{
    if (io->mode == MODE_TRAIN) {
        *mean = shared_of(io->layer, io->shared, SHARED_MEAN)[c];
        *inverse = shared_of(io->layer, io->shared, SHARED_INVERSE)[c];
    } else {
        *mean = io->buffer[0][c];
        *inverse = 1 / sqrtf(io->buffer[1][c] + io->layer->options.eps);
    }
}

static void forward(const struct layer_io *io)
{
    size_t plane = places_of(io->layer) * (size_t)io->lanes;
    for (size_t c = 0; c < (size_t)io->layer->out.c; c++) {
        float mean, inverse;
        statistics(io, c, &mean, &inverse);
        float gain = io->param[0][c] * inverse, shift = io->param[1][c];
        const float *x = io->x[0] + c * plane;
        float *restrict y = io->y + c * plane;
        size_t i = 0;
        for (; i + VEC <= plane; i += VEC) {
            vec u = vec_fma(vec_load(x + i) - mean, vec_all(gain), vec_all(shift));
            vec_store(y + i, io->finish.relu ? vec_relu(u) : u);
        }
        for (; i < plane; i++) {
            float u = (x[i] - mean) * gain + shift;
            y[i] = io->finish.relu && u <= 0 ? 0 : u;
        }
    }
}

static void affine(const struct layer *l, const float *const *param, const float *const *buffer, float *scale,
                   float *shift)
{
    for (size_t c = 0; c < (size_t)l->out.c; c++) {
        scale[c] = param[0][c] / sqrtf(buffer[1][c] + l->options.eps);
        shift[c] = param[1][c] - buffer[0][c] * scale[c];
    }
}

/* Sums over the live images of dy and of dy * x_hat. */
static void sums(const struct layer_io *io, size_t c, double *dbeta, double *dgamma)
{
    float mean, inverse;
    statistics(io, c, &mean, &inverse);
    channel_sums(io, c, mean, io->dy, dgamma, dbeta);
    *dgamma *= (double)inverse;
}

static void gather_back(const struct layer_io *io, float *partial)
{
    for (size_t c = 0; c < (size_t)io->layer->out.c; c++) {
        double dbeta, dgamma;
        sums(io, c, &dbeta, &dgamma);
        partial[c * PARTIAL] = (float)dbeta;
        partial[c * PARTIAL + 1] = (float)dgamma;
    }
}

static void meet_back(const struct layer *l, const float *partials, int blocks, float *shared,
                      float *const *dparam)
{
    for (size_t c = 0; c < (size_t)l->out.c; c++) {
        double dbeta = 0, dgamma = 0;
        for (int b = 0; b < blocks; b++) {
            dbeta += (double)partials[(size_t)b * l->partial + c * PARTIAL];
            dgamma += (double)partials[(size_t)b * l->partial + c * PARTIAL + 1];
        }
        shared_of(l, shared, SHARED_DBETA)[c] = (float)dbeta;
        shared_of(l, shared, SHARED_DGAMMA)[c] = (float)dgamma;
        if (dparam[0])
            dparam[0][c] += (float)dgamma;
        if (dparam[1])
            dparam[1][c] += (float)dbeta;
    }
}

/* dx of one channel. With running statistics x isn't read: it may not even have been written. */
static void plane_back(const struct layer_io *io, size_t from, size_t count, float gain, float mean,
                       float lost, float slope)
{
    const float *restrict x = io->x[0] + from, *restrict dy = io->dy + from;
    float *restrict dx = io->dx[0] + from;
    if (io->mode == MODE_TRAIN)
        for (size_t i = 0; i < count; i++)
            dx[i] = gain * (dy[i] - lost - slope * (x[i] - mean));
    else
        for (size_t i = 0; i < count; i++)
            dx[i] = gain * dy[i];
}

static void backward(const struct layer_io *io)
{
    const struct layer *l = io->layer;
    size_t plane = places_of(l) * (size_t)io->lanes;
    for (size_t c = 0; c < (size_t)l->out.c; c++) {
        float mean, inverse, lost = 0, slope = 0;
        statistics(io, c, &mean, &inverse);
        float gain = io->param[0][c] * inverse;
        if (io->mode == MODE_TRAIN) { /* the batch's own mean and variance move with x too */
            float count = shared_of(l, io->shared, SHARED_COUNT)[c];
            lost = shared_of(l, io->shared, SHARED_DBETA)[c] / count;
            slope = shared_of(l, io->shared, SHARED_DGAMMA)[c] / count * inverse;
        } else if (io->dparam[0]) {
            double dbeta, dgamma;
            sums(io, c, &dbeta, &dgamma);
            io->dparam[0][c] += (float)dgamma;
            io->dparam[1][c] += (float)dbeta;
        }
        if (io->dx[0])
            plane_back(io, c * plane, plane, gain, mean, lost, slope);
        /* images that aren't there have no gradient, whatever the batch's means say */
        for (size_t i = 0; i < places_of(l) && io->dx[0] && io->live < io->lanes; i++)
            for (int lane = io->live; lane < io->lanes; lane++)
                io->dx[0][c * plane + i * (size_t)io->lanes + (size_t)lane] = 0;
    }
}

/* The running variance takes the unbiased estimate, as PyTorch's does. */
static void absorb(const struct layer *l, const float *shared, float *const *buffer)
{
    size_t channels = (size_t)l->out.c;
    const float *mean = shared + SHARED_MEAN * channels, *variance = shared + SHARED_VARIANCE * channels;
    const float *count = shared + SHARED_COUNT * channels;
    float m = l->options.momentum;
    for (size_t c = 0; c < channels; c++) {
        float unbiased = count[c] > 1 ? variance[c] * count[c] / (count[c] - 1) : variance[c];
        buffer[0][c] = (1 - m) * buffer[0][c] + m * mean[c];
        buffer[1][c] = (1 - m) * buffer[1][c] + m * unbiased;
    }
}

const struct layer_type LAYER(batchnorm) = {
    .name = "batchnorm",
    .stem = "bn",
    .usage = "batchnorm [eps E] [momentum M]",
    .help = "each channel brought to mean beta and deviation gamma",
    .inputs = 1,
    .option = option,
    .defaults = &defaults,
    .write = write,
    .build = build,
    .forward = forward,
    .backward = backward,
    .gather = gather,
    .meet = meet,
    .gather_back = gather_back,
    .meet_back = meet_back,
    .absorb = absorb,
    .affine = affine,
    .takes_relu = true,
};
