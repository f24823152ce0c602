#include "tui/widgets/tiles.h"

#include <stddef.h>
#include <stdio.h>

enum { ZOOM_MOST = 8 };

/* Cells of one tile with its texts. */
static int tile_cols(const struct tiles *t, int zoom)
{
    int cols = heat_cols(t->w, zoom);
    return cols > t->label_cols ? cols : t->label_cols;
}

static int tile_rows(const struct tiles *t, int zoom)
{
    return heat_rows(t->h, zoom) + t->label_rows;
}

int tiles_cols(const struct tiles *t, int zoom, int per_row)
{
    return per_row * (tile_cols(t, zoom) + 1) - 1;
}

int tiles_rows(const struct tiles *t, int zoom, int per_row)
{
    return (t->n + per_row - 1) / per_row * (tile_rows(t, zoom) + 1) - 1;
}

/* All kinds of a thing stay in one row, where one has room for them. */
static int count_per_row(const struct tiles *t, int zoom, int cols)
{
    int per_row = (cols + 1) / (tile_cols(t, zoom) + 1);
    if (t->kinds > 1 && per_row > t->kinds)
        per_row -= per_row % t->kinds;
    return per_row < 1 ? 1 : per_row > t->n ? t->n : per_row;
}

/* As square as the rows allow: 8 in two rows of 4, not 7 and 1. */
static int even_per_row(const struct tiles *t, int lines)
{
    int kinds = t->kinds > 1 ? t->kinds : 1, things = (t->n + kinds - 1) / kinds;
    return (things + lines - 1) / lines * kinds;
}

struct tiles_fit tiles_fit(const struct tiles *t, int rows, int cols)
{
    if (t->n < 1)
        return (struct tiles_fit){1, 1, 1, 0, 0};
    for (int zoom = t->most > 0 ? t->most : ZOOM_MOST; zoom >= 1; zoom--) {
        int per_row = count_per_row(t, zoom, cols);
        if (tiles_cols(t, zoom, per_row) <= cols && tiles_rows(t, zoom, per_row) <= rows) {
            int lines = (t->n + per_row - 1) / per_row;
            if (t->kinds < 2 || per_row % t->kinds == 0)
                per_row = even_per_row(t, lines);
            return (struct tiles_fit){zoom, per_row, lines, 0, t->n};
        }
    }
    int per_row = count_per_row(t, 1, cols), lines = (rows + 1) / (tile_rows(t, 1) + 1);
    int wanted = t->cursor ? t->cursor->tile : t->light ? t->light->from : t->mark > 0 ? t->mark : 0;
    lines = lines < 1 ? 1 : lines;
    int first = per_row * heat_scroll((t->n + per_row - 1) / per_row, lines, wanted / per_row);
    int shown = per_row * lines < t->n - first ? per_row * lines : t->n - first;
    return (struct tiles_fit){1, per_row, lines, first, shown};
}

struct heat tiles_picture(const struct tiles *t, int tile, int zoom)
{
    size_t size = (size_t)t->h * (size_t)t->w * (t->map == MAP_COLOUR ? 3 : 1);
    struct heat p = {.h = t->h,
                     .w = t->w,
                     .zoom = zoom,
                     .tile = tile,
                     .light = t->light,
                     .outline = t->outline,
                     .cursor = t->cursor};
    if (t->kinds > 0 && t->kind) {
        const struct tile_kind *kind = &t->kind[tile % t->kinds];
        size = (size_t)t->h * (size_t)t->w;
        p.v = kind->v + (size_t)(tile / t->kinds) * size;
        p.map = kind->map;
        p.range = kind->range > 0 ? kind->range : heat_range(p.v, size);
        p.keep = t->keep ? t->keep + (size_t)(tile / t->kinds) * size : NULL;
    } else if (t->v) {
        p.v = t->v + (size_t)tile * size;
        p.map = t->map;
        p.range = t->range;
        p.keep = t->keep ? t->keep + (size_t)tile * (size_t)t->h * (size_t)t->w : NULL;
    }
    return p;
}

/* Where a tile stands that is shown; what doesn't fit hangs over. */
static struct rect rect_of(const struct tiles *t, struct tiles_fit fit, int tile)
{
    int tall = tile_rows(t, fit.zoom), wide = tile_cols(t, fit.zoom), k = tile - fit.first;
    return (struct rect){k / fit.per_row * (tall + 1), k % fit.per_row * (wide + 1), tall, wide};
}

bool tiles_place(const struct tiles *t, int rows, int cols, int tile, struct rect *out)
{
    struct tiles_fit fit = tiles_fit(t, rows, cols);
    if (tile < fit.first || tile >= fit.first + fit.shown)
        return false;
    *out = rect_of(t, fit, tile);
    return true;
}

