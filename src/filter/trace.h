/**
 * A correlation one multiplication at a time: which number of x meets which number of w, and where. Lecture items L22 to L24.
 */
#ifndef FOVEA_FILTER_TRACE_H
#define FOVEA_FILTER_TRACE_H

#include "filter/correlate.h"

struct trace {
    struct correlate_extents extents;
    const float *x, *w; /* borrowed */
    bool flip;
    long outputs;  /* numbers in y */
    long products; /* multiplications for each of them: numbers in w */
};

/** One multiplication. Places count from 0, and only the last `extents.rank` numbers of each mean something. */
struct trace_product {
    float x, w;               /* x is 0 in the padding */
    bool padding;             /* x lies outside */
    long at[CORRELATE_RANK];  /* place in x, may be outside */
    long tap[CORRELATE_RANK]; /* place in w */
};

/** @param x, w  must outlive the trace. Errors as those of correlate(). */
MUST_USE enum err trace_init(struct trace *t, const struct tensor *x, const struct tensor *w,
                             enum correlate_mode mode, bool flip, struct diag *diag);

/** Place in y of output `index`, row-major. */
void trace_place(const struct trace *t, long index, long place[CORRELATE_RANK]);

/** Product `k` of output `index`, in the order of x: left to right, top to bottom. */
struct trace_product trace_product(const struct trace *t, long index, long k);

/** Sum of the first `count` products of an output: after all of them, the number in y. */
double trace_sum(const struct trace *t, long index, long count);

#endif
