/** x where it is positive, slope * x elsewhere. Maas et al. 2013. */
#include <string.h>

#include "nn/layers/layers.h"

static const struct layer_options defaults = {.slope = 0.01f};

static enum err option(struct layer_options *o, int place, const char *name, const char *value,
                       bool *took_value, struct diag *diag)
{
    if (!name && place == 0)
        return option_real("the slope", value, 0, 1, &o->slope, diag);
    if (name && strcmp(name, "slope") == 0) {
        *took_value = true;
        return option_real(name, value, 0, 1, &o->slope, diag);
    }
    return option_unknown(name ? name : value, &LAYER(leakyrelu), diag);
}

static void write(const struct layer_options *o, char *text, size_t size)
{
    option_write_real(text, size, " slope ", o->slope);
}

static void forward(const struct layer_io *io)
{
    size_t count = layer_out_floats(io->layer, io->lanes);
    const float *x = io->x[0], slope = io->layer->options.slope;
    for (size_t i = 0; i < count; i++)
        io->y[i] = x[i] <= 0 ? slope * x[i] : x[i];
}

static void backward(const struct layer_io *io)
{
    size_t count = layer_out_floats(io->layer, io->lanes);
    const float *x = io->x[0], slope = io->layer->options.slope;
    for (size_t i = 0; i < count; i++)
        io->dx[0][i] = x[i] <= 0 ? slope * io->dy[i] : io->dy[i];
}

const struct layer_type LAYER(leakyrelu) = {
    .name = "leakyrelu",
    .stem = "leakyrelu",
    .usage = "leakyrelu [slope S]",
    .help = "x, or slope * x below zero",
    .inputs = 1,
    .option = option,
    .defaults = &defaults,
    .write = write,
    .build = build_same_shape,
    .forward = forward,
    .backward = backward,
    .elementwise = true,
};
