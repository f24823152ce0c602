/** The arithmetic of sizes of what is stepped, and what sharing weights saves. Lecture items L20, L22, L24, L46 to L49. */
#include <stdio.h>
#include <string.h>

#include "filter/sizes.h"
#include "tui/stepping.h"

static const char *const axes[CORRELATE_RANK] = {"depth", "rows", "columns"};

/* 14400 as 14,400. */
static void add_count(struct text *t, double count)
{
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%.0f", count);
    for (int i = 0; i < length; i++)
        text_format(t, "%s%c", i > 0 && (length - i) % 3 == 0 ? "," : "", digits[i]);
}

static int or_one(int value)
{
    return value > 0 ? value : 1;
}

/* One line an axis; what doesn't fit is refused there. */
static enum err add_axes(const struct step_source *s, const long *k, bool plain, long *out, struct text *t,
                         struct diag *diag)
{
    const struct trace_options *o = &s->options;
    int rank = s->x.rank;
    for (int a = 0; a < rank; a++) {
        int length = 0, in = (int)s->x.dim[a], size = (int)k[a];
        struct window win = {size, or_one(o->stride[a]), o->padded ? o->pad[a] : 0, or_one(o->dilation[a])};
        const char *name = rank == 1 ? "length" : axes[CORRELATE_RANK - rank + a];
        text_format(t, "%-8s", name);
        enum err err = o->padded
                           ? size_window(t, in, win, plain, &length, diag)
                           : size_mode(t, in, size, o->mode, win.stride, win.dilation, plain, &length, diag);
        if (err)
            return err;
        out[a] = length;
        text_add(t, "\n");
    }
    return ERR_NONE;
}

/* How many zeros a mode puts around: (k - 1) / 2 for `same`. Along rows they stand above and below. */
static void add_padding(const struct step_source *s, const long *k, struct text *t)
{
    static const char *const sides[CORRELATE_RANK] = {"in front and behind", "above and below",
                                                      "left and right"};
    bool same = s->options.mode == CORRELATE_SAME;
    for (int a = 0; a < s->x.rank; a++) {
        int axis = CORRELATE_RANK - s->x.rank + a;
        long reach = (k[a] - 1) * or_one(s->options.dilation[a]);
        if (s->options.padded && s->options.pad[a] > 0)
            text_format(t, "%d %s of zeros %s\n", s->options.pad[a],
                        s->options.pad[a] == 1 ? "line" : "lines", sides[axis]);
        else if (!s->options.padded && s->options.mode != CORRELATE_VALID && reach > 0)
            text_format(t, "%s: %ld of zeros %s\n", same ? "same" : "full", same ? (reach + 1) / 2 : reach,
                        sides[axis]);
    }
}

/* As a fully connected layer whose weights are mostly forced to 0 and the others tied. */
static void add_sharing(const struct step_source *s, bool plain, struct text *t)
{
    struct sharing share;
    struct diag unused = {0};
    const char *times = plain ? "*" : "\u00b7";
    if (s->x.rank != 2 || s->w.dim[0] != s->w.dim[1] || s->options.padded ||
        s->options.mode != CORRELATE_VALID || or_one(s->options.stride[0]) > 1 ||
        or_one(s->options.stride[1]) > 1 || or_one(s->options.dilation[0]) > 1 ||
        or_one(s->options.dilation[1]) > 1 ||
        sharing_of((int)s->x.dim[0], (int)s->x.dim[1], (int)s->w.dim[0], s->filters, &share, &unused))
        return;
    text_format(t, "%d filter%s: %dx%dx%d, %ld weights, %ld with biases\n", s->filters,
                s->filters == 1 ? "" : "s", share.out.h, share.out.w, share.out.c, share.weights,
                share.parameters);
    text_format(t, "fully connected: %ld%s%ld = ", share.inputs, times, share.outputs);
    add_count(t, (double)share.dense);
    text_format(t, " weights a filter,\n  ");
    add_count(t, (double)share.tied);
    text_format(t, " not 0, %ld distinct: ", share.distinct);
    add_count(t, share.ratio);
    text_add(t, "x\n");
    if (share.dense == 451584 && share.distinct == 25)
        text_add(t, "  (the slide's \"over 200,000x\" is a slip)\n");
    if (share.out.h % 2 == 0 && share.out.w % 2 == 0)
        text_format(t, "pooled by 2: %dx%dx%d\n", share.out.h / 2, share.out.w / 2, share.out.c);
}

static enum err measure_correlation(const struct step_source *s, bool plain, struct text *t,
                                    struct diag *diag)
{
    long out[CORRELATE_RANK] = {1, 1, 1}, k[CORRELATE_RANK];
    long terms = (long)tensor_count(&s->w), outputs = 1;
    if (s->x.rank != s->w.rank)
        return diag_fail(diag, ERR_SHAPE, NULL, 0,
                         "the input has %d axes and the kernel %d: they must be equal", s->x.rank, s->w.rank);
    memcpy(k, s->w.dim, sizeof k);
    enum err err = add_axes(s, k, plain, out, t, diag);
    if (err)
        return err;
    for (int a = 0; a < s->x.rank; a++)
        outputs *= out[a];
    text_format(t, "%ld output%s of %ld product%s: ", outputs, outputs == 1 ? "" : "s", terms,
                terms == 1 ? "" : "s");
    add_count(t, (double)outputs * (double)terms);
    text_add(t, "\n");
    add_padding(s, k, t);
    add_sharing(s, plain, t);
    if (s->kept > 0)
        text_format(t, "the kernel keeps %.1f %% of the Gaussian\n", 100 * s->kept);
    if (s->narrow)
        text_add(t, "  too narrow: k should be 2 sigma or more\n");
    return ERR_NONE;
}

static void measure_whole(const struct step_source *s, struct text *t)
{
    long inputs = (long)tensor_count(&s->x);
    if (s->x.rank > 1)
        text_add(t, "flatten: ");
    for (int a = 0; a < s->x.rank && s->x.rank > 1; a++)
        text_format(t, "%s%ld", a ? "x" : "", s->x.dim[a]);
    text_format(t, "%s%ld numbers\n", s->x.rank > 1 ? " = " : "", inputs);
    if (s->operation == STEP_SOFTMAX) {
        text_add(t, "each output is a share: together 1\n");
        return;
    }
    text_format(t, "%ld units of %ld weights%s\n", s->w.dim[0], inputs, s->bias ? " and a bias" : "");
    add_count(t, (double)s->w.dim[0] * (double)(inputs + (s->bias ? 1 : 0)));
    text_add(t, " parameters\n");
}

enum err stepping_measure(const struct step_source *s, bool plain, struct text *out, struct diag *diag)
{
    long k[CORRELATE_RANK] = {1, 1, 1}, size[CORRELATE_RANK];
    enum err err = ERR_NONE;
    switch (s->operation) {
    case STEP_CORRELATE:
        err = measure_correlation(s, plain, out, diag);
        break;
    case STEP_MAX:
    case STEP_MEAN:
        for (int a = 0; a < s->x.rank; a++)
            k[a] = s->side[a];
        err = add_axes(s, k, plain, size, out, diag);
        break;
    case STEP_RELU:
        text_format(out, "%zu numbers, each for itself\n", tensor_count(&s->x));
        break;
    case STEP_DENSE:
    case STEP_SOFTMAX:
        measure_whole(s, out);
        break;
    case STEP_OPERATIONS:
        break;
    }
    return err ? err : out->failed ? diag_memory(diag, "the arithmetic of sizes") : ERR_NONE;
}
