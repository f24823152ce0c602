/** heat, tiles, bars and plot: every pixel where its definition puts it, at any size, on every kind of terminal. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "looks.h"
#include "tui/widgets/bars.h"
#include "tui/widgets/legend.h"
#include "tui/widgets/numbers.h"
#include "tui/widgets/plot.h"
#include "tui/widgets/tiles.h"

static const struct cell *at(const struct canvas *c, int row, int col)
{
    return &c->cell[row * c->cols + col];
}

/* ---- heat ---- */

enum { MOST = 9, ZOOMS = 4 };

static int level_of(const struct heat *p, int i, int j)
{
    if (p->map != MAP_COLOUR)
        return style_level(p->map, p->v[i * p->w + j], p->range);
    int level = 0;
    for (int k = 0; k < 3; k++)
        level = level * COLOUR_STEPS + (int)lrintf(4 * p->v[(k * p->h + i) * p->w + j]);
    return level;
}

/* The picture enlarged pixel by pixel, in half rows; what doesn't fit is cut on both sides, and of an odd number of half rows the last has no partner. */
static void expect_picture(const struct heat *p, int rows, int cols)
{
    static int big[MOST * ZOOMS + 1][MOST * ZOOMS];
    struct canvas c = new_canvas(rows + 2, cols + 2, &full);
    int halves = p->h * p->zoom, wide = p->w * p->zoom, tall = (halves + 1) / 2;
    int down = tall > rows ? (tall - rows) / 2 : 0, right = wide > cols ? (wide - cols) / 2 : 0;
    for (int y = 0; y <= halves; y++)
        for (int x = 0; x < wide; x++)
            big[y][x] = y == halves ? LEVEL_NONE : level_of(p, y / p->zoom, x / p->zoom);
    heat_draw(&c, 1, 1, rows, cols, p);
    for (int y = 0; y < rows + 2; y++)
        for (int x = 0; x < cols + 2; x++) {
            const struct cell *cell = at(&c, y, x);
            int row = y - 1, col = x - 1;
            bool drawn = row >= 0 && col >= 0 && row < rows && col < cols && row < tall && col < wide;
            cr_assert_eq(cell->map, drawn ? p->map : MAP_NONE, "%dx%d zoom %d in %dx%d: at %d,%d", p->h, p->w,
                         p->zoom, rows, cols, row, col);
            if (!drawn)
                continue;
            cr_assert_eq(cell->ch, CELL_HALVES);
            cr_assert(cell->top == big[2 * (row + down)][col + right] &&
                          cell->bottom == big[2 * (row + down) + 1][col + right],
                      "%dx%d zoom %d in %dx%d: %d over %d at %d,%d", p->h, p->w, p->zoom, rows, cols,
                      cell->top, cell->bottom, row, col);
        }
    canvas_fini(&c);
}

Test(heat, every_pixel_in_its_place)
{
    static const int shapes[][2] = {{1, 1}, {2, 3}, {3, 2}, {5, 5}, {9, 8}, {1, 9}};
    static const enum map maps[] = {MAP_GREY, MAP_HEAT, MAP_SIGNED, MAP_COLOUR};
    float v[3 * MOST * MOST];
    struct rng rng;
    rng_init(&rng, 3);
    for (int i = 0; i < ARRAY_LEN(v); i++)
        v[i] = rng_between(&rng, 0, 1);
    for (int s = 0; s < ARRAY_LEN(shapes); s++)
        for (int m = 0; m < ARRAY_LEN(maps); m++)
            for (int zoom = 1; zoom <= ZOOMS; zoom++)
                for (int room = 0; room < 6; room++) {
                    struct heat p = {.v = v,
                                     .h = shapes[s][0],
                                     .w = shapes[s][1],
                                     .map = maps[m],
                                     .range = 1,
                                     .zoom = zoom};
                    int tall = heat_rows(p.h, zoom), wide = heat_cols(p.w, zoom);
                    int rows = room < 3 ? tall + room : room == 3 ? (tall + 1) / 2 : room == 4 ? tall : 1;
                    int cols = room < 3 ? wide + room : room == 4 ? (wide + 1) / 2 : wide;
                    expect_picture(&p, rows, cols);
                }
}

/* Where a cell shows one level: even zooms are exact, at odd ones two pixels that share a cell are averaged. */
Test(heat, without_half_blocks)
{
    static const float v[] = {0, 1, 1, 1, 1, 0, 0.5f, 0, 1};
    struct canvas c = new_canvas(4, 6, &poor);
    struct heat p = {.v = v, .h = 3, .w = 3, .map = MAP_GREY, .range = 1, .zoom = 1};
    heat_draw(&c, 0, 0, 4, 6, &p);
    looks(&c, "+@+\n+ @\n\n\n"); /* the third row of pixels has a cell of its own */
    canvas_clear(&c);
    p.zoom = 2;
    heat_draw(&c, 0, 0, 4, 6, &p);
    looks(&c, "  @@@@\n@@@@\n++  @@\n\n");
    canvas_clear(&c);
    p = (struct heat){
        .v = (const float[]){-1, 1, -1, -1}, .h = 2, .w = 2, .map = MAP_SIGNED, .range = 1, .zoom = 1};
    heat_draw(&c, 0, 0, 4, 6, &p);
    looks(&c, "O\n\n\n\n"); /* -1 and -1; 1 and -1 are nothing together */
    canvas_fini(&c);
}

