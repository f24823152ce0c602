/**
 * The next image of a data set that the network gets wrong: looked for a batch at a time, so that whoever looks can do something else in between.
 */
#ifndef FOVEA_OBSERVE_SEARCH_H
#define FOVEA_OBSERVE_SEARCH_H

#include <stdbool.h>

#include "data/dataset.h"
#include "train/moment.h"

enum { SEARCH_BATCH = 32 };

/** From where, and which way: the images behind `from` first, around the end, `from` itself last. */
struct search {
    enum split split;
    int from; /* 0..count-1 */
    int step; /* 1 or -1 */
};

struct searcher; /* a pass and its buffers */

MUST_USE enum err searcher_new(const struct net *net, const struct dataset *data, struct searcher **out,
                               struct diag *diag);
void searcher_free(struct searcher *s); /* accepts NULL */

/**
 * Looks at the next images after the first `looked` of a search, SEARCH_BATCH of them or as many as are left. Allocates nothing.
 * @param looked  images already looked at, 0 at first; moved on. At the split's count nothing is left.
 * @return index of the first whose largest logit isn't at its label, or -1: none of these
 */
int searcher_look(struct searcher *s, const struct search *search, const struct moment *moment, int *looked);

#endif