/* Rows that are left for a picture between its texts: the texts are the last to go. */
static int picture_rows(const struct tiles *t, int zoom, int rows)
{
    int tall = heat_rows(t->h, zoom), room = rows - t->label_rows;
    return tall < room ? tall : room > 1 ? room : 1;
}

static void draw_labels(struct canvas *c, const struct tiles *t, int tile, struct rect r, int tall)
{
    for (int k = 0; t->label && k < t->label_rows; k++) {
        const char *text = t->label[tile * t->label_rows + k];
        bool above = k < t->label_above;
        if (text)
            canvas_text_width(c, r.row + k + (above ? 0 : tall), r.col, r.cols,
                              above ? ROLE_TITLE : ROLE_FAINT, text);
    }
}

/* In the corner below on the left, or on the right where it would hide the cursor. */
static void draw_count(struct canvas *c, const struct tiles *t, int count)
{
    char text[16];
    int rows = c->clip.rows, cols = c->clip.cols, wide = snprintf(text, sizeof text, "+%d", count), col = 0;
    struct place hit;
    for (int k = 0; t->cursor && k < wide; k++)
        if (tiles_hit(t, rows, cols, rows - 1, k, &hit) && hit.tile == t->cursor->tile &&
            hit.col == t->cursor->col)
            col = cols - wide;
    canvas_text(c, rows - 1, col, ROLE_FAINT, text);
}

void tiles_draw(struct canvas *c, const struct tiles *t)
{
    if (t->n < 1)
        return;
    int rows = c->clip.rows, cols = c->clip.cols;
    struct tiles_fit fit = tiles_fit(t, rows, cols);
    for (int k = fit.first; k < fit.first + fit.shown; k++) {
        struct rect r = rect_of(t, fit, k);
        struct heat p = tiles_picture(t, k, fit.zoom);
        int top = r.row + t->label_above, tall = picture_rows(t, fit.zoom, rows - r.row);
        heat_draw(c, top, r.col, tall, cols - r.col, &p);
        draw_labels(c, t, k, r, tall);
        if (k == t->mark && r.cols < cols)
            for (int y = 0; y < tall; y++)
                canvas_put(c, top + y, r.col + heat_cols(t->w, fit.zoom), ROLE_FOCUS,
                           c->style->utf8 ? 0x258f : '<');
    }
    if (fit.shown < t->n)
        draw_count(c, t, t->n - fit.shown);
}

static int clamp(int value, int low, int high)
{
    return value < low || high < low ? low : value > high ? high : value;
}

bool tiles_step(const struct tiles *t, int per_row, struct place *at, int down, int right)
{
    if (t->n < 1)
        return false;
    struct place was = *at;
    int lines = (t->n + per_row - 1) / per_row, across = per_row < t->n ? per_row : t->n;
    int tile = clamp(at->tile, 0, t->n - 1), row = clamp(at->row, 0, t->h - 1),
        col = clamp(at->col, 0, t->w - 1);
    int y = clamp(tile / per_row * t->h + row + down, 0, lines * t->h - 1);
    int x = clamp(tile % per_row * t->w + col + right, 0, across * t->w - 1);
    if (y / t->h * per_row + x / t->w >= t->n) { /* the last row is shorter */
        if (down > 0)
            y = (lines - 1) * t->h - 1;
        else
            x = ((t->n - 1) % per_row + 1) * t->w - 1;
    }
    *at = (struct place){y / t->h * per_row + x / t->w, y % t->h, x % t->w};
    return at->tile != was.tile || at->row != was.row || at->col != was.col;
}

bool tiles_move(const struct tiles *t, int rows, int cols, struct place *at, int down, int right)
{
    return t->n > 0 && tiles_step(t, tiles_fit(t, rows, cols).per_row, at, down, right);
}

bool tiles_hit(const struct tiles *t, int rows, int cols, int row, int col, struct place *at)
{
    if (t->n < 1 || row < 0 || col < 0 || row >= rows || col >= cols)
        return false;
    struct tiles_fit fit = tiles_fit(t, rows, cols);
    for (int k = fit.first; k < fit.first + fit.shown; k++) {
        struct rect r = rect_of(t, fit, k);
        struct heat p = tiles_picture(t, k, fit.zoom);
        int top = r.row + t->label_above;
        if (row >= top && col >= r.col && row < r.row + r.rows && col < r.col + r.cols)
            return heat_hit(&p, picture_rows(t, fit.zoom, rows - r.row), cols - r.col, row - top, col - r.col,
                            at);
    }
    return false;
}
