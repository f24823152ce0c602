/**
 * The contract of a layer, and the table of all of them.
 *
 * A layer type is a const table of functions in src/nn/layers/NAME.c and one row in layer_types[] (layer.c). A layer *in a net*
 * is a `struct layer`: its options, its inputs, its shape, where its parameters lie. After building it never changes.
 *
 * A layer works on one block at a time. A block is `lanes` images side by side: every activation lies as [c][h][w][lane],
 * with lanes = 1 (plain CHW, one image) or LANES = 16 (a vector where the textbook has a number). Code written over
 * `lanes` serves both. In the last block of a batch only the first `live` lanes are images; the others hold zeros in the
 * network's input and have zero gradients coming back, so only a layer that adds up over images (batch normalisation) need care.
 *
 * Functions may not allocate, fail, or write anything but what `struct layer_io` hands out for writing.
 */
#ifndef FOVEA_NN_LAYER_H
#define FOVEA_NN_LAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/team.h"
#include "base/text.h"
#include "tensor/shape.h"

enum {
    LAYER_INPUTS = 2,        /* at most, for add */
    LAYER_PARAMS = 2,        /* weight and bias; gamma and beta */
    LAYER_BUFFERS = 2,       /* running mean and variance */
    LAYER_NAME = 64,         /* bytes, with the final 0 */
    LAYER_OUTPUTS = 1 << 28, /* most numbers that a layer puts out for an image: places fit an int */
    LAYER_CHANNELS = 16,     /* most channels that a normalize line lists */
    NET_INPUT = -1,          /* in layer.in[]: the network's own input */
};

/** What happens to dropout and batch normalisation. */
enum mode {
    MODE_INFER, /* running statistics, no dropout */
    MODE_TRAIN, /* statistics of the batch, dropout */
};

/** One array of numbers in `struct weights`, with the shape that a file gives it. */
struct layer_array {
    const char *suffix; /* "weight": the tensor's name in a file is LAYER.weight */
    int rank;
    int dim[4];    /* row-major; conv weight is [o][i/groups][kh][kw], dense weight [o][i] */
    size_t count;  /* product of dim */
    size_t offset; /* in floats, in weights->params or weights->buffers; set by net_build */
};

/** What can be written after a layer's word in a model file. A type uses those of its fields that it documents. */
struct layer_options {
    int units;                /* conv: output channels; dense: outputs */
    struct window rows, cols; /* conv and pooling: the window along h and along w */
    int groups;               /* conv */
    bool bias;                /* conv, dense */
    float slope;              /* leakyrelu: factor below zero */
    float alpha;              /* elu: what it comes down to below zero */
    float rate;               /* dropout: probability that a number is dropped, [0, 1) */
    float eps, momentum;      /* batchnorm: running = (1 - momentum) * running + momentum * batch */
    int channels;             /* normalize: how many of mean[] and std[] are given (1: the same for all) */
    float mean[LAYER_CHANNELS], std[LAYER_CHANNELS];
};

struct layer {
    char name[LAYER_NAME];
    const struct layer_type *type;
    struct layer_options options;
    int inputs;           /* 1 or 2 */
    int in[LAYER_INPUTS]; /* index of the layer it reads, or NET_INPUT; always smaller than its own */
    struct shape in_shape[LAYER_INPUTS], out;
    int line; /* in the model text, for messages; 0: none */

    int params, buffers;
    struct layer_array param[LAYER_PARAMS], buffer[LAYER_BUFFERS];

    /* Filled in by build(): the memory a pass must provide. */
    size_t
        keep; /* bytes a lane of each block, written by forward, read by backward (winners of a pooling, a mask) */
    size_t scratch[2]; /* bytes for 1 lane and for 16 that a call may use and lose */
    size_t prepared
        [2]
        [2]; /* floats for 1 lane and for 16, of a pass that only goes forward and of one that goes back: what prepare() makes of the weights */
    size_t partial; /* floats a block, for layers that meet */
    size_t shared;  /* floats a pass, for layers that meet */
    const struct conv_kernel
        *kernel[2];         /* conv and dense: the kernel for 1 lane and for 16, chosen in build() */
    double multiply_adds;   /* an image, forward */
    size_t fan_in, fan_out; /* for initialisation; 0 when the layer has no weights to draw */
};

/**
 * What a layer's forward does to each result before it writes it, in the place of layers that follow and that nobody looks at: y = scale[c] * y + shift[c] (a batch
 * normalisation with running statistics), then max(y, 0). Only types that say so (takes_affine, takes_relu) are asked to.
 */
struct finish {
    const float *scale, *shift; /* of each channel; NULL: none */
    bool relu;
};

/** What a layer gets to work on one block. Pointers are aligned to 64 bytes. */
struct layer_io {
    const struct layer *layer;
    int lanes, live;
    enum mode mode;
    bool goes_back; /* the pass can go backward: what prepare() was told */
    const float *param[LAYER_PARAMS];
    const float *buffer[LAYER_BUFFERS];
    const float *prepared;        /* from prepare(), or NULL */
    const float *x[LAYER_INPUTS]; /* [c][h][w][lane] */
    float *y;                     /* forward writes it; backward may read it */
    const float *dy;              /* backward: gradient of the loss with respect to y */
    float *dx[LAYER_INPUTS];      /* backward writes (does not add to) each that isn't NULL */
    float *dparam[LAYER_PARAMS];  /* backward adds to them; NULL when nobody asks */
    struct finish finish;         /* forward only */
    bool
        relu_back; /* backward only: x is max(z, 0) of a layer whose backward is left out, and dx is wanted with respect to z */
    void *keep; /* layer->keep * lanes bytes of this block */
    void *scratch;
    float *shared;       /* layer->shared floats of this pass */
    const uint64_t *key; /* [lanes] a random key for each image, for dropout in MODE_TRAIN; NULL: all zero */
    struct team
        *team; /* not NULL when this block is alone in its batch: the layer may share out its own work */
};

