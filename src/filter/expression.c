#include "filter/expression.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"

enum { RANK = CORRELATE_RANK };

static void add_bare(struct text *t, double value)
{
    char s[DECIMAL_ROOM];
    decimal_shortest((float)value, s);
    text_add(t, s);
}

void expression_number(struct text *t, double value)
{
    char s[DECIMAL_ROOM];
    decimal_shortest((float)value, s);
    text_format(t, *s == '-' ? "(%s)" : "%s", s);
}

static const char *times(bool plain)
{
    return plain ? "*" : "\u00b7";
}

/* A result: its sign needs no brackets. */
static void add_result(struct text *t, double value)
{
    text_add(t, " = ");
    add_bare(t, value);
}

static void add_product(struct text *t, double x, double w, const char *plus, bool plain)
{
    text_add(t, plus);
    expression_number(t, x);
    text_add(t, times(plain));
    expression_number(t, w);
}

/* x slides over w: what isn't under it isn't padding. */
static bool swapped(const struct trace *trace)
{
    bool larger = false;
    for (int a = 0; a < RANK; a++)
        larger |= trace->extents.w[a] > trace->extents.x[a];
    return larger && trace->options.mode == CORRELATE_VALID && !trace->options.padded;
}

void expression_sum(struct text *t, const struct trace *trace, long index, long count, bool plain)
{
    const char *plus = "";
    bool skip = swapped(trace), whole = count == trace->products;
    for (long k = 0; k < count; k++) {
        struct trace_product p = trace_product(trace, index, k);
        if (p.padding && skip)
            continue;
        add_product(t, (double)p.x, (double)p.w, plus, plain);
        plus = " + ";
    }
    if (!whole) {
        text_add(t, *plus ? " + ..." : "...");
        return;
    }
    if (trace->options.bias != 0) {
        text_add(t, plus);
        expression_number(t, (double)trace->options.bias);
    }
    add_result(t, trace_sum(trace, index, count));
}

/* ---- the slide's notation ---- */

static void add_subscript(struct text *t, double weight, bool plain)
{
    static const char *const digits[10] = {"\u2080", "\u2081", "\u2082", "\u2083", "\u2084",
                                           "\u2085", "\u2086", "\u2087", "\u2088", "\u2089"};
    char s[DECIMAL_ROOM];
    decimal_shortest((float)weight, s);
    if (plain || strspn(s, "-0123456789") < strlen(s)) { /* there is no point and no e among the subscripts */
        text_format(t, "_%s", s);
        return;
    }
    for (const char *c = s; *c; c++)
        text_add(t, *c == '-' ? "\u208b" : digits[*c - '0']);
}

static int columns(const char *s)
{
    int count = 0;
    for (; *s; s++)
        count += (*s & 0xc0) != 0x80;
    return count;
}

/* One cell: the number of x at a place, 0 outside, and its weight when the output reads it. Empty when it lies outside and isn't read. */
static void add_cell(struct text *t, const struct trace *trace, long index, const long at[RANK], bool plain)
{
    const long *dim = trace->extents.x;
    bool outside = false;
    long k;
    for (int a = 0; a < RANK; a++)
        outside |= at[a] < 0 || at[a] >= dim[a];
    bool read = trace_reads(trace, index, at, &k);
    if (!outside)
        add_bare(t, (double)trace->x[(at[0] * dim[1] + at[1]) * dim[2] + at[2]]);
    else if (read)
        text_add(t, "0");
    if (read)
        add_subscript(t, (double)trace_product(trace, index, k).w, plain);
}

/* Rows and columns that are shown: x, and the padding that the window reaches into. */
static void reach(const struct trace *trace, long index, int axis, long *from, long *to)
{
    struct trace_product first = trace_product(trace, index, 0),
                         last = trace_product(trace, index, trace->products - 1);
    *from = first.at[axis] < 0 ? first.at[axis] : 0;
    *to = last.at[axis] >= trace->extents.x[axis] ? last.at[axis] + 1 : trace->extents.x[axis];
}

static void end_line(struct text *t)
{
    while (t->length > 0 && t->data[t->length - 1] == ' ')
        t->data[--t->length] = 0;
    text_add(t, "\n");
}

void expression_slide(struct text *t, const struct trace *trace, long index, long depth, bool plain)
{
    long from[RANK], to[RANK], at[RANK] = {depth, 0, 0};
    int width = 0;
    for (int a = 1; a < RANK; a++)
        reach(trace, index, a, &from[a], &to[a]);
    for (int pass = 0; pass < 2; pass++) /* first how wide a cell must be */
        for (at[1] = from[1]; at[1] < to[1]; at[1]++)
            for (at[2] = from[2]; at[2] < to[2]; at[2]++) {
                struct text cell = {0};
                add_cell(&cell, trace, index, at, plain);
                int wide = columns(text_str(&cell));
                if (pass == 0)
                    width = wide > width ? wide : width;
                else
                    text_format(t, "%s%*s", text_str(&cell), width - wide + 1, "");
                if (pass == 1 && at[2] + 1 == to[2])
                    end_line(t);
                text_free(&cell);
            }
}

/* ---- layers without a kernel ---- */

void expression_relu(struct text *t, float x)
{
    text_add(t, "max(");
    add_bare(t, (double)x);
    text_add(t, ", 0)");
    add_result(t, x < 0 ? 0 : (double)x);
}

void expression_pool(struct text *t, const float *x, int count, bool mean)
{
    double sum = 0;
    float top = x[0];
    text_add(t, mean ? "(" : "max(");
    for (int i = 0; i < count; i++) {
        if (i > 0)
            text_add(t, mean ? " + " : ", ");
        if (mean)
            expression_number(t, (double)x[i]);
        else
            add_bare(t, (double)x[i]);
        sum += (double)x[i];
        top = x[i] > top || isnan(x[i]) ? x[i] : top;
    }
    text_add(t, ")");
    if (mean)
        text_format(t, " / %d", count);
    add_result(t, mean ? sum / count : (double)top);
}

void expression_dense(struct text *t, const float *x, const float *w, int count, float bias, bool plain)
{
    double sum = (double)bias;
    for (int i = 0; i < count; i++) {
        add_product(t, (double)w[i], (double)x[i], i ? " + " : "", plain);
        sum += (double)w[i] * (double)x[i];
    }
    text_add(t, " + ");
    expression_number(t, (double)bias);
    add_result(t, sum);
}

static void add_power(struct text *t, float z)
{
    text_add(t, "e^");
    expression_number(t, (double)z);
}

void expression_softmax(struct text *t, const float *z, int count, int index)
{
    double sum = 0;
    float top = z[0];
    char share[24];
    for (int i = 0; i < count; i++)
        top = z[i] > top ? z[i] : top;
    add_power(t, z[index]);
    text_add(t, " / (");
    for (int i = 0; i < count; i++) {
        text_add(t, i ? " + " : "");
        add_power(t, z[i]);
        sum += exp((double)z[i] - (double)top);
    }
    snprintf(share, sizeof share, "%.4g", exp((double)z[index] - (double)top) / sum);
    text_format(t, ") = %s", share);
}
