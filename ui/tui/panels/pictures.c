/** Pictures in a panel: as pixels or as numbers, with or without what their colours mean. */
#include "tui/panels/panels.h"
#include "tui/widgets/legend.h"
#include "tui/widgets/numbers.h"

enum { ROWS_LEAST = 4 /* rows of a panel that has one to spare for a legend */, FEW = 6 };

/* Rows that are left for pictures. */
static int rows_for(const struct view *v, int rows)
{
    return v->legend && rows >= ROWS_LEAST ? rows - 1 : rows;
}

/* Several kinds of pictures gladly have the room for all, but in that of one kind the rest can be scrolled to. */
int pictures_sizes(const struct view *v, const struct tiles *t, struct panel_size *out)
{
    int count = 0;
    if (t->kinds > 1) {
        struct panel_size least[PANEL_SIZES];
        struct tiles one = *t;
        one.n /= t->kinds;
        one.most = 1;
        int sizes = tiles_sizes(&one, least);
        for (int k = 0; k < sizes && count < FEW; k++) {
            out[count] = least[k];
            out[count++].grade = 0.5f;
        }
    }
    struct panel_size all[PANEL_SIZES];
    int sizes = tiles_sizes(t, all);
    for (int k = 0; k < sizes && count < PANEL_SIZES; k++)
        out[count++] = all[k];
    for (int k = 0; k < count && v->legend; k++)
        out[k].rows++;
    return count;
}

/* One for each kind of pictures, beside each other. */
static void draw_legends(struct canvas *c, int row, const struct tiles *t)
{
    int cols = c->clip.cols, kinds = t->kinds > 0 ? t->kinds : 1;
    for (int k = 0; k < kinds; k++) {
        struct legend l = {t->kinds ? t->kind[k].map : t->map, t->kinds ? t->kind[k].range : t->range, NULL};
        int from = k * cols / kinds, wide = (k + 1) * cols / kinds - from - (k + 1 < kinds);
        if (t->kinds && !(l.range > 0))
            canvas_text_width(c, row, from, wide, ROLE_FAINT, "each its own scale");
        else
            legend_draw(c, row, from, wide, &l);
    }
}

void pictures_draw(const struct view *v, const struct tiles *t, struct canvas *c)
{
    int rows = c->clip.rows, cols = c->clip.cols, room = rows_for(v, rows);
    struct canvas part = canvas_part(c, (struct rect){0, 0, room, cols});
    if (v->numbers)
        numbers_draw(&part, t);
    else
        tiles_draw(&part, t);
    if (room < rows)
        draw_legends(c, room, t);
}

bool pictures_move(const struct view *v, const struct tiles *t, int rows, int cols, struct place *at,
                   int down, int right)
{
    rows = rows_for(v, rows);
    return v->numbers ? numbers_move(t, rows, cols, at, down, right)
                      : tiles_move(t, rows, cols, at, down, right);
}

bool pictures_hit(const struct view *v, const struct tiles *t, int rows, int cols, int row, int col,
                  struct place *at)
{
    rows = rows_for(v, rows);
    return v->numbers ? numbers_hit(t, rows, cols, row, col, at) : tiles_hit(t, rows, cols, row, col, at);
}

bool pictures_step(const struct view *v, const struct tiles *t, int rows, int cols, struct place *at,
                   int down, int right)
{
    struct tiles_fit fit = tiles_fit(t, rows_for(v, rows), cols);
    int per_row = fit.per_row > 0 ? fit.per_row : 1, was = at->tile < t->n ? at->tile : 0;
    int col = was % per_row + right, to = was + right + down * per_row;
    *at = (struct place){.tile = col < 0 || col >= per_row || to < 0 || to >= t->n ? was : to};
    return at->tile != was;
}

bool pictures_hit_one(const struct view *v, const struct tiles *t, int rows, int cols, int row, int col,
                      struct place *at)
{
    for (int i = 0; i < t->n; i++) {
        struct rect r;
        if (tiles_place(t, rows_for(v, rows), cols, i, &r) && row >= r.row && row < r.row + r.rows &&
            col >= r.col && col < r.col + r.cols) {
            *at = (struct place){.tile = i};
            return true;
        }
    }
    return false;
}