Test(heat, colours_in_steps_of_a_quarter)
{
    static const float v[] = {0, 1, NAN, -3,    0,     0.5f,
                              1, 7, 0,   0.26f, 0.24f, INFINITY}; /* red, green, blue of four */
    struct canvas c = new_canvas(1, 4, &full);
    struct heat p = {.v = v, .h = 1, .w = 4, .map = MAP_COLOUR, .zoom = 1};
    heat_draw(&c, 0, 0, 1, 4, &p);
    cr_assert_eq(at(&c, 0, 0)->top, 0);
    cr_assert_eq(at(&c, 0, 1)->top, 4 * 25 + 2 * 5 + 1);
    cr_assert_eq(at(&c, 0, 2)->top, 0 * 25 + 4 * 5 + 1);
    cr_assert_eq(at(&c, 0, 3)->top, 0 * 25 + 4 * 5 + 4);
    c.style = &poor; /* two in a cell: each channel by itself */
    p = (struct heat){
        .v = (const float[]){1, 0, 0, 1, 0.5f, 0.5f}, .h = 2, .w = 1, .map = MAP_COLOUR, .zoom = 1};
    heat_draw(&c, 0, 0, 1, 1, &p);
    cr_assert_eq(at(&c, 0, 0)->top, 2 * 25 + 2 * 5 + 2);
    canvas_fini(&c);
}

Test(heat, largest_zoom_that_fits)
{
    for (int h = 1; h < 12; h++)
        for (int w = 1; w < 12; w++)
            for (int rows = 1; rows < 30; rows += 3)
                for (int cols = 1; cols < 50; cols += 5) {
                    int zoom = heat_zoom(h, w, rows, cols, 4), best = 1;
                    for (int z = 1; z <= 4; z++)
                        if (h * z <= 2 * rows && w * z <= cols)
                            best = z;
                    cr_assert_eq(zoom, best, "%dx%d in %dx%d: %d, expected %d", h, w, rows, cols, zoom, best);
                }
}

/* ---- tiles ---- */

Test(tiles, never_larger_than_the_room)
{
    for (int n = 1; n <= 70; n += n < 12 ? 1 : 19)
        for (int h = 1; h <= 29; h += 7)
            for (int rows = 1; rows < 60; rows += 6)
                for (int cols = 1; cols < 160; cols += 13) {
                    struct tiles t = {.n = n, .h = h, .w = h, .map = MAP_GREY, .range = 1, .mark = -1};
                    struct tiles_fit f = tiles_fit(&t, rows, cols);
                    int tall = heat_rows(h, f.zoom), wide = heat_cols(h, f.zoom);
                    bool one = tall <= rows && wide <= cols;
                    cr_assert(f.zoom >= 1 && f.per_row >= 1 && f.rows >= 1 && f.shown >= 1 && f.shown <= n);
                    cr_assert(f.shown <= f.per_row * f.rows);
                    if (one)
                        cr_assert(f.per_row * (wide + 1) - 1 <= cols && f.rows * (tall + 1) - 1 <= rows,
                                  "%d of %dx%d in %dx%d: %d in %d rows, zoom %d", n, h, h, rows, cols,
                                  f.per_row, f.rows, f.zoom);
                    if (f.shown == n && one) /* a larger zoom would not do */
                        for (int per_row = 1; per_row <= n && f.zoom < 8; per_row++) {
                            int lines = (n + per_row - 1) / per_row, z = f.zoom + 1;
                            cr_assert(lines * (heat_rows(h, z) + 1) - 1 > rows ||
                                      per_row * (heat_cols(h, z) + 1) - 1 > cols);
                        }
                    if (f.shown < n) /* no room for one more */
                        cr_assert(f.zoom == 1 && (f.shown == f.per_row * f.rows || !one));
                }
}

Test(tiles, rows_of_the_same_length)
{
    struct tiles t = {.n = 8, .h = 2, .w = 2, .map = MAP_GREY, .range = 1, .most = 1, .mark = -1};
    struct tiles_fit f = tiles_fit(&t, 3, 20); /* 7 would fit into a row */
    cr_assert(f.per_row == 4 && f.rows == 2 && f.shown == 8, "%d in %d rows", f.per_row, f.rows);
    t.n = 7;
    f = tiles_fit(&t, 3, 14);
    cr_assert(f.per_row == 4 && f.rows == 2 && f.shown == 7, "%d in %d rows", f.per_row, f.rows);
}

Test(tiles, drawn_with_what_is_left_out_counted)
{
    float v[12 * 4];
    struct canvas c = new_canvas(3, 8, &full);
    struct tiles t = {.v = v, .n = 3, .h = 2, .w = 2, .map = MAP_GREY, .range = 1, .most = 1, .mark = 1};
    for (int i = 0; i < ARRAY_LEN(v); i++)
        v[i] = i / 4 % 2 ? 1 : 0.5f;
    tiles_draw(&c, &t);
    looks(&c, "++ @@\u258f++\n\n\n");
    canvas_clear(&c);
    t.n = 12, t.mark = -1;
    tiles_draw(&c, &t);
    looks(&c, "++ @@ ++\n\n+6 ++ @@\n");
    canvas_clear(&c);
    t = (struct tiles){.v = v, .n = 1, .h = 6, .w = 8, .map = MAP_GREY, .range = 1, .mark = -1};
    for (int i = 0; i < ARRAY_LEN(v); i++)
        v[i] = i % 8 == 4 ? 1 : 0;
    struct canvas small = canvas_part(&c, (struct rect){0, 0, 1, 2});
    tiles_draw(&small, &t); /* its middle: columns 3 and 4 */
    looks(&c, " @\n\n\n");
    t.n = 0;
    tiles_draw(&c, &t);
    canvas_fini(&c);
}

/* ---- light and cursor ---- */

Test(light, is_a_lattice)
{
    static const struct light l = {1, 3, -2, 3, 7, 4, 3, 2};
    for (int tile = 0; tile < 4; tile++)
        for (int i = 0; i < 8; i++)
            for (int j = 0; j < 8; j++)
                cr_assert_eq(light_on(&l, tile, i, j),
                             (tile == 1 || tile == 2) && (i == 1 || i == 4) && (j == 3 || j == 5),
                             "%d: %d,%d", tile, i, j);
    cr_assert(light_on(NULL, 7, 7, 7));
    cr_assert(light_on(&(struct light){.to = 1, .rows = 3, .cols = 3}, 0, 2, 1), "no step: every pixel");
}

