/**
 * A network: what is computed. Layers in order, each naming its inputs, their shapes, and where each parameter lies.
 *
 * Fixed once built, and shared by any number of threads. What it knows is a `struct weights`, what happened to one batch a
 * `struct pass`. What can fail fails in net_build; forward and backward can't, and allocate nothing.
 */
#ifndef FOVEA_NN_NET_H
#define FOVEA_NN_NET_H

#include "base/err.h"
#include "nn/layer.h"
#include "nn/loss.h"
#include "nn/weights.h"

struct pass;

enum { NET_LAYERS = 4096 }; /* at most */

struct net {
    struct shape in;        /* one image */
    int layers;             /* >= 1 */
    struct layer *layer;    /* in order; owned */
    size_t params, buffers; /* floats in all */
    char *text;             /* the model file it was built from, names written out; owned */
    bool meets;             /* some layer needs the whole batch in training */
};

/** The last layer's shape: what comes out for one image. */
static inline struct shape net_out(const struct net *net)
{
    return net->layer[net->layers - 1].out;
}

/** Numbers that come out for one image: the classes of a classifier. */
static inline int net_classes(const struct net *net)
{
    return (int)shape_count(net_out(net));
}

/**
 * Builds a net from layers whose type, name, options, inputs and in[] are set (see nn/model.h, which reads them from text).
 * @param layer  array from malloc; owned by the net on success, by the caller on failure
 * @param text   copied; may be NULL
 */
MUST_USE enum err net_build(struct shape in, struct layer *layer, int layers, const char *text,
                            const char *path, struct net **out, struct diag *diag);
void net_free(struct net *net); /* accepts NULL */

/** Floats of the largest output of a layer, for one image. */
size_t net_widest(const struct net *net);
/** Of one image, forward. */
double net_multiply_adds(const struct net *net);

int net_find(const struct net *net, const char *name); /* index of the layer, or -1 */

/**
 * Index of the layer whose output holds the logits: the last one, or the one before when the last is softmax.
 * Losses and attacks start there, so that a model that ends in `softmax` trains and is attacked like one that doesn't.
 */
int net_logits(const struct net *net);

/* ---- running ---- */

/**
 * Runs n images forward; afterwards pass_out() and, in a pass that keeps, every activation can be read.
 * @param x  [n][c][h][w], pixels in [0,1]; 1 <= n <= the pass's capacity
 */
void net_forward(const struct net *net, const struct weights *weights, struct pass *pass, int n,
                 const float *x, enum mode mode);

/**
 * Backward from a gradient at the output of layer `from` (whose every activation's gradient becomes readable below it).
 * The pass must keep, have been made for backward, and have just run net_forward().
 * @param dy     [n][outputs of layer `from`]
 * @param grads  flat like weights->params, overwritten; or NULL
 * @param dx     [n][c][h][w], overwritten; or NULL
 */
void net_backward(const struct net *net, const struct weights *weights, struct pass *pass, int from,
                  const float *dy, float *grads, float *dx);

/** One batch forward, through the loss, and backward, a block at a time where the net allows it. */
struct net_step {
    int n;
    const float *x;   /* [n][c][h][w] */
    const int *label; /* [n] */
    const struct loss_type *loss;
    enum mode mode;
    bool mean;           /* gradients of the mean loss over the batch (training); else of the sum (attacks) */
    float *grads;        /* flat like weights->params, overwritten; or NULL */
    float *dx;           /* [n][c][h][w], overwritten; or NULL */
    const uint64_t *key; /* [n] keys for dropout; or NULL */
    /* out: */
    double total_loss; /* sum over the images */
    int correct;       /* images whose largest logit is at their label */
};

/** Afterwards pass_logits() holds every image's logits and pass_losses() every loss. With neither grads nor dx only forward runs. */
void net_step(const struct net *net, const struct weights *weights, struct pass *pass, struct net_step *step);

/** Moves the running statistics in `weights` towards the batch that `pass` last ran in MODE_TRAIN. */
void net_absorb(const struct net *net, const struct pass *pass, struct weights *weights);

#endif
