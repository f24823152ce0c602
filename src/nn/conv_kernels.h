/** Every convolution kernel, one file each: what conv.c puts into its table. */
#ifndef FOVEA_NN_CONV_KERNELS_H
#define FOVEA_NN_CONV_KERNELS_H

#include "nn/conv.h"

extern const struct conv_kernel conv_reference, conv_im2col, conv_lanes;

/** Outputs [*from, *to) along an axis whose input at kernel place `k` lies inside `in` samples: at*stride + k*dilation - pad. */
static inline void conv_span(struct window win, int k, int in, int out, int *from, int *to)
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
