/**
 * A number taken apart: the window that it reads, the weights, their products, side by side as numbers; below it the whole expression with the numbers in it. The cursor
 * marks one term in all of them, and Enter goes down to the number that the term comes from.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/panels/detail.h"
#include "tui/widgets/flow.h"
#include "tui/widgets/numbers.h"

enum {
    VECTOR_COLS = 8,
    CELL = 6,
    CELL_LEAST = 5,
    GAP = 2 /* columns between two tables, where there is room */,
    PIECE = 96,
    BEHIND = 150,
    AHEAD = 500
};

static int terms_of(const struct net *net, struct unit u)
{
    return (int)shape_count(inspect_window(net, u));
}

/* The term at a place; -1: none there. */
static int term_at(const struct net *net, struct unit u, struct place at)
{
    struct shape t = apart_table(net, u);
    int k = (at.tile * t.h + at.row) * t.w + at.col;
    bool inside = at.tile >= 0 && at.tile < t.c && at.row >= 0 && at.row < t.h && at.col >= 0 && at.col < t.w;
    return inside && k < terms_of(net, u) ? k : -1;
}

static int ask(const struct view *v, struct question *out, int room)
{
    if (room < 1)
        return 0;
    out[0] = detail_unit(v).layer < 0 ? view_question(v, "input", 0) : detail_question(v, "number");
    return 1;
}

/* ---- the expression as text ---- */

/* All of it, or of a very long one what stands around the term `mark`; returns the line in which that is. */
static int write_expression(struct flow *f, const struct view *v, const struct expression *e, int mark)
{
    int from = mark > BEHIND ? mark - BEHIND : 0, to = from + BEHIND + AHEAD, found = 0;
    char piece[2 * PIECE];
    to = to < e->listed ? to : e->listed;
    expression_piece(e, -1, piece, sizeof piece);
    flow_put(f, ROLE_TEXT, piece);
    if (from > 0)
        flow_put(f, ROLE_FAINT, "...");
    for (int k = from; k < to; k++) {
        bool padding = inspect_source(v->net, detail_unit(v), k).padding;
        expression_piece(e, k, piece, sizeof piece);
        flow_put(f, k == mark ? ROLE_CURSOR : padding ? ROLE_FAINT : ROLE_TEXT, piece);
        found = k == mark ? f->line : found;
    }
    if (to < e->listed)
        flow_put(f, ROLE_FAINT, " + ...");
    expression_piece(e, e->listed, piece, sizeof piece);
    flow_put(f, ROLE_STRONG, piece);
    return found;
}

static int lines_of(const struct view *v, const struct expression *e, int cols)
{
    struct flow f = {.cols = cols};
    write_expression(&f, v, e, -1);
    return f.line + 1;
}

static void draw_expression(struct canvas *c, const struct view *v, const struct expression *e, int mark)
{
    struct flow count = {.cols = c->clip.cols}, f = {.c = c, .rows = c->clip.rows, .cols = c->clip.cols};
    int line = write_expression(&count, v, e, mark);
    f.top = heat_scroll(count.line + 1, f.rows, line);
    write_expression(&f, v, e, mark);
}

/* ---- the tables ---- */

/* How much of the tables is seen: columns and rows of each, and how many channels. */
struct grid {
    struct shape table;
    int tables, cell, apart; /* tables side by side, columns of a number, and from one table to the next */
    int left, cols, top, rows, first, channels;
    int text; /* rows for the expression */
};

static struct grid grid_of(const struct view *v, const struct expression *e, int rows, int cols,
                           struct place at)
{
    struct unit u = detail_unit(v);
    struct grid g = {.table = apart_table(v->net, u), .cell = CELL};
    g.tables = e->factors ? 3 : e->form == FORM_SHARE ? 2 : 1;
    int lines = lines_of(v, e, cols), gap = GAP, between = g.tables - 1;
    if (g.tables * g.table.w * CELL + between * gap > cols)
        g.cell = CELL_LEAST;
    while (gap > 0 && g.tables * g.table.w * g.cell + between * gap > cols)
        gap--;
    int room = cols - between * gap;
    g.cols = room / g.tables / g.cell;
    g.cols = g.cols < 1 ? 1 : g.cols > g.table.w ? g.table.w : g.cols;
    g.apart = g.cols * g.cell + gap;
    int most = rows / 3 > 2 ? rows / 3 : 2, all = g.table.c * (g.table.h + 1);
    most = rows - 2 - all > most ? rows - 2 - all : most; /* what the tables don't need */
    g.text = lines < most ? lines : most;
    int left = rows - 2 - g.text; /* a line of words above, a blank one below */
    g.rows = g.table.h < left - 1 ? g.table.h : left - 1;
    g.channels = g.rows > 0 ? left / (g.rows + 1) : 0;
    g.channels = g.channels > g.table.c ? g.table.c : g.channels;
    g.first = heat_scroll(g.table.c, g.channels, at.tile);
    g.top = heat_scroll(g.table.h, g.rows, at.row);
    g.left = heat_scroll(g.table.w, g.cols, at.col);
    return g;
}

