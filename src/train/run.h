/**
 * A training run: everything that determines the next step, and the step.
 *
 * No thread of its own and no clock: run_step() trains one batch and returns. The trainer thread, `fovea train`, the timeline's exact
 * replay and the tests all call the same function, and the same (options, step) gives the same bits.
 */
#ifndef FOVEA_TRAIN_RUN_H
#define FOVEA_TRAIN_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/team.h"
#include "data/batch.h"
#include "nn/init.h"
#include "nn/net.h"
#include "nn/pass.h"
#include "train/adversarial.h"
#include "train/optimizer.h"
#include "train/schedule.h"

/** What a person chooses. Names are of the tables; NULL or 0 mean the default stated. */
struct run_options {
    const char *optimizer;   /* NULL: sgd */
    const char *schedule;    /* NULL: cosine:warmup=... when epochs are given, constant when endless */
    const char *loss;        /* NULL: cross-entropy */
    const char *augment;     /* as augment_parse() reads it; NULL: none */
    const char *adversarial; /* as adversarial_parse() reads it; NULL: none */
    enum init_kind init;
    double lr;           /* 0: the optimizer's default */
    double momentum;     /* < 0: the optimizer's default */
    double weight_decay; /* < 0: the optimizer's default */
    bool nesterov;
    int epochs; /* 0: endless */
    int batch;  /* 0: 32 */
    uint64_t seed;
};
struct run_options run_defaults(void);

struct run {
    const struct net *net;      /* borrowed */
    const struct dataset *data; /* borrowed */
    struct team *team;          /* borrowed; may be NULL */
    const struct loss_type *loss;
    struct run_options
        options; /* defaults filled in; the texts of schedule, augment and adversarial are the caller's */
    struct schedule schedule;
    struct weights weights;
    struct optimizer optimizer;
    struct batches batches;
    struct adversarial adversarial;
    float *attacked; /* its scratch */
    struct pass *pass;
    float *grads;
    long step;  /* updates done; epoch = step / batches.per_epoch */
    long total; /* steps asked for; 0: endless */
    /* of the last step: */
    double lr, loss_mean, accuracy; /* of that batch, before the update; accuracy in [0,1] */
    double grad_norm;
    /* of the batch that run_forward() or run_backward() ran: */
    struct {
        double total_loss, loss; /* sum over the images, and mean */
        double grad_norm;        /* of run_backward() alone */
        int correct;
    } batch;
    /* of the epoch so far: */
    double epoch_loss; /* sum over images */
    long epoch_correct, epoch_images;
    long reported; /* epochs that the caller has told of: its own to count, kept in a checkpoint */
};

MUST_USE enum err run_init(struct run *run, const struct net *net, const struct dataset *data,
                           struct team *team, const struct run_options *options, struct diag *diag);
void run_fini(struct run *run);

/** Back to step 0 with another seed, as run_init() would have made it; a schedule that was changed on the way stays. Allocates nothing. */
void run_reset(struct run *run, uint64_t seed);

static inline long run_epoch(const struct run *run)
{
    return run->step / run->batches.per_epoch;
}
static inline bool run_done(const struct run *run)
{
    return run->total > 0 && run->step >= run->total;
}

/**
 * One batch: gather, attack when it trains so, forward, loss, backward, update. Allocates nothing.
 * @return ERR_NUMBERS when the loss or a gradient isn't finite, or the mean loss is beyond 10,000: the weights and the step stay as they were before, and `diag` names the first layer where it shows
 */
MUST_USE enum err run_step(struct run *run, struct diag *diag);

/*
 * The step in parts, for who wants to stop between them: forward may be left out, backward does it again. Only the update changes the run; before
 * it, all but `grads` is as it was.
 */

/** The next batch, forward through the loss: afterwards run->batches holds the images, pass_logits() and pass_losses() what came of them. */
void run_forward(struct run *run);
/** The same, and back: run->grads are those of the batch. Errors as in run_step(). */
MUST_USE enum err run_backward(struct run *run, struct diag *diag);
/** The update, after run_backward(). */
void run_update(struct run *run);

#endif
