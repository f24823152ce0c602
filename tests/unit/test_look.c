/** What a theme and a gamma change on a canvas: levels, lines, letters. */
#include <criterion/criterion.h>

#include "looks.h"
#include "tui/widgets/big.h"
#include "tui/widgets/heat.h"
#include "tui/widgets/legend.h"
#include "tui/widgets/plot.h"
#include "tui/widgets/tiles.h"

static const struct style lifted = {RUNG_DIRECT, true, THEME_DARK, 0.5f};
static const struct style large = {RUNG_DIRECT, true, THEME_PROJECTOR, 1};
static const struct style large_ascii = {RUNG_MONO, false, THEME_PROJECTOR, 1};

Test(look, gamma_in_pictures)
{
    struct canvas c = new_canvas(1, 4, &lifted);
    const float v[2][4] = {{0, 0.25f, 1, 0.0625f}, {0.25f, -0.25f, -4, 0}};
    struct heat p = {.v = v[0], .h = 2, .w = 4, .map = MAP_SIGNED, .range = 1, .zoom = 1};
    const int expected[2][4] = {{32, 48, 64, 40}, {48, 16, 0, 32}};
    heat_draw(&c, 0, 0, 1, 4, &p);
    for (int x = 0; x < 4; x++) {
        cr_assert_eq(c.cell[x].top, expected[0][x]);
        cr_assert_eq(c.cell[x].bottom, expected[1][x]);
    }
    canvas_fini(&c);
}

/* A quarter of red, nothing of green, all of blue: two, none and four of four steps. */
Test(look, gamma_in_colour)
{
    struct canvas c = new_canvas(1, 1, &lifted);
    const float v[] = {0.25f, 0, 1};
    struct heat p = {.v = v, .h = 1, .w = 1, .map = MAP_COLOUR, .range = 1, .zoom = 1};
    heat_draw(&c, 0, 0, 1, 1, &p);
    cr_assert_eq(c.cell[0].top, 25 * 2 + 4);
    canvas_fini(&c);
}

/* A legend shows values at even distances, with the colours that pictures have for them. */
Test(look, gamma_in_legends)
{
    struct canvas c = new_canvas(1, 40, &lifted);
    struct legend l = {.map = MAP_HEAT, .range = 2};
    legend_draw(&c, 0, 0, 40, &l);
    int first = 2, last = 37;
    for (int k = 0; k <= last - first; k++)
        cr_assert_eq(c.cell[first + k].top,
                     style_shown(&lifted, MAP_HEAT, 2 * (float)k / (float)(last - first), 2), "%d", k);
    cr_assert_gt(c.cell[first + 9].top, 30);
    canvas_fini(&c);
}

Test(look, thick_frames)
{
    struct canvas c = new_canvas(3, 9, &large), poorer = new_canvas(2, 4, &large_ascii);
    canvas_frame(&c, (struct rect){0, 0, 3, 9}, ROLE_FRAME, "ab");
    looks(&c, "┏ ab ━━━┓\n┃       ┃\n┗━━━━━━━┛\n");
    canvas_frame(&poorer, (struct rect){0, 0, 2, 4}, ROLE_FRAME, NULL);
    looks(&poorer, "+--+\n+--+\n");
    canvas_fini(&c);
    canvas_fini(&poorer);
}

static int pixels_of_lines(const struct style *s)
{
    static const struct plot_point points[] = {{0, 0.2f}, {50, 0.8f}, {100, 0.5f}};
    struct plot p = {.count = 1, .x_high = 100, .y_high = 1};
    struct canvas c = new_canvas(12, 60, s);
    int count = 0;
    p.series[0] = (struct plot_series){.point = points, .count = 3, .line = LINE_TEST_LOSS};
    plot_draw(&c, &p);
    for (int i = 0; i < 12 * 60; i++)
        if (c.cell[i].map == MAP_LINE)
            count += (c.cell[i].top == LINE_TEST_LOSS) + (c.cell[i].bottom == LINE_TEST_LOSS);
    canvas_fini(&c);
    return count;
}

Test(look, thick_curves)
{
    cr_assert_geq(pixels_of_lines(&full), 50);
    cr_assert_geq(pixels_of_lines(&large), pixels_of_lines(&full) + 40);
}

