/** x where it is positive, alpha * (e^x - 1) elsewhere. Clevert et al. 2015, arXiv:1511.07289. */
#include <math.h>
#include <string.h>

#include "nn/layers/layers.h"

static const struct layer_options defaults = {.alpha = 1};

static enum err option(struct layer_options *o, int place, const char *name, const char *value,
                       bool *took_value, struct diag *diag)
{
    (void)place;
    if (!name || strcmp(name, "alpha") != 0)
        return option_unknown(name ? name : value, &LAYER(elu), diag);
    *took_value = true;
    return option_real(name, value, 0, 100, &o->alpha, diag);
}

static void write(const struct layer_options *o, char *text, size_t size)
{
    option_write_real(text, size, " alpha ", o->alpha);
}

static void forward(const struct layer_io *io)
{
    size_t count = layer_out_floats(io->layer, io->lanes);
    const float *x = io->x[0], alpha = io->layer->options.alpha;
    for (size_t i = 0; i < count; i++)
        io->y[i] = x[i] <= 0 ? alpha * expm1f(x[i]) : x[i];
}

/* Below zero the slope is alpha * e^x = y + alpha. */
static void backward(const struct layer_io *io)
{
    size_t count = layer_out_floats(io->layer, io->lanes);
    const float *x = io->x[0], alpha = io->layer->options.alpha;
    for (size_t i = 0; i < count; i++)
        io->dx[0][i] = x[i] <= 0 ? (io->y[i] + alpha) * io->dy[i] : io->dy[i];
}

const struct layer_type LAYER(elu) = {
    .name = "elu",
    .stem = "elu",
    .usage = "elu [alpha A]",
    .help = "x, or alpha * (e^x - 1) below zero",
    .inputs = 1,
    .option = option,
    .defaults = &defaults,
    .write = write,
    .build = build_same_shape,
    .forward = forward,
    .backward = backward,
    .elementwise = true,
};
