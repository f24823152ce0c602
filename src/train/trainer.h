/**
 * The trainer: a thread that trains, takes orders, and publishes moments. It never knows what is looked at, and never waits for it.
 *
 * Orders go in through trainer_send() (any thread); what comes out lies in two mailboxes, each with one reader: moments (weights and gradients, for
 * the observer) and reports (numbers and curves, for the UI). After each publication `wake` is called from the trainer's thread. While it runs there is
 * one every 30 ms at most, fewer for a network that takes long to copy; whenever it stops (paused, steps done, sought, failed) the moment and the
 * report of exactly that step are published at once. The test set is evaluated by a third thread of low priority (train/tester.h), which training never waits for.
 */
#ifndef FOVEA_TRAIN_TRAINER_H
#define FOVEA_TRAIN_TRAINER_H

#include <limits.h>
#include <stdatomic.h>

#include "base/err.h"
#include "train/fork.h"
#include "train/history.h"
#include "train/moment.h"
#include "train/run.h"
#include "train/timeline.h"

enum trainer_order {
    TRAINER_PAUSE, /* after the step under way */
    TRAINER_GO, /* after a failure: from the last keyframe where all was well, at the rate that is set now */
    TRAINER_STEPS, /* value: train so many steps, then pause; added to those that are left */
    TRAINER_RATE,  /* value: learning rate from now on, constant, >= 0; stays after TRAINER_RESET */
    TRAINER_RESET, /* value: new seed; the run begins again, going on when it was running and paused when it wasn't */
    TRAINER_SPEED, /* value: at most so many steps a second; 0: as fast as it goes */
    TRAINER_SEEK, /* value: a step of the past (or 0): pause there, to the bit; going on from there forgets what came after */
    TRAINER_SCRUB, /* value: the same at once: at that step where it takes TRAINER_SCRUB_WORK at most to reach, else at the nearest stop of the timeline */
    TRAINER_PHASE, /* value: so many phases of a step further, then wait there; pauses when it runs */
    TRAINER_STOP_EPOCHS, /* value: pause when so many epochs are done; 0: never */
    TRAINER_STOP_ACCURACY, /* value: pause when an evaluation in the background reaches it, in (0, 1]; 0: never */
    TRAINER_HAND_OVER,     /* keep a copy of the state for trainer_handover() */
};

enum trainer_state { TRAINER_PAUSED, TRAINER_RUNNING, TRAINER_DONE, TRAINER_FAILED };

enum {
    TRAINER_RATES = 16,             /* in a report */
    TRAINER_POINTS = 2048,          /* in each curve of a report */
    TRAINER_SCRUB_WORK = 500000000, /* multiply-adds, forward and back; never less than one step */
};

/** Why it paused by itself. A rule that was met holds no longer until it's set anew, or training begins again or goes back in time. */
enum trainer_rule { RULE_NONE, RULE_EPOCHS, RULE_ACCURACY };

/** A step in slow motion, in four phases. The moment that comes with each has the weights before the step, but PHASE_UPDATE. */
enum trainer_phase { PHASE_NONE, PHASE_FORWARD, PHASE_LOSS, PHASE_BACKWARD, PHASE_UPDATE, PHASES };

struct trainer_slow {
    enum trainer_phase phase;
    /* from PHASE_FORWARD on: */
    int images, index; /* in the batch; the first one's index in the training split */
    int label, guess;  /* of the first one: the truth, and the largest output */
    double sure;       /* its softmax: how sure the network is of the guess, [0,1] */
    double loss;       /* mean over the batch */
    int correct;       /* images of the batch */
    /* from PHASE_BACKWARD on: */
    double grad_norm; /* of the whole gradient, L2 */
    int grad_layer;   /* the layer with the largest part of it */
    /* PHASE_UPDATE: */
    const char *rule;   /* of the optimizer */
    double rate, moved; /* the mean of |after - before| over the parameters of moved_layer, */
    int moved_layer;    /* where it is largest */
};

