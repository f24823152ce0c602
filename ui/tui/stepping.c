/** What is stepped: sources come and go here. */
#include "tui/stepping.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { RANK = CORRELATE_RANK, WIDE_LEAST = 3, WIDE_MOST = 6 };
static const double tempo_at_first = 4;

const char *const step_operation_names[STEP_OPERATIONS] = {
    [STEP_CORRELATE] = "correlate", [STEP_RELU] = "relu",   [STEP_MAX] = "max",
    [STEP_MEAN] = "mean",           [STEP_DENSE] = "dense", [STEP_SOFTMAX] = "softmax",
};

/* ---- sources ---- */

enum err step_source_set(struct tensor *t, int rank, const long *dim, const float *data, struct diag *diag)
{
    struct tensor fresh = {0};
    enum err err = tensor_init(&fresh, rank, dim, diag);
    if (err)
        return err;
    memcpy(fresh.data, data, tensor_count(&fresh) * sizeof *data);
    tensor_fini(t);
    *t = fresh;
    return ERR_NONE;
}

enum err step_source_copy(struct step_source *to, const struct step_source *from, struct diag *diag)
{
    enum err err = ERR_NONE;
    *to = *from;
    to->x = to->w = (struct tensor){0};
    to->bias = NULL;
    err = step_source_set(&to->x, from->x.rank, from->x.dim, from->x.data, diag);
    if (!err && from->w.data)
        err = step_source_set(&to->w, from->w.rank, from->w.dim, from->w.data, diag);
    if (!err && from->bias) {
        to->bias = mem_floats((size_t)from->w.dim[0]);
        if (to->bias)
            memcpy(to->bias, from->bias, (size_t)from->w.dim[0] * sizeof *to->bias);
        else
            err = diag_memory(diag, "weights to step through");
    }
    if (err)
        step_source_fini(to);
    return err;
}

void step_source_fini(struct step_source *s)
{
    tensor_fini(&s->x);
    tensor_fini(&s->w);
    free(s->bias);
    *s = (struct step_source){0};
}

/* ---- what is worked out from them ---- */

static void forget(struct stepping *s)
{
    for (int g = 0; g < STEP_GRIDS; g++) {
        free(s->shown[g].v);
        free(s->shown[g].sign);
    }
    for (int plain = 0; plain < 2; plain++) {
        text_free(&s->arithmetic[plain]);
        text_free(&s->slide[plain]);
    }
    free(s->y);
    free(s->ones);
}

/* The windows: a kernel of ones stands for what has no weights, or others for each output. */
static enum err slide(struct stepping *s, struct diag *diag)
{
    const struct step_source *from = &s->source;
    struct tensor w = from->w;
    if (from->operation != STEP_CORRELATE) {
        w = from->x;
        for (int a = 0; a < w.rank && !s->whole; a++)
            w.dim[a] = from->operation == STEP_RELU ? 1 : from->side[a];
        s->ones = mem_floats(tensor_count(&w));
        if (!s->ones)
            return diag_memory(diag, "windows to step through");
        for (size_t i = 0; i < tensor_count(&w); i++)
            s->ones[i] = 1;
        w.data = s->ones;
    }
    enum err err = trace_begin(&s->trace, &from->x, &w, &from->options, diag);
    if (err)
        return err;
    const long *y = s->trace.extents.y;
    int units = from->operation == STEP_DENSE ? (int)from->w.dim[0] : (int)tensor_count(&from->x);
    s->out = s->whole ? (struct shape){1, units, 1} : (struct shape){(int)y[0], (int)y[1], (int)y[2]};
    s->outputs = (long)shape_count(s->out);
    s->terms = s->trace.products;
    s->y = mem_floats((size_t)s->outputs);
    return s->y ? ERR_NONE : diag_memory(diag, "outputs to step through");
}

static bool make_room(struct step_shown *g, long n, long h, long w)
{
    size_t count = (size_t)n * (size_t)h * (size_t)w;
    int digits = 0;
    g->n = (int)n, g->h = (int)h, g->w = (int)w;
    for (long most = w; most > 0; most /= 10) /* columns are numbered */
        digits++;
    g->wide = digits + 1 > g->wide ? digits + 1 : g->wide;
    g->v = mem_floats(count);
    g->sign = mem_new(count, 1);
    return g->v && g->sign;
}

/* Of all its numbers: how large, and how long as text. */
static void look_over(struct step_shown *g, const float *v, size_t count)
{
    char text[DECIMAL_ROOM];
    g->wide = g->wide > WIDE_LEAST ? g->wide : WIDE_LEAST;
    for (size_t i = 0; i < count; i++) {
        int length = decimal_shortest(v[i], text) + 1;
        g->wide = length > WIDE_MOST ? WIDE_MOST : length > g->wide ? length : g->wide;
        g->negative |= v[i] < 0;
        if (isfinite(v[i]) && fabsf(v[i]) > g->range)
            g->range = fabsf(v[i]);
    }
}

static bool lay_input(struct stepping *s)
{
    struct step_shown *g = &s->shown[STEP_IN];
    const struct correlate_extents *e = &s->trace.extents;
    const struct trace_options *o = &s->trace.options;
    long all[RANK], at[RANK];
    for (int a = 0; a < RANK; a++) {
        long end = s->trace.origin[a] + (e->y[a] - 1) * o->stride[a] + (e->w[a] - 1) * o->dilation[a] + 1;
        g->before[a] = s->trace.origin[a] < 0 ? -s->trace.origin[a] : 0;
        all[a] = g->before[a] + (end > e->x[a] ? end : e->x[a]);
        if (all[a] > e->x[a])
            g->wide = WIDE_LEAST + 1; /* a zero in brackets */
    }
    if (!make_room(g, all[0], all[1], all[2]))
        return false;
    memset(g->sign, NUMBER_PADDING, (size_t)(all[0] * all[1] * all[2]));
    for (at[0] = 0; at[0] < e->x[0]; at[0]++)
        for (at[1] = 0; at[1] < e->x[1]; at[1]++)
            for (at[2] = 0; at[2] < e->x[2]; at[2]++) {
                long i =
                    ((at[0] + g->before[0]) * all[1] + at[1] + g->before[1]) * all[2] + at[2] + g->before[2];
                g->v[i] = s->source.x.data[(at[0] * e->x[1] + at[1]) * e->x[2] + at[2]];
                g->sign[i] = NUMBER_SHOWN;
            }
    look_over(g, s->source.x.data, tensor_count(&s->source.x));
    return true;
}

