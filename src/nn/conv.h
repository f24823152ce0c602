/**
 * The seam where a convolution picks its kernel.
 *
 * A kernel is a way of computing the same sums; conv_kernel_pick() chooses once, when the layer is built, separately for one lane and for
 * sixteen. The reference kernel is the definition as a plain loop: it fits everything, and tests compare the others against it.
 */
#ifndef FOVEA_NN_CONV_H
#define FOVEA_NN_CONV_H

#include "nn/layer.h"
#include "tensor/isa.h"

struct conv_kernel {
    const char *name;
    const char *idea; /* one sentence, shown by `fovea summary --kernels` */
    bool (*fits)(const struct layer *layer, int lanes);
    size_t (*scratch)(const struct layer *layer, int lanes);                 /* bytes; NULL: none */
    size_t (*prepared)(const struct layer *layer, int lanes, bool backward); /* floats; NULL: none */
    void (*prepare)(const struct layer *layer, int lanes, const float *const *param, bool backward,
                    float *prepared);
    bool finishes; /* forward heeds io->finish; else the layer does it afterwards */
    void (*forward)(const struct layer_io *io);    /* y = x * w + b */
    void (*backward_x)(const struct layer_io *io); /* dx[0] from dy */
    void (*backward_w)(
        const struct layer_io *io); /* dparam[0] += from x and dy; the bias is the layer's own matter */
};

/** The kernels for a set of instructions, in the order of preference, the reference last; NULL-terminated. */
const struct conv_kernel *const *conv_kernels(enum isa isa);

/** The first that fits. */
const struct conv_kernel *conv_kernel_pick(enum isa isa, const struct layer *layer, int lanes);

#endif
