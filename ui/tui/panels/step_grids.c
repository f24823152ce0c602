/** The grids of the step lab: input, kernel and output, as numbers where all of them have room, else as pixels. Lecture L22 to L24. */
#include <stdio.h>

#include "tui/panels/step_grids.h"

enum { FEW_ROWS = 6, FEW_COLS = 30, ZOOM_MOST = 4, SMALL = 14, PLANES = 4, INDEX = 3, COLS_LEAST = 9 };

/* What is drawn, and what it points into. */
struct picture {
    struct tiles tiles;
    struct light light, outline;
    struct place cursor;
};

static bool picture_of(const struct view *v, enum step_grid grid, struct picture *p)
{
    const struct stepping *s = v->stepping;
    if (!s || s->shown[grid].n == 0)
        return false;
    const struct step_shown *g = &s->shown[grid];
    p->cursor = s->place[grid];
    p->tiles = (struct tiles){.v = g->v,
                              .n = g->n,
                              .h = g->h,
                              .w = g->w,
                              .map = grid == STEP_IN && !g->negative ? MAP_GREY : MAP_SIGNED,
                              .range = g->range,
                              .mark = -1,
                              .sign = g->sign,
                              .keep = g->sign,
                              .wide = g->wide,
                              .first_tile = 1 - (int)g->before[0],
                              .first_row = 1 - (int)g->before[1],
                              .first_col = 1 - (int)g->before[2],
                              .cursor = &p->cursor};
    if (stepping_light(s, grid, &p->light))
        p->tiles.light = &p->light;
    if (stepping_outline(s, grid, &p->outline))
        p->tiles.outline = &p->outline;
    return true;
}

int step_ask(const struct view *v, struct question *out, int room)
{
    const struct stepping *s = v->stepping;
    return s && s->waits ? step_layer_ask(v, s->layer, out, room) : 0;
}

/* So few that they are numbers, and the planes that have no room are scrolled to; of a deep kernel too. */
static bool is_small(const struct view *v, enum step_grid grid, const struct tiles *t)
{
    bool few = t->n <= PLANES || (grid == STEP_KERNEL && !v->stepping->whole);
    return t->h <= SMALL && t->w <= SMALL && few;
}

/* Numbers where they are few or all fit, or where they are asked for. */
static bool as_numbers(const struct view *v, enum step_grid grid, const struct tiles *t, int rows, int cols)
{
    int each = numbers_cols(t, 1), per_row = cols / each;
    per_row = per_row < 1 ? 1 : per_row > t->n ? t->n : per_row;
    return v->numbers || is_small(v, grid, t) || t->h == 1 ||
           (each <= cols && numbers_rows(t, per_row, false) <= rows);
}

/* All numbers, with a blank row between rows for the outline or without. */
static int add_numbers(const struct tiles *t, bool outlined, float grade, struct panel_size *out)
{
    int count = 0;
    for (int apart = 0; apart < 1 + outlined; apart++)
        for (int per_row = t->n; per_row >= 1; per_row--)
            if (t->n % per_row == 0)
                out[count++] = (struct panel_size){numbers_rows(t, per_row, apart == 1),
                                                   numbers_cols(t, per_row), grade + (float)apart};
    return count;
}

/* Of what is large pixels come first; of what is long or deep a part. */
int step_grid_sizes(const struct view *v, enum step_grid grid, struct panel_size *out)
{
    struct picture p;
    int count = 0;
    if (!picture_of(v, grid, &p))
        return 0;
    struct tiles *t = &p.tiles, one = *t;
    bool small = is_small(v, grid, t), line = t->h == 1;
    one.n = 1;
    t->most = ZOOM_MOST;
    if (!small && !line && !v->numbers && t->n > 1)
        return tiles_sizes(t, out);
    for (int zoom = 1; zoom <= ZOOM_MOST && !small && !line && !v->numbers; zoom++)
        out[count++] = (struct panel_size){tiles_rows(t, zoom, 1), tiles_cols(t, zoom, 1), (float)zoom};
    int few_rows = t->h < FEW_ROWS ? t->h : FEW_ROWS, few_cols = FEW_COLS / t->wide;
    few_cols = t->w < few_cols ? t->w : few_cols;
    if (count == 0 && (few_rows < t->h || few_cols < t->w || t->n > 1))
        out[count++] = (struct panel_size){1 + few_rows, INDEX + few_cols * t->wide + 1, 0.5f};
    if (t->n > PLANES)
        return count + add_numbers(&one, false, 1, out + count);
    count += add_numbers(t, grid == STEP_IN, small ? 1 : ZOOM_MOST + 2, out + count);
    for (int i = 0; i < count; i++) /* the title has room */
        out[i].cols = out[i].cols > COLS_LEAST ? out[i].cols : COLS_LEAST;
    return count;
}

