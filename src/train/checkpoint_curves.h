/**
 * The curves of a run as tensors of a checkpoint. For checkpoint.c only.
 *
 * Each series is two tensors, "fovea.history.SERIES" [count, 3] of mean, low and high, and "fovea.history.SERIES.steps" [count, 3] of first step, last step and
 * number of values, and one word of metadata, "fovea.history.SERIES.per_point".
 */
#ifndef FOVEA_TRAIN_CHECKPOINT_CURVES_H
#define FOVEA_TRAIN_CHECKPOINT_CURVES_H

#include "tensor/safetensors.h"
#include "train/history.h"

enum { CURVE_NAME = 64 };

/** One series, ready to be written: items and key point into it, so it must stay where it is. */
struct curve {
    char values[CURVE_NAME], steps[CURVE_NAME], key[CURVE_NAME], per_point[16];
    float *value;   /* owned */
    int64_t *place; /* owned */
    struct safetensors_item item[2];
};

/** @return false: no memory; curve_fini() it all the same */
bool curve_pack(struct curve *c, const struct series *s, const char *name);
void curve_fini(struct curve *c);

/** Fills the history, which has a capacity of its own. A series that isn't there is empty; one that history_add() can't have made is refused. */
MUST_USE enum err curves_read(const struct safetensors *file, const char *path, struct history *out,
                              struct diag *diag);

#endif
