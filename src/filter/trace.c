#include "filter/trace.h"

#include <assert.h>

enum { RANK = CORRELATE_RANK };

/* Number `index` of a row-major array, as a place in it. */
static void unravel(const long *dim, long index, long *place)
{
    for (int a = RANK - 1; a >= 0; a--) {
        place[a] = index % dim[a];
        index /= dim[a];
    }
}

static long ravel(const long *dim, const long *place)
{
    long index = 0;
    for (int a = 0; a < RANK; a++)
        index = index * dim[a] + place[a];
    return index;
}

static long product_of(const long *dim)
{
    long product = 1;
    for (int a = 0; a < RANK; a++)
        product *= dim[a];
    return product;
}

enum err trace_init(struct trace *t, const struct tensor *x, const struct tensor *w, enum correlate_mode mode,
                    bool flip, struct diag *diag)
{
    *t = (struct trace){.x = x->data, .w = w->data, .flip = flip};
    enum err err = correlate_measure(x, w, mode, &t->extents, diag);
    if (err)
        return err;
    t->outputs = product_of(t->extents.y);
    t->products = product_of(t->extents.w);
    return ERR_NONE;
}

void trace_place(const struct trace *t, long index, long place[CORRELATE_RANK])
{
    assert(index >= 0 && index < t->outputs);
    unravel(t->extents.y, index, place);
}

struct trace_product trace_product(const struct trace *t, long index, long k)
{
    const struct correlate_extents *e = &t->extents;
    struct trace_product p = {.padding = false};
    long place[RANK];
    assert(k >= 0 && k < t->products);
    trace_place(t, index, place);
    unravel(e->w, k, p.tap);
    for (int a = 0; a < RANK; a++) {
        p.at[a] = e->first[a] + place[a] - (e->w[a] - 1) + p.tap[a];
        p.padding |= p.at[a] < 0 || p.at[a] >= e->x[a];
        if (t->flip)
            p.tap[a] = e->w[a] - 1 - p.tap[a];
    }
    p.x = p.padding ? 0 : t->x[ravel(e->x, p.at)];
    p.w = t->w[ravel(e->w, p.tap)];
    return p;
}

double trace_sum(const struct trace *t, long index, long count)
{
    double sum = 0;
    for (long k = 0; k < count; k++) {
        struct trace_product p = trace_product(t, index, k);
        if (!p.padding) /* so that an infinite weight over the padding stays out, as it does in correlate() */
            sum += (double)p.x * (double)p.w;
    }
    return sum;
}