void step_grid_draw(const struct view *v, enum step_grid grid, struct canvas *c)
{
    struct picture p;
    if (!picture_of(v, grid, &p)) {
        draw_note(c, v->stepping ? "nothing is multiplied here" : "the step lab opens when it is entered");
        return;
    }
    if (as_numbers(v, grid, &p.tiles, c->clip.rows, c->clip.cols))
        numbers_draw(c, &p.tiles);
    else
        tiles_draw(c, &p.tiles);
}

bool step_grid_move(const struct view *v, enum step_grid grid, int rows, int cols, struct place *at, int down,
                    int right)
{
    struct picture p;
    if (!picture_of(v, grid, &p))
        return false;
    return as_numbers(v, grid, &p.tiles, rows, cols) ? numbers_move(&p.tiles, rows, cols, at, down, right)
                                                     : tiles_move(&p.tiles, rows, cols, at, down, right);
}

bool step_grid_hit(const struct view *v, enum step_grid grid, int rows, int cols, int row, int col,
                   struct place *at)
{
    struct picture p;
    if (!picture_of(v, grid, &p))
        return false;
    return as_numbers(v, grid, &p.tiles, rows, cols) ? numbers_hit(&p.tiles, rows, cols, row, col, at)
                                                     : tiles_hit(&p.tiles, rows, cols, row, col, at);
}

/* Any place will do: what isn't there is brought inside when the window follows. */
bool step_grid_spot(const struct view *v, struct place at, struct spot *out)
{
    *out = (struct spot){.kind = SPOT_OTHER, .c = at.tile, .row = at.row, .col = at.col};
    return v->stepping && at.tile >= 0 && at.row >= 0 && at.col >= 0;
}

void step_grid_title(const struct view *v, enum step_grid grid, const char *name, char *text, int size)
{
    const struct stepping *s = v->stepping;
    if (!s || s->shown[grid].n == 0)
        return;
    const long *x = s->trace.extents.x;
    const struct step_shown *g = &s->shown[grid];
    long n = grid == STEP_IN ? x[0] : g->n, h = grid == STEP_IN ? x[1] : g->h,
         w = grid == STEP_IN ? x[2] : g->w;
    int used = snprintf(text, (size_t)size, "%s  ", name);
    if (used >= size)
        return;
    if (n > 1)
        snprintf(text + used, (size_t)(size - used), "%ldx%ldx%ld", h, w, n);
    else if (h > 1)
        snprintf(text + used, (size_t)(size - used), "%ldx%ld", h, w);
    else
        snprintf(text + used, (size_t)(size - used), "%ld", w);
}

/* CSV: one line a number, counted from 1; what isn't known yet is left out. */
void step_grid_numbers(const struct view *v, enum step_grid grid, struct text *out)
{
    const struct stepping *s = v->stepping;
    if (!s || s->shown[grid].n == 0)
        return;
    const struct step_shown *g = &s->shown[grid];
    text_add(out, "depth,row,column,value\n");
    for (long i = 0; i < (long)g->n * g->h * g->w; i++) {
        if (g->sign[i] == NUMBER_HIDDEN)
            continue;
        text_format(out, "%ld,%ld,%ld,", i / (g->h * g->w) + 1 - g->before[0],
                    i / g->w % g->h + 1 - g->before[1], i % g->w + 1 - g->before[2]);
        text_real_exact(out, (double)g->v[i]);
        text_add(out, "\n");
    }
}