static const float grey_tiles[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                   1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

/* Half blocks: each half for itself. */
Test(tiles, dim_what_is_not_lit)
{
    static const struct light l = {1, 2, 1, 1, 2, 3, 0, 0};
    struct tiles t = {.v = grey_tiles,
                      .n = 2,
                      .h = 4,
                      .w = 5,
                      .map = MAP_GREY,
                      .range = 1,
                      .most = 1,
                      .mark = -1,
                      .light = &l};
    struct canvas c = new_canvas(2, 11, &full);
    tiles_draw(&c, &t);
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < 11; k++) {
            const struct cell *cell = at(&c, i / 2, k);
            if (k != 5)
                cr_assert_eq(i % 2 ? cell->bottom : cell->top,
                             k > 5 && light_on(&l, 1, i, k - 6) ? 64 : 64 | LEVEL_DIM);
        }
    looks(&c, "..... .@@@.\n..... .@@@.\n");
    canvas_fini(&c);
}

/* Where dim text can't be relied on: dots for the rest, and brackets around what is lit. */
Test(tiles, dim_without_colours)
{
    struct light l = {1, 2, 0, 1, 2, 3, 0, 0};
    struct tiles t = {.v = grey_tiles,
                      .n = 2,
                      .h = 4,
                      .w = 5,
                      .map = MAP_GREY,
                      .range = 1,
                      .most = 1,
                      .mark = -1,
                      .light = &l};
    struct canvas c = new_canvas(2, 11, &poor);
    tiles_draw(&c, &t);
    looks(&c, "..... [@@@]\n..... .....\n");
    canvas_clear(&c);
    l = (struct light){0, 2, -1, -2, 9, 9, 0, 0}; /* more than there is */
    tiles_draw(&c, &t);
    looks(&c, "@@@@@[@@@@@\n@@@@@[@@@@@\n");
    canvas_clear(&c);
    l = (struct light){0, 1, 7, 1, 2, 2, 0, 0}; /* beyond the picture */
    tiles_draw(&c, &t);
    looks(&c, "..... .....\n..... .....\n");
    canvas_fini(&c);
}

/* Exactly the pixel, at every zoom: of those that the picture consists of no other one changes. */
Test(heat, cursor_marks_one_pixel)
{
    float v[12] = {0};
    for (int zoom = 1; zoom <= 5; zoom++)
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 3; j++) {
                struct place cursor = {2, i, j};
                struct heat p = {.v = v,
                                 .h = 4,
                                 .w = 3,
                                 .map = MAP_HEAT,
                                 .range = 1,
                                 .zoom = zoom,
                                 .tile = 2,
                                 .cursor = &cursor};
                struct canvas c = new_canvas(10, 15, &full);
                int marked = 0;
                heat_draw(&c, 0, 0, 10, 15, &p);
                for (int y = 0; y < 4 * zoom; y++)
                    for (int x = 0; x < 3 * zoom; x++) {
                        const struct cell *cell = at(&c, y / 2, x);
                        bool mark = (y % 2 ? cell->bottom : cell->top) == LEVEL_CURSOR;
                        cr_assert(!mark || (y / zoom == i && x / zoom == j));
                        marked += mark;
                    }
                cr_assert_eq(marked, zoom == 2 ? 2 : zoom * zoom - (zoom > 2 ? (zoom - 2) * (zoom - 2) : 0));
                cursor.tile = 1; /* another picture's */
                heat_draw(&c, 0, 0, 10, 15, &p);
                for (int k = 0; k < 15; k++)
                    cr_assert_neq(at(&c, i * zoom / 2, k)->top, LEVEL_CURSOR);
                canvas_fini(&c);
            }
}

Test(heat, cursor_without_half_blocks)
{
    struct place cursor = {0, 1, 1};
    struct heat p = {
        .v = grey_tiles, .h = 3, .w = 3, .map = MAP_GREY, .range = 1, .zoom = 1, .cursor = &cursor};
    struct canvas c = new_canvas(6, 12, &poor);
    heat_draw(&c, 0, 0, 2, 3, &p);
    looks(&c, "@v@\n@@@\n\n\n\n\n"); /* the lower one of the cell */
    cursor.row = 2;
    canvas_clear(&c);
    heat_draw(&c, 0, 0, 2, 3, &p);
    looks(&c, "@@@\n@^@\n\n\n\n\n");
    canvas_clear(&c);
    p.zoom = 2;
    heat_draw(&c, 0, 0, 3, 6, &p);
    looks(&c, "@@@@@@\n@@@@@@\n@@[]@@\n\n\n\n");
    canvas_clear(&c);
    p.zoom = 3, cursor.row = 0; /* a row and a half: the second cell is shared */
    heat_draw(&c, 0, 0, 5, 9, &p);
    looks(&c, "@@@[@]@@@\n@@@^^^@@@\n@@@@@@@@@\n@@@@@@@@@\n@@@@@@@@@\n\n");
    canvas_clear(&c);
    p.zoom = 4, cursor.row = 2;
    heat_draw(&c, 0, 0, 6, 12, &p);
    looks(&c, "@@@@@@@@@@@@\n@@@@@@@@@@@@\n@@@@@@@@@@@@\n@@@@@@@@@@@@\n@@@@[@@]@@@@\n@@@@[@@]@@@@\n");
    canvas_fini(&c);
}

