/**
 * Augmentation: small random changes of a training image that leave its label right.
 *
 * A list such as "shift=2,flip,rotate=10,noise=0.05". Each row of the table is one change with one amount; what a change draws depends
 * only on its kind and the key handed in, made from (seed, epoch, sample), so any epoch can be replayed. Geometric changes come first,
 * composed in the order of the list into one affine map and sampled once: exactly when it is made of shifts and flips, else bilinear;
 * outside is 0 (black). Then the others, in the order of the list. An amount of 0 changes nothing.
 */
#ifndef FOVEA_DATA_AUGMENT_H
#define FOVEA_DATA_AUGMENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/rng.h"
#include "tensor/shape.h"

enum { AUGMENT_MAX = 16 };

struct augment_type {
    const char *name; /* shift flip rotate skew zoom darken lighten contrast colour noise */
    const char *unit; /* "pixels", "degrees", "" ... */
    const char *help;
    float amount, low, high; /* default, allowed range */
};
extern const struct augment_type augment_types[]; /* ends with a NULL name */

struct augment {
    int count;
    struct augment_step {
        int type; /* row of augment_types */
        float amount;
    } step[AUGMENT_MAX];
};

/** "" and NULL give no augmentation; a name without "=amount" takes the default. Unknown names list the known ones; no name twice. `out` is written only on success. */
MUST_USE enum err augment_parse(const char *list, struct augment *out, struct diag *diag);

/** Bytes of scratch that augment_apply needs for one image. */
size_t augment_scratch(struct shape shape);

/** Changes x [c][h][w] in [0,1] in place; stays in [0,1]. */
void augment_apply(const struct augment *a, struct shape shape, uint64_t key, float *x, float *scratch);

#endif
