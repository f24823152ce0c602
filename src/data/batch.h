/**
 * The order of an epoch, and the batches gathered from it.
 *
 * Everything is a function of (seed, epoch, place): order[] is a permutation drawn from (seed, epoch), a sample's key
 * (dropout, and mixed once more augmentation) from (seed, epoch, sample). The last batch of an epoch is the short rest.
 */
#ifndef FOVEA_DATA_BATCH_H
#define FOVEA_DATA_BATCH_H

#include <stdint.h>

#include "base/err.h"
#include "base/team.h"
#include "data/augment.h"
#include "data/dataset.h"

struct batches {
    const struct dataset *data; /* borrowed */
    uint64_t seed;
    int size;      /* images in a full batch */
    int per_epoch; /* batches */
    /* the batch last gathered: */
    int n;
    float *x;      /* [n][c][h][w] */
    int *label;    /* [n] */
    int *index;    /* [n] in the split */
    uint64_t *key; /* [n] */
    /* private: */
    long epoch; /* that order[] belongs to; -1 none */
    int *order;
    struct augment augment;
    float *scratch; /* [size][augment_scratch]; NULL without augmentation */
};

MUST_USE enum err batches_init(struct batches *b, const struct dataset *data, int size, uint64_t seed,
                               struct diag *diag);

/** From now on every gathered image is changed by `augment` (copied); a count of 0 ends it. */
MUST_USE enum err batches_augment(struct batches *b, const struct augment *augment, struct diag *diag);
void batches_fini(struct batches *b);

/** Gathers batch `place` (0..per_epoch-1) of `epoch` (from 0), shared out over the team. Allocates nothing. */
void batches_gather(struct batches *b, long epoch, int place, struct team *team);

#endif
