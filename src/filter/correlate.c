#include "filter/correlate.h"

#include <math.h>
#include <stdlib.h>

const char *const correlate_mode_names[CORRELATE_MODES] = {"valid", "same", "full"};

enum { RANK = 3 };

/* Both tensors with three axes, the missing ones of extent 1 in front. */
struct extents {
    long x[RANK], w[RANK], y[RANK], first[RANK]; /* first: place in `full` where y begins */
};

static void lift(const struct tensor *t, long *dim)
{
    for (int a = 0; a < RANK; a++)
        dim[a] = a < RANK - t->rank ? 1 : t->dim[a - (RANK - t->rank)];
}

/* One output: full place i is the sum over k of x[i - (w-1) + k] * w[k]; a flipped kernel is read from its end. */
static double place_value(const struct extents *e, const float *x, const float *w, bool flip, const long *at)
{
    double sum = 0;
    long from[RANK], lo[RANK], hi[RANK];
    for (int a = 0; a < RANK; a++) {
        from[a] = at[a] - (e->w[a] - 1);
        lo[a] = from[a] < 0 ? -from[a] : 0;
        hi[a] = from[a] + e->w[a] > e->x[a] ? e->x[a] - from[a] : e->w[a];
    }
    for (long i = lo[0]; i < hi[0]; i++)
        for (long j = lo[1]; j < hi[1]; j++) {
            const float *row = x + ((from[0] + i) * e->x[1] + from[1] + j) * e->x[2] + from[2];
            long a = flip ? e->w[0] - 1 - i : i, b = flip ? e->w[1] - 1 - j : j;
            const float *tap = w + (a * e->w[1] + b) * e->w[2];
            for (long k = lo[2]; k < hi[2]; k++)
                sum += (double)row[k] * (double)tap[flip ? e->w[2] - 1 - k : k];
        }
    return sum;
}

static enum err measure(const struct tensor *x, const struct tensor *w, enum correlate_mode mode,
                        struct extents *e, struct diag *diag)
{
    lift(x, e->x);
    lift(w, e->w);
    for (int a = 0; a < RANK; a++) {
        if (e->x[a] < 1 || e->w[a] < 1)
            return diag_fail(diag, ERR_SHAPE, NULL, 0, "%s and %s: neither may be empty",
                             tensor_text(x->rank, x->dim).s, tensor_text(w->rank, w->dim).s);
        if (mode == CORRELATE_VALID && e->w[a] > e->x[a])
            return diag_fail(diag, ERR_SHAPE, NULL, 0,
                             "a kernel of %s doesn't fit into %s along every axis, as mode valid asks",
                             tensor_text(w->rank, w->dim).s, tensor_text(x->rank, x->dim).s);
        e->y[a] = mode == CORRELATE_VALID  ? e->x[a] - e->w[a] + 1
                  : mode == CORRELATE_SAME ? e->x[a]
                                           : e->x[a] + e->w[a] - 1;
        e->first[a] = mode == CORRELATE_VALID ? e->w[a] - 1 : mode == CORRELATE_SAME ? (e->w[a] - 1) / 2 : 0;
    }
    return ERR_NONE;
}

enum err correlate(const struct tensor *x, const struct tensor *w, enum correlate_mode mode, bool flip,
                   struct tensor *y, struct diag *diag)
{
    struct extents e;
    if (x->rank != w->rank || x->rank < 1 || x->rank > RANK)
        return diag_fail(diag, ERR_SHAPE, NULL, 0, "%s and %s: both need the same number of axes, 1 to %d",
                         tensor_text(x->rank, x->dim).s, tensor_text(w->rank, w->dim).s, RANK);
    enum err err = measure(x, w, mode, &e, diag);
    if (!err)
        err = tensor_init(y, x->rank, e.y + RANK - x->rank, diag);
    if (err)
        return err;
    float *out = y->data;
    for (long i = 0; i < e.y[0]; i++)
        for (long j = 0; j < e.y[1]; j++)
            for (long k = 0; k < e.y[2]; k++) {
                const long at[RANK] = {e.first[0] + i, e.first[1] + j, e.first[2] + k};
                *out++ = (float)place_value(&e, x->data, w->data, flip, at);
            }
    return ERR_NONE;
}
