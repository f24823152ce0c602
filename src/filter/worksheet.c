#include "filter/worksheet.h"

#include <stdint.h>
#include <string.h>

#include "base/decimal.h"
#include "base/file.h"
#include "filter/expression.h"
#include "filter/sizes.h"

enum { RANK = CORRELATE_RANK, BLANK = 4, INDENT = 4, EXAMPLES = 3 };

struct sheet {
    struct trace trace;
    bool plain;
    struct text *out;
};

/* ---- grids ---- */

/* What stands in a grid: numbers of x or w, the sums, or blanks. */
struct grid {
    const float *data;         /* NULL: the trace's sums */
    const struct trace *trace; /* NULL with data NULL: blanks */
    const long *dim;
};

static int cell_text(const struct grid *g, long i, char cell[DECIMAL_ROOM])
{
    if (!g->data && !g->trace) {
        memset(cell, '_', BLANK);
        cell[BLANK] = 0;
        return BLANK;
    }
    return decimal_shortest(g->data ? g->data[i] : (float)trace_sum(g->trace, i, g->trace->products), cell);
}

static int cell_width(const struct grid *g)
{
    char cell[DECIMAL_ROOM];
    int width = 1;
    for (long i = 0; i < g->dim[0] * g->dim[1] * g->dim[2]; i++) {
        int length = cell_text(g, i, cell);
        width = length > width ? length : width;
    }
    return width;
}

/* Planes of the first of three axes one below the other; blanks have room to write in. */
static void add_grid(struct sheet *s, const struct grid *g)
{
    int width = cell_width(g);
    char cell[DECIMAL_ROOM];
    for (long i = 0, n = 0; i < g->dim[0]; i++) {
        if (i > 0)
            text_add(s->out, "\n");
        for (long j = 0; j < g->dim[1]; j++) {
            text_format(s->out, "%*s", INDENT, "");
            for (long k = 0; k < g->dim[2]; k++, n++) {
                cell_text(g, n, cell);
                text_format(s->out, "%s%*s", k ? " " : "", width, cell);
            }
            text_add(s->out, g->data || g->trace ? "\n" : "\n\n");
        }
    }
}

static enum err check_grid(const struct grid *g, const char *what, struct diag *diag)
{
    double count = (double)g->dim[0] * (double)g->dim[1] * (double)g->dim[2];
    if (count > WORKSHEET_NUMBERS)
        return diag_fail(diag, ERR_RANGE, NULL, 0, "%s has %.0f numbers; a sheet of paper takes %d", what,
                         count, WORKSHEET_NUMBERS);
    if (INDENT + g->dim[2] * (cell_width(g) + 1) > WORKSHEET_COLS)
        return diag_fail(diag, ERR_RANGE, NULL, 0, "the rows of %s are too wide for a sheet of paper", what);
    return ERR_NONE;
}

static void add_sizes(struct text *t, const char *name, int rank, const long *dim)
{
    text_format(t, "%s (", name);
    for (int a = RANK - rank; a < RANK; a++)
        text_format(t, "%s%ld", a > RANK - rank ? " x " : "", dim[a]);
    text_add(t, ")\n\n");
}

/* ---- expressions ---- */

/* Breaks a long sum before a plus; what follows is indented. */
static void add_wrapped(struct text *out, const char *line)
{
    int column = 0;
    while (*line) {
        const char *plus = strstr(line + 1, " + "), *equals = strstr(line + 1, " = ");
        const char *end = plus && (!equals || plus < equals) ? plus : equals ? equals : line + strlen(line);
        int width = 0;
        for (const char *c = line; c < end; c++)
            width += (*c & 0xc0) != 0x80;
        if (column > 0 && column + width > WORKSHEET_COLS) {
            text_format(out, "\n%*s", 2 * INDENT, "");
            column = 2 * INDENT;
            width -= *line == ' ';
            line += *line == ' ';
        }
        text_add_n(out, line, (size_t)(end - line));
        column += width;
        line = end;
    }
    text_add(out, "\n");
}

static void add_place(struct text *t, const struct trace *trace, long index)
{
    long place[RANK];
    trace_place(trace, index, place);
    for (int a = RANK - trace->extents.rank; a < RANK; a++)
        text_format(t, "%s%ld", a > RANK - trace->extents.rank ? "," : "(", place[a] + 1);
    text_add(t, ")  ");
}

