#include "tui/glyph.h"

#include "tui/utf8.h"

void glyphs_init(struct glyphs *g, const struct style *style)
{
    *g = (struct glyphs){.style = *style};
    for (int role = 0; role < ROLES; role++)
        g->role[role] = style_role(style, (enum role)role);
    for (int map = MAP_NONE + 1; map < MAPS; map++) {
        int levels = style_levels((enum map)map);

        for (int i = -2; i < 2 * levels; i++) {
            int level = i < 0 ? LEVEL_NONE + 1 + i : i < levels ? i : (i - levels) | LEVEL_DIM;

            g->pixel[map][level] = style_pixel(style, (enum map)map, level);
            g->text[map][level] = style_on_level(style, (enum map)map, level);
        }
    }
}

/** One pixel, or two, of the terminal's colours. */
static struct glyph halves(const struct look *top, const struct look *bottom)
{
    struct glyph g = {' ', {-1, bottom->bg, 0}};

    if (top->bg == bottom->bg) /* a blank: fewer bytes, and no seam between glyphs */
        return g;
    if (top->bg < 0) { /* nothing above: the lower half is drawn instead */
        g.ch = 0x2584;
        g.look = (struct look){bottom->bg, -1, 0};
    } else {
        g.ch = CELL_HALVES;
        g.look.fg = top->bg;
    }
    return g;
}

struct glyph glyph_of(const struct glyphs *g, const struct cell *cell)
{
    const struct look *top = &g->pixel[cell->map][cell->top], *bottom = &g->pixel[cell->map][cell->bottom];
    const char *shade;

    if (cell->map == MAP_NONE)
        return (struct glyph){cell->ch, g->role[cell->role]};
    if (cell->ch != CELL_HALVES && cell->ch != ' ')
        return (struct glyph){cell->ch == CELL_BLANK ? ' ' : cell->ch, g->text[cell->map][cell->top]};
    if (style_has_signs(&g->style, (enum map)cell->map)) {
        int level = cell->map == MAP_LINE && cell->top == LINE_NONE ? cell->bottom : cell->top;

        top = &g->pixel[cell->map][level];
        shade = style_shade(&g->style, (enum map)cell->map, level);
        return (struct glyph){utf8_next(&shade), *top};
    }
    return halves(top, cell->ch == ' ' || !g->style.utf8 ? top : bottom);
}
