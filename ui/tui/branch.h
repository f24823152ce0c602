/**
 * Branches: one way of training, or two that parted at a fork, of which one is in view.
 *
 * A branch has its own network, trainer and observer. The app's `net`, `trainer` and `observer` are those of the branch in view; the other one's observer
 * sleeps. When both run they keep step (struct trainer_race): the one behind trains until it has caught up, then they take turns.
 */
#ifndef FOVEA_UI_BRANCH_H
#define FOVEA_UI_BRANCH_H

#include <stdatomic.h>

#include "observe/exam.h"
#include "observe/flips.h"
#include "observe/observer.h"
#include "train/trainer.h"
#include "tui/neuron.h"

struct app;

enum { BRANCHES = 2 };

/** How many test images its network gets right, once that was asked for. */
struct sitting {
    struct exam *exam; /* owned; NULL: never asked for */
    struct weights weights;
    unsigned long offered;     /* serial of the moment whose weights it has; 0: none yet */
    struct exam_result newest; /* total 0: none yet */
};

struct branch {
    struct app *app;
    char letter;      /* 'A' is the first, 'B' what forked off it; 0: there is none in this place */
    struct fork fork; /* what it differs by */
    char what[128];   /* the same as it was written: "optimizer=adam"; "" of the first */
    long from;        /* the step at which it began */
    struct run_options run;
    char *string[4]; /* what `run` points to; owned */
    struct net *net;
    struct trainer *trainer;
    struct observer *observer;
    _Atomic(struct observer *) poked; /* the same while it is in view, for the trainer's thread */
    const struct trainer_report *report;
    unsigned long ordered;           /* number of the last order that was sent to it */
    _Atomic(struct neuron *) neuron; /* what its units like, once that was asked for; owned */
    struct sitting sitting;
    struct flips flips; /* how easily its network was fooled as it learned */
    long saved;         /* the furthest step that weights were saved at */
    /* Of the app, while another one is in view: */
    long sought;
    unsigned long seeking;
    double rate;
};

/**
 * Starts trainer and observer; `net` is the branch's from now on, also on failure. The strings of `run` are copied. wake, arg, race and lane of `to` are filled in
 * here; branch_show() comes next.
 * @return with an error nothing is left of it
 */
MUST_USE enum err branch_open(struct app *app, int place, struct net *net, const struct run_options *run,
                              struct trainer_options to, struct diag *diag);
void branch_close(struct branch *b);

/** Puts it in view: everything that the panels show is its from now on. The layer in view stays, by its name. */
void branch_show(struct app *app, int place);

/** The one that isn't in view, or NULL. */
struct branch *branch_other(struct app *app);

/** Asks the trainer in view for its state; when that is there, branch_take() makes the new branch and puts it in view. */
void branch_fork(struct app *app, const struct fork *fork, const char *what);

/** Takes what the trainers have published, and the state that a fork waits for. @return there was something */
bool branch_take(struct app *app);

/** "B optimizer=adam" for the status line; "" where there is one alone. */
void branch_text(const struct app *app, char *text, int size);

/** Have all orders been obeyed, and is everybody at rest, or running because he was told to? (For scripts.) */
bool branch_settled(const struct app *app);

/** Some training would be lost by leaving now. branch_saved(): the weights in view have been saved. */
bool branch_unsaved(const struct app *app);
void branch_saved(struct app *app);

#endif