/* @param blanks  0: only the sum is to be found; 1: the weights too; 2: everything */
static void add_question(struct sheet *s, long index, int blanks)
{
    struct text line = {0};
    text_format(&line, "%*s", INDENT, "");
    add_place(&line, &s->trace, index);
    for (long k = 0; k < s->trace.products; k++) {
        struct trace_product p = trace_product(&s->trace, index, k);
        text_add(&line, k ? " + " : "");
        if (blanks < 2)
            expression_number(&line, (double)p.x);
        else
            text_add(&line, "__");
        text_add(&line, s->plain ? "*" : "\u00b7");
        if (blanks < 1)
            expression_number(&line, (double)p.w);
        else
            text_add(&line, "__");
    }
    if (s->trace.options.bias != 0) {
        text_add(&line, " + ");
        expression_number(&line, (double)s->trace.options.bias);
    }
    text_add(&line, " = ____");
    add_wrapped(s->out, text_str(&line));
    text_add(s->out, "\n");
    text_free(&line);
}

static void add_answer(struct sheet *s, long index)
{
    struct text line = {0};
    text_format(&line, "%*s", INDENT, "");
    add_place(&line, &s->trace, index);
    expression_sum(&line, &s->trace, index, s->trace.products, s->plain);
    add_wrapped(s->out, text_str(&line));
    text_free(&line);
}

/* ---- how w slides ---- */

static const char *axis_name(int rank, int axis)
{
    static const char *const names[RANK] = {"depth", "rows", "columns"};
    return rank == 1 ? "samples" : names[axis];
}

/* The arithmetic of one axis, with or without its result. */
static enum err add_arithmetic(struct sheet *s, int axis, bool answer, struct diag *diag)
{
    const struct trace_options *o = &s->trace.options;
    const struct correlate_extents *e = &s->trace.extents;
    struct text line = {0};
    struct window win = {(int)e->w[axis], o->stride[axis], o->pad[axis], o->dilation[axis]};
    enum err err = o->padded ? size_window(&line, (int)e->x[axis], win, s->plain, NULL, diag)
                             : size_mode(&line, (int)e->x[axis], (int)e->w[axis], o->mode, o->stride[axis],
                                         o->dilation[axis], s->plain, NULL, diag);
    const char *equals = err ? NULL : strstr(text_str(&line), " = ");
    if (equals && answer)
        text_format(s->out, "%*s%-8s %s\n", INDENT, "", axis_name(e->rank, axis), text_str(&line));
    else if (equals)
        text_format(s->out, "%*s%-8s ____________________ = ____\n\n", INDENT, "", axis_name(e->rank, axis));
    text_free(&line);
    return err;
}

static void add_rules(struct sheet *s)
{
    const struct trace_options *o = &s->trace.options;
    const struct correlate_extents *e = &s->trace.extents;
    text_add(s->out, o->flip ? "Convolution: turn w round along every axis first, then slide it over x.\n"
                             : "Correlation: slide w over x as it is.\n");
    for (int a = RANK - e->rank; a < RANK; a++) {
        long before = -s->trace.origin[a], after = s->trace.origin[a] + (e->y[a] - 1) * o->stride[a] +
                                                   (e->w[a] - 1) * o->dilation[a] + 1 - e->x[a];
        text_format(s->out, "%*s%-8s zeros before %ld, after %ld; stride %d; dilation %d\n", INDENT, "",
                    axis_name(e->rank, a), before > 0 ? before : 0, after > 0 ? after : 0, o->stride[a],
                    o->dilation[a]);
    }
    if (o->bias != 0) {
        text_format(s->out, "%*sbias     ", INDENT, "");
        expression_number(s->out, (double)o->bias);
        text_add(s->out, ", added to every sum\n");
    }
    text_add(s->out, "\n");
}

/* ---- the pages ---- */

static enum err add_pages(struct sheet *s, bool answers, struct diag *diag)
{
    const struct trace *t = &s->trace;
    const struct correlate_extents *e = &t->extents;
    enum err err = ERR_NONE;
    text_add(s->out, answers ? "\fANSWERS\n\n" : "1. How many outputs are there along each axis?\n\n");
    for (int a = RANK - e->rank; a < RANK && !err; a++)
        err = add_arithmetic(s, a, answers, diag);
    if (answers)
        text_add(s->out, "\n");
    else
        text_add(s->out, "2. Fill in:\n\n");
    for (long i = 0; i < t->outputs; i++)
        if (answers)
            add_answer(s, i);
        else if (i < EXAMPLES)
            add_question(s, i, (int)i);
    text_add(s->out, answers ? "\n" : "3. All outputs:\n\n");
    add_grid(s, &(struct grid){NULL, answers ? t : NULL, e->y});
    return err;
}

