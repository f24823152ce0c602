/**
 * Correlation and convolution by their definitions, in one, two and three dimensions. Lecture items L20, L22, L24, L33.
 *
 * Correlation (what networks call convolution):  y[i,j] = sum over l,m of x[i+l, j+m] * w[l, m]
 * Convolution (signal processing) is the same with w flipped along every axis.
 */
#ifndef FOVEA_FILTER_CORRELATE_H
#define FOVEA_FILTER_CORRELATE_H

#include <stdbool.h>

#include "tensor/tensor.h"

enum { CORRELATE_RANK = 3 };

enum correlate_mode { CORRELATE_VALID, CORRELATE_SAME, CORRELATE_FULL, CORRELATE_MODES };
extern const char *const correlate_mode_names[CORRELATE_MODES];

/**
 * As scipy.signal.correlate and convolve (method direct): zero padding; `same` is the centred part of `full`, with the size of x.
 * valid asks that one of the two is at least as large as the other along every axis; when that is w, x slides over w. A
 * correlation then comes out in the order of `full` all the same: y[0] is where x lies on the end of w.
 * @param x, w  of equal rank 1..3
 * @param y     made here; tensor_fini() it
 */
MUST_USE enum err correlate(const struct tensor *x, const struct tensor *w, enum correlate_mode mode,
                            bool flip, struct tensor *y, struct diag *diag);

/** How the two lie on each other, with three axes each, the missing ones of extent 1 in front. */
struct correlate_extents {
    int rank; /* of x, w and y; the first CORRELATE_RANK - rank axes were missing */
    long x[CORRELATE_RANK], w[CORRELATE_RANK], y[CORRELATE_RANK];
    long first[CORRELATE_RANK]; /* place in `full` where y begins */
};

/** Sizes only. ERR_SHAPE as correlate() would say it. */
MUST_USE enum err correlate_measure(const struct tensor *x, const struct tensor *w, enum correlate_mode mode,
                                    struct correlate_extents *e, struct diag *diag);

#endif
