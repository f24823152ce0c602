/** Terms of an output, what they come to, and both as text. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/stepping.h"

enum { RANK = CORRELATE_RANK, NUMBER = DECIMAL_ROOM + 2, SHORT = 6 };

bool stepping_weighs(const struct stepping *s)
{
    return s->source.operation == STEP_CORRELATE || s->source.operation == STEP_DENSE;
}

struct trace_product stepping_term(const struct stepping *s, long output, long k)
{
    struct trace_product p = trace_product(&s->trace, s->whole ? 0 : output, k);
    if (s->source.operation == STEP_DENSE)
        p.w = s->source.w.data[output * s->terms + k];
    return p;
}

double stepping_product(const struct stepping *s, long output, long k)
{
    struct trace_product p = stepping_term(s, output, k);
    switch (s->source.operation) {
    case STEP_CORRELATE:
    case STEP_DENSE:
        return p.padding ? 0 : (double)p.x * (double)p.w + 0.0;
    case STEP_RELU:
        return p.x < 0 ? 0 : (double)p.x;
    case STEP_SOFTMAX:
        return exp((double)p.x);
    case STEP_MAX:
    case STEP_MEAN:
    case STEP_OPERATIONS:
        break;
    }
    return (double)p.x;
}

/* The share of one number's power of e: with the largest taken off first, as it must be. */
static double share(const struct stepping *s, long output)
{
    const float *z = s->source.x.data;
    double sum = 0, top = (double)z[0];
    for (long i = 0; i < s->terms; i++)
        top = (double)z[i] > top ? (double)z[i] : top;
    for (long i = 0; i < s->terms; i++)
        sum += exp((double)z[i] - top);
    return exp((double)z[output] - top) / sum;
}

static double bias_of(const struct stepping *s, long output)
{
    if (s->source.operation == STEP_DENSE)
        return s->source.bias ? (double)s->source.bias[output] : 0;
    return s->source.operation == STEP_CORRELATE ? (double)s->source.options.bias : 0;
}

double stepping_partial(const struct stepping *s, long output, long count)
{
    enum step_operation operation = s->source.operation;
    double sum = 0, top = -INFINITY;
    if (operation == STEP_SOFTMAX && count == s->terms)
        return share(s, output);
    for (long k = 0; k < count; k++) {
        double product = stepping_product(s, output, k);
        sum += product;
        if (!stepping_term(s, output, k).padding && (product > top || isnan(product)))
            top = product;
    }
    if (operation == STEP_MAX || operation == STEP_RELU)
        return count ? top : 0;
    if (count < s->terms)
        return sum;
    return operation == STEP_MEAN ? sum / (double)s->terms : sum + bias_of(s, output);
}

/* Output at a place of a correlation, as a plain loop: a layer has millions of products. */
static float correlate_at(const struct stepping *s, const long place[RANK])
{
    const struct correlate_extents *e = &s->trace.extents;
    const struct trace_options *o = &s->trace.options;
    long last = s->terms - 1, at[RANK], tap[RANK];
    double sum = 0;
    for (tap[0] = 0; tap[0] < e->w[0]; tap[0]++)
        for (tap[1] = 0; tap[1] < e->w[1]; tap[1]++)
            for (tap[2] = 0; tap[2] < e->w[2]; tap[2]++) {
                bool inside = true;
                for (int a = 0; a < RANK; a++) {
                    at[a] = s->trace.origin[a] + place[a] * o->stride[a] + tap[a] * o->dilation[a];
                    inside = inside && at[a] >= 0 && at[a] < e->x[a];
                }
                if (!inside)
                    continue;
                long k = (tap[0] * e->w[1] + tap[1]) * e->w[2] + tap[2];
                sum += (double)s->trace.x[(at[0] * e->x[1] + at[1]) * e->x[2] + at[2]] *
                       (double)s->trace.w[o->flip ? last - k : k];
            }
    return (float)(sum + (double)o->bias);
}

void stepping_compute(struct stepping *s)
{
    long place[RANK];
    for (long i = 0; i < s->outputs; i++)
        if (s->source.operation == STEP_CORRELATE) {
            trace_place(&s->trace, i, place);
            s->y[i] = correlate_at(s, place);
        } else {
            s->y[i] = (float)stepping_partial(s, i, s->terms);
        }
}

/* ---- as text ---- */

void stepping_number(double value, char out[DECIMAL_ROOM])
{
    int length = decimal_shortest((float)value, out);
    if (length > SHORT && isfinite(value) && !(fabs(value - rint(value)) < 1e-9 && fabs(value) < 1e9))
        snprintf(out, DECIMAL_ROOM, "%.3g", value);
}

static void number(double value, bool bare, char out[NUMBER])
{
    char s[DECIMAL_ROOM];
    stepping_number(value, s);
    snprintf(out, NUMBER, *s == '-' && !bare ? "(%s)" : "%s", s);
}

static void result(const struct stepping *s, long output, bool plain, char *text, size_t size)
{
    char bias[NUMBER], y[NUMBER];
    double added = bias_of(s, output);
    bool dense = s->source.operation == STEP_DENSE;
    (void)plain;
    number(added, false, bias);
    number(stepping_partial(s, output, s->terms), true, y);
    switch (s->source.operation) {
    case STEP_CORRELATE:
    case STEP_DENSE:
        snprintf(text, size, "%s%s = %s", dense || fabs(added) > 0 ? " + " : "",
                 dense || fabs(added) > 0 ? bias : "", y);
        break;
    case STEP_RELU:
        snprintf(text, size, ", 0) = %s", y);
        break;
    case STEP_MAX:
        snprintf(text, size, ") = %s", y);
        break;
    case STEP_MEAN:
        snprintf(text, size, ") / %ld = %s", s->terms, y);
        break;
    case STEP_SOFTMAX:
        snprintf(text, size, ") = %.4g", share(s, output));
        break;
    case STEP_OPERATIONS:
        break;
    }
}

