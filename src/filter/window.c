#include "filter/window.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- where ---- */

/* Along each axis output r comes of `size` pixels from first + r * stride on. */
struct slide {
    int first[2], size[2], stride[2];
};

static bool is_stage(const struct chain_stage *s, const char *name)
{
    return s->type && strcmp(s->type->name, name) == 0;
}

static bool is_pool(const struct chain_stage *s)
{
    return is_stage(s, "max") || is_stage(s, "average");
}

static struct slide slide_of(const struct chain *chain, int stage)
{
    const struct chain_stage *s = &chain->stage[stage];
    struct slide out = {{0, 0}, {1, 1}, {1, 1}};
    for (int a = 0; a < 2; a++) {
        if (!s->type) {
            int k = (int)s->kernel.w.dim[a];
            out.size[a] = k;
            out.first[a] = chain->mode == CORRELATE_SAME   ? -(k / 2)
                           : chain->mode == CORRELATE_FULL ? 1 - k
                                                           : 0;
        } else if (is_pool(s)) {
            out.size[a] = (int)s->value[0];
            out.stride[a] = s->value[1] > 0 ? (int)s->value[1] : out.size[a];
        } else if (is_stage(s, "template")) {
            out.size[a] = (int)s->value[2 + a];
        }
    }
    return out;
}

struct template_box chain_window(const struct chain *chain, int result, int row, int col)
{
    struct slide s = slide_of(chain, result - 1);
    return (struct template_box){s.first[0] + row * s.stride[0], s.first[1] + col * s.stride[1], s.size[0],
                                 s.size[1]};
}

static int inside(int at, int count)
{
    return at < 0 ? 0 : at < count ? at : count - 1;
}

void chain_follow(const struct chain *chain, int from, int to, int *row, int *col)
{
    int at[2] = {*row, *col};
    for (int r = from; r != to; r += to > from ? 1 : -1) {
        struct slide s = slide_of(chain, to > from ? r : r - 1);
        struct shape shape = chain->result[to > from ? r + 1 : r - 1].image.shape;
        const int count[2] = {shape.h, shape.w};
        for (int a = 0; a < 2; a++) {
            int middle = s.first[a] + s.size[a] / 2; /* of the window of output 0 */
            int there = to > from ? at[a] - middle + s.stride[a] / 2 : at[a] * s.stride[a] + middle;
            at[a] = inside(to > from ? (there < 0 ? 0 : there / s.stride[a]) : there, count[a]);
        }
    }
    *row = at[0];
    *col = at[1];
}

float chain_value(const struct chain *chain, int result, int c, int row, int col)
{
    const struct image *p = &chain->result[result].image;
    bool out = row < 0 || col < 0 || row >= p->shape.h || col >= p->shape.w;
    if (out && !chain->repeats)
        return 0;
    row = inside(row, p->shape.h);
    col = inside(col, p->shape.w);
    c = inside(c, p->shape.c);
    return p->data[((size_t)c * (size_t)p->shape.h + (size_t)row) * (size_t)p->shape.w + (size_t)col];
}

/* ---- in words ---- */

enum { END_ROOM = 40 };

struct line {
    char *text;
    int size, length;
};

PRINTF_LIKE(2, 3) static void add(struct line *l, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int wanted = vsnprintf(l->text + l->length, (size_t)(l->size - l->length), format, args);
    va_end(args);
    l->length += wanted < l->size - l->length ? wanted : l->size - l->length - 1;
}

static void add_number(struct line *l, float x)
{
    add(l, x < 0 ? "(%.3g)" : "%.3g", (double)x);
}

/* Is there room for one more term, and for what comes behind the last? */
static bool has_room(const struct line *l)
{
    return l->length < l->size - END_ROOM;
}

/* A product for each pixel of the window; the weights are a kernel's, or the pixels of a template. */
static void tell_products(const struct chain *chain, int result, int c, struct template_box b,
                          const struct template_box *cut, bool plain, struct line *l)
{
    const struct chain_stage *s = &chain->stage[result - 1];
    int count = b.rows * b.cols, k = 0;
    for (; k < count && has_room(l); k++) {
        int i = k / b.cols, j = k % b.cols;
        add(l, "%s", k ? " + " : "");
        add_number(l, chain_value(chain, result - 1, c, b.row + i, b.col + j));
        add(l, "%s", plain ? "*" : "\u00b7");
        add_number(l, cut ? chain_value(chain, 0, c, cut->row + i, cut->col + j) : s->kernel.w.data[k]);
    }
    add(l, "%s", k < count ? " + ..." : "");
}

static void tell_pool(const struct chain *chain, int result, int c, struct template_box b, struct line *l)
{
    bool mean = is_stage(&chain->stage[result - 1], "average");
    int count = b.rows * b.cols, k = 0;
    add(l, mean ? "(" : "max(");
    for (; k < count && has_room(l); k++) {
        add(l, "%s", k == 0 ? "" : mean ? " + " : ", ");
        add_number(l, chain_value(chain, result - 1, c, b.row + k / b.cols, b.col + k % b.cols));
    }
    add(l, "%s)", k < count ? " ..." : "");
    if (mean)
        add(l, " / %d", count);
}

/* @param x  the number before; y: behind */
static void tell_stage(const struct chain *chain, int result, struct template_box b, double x, double y,
                       bool plain, struct line *l)
{
    const struct chain_stage *s = &chain->stage[result - 1];
    const char *name = s->type->name, *dot = plain ? "*" : "\u00b7";
    if (is_stage(s, "noise"))
        add(l, "%.3g %c %.3g", x, y < x ? '-' : '+', fabs(y - x));
    else if (is_stage(s, "relu"))
        add(l, "max(%.3g, 0)", x);
    else if (is_stage(s, "abs"))
        add(l, "|%.3g|", x);
    else if (is_stage(s, "threshold"))
        add(l, "is %.3g >= %.3g?", x, s->value[0]);
    else if (is_stage(s, "grey") && chain->result[result - 1].image.shape.c == 3)
        add(l, "0.299%s%.3g + 0.587%s%.3g + 0.114%s%.3g", dot, x, dot,
            (double)chain_value(chain, result - 1, 1, b.row, b.col), dot,
            (double)chain_value(chain, result - 1, 2, b.row, b.col));
    else
        add(l, "%s of %.3g", name, x);
}

void chain_tell(const struct chain *chain, int result, int c, int row, int col, bool plain, char *text,
                int size)
{
    struct line l = {text, size, 0};
    *text = 0;
    if (result < 1)
        return;
    const struct chain_stage *s = &chain->stage[result - 1];
    struct template_box b = chain_window(chain, result, row, col);
    double y = (double)chain_value(chain, result, c, row, col);
    if (!s->type) {
        tell_products(chain, result, c, b, NULL, plain, &l);
    } else if (is_pool(s)) {
        tell_pool(chain, result, c, b, &l);
    } else if (is_stage(s, "template")) {
        struct template_box cut = {(int)s->value[0], (int)s->value[1], b.rows, b.cols};
        if (s->value[4] > 0 && chain->result[result - 1].image.shape.c == chain->result[0].image.shape.c)
            tell_products(chain, result, 0, b, &cut, plain, &l);
        else
            add(&l, "likeness of the %d x %d pixels from (%d,%d) on", b.rows, b.cols, b.row, b.col);
    } else {
        tell_stage(chain, result, b, (double)chain_value(chain, result - 1, c, b.row, b.col), y, plain, &l);
    }
    add(&l, " = %.4g", y);
}