/* What has no room is shown around the cursor. */
Test(heat, the_cursor_is_in_sight)
{
    enum { H = 30, W = 40 };
    static float v[H * W];
    for (int rung = 0; rung < 2; rung++)
        for (int zoom = 1; zoom <= 3; zoom++)
            for (int i = 0; i < H; i += 3)
                for (int j = 0; j < W; j += 3)
                    for (int room = 2; room < 9; room += 3) {
                        struct place cursor = {0, i, j}, hit;
                        struct heat p = {.v = v,
                                         .h = H,
                                         .w = W,
                                         .map = MAP_HEAT,
                                         .range = 1,
                                         .zoom = zoom,
                                         .cursor = &cursor};
                        struct canvas c = new_canvas(room, room, rung ? &full : &poor);
                        int found = 0;
                        heat_draw(&c, 0, 0, room, room, &p);
                        char *dump = canvas_dump(&c);
                        cr_assert_not_null(strpbrk(dump, "^vX[]"), "%d,%d zoom %d in %d:\n%s", i, j, zoom,
                                           room, dump);
                        free(dump);
                        for (int y = 0; y < room; y++)
                            for (int x = 0; x < room; x++)
                                found += heat_hit(&p, room, room, y, x, &hit) && hit.col == j &&
                                         (hit.row == i || (zoom % 2 && hit.row == i - 1));
                        cr_assert_gt(found, 0);
                        canvas_fini(&c);
                    }
}

/* ---- pointing at tiles ---- */

Test(tiles, scroll_to_the_cursor)
{
    for (int n = 2; n <= 70; n += 17)
        for (int rows = 2; rows < 30; rows += 5)
            for (int cols = 5; cols < 60; cols += 11)
                for (int tile = 0; tile < n; tile++) {
                    struct place cursor = {tile, 1, 2};
                    struct tiles t = {
                        .n = n, .h = 8, .w = 9, .map = MAP_GREY, .range = 1, .mark = -1, .cursor = &cursor};
                    struct tiles_fit f = tiles_fit(&t, rows, cols);
                    cr_assert(f.first >= 0 && f.first % f.per_row == 0 && f.first + f.shown <= n);
                    cr_assert(tile >= f.first && tile < f.first + f.shown, "%d of %d in %dx%d: %d from %d",
                              tile, n, rows, cols, f.shown, f.first);
                    struct light l = {tile, tile + 1, 0, 0, 9, 9, 0, 0};
                    t.cursor = NULL, t.light = &l;
                    cr_assert_eq(tiles_fit(&t, rows, cols).first, f.first,
                                 "what is lit comes into sight too");
                }
}

Test(tiles, count_what_is_left_out_before_and_behind)
{
    static float v[12 * 4];
    struct place cursor = {9, 0, 0};
    struct canvas c = new_canvas(3, 8, &full);
    struct tiles t = {.v = v,
                      .n = 10,
                      .h = 2,
                      .w = 2,
                      .map = MAP_GREY,
                      .range = 1,
                      .most = 1,
                      .mark = -1,
                      .cursor = &cursor};
    for (int i = 0; i < ARRAY_LEN(v); i++)
        v[i] = 1;
    tiles_draw(&c, &t);                  /* 6 7 8, 9 */
    looks(&c, "@@ @@ @@\n\n^@    +6\n"); /* without hiding the cursor */
    cursor.tile = 8;
    canvas_clear(&c);
    tiles_draw(&c, &t); /* 3 4 5, 6 7 8 */
    looks(&c, "@@ @@ @@\n\n+4 @@ ^@\n");
    canvas_fini(&c);
}

Test(tiles, move_over_edges)
{
    static const struct {
        struct place from;
        int down, right;
        struct place to;
    } moves[] = {
        {{0, 0, 0}, 0, 1, {0, 0, 1}},  {{0, 0, 2}, 0, 1, {1, 0, 0}},   {{1, 1, 2}, 0, 1, {1, 1, 2}},
        {{0, 1, 1}, 1, 0, {2, 0, 1}},  {{3, 0, 1}, -1, 0, {1, 1, 1}},  {{0, 0, 1}, -1, 0, {0, 0, 1}},
        {{4, 0, 2}, 0, 1, {4, 0, 2}},  {{3, 1, 0}, 1, 0, {3, 1, 0}},   {{2, 1, 2}, 1, 0, {4, 0, 2}},
        {{0, 0, 0}, 99, 0, {4, 1, 0}}, {{0, 0, 0}, 0, 99, {1, 0, 2}},  {{1, 0, 0}, 99, 0, {3, 1, 0}},
        {{9, 7, 7}, 0, 0, {4, 1, 2}},  {{-1, -3, 5}, 0, 0, {0, 0, 2}}, {{2, 0, 0}, 0, -1, {2, 0, 0}},
    };
    struct tiles t = {.n = 5, .h = 2, .w = 3, .map = MAP_GREY, .range = 1, .most = 1, .mark = -1};
    int rows = 5, cols = 7; /* two in a row */
    cr_assert_eq(tiles_fit(&t, rows, cols).per_row, 2);
    for (int i = 0; i < ARRAY_LEN(moves); i++) {
        struct place p = moves[i].from;
        bool moved = tiles_move(&t, rows, cols, &p, moves[i].down, moves[i].right);
        cr_assert(p.tile == moves[i].to.tile && p.row == moves[i].to.row && p.col == moves[i].to.col,
                  "move %d: %d at %d,%d", i, p.tile, p.row, p.col);
        cr_assert_eq(moved, memcmp(&moves[i].from, &moves[i].to, sizeof p) != 0);
    }
    t.n = 0;
    cr_assert_not(tiles_move(&t, rows, cols, &(struct place){0, 0, 0}, 1, 0));
}

