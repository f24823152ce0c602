/**
 * One step of a network in full, as one would write it on paper: `3·0 + 3·1 + 2·2 = 7`. Lecture items L23, L46, L50, L51.
 *
 * Numbers are written with as few digits as tell them apart; negative ones stand in brackets. With `plain` only ASCII is used: * for ·, and _ before a subscript.
 */
#ifndef FOVEA_FILTER_EXPRESSION_H
#define FOVEA_FILTER_EXPRESSION_H

#include "base/text.h"
#include "filter/trace.h"

/** Adds a number, in brackets when it is negative. */
void expression_number(struct text *t, double value);

/**
 * Adds the first `count` products of an output; when they are all there also the bias, if it isn't 0, and `= sum`, else ` + ...`. Products with the padding
 * are written with their zero; where a larger w has x slide over it (mode valid) there is no padding, and they are left out.
 */
void expression_sum(struct text *t, const struct trace *trace, long index, long count, bool plain);

/**
 * Adds the slide's notation: one line a row of x (of the plane in `depth` of a 3-D one), the weight as a subscript of each number that output `index`
 * reads: `3₀ 3₁ 2₂ 1 0`. Padding that is read stands as 0 with its subscript, also around x. Columns are aligned.
 */
void expression_slide(struct text *t, const struct trace *trace, long index, long depth, bool plain);

/** `max(-2, 0) = 0` */
void expression_relu(struct text *t, float x);

/** `max(29, 15, 0, 100) = 100`, or `(29 + 15 + 0 + 100) / 4 = 36` */
void expression_pool(struct text *t, const float *x, int count, bool mean);

/** `1·2 + 3·0.5 + 1 = 4.5`, the bias last */
void expression_dense(struct text *t, const float *x, const float *w, int count, float bias, bool plain);

/** `e^1 / (e^1 + e^2 + e^3) = 0.09003`: the share of class `index`; computed with the largest taken off first, as it must be. */
void expression_softmax(struct text *t, const float *z, int count, int index);

#endif
