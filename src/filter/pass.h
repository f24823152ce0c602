/**
 * One sliding kernel over a block of doubles, in place: the inner loop of correlate_fast(), compiled for every set of vector instructions.
 */
#ifndef FOVEA_FILTER_PASS_H
#define FOVEA_FILTER_PASS_H

#include "tensor/isa.h"

/** Columns that a pass computes at once, at most: a block's lines must be longer than its outputs, by so many and the kernel's width. */
enum { PASS_TILE = 64 };

/** Rows of planes of lines: number (a, b, c) lies at x[(a * lines + b) * line + c]. */
struct pass {
    double *x;
    long lines, line;
    const double *w; /* [k0][k1][k2] */
    long k[3];
    long out[3]; /* outputs along each axis; output (a, b, c) takes the place of number (a, b, c) */
};

/**
 * Every output is the sum over k of x[place + k] * w[k]. Outputs are made in the order of their places and each reads only its own place and later
 * ones, so they may overwrite what was read. What stands behind the last output of a line is lost.
 */
typedef void pass_function(const struct pass *pass);

#define PASS_DECLARE(isa) pass_function pass_run_##isa;
EACH_ISA(PASS_DECLARE)
#undef PASS_DECLARE

#endif
