/**
 * Exciters: the images of a data set that a unit answers to most strongly, and most weakly. Lecture items L55 and L57.
 *
 * The whole set goes through the network, a batch at a time over the team. The result is a function of the net, the weights and
 * the images alone: neither the number of threads nor the order in which they finish changes it. Equals stand in the order of the set.
 */
#ifndef FOVEA_EXPLAIN_EXCITERS_H
#define FOVEA_EXPLAIN_EXCITERS_H

#include <stdatomic.h>
#include <stdbool.h>

#include "data/dataset.h"
#include "explain/field.h"
#include "nn/net.h"

/** One image and how the unit answers to it. */
struct exciter {
    int index, label; /* in the split */
    float value;      /* the unit's activation */
    int row, col;     /* where in the map it was found */
};

struct exciters; /* a pass and its buffers, to be used again and again */

/** ERR_SHAPE when the images don't fit the net. All but `out` and `diag` are borrowed. */
MUST_USE enum err exciters_new(const struct net *net, const struct dataset *data, enum split split,
                               struct team *team, struct exciters **out, struct diag *diag);
void exciters_free(struct exciters *e); /* accepts NULL */

/**
 * Sends images 0..count-1 (clipped to the split) through the network and ranks them. With unit.row or unit.col below 0 an image counts with
 * its largest activation over all places of the map, in both lists. An image whose activation is NaN is left out.
 * @param k            how many are wanted in each list
 * @param top, bottom  [k], written: strongest first and weakest first; either may be NULL
 * @param found        how many there are in each list: k, or fewer when the set is small
 * @param cancel       becomes true: stop; or NULL
 * @return false when it was cancelled
 */
bool exciters_run(struct exciters *e, const struct weights *weights, struct unit unit, int count, int k,
                  const atomic_bool *cancel, struct exciter *top, struct exciter *bottom, int *found);

/* ---- the same in portions, to be looked at while it goes on ---- */

/** Another split from the next beginning on. */
void exciters_take_from(struct exciters *e, enum split split);
/** Begins anew. The lists are kept in order from now on; they must stay until the next begin. */
void exciters_begin(struct exciters *e, struct unit unit, int k, struct exciter *top, struct exciter *bottom);
/** Sends the next batch, of images before `count`. @return images seen so far; `count` (or all there are): it is done */
int exciters_more(struct exciters *e, const struct weights *weights, int count);
/** How many each list holds: k, or fewer. */
int exciters_found(const struct exciters *e);
/** The unit's activation for image i of those seen, NaN where it has none. */
float exciters_value(const struct exciters *e, int i);

/** The class of image i of those seen; -1: unknown. */
int exciters_label(const struct exciters *e, int i);

/** Puts one that follows in the set into a list of the strongest with room for k, of which `held` are there. @return how many it holds now */
int exciters_keep(struct exciter *list, int held, int k, const struct exciter *one);

/** The largest share that one class has among some images, 0..1; 0 of none. Lecture item L57: does it rise with the depth of the layer? */
double exciters_purity(const struct exciter *list, int found);
/** How many of them are of each class. @param count [classes] */
void exciters_classes(const struct exciter *list, int found, int classes, int *count);

#endif
