#include "filter/correlate.h"

#include <math.h>
#include <stdlib.h>

const char *const correlate_mode_names[CORRELATE_MODES] = {"valid", "same", "full"};

enum { RANK = CORRELATE_RANK };

static void lift(const struct tensor *t, long *dim)
{
    for (int a = 0; a < RANK; a++)
        dim[a] = a < RANK - t->rank ? 1 : t->dim[a - (RANK - t->rank)];
}

/* One output: full place i is the sum over k of x[i - (w-1) + k] * w[k]; a flipped kernel is read from its end. */
static double place_value(const struct correlate_extents *e, const float *x, const float *w, bool flip,
                          const long *at)
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

/* Along one axis: how long y is, and where in `full` it begins. The shorter one slides inside the longer one in mode valid. */
static void measure_axis(struct correlate_extents *e, int a, enum correlate_mode mode)
{
    long x = e->x[a], w = e->w[a], shorter = x < w ? x : w, longer = x < w ? w : x;
    switch (mode) {
    case CORRELATE_VALID:
        e->y[a] = longer - shorter + 1;
        e->first[a] = shorter - 1;
        break;
    case CORRELATE_SAME:
        e->y[a] = x;
        e->first[a] = (w - 1) / 2;
        break;
    default:
        e->y[a] = x + w - 1;
        e->first[a] = 0;
    }
}

enum err correlate_measure(const struct tensor *x, const struct tensor *w, enum correlate_mode mode,
                           struct correlate_extents *e, struct diag *diag)
{
    if (x->rank != w->rank || x->rank < 1 || x->rank > RANK)
        return diag_fail(diag, ERR_SHAPE, NULL, 0, "%s and %s: both need the same number of axes, 1 to %d",
                         tensor_text(x->rank, x->dim).s, tensor_text(w->rank, w->dim).s, RANK);
    *e = (struct correlate_extents){.rank = x->rank};
    lift(x, e->x);
    lift(w, e->w);
    bool w_fits = true, x_fits = true;
    for (int a = 0; a < RANK; a++) {
        if (e->x[a] < 1 || e->w[a] < 1)
            return diag_fail(diag, ERR_SHAPE, NULL, 0, "%s and %s: neither may be empty",
                             tensor_text(x->rank, x->dim).s, tensor_text(w->rank, w->dim).s);
        w_fits &= e->w[a] <= e->x[a];
        x_fits &= e->x[a] <= e->w[a];
        measure_axis(e, a, mode);
    }
    if (mode == CORRELATE_VALID && !w_fits && !x_fits)
        return diag_fail(diag, ERR_SHAPE, NULL, 0,
                         "neither of %s and %s fits into the other along every axis, as mode valid asks",
                         tensor_text(x->rank, x->dim).s, tensor_text(w->rank, w->dim).s);
    return ERR_NONE;
}

enum err correlate(const struct tensor *x, const struct tensor *w, enum correlate_mode mode, bool flip,
                   struct tensor *y, struct diag *diag)
{
    struct correlate_extents e;
    enum err err = correlate_measure(x, w, mode, &e, diag);
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
