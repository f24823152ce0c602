/**
 * How much a map changes when the picture under the network does: the measure of "shift-invariant" (lecture item 51).
 */
#ifndef FOVEA_EXPLAIN_CHANGE_H
#define FOVEA_EXPLAIN_CHANGE_H

#include <stddef.h>

struct change {
    double
        relative; /* ||after - before|| / ||before||, Euclidean; 0 where both are 0 everywhere, infinite where only `before` is */
    double
        moved; /* share of the n numbers, [0,1], that differ by more than a tenth of the largest magnitude before */
};

/** Of n numbers. */
struct change change_between(size_t n, const float *before, const float *after);

#endif
