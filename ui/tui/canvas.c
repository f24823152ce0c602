#include "tui/canvas.h"

#include <assert.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tui/utf8.h"

static const struct cell blank = {.ch = ' ', .map = MAP_NONE, .role = ROLE_TEXT};

static struct cell *cells_new(int rows, int cols)
{
    struct cell *cell;

    assert(rows >= 0 && cols >= 0);
    cell = calloc((size_t)rows * (size_t)cols + 1, sizeof *cell);
    for (int i = 0; cell && i < rows * cols; i++)
        cell[i] = blank;
    return cell;
}

enum err canvas_init(struct canvas *c, int rows, int cols, const struct style *style)
{
    *c = (struct canvas){.style = style};
    return canvas_resize(c, rows, cols);
}

void canvas_fini(struct canvas *c)
{
    free(c->cell);
    *c = (struct canvas){0};
}

enum err canvas_resize(struct canvas *c, int rows, int cols)
{
    struct cell *cell = cells_new(rows, cols);

    if (!cell)
        return ERR_MEMORY;
    free(c->cell);
    c->cell = cell;
    c->rows = rows;
    c->cols = cols;
    c->clip = (struct rect){0, 0, rows, cols};
    c->row0 = c->col0 = 0;
    return ERR_NONE;
}

static int max(int a, int b)
{
    return a > b ? a : b;
}

static int min(int a, int b)
{
    return a < b ? a : b;
}

static struct rect intersect(struct rect a, struct rect b)
{
    int row = max(a.row, b.row), col = max(a.col, b.col);
    int rows = min(a.row + a.rows, b.row + b.rows) - row, cols = min(a.col + a.cols, b.col + b.cols) - col;

    return (struct rect){row, col, max(rows, 0), max(cols, 0)};
}

/** Far away is far away: sums of coordinates must not overflow, whatever a caller has computed. */
static struct rect tame(struct rect r)
{
    enum { FAR = 1 << 24 };

    return (struct rect){max(min(r.row, FAR), -FAR), max(min(r.col, FAR), -FAR), max(min(r.rows, 2 * FAR), 0),
                         max(min(r.cols, 2 * FAR), 0)};
}

struct canvas canvas_part(const struct canvas *c, struct rect r)
{
    struct canvas part = *c;

    r = tame(r);
    part.row0 = c->row0 + r.row;
    part.col0 = c->col0 + r.col;
    part.clip = intersect(c->clip, (struct rect){part.row0, part.col0, r.rows, r.cols});
    return part;
}

/** The cell at drawing coordinates, or NULL when it is clipped away. */
static struct cell *cell_at(const struct canvas *c, int row, int col)
{
    long r = (long)c->row0 + row, k = (long)c->col0 + col;

    if (r < c->clip.row || r >= c->clip.row + c->clip.rows || k < c->clip.col ||
        k >= c->clip.col + c->clip.cols)
        return NULL;
    return &c->cell[r * c->cols + k];
}

/** Writes a cell; what is left of a wide character that loses a half becomes blank. */
static void set(struct canvas *c, int row, int col, struct cell value)
{
    struct cell *cell = cell_at(c, row, col);
    int k;

    if (!cell)
        return;
    k = c->col0 + col;
    if (cell->ch == 0 && value.ch != 0 && k > 0)
        cell[-1].ch = ' ';
    if (char_columns(cell->ch) == 2 && k + 1 < c->cols && cell[1].ch == 0)
        cell[1].ch = ' ';
    *cell = value;
}

/** One character of a width that is known, in whatever `look` says; a wide one that is cut by an edge leaves a blank. */
static void set_char(struct canvas *c, int row, int col, struct cell look, uint32_t ch, int width)
{
    struct cell left = look, right = look;

    left.ch = ch == ' ' && look.map != MAP_NONE ? CELL_BLANK : ch;
    right.ch = 0;
    if (!cell_at(c, row, col) && (width == 1 || col == INT_MAX))
        return;
    if (width == 2 && (!cell_at(c, row, col) || !cell_at(c, row, col + 1)))
        left.ch = right.ch = ' ';
    set(c, row, col, left);
    if (width == 2)
        set(c, row, col + 1, right);
}

static struct cell text_look(enum role role)
{
    assert(role >= 0 && role < ROLES);
    return (struct cell){.ch = ' ', .map = MAP_NONE, .role = (uint8_t)role};
}