/* A click on the mark gives its place again. */
Test(tiles, hit_what_is_drawn)
{
    static float v[23 * 5 * 4];
    static const char *const labels[46] = {"one", "two"};
    for (int labelled = 0; labelled < 2; labelled++)
        for (int rows = 3; rows < 40; rows += 9)
            for (int cols = 5; cols < 90; cols += 17)
                for (int tile = 0; tile < 23; tile += 2) {
                    struct place cursor = {tile, 4, 1}, hit;
                    struct tiles t = {.v = v,
                                      .n = 23,
                                      .h = 5,
                                      .w = 4,
                                      .map = MAP_HEAT,
                                      .range = 1,
                                      .mark = -1,
                                      .cursor = &cursor};
                    if (labelled)
                        t.label = labels, t.label_rows = 2, t.label_above = 1, t.label_cols = 6;
                    struct canvas c = new_canvas(rows, cols, &full);
                    int marks = 0, hits = 0;
                    tiles_draw(&c, &t);
                    for (int y = 0; y < rows; y++)
                        for (int x = 0; x < cols; x++) {
                            const struct cell *cell = at(&c, y, x);
                            bool top = cell->map && cell->top == LEVEL_CURSOR;
                            marks += cell->map && (top || cell->bottom == LEVEL_CURSOR);
                            if (!tiles_hit(&t, rows, cols, y, x, &hit))
                                cr_assert(cell->map == MAP_NONE, "at %d,%d of %dx%d", y, x, rows, cols);
                            else if (top) {
                                hits++;
                                cr_assert(hit.tile == tile && hit.row == 4 && hit.col == 1, "%d at %d,%d",
                                          hit.tile, hit.row, hit.col);
                            }
                        }
                    cr_assert(marks > 0 && hits > 0, "%d of %dx%d", tile, rows, cols);
                    canvas_fini(&c);
                }
}

Test(tiles, texts_above_and_below)
{
    static const char *const labels[] = {"clean", "a '7' 99 %", NULL, NULL};
    struct canvas c = new_canvas(4, 20, &full);
    struct tiles t = {.v = grey_tiles,
                      .n = 2,
                      .h = 4,
                      .w = 4,
                      .map = MAP_GREY,
                      .range = 1,
                      .most = 1,
                      .mark = -1,
                      .label = labels,
                      .label_rows = 2,
                      .label_above = 1,
                      .label_cols = 8};
    struct rect r;
    tiles_draw(&c, &t);
    looks(&c, "clean\n@@@@     @@@@\n@@@@     @@@@\na '7' 9\u2026\n");
    cr_assert(tiles_place(&t, 4, 20, 1, &r) && r.row == 0 && r.col == 9 && r.rows == 4 && r.cols == 8);
    cr_assert_not(tiles_place(&t, 4, 20, 2, &r));
    canvas_fini(&c);
}

/* ---- numbers ---- */

Test(numbers, as_many_digits_as_have_room)
{
    static const struct {
        float value;
        int columns;
        const char *text;
    } rows[] = {
        {0, 5, "0"},
        {-0.0f, 4, "0"},
        {1, 5, "1.000"},
        {0.12345f, 5, "0.123"},
        {-0.126f, 5, "-.126"},
        {-0.126f, 4, "-.13"},
        {12.345f, 5, "12.35"},
        {-1.25e-5f, 6, "-1e-05"},
        {3e-7f, 5, "3e-07"},
        {3e-7f, 4, ".000"},
        {-3e-7f, 5, "-.000"},
        {-3e-7f, 3, "-.0"},
        {123456, 5, "1e+05"},
        {123456, 4, "+"},
        {-3e38f, 5, "-"},
        {-3e38f, 6, "-3e+38"},
        {99999.7f, 5, "1e+05"},
        {NAN, 5, "nan"},
        {INFINITY, 5, "inf"},
        {-INFINITY, 4, "-inf"},
        {-INFINITY, 3, "-"},
        {-7, 1, "-"},
        {7, 1, "7"},
        {0.5f, 1, "0"},
    };
    for (int i = 0; i < ARRAY_LEN(rows); i++) {
        char text[16];
        number_text(text, sizeof text, rows[i].value, rows[i].columns);
        cr_assert_str_eq(text, rows[i].text, "%g in %d: '%s'", (double)rows[i].value, rows[i].columns, text);
    }
}

/* What fits reads back to what it was, as exactly as its digits say. */
Test(numbers, read_back)
{
    struct rng rng;
    rng_init(&rng, 5);
    for (int i = 0; i < 4000; i++) {
        float value = rng_between(&rng, -1, 1) * powf(10, rng_between(&rng, -9, 9));
        for (int columns = 5; columns <= 6; columns++) {
            char text[16];
            number_text(text, sizeof text, value, columns);
            cr_assert_leq(strlen(text), (size_t)columns);
            cr_assert(strcmp(text, "-") == 0 || strcmp(text, "+") == 0 ||
                          fabs(strtod(text, NULL) - (double)value) <= fmax(5.1e-4, 0.5 * fabs((double)value)),
                      "'%s' for %g", text, (double)value);
        }
    }
}

static const float signed_tiles[] = {0.5f, -0.25f, 0, 1, -1, 0.125f, 0.75f, -0.5f};

