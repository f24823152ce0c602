/** What maximum and average pooling share. */
#ifndef FOVEA_NN_POOL_H
#define FOVEA_NN_POOL_H

#include "nn/layers/layers.h"

extern const struct layer_options pool_defaults; /* stride 0: the size */

enum err pool_option(const struct layer_type *type, struct layer_options *o, int place, const char *name,
                     const char *value, bool *took_value, struct diag *diag);
void pool_write(const struct layer_options *o, char *text, size_t size);
enum err pool_build(struct layer *layer, struct diag *diag);

/** The part of a window at output `at` that lies inside an axis of `in` samples: [*from, *to). */
static inline void pool_span(struct window win, int at, int in, int *from, int *to)
{
    int start = at * win.stride - win.pad, end = start + win.size;
    *from = start < 0 ? 0 : start;
    *to = end > in ? in : end;
}

#endif