static void draw_value(struct canvas *c, int row, int col, int cell, float value, float range, enum role role)
{
    char number[16], text[24];
    number_text(number, sizeof number, value, cell - 1);
    snprintf(text, sizeof text, "%*s", cell, number);
    if (role != ROLE_TEXT || c->style->rung < RUNG_256)
        canvas_text(c, row, col, role, text);
    else
        canvas_text_level(c, row, col, MAP_SIGNED, style_level(MAP_SIGNED, value, range), text);
}

/* Channel `tile` of the table of these numbers. */
static void draw_table(struct canvas *c, int row, int col, const struct view *v, const struct grid *g,
                       int tile, const struct expression *e, const float *numbers, struct place at)
{
    float range = view_range(numbers, (size_t)e->listed);
    struct unit u = detail_unit(v);
    for (int i = 0; i < g->rows; i++)
        for (int j = 0; j < g->cols; j++) {
            struct place here = {tile, g->top + i, g->left + j};
            int k = term_at(v->net, u, here);
            if (k < 0 || k >= e->listed)
                continue;
            bool marked = at.tile == tile && at.row == here.row && at.col == here.col;
            bool faint = inspect_source(v->net, u, k).padding || (e->form == FORM_MAX && k != e->winner);
            draw_value(c, row + i, col + j * g->cell, g->cell, numbers[k], range,
                       marked  ? ROLE_CURSOR
                       : faint ? ROLE_FAINT
                               : ROLE_TEXT);
        }
}

static void draw_tables(struct canvas *c, const struct view *v, const struct grid *g,
                        const struct expression *e, struct place at)
{
    const float *numbers[] = {e->a, e->form == FORM_SHARE ? e->product : e->b, e->product};
    struct unit u = detail_unit(v);
    for (int i = 0; i < g->channels; i++) {
        int row = 1 + i * (g->rows + 1), tile = g->first + i;
        int k = term_at(v->net, u, (struct place){tile, g->top, g->left});
        struct unit from = inspect_origin(v->net, inspect_source(v->net, u, k < 0 ? 0 : k).from);
        char caption[PIECE];
        unit_text(v->net, from, caption, sizeof caption);
        canvas_text_width(c, row, 0, g->tables > 1 ? g->apart : c->clip.cols, ROLE_TITLE, caption);
        if (e->factors) {
            struct shape window = inspect_window(v->net, u);
            if (g->table.c == window.c && g->table.h == window.h)
                snprintf(caption, sizeof caption, "* weight [%d][%d]", u.channel, tile);
            else
                snprintf(caption, sizeof caption, "* weights [%d]", u.channel);
            canvas_text_width(c, row, g->apart, g->apart, ROLE_TITLE, caption);
            canvas_text_width(c, row, 2 * g->apart, g->apart, ROLE_TITLE, "= product");
        } else if (e->form == FORM_SHARE) {
            canvas_text_width(c, row, g->apart, g->apart, ROLE_TITLE, "share");
        }
        for (int t = 0; t < g->tables; t++)
            draw_table(c, row + 1, t * g->apart, v, g, tile, e, numbers[t], at);
    }
}

/* ---- the level ---- */

static void say_form(const struct view *v, const struct expression *e, char *text, size_t size)
{
    static const char *const words[] = {
        [FORM_MAX] = "the largest of %d numbers",
        [FORM_MEAN] = "the mean of %d numbers",
        [FORM_SHARE] = "e^x as a share of the sum over %d channels",
        [FORM_SCALED] = "(x - mean) / deviation * gamma + beta",
        [FORM_STANDARD] = "(x - mean) / deviation",
        [FORM_RELU] = "max(x, 0)",
        [FORM_LEAKY] = "x, or below 0 slope * x",
        [FORM_ELU] = "x, or below 0 alpha * (e^x - 1)",
        [FORM_SIGMOID] = "1 / (1 + e^-x)",
        [FORM_TANH] = "tanh(x)",
        [FORM_SAME] = "the same number",
    };
    char unit[PIECE];
    unit_text(v->net, detail_unit(v), unit, sizeof unit);
    int used = snprintf(text, size, "%s = %.4g: ", unit, (double)e->result);
    if ((size_t)used >= size)
        return;
    if (e->form == FORM_SUM)
        snprintf(text + used, size - (size_t)used, "the sum of %d %s%s", e->terms,
                 e->factors ? "products" : "numbers", e->biased ? " and the bias" : "");
    else
        snprintf(text + used, size - (size_t)used, words[e->form], e->terms);
}

