#include "tui/widgets/vector.h"

#include <stdio.h>

#include "tui/widgets/numbers.h"

enum { INDEX = 4, NUMBER = 9, GAP = 1 };

/* What is seen: `lines` numbers in each of `blocks` columns, from `first` on. */
struct grid {
    int header, lines, blocks, first;
};

static int block_cols(const struct vector *v)
{
    return INDEX + v->kinds * NUMBER + GAP;
}

int vector_rows(const struct vector *v, int blocks)
{
    return (v->count + blocks - 1) / blocks + 1;
}

int vector_cols(const struct vector *v, int blocks)
{
    return blocks * block_cols(v) - GAP;
}

static struct grid grid_of(const struct vector *v, int rows, int cols)
{
    struct grid g = {.header = rows > 2, .blocks = (cols + GAP) / block_cols(v)};
    g.blocks = g.blocks > 1 ? g.blocks : 1;
    g.lines = rows - g.header;
    int needed = (v->count + g.blocks - 1) / g.blocks; /* even blocks */
    g.lines = g.lines < needed ? g.lines : needed;
    int wanted = v->cursor ? v->cursor->row : v->light ? v->light->row : 0;
    g.first = heat_scroll(v->count, g.lines * g.blocks, wanted);
    return g;
}

static void draw_number(struct canvas *c, int row, int col, const struct vector *v, int kind, int i)
{
    const struct tile_kind *k = &v->kind[kind];
    char number[16], text[24];
    float range = k->range > 0 ? k->range : heat_range(k->v, (size_t)v->count);
    bool lit = light_on(v->light, 0, i, 0),
         here = v->cursor && v->cursor->row == i && v->cursor->tile == kind;
    number_text(number, sizeof number, k->v[i], NUMBER - 2);
    snprintf(text, sizeof text, "%c%*s ", here ? '>' : ' ', NUMBER - 2, number);
    if (here)
        canvas_text(c, row, col, ROLE_CURSOR, text);
    else if (c->style->rung >= RUNG_256)
        canvas_text_level(c, row, col, k->map,
                          style_shown(c->style, k->map, k->v[i], range) | (lit ? 0 : LEVEL_DIM), text);
    else
        canvas_text(c, row, col, lit ? ROLE_TEXT : ROLE_FAINT, text);
}

void vector_draw(struct canvas *c, const struct vector *v)
{
    struct grid g = grid_of(v, c->clip.rows, c->clip.cols);
    for (int k = 0; k < g.lines * g.blocks && g.first + k < v->count; k++) {
        int row = g.header + k % g.lines, col = k / g.lines * block_cols(v), i = g.first + k;
        canvas_format(c, row, col, ROLE_FAINT, "%*d", INDEX - 1, i);
        for (int kind = 0; kind < v->kinds; kind++) {
            int at = col + INDEX + kind * NUMBER;
            draw_number(c, row, at, v, kind, i);
            if (g.header && k % g.lines == 0)
                canvas_text_width(c, 0, at, NUMBER - 1, ROLE_FAINT, v->name[kind]);
        }
    }
}

bool vector_move(const struct vector *v, int rows, int cols, struct place *at, int down, int right)
{
    struct grid g = grid_of(v, rows, cols);
    struct place to = {at->tile + right, at->row + down, 0};
    if (to.tile >= v->kinds && to.row + g.lines < v->count)
        to = (struct place){0, to.row + g.lines, 0};
    else if (to.tile < 0 && to.row >= g.lines)
        to = (struct place){v->kinds - 1, to.row - g.lines, 0};
    to.tile = to.tile < 0 ? 0 : to.tile < v->kinds ? to.tile : v->kinds - 1;
    to.row = to.row < 0 ? 0 : to.row < v->count ? to.row : v->count - 1;
    bool moved = to.tile != at->tile || to.row != at->row;
    *at = to;
    return moved;
}

bool vector_hit(const struct vector *v, int rows, int cols, int row, int col, struct place *at)
{
    struct grid g = grid_of(v, rows, cols);
    int block = col / block_cols(v), left = col % block_cols(v) - INDEX;
    int line = row - g.header, i = g.first + block * g.lines + line;
    if (col < 0 || line < 0 || line >= g.lines || block >= g.blocks || left < 0 ||
        left >= v->kinds * NUMBER || i >= v->count)
        return false;
    *at = (struct place){left / NUMBER, i, 0};
    return true;
}
