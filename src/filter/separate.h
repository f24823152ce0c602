/**
 * Kernels that are an outer product: splitting them into one-dimensional ones.
 */
#ifndef FOVEA_FILTER_SEPARATE_H
#define FOVEA_FILTER_SEPARATE_H

#include <stdbool.h>

/** What splitting may change, all numbers of the kernel together, as a share of the sum of their magnitudes. */
#define SEPARATE_TOLERANCE 1e-6

/**
 * Splits w [k0][k1][k2] into line[k[axis]] along one axis and rest, which is w's shape with an extent of 1 there: w = line * rest, by the row
 * and the column through the largest number where these give w back exactly, else the best such product in the sense of least squares (the
 * first singular pair, by power iteration).
 *
 * @param rest  room for as many numbers as w has; line: for k[axis]
 * @return whether sum|w - line * rest| <= SEPARATE_TOLERANCE * sum|w|; false too when a number isn't finite, or all are 0
 */
bool separate_axis(const double *w, const long k[3], int axis, double *line, double *rest);

#endif
