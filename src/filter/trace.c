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

/* The numbers that were given for an axis of x, moved behind the missing axes. */
static enum err lift(struct trace *t, const struct trace_options *o, struct diag *diag)
{
    int missing = RANK - t->extents.rank;
    t->options = *o;
    for (int a = 0; a < RANK; a++) {
        int stride = a < missing ? 1 : o->stride[a - missing],
            dilation = a < missing ? 1 : o->dilation[a - missing];
        int pad = a < missing ? 0 : o->pad[a - missing];
        if (stride < 0 || dilation < 0 || pad < 0)
            return diag_fail(diag, ERR_RANGE, NULL, 0,
                             "stride %d, dilation %d, padding %d: none can be negative", stride, dilation,
                             pad);
        t->options.stride[a] = stride ? stride : 1;
        t->options.dilation[a] = dilation ? dilation : 1;
        t->options.pad[a] = pad;
    }
    return ERR_NONE;
}

/* Along one axis: how many outputs there are and where the first begins. false: w doesn't fit. */
static bool slide(struct trace *t, int a)
{
    const struct trace_options *o = &t->options;
    struct correlate_extents *e = &t->extents;
    long reach = (e->w[a] - 1) * o->dilation[a], before = 0, after = 0; /* zeros on the two sides */
    if (o->padded)
        before = after = o->pad[a];
    else if (o->mode == CORRELATE_SAME) {
        after = reach / 2; /* as the centre of `full` lies */
        before = reach - after;
    } else if (o->mode == CORRELATE_FULL)
        before = after = reach;
    long room = e->x[a] + before + after - reach - 1;
    t->origin[a] = -before;
    e->y[a] = room / o->stride[a] + 1;
    return room >= 0;
}

static bool plain(const struct trace_options *o)
{
    bool plain = !o->padded;
    for (int a = 0; a < RANK; a++)
        plain &= o->stride[a] == 1 && o->dilation[a] == 1;
    return plain;
}

enum err trace_begin(struct trace *t, const struct tensor *x, const struct tensor *w,
                     const struct trace_options *options, struct diag *diag)
{
    *t = (struct trace){.x = x->data, .w = w->data, .flip = options->flip};
    /* what isn't plain is measured in mode full first, which takes any two sizes */
    enum err err = correlate_measure(x, w, CORRELATE_FULL, &t->extents, diag);
    if (!err)
        err = lift(t, options, diag);
    if (!err && plain(&t->options)) {
        err = correlate_measure(x, w, options->mode, &t->extents, diag);
        for (int a = 0; a < RANK; a++)
            t->origin[a] = t->extents.first[a] - (t->extents.w[a] - 1);
    } else
        for (int a = 0; a < RANK && !err; a++)
            if (!slide(t, a))
                err = diag_fail(
                    diag, ERR_SHAPE, NULL, 0,
                    "a kernel of %ld, stretched by a dilation of %d to %ld, doesn't fit into %ld samples "
                    "with %d zeros on each side",
                    t->extents.w[a], t->options.dilation[a],
                    (t->extents.w[a] - 1) * t->options.dilation[a] + 1, t->extents.x[a],
                    t->options.padded ? t->options.pad[a] : 0);
    if (err)
        return err;
    t->outputs = product_of(t->extents.y);
    t->products = product_of(t->extents.w);
    return ERR_NONE;
}

enum err trace_init(struct trace *t, const struct tensor *x, const struct tensor *w, enum correlate_mode mode,
                    bool flip, struct diag *diag)
{
    return trace_begin(t, x, w, &(struct trace_options){.mode = mode, .flip = flip}, diag);
}

void trace_place(const struct trace *t, long index, long place[CORRELATE_RANK])
{
    assert(index >= 0 && index < t->outputs);
    unravel(t->extents.y, index, place);
}

struct trace_product trace_product(const struct trace *t, long index, long k)
{
    const struct correlate_extents *e = &t->extents;
    const struct trace_options *o = &t->options;
    struct trace_product p = {.padding = false};
    long place[RANK];
    assert(k >= 0 && k < t->products);
    trace_place(t, index, place);
    unravel(e->w, k, p.tap);
    for (int a = 0; a < RANK; a++) {
        p.at[a] = t->origin[a] + place[a] * o->stride[a] + p.tap[a] * o->dilation[a];
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
    return count < t->products ? sum : sum + (double)t->options.bias;
}

double trace_part(const struct trace *t, long index, int axis, long depth)
{
    double sum = 0;
    assert(axis >= 0 && axis < RANK);
    for (long k = 0; k < t->products; k++) {
        struct trace_product p = trace_product(t, index, k);
        if (!p.padding && p.tap[axis] == depth)
            sum += (double)p.x * (double)p.w;
    }
    return sum;
}

/* Along one axis: the place in the order of products under which output `place` reads `at`; -1: it doesn't. */
static long tap_at(const struct trace *t, int a, long place, long at)
{
    long from = at - t->origin[a] - place * t->options.stride[a];
    long tap = from / t->options.dilation[a];
    return from >= 0 && from % t->options.dilation[a] == 0 && tap < t->extents.w[a] ? tap : -1;
}

bool trace_reads(const struct trace *t, long index, const long at[CORRELATE_RANK], long *k)
{
    long place[RANK], tap[RANK];
    trace_place(t, index, place);
    for (int a = 0; a < RANK; a++) {
        tap[a] = tap_at(t, a, place[a], at[a]);
        if (tap[a] < 0)
            return false;
    }
    if (k)
        *k = ravel(t->extents.w, tap);
    return true;
}

/* Along one axis, the outputs [from, to) whose windows reach over `at`. */
static void over(const struct trace *t, int a, long at, long *from, long *to)
{
    long stride = t->options.stride[a], reach = (t->extents.w[a] - 1) * t->options.dilation[a];
    long low = at - t->origin[a] - reach, high = at - t->origin[a];
    *from = low > 0 ? (low + stride - 1) / stride : 0;
    *to = high < 0 ? 0 : high / stride + 1;
    *to = *to < t->extents.y[a] ? *to : t->extents.y[a];
}

long trace_readers(const struct trace *t, const long at[CORRELATE_RANK], long most, long *index)
{
    long from[RANK], to[RANK], place[RANK], count = 0;
    for (int a = 0; a < RANK; a++)
        over(t, a, at[a], &from[a], &to[a]);
    for (place[0] = from[0]; place[0] < to[0]; place[0]++)
        for (place[1] = from[1]; place[1] < to[1]; place[1]++)
            for (place[2] = from[2]; place[2] < to[2]; place[2]++) {
                long output = ravel(t->extents.y, place);
                if (!trace_reads(t, output, at, NULL))
                    continue; /* between the taps of a dilated kernel */
                if (count < most)
                    index[count] = output;
                count++;
            }
    return count;
}
