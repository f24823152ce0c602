/**
 * The shape of one image's worth of numbers inside a network, and the arithmetic of sliding windows.
 *
 * Letters, the same everywhere: n images, c channels, h rows, w columns; i input, o output; k kernel.
 */
#ifndef FOVEA_TENSOR_SHAPE_H
#define FOVEA_TENSOR_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/** Channels, rows, columns, each >= 1. A flat vector of d numbers is {d, 1, 1}. */
struct shape {
    int c, h, w;
};

static inline size_t shape_count(struct shape s)
{
    return (size_t)s.c * (size_t)s.h * (size_t)s.w;
}

static inline bool shape_equal(struct shape a, struct shape b)
{
    return a.c == b.c && a.h == b.h && a.w == b.w;
}

/** Room for "2147483647x2147483647x2147483647" and its end. */
struct shape_text {
    char s[40];
};
struct shape_text shape_text(struct shape s); /* "8x24x24" */

/** A window that slides along one axis; all in samples. */
struct window {
    int size;     /* >= 1 */
    int stride;   /* >= 1 */
    int pad;      /* >= 0, on each side */
    int dilation; /* >= 1 */
};

/**
 * Extent that a sliding window leaves behind along one axis.
 *
 *     out = floor((in + 2*pad - dilation*(size-1) - 1) / stride) + 1
 *
 * @param in    extent of the input, in samples, > 0
 * @param out   written only on success
 * @return ERR_SHAPE when the window is larger than the padded input
 * Source: Dumoulin & Visin 2016, arXiv:1603.07285, relationship 15.
 */
MUST_USE enum err window_extent(int in, struct window win, int *out);

/** Outputs [*from, *to) of `out` whose place `k` of the window, at*stride + k*dilation - pad, lies inside `in` samples. */
static inline void window_span(struct window win, int k, int in, int out, int *from, int *to)
{
    int shift = k * win.dilation - win.pad; /* input = at * stride + shift */
    *from = shift >= 0 ? 0 : (-shift + win.stride - 1) / win.stride;
    int last = in - 1 - shift;
    *to = last < 0 ? 0 : last / win.stride + 1;
    if (*to > out)
        *to = out;
    if (*from > *to)
        *from = *to;
}

#endif
