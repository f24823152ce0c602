/**
 * A chain of stages computed by a thread of low priority: for pictures that are too large to be done between two keys.
 *
 * The newest chain that was asked for is the one that counts: those that were asked for meanwhile are never begun. One thread asks and takes.
 */
#ifndef FOVEA_FILTER_WORKER_H
#define FOVEA_FILTER_WORKER_H

#include "filter/chain.h"

struct chain_worker;

/** wake is called from the thread when something can be taken; it may be NULL. */
MUST_USE enum err chain_worker_new(void (*wake)(void *arg), void *arg, struct chain_worker **out,
                                   struct diag *diag);
/** Waits for the stage that is being computed. Accepts NULL. */
void chain_worker_free(struct chain_worker *w);

/** Hands over a chain with its picture (it is the worker's now). @return the number that its results will have */
unsigned long chain_worker_ask(struct chain_worker *w, struct chain *chain);

/** What a chain came to: its results, or as far as they stand when a stage failed. */
struct chain_work {
    unsigned long serial;
    struct chain chain; /* the taker's: chain_fini() it */
    enum err err;
    struct diag diag;
};
/** @return false: nothing new */
bool chain_worker_take(struct chain_worker *w, struct chain_work *out);

#endif