Test(numbers, as_text)
{
    static const struct light l = {1, 2, 0, 1, 2, 1, 0, 0};
    static const struct place cursor = {1, 1, 0};
    struct tiles t = {.v = signed_tiles, .n = 2, .h = 2, .w = 2, .map = MAP_SIGNED, .range = 1, .mark = -1};
    struct canvas c = new_canvas(3, 31, &full);
    numbers_draw(&c, &t);
    looks(&c, "0       0     1 1       0     1\n"
              " 0  0.500 -.250  0  -1.00 0.125\n"
              " 1      0 1.000  1  0.750 -.500\n");
    cr_assert(at(&c, 1, 4)->map == MAP_SIGNED && at(&c, 1, 4)->top == 48, "on its colour");
    cr_assert(at(&c, 2, 3)->map == MAP_SIGNED && at(&c, 2, 3)->top == LEVEL_ZERO);
    t.light = &l, t.cursor = &cursor;
    numbers_draw(&c, &t);
    looks(&c, "0       0     1 1       0     1\n"
              " 0  0.500 -.250  0  -1.00 0.125\n"
              " 1      0 1.000  1 >0.750 -.500\n");
    cr_assert_eq(at(&c, 1, 4)->top, 48 | LEVEL_DIM);
    cr_assert_eq(at(&c, 1, 28)->top, 36);
    cr_assert_eq(at(&c, 2, 20)->role, ROLE_CURSOR);
    c.style = &poor;
    numbers_draw(&c, &t);
    cr_assert(at(&c, 1, 5)->map == MAP_NONE && at(&c, 1, 5)->role == ROLE_FAINT);
    cr_assert(at(&c, 1, 28)->map == MAP_NONE && at(&c, 1, 28)->role == ROLE_STRONG);
    canvas_fini(&c);
}

/* Five columns a value where all have room then; below that, what is around the cursor. */
Test(numbers, narrow_and_scrolled)
{
    struct place cursor = {1, 0, 1};
    struct tiles t = {.v = signed_tiles,
                      .n = 2,
                      .h = 2,
                      .w = 2,
                      .map = MAP_SIGNED,
                      .range = 1,
                      .mark = -1,
                      .cursor = &cursor};
    struct canvas c = new_canvas(3, 14, &full);
    numbers_draw(&c, &t);
    looks(&c, "1      0    1\n 0  -1.0>.125\n 1  .750 -.50\n");
    canvas_fini(&c);
    c = new_canvas(2, 9, &full);
    numbers_draw(&c, &t);
    looks(&c, "1       1\n 0 >0.125\n");
    canvas_fini(&c);
    c = new_canvas(1, 6, &full); /* too narrow for indices */
    numbers_draw(&c, &t);
    looks(&c, ">0.125\n");
    canvas_fini(&c);
}

Test(numbers, of_a_picture_in_colour)
{
    static const float v[] = {1, 0, 0.5f, 0.25f, 0, 1}; /* red, green, blue of two */
    struct tiles t = {.v = v, .n = 1, .h = 1, .w = 2, .map = MAP_COLOUR, .range = 1, .mark = -1};
    struct canvas c = new_canvas(4, 15, &full);
    numbers_draw(&c, &t);
    looks(&c, "        0     1\n 0  1.000     0\n    0.500 0.250\n        0 1.000\n");
    cr_assert_eq(at(&c, 1, 4)->top, at(&c, 3, 4)->top);
    canvas_fini(&c);
}

/* A click on the marked number gives its place again, and it is in sight, at any size. */
Test(numbers, hit_and_scroll_at_any_size)
{
    static float v[9 * 12 * 10 * 3];
    static const enum map maps[] = {MAP_HEAT, MAP_COLOUR};
    for (int m = 0; m < 2; m++)
        for (int rows = 1; rows < 60; rows += 7)
            for (int cols = 1; cols < 150; cols += 12)
                for (int tile = 0; tile < 9; tile += 4)
                    for (int i = 0; i < 12; i += 5) {
                        struct place cursor = {tile, i, 8}, hit;
                        struct tiles t = {.v = v,
                                          .n = 9,
                                          .h = 12,
                                          .w = 10,
                                          .map = maps[m],
                                          .range = 1,
                                          .mark = -1,
                                          .cursor = &cursor};
                        struct canvas c = new_canvas(rows, cols, &full);
                        int marks = 0;
                        numbers_draw(&c, &t);
                        for (int y = 0; y < rows; y++)
                            for (int x = 0; x < cols; x++)
                                if (at(&c, y, x)->map == MAP_NONE && at(&c, y, x)->role == ROLE_CURSOR) {
                                    marks++;
                                    cr_assert(numbers_hit(&t, rows, cols, y, x, &hit));
                                    cr_assert(hit.tile == tile && hit.row == i && hit.col == 8, "%d at %d,%d",
                                              hit.tile, hit.row, hit.col);
                                }
                        cr_assert_gt(marks, 0, "%d,%d in %dx%d", tile, i, rows, cols);
                        cr_assert_not(numbers_hit(&t, rows, cols, rows, 0, &hit));
                        canvas_fini(&c);
                    }
}

Test(numbers, move_as_laid_out)
{
    struct tiles t = {.n = 3, .h = 2, .w = 2, .map = MAP_HEAT, .range = 1, .mark = -1};
    struct place p = {0, 0, 1};
    cr_assert(numbers_move(&t, 9, 60, &p, 0, 1) && p.tile == 1 && p.col == 0);
    p = (struct place){0, 0, 1};
    cr_assert_not(numbers_move(&t, 9, 20, &p, 0, 1)); /* one above the other */
    cr_assert(numbers_move(&t, 9, 20, &p, 2, 0) && p.tile == 1 && p.row == 0 && p.col == 1);
}

/* ---- legend ---- */

Test(legend, of_every_map)
{
    struct canvas c = new_canvas(5, 40, &full);
    legend_draw(&c, 0, 0, 30, &(struct legend){MAP_SIGNED, 0.41f, NULL});
    legend_draw(&c, 1, 0, 30, &(struct legend){MAP_HEAT, 3.2f, "after relu"});
    legend_draw(&c, 2, 2, 12, &(struct legend){MAP_SIGNED, 0.41f, NULL});
    legend_draw(&c, 3, 0, 40, &(struct legend){MAP_COLOUR, 1, NULL});
    legend_draw(&c, 4, 0, 5, &(struct legend){MAP_GREY, 1, NULL});
    looks(&c, "-0.41 Ooo~~-,,0..+**##@ +0.41\n"
              "0  .::-=++*##%@ 3.2 after relu\n"
              "  -0.41..+0.41\n"
              "red, green, blue 0..1\n"
              "0..1\n");
    canvas_fini(&c);
}