static void draw_pixel(const struct view *v, struct canvas *c)
{
    const struct part *x = view_part(v, "input", 0, "x");
    struct unit u = detail_unit(v);
    if (!x)
        return;
    float value = x->data[(u.channel * x->shape.h + u.row) * x->shape.w + u.col];
    canvas_format(c, 0, 0, ROLE_STRONG, "a pixel of the input: %.4g = %.4g of 255; nothing lies below",
                  (double)value, 255 * (double)value);
}

static void draw(const struct view *v, struct place at, struct canvas *c)
{
    struct expression e;
    char words[200];
    if (detail_unit(v).layer < 0) {
        draw_pixel(v, c);
        return;
    }
    const struct answer *a = detail_answer(v, "number");
    if (!a || !answer_expression(v->net, a, &e))
        return;
    int rows = c->clip.rows, cols = c->clip.cols, mark = term_at(v->net, detail_unit(v), at);
    struct grid g = grid_of(v, &e, rows, cols, at);
    if (v->focus != &panel_detail)
        at.tile = mark = -1;
    say_form(v, &e, words, sizeof words);
    canvas_text_width(c, 0, 0, cols, ROLE_STRONG, words);
    draw_tables(c, v, &g, &e, at);
    int row = g.channels > 0 ? 2 + g.channels * (g.rows + 1) : 1;
    struct canvas text = canvas_part(c, (struct rect){row, 0, rows - row, cols});
    if (rows > row)
        draw_expression(&text, v, &e, mark);
}

/* ---- pointing ---- */

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    (void)rows, (void)cols;
    if (detail_unit(v).layer < 0)
        return false;
    struct unit u = detail_unit(v);
    struct shape t = apart_table(v->net, u);
    struct place to = {at->tile, at->row + down, at->col + right};
    if (to.row < 0 || to.row >= t.h) { /* into the channel above or below */
        to.tile += down;
        to.row = down < 0 ? t.h - 1 : 0;
    }
    if (term_at(v->net, u, to) < 0)
        return false;
    *at = to;
    return true;
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    struct expression e;
    const struct answer *a = detail_unit(v).layer < 0 ? NULL : detail_answer(v, "number");
    if (!a || !answer_expression(v->net, a, &e) || row < 1)
        return false;
    struct grid g = grid_of(v, &e, rows, cols, *at);
    int block = (row - 1) / (g.rows + 1), i = (row - 1) % (g.rows + 1) - 1, j = col % g.apart / g.cell;
    struct place to = {g.first + block, g.top + i, g.left + j};
    if (block >= g.channels || i < 0 || j >= g.cols || col / g.apart >= g.tables ||
        term_at(v->net, detail_unit(v), to) < 0)
        return false;
    *at = to;
    return true;
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    struct unit u = detail_unit(v);
    if (u.layer >= 0) {
        int k = term_at(v->net, u, at);
        if (k < 0)
            return false;
        struct source s = inspect_source(v->net, u, k);
        *out = (struct spot){.kind = SPOT_PADDING};
        if (s.padding)
            return true;
        u = inspect_origin(v->net, s.from);
    }
    *out = (struct spot){.kind = SPOT_NUMBER, .layer = u.layer, .c = u.channel, .row = u.row, .col = u.col};
    return true;
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    struct expression e;
    struct unit u = detail_unit(v);
    const struct answer *a = u.layer < 0 ? NULL : detail_answer(v, "number");
    if (!a || !answer_expression(v->net, a, &e)) {
        view_explain(v, text, size);
        return;
    }
    int k = term_at(v->net, u, at);
    if (k < 0 || k >= e.listed)
        return;
    char from[PIECE];
    unit_text(v->net, inspect_origin(v->net, inspect_source(v->net, u, k).from), from, sizeof from);
    int used = snprintf(text, (size_t)size, "term %d of %d: %s = %.4g", k + 1, e.terms, from, (double)e.a[k]);
    if (inspect_source(v->net, u, k).padding)
        snprintf(text, (size_t)size, "term %d of %d: padding, a zero around the map", k + 1, e.terms);
    if (e.factors && used < size)
        snprintf(text + used, (size_t)(size - used), " times %.4g is %.4g", (double)e.b[k],
                 (double)e.product[k] + 0.0);
    else if (k == e.winner && used < size)
        snprintf(text + used, (size_t)(size - used), "%s",
                 e.form == FORM_MAX ? ", the largest" : ", its own");
}

const struct detail_kind detail_number = {
    .ask = ask, .draw = draw, .move = move, .hit = hit, .spot = spot, .explain = explain};
