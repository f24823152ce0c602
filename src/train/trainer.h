/**
 * The trainer: a thread that trains, takes orders, and publishes moments. It never knows what is looked at, and never waits for it.
 *
 * Orders go in through trainer_send() (any thread); what comes out lies in two mailboxes, each with one reader: moments (weights and gradients, for
 * the observer) and reports (numbers and curves, for the UI). After each publication `wake` is called from the trainer's thread.
 */
#ifndef FOVEA_TRAIN_TRAINER_H
#define FOVEA_TRAIN_TRAINER_H

#include "base/err.h"
#include "train/history.h"
#include "train/moment.h"
#include "train/run.h"

enum trainer_order {
    TRAINER_PAUSE, /* after the step under way */
    TRAINER_GO,
    TRAINER_STEPS, /* value: train so many steps, then pause */
    TRAINER_RATE,  /* value: learning rate from now on */
    TRAINER_RESET, /* value: new seed; the run begins again, paused or not as it is */
    TRAINER_SPEED, /* value: at most so many steps a second; 0: as fast as it goes */
    TRAINER_SEEK,  /* value: a step of the past (or 0): pause there, to the bit; going on from there forgets what came after */
};

enum trainer_state { TRAINER_PAUSED, TRAINER_RUNNING, TRAINER_DONE, TRAINER_FAILED };

struct trainer_report {
    enum trainer_state state;
    long step, epoch, per_epoch;
    double lr, loss, accuracy;       /* last batch; NaN before the first */
    double test_loss, test_accuracy; /* last evaluation; NaN before the first */
    double images_per_second;        /* of training, over the last second or so */
    struct history history;
    struct diag diag; /* why it failed (NaN, divergence), naming the layer */
};

struct trainer_options {
    int threads;     /* 1..TEAM_MAX */
    bool paused;     /* start paused */
    double speed;    /* as TRAINER_SPEED */
    int test_every;  /* steps between two evaluations in the background; 0: chosen from the size of an epoch */
    size_t timeline; /* bytes for the past; 0: none */
    void (*wake)(void *arg);
    void *arg;
};

struct trainer;

/** Makes a run and starts the thread; the first moment (step 0) is published before it returns. net and data are borrowed. */
MUST_USE enum err trainer_new(const struct net *net, const struct dataset *data,
                              const struct run_options *run, const struct trainer_options *options,
                              struct trainer **out, struct diag *diag);
void trainer_free(struct trainer *t); /* finishes the step under way; accepts NULL */
void trainer_send(struct trainer *t, enum trainer_order order, double value);

/** Newest moment, or NULL when nothing new; valid until the next call. One reader. */
const struct moment *trainer_moment(struct trainer *t);
/** Newest report, or NULL when nothing new; valid until the next call. One reader. */
const struct trainer_report *trainer_report(struct trainer *t);

#endif
