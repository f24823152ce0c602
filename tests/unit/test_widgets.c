/** heat, tiles and bars: every pixel where its definition puts it, at any size, on every kind of terminal. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "looks.h"
#include "tui/widgets/bars.h"
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

Test(tiles, none_at_all)
{
    struct tiles none = {.h = 3, .w = 3, .map = MAP_GREY, .range = 1, .mark = -1};
    for (int rows = 1; rows < 30; rows += 7)
        for (int cols = 1; cols < 60; cols += 9) {
            struct tiles_fit f = tiles_fit(&none, rows, cols);
            cr_assert(f.per_row >= 1 && f.shown == 0, "%d a row, %d shown", f.per_row, f.shown);
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

/* Two white pictures of 4x5 at zoom 1, in a light. */
static struct tiles grey_pair(const struct light *light)
{
    return (struct tiles){.v = grey_tiles,
                          .n = 2,
                          .h = 4,
                          .w = 5,
                          .map = MAP_GREY,
                          .range = 1,
                          .most = 1,
                          .mark = -1,
                          .light = light};
}

/* Half blocks: each half for itself. */
Test(tiles, dim_what_is_not_lit)
{
    static const struct light l = {1, 2, 1, 1, 2, 3, 0, 0};
    struct tiles t = grey_pair(&l);
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
    struct tiles t = grey_pair(&l);
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

/* ---- bars ---- */

Test(bars, of_eighths)
{
    static const struct bar bars[] = {
        {"0", 0.5f, false, false, false}, {"1", 0.26f, true, false, false}, {"2", 1, false, true, false},
        {"3", 0, false, false, false},    {"4", 7, false, false, false},    {"5", NAN, false, false, false},
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
    struct bar pointed = bars[0];
    pointed.pointed = true;
    bars_draw(&c, &pointed, 1);
    cr_assert_eq(at(&c, 0, 1)->role, ROLE_CURSOR);
    cr_assert_eq(at(&c, 0, 0)->ch, '>');
    canvas_fini(&c);
}

Test(bars, at_any_size)
{
    static const struct bar bars[] = {{"a very long name", 0.5f, true, true, false},
                                      {"猫", 0.25f, false, false, false}};
    for (int cols = 1; cols < 40; cols++) {
        struct canvas c = new_canvas(4, cols, &full);
        struct canvas part = canvas_part(&c, (struct rect){1, 0, 1, cols});
        bars_draw(&part, bars, 2);
        for (int x = 0; x < cols; x++)
            cr_assert(at(&c, 0, x)->ch == ' ' && at(&c, 2, x)->ch == ' ');
        canvas_fini(&c);
    }
}
