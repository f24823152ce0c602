/**
 * The sweep: a thread of low priority that attacks the images of a test set, for up to three networks side by side. Lecture items L75 to L79.
 *
 * Three things are measured, in turns, over more and more images: accuracy against epsilon for the attack and for random noise, of the networks in training;
 * which of some images can be led to which class; and whether what was made for one network fools the others. The networks of a session come and go
 * (sweep_enter), and each learns on (sweep_offer). A pass is made with one moment's weights to its end, then with the newest ones if there are any; results of
 * the first pass are published as they get better, those of later ones when they are whole.
 *
 * All numbers depend on the weights and the task alone, not on the number of threads or on how far apart results are published.
 */
#ifndef FOVEA_OBSERVE_SWEEP_H
#define FOVEA_OBSERVE_SWEEP_H

#include "attack/attack.h"
#include "data/dataset.h"
#include "train/moment.h"

enum {
    SWEEP_NETS = 3,     /* the branches of training, then one that rests */
    SWEEP_BRANCHES = 2, /* whose curves are measured */
    SWEEP_EPSILONS = 10,
    SWEEP_IMAGES = 20, /* rows of the grid */
    SWEEP_CLASSES = 16 /* its columns at most */
};

struct sweep_task {
    const struct attack_type *type;
    struct attack_options
        options; /* seen and stop aren't looked at, nor targeted; eps is that of the grid and of the transfer */
    int images;  /* of the curves and the transfer, 1..; clipped to the data */
    int subject; /* the network that the grid is about */
};

/** The epsilons of the curves: from 0 to 0.3, or ten times that in L2. */
float sweep_epsilon(enum norm norm, int k);

struct sweep_curve {
    int seen, total;                                   /* images; total 0: there is no such network */
    long step;                                         /* of its weights */
    int attack[SWEEP_EPSILONS], noise[SWEEP_EPSILONS]; /* still right, of `seen` */
};

struct sweep_cell {
    short says;        /* what it is taken for after the attack */
    float p, linf, l2; /* probability of the target; size of the perturbation */
};

struct sweep_grid {
    int rows, done,
        classes; /* images, those that were attacked, and columns; rows 0: there is no such network */
    int subject;
    long step;
    int index[SWEEP_IMAGES], label[SWEEP_IMAGES];        /* of the images, in the order of their classes */
    short clean[SWEEP_IMAGES];                           /* what is said of the image as it is */
    struct sweep_cell cell[SWEEP_IMAGES][SWEEP_CLASSES]; /* [image][target] */
};

struct sweep_transfer {
    int seen, total;
    bool there[SWEEP_NETS];
    long step[SWEEP_NETS];
    int clean[SWEEP_NETS];             /* right without any attack, of `seen` */
    int right[SWEEP_NETS][SWEEP_NETS]; /* [made for][tested on] */
};

struct sweep_result {
    struct sweep_task task;
    unsigned long asked;              /* serial of the task */
    unsigned long moment[SWEEP_NETS]; /* serials of the weights */
    double progress;                  /* of the pass under way, [0,1]; 1: nothing is */
    struct sweep_curve curve[SWEEP_BRANCHES];
    struct sweep_grid grid;
    struct sweep_transfer transfer;
};

/** Do the curves of one task hold for the other? They have epsilons of their own, whatever the one in view, and are of all branches. */
bool sweep_same_curves(const struct sweep_task *a, const struct sweep_task *b);

struct sweep;

/** data is borrowed; wake is called from the sweep's thread after each publication and may be NULL. It rests until it is asked. */
MUST_USE enum err sweep_new(const struct dataset *data, enum split split, void (*wake)(void *arg), void *arg,
                            struct sweep **out, struct diag *diag);
void sweep_free(struct sweep *s); /* finishes the batch under way; accepts NULL */

/** What to measure from now on. @return its serial */
unsigned long sweep_ask(struct sweep *s, const struct sweep_task *task);
/** Rests (false) or goes on; a pass under way is kept. */
void sweep_run(struct sweep *s, bool on);
/** How many threads, 1..TEAM_MAX, from the next batch on; 1 at first. */
void sweep_threads(struct sweep *s, int threads);

/**
 * Another network in a place (NULL: none), of which a copy is made; its weights follow by sweep_offer().
 * @return ERR_SHAPE when the images or classes of the data aren't its own; then there is none
 */
MUST_USE enum err sweep_enter(struct sweep *s, int place, const struct net *net, struct diag *diag);
/** Any thread: new weights for the network that was entered as `net`; those of another are not for it. */
void sweep_offer(struct sweep *s, int place, const struct net *net, const struct weights *weights,
                 unsigned long moment, long step);

/** The step of the newest weights that were offered for a place; -1: none. */
long sweep_newest(struct sweep *s, int place);

/** The asker's thread: the newest result, or NULL when there is no new one. Valid until a call returns another. */
const struct sweep_result *sweep_result(struct sweep *s);
/** Is `r` all that can be measured, with the newest task and weights? NULL isn't. */
bool sweep_rests(struct sweep *s, const struct sweep_result *r);

#endif