enum err worksheet_text(const struct tensor *x, const struct tensor *w, const struct trace_options *options,
                        bool plain, struct text *out, struct diag *diag)
{
    struct sheet s = {.plain = plain, .out = out};
    enum err err = trace_begin(&s.trace, x, w, options, diag);
    const struct correlate_extents *e = &s.trace.extents;
    struct grid gx = {x->data, NULL, e->x}, gw = {w->data, NULL, e->w}, gy = {NULL, &s.trace, e->y},
                blank = {NULL, NULL, e->y};
    for (int a = 0; a < RANK && !err; a++)
        if (e->w[a] > e->x[a])
            err = diag_fail(diag, ERR_SHAPE, NULL, 0,
                            "a sheet of paper has w slide over x, so w can't be the larger one");
    if (!err)
        err = check_grid(&gx, "x", diag);
    if (!err)
        err = check_grid(&gw, "w", diag);
    if (!err)
        err = check_grid(&gy, "the output", diag);
    if (!err)
        err = check_grid(&blank, "the output", diag);
    if (err)
        return err;
    text_format(out, "%s BY HAND %*s Name ______________________\n\n",
                options->flip ? "CONVOLUTION" : "CORRELATION", 20, "");
    add_sizes(out, "x", e->rank, e->x);
    add_grid(&s, &gx);
    text_add(out, "\n");
    add_sizes(out, "w", e->rank, e->w);
    add_grid(&s, &gw);
    text_add(out, "\n");
    add_rules(&s);
    err = add_pages(&s, false, diag);
    if (!err)
        err = add_pages(&s, true, diag);
    return err ? err : out->failed ? diag_memory(diag, "a worksheet") : ERR_NONE;
}

/* ---- PostScript ---- */

/* One character of UTF-8 as one byte of Latin-1. */
static const char *latin(const char *c, unsigned *byte)
{
    unsigned char first = (unsigned char)*c++;
    *byte = first;
    if (first < 0x80)
        return c;
    *byte = (first == 0xc2 || first == 0xc3) && (*c & 0xc0) == 0x80 ? (first & 3u) << 6 | (*c & 0x3fu) : '?';
    while ((*c & 0xc0) == 0x80)
        c++;
    return c;
}

static void add_string(struct text *out, const char *line, const char *end)
{
    text_add(out, "(");
    while (line < end) {
        unsigned byte;
        line = latin(line, &byte);
        if (byte == '(' || byte == ')' || byte == '\\')
            text_format(out, "\\%c", (int)byte);
        else if (byte >= 0x20 && byte < 0x7f)
            text_format(out, "%c", (int)byte);
        else
            text_format(out, "\\%03o", byte);
    }
    text_add(out, ") l\n");
}

void worksheet_postscript(const char *text, struct text *out)
{
    int page = 0, line = WORKSHEET_LINES;
    text_add(out,
             "%!PS-Adobe-3.0\n%%Pages: (atend)\n%%EndComments\n"
             "/Courier findfont dup length dict begin { 1 index /FID ne { def } { pop pop } ifelse } forall\n"
             "/Encoding ISOLatin1Encoding def currentdict end /Sheet exch definefont pop\n"
             "/l { 54 y moveto show /y y 11.5 sub def } def\n");
    while (*text) {
        bool feed = *text == '\f';
        if (feed || line == WORKSHEET_LINES) {
            text_add(out, page ? "showpage\n" : "");
            page++;
            text_format(out, "%%%%Page: %d %d\n/Sheet findfont 10 scalefont setfont /y 745 def\n", page,
                        page);
            line = 0;
            text += feed;
        }
        size_t length = strcspn(text, "\n\f");
        add_string(out, text, text + length);
        line++;
        text += length;
        text += *text == '\n';
    }
    text_add(out, page ? "showpage\n" : "");
    text_format(out, "%%%%Trailer\n%%%%Pages: %d\n%%%%EOF\n", page);
}

/* ---- files ---- */

enum err worksheet_write(const struct tensor *x, const struct tensor *w, const struct trace_options *options,
                         bool plain, const char *path, struct diag *diag)
{
    struct text sheet = {0}, printed = {0};
    const char *dot = strrchr(path, '.');
    bool postscript = dot && strcmp(dot, ".ps") == 0;
    enum err err = worksheet_text(x, w, options, plain && !postscript, &sheet, diag);
    if (!err && postscript)
        worksheet_postscript(text_str(&sheet), &printed);
    const struct text *file = postscript ? &printed : &sheet;
    if (!err)
        err = file->failed ? diag_memory(diag, "a worksheet")
                           : file_write(path, text_str(file), file->length, diag);
    text_free(&sheet);
    text_free(&printed);
    return err;
}
