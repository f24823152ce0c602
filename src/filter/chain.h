/**
 * A picture through a chain of stages, every stage's result kept: blur, noise, edges, ReLU, pooling, a template. Lecture items L26 to L31, L34, L40.
 *
 * A stage is one row of a table with its knobs (knobs.h), or any kernel of the library, which works on each channel by itself. Results are floats that may leave [0,1].
 */
#ifndef FOVEA_FILTER_CHAIN_H
#define FOVEA_FILTER_CHAIN_H

#include "filter/correlate.h"
#include "filter/kernels.h"
#include "filter/template.h"

enum { CHAIN_STAGES = 8, CHAIN_PEAKS = 16 };

struct chain_stage {
    const struct stage_type *type; /* NULL: a kernel */
    double value[KNOBS];
    struct kernel kernel; /* owned; of a kernel's stage */
};

/** What stands behind a stage. */
struct chain_result {
    struct image image; /* owned */
    float min, max;
    double mean;
    double rmse,
        psnr; /* against the picture at the start, peak 1; NAN when their shapes differ. Equal pictures: 0 and infinity */
    struct peak peak[CHAIN_PEAKS]; /* of a template: where it was found, best first */
    int peaks;
};

struct stage_type {
    const char *name, *help;
    struct knob knob[KNOBS];
    /* Fills out->image (and peaks) from `in`; `picture` is what the chain began with. */
    enum err (*apply)(const struct chain_stage *stage, const struct image *picture, const struct image *in,
                      struct team *team, struct chain_result *out, struct diag *diag);
};
extern const struct stage_type *const stage_types[]; /* NULL-terminated */

struct chain {
    enum correlate_mode mode; /* of the kernels; the zeros around the picture count as black */
    bool repeats;             /* in mode same: around the picture its border goes on instead */
    int stages;
    struct chain_stage stage[CHAIN_STAGES];
    struct chain_result result[CHAIN_STAGES + 1]; /* [0]: the picture itself; [i]: behind stage i - 1 */
    int results;                                  /* how many of them stand */
};

/**
 * Appends a stage: "relu", "noise:sigma=0.1,seed=3" or a kernel as kernel_parse() reads it.
 * @return its errors; ERR_RANGE when the chain is full
 */
MUST_USE enum err chain_add(struct chain *chain, const char *text, struct diag *diag);

/** Puts another stage in place of number `index`. What it said before stays when it fails. */
MUST_USE enum err chain_set(struct chain *chain, int index, const char *text, struct diag *diag);

/** The picture that the chain starts from, copied; no results stand any more. */
MUST_USE enum err chain_picture(struct chain *chain, const struct image *picture, struct diag *diag);

/**
 * Computes the results from stage `from` on (0: all); those before must stand. The same seed gives the same noise.
 * @return the stage's error, with its number in the sentence; results before it stand
 */
MUST_USE enum err chain_run(struct chain *chain, int from, struct team *team, struct diag *diag);
void chain_fini(struct chain *chain);

/** The stages of a chain and how its kernels meet the border, without its results, into `out` (which is as after chain_fini()). */
MUST_USE enum err chain_copy(const struct chain *chain, struct chain *out, struct diag *diag);

/** Multiplications, about, for each number that goes into the stage; rows + columns of a kernel that is separable. */
double chain_stage_products(const struct chain_stage *stage);
/** The same for all that chain_run() does to a picture of this shape. */
double chain_products(const struct chain *chain, struct shape picture);

/** Adds the stage as chain_add() reads it. */
void chain_spell(const struct chain_stage *stage, struct text *out);

#endif
