/**
 * In training each number is dropped with probability `rate` and the others are divided by 1 - rate; afterwards nothing happens.
 * Srivastava et al. 2014, in the "inverted" form. The mask of an image is a function of its key and of the layer alone.
 */
#include <stdint.h>
#include <string.h>

#include "base/rng.h"
#include "nn/layers/layers.h"

static const struct layer_options defaults = {.rate = 0.5f};

static enum err option(struct layer_options *o, int place, const char *name, const char *value,
                       bool *took_value, struct diag *diag)
{
    if (!name && place == 0)
        return option_real("the rate", value, 0, 0.999, &o->rate, diag);
    if (name && strcmp(name, "rate") == 0) {
        *took_value = true;
        return option_real(name, value, 0, 0.999, &o->rate, diag);
    }
    return option_unknown(name ? name : value, &LAYER(dropout), diag);
}

static void write(const struct layer_options *o, char *text, size_t size)
{
    option_write_real(text, size, " ", o->rate);
}

static enum err build(struct layer *layer, struct diag *diag)
{
    enum err err = build_same_shape(layer, diag);
    layer->keep = shape_count(layer->out);
    return err;
}

static uint64_t name_key(const char *name)
{
    uint64_t key = 14695981039346656037u; /* FNV-1a */
    for (; *name; name++)
        key = (key ^ (unsigned char)*name) * 1099511628211u;
    return key;
}

static void forward(const struct layer_io *io)
{
    size_t count = shape_count(io->layer->out), lanes = (size_t)io->lanes;
    unsigned char *kept = io->keep;
    float rate = io->layer->options.rate, scale = 1.0f / (1.0f - rate);
    if (io->mode == MODE_INFER) {
        memcpy(io->y, io->x[0], count * lanes * sizeof(float));
        return;
    }
    for (size_t lane = 0; lane < lanes; lane++) {
        struct rng rng;
        rng_init(&rng, rng_key(io->key ? io->key[lane] : 0, name_key(io->layer->name), 0));
        for (size_t i = lane; i < count * lanes; i += lanes) {
            kept[i] = rng_uniform(&rng) >= rate;
            io->y[i] = kept[i] ? io->x[0][i] * scale : 0;
        }
    }
}

static void backward(const struct layer_io *io)
{
    size_t count = layer_out_floats(io->layer, io->lanes);
    const unsigned char *kept = io->keep;
    float scale = 1.0f / (1.0f - io->layer->options.rate);
    if (io->mode == MODE_INFER)
        memcpy(io->dx[0], io->dy, count * sizeof(float));
    else
        for (size_t i = 0; i < count; i++)
            io->dx[0][i] = kept[i] ? io->dy[i] * scale : 0;
}

const struct layer_type LAYER(dropout) = {
    .name = "dropout",
    .stem = "dropout",
    .usage = "dropout [RATE]",
    .help = "drops numbers at random while training",
    .inputs = 1,
    .option = option,
    .defaults = &defaults,
    .write = write,
    .build = build,
    .forward = forward,
    .backward = backward,
    .elementwise = true,
};
