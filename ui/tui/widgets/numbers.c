#include "tui/widgets/numbers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WIDE = 6, NARROW = 5, INDEX = 3 /* columns for the number of a row */ };

/* What is seen: `per_row` x `lines` tiles from `first`, of each rows x cols pixels from (top, left). */
struct grid {
    int wide, tall;    /* cells a pixel */
    int index, header; /* columns and rows for numbers of rows and columns: none where it is too narrow */
    int per_row, lines, first;
    int top, left, rows, cols;
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

static struct grid grid_of(const struct tiles *t, int rows, int cols)
{
    struct grid g = {.wide = WIDE, .tall = t->map == MAP_COLOUR ? 3 : 1, .header = rows > 1};
    g.index = cols >= INDEX + NARROW ? INDEX : 0;
    int room = cols - g.index;
    if (t->w * WIDE > room && t->w * NARROW <= room)
        g.wide = NARROW;
    g.cols = t->w * g.wide <= room ? t->w : room / g.wide > 1 ? room / g.wide : 1;
    g.rows = t->h * g.tall + g.header <= rows ? t->h
             : (rows - g.header) / g.tall > 1 ? (rows - g.header) / g.tall
                                              : 1;
    int across = g.index + g.cols * g.wide + 1, down = g.header + g.rows * g.tall;
    g.per_row = g.cols == t->w ? (cols + 1) / across : 1;
    g.per_row = g.per_row < 1 ? 1 : g.per_row > t->n ? t->n : g.per_row;
    g.lines = g.rows == t->h && rows / down > 1 ? rows / down : 1;
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

/* The value right in its cells with a blank before it, so that neighbours don't run together. */
static void draw_value(struct canvas *c, int row, int col, const struct heat *p, struct place at, float value,
                       int wide)
{
    char number[16], text[24];
    int level = heat_level(c->style, p, at.row, at.col);
    number_text(number, sizeof number, value, wide - 1);
    snprintf(text, sizeof text, "%*s", wide, number);
    if (p->cursor && p->cursor->tile == p->tile && p->cursor->row == at.row && p->cursor->col == at.col) {
        text[0] = '>';
        canvas_text(c, row, col, ROLE_CURSOR, text);
    } else if (c->style->rung >= RUNG_256) {
        canvas_text_level(c, row, col, p->map, level, text);
    } else {
        canvas_text(c, row, col, !p->light ? ROLE_TEXT : level & LEVEL_DIM ? ROLE_FAINT : ROLE_STRONG, text);
    }
}

/* One tile with its corner at (row, col). */
static void draw_tile(struct canvas *c, int row, int col, const struct tiles *t, int tile, struct grid g)
{
    struct heat p = tiles_picture(t, tile, 1);
    size_t plane = (size_t)t->h * (size_t)t->w;
    if (g.header && g.index && t->n > 1)
        canvas_format(c, row, col, ROLE_STRONG, "%d", tile);
    for (int j = g.left; g.header && j < g.left + g.cols; j++)
        canvas_format(c, row, col + g.index + (j - g.left) * g.wide, ROLE_FAINT, "%*d", g.wide, j);
    for (int i = g.top; i < g.top + g.rows; i++) {
        int y = row + g.header + (i - g.top) * g.tall;
        if (g.index)
            canvas_format(c, y, col, ROLE_FAINT, "%*d", INDEX - 1, i);
        for (int j = g.left; j < g.left + g.cols; j++)
            for (int k = 0; k < g.tall; k++)
                draw_value(c, y + k, col + g.index + (j - g.left) * g.wide, &p, (struct place){tile, i, j},
                           p.v[(size_t)k * plane + (size_t)i * (size_t)t->w + (size_t)j], g.wide);
    }
}

void numbers_draw(struct canvas *c, const struct tiles *t)
{
    if (t->n < 1)
        return;
    struct grid g = grid_of(t, c->clip.rows, c->clip.cols);
    int across = g.index + g.cols * g.wide + 1, down = g.header + g.rows * g.tall;
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
    int across = g.index + g.cols * g.wide + 1, down = g.header + g.rows * g.tall;
    int tile = g.first + row / down * g.per_row + col / across;
    int y = row % down - g.header, x = col % across - g.index;
    if (row / down >= g.lines || col / across >= g.per_row || tile >= t->n || y < 0 || x < 0 ||
        x >= g.cols * g.wide)
        return false;
    *at = (struct place){tile, g.top + y / g.tall, g.left + x / g.wide};
    return true;
}
