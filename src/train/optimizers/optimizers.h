/** Every optimizer, one file each: what optimizer.c puts into its table. */
#ifndef FOVEA_TRAIN_OPTIMIZERS_H
#define FOVEA_TRAIN_OPTIMIZERS_H

#include "train/optimizer.h"

extern const struct optimizer_type optimizer_sgd, optimizer_adam, optimizer_adamw;

/** The step that adam and adamw share, on a gradient that `decay` times the parameter has been added to. */
void adam_update(const struct optimizer_options *o, float decay, size_t count, long step, float lr, float *p,
                 const float *g, float *const *slot);

#endif