/* From end to end of the map, rising, and nothing beside it. */
Test(legend, at_any_width)
{
    for (enum map map = MAP_GREY; map <= MAP_COLOUR; map++)
        for (int cols = 1; cols < 90; cols++)
            for (int range = 0; range < 3; range++) {
                struct canvas c = new_canvas(1, cols + 2, &full);
                int before = -1, first = -1;
                legend_draw(&c, 0, 1, cols, &(struct legend){map, range == 2 ? NAN : (float)range, NULL});
                cr_assert(at(&c, 0, 0)->ch == ' ' && at(&c, 0, cols + 1)->ch == ' ');
                for (int k = 1; k <= cols; k++)
                    if (at(&c, 0, k)->map == map) {
                        int level = at(&c, 0, k)->top;
                        first = before < 0 ? level : first;
                        cr_assert(level > before);
                        if (map == MAP_SIGNED && at(&c, 0, k)->ch == '0')
                            cr_assert_eq(level, LEVEL_ZERO);
                        before = level;
                    }
                cr_assert(before < 0 || (first == 0 && before == LEVELS - 1), "%d..%d", first, before);
                canvas_fini(&c);
            }
}

/* ---- bars ---- */

Test(bars, of_eighths)
{
    static const struct bar bars[] = {
        {"0", 0.5f, false, false}, {"1", 0.26f, true, false}, {"2", 1, false, true},
        {"3", 0, false, false},    {"4", 7, false, false},    {"5", NAN, false, false},
    };
    struct canvas c = new_canvas(6, 20, &full);
    bars_draw(&c, bars, ARRAY_LEN(bars));
    looks(&c, " 0 ████▌      50.0 %\n"
              "✓1 ██▍        26.0 %\n" /* 18.7 eighths of nine columns: 19 */
              " 2 █████████ 100.0 %\n"
              " 3             0.0 %\n"
              " 4 █████████ 700.0 %\n"
              " 5             nan %\n");
    cr_assert_eq(at(&c, 2, 3)->role, ROLE_BAR);
    cr_assert_eq(at(&c, 1, 3)->role, ROLE_BAR_TRUE);
    cr_assert_eq(at(&c, 2, 1)->role, ROLE_STRONG);
    c.style = &poor;
    canvas_clear(&c);
    bars_draw(&c, bars, 3);
    looks(&c, " 0 ####       50.0 %\n*1 ##         26.0 %\n 2 ######### 100.0 %\n\n\n\n");
    canvas_fini(&c);
}

Test(bars, at_any_size)
{
    static const struct bar bars[] = {{"a very long name", 0.5f, true, true}, {"猫", 0.25f, false, false}};
    for (int cols = 1; cols < 40; cols++) {
        struct canvas c = new_canvas(4, cols, &full);
        struct canvas part = canvas_part(&c, (struct rect){1, 0, 1, cols});
        bars_draw(&part, bars, 2);
        for (int x = 0; x < cols; x++)
            cr_assert(at(&c, 0, x)->ch == ' ' && at(&c, 2, x)->ch == ' ');
        canvas_fini(&c);
    }
}

/* ---- plot ---- */

enum { LABELS = 7 /* columns before the first of the plane, with the axis */ };

/* Is the pixel (half row y, column x of the plane) of that line? */
static bool lit(const struct canvas *c, int y, int x, int line)
{
    const struct cell *cell = at(c, y / 2, LABELS + x);
    return cell->map == MAP_LINE && (y % 2 ? cell->bottom : cell->top) == line;
}

static int lowest(const struct canvas *c, int x, int line, int step)
{
    int halves = 2 * (c->rows - 1);
    for (int y = step > 0 ? 0 : halves - 1; y >= 0 && y < halves; y += step)
        if (lit(c, y, x, line))
            return y;
    return -1;
}

/* Every column from the first point to the last has a pixel, and neighbours touch. */
static void expect_joined(const struct canvas *c, int from, int to, int line)
{
    for (int x = from; x <= to; x++) {
        int top = lowest(c, x, line, 1), bottom = lowest(c, x, line, -1);
        cr_assert_geq(top, 0, "a gap at column %d of %d", x, c->cols - LABELS);
        if (x == from)
            continue;
        int top_before = lowest(c, x - 1, line, 1), bottom_before = lowest(c, x - 1, line, -1);
        cr_assert(top <= bottom_before + 1 && bottom >= top_before - 1, "a gap before column %d", x);
        for (int y = top; y <= bottom; y++)
            cr_assert(lit(c, y, x, line), "a hole in column %d", x);
    }
}

Test(plot, lines_have_no_gaps)
{
    static const struct plot_point lines[][3] = {
        {{0, 0}, {10, 1}, {10, 1}}, {{0, 1}, {10, 0}, {10, 0}},  {{0, 0}, {5, 1}, {10, 0}},
        {{0, 1}, {0, 0}, {10, 0}},  {{0, 0}, {9.9, 0}, {10, 1}}, {{0, 0.5f}, {1, 0.5f}, {10, 0.5f}},
    };
    for (int i = 0; i < ARRAY_LEN(lines); i++)
        for (int rows = 2; rows < 40; rows += 5)
            for (int cols = LABELS + 2; cols < 100; cols += 9) {
                struct canvas c = new_canvas(rows, cols, &full);
                struct plot p = {
                    .series = {{lines[i], 3, LINE_TEST_LOSS, NULL}}, .count = 1, .x_high = 10, .y_high = 1};
                plot_draw(&c, &p);
                expect_joined(&c, 0, cols - LABELS - 1, LINE_TEST_LOSS);
                canvas_fini(&c);
            }
}

