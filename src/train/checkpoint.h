/**
 * Checkpoints: everything needed to go on with a run as if it had never stopped.
 *
 * A checkpoint is a safetensors file. It holds the weights under their own names, so it also serves as weights; the optimizer's slots as
 * "optimizer.SLOT", flat like the parameters; the curves as "fovea.history.SERIES"; and in its metadata
 *
 *     fovea.checkpoint         the version of this list
 *     fovea.model              model text
 *     fovea.classes            names, one a line
 *     fovea.data               data spec
 *     fovea.images             images of the training split
 *     fovea.options.NAME       what was chosen, defaults filled in
 *     fovea.run.NAME           step, sums of the epoch, schedule in force
 *
 * Real numbers are written with 17 digits, which read back to the same bits.
 */
#ifndef FOVEA_TRAIN_CHECKPOINT_H
#define FOVEA_TRAIN_CHECKPOINT_H

#include "train/history.h"
#include "train/run.h"

/** Writes the file (atomically, see base/file.h). @param history  the curves so far, or NULL */
MUST_USE enum err checkpoint_save(const struct run *run, const struct history *history, const char *path,
                                  struct diag *diag);

enum { CHECKPOINT_STRINGS = 8 };

/** What a checkpoint says of its run, for making one like it. */
struct checkpoint_info {
    char *model, *data; /* text and spec; owned */
    struct run_options options;
    char *string[CHECKPOINT_STRINGS]; /* what options point to; owned */
    long step;
};
MUST_USE enum err checkpoint_read(const char *path, struct checkpoint_info *out, struct diag *diag);
void checkpoint_info_fini(struct checkpoint_info *info);

/**
 * Puts a run that was made with the checkpoint's model, data and options at its step, to go on with the same bits. Changes nothing of the run on failure.
 * @param history  gets the curves; or NULL. Of any capacity that has room for them
 */
MUST_USE enum err checkpoint_restore(struct run *run, struct history *history, const char *path,
                                     struct diag *diag);

#endif
