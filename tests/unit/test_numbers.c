/** numbers and legend: what pictures are in digits, and what their colours stand for. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "looks.h"
#include "tui/widgets/legend.h"
#include "tui/widgets/numbers.h"

static const struct cell *at(const struct canvas *c, int row, int col)
{
    return &c->cell[row * c->cols + col];
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
