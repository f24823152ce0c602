#include "tui/widgets/heat.h"

#include <math.h>
#include <stddef.h>

int heat_rows(int h, int zoom)
{
    return (h * zoom + 1) / 2;
}

int heat_cols(int w, int zoom)
{
    return w * zoom;
}

int heat_zoom(int h, int w, int rows, int cols, int most)
{
    for (int zoom = most; zoom > 1; zoom--)
        if (heat_rows(h, zoom) <= rows && heat_cols(w, zoom) <= cols)
            return zoom;
    return 1;
}

/* Level of a pixel; see MAP_COLOUR for colours. */
static int level_of(const struct heat *p, int i, int j)
{
    size_t plane = (size_t)p->h * (size_t)p->w, at = (size_t)i * (size_t)p->w + (size_t)j;
    if (p->map != MAP_COLOUR)
        return style_level(p->map, p->v[at], p->range);
    int level = 0;
    for (int k = 0; k < 3; k++) {
        float v = p->v[(size_t)k * plane + at];
        level = level * COLOUR_STEPS + (v > 0 ? (int)lrintf((COLOUR_STEPS - 1) * (v < 1 ? v : 1.0f)) : 0);
    }
    return level;
}

/* Where two pixels share a cell that shows one level: the mean, taken of levels so that it is of what would be seen. */
static int between(const struct heat *p, int top, int bottom)
{
    if (p->map != MAP_COLOUR)
        return (top + bottom) / 2;
    int level = 0;
    for (int place = COLOUR_STEPS * COLOUR_STEPS; place > 0; place /= COLOUR_STEPS)
        level += (top / place % COLOUR_STEPS + bottom / place % COLOUR_STEPS) / 2 * place;
    return level;
}

void heat_draw(struct canvas *c, int row, int col, int rows, int cols, const struct heat *p)
{
    int tall = heat_rows(p->h, p->zoom), wide = heat_cols(p->w, p->zoom);
    int down = tall > rows ? (tall - rows) / 2 : 0, right = wide > cols ? (wide - cols) / 2 : 0;
    bool half = style_half_blocks(c->style);
    for (int y = 0; y < tall && y < rows; y++)
        for (int x = 0; x < wide && x < cols; x++) {
            int j = (x + right) / p->zoom, upper = 2 * (y + down) / p->zoom,
                lower = (2 * (y + down) + 1) / p->zoom;
            int top = level_of(p, upper, j), bottom = lower < p->h ? level_of(p, lower, j) : LEVEL_NONE;
            if (!half)
                top = bottom = bottom == LEVEL_NONE ? top : between(p, top, bottom);
            canvas_pixels(c, row + y, col + x, p->map, top, bottom);
        }
}
