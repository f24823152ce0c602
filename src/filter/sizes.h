/**
 * The arithmetic of sizes, worked out as text, and what sharing weights saves. Lecture items L20, L22, L24, L46 to L49.
 */
#ifndef FOVEA_FILTER_SIZES_H
#define FOVEA_FILTER_SIZES_H

#include "base/text.h"
#include "filter/correlate.h"
#include "tensor/shape.h"

/**
 * Adds how long the output is along one axis: `28 - 5 + 1 = 24` (valid), `28 = 28` (same), `28 + 5 - 1 = 32` (full); with a stride
 * `floor((28 - 5) / 2) + 1 = 12`, and a dilation puts `2*(5 - 1) + 1` in place of 5.
 * @param out  the length; NULL: not wanted
 * @return ERR_SHAPE with the reason when a valid window doesn't fit, ERR_RANGE for sizes, strides or dilations below 1; then nothing is added
 */
MUST_USE enum err size_mode(struct text *t, int in, int k, enum correlate_mode mode, int stride, int dilation,
                            bool plain, int *out, struct diag *diag);

/** The same for zeros on both sides: `floor((28 + 2*2 - 5) / 1) + 1 = 28`, the fraction left out for a stride of 1. */
MUST_USE enum err size_window(struct text *t, int in, struct window win, bool plain, int *out,
                              struct diag *diag);

/** A convolution as what it is: a fully connected layer whose weights are mostly forced to 0, and the others tied. */
struct sharing {
    struct shape in, out;
    long inputs, outputs; /* in one plane: 784, 576 */
    long distinct;        /* weights of a filter that differ: 25 */
    long tied;       /* weights of the fully connected layer that aren't forced to 0, for a filter: 14,400 */
    long dense;      /* all of its weights, for a filter: 451,584 */
    long weights;    /* of all filters: 25 n */
    long parameters; /* and one bias each: 26 n */
    double ratio;    /* dense / distinct: 18,063.36 */
};

/** For n filters of k x k, without padding, over one plane of rows x cols. ERR_SHAPE when they don't fit. */
MUST_USE enum err sharing_of(int rows, int cols, int k, int n, struct sharing *out, struct diag *diag);

#endif
