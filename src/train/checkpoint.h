/**
 * Checkpoints: everything needed to go on with a run as if it had never stopped.
 */
#ifndef FOVEA_TRAIN_CHECKPOINT_H
#define FOVEA_TRAIN_CHECKPOINT_H

#include "train/run.h"

/**
 * Checkpoint: a safetensors file with the weights under their own names (so it also serves as weights), the optimizer's slots as
 * "optimizer.SLOT", and model text, data spec, classes, options, step and sums in its metadata.
 */
MUST_USE enum err checkpoint_save(const struct run *run, const char *path, struct diag *diag);

/** What a checkpoint says of its run, for making one like it: text, owned. */
struct checkpoint_info {
    char *model, *data;
    struct run_options options;
    char *optimizer, *schedule, *loss, *augment; /* what options point to */
};
MUST_USE enum err checkpoint_read(const char *path, struct checkpoint_info *out, struct diag *diag);
void checkpoint_info_fini(struct checkpoint_info *info);

/** Puts a run that was made with the checkpoint's model, data and options at its step, to go on with the same bits. */
MUST_USE enum err checkpoint_restore(struct run *run, const char *path, struct diag *diag);

#endif
