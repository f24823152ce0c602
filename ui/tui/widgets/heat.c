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

static bool within(int at, int from, int count, int step)
{
    return at >= from && at - from < count && (step <= 1 || (at - from) % step == 0);
}

bool light_on(const struct light *l, int tile, int row, int col)
{
    return !l || (tile >= l->from && tile < l->to && within(row, l->row, l->rows, l->row_step) &&
                  within(col, l->col, l->cols, l->col_step));
}

float heat_range(const float *v, size_t count)
{
    float most = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(v[i]) && fabsf(v[i]) > most)
            most = fabsf(v[i]);
    return most;
}

int heat_level(const struct style *s, const struct heat *p, int i, int j)
{
    size_t plane = (size_t)p->h * (size_t)p->w, at = (size_t)i * (size_t)p->w + (size_t)j;
    int dim = light_on(p->light, p->tile, i, j) && (!p->keep || p->keep[at]) ? 0 : LEVEL_DIM;
    if (p->map != MAP_COLOUR)
        return style_shown(s, p->map, p->v[at], p->range) | dim;
    int level = 0;
    for (int k = 0; k < 3; k++) {
        float v = p->v[(size_t)k * plane + at];
        v = v > 0 ? style_lift(s, v < 1 ? v : 1) : 0;
        level = level * COLOUR_STEPS + (int)lrintf((COLOUR_STEPS - 1) * v);
    }
    return level | dim;
}

/* Where two pixels share a cell that shows one level: the mean, taken of levels so that it is of what would be seen. */
static int between(const struct heat *p, int top, int bottom)
{
    if ((top ^ bottom) & LEVEL_DIM)
        return top & LEVEL_DIM ? bottom : top;
    int dim = top & LEVEL_DIM, level = 0;
    top &= ~LEVEL_DIM, bottom &= ~LEVEL_DIM;
    if (p->map != MAP_COLOUR)
        return (top + bottom) / 2 | dim;
    for (int place = COLOUR_STEPS * COLOUR_STEPS; place > 0; place /= COLOUR_STEPS)
        level += (top / place % COLOUR_STEPS + bottom / place % COLOUR_STEPS) / 2 * place;
    return level | dim;
}

int heat_scroll(int all, int room, int middle)
{
    int first = middle - room / 2;
    if (all <= room || first < 0)
        return 0;
    return first < all - room ? first : all - room;
}

/* The part of the picture that is seen: its first row and column of cells. */
static void scroll(const struct heat *p, int rows, int cols, int *down, int *right)
{
    int tall = heat_rows(p->h, p->zoom), wide = heat_cols(p->w, p->zoom);
    *down = tall > rows ? (tall - rows) / 2 : 0;
    *right = wide > cols ? (wide - cols) / 2 : 0;
    if (p->cursor) {
        *down = heat_scroll(tall, rows, p->cursor->row * p->zoom / 2);
        *right = heat_scroll(wide, cols, p->cursor->col * p->zoom);
    } else if (p->light) {
        *down = heat_scroll(tall, rows, (2 * p->light->row + p->light->rows) * p->zoom / 4);
        *right = heat_scroll(wide, cols, (2 * p->light->col + p->light->cols) * p->zoom / 2);
    }
}

static bool points_at(const struct heat *p, int i, int j)
{
    return p->cursor && p->cursor->tile == p->tile && p->cursor->row == i && p->cursor->col == j;
}

/* Is half row y, column x of the enlarged picture the cursor's? It is a frame around its pixel, whose colour stays to be seen where there is room. */
static bool in_cursor(const struct heat *p, int y, int x)
{
    int z = p->zoom, i = y % z, j = x % z;
    if (!points_at(p, y / z, x / z))
        return false;
    return z == 2 ? i == j : i == 0 || j == 0 || i == z - 1 || j == z - 1;
}

/* Is half row y, column x of the enlarged picture on the line around what is outlined? */
static bool on_outline(const struct heat *p, int y, int x)
{
    const struct light *l = p->outline;
    if (!l || p->tile < l->from || p->tile >= l->to)
        return false;
    int top = l->row * p->zoom - 1, bottom = (l->row + l->rows) * p->zoom;
    int left = l->col * p->zoom - 1, right = (l->col + l->cols) * p->zoom;
    bool across = x >= left && x <= right, down = y >= top && y <= bottom;
    return (across && (y == top || y == bottom)) || (down && (x == left || x == right));
}

