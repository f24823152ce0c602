/**
 * How much a map changes when the picture under the network does: the measure of "shift-invariant" (lecture item 51).
 */
#ifndef FOVEA_EXPLAIN_CHANGE_H
#define FOVEA_EXPLAIN_CHANGE_H

#include <stddef.h>

/** ||after - before|| / ||before||, Euclidean, of n numbers; 0 where they are the same, infinite where all of `before` are 0 and others come. */
double change_between(size_t n, const float *before, const float *after);

#endif
