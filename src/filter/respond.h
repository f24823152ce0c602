/**
 * The search for a piece in a series of millions of samples, stretch by stretch: the same response as template_match() of a row has, by Fourier
 * transforms, whose cost hardly rises with the length of the piece. Lecture item L31.
 *
 * The correlation of a stretch x with the piece t is the inverse transform of X * conj(T); of its values those are kept in which t lies wholly inside (overlap-save).
 * Source: Cooley & Tukey 1965; Lewis 1995, Fast Normalized Cross-Correlation.
 */
#ifndef FOVEA_FILTER_RESPOND_H
#define FOVEA_FILTER_RESPOND_H

#include <stdbool.h>

#include "base/err.h"

struct respond;

enum { RESPOND_MOST = 1 << 20 /* samples of a piece */ };

/** @param piece  copied; `length` from 1 to RESPOND_MOST, else ERR_RANGE. respond_free() it */
MUST_USE enum err respond_new(const float *piece, long length, bool normalised, struct respond **out,
                              struct diag *diag);
void respond_free(struct respond *r); /* accepts NULL */

/** The most outputs that one call gives. */
long respond_step(const struct respond *r);

/** Responses at places 0..count-1. @param x  count + length - 1 samples. @param count  1..respond_step(). */
void respond_run(struct respond *r, const float *x, long count, float *y);

#endif