void canvas_clear(struct canvas *c)
{
    for (int row = 0; row < c->clip.rows; row++) {
        for (int col = 0; col < c->clip.cols; col++)
            set(c, c->clip.row - c->row0 + row, c->clip.col - c->col0 + col, blank);
    }
}

static uint8_t dimmed(uint8_t level)
{
    return level == LEVEL_NONE || level == LEVEL_CURSOR ? level : level | LEVEL_DIM;
}

void canvas_dim(struct canvas *c)
{
    for (int row = 0; row < c->clip.rows; row++)
        for (int col = 0; col < c->clip.cols; col++) {
            struct cell *cell = cell_at(c, c->clip.row - c->row0 + row, c->clip.col - c->col0 + col);
            if (cell && cell->map == MAP_NONE) {
                cell->role = ROLE_FAINT;
            } else if (cell) {
                cell->top = dimmed(cell->top);
                cell->bottom = dimmed(cell->bottom);
            }
        }
}

/** Draws text up to `width` columns (whole characters only); returns the columns drawn. */
static int draw(struct canvas *c, int row, int col, int width, struct cell look, const char *text)
{
    int taken = 0;

    for (uint32_t ch; (ch = utf8_next(&text)) != 0;) {
        int columns = char_columns(ch);

        if (columns > width - taken)
            break;
        if (columns && col <= INT_MAX - taken)
            set_char(c, row, col + taken, look, ch, columns);
        taken += columns;
    }
    return taken;
}

enum { NO_LIMIT = 1 << 29 };

int canvas_text(struct canvas *c, int row, int col, enum role role, const char *text)
{
    return draw(c, row, col, NO_LIMIT, text_look(role), text);
}

int canvas_format(struct canvas *c, int row, int col, enum role role, const char *format, ...)
{
    char text[2048];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return canvas_text(c, row, col, role, text);
}

int canvas_text_width(struct canvas *c, int row, int col, int width, enum role role, const char *text)
{
    int taken;

    if (width <= 0)
        return 0;
    if (text_columns(text) <= width)
        return canvas_text(c, row, col, role, text);
    taken = draw(c, row, col, width - 1, text_look(role), text);
    if (col <= INT_MAX - taken)
        canvas_put(c, row, col + taken, role, 0x2026);
    return taken + 1;
}

void canvas_put(struct canvas *c, int row, int col, enum role role, uint32_t ch)
{
    struct cell look = text_look(role);
    int columns = char_columns(ch);

    if (columns)
        set_char(c, row, col, look, ch, columns);
}

void canvas_fill(struct canvas *c, struct rect r, enum role role, uint32_t ch)
{
    struct cell value = text_look(role);
    struct canvas part =
        canvas_part(c, r); /* so that a huge rectangle costs no more than what can be seen of it */

    value.ch = char_columns(ch) == 1 ? ch : ' ';
    for (int row = 0; row < part.clip.rows; row++) {
        for (int col = 0; col < part.clip.cols; col++)
            set(&part, part.clip.row - part.row0 + row, part.clip.col - part.col0 + col, value);
    }
}

void canvas_frame(struct canvas *c, struct rect r, enum role role, const char *title)
{
    /* across, down, and the corners from the upper left on; thin and thick */
    static const uint16_t lines[2][6] = {{0x2500, 0x2502, 0x250c, 0x2510, 0x2514, 0x2518},
                                         {0x2501, 0x2503, 0x250f, 0x2513, 0x2517, 0x251b}};
    const uint16_t *line = lines[style_large(c->style)];
    int bottom, right;

    r = tame(r);
    bottom = r.row + r.rows - 1;
    right = r.col + r.cols - 1;
    if (r.rows < 2 || r.cols < 2)
        return;
    canvas_fill(c, (struct rect){r.row, r.col + 1, 1, r.cols - 2}, role, line[0]);
    canvas_fill(c, (struct rect){bottom, r.col + 1, 1, r.cols - 2}, role, line[0]);
    canvas_fill(c, (struct rect){r.row + 1, r.col, r.rows - 2, 1}, role, line[1]);
    canvas_fill(c, (struct rect){r.row + 1, right, r.rows - 2, 1}, role, line[1]);
    canvas_put(c, r.row, r.col, role, line[2]);
    canvas_put(c, r.row, right, role, line[3]);
    canvas_put(c, bottom, r.col, role, line[4]);
    canvas_put(c, bottom, right, role, line[5]);
    if (title && *title && r.cols > 4) {
        enum role own = role == ROLE_FRAME ? ROLE_TITLE : role;
        int width = canvas_text_width(c, r.row, r.col + 2, r.cols - 4, own, title);

        canvas_put(c, r.row, r.col + 1, own, ' ');
        canvas_put(c, r.row, r.col + 2 + width, own, ' ');
    }
}

