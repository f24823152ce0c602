/**
 * What a trainer is made of: shared by trainer.c, which has the thread and the queue, and the files that do what is next. For nobody else.
 *
 * Everything but the queue belongs to the thread alone, so the lock is held for moments only, never while a network is computed.
 */
#ifndef FOVEA_TRAIN_TRAINER_PARTS_H
#define FOVEA_TRAIN_TRAINER_PARTS_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/mailbox.h"
#include "train/tester.h"
#include "train/timeline.h"
#include "train/trainer.h"

enum { TRAINER_ORDERS = 64, TRAINER_MARKS = 16 };

struct order {
    enum trainer_order kind;
    double value;
    unsigned long number;
};

struct trainer {
    struct trainer_options options;
    const struct net *net;
    struct team *team;
    struct run run;
    struct timeline *timeline; /* NULL: none is kept */
    struct tester *tester;     /* NULL: no test images */
    double tests_rest;         /* until then, with test_share */
    struct history history;
    enum trainer_state state;
    long left;         /* steps until it pauses; 0: until told */
    long furthest;     /* last step of the way that curves and timeline hold */
    bool rate_changed; /* while standing in the past: to be remembered when training goes on */
    long came_back_to; /* where the run went on after its last failure; -1: it didn't fail */
    double first_loss; /* of the batch of step 1 */
    long scrub_most;   /* steps of training that TRAINER_SCRUB may take */
    enum trainer_rule stopped;
    bool accuracy_met; /* the rule was met, and someone went on */
    struct trainer_slow slow;
    float *
        kept; /* in slow motion: the gradients before PHASE_BACKWARD, then the parameters before PHASE_UPDATE; NULL before its first use */
    struct handover handover;
    bool handed;      /* the last order had the memory for it */
    double due;       /* when the next step may begin */
    double published; /* when the last moment was */
    double copying;   /* seconds that it took */
    long shown;       /* step of that moment */
    unsigned long serial, obeyed;
    struct diag diag;
    struct {
        double time;
        long images;
    } mark[TRAINER_MARKS]; /* the last second, for the speed shown; [0] is the oldest */
    int marks;
    long images; /* trained since trainer_new */
    double images_per_second;

    pthread_t thread;
    bool started;
    atomic_bool hurry;    /* an order or the end makes the seek under way pointless */
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t told;
    bool stop, tested;
    int orders;
    unsigned long sent;
    struct order order[TRAINER_ORDERS];

    struct mailbox moments, reports;
    struct moment moment[MAILBOX_SLOTS];
    struct trainer_report report[MAILBOX_SLOTS];
};

/* trainer_work.c: what the thread does, and trainer_new() at the beginning. */
void trainer_start_running(struct trainer *t);
void trainer_publish(struct trainer *t, bool weights);     /* !weights: the report only; no wake */
void trainer_show(struct trainer *t);                      /* publishes all, and wakes */
bool trainer_is_time(const struct trainer *t, double now); /* for another moment */
void trainer_test_when_due(struct trainer *t);
void trainer_step(struct trainer *t);
void trainer_branch(struct trainer *t);      /* before an update: what came after this step never happened */
void trainer_finish_step(struct trainer *t); /* after it: curves, keyframes, rules */
void trainer_fail(struct trainer *t);
void trainer_take_results(struct trainer *t);

/* trainer_orders.c */
void trainer_obey(struct trainer *t, struct order order);
void trainer_recover(struct trainer *t); /* from a failure: back to where all was well */

/* trainer_slow.c */
void trainer_next_phase(struct trainer *t);
void trainer_leave_phase(struct trainer *t); /* the step under way is given up */

#endif
