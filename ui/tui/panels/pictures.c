/** Pictures in a panel: as pixels or as numbers, with or without what their colours mean. */
#include "tui/panels/panels.h"
#include "tui/widgets/legend.h"
#include "tui/widgets/numbers.h"

enum { ROWS_LEAST = 4 /* rows of a panel that has one to spare for a legend */ };

/* Rows that are left for pictures. */
static int rows_for(const struct view *v, int rows)
{
    return v->legend && rows >= ROWS_LEAST ? rows - 1 : rows;
}

int pictures_sizes(const struct view *v, const struct tiles *t, struct panel_size *out)
{
    int count = tiles_sizes(t, out);
    for (int k = 0; k < count && v->legend; k++)
        out[k].rows++;
    return count;
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
        legend_draw(c, room, 0, cols, &(struct legend){t->map, t->range, NULL});
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