static bool level_is_one(enum map map, int level)
{
    return level == LEVEL_NONE || level == LEVEL_CURSOR ||
           ((level & ~LEVEL_DIM) >= 0 && (level & ~LEVEL_DIM) < style_levels(map));
}

void canvas_pixels(struct canvas *c, int row, int col, enum map map, int top, int bottom)
{
    assert(map > MAP_NONE && map < MAPS && level_is_one(map, top) && level_is_one(map, bottom));
    set(c, row, col,
        (struct cell){
            .ch = CELL_HALVES, .map = (uint8_t)map, .top = (uint8_t)top, .bottom = (uint8_t)bottom});
}

void canvas_pixel_wide(struct canvas *c, int row, int col, enum map map, int level)
{
    struct cell value = {.ch = ' ', .map = (uint8_t)map, .top = (uint8_t)level, .bottom = (uint8_t)level};

    assert(map > MAP_NONE && map < MAPS && level_is_one(map, level));
    set(c, row, col, value);
    if (col < INT_MAX)
        set(c, row, col + 1, value);
}

int canvas_text_level(struct canvas *c, int row, int col, enum map map, int level, const char *text)
{
    struct cell look = {.ch = ' ', .map = (uint8_t)map, .top = (uint8_t)level, .bottom = (uint8_t)level};

    assert(map > MAP_NONE && map < MAPS && level_is_one(map, level));
    if (c->style->rung < RUNG_256)
        look = text_look(ROLE_TEXT);
    return draw(c, row, col, NO_LIMIT, look, text);
}

int text_columns(const char *utf8)
{
    int columns = 0;

    for (uint32_t ch; (ch = utf8_next(&utf8)) != 0;)
        columns += char_columns(ch);
    return columns;
}

int char_columns(uint32_t ch)
{
    return utf8_columns(ch);
}

/** The character that a cell with a map is dumped as. */
static uint32_t dump_pixel(const struct cell *cell)
{
    static const struct style ramps = {.rung = RUNG_MONO, .utf8 = false};
    int sum = 0, count = 0, dim = cell->top & cell->bottom & LEVEL_DIM;

    if (cell->ch != ' ' && cell->ch != CELL_HALVES)
        return cell->ch;
    if (cell->top == LEVEL_CURSOR || cell->bottom == LEVEL_CURSOR)
        return cell->bottom != LEVEL_CURSOR ? '^' : cell->top != LEVEL_CURSOR ? 'v' : 'X';
    for (int half = 0; half < 2; half++) {
        int level = half ? cell->bottom : cell->top, other = half ? cell->top : cell->bottom;

        if (level == LEVEL_NONE)
            continue;
        if (other == LEVEL_NONE)
            dim = level & LEVEL_DIM;
        if (dim || !(level & LEVEL_DIM)) {
            sum += level & ~LEVEL_DIM;
            count++;
        }
    }
    if (cell->map == MAP_LINE) /* levels are names here, not amounts */
        sum = cell->top ? cell->top : cell->bottom, count = 1;
    return count ? (uint32_t)style_shade(&ramps, cell->map, sum / count | dim)[0] : ' ';
}

char *canvas_dump(const struct canvas *c)
{
    struct text t = {0};

    for (int row = 0; row < c->clip.rows; row++) {
        const struct cell *cell = &c->cell[(c->clip.row + row) * c->cols + c->clip.col];
        size_t end = t.length;

        for (int col = 0; col < c->clip.cols; col++) {
            uint32_t ch = cell[col].map == MAP_NONE ? cell[col].ch : dump_pixel(&cell[col]);
            char bytes[UTF8_MAX];

            if (ch == 0) /* written by its left half */
                continue;
            if (ch == CELL_BLANK)
                ch = ' ';
            if (!c->style->utf8)
                ch = style_ascii(ch);
            text_add_n(&t, bytes, (size_t)utf8_write(ch, bytes));
            if (ch != ' ')
                end = t.length;
        }
        if (!t.failed && t.data)
            t.data[t.length = end] = '\0';
        text_add(&t, "\n");
    }
    return text_take(&t);
}
