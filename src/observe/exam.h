/**
 * The exam: a thread of low priority that tells how many of the first test images the newest weights get right. What is compared with it saw the same images.
 *
 * A pass over the images is made with one moment's weights to its end, then with the newest ones that were offered; in between it rests twice as long as that took. The
 * first pass is told as it goes, later ones when they are whole.
 */
#ifndef FOVEA_OBSERVE_EXAM_H
#define FOVEA_OBSERVE_EXAM_H

#include "data/dataset.h"
#include "train/moment.h"

enum { EXAM_MOST = 10000 }; /* images, where there are as many */

struct exam_result {
    unsigned long moment; /* serial, and step, of the weights */
    long step;
    int right, seen, total; /* of `seen` images so many are right; of `total` that are to be seen */
};

struct exam;

/** net and data, which has test images, are borrowed; wake is called from the exam's thread after each publication and may be NULL. */
MUST_USE enum err exam_new(const struct net *net, const struct dataset *data, void (*wake)(void *arg),
                           void *arg, struct exam **out, struct diag *diag);
void exam_free(struct exam *e); /* leaves what is under way; accepts NULL */

/** Any thread: the newest moment; its weights are copied. Where nobody is interested none is offered, and it sleeps. */
void exam_offer(struct exam *e, const struct moment *moment);
/** The asker's thread: the newest result, or NULL when there is no new one. Valid until a call returns another. */
const struct exam_result *exam_result(struct exam *e);

#endif