struct layer_type {
    const char *name;  /* the word in a model file */
    const char *stem;  /* layers without a name are called STEM1, STEM2, ... */
    const char *usage; /* "conv CHANNELS KHxKW [stride S] ..." one line, for errors and the manual */
    const char *help;  /* one sentence */
    int positional;    /* how many words without a name follow at least */
    int inputs;        /* 1, or 2 for a sum of two named layers */

    /**
     * Reads one option word of the model file: either positional number `place` (name NULL), or `name` with its value
     * (value NULL for flags such as nobias, in which case *took_value stays false).
     * Leave NULL for types without options. Errors through diag without path and line: the caller adds them.
     */
    enum err (*option)(struct layer_options *o, int place, const char *name, const char *value,
                       bool *took_value, struct diag *diag);
    const struct layer_options *defaults; /* NULL: all zero */

    /** Writes the options back as model text behind the word, "" or " 8 5x5 stride 2"; parsing it gives the same options. */
    void (*write)(const struct layer_options *o, char *text, size_t size);

    /** Checks the input shapes and fills in `out`, params, buffers and memory needs. Errors say what doesn't fit. */
    enum err (*build)(struct layer *layer, struct diag *diag);

    /**
     * Makes `prepared` of the weights before a forward pass, when they have changed since the last one; NULL when there is nothing to prepare.
     * `backward`: for a pass that can go backward too.
     */
    void (*prepare)(const struct layer *layer, int lanes, const float *const *param, bool backward,
                    float *prepared);

    void (*forward)(const struct layer_io *io);
    void (*backward)(const struct layer_io *io);

    /**
     * Only for a layer whose training-mode output depends on the whole batch (batchnorm); else NULL. For each block
     * gather() writes layer->partial floats; when all blocks have done so, meet() makes layer->shared of them in the order of
     * the blocks; only then forward() runs. Likewise backwards, where meet_back() also adds the layer's parameter gradients.
     */
    void (*gather)(const struct layer_io *io, float *partial);
    void (*meet)(const struct layer *layer, const float *partials, int blocks, float *shared);
    void (*gather_back)(const struct layer_io *io, float *partial);
    void (*meet_back)(const struct layer *layer, const float *partials, int blocks, float *shared,
                      float *const *dparam);

    /** Moves the running statistics towards this pass's batch (after training-mode forward); else NULL. */
    void (*absorb)(const struct layer *layer, const float *shared, float *const *buffer);

    /** In MODE_INFER the layer is y = scale[c] * x + shift[c] and needs neither x nor y backward (without dparam): fills them in; else NULL. */
    void (*affine)(const struct layer *layer, const float *const *param, const float *const *buffer,
                   float *scale, float *shift);
    bool relu;                     /* it is max(x, 0), and backward reads y, not x */
    bool takes_relu_back;          /* backward heeds io->relu_back */
    bool takes_affine, takes_relu; /* forward heeds io->finish, and backward doesn't read y */
    bool elementwise;              /* y[i] depends on x[i] alone (relu, dropout ...) */
};

/** All types in the order of the manual; NULL-terminated. */
extern const struct layer_type *const layer_types[];

/** By the word of the model file; NULL: no such type. */
const struct layer_type *layer_type_find(const char *name);

/** The same type with code for the best instructions of this processor: what net_build() puts into the layers of a net. */
const struct layer_type *layer_type_fastest(const struct layer_type *type);

/** Where a layer's parameters come from, as products: "8*1*5*5", `plus`, "8". Cut to size; "" when it has none. */
void layer_spell_params(const struct layer *layer, const char *plus, char *text, size_t size);

/** Adds the words of all types as a sentence lists them: "conv, dense, ... and normalize". */
void layer_type_names(struct text *list);

/* ---- for the implementations in layers/ ---- */

/** Floats in one block of the layer's input k, and of its output. */
static inline size_t layer_in_floats(const struct layer *layer, int k, int lanes)
{
    return shape_count(layer->in_shape[k]) * (size_t)lanes;
}
static inline size_t layer_out_floats(const struct layer *layer, int lanes)
{
    return shape_count(layer->out) * (size_t)lanes;
}

/** Declares a parameter or buffer of the given shape while building. */
void layer_add_param(struct layer *layer, const char *suffix, int rank, const int *dim);
void layer_add_buffer(struct layer *layer, const char *suffix, int rank, const int *dim);

/** Option values: a whole number >= low, "3" or "3x5" (rows x columns) >= low, a real in a range. Sentences name the option. */
enum err option_int(const char *name, const char *value, int low, int *out, struct diag *diag);
enum err option_pair(const char *name, const char *value, int low, int *rows, int *cols, struct diag *diag);
enum err option_real(const char *name, const char *value, double low, double high, float *out,
                     struct diag *diag);
/** snprintf of `before` and a number that reads back to the same float, with a point in every locale. */
int option_write_real(char *text, size_t size, const char *before, float value);
/** The error for an option the type doesn't have; lists the usage. */
enum err option_unknown(const char *name, const struct layer_type *type, struct diag *diag);

#endif