static bool lay_grids(struct stepping *s)
{
    const long *w = s->trace.extents.w;
    struct step_shown *kernel = &s->shown[STEP_KERNEL], *out = &s->shown[STEP_OUT];
    if (!lay_input(s) || !make_room(out, s->out.c, s->out.h, s->out.w))
        return false;
    look_over(out, s->y, (size_t)s->outputs);
    if (!stepping_weighs(s))
        return true;
    look_over(kernel, s->source.w.data, tensor_count(&s->source.w));
    if (!make_room(kernel, w[0], w[1], w[2]))
        return false;
    memset(kernel->sign, NUMBER_SHOWN, (size_t)(w[0] * w[1] * w[2]));
    return true;
}

static enum err work_out(struct stepping *s, struct diag *diag)
{
    enum err err = ERR_NONE;
    enum step_operation operation = s->source.operation;
    s->whole = operation == STEP_DENSE || operation == STEP_SOFTMAX;
    if (tensor_count(&s->source.x) > STEP_NUMBERS || tensor_count(&s->source.w) > STEP_NUMBERS)
        return diag_fail(diag, ERR_RANGE, NULL, 0, "more than %d numbers can't be stepped through",
                         STEP_NUMBERS);
    for (int plain = 0; plain < 2 && !err; plain++)
        err = stepping_measure(&s->source, plain == 1, &s->arithmetic[plain], diag);
    if (!err)
        err = slide(s, diag);
    if (err)
        return err;
    stepping_compute(s);
    return lay_grids(s) ? ERR_NONE : diag_memory(diag, "grids to step through");
}

/* Steps `next` instead, with nothing kept; `s` is as it was on failure. */
static enum err change(struct stepping *s, struct step_source *next, long done, struct diag *diag)
{
    struct stepping fresh = *s;
    fresh.source = *next;
    fresh.y = fresh.ones = NULL;
    memset(fresh.shown, 0, sizeof fresh.shown);
    memset(fresh.arithmetic, 0, sizeof fresh.arithmetic);
    memset(fresh.slide, 0, sizeof fresh.slide);
    enum err err = work_out(&fresh, diag);
    *next = (struct step_source){0};
    if (err) {
        forget(&fresh);
        step_source_fini(&fresh.source);
        return err;
    }
    forget(s);
    *s = fresh; /* the old source is the caller's */
    s->playing = false;
    s->turning = 0;
    s->tries = 0;
    s->wrong = -1;
    s->blinks = 0;
    *s->typed = *s->verdict[0] = *s->verdict[1] = 0;
    stepping_go(s, done);
    return ERR_NONE;
}

static enum err exchange(struct stepping *s, struct step_source *next, long done, struct diag *diag)
{
    struct step_source before = s->source;
    long stood = s->done;
    enum err err = change(s, next, done, diag);
    if (err)
        return err;
    struct step_kept *k = &s->kept[++s->serial % STEP_KEPT];
    step_source_fini(&k->source);
    *k = (struct step_kept){s->serial, before, stood};
    return ERR_NONE;
}

enum err stepping_take(struct stepping *s, struct step_source *next, struct diag *diag)
{
    enum err err = exchange(s, next, 0, diag);
    if (!err && !s->pencil)
        stepping_go(s, s->terms);
    return err;
}

enum err stepping_recall(struct stepping *s, unsigned long serial, struct diag *diag)
{
    const struct step_kept *k = &s->kept[serial % STEP_KEPT];
    struct step_source again = {0};
    if (k->serial != serial || serial == 0)
        return diag_fail(diag, ERR_UNKNOWN, NULL, 0,
                         "what was stepped that long ago isn't kept: only the last %d are", STEP_KEPT);
    enum err err = step_source_copy(&again, &k->source, diag);
    return err ? err : exchange(s, &again, k->done, diag);
}

enum err stepping_new(struct stepping **out, struct diag *diag)
{
    struct step_source first = {0};
    struct stepping *s = calloc(1, sizeof *s);
    if (!s)
        return diag_memory(diag, "the step lab");
    *s = (struct stepping){
        .tempo = tempo_at_first, .pointed = -1, .from = STEP_GRIDS, .watched = STEP_GRIDS, .wrong = -1};
    enum err err = step_example_make(step_examples[0].name, &first, diag);
    if (!err)
        err = change(s, &first, 0, diag);
    if (err) {
        stepping_free(s);
        return err;
    }
    stepping_go(s, s->terms);
    *out = s;
    return ERR_NONE;
}

void stepping_free(struct stepping *s)
{
    if (!s)
        return;
    forget(s);
    step_source_fini(&s->source);
    for (int i = 0; i < STEP_KEPT; i++)
        step_source_fini(&s->kept[i].source);
    free(s);
}

bool stepping_example(const struct stepping *s, const struct tensor **x, const struct tensor **w,
                      struct trace_options *options)
{
    *x = &s->source.x;
    *w = &s->source.w;
    *options = s->source.options;
    return s->source.operation == STEP_CORRELATE;
}
