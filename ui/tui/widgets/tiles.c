#include "tui/widgets/tiles.h"

#include <stddef.h>

enum { ZOOM_MOST = 8 };

int tiles_cols(const struct tiles *t, int zoom, int per_row)
{
    return per_row * (heat_cols(t->w, zoom) + 1) - 1;
}

int tiles_rows(const struct tiles *t, int zoom, int per_row)
{
    return (t->n + per_row - 1) / per_row * (heat_rows(t->h, zoom) + 1) - 1;
}

static int count_per_row(const struct tiles *t, int zoom, int cols)
{
    int per_row = (cols + 1) / (heat_cols(t->w, zoom) + 1);
    return per_row < 1 ? 1 : per_row > t->n ? t->n : per_row;
}

struct tiles_fit tiles_fit(const struct tiles *t, int rows, int cols)
{
    for (int zoom = t->most > 0 ? t->most : ZOOM_MOST; zoom >= 1; zoom--) {
        int per_row = count_per_row(t, zoom, cols);
        if (tiles_cols(t, zoom, per_row) <= cols && tiles_rows(t, zoom, per_row) <= rows) {
            /* as square as the rows allow: 8 in two rows of 4, not 7 and 1 */
            int lines = (t->n + per_row - 1) / per_row;
            per_row = (t->n + lines - 1) / lines;
            return (struct tiles_fit){zoom, per_row, lines, t->n};
        }
    }
    int per_row = count_per_row(t, 1, cols), lines = (rows + 1) / (heat_rows(t->h, 1) + 1);
    lines = lines < 1 ? 1 : lines;
    int shown = per_row * lines < t->n ? per_row * lines : t->n;
    return (struct tiles_fit){1, per_row, lines, shown};
}

/* Into the neighbour tile when `at` has left [0, extent); stays at the edge where there is none. */
static bool step_over(int *at, int extent, int *tile, int stride, int low, int high)
{
    int next = *tile + (*at < 0 ? -stride : stride);
    if (*at >= 0 && *at < extent)
        return true;
    if (next < low || next >= high) {
        *at = *at < 0 ? 0 : extent - 1;
        return false;
    }
    *at = *at < 0 ? extent - 1 : 0;
    *tile = next;
    return true;
}

bool tiles_move(const struct tiles *t, int rows, int cols, struct place *at, int down, int right)
{
    struct tiles_fit fit = tiles_fit(t, rows, cols);
    struct place to = {at->tile, at->row + down, at->col + right};
    int line = fit.per_row * (to.tile / fit.per_row);
    int end = line + fit.per_row < fit.shown ? line + fit.per_row : fit.shown;
    bool moved = step_over(&to.row, t->h, &to.tile, fit.per_row, 0, fit.shown);
    moved = step_over(&to.col, t->w, &to.tile, 1, line, end) && moved;
    *at = to;
    return moved;
}

bool tiles_hit(const struct tiles *t, int rows, int cols, int row, int col, struct place *at)
{
    struct tiles_fit fit = tiles_fit(t, rows, cols);
    int tall = heat_rows(t->h, fit.zoom) + 1, wide = heat_cols(t->w, fit.zoom) + 1;
    int tile = row / tall * fit.per_row + col / wide;
    int y = row % tall * 2 / fit.zoom, x = col % wide / fit.zoom;
    if (col / wide >= fit.per_row || tile >= fit.shown || y >= t->h || x >= t->w)
        return false;
    *at = (struct place){tile, y, x};
    return true;
}

void tiles_draw(struct canvas *c, const struct tiles *t)
{
    if (t->n < 1)
        return;
    struct tiles_fit fit = tiles_fit(t, c->clip.rows, c->clip.cols);
    int tall = heat_rows(t->h, fit.zoom), wide = heat_cols(t->w, fit.zoom);
    size_t size = (size_t)t->h * (size_t)t->w * (t->map == MAP_COLOUR ? 3 : 1);
    for (int k = 0; k < fit.shown; k++) {
        int row = k / fit.per_row * (tall + 1), col = k % fit.per_row * (wide + 1);
        struct heat p = {t->v + (size_t)k * size, t->h, t->w, t->map, t->range, fit.zoom};
        heat_draw(c, row, col, c->clip.rows - row, c->clip.cols - col, &p);
        if (k == t->mark && wide < c->clip.cols)
            for (int y = 0; y < tall; y++)
                canvas_put(c, row + y, col + wide, ROLE_FOCUS, c->style->utf8 ? 0x258f : '<');
    }
    if (fit.shown < t->n)
        canvas_format(c, c->clip.rows - 1, 0, ROLE_FAINT, "+%d", t->n - fit.shown);
}
