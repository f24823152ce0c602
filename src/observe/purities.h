/**
 * Purities: a thread of low priority that measures the class purity of every layer (explain/purity.h), again and again as the network learns. Lecture item L57.
 *
 * It works only while somebody wants it to, since a pass over the data costs as much as a test. As in the survey, a pass is made with one moment's weights to its
 * end; results of the first one are published as images come, those of later ones when they are whole.
 */
#ifndef FOVEA_OBSERVE_PURITIES_H
#define FOVEA_OBSERVE_PURITIES_H

#include "explain/purity.h"
#include "train/moment.h"

struct purities_result {
    unsigned long moment; /* serial, and step, of the weights */
    long step;
    int seen, total; /* images looked at, of so many */
    int layers;
    struct purity_layer *layer; /* [layers]; owned by the thread */
    double chance;              /* purity_chance() */
};

struct purities;

/** net and data are borrowed; wake is called from the thread after each publication and may be NULL. Errors as those of purity_new(). */
MUST_USE enum err purities_new(const struct net *net, const struct dataset *data, enum split split,
                               void (*wake)(void *arg), void *arg, struct purities **out, struct diag *diag);
void purities_free(struct purities *p); /* finishes the batch under way; accepts NULL */

/** Begins, or stops after the batch under way. */
void purities_want(struct purities *p, bool wanted);
/** Any thread: the newest moment; its weights are copied. */
void purities_offer(struct purities *p, const struct moment *moment);
/** The asker's thread: the newest result, or NULL when there is no new one. Valid until a call returns another. */
const struct purities_result *purities_result(struct purities *p);

#endif
