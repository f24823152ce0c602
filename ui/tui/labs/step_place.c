/**
 * Where the panels of the step lab go: one reads from the input over the kernel to the output. Of all sizes that fit in one of these arrangements the best are taken.
 *
 *     side by side: input kernel output sizes    input on top: input                 stacked: input
 *                   expression                                 kernel output | expr.          kernel
 *                                                                            | sizes          output
 *                                                                                             expression sizes
 *
 * In a small window with large grids there is a last one, without the sizes: input over expression, kernel over output.
 */
#include <string.h>

#include "tui/labs/labs.h"
#include "tui/panels/panels.h"

enum {
    IN,
    KERNEL,
    OUT,
    EXPRESSION,
    SIZES,
    ALL,
    GRIDS = EXPRESSION,
    BORDER = 2,
    TEXT_LEAST = 4,
    SIDE_LEAST = 26,
    BESIDE = 44,
    COMPLETE = 3 /* how much worse it is not to see a grid as a whole */
};

struct arrangement {
    struct rect r[ALL];
    double score; /* below 0: it doesn't fit */
};

/* What there is to choose from. */
struct choice {
    struct panel_size size[ALL][PANEL_SIZES];
    int count[ALL];
    int rows, cols; /* of the screen */
};

static const struct panel_type *const types[ALL] = {&panel_stepin, &panel_kernel, &panel_output,
                                                    &panel_expression, &panel_arithmetic};

static int most(int a, int b)
{
    return a > b ? a : b;
}

/* How well a space does for the expression: 3 when the slide's notation fits too. */
static double expression_fits(const struct choice *c, int rows, int cols)
{
    double best = 0;
    for (int i = 0; i < c->count[EXPRESSION]; i++) {
        const struct panel_size *s = &c->size[EXPRESSION][i];
        double grade = 1.5 * (double)s->grade;
        if (s->rows + BORDER <= rows && s->cols + BORDER <= cols && grade > best)
            best = grade;
    }
    return best;
}

/* The rest of the screen: the expression, and beside it the sizes where they have no other place. */
static void put_below(const struct choice *c, struct rect rest, bool sizes, struct arrangement *a)
{
    const struct panel_size *s = &c->size[SIZES][c->count[SIZES] - 1];
    int beside = sizes ? 0 : s->cols + BORDER < rest.cols / 2 ? s->cols + BORDER : rest.cols / 2;
    a->r[EXPRESSION] = (struct rect){rest.row, rest.col, rest.rows, rest.cols - beside};
    if (!sizes)
        a->r[SIZES] = (struct rect){rest.row, rest.col + rest.cols - beside, rest.rows, beside};
    a->score += expression_fits(c, rest.rows, rest.cols - beside);
    a->score += a->r[SIZES].rows >= s->rows + BORDER ? 0.5 : 0;
    a->score += a->r[SIZES].cols >= s->cols + BORDER ? 0.25 : 0;
}

static void side_by_side(const struct choice *c, const struct panel_size *const g[GRIDS],
                         struct arrangement *a)
{
    int top = 0, col = 0;
    for (int i = 0; i < GRIDS; i++)
        top = g[i] ? most(top, g[i]->rows + BORDER) : top;
    for (int i = 0; i < GRIDS; i++) {
        int wide = g[i] ? g[i]->cols + BORDER : 0;
        a->r[i] = (struct rect){0, col, top, wide};
        col += wide;
    }
    int left = c->cols - col;
    if (left < 0 || c->rows - top < TEXT_LEAST) {
        a->score = -1;
        return;
    }
    bool sizes = left >= SIDE_LEAST;
    if (sizes)
        a->r[SIZES] = (struct rect){0, col, top, left};
    else
        a->r[OUT].cols += left;
    put_below(c, (struct rect){top, 0, c->rows - top, c->cols}, sizes, a);
}

static void input_on_top(const struct choice *c, const struct panel_size *const g[GRIDS],
                         struct arrangement *a)
{
    int top = g[IN]->rows + BORDER, rest = c->rows - top, col = 0, tall = 0;
    for (int i = KERNEL; i < GRIDS; i++) {
        int wide = g[i] ? g[i]->cols + BORDER : 0;
        a->r[i] = (struct rect){top, col, rest, wide};
        tall = g[i] ? most(tall, g[i]->rows + BORDER) : tall;
        col += wide;
    }
    const struct panel_size *s = &c->size[SIZES][c->count[SIZES] - 1];
    int sizes = rest - TEXT_LEAST < s->rows + BORDER ? rest - TEXT_LEAST : s->rows + BORDER;
    if (g[IN]->cols + BORDER > c->cols || tall > rest || c->cols - col < BESIDE || sizes <= BORDER) {
        a->score = -1;
        return;
    }
    a->r[IN] = (struct rect){0, 0, top, c->cols};
    a->r[SIZES] = (struct rect){top + rest - sizes, col, sizes, c->cols - col};
    put_below(c, (struct rect){top, col, rest - sizes, c->cols - col}, true, a);
}

