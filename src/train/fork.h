/**
 * Forks: a new run that stands where another one stood and differs from it in one knob.
 *
 * The trainer of the old run hands its state over (TRAINER_HAND_OVER); a new network and new options are made of the old ones, and a new trainer
 * begins with them. Weights go over by the names of layers, where the shapes agree. With nothing changed the fork goes on to the same bits.
 */
#ifndef FOVEA_TRAIN_FORK_H
#define FOVEA_TRAIN_FORK_H

#include "train/history.h"
#include "train/state.h"

enum fork_knob {
    FORK_SAME,     /* nothing */
    FORK_RATE,     /* constant from here on */
    FORK_SCHEDULE, /* with the base rate that was in force */
    FORK_OPTIMIZER, /* with its own default rate and options, its arrays zero; the shape of the schedule stays */
    FORK_AUGMENT,
    FORK_ADVERSARIAL,
    FORK_SEED,      /* of the order, the augmentation and dropout from here on; the weights stay */
    FORK_BATCHNORM, /* see variant_batchnorm(): measured, so that the function of the network stays */
    FORK_DROPOUT,   /* see variant_dropout() */
    FORK_KNOBS,
};

struct fork_type {
    const char *name;     /* the word before the = */
    const char *argument; /* "RATE"; NULL: none */
    const char *usual;    /* taken when nothing stands behind the word; NULL: something must */
    const char *help;
};
extern const struct fork_type fork_types[FORK_KNOBS]; /* by enum fork_knob */

struct fork {
    enum fork_knob knob;
    double number; /* rate, or probability of dropout */
    uint64_t seed;
    char text[120]; /* what stands behind the =; options that were made by fork_options() point to it */
};

/** "rate=0.1", "optimizer=adam", "batchnorm", "dropout=0.5", "augment=shift=2", "seed=9", "same". An unknown word lists the known ones. */
MUST_USE enum err fork_parse(const char *text, struct fork *out, struct diag *diag);

/** The options of the run that forks off, from those of the old one; points into `fork`. */
void fork_options(const struct fork *fork, struct run_options *options);

/** The network of the run that forks off, always one of its own. */
MUST_USE enum err fork_net(const struct fork *fork, const struct net *net, struct net **out,
                           struct diag *diag);

/** What one trainer leaves for another. */
struct handover {
    const struct net *net; /* borrowed from the old run, and needed until the new one has begun */
    const struct optimizer_type *optimizer;
    struct run_state state; /* gradients and all */
    struct history history;
    double first_loss; /* of the very first step: what divergence is measured by */
};

/** Copies where `run` stands. Memory is allocated the first time. */
MUST_USE enum err handover_take(struct handover *h, const struct run *run, const struct history *history,
                                double first_loss, struct diag *diag);
void handover_fini(struct handover *h);

/**
 * Puts `run`, made by run_init() with fork_net() and fork_options(), at the moment that was handed over.
 *
 * A new batch normalisation takes over what it would normalise: mean m and variance v of each channel are measured over the next 8 batches of
 * training, become its running statistics, and its weight begins as sqrt(v + eps), its bias as m. So it computes the identity at first, and
 * the loss doesn't jump; from there on it learns. (With weight 1 and bias 0 the fork would begin as another function.)
 */
MUST_USE enum err fork_begin(const struct fork *fork, struct run *run, const struct handover *from,
                             struct diag *diag);

#endif
