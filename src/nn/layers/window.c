/** The options that convolution and pooling share. */
#include <stdio.h>
#include <string.h>

#include "nn/layers/layers.h"

enum err window_option(struct layer_options *o, const char *name, const char *value, bool *took_value,
                       struct diag *diag)
{
    *took_value = true;
    if (strcmp(name, "stride") == 0)
        return option_pair(name, value, 1, &o->rows.stride, &o->cols.stride, diag);
    if (strcmp(name, "pad") == 0)
        return option_pair(name, value, 0, &o->rows.pad, &o->cols.pad, diag);
    if (strcmp(name, "dilation") == 0)
        return option_pair(name, value, 1, &o->rows.dilation, &o->cols.dilation, diag);
    *took_value = false;
    return ERR_UNKNOWN;
}

int window_write(const struct layer_options *o, int stride_rows, int stride_cols, char *text, size_t size)
{
    int used = 0;
    text[0] = 0;
    if (o->rows.stride != stride_rows || o->cols.stride != stride_cols)
        used += snprintf(text, size, " stride %dx%d", o->rows.stride, o->cols.stride);
    if (o->rows.pad || o->cols.pad)
        used += snprintf(text + used, size - (size_t)used, " pad %dx%d", o->rows.pad, o->cols.pad);
    if (o->rows.dilation != 1 || o->cols.dilation != 1)
        used +=
            snprintf(text + used, size - (size_t)used, " dilation %dx%d", o->rows.dilation, o->cols.dilation);
    return used;
}
