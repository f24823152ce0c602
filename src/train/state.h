/**
 * The state of a run between two steps: all that the next step depends on, and the numbers that are told of the last one.
 *
 * A keyframe of the timeline is one, and so is what a fork begins with. It belongs to runs of the same network and optimizer.
 */
#ifndef FOVEA_TRAIN_STATE_H
#define FOVEA_TRAIN_STATE_H

#include "train/run.h"

struct run_state {
    long step, optimizer_step;
    struct schedule schedule;
    double lr, loss_mean, accuracy, grad_norm, epoch_loss;
    long epoch_correct, epoch_images;
    bool grads;     /* are the gradients of the last step in it? The next step doesn't need them */
    float *numbers; /* parameters, buffers, the optimizer's arrays, gradients; owned */
};

/** Bytes that one takes. */
size_t state_bytes(const struct run *run, bool grads);

/** Room for the state of `run`; nothing is copied yet. */
MUST_USE enum err state_init(struct run_state *s, const struct run *run, bool grads, struct diag *diag);
void state_fini(struct run_state *s); /* once or often; zeros are fine */

void state_take(struct run_state *s, const struct run *run);
/** Puts `run` there. Without `grads` in it, run->grads stay as they are: one step gives those of the step after. */
void state_put(const struct run_state *s, struct run *run);
/** Only where it stands and the numbers that are told, which belong to runs of other networks and optimizers too. */
void state_put_course(const struct run_state *s, struct run *run);

#endif
