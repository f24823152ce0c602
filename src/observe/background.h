/**
 * What every thread of low priority has that works on the newest weights there are: the thread itself, weights that are offered to it and taken when it likes, and a
 * mailbox for what it finds. Survey, ascent, exam and handmade are such threads.
 *
 *     the thread:  lock; wait on `changed`; background_take(); unlock; work on `weights`; fill the slot at mailbox_back(); background_publish()
 *     others:      background_offer(); what else they tell it they write under the lock, and signal `changed`
 */
#ifndef FOVEA_OBSERVE_BACKGROUND_H
#define FOVEA_OBSERVE_BACKGROUND_H

#include <pthread.h>

#include "base/mailbox.h"
#include "train/moment.h"

struct background {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* under the lock: */
    bool quit;            /* it is to end */
    bool offered;         /* `newest` weren't taken yet */
    unsigned long moment; /* serial of the newest ones, 0 before the first; step: of training */
    long step;
    struct weights newest;
    /* the thread's: */
    struct weights weights;
    /* between it and its one reader: */
    struct mailbox mailbox;
    void (*wake)(void *arg);
    void *arg;
    pthread_t thread;
    bool started;
};

/** @param net  NULL: it works on something else than weights, and none are offered. wake is called from the thread after each publication and may be NULL. After an error background_fini() is still to be called. */
MUST_USE enum err background_init(struct background *b, const struct net *net, void (*wake)(void *arg),
                                  void *arg, struct diag *diag);
/** Starts the thread. @param what  "the survey of the data": what the sentence of an error says it was for */
MUST_USE enum err background_start(struct background *b, void *(*work)(void *self), void *self,
                                   const char *what, struct diag *diag);
/** Ends the thread, if there is one, and waits for it: what it works with can be freed then. */
void background_stop(struct background *b);
void background_fini(struct background *b);

/** Any thread: the newest moment; its weights are copied. */
void background_offer(struct background *b, const struct moment *moment);
/** The thread, under the lock: takes the newest weights. @return false: it has them already */
bool background_take(struct background *b);
/** The thread: hands the filled slot over. */
void background_publish(struct background *b);

#endif
