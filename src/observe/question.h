/**
 * Questions and answers: what a visible panel wants to know of a moment and a sample, and the plain arrays it gets.
 *
 * A question type is one file in observe/questions/ and one row of question_types[]. Its answer is a few named parts, each
 * n pictures (or vectors) of one shape, copied out of the network: a panel never sees a tensor that is being trained. The file's head
 * says which parts there are, in which units. A part that a layer doesn't have (the bias of a convolution without one) is absent.
 */
#ifndef FOVEA_OBSERVE_QUESTION_H
#define FOVEA_OBSERVE_QUESTION_H

#include <stdbool.h>
#include <stddef.h>

#include "attack/attack.h"
#include "data/dataset.h"
#include "explain/inspect.h"
#include "nn/pass.h"
#include "train/moment.h"

enum { ANSWER_PARTS = 12, QUESTIONS_MAX = 24 };

/** The input being looked at. */
struct sample {
    bool own; /* not from the data set but drawn or loaded: split and index are 0 */
    enum split split;
    int index;
    int label;          /* -1: unknown */
    float *x;           /* [c][h][w] in [0,1]; owned by whoever holds the sample */
    const float *other; /* a picture that it is compared with (question "change"), or NULL; borrowed */
};

/** What a type doesn't need of it (see needs_layer, needs_place, needs_attack) is ignored. */
struct question {
    const struct question_type *type;
    int layer;          /* index in the net, for questions about one layer (of_input: or NET_INPUT); else 0 */
    int unit, row, col; /* channel, row and column in that layer's output, for questions about one number */
    const struct attack_type *attack; /* for questions about attacks; else NULL */
    struct attack_options options;
    int target; /* class that a targeted attack is to reach */
};

/** n things of one shape: float data[n][c][h][w]. */
struct part {
    const char *name;
    int n;
    struct shape shape;
    float *data; /* in the answer's storage, aligned to 64 bytes */
};

struct answer {
    struct question question;
    bool ready; /* false: there was no memory for it, or it doesn't fit the network; parts is 0 then */
    int parts;
    struct part part[ANSWER_PARTS];
    float *storage;  /* owned */
    size_t capacity; /* floats */
};

/** What an answer is computed from: one probe pass of one image on a copy of the weights. Made by observe/probe.h. */
struct probe {
    const struct net *net;
    const struct moment *moment;
    const struct sample *sample;
    bool known; /* the sample's label is a class of the network */
    int label; /* what the loss and attacks are about: the sample's label if known, else what the network says */
    struct pass
        *pass; /* lanes 1, keeps; has run forward, the loss and backward on the sample in MODE_INFER */
    struct pass *other; /* lanes 1, keeps, backward: for another picture ("change") or gradient ("unit") */
    struct pass *side;  /* for further runs (attacks): capacity PROBE_SIDE, backward, doesn't keep */
    bool (*stop)(
        void *
            arg); /* asked by answers that take long: are they to end, since nobody will see them? NULL: never */
    void *stop_arg;
    float *scratch
        [4]; /* each for PROBE_SIDE or ATTACK_SCRATCH images or the largest activation, whichever is most */
};
enum { PROBE_SIDE = 4 };

struct question_type {
    const char *name;    /* "filters" */
    const char *help;    /* one sentence */
    const char *lecture; /* "L46" */
    bool needs_layer;
    bool of_input;    /* the network's input, NET_INPUT, counts as a layer */
    bool needs_place; /* with needs_layer */
    bool anywhere;    /* row and col may both be -1: where the channel's number is largest for the sample */
    bool needs_attack;
    /** Can this be asked of that layer (or of that net, when no layer is needed)? */
    bool (*fits)(const struct net *net, int layer);
    /** Adds the parts with answer_add. */
    void (*shape)(const struct net *net, const struct question *q, struct answer *out);
    /** Fills part[].data. Allocates nothing. */
    void (*answer)(const struct probe *probe, const struct question *q, struct answer *out);
};

/** input, filters, activation, probabilities, change, attack, film, trials, landscape, pixels, flip, network, number, products, feeds, unit, tuning, census; NULL-terminated. */
extern const struct question_type *const question_types[];
const struct question_type *question_find(const char *name);

/** Do they have the same answer? What their type doesn't need isn't compared. */
bool question_equal(const struct question *a, const struct question *b);

/** Can it be asked: is there such a layer, of a kind that fits, with such a place, an attack if one is needed, and its target a class? */
bool question_fits(const struct net *net, const struct question *q);

/** The part of that name, or NULL. */
const struct part *answer_part(const struct answer *a, const char *name);

/** The shape of what a dense layer reads: of the maps that were flattened for it, where they were. */
struct shape dense_reads(const struct net *net, int layer);

/** The expression that the answer to a question of type "number" holds; its arrays are the answer's. @return false when it isn't ready */
bool answer_expression(const struct net *net, const struct answer *a, struct expression *out);

/* ---- for those who compute answers ---- */

/** Adds a part while shaping; its data is laid out later. */
void answer_add(struct answer *a, const char *name, int n, struct shape shape);

/**
 * Makes `a` the place for the answer to q: parts named, shaped and laid out, their numbers undefined, ready false. Storage only ever grows, so the
 * same question again allocates nothing.
 * @param a  {0} at first
 * @return false, with no parts, when q doesn't fit or there is no memory
 */
bool answer_prepare(const struct net *net, const struct question *q, struct answer *a);
void answer_fini(struct answer *a);

#endif
