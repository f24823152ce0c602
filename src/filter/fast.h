/**
 * The correlation of correlate.h for large arrays: the same sums, in another order and by several threads.
 *
 * Sums are kept in double precision from the first product to the last, as in the definition, so the two differ by one rounding to float.
 */
#ifndef FOVEA_FILTER_FAST_H
#define FOVEA_FILTER_FAST_H

#include "base/team.h"
#include "filter/correlate.h"

/** What correlate_fast() found. A kernel of k1 x k2 numbers that is a column times a row costs k1 + k2 products instead of k1 * k2. */
struct correlate_plan {
    bool defined;   /* taken by the definition: little work, or weights that aren't finite */
    bool separable; /* at least one axis of the kernel was split off */
    int passes;     /* over the array, one after the other */
    long products;  /* for one output, all passes together */
};

/**
 * As correlate(), argument by argument. A kernel counts as separable along an axis when splitting it changes its numbers by at most
 * a millionth of the sum of their magnitudes, all together: no output then moves by more than 1e-6 * max|x| * sum|w|.
 *
 * @param team  NULL: the caller alone. The result has the same bits with any number of threads
 * @param plan  filled; NULL: not wanted
 */
MUST_USE enum err correlate_fast(const struct tensor *x, const struct tensor *w, enum correlate_mode mode,
                                 bool flip, struct team *team, struct tensor *y, struct correlate_plan *plan,
                                 struct diag *diag);

#endif
