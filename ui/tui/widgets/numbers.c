#include "tui/widgets/numbers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"

enum { WIDE = 6, NARROW = 5, INDEX = 3 /* columns for the number of a row */ };

/* What is seen: `per_row` x `lines` tiles from `first`, of each rows x cols pixels from (top, left). */
struct grid {
    int wide, tall, pitch; /* cells a pixel, and from one row to the next */
    int index, header;     /* columns and rows for numbers of rows and columns: none where it is too narrow */
    int lead;              /* rows between the header and the first row */
    int per_row, lines, first;
    int top, left, rows, cols;
    bool shortest;
};

/* Without the nought before the point, which says little. */
static void drop_nought(char *text)
{
    char *at = text + (text[0] == '-');
    if (at[0] == '0' && at[1] == '.')
        memmove(at, at + 1, strlen(at));
}

/* With so many digits behind the point; is it short enough? */
static bool write_fixed(char *text, size_t size, double v, int digits, int columns)
{
    snprintf(text, size, "%.*f", digits, v);
    if ((int)strlen(text) > columns)
        drop_nought(text);
    return (int)strlen(text) <= columns;
}

void number_text(char *text, size_t size, float value, int columns)
{
    double v = (double)value;
    char best[64]; /* 3e38 has 39 digits */
    bool small = fabs(v) < 0.001, fits = false;
    if (value == 0 || !isfinite(value)) {
        snprintf(best, sizeof best, value == 0 ? "0" : isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
        fits = (int)strlen(best) <= columns;
    } else {
        for (int digits = 3; digits >= 0 && !fits && !small; digits--)
            fits = write_fixed(best, sizeof best, v, digits, columns);
        if (!fits)
            fits = snprintf(best, sizeof best, "%.0e", v) <= columns;
        for (int digits = 3; digits > 0 && !fits && small; digits--)
            fits = write_fixed(best, sizeof best, v, digits, columns);
    }
    snprintf(text, size, "%s", fits ? best : value < 0 ? "-" : "+");
}

static int across_of(const struct grid *g)
{
    return g->index + g->cols * g->wide + 1;
}

static int down_of(const struct grid *g)
{
    return g->header + g->lead + g->rows * g->pitch;
}

int numbers_rows(const struct tiles *t, int per_row, bool apart)
{
    int tall = t->map == MAP_COLOUR ? 3 : 1;
    return (t->n + per_row - 1) / per_row * (1 + apart + t->h * (tall + apart));
}

int numbers_cols(const struct tiles *t, int per_row)
{
    return per_row * (INDEX + t->w * (t->wide ? t->wide : WIDE) + 1);
}

/* How wide a number is, and how many of them a row has. */
static void fit_cols(struct grid *g, const struct tiles *t, int cols)
{
    g->wide = t->wide ? t->wide : WIDE;
    g->shortest = t->wide > 0;
    g->index = cols >= INDEX + NARROW ? INDEX : 0;
    int room = cols - g->index;
    if (!t->wide && t->w * WIDE > room && t->w * NARROW <= room)
        g->wide = NARROW;
    g->cols = t->w * g->wide <= room ? t->w : room / g->wide > 1 ? room / g->wide : 1;
    g->per_row = g->cols == t->w ? (cols + 1) / across_of(g) : 1;
    g->per_row = g->per_row < 1 ? 1 : g->per_row > t->n ? t->n : g->per_row;
}

static void fit_rows(struct grid *g, const struct tiles *t, int rows)
{
    g->header = rows > 1;
    g->tall = g->pitch = t->map == MAP_COLOUR ? 3 : 1;
    g->rows = t->h * g->tall + g->header <= rows ? t->h
              : (rows - g->header) / g->tall > 1 ? (rows - g->header) / g->tall
                                                 : 1;
    if (t->outline && g->header && g->per_row > 0 && numbers_rows(t, g->per_row, true) <= rows) {
        g->lead = 1;
        g->pitch++;
    }
    int down = down_of(g);
    g->lines = g->rows == t->h && rows / down > 1 ? rows / down : 1;
}

static struct grid grid_of(const struct tiles *t, int rows, int cols)
{
    struct grid g = {0};
    fit_cols(&g, t, cols);
    fit_rows(&g, t, rows);
    struct place middle = {0, g.rows / 2, g.cols / 2};
    if (t->cursor)
        middle = *t->cursor;
    else if (t->light)
        middle = (struct place){t->light->from, t->light->row + t->light->rows / 2,
                                t->light->col + t->light->cols / 2};
    g.first = g.per_row * heat_scroll((t->n + g.per_row - 1) / g.per_row, g.lines, middle.tile / g.per_row);
    g.top = heat_scroll(t->h, g.rows, middle.row);
    g.left = heat_scroll(t->w, g.cols, middle.col);
    return g;
}

/* ---- drawing ---- */

static bool points_at(const struct heat *p, struct place at)
{
    return p->cursor && p->cursor->tile == p->tile && p->cursor->row == at.row && p->cursor->col == at.col;
}

/* Where tiles say how wide a number is: as short as it can be, so that whole numbers have no point. */
static void value_text(char text[24], float value, int wide, bool shortest)
{
    char exact[DECIMAL_ROOM];
    if (shortest && decimal_shortest(value, exact) < wide)
        snprintf(text, 24, "%s", value == 0 ? "0" : exact);
    else
        number_text(text, 24, value, wide - 1);
}

/* The value right in its cells with a blank before it, so that neighbours don't run together. */
static void draw_value(struct canvas *c, int row, int col, const struct heat *p, struct place at, float value,
                       const struct grid *g, enum number_sign sign)
{
    char number[24], text[32];
    int level = heat_level(c->style, p, at.row, at.col), wide = g->wide;
    value_text(number, value, wide, g->shortest);
    if (sign == NUMBER_PADDING)
        snprintf(number, sizeof number, "%s", wide > 3 ? "(0)" : "0");
    if (sign == NUMBER_HIDDEN)
        snprintf(number, sizeof number, ".");
    snprintf(text, sizeof text, "%*s", wide, number);
    if (points_at(p, at)) {
        text[g->shortest ? wide - (int)strlen(number) - 1 : 0] = '>';
        canvas_text(c, row, col, ROLE_CURSOR, text);
    } else if (sign != NUMBER_SHOWN) {
        canvas_text(c, row, col, ROLE_FAINT, text);
    } else if (c->style->rung >= RUNG_256) {
        canvas_text_level(c, row, col, p->map, level, text);
    } else {
        canvas_text(c, row, col, !p->light ? ROLE_TEXT : level & LEVEL_DIM ? ROLE_FAINT : ROLE_STRONG, text);
    }
}

/* One side of an outline: at half a cell between rows where those are apart, else only its upright lines. */
static void draw_outline(struct canvas *c, int row, int col, const struct heat *p, const struct light *l,
                         struct grid g)
{
    int top = l->row - g.top, bottom = top + l->rows, left = l->col - g.left, right = left + l->cols;
    int y = row + g.header + g.lead, x = col + g.index, a = x + left * g.wide, b = x + right * g.wide;
    if (p->tile < l->from || p->tile >= l->to)
        return;
    for (int i = top < 0 ? 0 : top; i < bottom && i < g.rows; i++) {
        for (int k = 0; k < (i + 1 < bottom ? g.pitch : g.tall); k++) {
            if (left >= 0 && left < g.cols)
                canvas_put(c, y + i * g.pitch + k, a, ROLE_FOCUS, 0x2502);
            if (right > 0 && right <= g.cols)
                canvas_put(c, y + i * g.pitch + k, b, ROLE_FOCUS, 0x2502);
        }
    }
    for (int side = 0; side < 2 && g.lead; side++) {
        int i = side ? bottom : top, line = y + i * g.pitch - 1;
        if (i < 0 || i > g.rows)
            continue;
        for (int j = left < 0 ? 0 : left; j < right && j < g.cols; j++)
            for (int k = 0; k < g.wide; k++)
                canvas_put(c, line, x + j * g.wide + k, ROLE_FOCUS, 0x2500);
        if (left >= 0 && left < g.cols)
            canvas_put(c, line, a, ROLE_FOCUS, side ? 0x2514 : 0x250c);
        if (right > 0 && right <= g.cols)
            canvas_put(c, line, b, ROLE_FOCUS, side ? 0x2518 : 0x2510);
    }
}

/* The sign of the cursor again, where a line went through it. */
static void draw_cursor(struct canvas *c, int row, int col, const struct heat *p, struct grid g)
{
    const struct place *at = p->cursor;
    char number[24];
    if (!at || at->tile != p->tile || at->row < g.top || at->row >= g.top + g.rows || at->col < g.left ||
        at->col >= g.left + g.cols || at->row >= p->h || at->col >= p->w || !g.shortest)
        return;
    value_text(number, p->v[(size_t)at->row * (size_t)p->w + (size_t)at->col], g.wide, true);
    if ((int)strlen(number) == g.wide - 1)
        canvas_put(c, row + g.header + g.lead + (at->row - g.top) * g.pitch,
                   col + g.index + (at->col - g.left) * g.wide, ROLE_CURSOR, '>');
}

/* One tile with its corner at (row, col). */
static void draw_tile(struct canvas *c, int row, int col, const struct tiles *t, int tile, struct grid g)
{
    struct heat p = tiles_picture(t, tile, 1);
    size_t plane = (size_t)t->h * (size_t)t->w;
    const uint8_t *sign = t->sign ? t->sign + (size_t)tile * plane : NULL;
    if (g.header && g.index && t->n > 1)
        canvas_format(c, row, col, ROLE_STRONG, "%d", tile + t->first_tile);
    for (int j = g.left; g.header && j < g.left + g.cols; j++)
        canvas_format(c, row, col + g.index + (j - g.left) * g.wide, ROLE_FAINT, "%*d", g.wide,
                      j + t->first_col);
    for (int i = g.top; i < g.top + g.rows; i++) {
        int y = row + g.header + g.lead + (i - g.top) * g.pitch;
        if (g.index)
            canvas_format(c, y, col, ROLE_FAINT, "%*d", INDEX - 1, i + t->first_row);
        for (int j = g.left; j < g.left + g.cols; j++)
            for (int k = 0; k < g.tall; k++) {
                size_t at = (size_t)i * (size_t)t->w + (size_t)j;
                draw_value(c, y + k, col + g.index + (j - g.left) * g.wide, &p, (struct place){tile, i, j},
                           p.v[(size_t)k * plane + at], &g, sign ? (enum number_sign)sign[at] : NUMBER_SHOWN);
            }
    }
    if (t->outline) {
        draw_outline(c, row, col, &p, t->outline, g);
        draw_cursor(c, row, col, &p, g);
    }
}

void numbers_draw(struct canvas *c, const struct tiles *t)
{
    if (t->n < 1)
        return;
    struct grid g = grid_of(t, c->clip.rows, c->clip.cols);
    int across = across_of(&g), down = down_of(&g);
    for (int k = 0; k < g.per_row * g.lines && g.first + k < t->n; k++)
        draw_tile(c, k / g.per_row * down, k % g.per_row * across, t, g.first + k, g);
}

bool numbers_move(const struct tiles *t, int rows, int cols, struct place *at, int down, int right)
{
    return t->n > 0 && tiles_step(t, grid_of(t, rows, cols).per_row, at, down, right);
}

bool numbers_hit(const struct tiles *t, int rows, int cols, int row, int col, struct place *at)
{
    if (t->n < 1 || row < 0 || col < 0 || row >= rows || col >= cols)
        return false;
    struct grid g = grid_of(t, rows, cols);
    int across = across_of(&g), down = down_of(&g);
    int tile = g.first + row / down * g.per_row + col / across;
    int y = row % down - g.header - g.lead, x = col % across - g.index;
    if (row / down >= g.lines || col / across >= g.per_row || tile >= t->n || y < 0 || x < 0 ||
        x >= g.cols * g.wide)
        return false;
    *at = (struct place){tile, g.top + y / g.pitch, g.left + x / g.wide};
    return true;
}
