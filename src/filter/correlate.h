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

enum correlate_mode { CORRELATE_VALID, CORRELATE_SAME, CORRELATE_FULL, CORRELATE_MODES };
extern const char *const correlate_mode_names[CORRELATE_MODES];

/**
 * As scipy.signal.correlate and convolve (method direct): zero padding; `same` is the centred part of `full`, with the size of x.
 * valid asks that w is no larger than x along any axis.
 * @param x, w  of equal rank 1..3
 * @param y     made here; tensor_fini() it
 */
MUST_USE enum err correlate(const struct tensor *x, const struct tensor *w, enum correlate_mode mode,
                            bool flip, struct tensor *y, struct diag *diag);

#endif