static void stacked(const struct choice *c, const struct panel_size *const g[GRIDS], struct arrangement *a)
{
    int row = 0, wide = 0;
    for (int i = 0; i < GRIDS; i++) {
        int tall = g[i] ? g[i]->rows + BORDER : 0;
        a->r[i] = (struct rect){row, 0, tall, c->cols};
        wide = g[i] ? most(wide, g[i]->cols + BORDER) : wide;
        row += tall;
    }
    if (wide > c->cols || c->rows - row < TEXT_LEAST) {
        a->score = -1;
        return;
    }
    put_below(c, (struct rect){row, 0, c->rows - row, c->cols}, false, a);
}

static void two_columns(const struct choice *c, const struct panel_size *const g[GRIDS],
                        struct arrangement *a)
{
    int right = g[OUT]->cols + BORDER, row = 0, top = g[IN]->rows + BORDER;
    right = g[KERNEL] ? most(right, g[KERNEL]->cols + BORDER) : right;
    int left = c->cols - right;
    for (int i = KERNEL; i < GRIDS; i++) {
        int tall = g[i] ? g[i]->rows + BORDER : 0;
        a->r[i] = (struct rect){row, left, i == OUT ? c->rows - row : tall, right};
        row += tall;
    }
    if (row > c->rows || left < g[IN]->cols + BORDER || c->rows - top < TEXT_LEAST) {
        a->score = -1;
        return;
    }
    a->r[IN] = (struct rect){0, 0, top, left};
    a->r[EXPRESSION] = (struct rect){top, 0, c->rows - top, left};
    a->score = 0.1 * (a->score + expression_fits(c, c->rows - top, left)); /* only where there is no other */
}

/* Numbers are worth more than pixels, and those no more for being very large. */
static double worth(int grid, const struct panel_size *s)
{
    static const double pixels = 2, numbers = 5, most_pixels = 4;
    double grade = (double)s->grade;
    grade = grade > most_pixels ? numbers : grade > pixels ? pixels : grade;
    return (grid == KERNEL ? 0.5 : grid == IN ? 1.1 : 1) * grade + (grade < 1 ? 0 : COMPLETE);
}

static void try_all(const struct choice *c, const struct panel_size *const g[GRIDS], struct arrangement *best)
{
    static void (*const ways[])(const struct choice *c, const struct panel_size *const g[GRIDS],
                                struct arrangement *a) = {side_by_side, input_on_top, stacked, two_columns};
    double score = 0;
    for (int i = 0; i < GRIDS; i++)
        score += g[i] ? worth(i, g[i]) : 0;
    for (int w = 0; w < ARRAY_LEN(ways); w++) {
        struct arrangement a = {.score = score};
        ways[w](c, g, &a);
        if (a.score > best->score)
            *best = a;
    }
}

int step_place(const struct view *v, const struct style *s, int rows, int cols, struct placed *out)
{
    struct choice c = {.rows = rows, .cols = cols};
    struct arrangement best = {.score = -1};
    const struct panel_size *g[GRIDS] = {NULL};
    int count = 0;
    for (int i = 0; i < ALL; i++)
        c.count[i] = types[i]->sizes(v, s, c.size[i]);
    if (c.count[IN] == 0 || c.count[OUT] == 0 || c.count[SIZES] == 0)
        return 0;
    for (int i = 0; i < c.count[IN]; i++)
        for (int j = 0; j < most(c.count[KERNEL], 1); j++)
            for (int k = 0; k < c.count[OUT]; k++) {
                g[IN] = &c.size[IN][i];
                g[KERNEL] = c.count[KERNEL] ? &c.size[KERNEL][j] : NULL;
                g[OUT] = &c.size[OUT][k];
                try_all(&c, g, &best);
            }
    for (int i = 0; i < ALL && best.score >= 0; i++)
        if (c.count[i] > 0 && best.r[i].rows > 0)
            out[count++] = (struct placed){types[i], best.r[i]};
    return count;
}
