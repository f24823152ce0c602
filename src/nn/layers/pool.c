#include "nn/layers/pool.h"

#include <stdio.h>
#include <string.h>

const struct layer_options pool_defaults = {.rows = {2, 0, 0, 1}, .cols = {2, 0, 0, 1}};

enum err pool_option(const struct layer_type *type, struct layer_options *o, int place, const char *name,
                     const char *value, bool *took_value, struct diag *diag)
{
    if (!name && place == 0)
        return option_pair("the window", value, 1, &o->rows.size, &o->cols.size, diag);
    enum err err =
        name && strcmp(name, "dilation") != 0 ? window_option(o, name, value, took_value, diag) : ERR_UNKNOWN;
    return err == ERR_UNKNOWN ? option_unknown(name ? name : value, type, diag) : err;
}

void pool_write(const struct layer_options *o, char *text, size_t size)
{
    int used = snprintf(text, size, " %dx%d", o->rows.size, o->cols.size);
    int rows = o->rows.stride ? o->rows.size : 0, cols = o->cols.stride ? o->cols.size : 0;
    window_write(o, rows, cols, text + used, size - (size_t)used);
}

enum err pool_build(struct layer *layer, struct diag *diag)
{
    struct layer_options *o = &layer->options;
    struct shape in = layer->in_shape[0];
    if (o->rows.stride == 0)
        o->rows.stride = o->rows.size;
    if (o->cols.stride == 0)
        o->cols.stride = o->cols.size;
    if (2 * o->rows.pad > o->rows.size || 2 * o->cols.pad > o->cols.size)
        return diag_fail(diag, ERR_SHAPE, NULL, 0, "a pad of %dx%d is more than half of its window of %dx%d",
                         o->rows.pad, o->cols.pad, o->rows.size, o->cols.size);
    layer->out.c = in.c;
    if (window_extent(in.h, o->rows, &layer->out.h) || window_extent(in.w, o->cols, &layer->out.w))
        return diag_fail(diag, ERR_SHAPE, NULL, 0, "a window of %dx%d is larger than its input %s",
                         o->rows.size, o->cols.size, shape_text(in).s);
    return ERR_NONE;
}