Test(look, large_letters)
{
    struct canvas c = new_canvas(3, 20, &full), ascii = new_canvas(5, 11, &poor);
    cr_assert_eq(big_draw(&c, 0, 0, ROLE_GOOD, "7 4.1%", 1), big_cols("7 4.1%", 1));
    looks(&c, "▀▀█     █ █     ▄█\n"
              " █      ▀▀█      █\n"
              " ▀        ▀  ▀  ▀▀▀\n");
    cr_assert_eq(big_rows(&poor, 1), 5);
    big_draw(&ascii, 0, 0, ROLE_GOOD, "Hi!", 1);
    looks(&ascii, "# # ###  #\n"
                  "# #  #   #\n"
                  "###  #   #\n"
                  "# #  #\n"
                  "# # ###  #\n");
    canvas_fini(&c);
    canvas_fini(&ascii);
}

Test(look, large_letters_fit)
{
    const struct style *styles[] = {&full, &poor};
    for (int s = 0; s < 2; s++)
        for (int rows = 0; rows < 14; rows++)
            for (int cols = 0; cols < 60; cols++) {
                int zoom = big_zoom(styles[s], "99%", rows, cols, 4);
                cr_assert(zoom == 0 || (big_rows(styles[s], zoom) <= rows && big_cols("99%", zoom) <= cols));
                cr_assert(zoom == 4 || big_rows(styles[s], zoom + 1) > rows ||
                          big_cols("99%", zoom + 1) > cols);
            }
    cr_assert_eq(big_cols("", 3), 0);
    cr_assert_eq(big_cols("\u732b1", 1), 7,
                 "a place for each character, also for those that the font has not");
}

/* Twice as large is every pixel four times. */
Test(look, large_letters_at_a_zoom)
{
    struct canvas one = new_canvas(3, 11, &full), two = new_canvas(5, 22, &full);
    big_draw(&one, 0, 0, ROLE_TEXT, "8z5", 1);
    big_draw(&two, 0, 0, ROLE_TEXT, "8z5", 2);
    for (int y = 0; y < 5; y++)
        for (int x = 0; x < 22; x++) {
            uint32_t ch = one.cell[y / 2 * 11 + x / 2].ch, half = y % 2 ? 0x2584 : 0x2580;
            cr_assert_eq(two.cell[y * 22 + x].ch == 0x2588, ch == 0x2588 || ch == half, "%d %d", y, x);
            cr_assert(two.cell[y * 22 + x].ch == 0x2588 || two.cell[y * 22 + x].ch == ' ');
        }
    canvas_fini(&one);
    canvas_fini(&two);
}

/* ---- several kinds of pictures of the same things ---- */

enum { THINGS = 5, PIXELS = 4 };

static float values[THINGS * PIXELS], slopes[THINGS * PIXELS];

static struct tiles two_kinds(struct tile_kind kind[2])
{
    for (int i = 0; i < THINGS * PIXELS; i++) {
        values[i] = (float)(i + 1);
        slopes[i] = (float)(-2 * i - 2);
    }
    kind[0] = (struct tile_kind){values, MAP_HEAT, 20};
    kind[1] = (struct tile_kind){slopes, MAP_SIGNED, 0};
    return (struct tiles){.n = 2 * THINGS, .h = 2, .w = 2, .mark = -1, .kind = kind, .kinds = 2};
}

Test(look, kinds_beside_each_other)
{
    struct tile_kind kind[2];
    struct tiles t = two_kinds(kind);
    for (int k = 0; k < t.n; k++) {
        struct heat p = tiles_picture(&t, k, 1);
        cr_assert_eq(p.v, (k % 2 ? slopes : values) + k / 2 * PIXELS);
        cr_assert_eq(p.map, k % 2 ? MAP_SIGNED : MAP_HEAT);
        cr_assert_eq(p.range, k % 2 ? 8.0f * (float)(k / 2 + 1) : 20, "its own largest magnitude");
        cr_assert_eq(p.tile, k);
    }
}

/* At any size a row begins with a thing's first kind, where two have room beside each other. */
Test(look, kinds_stay_together)
{
    struct tile_kind kind[2];
    struct tiles t = two_kinds(kind);
    for (int rows = 1; rows < 30; rows++)
        for (int cols = 5; cols < 90; cols++) {
            struct tiles_fit fit = tiles_fit(&t, rows, cols);
            cr_assert(fit.per_row % 2 == 0 || fit.zoom > 1, "%d a row in %dx%d", fit.per_row, rows, cols);
            cr_assert(fit.per_row % 2 == 0 || tiles_cols(&t, fit.zoom, 2) > cols, "%d a row in %dx%d",
                      fit.per_row, rows, cols);
        }
}