/* The first number of a maximum that isn't padding. */
static bool is_first(const struct stepping *s, long output, long k)
{
    for (long i = 0; i < k; i++)
        if (s->source.operation != STEP_MAX || !stepping_term(s, output, i).padding)
            return false;
    return true;
}

void stepping_piece(const struct stepping *s, long output, long k, bool plain, char *text, size_t size)
{
    static const char *const before[STEP_OPERATIONS] = {[STEP_CORRELATE] = "",
                                                        [STEP_RELU] = "max(",
                                                        [STEP_MAX] = "max(",
                                                        [STEP_MEAN] = "(",
                                                        [STEP_DENSE] = ""};
    enum step_operation operation = s->source.operation;
    char x[NUMBER], w[NUMBER];
    *text = 0;
    if (k < 0 && operation == STEP_SOFTMAX) {
        number((double)s->source.x.data[output], false, x);
        snprintf(text, size, "e^%s / (", x);
    } else if (k < 0) {
        snprintf(text, size, "%s", before[operation]);
    } else if (k >= s->terms) {
        result(s, output, plain, text, size);
    }
    if (k < 0 || k >= s->terms)
        return;
    struct trace_product p = stepping_term(s, output, k);
    bool bare = operation == STEP_RELU || operation == STEP_MAX;
    const char *sign = is_first(s, output, k) ? "" : bare ? ", " : " + ";
    number((double)p.x, bare, x);
    number((double)p.w, false, w);
    if (operation == STEP_CORRELATE)
        snprintf(text, size, "%s%s%s%s", sign, x, plain ? "*" : "\u00b7", w);
    else if (operation == STEP_DENSE)
        snprintf(text, size, "%s%s%s%s", sign, w, plain ? "*" : "\u00b7", x);
    else if (operation == STEP_SOFTMAX)
        snprintf(text, size, "%se^%s", sign, x);
    else if (operation != STEP_MAX || !p.padding)
        snprintf(text, size, "%s%s", sign, x);
}

static void axes_text(const long *at, int from, char *text, size_t size)
{
    int used = 0;
    for (int a = from; a < RANK && used < (int)size; a++)
        used += snprintf(text + used, size - (size_t)used, "%s%ld%s", a == from ? "(" : ",", at[a] + 1,
                         a == RANK - 1 ? ")" : "");
}

void stepping_place_text(const struct stepping *s, long output, char *text, size_t size)
{
    long place[RANK];
    if (s->whole) {
        snprintf(text, size, "(%ld)", output + 1);
        return;
    }
    trace_place(&s->trace, output, place);
    axes_text(place, RANK - s->source.x.rank, text, size);
}

/* ---- what a cell is ---- */

static void explain_input(const struct stepping *s, struct place at, char *text, size_t size)
{
    const struct step_shown *g = &s->shown[STEP_IN];
    long i = ((long)at.tile * g->h + at.row) * g->w + at.col;
    long place[RANK] = {at.tile - g->before[0], at.row - g->before[1], at.col - g->before[2]};
    long readers = s->whole ? s->outputs : trace_readers(&s->trace, place, 0, NULL);
    char where[64], x[NUMBER];
    axes_text(place, RANK - s->source.x.rank, where, sizeof where);
    number((double)g->v[i], true, x);
    if (g->sign[i] == NUMBER_PADDING)
        snprintf(text, size, "padding: a zero that isn't in the input  read by %ld outputs", readers);
    else
        snprintf(text, size, "input %s = %s  read by %ld output%s", where, x, readers,
                 readers == 1 ? "" : "s");
}

static void explain_weight(const struct stepping *s, struct place at, char *text, size_t size)
{
    const struct step_shown *g = &s->shown[STEP_KERNEL];
    long place[RANK] = {at.tile, at.row, at.col};
    char where[64], w[NUMBER];
    axes_text(place, RANK - s->source.x.rank, where, sizeof where);
    number((double)g->v[((long)at.tile * g->h + at.row) * g->w + at.col], true, w);
    if (s->whole)
        snprintf(text, size, "weight %s of unit %ld = %s", where, stepping_output(s) + 1, w);
    else
        snprintf(text, size, "weight %s = %s%s  multiplies %ld numbers, one for each output", where, w,
                 s->trace.flip ? ", as it lies when flipped" : "", s->outputs);
}

void stepping_explain(const struct stepping *s, enum step_grid grid, struct place at, char *text, size_t size)
{
    char where[64], y[NUMBER];
    const struct step_shown *g = &s->shown[grid];
    *text = 0;
    if (at.tile >= g->n || at.row >= g->h || at.col >= g->w)
        return;
    if (grid == STEP_IN)
        explain_input(s, at, text, size);
    else if (grid == STEP_KERNEL)
        explain_weight(s, at, text, size);
    else {
        long output = ((long)at.tile * g->h + at.row) * g->w + at.col;
        stepping_place_text(s, output, where, sizeof where);
        number((double)s->y[output], true, y);
        snprintf(text, size, "output %s = %s  of %ld %s", where, stepping_known(s, output) ? y : "?",
                 s->terms,
                 stepping_weighs(s) ? "products"
                 : s->terms == 1    ? "number"
                                    : "numbers");
    }
}
