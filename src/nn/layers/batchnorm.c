/**
 * Batch normalisation (Ioffe & Szegedy 2015, arXiv:1502.03167): u = gamma * (x - mean) / sqrt(var + eps) + beta, a channel at a time.
 *
 * In training mean and variance are the batch's, so the blocks meet: each gathers its count, mean and sum of squared deviations, and meet()
 * joins them in the order of the blocks by Chan's formula (Chan, Golub, LeVeque 1979). Only live lanes are counted. Backward needs two more sums
 * over the batch, of dy and of dy * x_hat, and they are also the gradients of beta and gamma.
 */
#include <math.h>
#include <string.h>

#include "nn/layers/layers.h"

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
    return option_unknown(name ? name : value, &layer_batchnorm, diag);
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

static void gather(const struct layer_io *io, float *partial)
{
    const struct layer *l = io->layer;
    size_t places = places_of(l), lanes = (size_t)io->lanes, live = (size_t)io->live;
    for (size_t c = 0; c < (size_t)l->out.c; c++) {
        const float *x = io->x[0] + c * places * lanes;
        double sum = 0, squares = 0, count = (double)(places * live);
        for (size_t i = 0; i < places; i++)
            for (size_t lane = 0; lane < live; lane++)
                sum += (double)x[i * lanes + lane];
        double mean = sum / count;
        for (size_t i = 0; i < places; i++)
            for (size_t lane = 0; lane < live; lane++) {
                double d = (double)x[i * lanes + lane] - mean;
                squares += d * d;
            }
        partial[c * PARTIAL] = (float)count;
        partial[c * PARTIAL + 1] = (float)mean;
        partial[c * PARTIAL + 2] = (float)squares;
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
        for (size_t i = c * plane; i < (c + 1) * plane; i++)
            io->y[i] = (io->x[0][i] - mean) * gain + shift;
    }
}

/* Sums over the live images of dy and of dy * x_hat. */
static void sums(const struct layer_io *io, size_t c, double *dbeta, double *dgamma)
{
    size_t places = places_of(io->layer), lanes = (size_t)io->lanes;
    const float *x = io->x[0] + c * places * lanes, *dy = io->dy + c * places * lanes;
    float mean, inverse;
    statistics(io, c, &mean, &inverse);
    *dbeta = *dgamma = 0;
    for (size_t i = 0; i < places; i++)
        for (size_t lane = 0; lane < (size_t)io->live; lane++) {
            *dbeta += (double)dy[i * lanes + lane];
            *dgamma += (double)(dy[i * lanes + lane] * (x[i * lanes + lane] - mean) * inverse);
        }
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
        for (size_t i = c * plane; i < (c + 1) * plane && io->dx[0]; i++)
            io->dx[0][i] = gain * (io->dy[i] - lost - slope * (io->x[0][i] - mean));
        /* images that aren't there have no gradient, whatever the batch's means say */
        for (size_t i = 0; i < places_of(l) && io->dx[0]; i++)
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

const struct layer_type layer_batchnorm = {
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
};
