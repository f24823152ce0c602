/**
 * What a network knows: ONE flat array of parameters and one of buffers (running means and variances).
 *
 * A checkpoint, a moment, a fork, an optimiser step: each is one pass over these arrays. Tensors in a file are named
 * LAYER.weight, LAYER.bias, LAYER.running_mean, LAYER.running_var, as PyTorch names them.
 */
#ifndef FOVEA_NN_WEIGHTS_H
#define FOVEA_NN_WEIGHTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct net;
struct safetensors;
struct safetensors_item;

struct weights {
    size_t params_count, buffers_count;
    float *params;  /* owned, aligned */
    float *buffers; /* owned, aligned */
};

/** Zero parameters; running means 0 and variances 1. */
MUST_USE enum err weights_init(struct weights *w, const struct net *net, struct diag *diag);
void weights_fini(struct weights *w);
void weights_copy(struct weights *to, const struct weights *from); /* same net */

/** The name of every tensor that belongs to a net, in file order: params of each layer, then its buffers. */
struct weights_name {
    char s[96];
};
int weights_tensors(const struct net *net);
/** The index-th tensor as something to write; `name` must live as long as the item. */
struct safetensors_item weights_item(const struct net *net, const struct weights *w, int index,
                                     struct weights_name *name);

/** Does the file hold every tensor of the net, and no others? A file that says it has a huge network must prove it before memory is given. */
MUST_USE enum err weights_check(const struct net *net, const struct safetensors *file, const char *path,
                                struct diag *diag);

/**
 * Fills w from an open file. Every tensor of the net must be there with its shape (a 1x1 convolution and a dense layer's [o,i] and
 * [o,i,1,1] count as the same). Ignored are integer tensors, tensors named num_batches_tracked that the net doesn't have, and a checkpoint's
 * own: "optimizer.*" and "fovea.*" in a file whose metadata has `fovea.checkpoint`, and numbers that the net's `normalize` has too. Any other extra float tensor is an
 * error that names it. One prefix before all names ("module.") is looked through.
 * Nothing is written to w on failure.
 */
MUST_USE enum err weights_from(struct weights *w, const struct net *net, const struct safetensors *file,
                               const char *path, struct diag *diag);

/**
 * Where the weights of that name lie: a built-in file's without its ending, like "lenet-digits" (assets/weights), or a path, which is copied. free() it.
 * @return ERR_UNKNOWN for a word that is neither; the sentence lists the built-in ones
 */
MUST_USE enum err weights_path(const char *name, char **path, struct diag *diag);

/** Reads a file of weights for a given net. */
MUST_USE enum err weights_load(struct weights *w, const struct net *net, const char *path, struct diag *diag);

/**
 * Writes parameters and buffers with metadata `fovea.model` (the model text) and, when classes is not NULL, `fovea.classes` (names, one a line).
 */
MUST_USE enum err weights_save(const struct weights *w, const struct net *net, char *const *classes,
                               int class_count, const char *path, struct diag *diag);

#endif