struct trainer_report {
    enum trainer_state state;
    long step, epoch, per_epoch; /* per_epoch: steps */
    long first,
        furthest; /* steps from `first` (0, or where a fork began) to `furthest` can be sought; furthest > step after TRAINER_SEEK */
    long total;   /* steps asked for; 0: endless */
    int epochs;   /* asked for; 0: endless */
    int batch;    /* images in a full batch */
    uint64_t seed;
    double lr;                       /* of the step that comes next */
    double loss, accuracy;           /* last batch; NaN before the first */
    double test_loss, test_accuracy; /* last evaluation at or before `step`; NaN before the first */
    long test_step;                  /* the step it belongs to; -1 before the first */
    long testing;                    /* the step whose weights are being evaluated now; -1: none */
    long left;                       /* steps until it pauses by itself; 0: when it's told */
    unsigned long obeyed;            /* the last order that was carried out, as trainer_send() numbers them */
    unsigned long moment;            /* serial of the moment that was published last */
    double images_per_second; /* trained, over the last second or so; with a speed limit its waits count */
    double speed;             /* the limit: steps a second; 0: none */
    struct history
        history; /* of the way that was trained; after TRAINER_SEEK still whole, cut there when training goes on */
    int rates; /* learning rates that were chosen on the way; -1: too many to be told */
    struct timeline_rate rate[TRAINER_RATES];
    struct diag diag; /* TRAINER_FAILED: why (NaN, divergence), naming the layer */
    int stop_epochs;  /* rules, 0: none */
    double stop_accuracy;
    enum trainer_rule stopped; /* the rule that it paused for */
    struct trainer_slow slow;  /* phase PHASE_NONE: not in slow motion */
};

/** Two trainers that run at equal steps: one that is more than a few steps ahead waits for the other, as long as that one runs. */
struct trainer_race {
    atomic_long step[2]; /* LONG_MAX: it doesn't run */
};
static inline void trainer_race_init(struct trainer_race *race)
{
    atomic_init(&race->step[0], LONG_MAX);
    atomic_init(&race->step[1], LONG_MAX);
}

struct trainer_options {
    int threads;    /* 1..TEAM_MAX; 0: 1 */
    bool paused;    /* start paused */
    double speed;   /* as TRAINER_SPEED */
    int test_every; /* steps between two evaluations in the background; 0: 8 in an epoch. Those at the end of epochs are on all test images */
    double
        test_share; /* of a core's time, over 0 to 1, for those while it trains without end: those that would cost more are left out; 0: none is */
    int stop_epochs;      /* as TRAINER_STOP_EPOCHS */
    double stop_accuracy; /* as TRAINER_STOP_ACCURACY */
    size_t timeline; /* bytes for the past; 0: none, and only step 0 can be sought, which forgets the rest */
    /* What the run begins with, copied; then at least two keyframes are kept. A TRAINER_RESET draws new ones. NULL: drawn from the seed. */
    const struct weights *weights;
    const struct handover *
        from; /* the moment of another trainer to go on from; net and options are fork_net()'s and fork_options()'s; copied; NULL: step 0 */
    const struct fork *fork;   /* what differs from there on */
    struct trainer_race *race; /* borrowed; NULL: alone */
    int lane;                  /* in the race: 0 or 1 */
    void (*wake)(void *arg);   /* may be NULL */
    void *arg;
};

struct trainer;

/**
 * Makes a run and starts the thread; the first moment and report (step 0) are published before it returns, without wake. net and data are borrowed;
 * the strings in `run` are needed until it returns.
 */
MUST_USE enum err trainer_new(const struct net *net, const struct dataset *data,
                              const struct run_options *run, const struct trainer_options *options,
                              struct trainer **out, struct diag *diag);
void trainer_free(struct trainer *t); /* finishes the step under way; accepts NULL */
/** Ends the thread, and with it the calls of `wake`; what it published can still be taken. Nothing else can be sent. */
void trainer_stop(struct trainer *t);

/**
 * Returns at once. An order that follows one of its own kind takes its place; of more than 64 that wait the oldest is lost.
 * @return its number, from 1: carried out, or lost, when a report says so (`obeyed`)
 */
unsigned long trainer_send(struct trainer *t, enum trainer_order order, double value);

/** Newest moment, or NULL when nothing new; valid until the next call. One reader. */
const struct moment *trainer_moment(struct trainer *t);
/** What the last TRAINER_HAND_OVER that a report calls obeyed has copied, for making a fork; valid until the next such order. NULL: no memory. */
const struct handover *trainer_handover(const struct trainer *t);
/** Newest report, or NULL when nothing new; valid until the next call. One reader. */
const struct trainer_report *trainer_report(struct trainer *t);

#endif
