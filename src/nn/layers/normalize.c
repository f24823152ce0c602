/** (x - mean) / std, a channel at a time, by constants of the model file: the network then starts at pixels in [0,1]. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "nn/layers/layers.h"

/* "0.485,0.456,0.406" */
static enum err read_list(const char *what, const char *value, double low, float *list, int *count,
                          struct diag *diag)
{
    char *copy = text_copy(value), *rest = copy, *word = NULL;
    enum err err = copy ? ERR_NONE : diag_memory(diag, "a list");
    *count = 0;
    while (!err && (word = strsep(&rest, ","))) {
        if (*count == LAYER_CHANNELS)
            err =
                diag_fail(diag, ERR_FORMAT, NULL, 0, "%s lists more than %d channels", what, LAYER_CHANNELS);
        else
            err = option_real(what, word, low, 1e9, &list[(*count)++], diag);
    }
    free(copy);
    return err;
}

static enum err option(struct layer_options *o, int place, const char *name, const char *value,
                       bool *took_value, struct diag *diag)
{
    (void)took_value;
    int count = 0;
    if (name || place > 1)
        return option_unknown(name ? name : value, &LAYER(normalize), diag);
    enum err err = place == 0 ? read_list("the mean", value, -1e9, o->mean, &count, diag)
                              : read_list("the standard deviation", value, 1e-9, o->std, &count, diag);
    if (!err && place == 1 && count != o->channels)
        return diag_fail(diag, ERR_FORMAT, NULL, 0, "%d means, but %d standard deviations", o->channels,
                         count);
    o->channels = count;
    return err;
}

static void write(const struct layer_options *o, char *text, size_t size)
{
    size_t used = 0;
    for (int i = 0; i < 2 * o->channels && used < size; i++) {
        const char *before = i % o->channels == 0 ? " " : ",";
        float value = i < o->channels ? o->mean[i] : o->std[i - o->channels];
        used += (size_t)option_write_real(text + used, size - used, before, value);
    }
}

static enum err build(struct layer *layer, struct diag *diag)
{
    int given = layer->options.channels, channels = layer->in_shape[0].c;
    if (given != 1 && given != channels)
        return diag_fail(diag, ERR_SHAPE, NULL, 0, "it lists %d channels, but its input is %s", given,
                         shape_text(layer->in_shape[0]).s);
    layer->out = layer->in_shape[0];
    return ERR_NONE;
}

static void forward(const struct layer_io *io)
{
    const struct layer_options *o = &io->layer->options;
    struct shape s = io->layer->out;
    size_t plane = (size_t)s.h * (size_t)s.w * (size_t)io->lanes;
    for (int c = 0; c < s.c; c++) {
        int k = o->channels == 1 ? 0 : c;
        for (size_t i = (size_t)c * plane; i < (size_t)(c + 1) * plane; i++)
            io->y[i] = (io->x[0][i] - o->mean[k]) / o->std[k];
    }
}

static void backward(const struct layer_io *io)
{
    const struct layer_options *o = &io->layer->options;
    struct shape s = io->layer->out;
    size_t plane = (size_t)s.h * (size_t)s.w * (size_t)io->lanes;
    for (int c = 0; c < s.c; c++) {
        int k = o->channels == 1 ? 0 : c;
        for (size_t i = (size_t)c * plane; i < (size_t)(c + 1) * plane; i++)
            io->dx[0][i] = io->dy[i] / o->std[k];
    }
}

const struct layer_type LAYER(normalize) = {
    .name = "normalize",
    .stem = "normalize",
    .usage = "normalize MEAN[,MEAN...] STD[,STD...]",
    .help = "(x - mean) / std of each channel",
    .positional = 2,
    .inputs = 1,
    .option = option,
    .write = write,
    .build = build,
    .forward = forward,
    .backward = backward,
};
