/**
 * What happened to one batch: every activation and, after backward, every gradient.
 *
 * Whoever runs a network owns a pass; any number run at once on one net. A pass that *keeps* holds the activations of all images of the
 * batch, to be looked at. One that doesn't reuses the same memory block after block (it stays in the cache) and
 * answers only for what comes out: logits, losses, gradients.
 */
#ifndef FOVEA_NN_PASS_H
#define FOVEA_NN_PASS_H

#include "nn/net.h"

struct pass;

struct pass_options {
    int capacity; /* most images in a batch, >= 1 */
    int lanes; /* 1, LANES, or 0: chosen from the net and the capacity (never from the number of threads) */
    bool keep; /* every activation of every image can be read afterwards */
    bool backward; /* room for gradients */
    bool grads;    /* room for parameter gradients: needed to ask net_step or net_backward for them */
    bool fixed; /* it will always run with the same, unchanging weights: what is made of them is made once */
    struct team *team; /* shares out the blocks; borrowed; NULL: the caller does all */
};

/** ERR_MEMORY says how much was asked for. */
MUST_USE enum err pass_new(const struct net *net, struct pass_options options, struct pass **out,
                           struct diag *diag);
void pass_free(struct pass *pass); /* accepts NULL */

int pass_lanes(const struct pass *pass);
int pass_images(const struct pass *pass); /* n of the last run */
size_t pass_bytes(const struct pass *pass);

/** [n][outputs] of the last layer, after net_forward. */
const float *pass_out(const struct pass *pass);
/** [n][classes] at net_logits(), after net_forward or net_step. */
const float *pass_logits(const struct pass *pass);
/** What the network says of image i: the class of its largest logit, as argmax() has it. */
int pass_says(const struct pass *pass, int i);
/** [n] after net_step. */
const float *pass_losses(const struct pass *pass);

/** Copies layer `layer`'s output (NET_INPUT: the input) for image i to out[c*h*w], plain CHW. The pass must keep. */
void pass_read(const struct pass *pass, int layer, int i, float *out);
/** The same for the gradient with respect to that output, after net_backward or net_step with gradients. The pass must keep. */
void pass_read_gradient(const struct pass *pass, int layer, int i, float *out);

/**
 * The first layer whose output holds a NaN or a magnitude beyond `limit`, in the last run of a pass that keeps; -1: none.
 * FLT_MAX finds what isn't finite.
 */
int pass_first_beyond(const struct pass *pass, float limit);

#endif