Test(plot, points_lie_where_they_belong)
{
    static const struct plot_point points[] = {{0, 0}, {1, 1}, {2, 2}, {3, 3},
                                               {4, 4}, {5, 5}, {6, 6}, {7, 7}};
    struct canvas c = new_canvas(5, LABELS + 8, &full);
    struct plot p = {
        .series = {{points, 8, LINE_TRAIN_LOSS, NULL}}, .count = 1, .x_high = 7, .y_low = 0, .y_high = 7};
    plot_draw(&c, &p);
    for (int x = 0; x < 8; x++)
        cr_assert(lit(&c, 7 - x, x, LINE_TRAIN_LOSS), "point %d", x);
    cr_assert_not(lit(&c, 7, 7, LINE_TRAIN_LOSS));
    canvas_fini(&c);
}

Test(plot, gaps_where_there_is_no_number)
{
    static const struct plot_point points[] = {{0, 1}, {3, 1}, {4, NAN}, {6, 1}, {9, INFINITY}};
    struct canvas c = new_canvas(4, LABELS + 10, &full);
    struct plot p = {.series = {{points, 5, LINE_RAW, NULL}}, .count = 1, .x_high = 9};
    plot_draw(&c, &p);
    static const char expected[] = "####  #   ";
    for (int x = 0; x < 10; x++)
        cr_assert_eq(lowest(&c, x, LINE_RAW, 1) >= 0, expected[x] == '#', "column %d", x);
    canvas_fini(&c);
}

Test(plot, as_text)
{
    static const struct plot_point down[] = {{0, 2}, {4, 1}, {20, 0}}, flat[] = {{0, 1}, {20, 1}};
    struct canvas c = new_canvas(7, 40, &full);
    struct plot p = {.series = {{down, 3, LINE_TRAIN_LOSS, "loss"}, {flat, 2, LINE_TEST_LOSS, "test"}},
                     .count = 2,
                     .x_high = 20,
                     .x_name = "step"};
    plot_draw(&c, &p);
    looks(&c, "     2┤***\n"
              "      │  ***\n"
              "      │    ***\n"
              "     1┤ooooooooooooooooooooooooooooooooo\n"
              "      │                 ***********\n"
              "     0┤                           ******\n"
              "       0       * loss  o test    step 20\n");
    canvas_fini(&c);
    c = new_canvas(4, 24, &poor);
    p = (struct plot){
        .series = {{flat, 2, LINE_TEST_ACCURACY, NULL}}, .count = 1, .x_high = 20, .percent = true};
    plot_draw(&c, &p);
    looks(&c, " 100 %+xxxxxxxxxxxxxxxxx\n      |\n   0 %+\n       0              20\n");
    canvas_fini(&c);
}

/* Any numbers, any size: nothing is drawn elsewhere, labels are whole, and it ends. */
Test(plot, awkward_numbers)
{
    static const float values[][2] = {
        {0, 0},           {3, 3},          {-1e20f, -1e20f},     {1e30f, 2e38f},
        {1e-30f, 2e-30f}, {-5, 5},         {NAN, NAN},           {123456, 1234567},
        {-3e38f, 3e38f},  {99999, 100001}, {INFINITY, -INFINITY}};
    for (int i = 0; i < ARRAY_LEN(values); i++)
        for (int rows = 1; rows < 140; rows += rows < 10 ? 1 : 60)
            for (int cols = 1; cols < 600; cols += cols < 12 ? 1 : 190)
                for (int count = 0; count <= 2; count++) {
                    struct plot_point points[] = {{0, values[i][0]}, {7, values[i][1]}};
                    struct canvas c = new_canvas(rows + 2, cols + 2, &full);
                    struct canvas part = canvas_part(&c, (struct rect){1, 1, rows, cols});
                    struct plot p = {.series = {{points, count, LINE_RAW, "x"}}, .count = 1, .x_high = 7};
                    plot_draw(&part, &p);
                    for (int x = 0; x < cols + 2; x++)
                        cr_assert(at(&c, 0, x)->ch == ' ' && at(&c, rows + 1, x)->ch == ' ');
                    for (int y = 0; y < rows + 2; y++)
                        cr_assert(at(&c, y, 0)->ch == ' ' && at(&c, y, cols + 1)->ch == ' ');
                    canvas_fini(&c);
                }
}

Test(plot, labels_are_whole)
{
    static const float tops[] = {0.03f,  0.3f, 3,    30,    300,   3000, 30000,
                                 300000, 3e6f, 3e7f, 3e10f, 3e20f, 3e38f};
    for (int i = 0; i < ARRAY_LEN(tops); i++) {
        struct plot_point points[] = {{0, 0}, {7, tops[i]}};
        struct canvas c = new_canvas(20, 40, &full);
        struct plot p = {.series = {{points, 2, LINE_RAW, NULL}}, .count = 1, .x_high = 7};
        plot_draw(&c, &p);
        double before = INFINITY;
        int labels = 0;
        char *dump = canvas_dump(&c), *line = dump;
        for (int y = 0; y < 19; y++, line = strchr(line, '\n') + 1) {
            char *end;
            double value = strtod(line, &end);
            if (end == line || end - line > 6)
                continue;
            value *= *end == 'k' ? 1e3 : *end == 'M' ? 1e6 : *end == 'G' ? 1e9 : 1;
            cr_assert(value < before && value >= 0 && value <= (double)tops[i] * 1.01, "'%.12s' for %g", line,
                      (double)tops[i]);
            before = value;
            labels++;
        }
        cr_assert(labels >= 3, "%d labels for %g:\n%s", labels, (double)tops[i], dump);
        free(dump);
        canvas_fini(&c);
    }
}
