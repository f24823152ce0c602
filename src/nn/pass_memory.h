/**
 * What a pass is made of: shared by pass.c, which makes and reads it, and execute.c, which runs networks on it. For nobody else.
 *
 * Two kinds of memory. A *slot* holds one block's activations and gradients. A pass that keeps (or whose net must see the whole batch before it can go
 * on) has a slot for every block; one that streams has as many as may be in work at once and uses them again and again. A *desk* is what a
 * task works at: scratch that is lost afterwards. Which desk a task gets is left to chance, so nothing that lasts lies on one.
 *
 * Parameter gradients are added up in *chunks*, runs of neighbouring blocks. How many there are depends on the net and the batch alone, and they are
 * summed in order, so the bits don't depend on the threads.
 */
#ifndef FOVEA_NN_PASS_MEMORY_H
#define FOVEA_NN_PASS_MEMORY_H

#include <stdatomic.h>

#include "nn/pass.h"

enum edge { EDGE_SKIP, EDGE_WRITE, EDGE_ADD }; /* what becomes of a gradient that goes to a layer's input */

struct pass {
    const struct net *net;
    struct pass_options options;
    int lanes, blocks; /* blocks of a full batch */
    bool whole;        /* a slot for every block */
    int slots, desks, chunks_most;

    size_t *at; /* [layers + 1] floats into a slot: the input, then each layer's output */
    size_t slot_floats;
    float *activation, *gradient; /* [slots][slot_floats] */
    size_t *keep_at, keep_bytes;  /* [layers], a slot's */
    unsigned char *keep;          /* [slots][keep_bytes] */
    unsigned char *scratch;       /* [desks][scratch_bytes] */
    size_t scratch_bytes;
    float *spill; /* [desks][spill_floats] a second gradient for the same activation, before it is added */
    size_t spill_floats;
    size_t *prepared_at; /* [layers] into prepared */
    float *prepared;
    size_t *seen_at; /* [layers] into seen: the parameters that `prepared` was made of */
    float *seen;
    bool *made;         /* [layers] is there anything in prepared? */
    size_t *partial_at; /* [layers] into partial: [blocks][layer->partial] */
    float *partial;
    size_t *shared_at;
    float *shared;
    float *chunk_grads; /* [chunks_most - 1][params]; the first chunk adds up in the caller's array */

    float *out;     /* [capacity][outputs of the last layer] */
    float *logits;  /* [capacity][classes] */
    float *dlogits; /* [capacity][classes] */
    float *losses;  /* [capacity] */
    uint64_t *key;  /* [blocks * lanes] */

    unsigned char (*edge)[LAYER_INPUTS]; /* [layers] enum edge, of the backward run under way */
    bool *wanted;  /* [layers + 1] is that gradient worth computing? of the backward run under way */
    bool *reached; /* [layers + 1] has a gradient after the last backward run; [0] is the input */

    atomic_ulong desk_taken; /* a bit a desk */

    int *reader; /* [layers] the only layer that reads this one's output; -1: none or several */
    int *
        tail; /* [layers] of the run under way: whose activation its forward writes; another's when that one's work is done with it; -1: it isn't run itself */

    /* of the last run: */
    int n, live_blocks, chunks;
    enum mode mode;
};

static inline int pass_lane_index(const struct pass *p)
{
    return p->lanes == 1 ? 0 : 1;
}

/** Images of block b that count. */
static inline int pass_live(const struct pass *p, int block)
{
    int left = p->n - block * p->lanes;
    return left < p->lanes ? left : p->lanes;
}

#endif
