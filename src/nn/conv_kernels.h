/** Every convolution kernel, one file each: what conv.c puts into its tables. The files are hot (see tensor/isa.h). */
#ifndef FOVEA_NN_CONV_KERNELS_H
#define FOVEA_NN_CONV_KERNELS_H

#include "nn/conv.h"

/** All of them: the first that fits a layer is taken. */
#define CONV_KERNELS(X, isa)                                                                                 \
    X(winograd_axis, isa)                                                                                    \
    X(winograd, isa)                                                                                         \
    X(lanes, isa)                                                                                            \
    X(winograd_image, isa)                                                                                   \
    X(winograd_rows, isa)                                                                                    \
    X(rows, isa)                                                                                             \
    X(im2col, isa)                                                                                           \
    X(reference, isa)

#define CONV_DECLARE(name, isa) extern const struct conv_kernel conv_##name##_##isa;
#define CONVS_DECLARE(isa)      CONV_KERNELS(CONV_DECLARE, isa)
EACH_ISA(CONVS_DECLARE)

/** In a kernel's own file: its table, under the name that it has for these instructions. */
#define CONV(name) FOR_ISA(conv_##name)

#endif
