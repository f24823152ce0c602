/**
 * A correlation one multiplication at a time: which number of x meets which number of w, and where; who reads an input, and what a weight
 * multiplies. Lecture items L20, L22 to L24, L33.
 */
#ifndef FOVEA_FILTER_TRACE_H
#define FOVEA_FILTER_TRACE_H

#include "filter/correlate.h"

/** How w slides. {0} is mode valid, step by step. */
struct trace_options {
    enum correlate_mode mode;
    bool flip;
    /* One number an axis of x, in its order; 0 stands for 1. */
    int stride[CORRELATE_RANK], dilation[CORRELATE_RANK];
    bool padded; /* pad[] counts instead of the mode: zeros on each side, as a layer of a network has them */
    int pad[CORRELATE_RANK]; /* in the order of x's axes */
    float bias;              /* added to every sum */
};

struct trace {
    struct correlate_extents
        extents; /* y with its strides; `first` as correlate() has it, when nothing but the mode is set */
    struct trace_options
        options; /* with three axes each, the missing ones in front, and no zeros left in stride and dilation */
    long origin[CORRELATE_RANK]; /* place in x under the first tap of output 0; negative in the padding */
    const float *x, *w;          /* borrowed */
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

/**
 * @param x, w  must outlive the trace
 * @return as correlate(); ERR_SHAPE too when the stretched w doesn't fit into the padded x, ERR_RANGE for a negative stride, dilation or padding
 */
MUST_USE enum err trace_begin(struct trace *t, const struct tensor *x, const struct tensor *w,
                              const struct trace_options *options, struct diag *diag);

/** With a mode and nothing else. */
MUST_USE enum err trace_init(struct trace *t, const struct tensor *x, const struct tensor *w,
                             enum correlate_mode mode, bool flip, struct diag *diag);

/** Place in y of output `index`, row-major. */
void trace_place(const struct trace *t, long index, long place[CORRELATE_RANK]);

/** Product `k` of output `index`, in the order of x: left to right, top to bottom. */
struct trace_product trace_product(const struct trace *t, long index, long k);

/** Sum of the first `count` products of an output, and the bias once they are all there: then it is the number in y. */
double trace_sum(const struct trace *t, long index, long count);

/** The part of that sum at place `depth` of w along one axis (of three): a colour's, when the axis is the colours'. Without the bias. */
double trace_part(const struct trace *t, long index, int axis, long depth);

/** Whether output `index` reads the number of x at a place, and by which product (NULL: not wanted). */
bool trace_reads(const struct trace *t, long index, const long at[CORRELATE_RANK], long *k);

/** The outputs that read a place of x, in order; at most `most` are written. @return how many there are */
long trace_readers(const struct trace *t, const long at[CORRELATE_RANK], long most, long *index);

#endif
