/**
 * Questions and answers: what a visible panel wants to know of a moment and a sample, and the plain arrays it gets.
 *
 * A question type is one file in observe/questions/ and one row of question_types[]. Its answer is a few named parts, each
 * n pictures (or vectors) of one shape, copied out of the network: a panel never sees a tensor that is being trained.
 */
#ifndef FOVEA_OBSERVE_QUESTION_H
#define FOVEA_OBSERVE_QUESTION_H

#include <stdbool.h>
#include <stddef.h>

#include "attack/attack.h"
#include "data/dataset.h"
#include "nn/pass.h"
#include "train/moment.h"

enum { ANSWER_PARTS = 12, QUESTIONS_MAX = 24 };

/** The input being looked at. */
struct sample {
    enum split split;
    int index;
    int label; /* -1: unknown */
    float *x;  /* [c][h][w] in [0,1]; owned by whoever holds the sample */
};

struct question {
    const struct question_type *type;
    int layer;                        /* index in the net, for questions about one layer; else 0 */
    const struct attack_type *attack; /* for questions about attacks; else NULL */
    struct attack_options options;
};

/** n things of one shape: float data[n][c][h][w]. */
struct part {
    const char *name;
    int n;
    struct shape shape;
    float *data; /* in the answer's storage */
};

struct answer {
    struct question question;
    bool ready; /* false: not computed (yet) */
    int parts;
    struct part part[ANSWER_PARTS];
    float *storage;  /* owned */
    size_t capacity; /* floats */
};

/** What an answer is computed from: one probe pass of one image on a copy of the weights. */
struct probe {
    const struct moment *moment;
    const struct sample *sample;
    struct pass
        *pass; /* lanes 1, keeps; has run forward, the loss and backward on the sample in MODE_INFER */
    struct pass *side; /* for further runs (attacks): capacity PROBE_SIDE, doesn't keep */
    float *scratch[4]; /* [PROBE_SIDE][c][h][w] each */
};
enum { PROBE_SIDE = 4 };

struct question_type {
    const char *name;    /* "filters" */
    const char *help;    /* one sentence */
    const char *lecture; /* "L46" */
    bool needs_layer;
    /** Can this be asked of that layer (or of that net, when no layer is needed)? */
    bool (*fits)(const struct net *net, int layer);
    /** Sets names, n and shapes of the parts (data is laid out by the caller). */
    void (*shape)(const struct net *net, const struct question *q, struct answer *out);
    /** Fills part[].data. Allocates nothing. */
    void (*answer)(const struct probe *probe, const struct question *q, struct answer *out);
};

/** input, filters, activation, probabilities, attack; NULL-terminated. */
extern const struct question_type *const question_types[];
const struct question_type *question_find(const char *name);
bool question_equal(const struct question *a, const struct question *b);

/** The part of that name, or NULL. */
const struct part *answer_part(const struct answer *a, const char *name);

#endif