/* The cursor where a cell has one level: brackets around its pixel, an arrow up or down where it is one of two in a cell. */
static void draw_cursor(struct canvas *c, int row, int col, int rows, int cols, const struct heat *p)
{
    int z = p->zoom, top = p->cursor->row * z, left = p->cursor->col * z, down, right;
    if (p->cursor->tile != p->tile)
        return;
    scroll(p, rows, cols, &down, &right);
    for (int y = top / 2; 2 * y < top + z; y++)
        for (int x = left; x < left + z; x++) {
            bool upper = 2 * y >= top, lower = 2 * y + 1 < top + z, edge = x == left || x == left + z - 1;
            if (y < down || x < right || y >= rows + down || x >= cols + right || x >= p->w * z ||
                (upper && lower && !edge))
                continue;
            canvas_put(c, row + y - down, col + x - right, ROLE_CURSOR,
                       !lower      ? '^' /* the lower half is another's */
                       : !upper    ? 'v'
                       : x == left ? '['
                                   : ']');
        }
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Few terminals show dim text as such: brackets in the columns before and behind what is lit. */
static void draw_brackets(struct canvas *c, int row, int col, int rows, int cols, const struct heat *p)
{
    const struct light *l = p->light;
    int down, right, z = p->zoom, top = l->row > 0 ? l->row : 0, left = l->col > 0 ? l->col : 0;
    int bottom = least(l->row + l->rows, p->h), end = least(l->col + l->cols, p->w);
    scroll(p, rows, cols, &down, &right);
    if (p->tile < l->from || p->tile >= l->to || bottom <= top || end <= left)
        return;
    for (int y = top * z / 2 - down; y < (bottom * z + 1) / 2 - down; y++) {
        if (y < 0 || y >= rows)
            continue;
        canvas_put(c, row + y, col + left * z - right - 1, ROLE_FOCUS, '[');
        if (end * z - right <= cols)
            canvas_put(c, row + y, col + end * z - right, ROLE_FOCUS, ']');
    }
}

void heat_draw(struct canvas *c, int row, int col, int rows, int cols, const struct heat *p)
{
    int tall = heat_rows(p->h, p->zoom), wide = heat_cols(p->w, p->zoom), down, right;
    bool half = style_half_blocks(c->style);
    scroll(p, rows, cols, &down, &right);
    for (int y = down; y < tall && y < rows + down; y++)
        for (int x = right; x < wide && x < cols + right; x++) {
            int j = x / p->zoom, upper = 2 * y / p->zoom, lower = (2 * y + 1) / p->zoom;
            int top = heat_level(c->style, p, upper, j),
                bottom = lower < p->h ? heat_level(c->style, p, lower, j) : LEVEL_NONE;
            if (!half)
                top = bottom = bottom == LEVEL_NONE ? top : between(p, top, bottom);
            else if (p->cursor || p->outline) {
                top = in_cursor(p, 2 * y, x) || on_outline(p, 2 * y, x) ? LEVEL_CURSOR : top;
                bottom = in_cursor(p, 2 * y + 1, x) || on_outline(p, 2 * y + 1, x) ? LEVEL_CURSOR : bottom;
            }
            canvas_pixels(c, row + y - down, col + x - right, p->map, top, bottom);
        }
    if (p->light && c->style->rung < RUNG_256)
        draw_brackets(c, row, col, rows, cols, p);
    if (p->cursor && !half)
        draw_cursor(c, row, col, rows, cols, p);
}

struct rect heat_seen(const struct heat *p, int rows, int cols)
{
    int z = p->zoom, tall = heat_rows(p->h, z), wide = heat_cols(p->w, z), down, right;
    scroll(p, rows, cols, &down, &right);
    rows = least(rows, tall);
    cols = least(cols, wide);
    struct rect r = {2 * down / z, right / z, 0, 0};
    r.rows = least((2 * (down + rows) + z - 1) / z, p->h) - r.row;
    r.cols = least((right + cols + z - 1) / z, p->w) - r.col;
    return r;
}

bool heat_find(const struct heat *p, int rows, int cols, int row, int col, int *y, int *x)
{
    int down, right;
    scroll(p, rows, cols, &down, &right);
    *y = row * p->zoom / 2 - down;
    *x = col * p->zoom - right;
    return *y >= 0 && *x >= 0 && *y < rows && *x < cols;
}

bool heat_hit(const struct heat *p, int rows, int cols, int row, int col, struct place *at)
{
    int down, right;
    scroll(p, rows, cols, &down, &right);
    int i = 2 * (row + down) / p->zoom, j = (col + right) / p->zoom;
    if (row < 0 || col < 0 || row >= rows || col >= cols || i >= p->h || j >= p->w)
        return false;
    *at = (struct place){p->tile, i, j};
    return true;
}
