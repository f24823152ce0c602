/** plot and time_strip: lines without gaps where their numbers are, and a place in time that can be pointed at. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "looks.h"
#include "tui/widgets/plot.h"
#include "tui/widgets/time_strip.h"

static const struct cell *at(const struct canvas *c, int row, int col)
{
    return &c->cell[row * c->cols + col];
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

/* From one end to the other at its x, with caps of three columns. */
Test(plot, bars_reach_from_end_to_end)
{
    static const struct plot_point line[] = {{0, 0}, {10, 0}};
    static const struct plot_bar bar[] = {{5, 0.25f, 0.75f, LINE_TEST_LOSS}, {20, 0, 1, LINE_TEST_LOSS}};
    struct plot p = {.series[0] = {.point = line, .count = 2, .line = LINE_TRAIN_LOSS},
                     .count = 1,
                     .bar = bar,
                     .bars = 2,
                     .x_high = 10,
                     .y_high = 1};
    struct canvas c = new_canvas(21, LABELS + 41, &full);
    plot_draw(&c, &p);
    int halves = 2 * (c.rows - 1), top = lowest(&c, 20, LINE_TEST_LOSS, 1),
        bottom = lowest(&c, 20, LINE_TEST_LOSS, -1);
    cr_assert_eq(top, lrint(0.25 * (halves - 1)));
    cr_assert_eq(bottom, lrint(0.75 * (halves - 1)));
    for (int y = 0; y < halves; y++)
        for (int x = 0; x < 41; x++) {
            bool cap = (y == top || y == bottom) && abs(x - 20) <= 1,
                 bar_there = x == 20 && y >= top && y <= bottom;
            cr_assert_eq(lit(&c, y, x, LINE_TEST_LOSS), cap || bar_there, "half row %d, column %d", y, x);
        }
    canvas_fini(&c);
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
                struct plot p = {.series = {{lines[i], 3, LINE_TEST_LOSS, NULL, false}},
                                 .count = 1,
                                 .x_high = 10,
                                 .y_high = 1};
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
    struct plot p = {.series = {{points, 8, LINE_TRAIN_LOSS, NULL, false}},
                     .count = 1,
                     .x_high = 7,
                     .y_low = 0,
                     .y_high = 7};
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
    struct plot p = {.series = {{points, 5, LINE_RAW, NULL, false}}, .count = 1, .x_high = 9};
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
    struct plot p = {
        .series = {{down, 3, LINE_TRAIN_LOSS, "loss", false}, {flat, 2, LINE_TEST_LOSS, "test", false}},
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
        .series = {{flat, 2, LINE_TEST_ACCURACY, NULL, false}}, .count = 1, .x_high = 20, .percent = true};
    plot_draw(&c, &p);
    looks(&c, " 100 %+xxxxxxxxxxxxxxxxx\n      |\n   0 %+\n       0              20\n");
    canvas_fini(&c);
}

/* What comes from outside of the window is cut at its edge: no gap there, and at the height that the line has there. */
Test(plot, window_into_a_line)
{
    static const struct plot_point points[] = {{0, 0}, {100, 10}};
    for (int from = 0; from <= 90; from += 10) {
        struct canvas c = new_canvas(11, LABELS + 21, &full);
        struct plot p = {.series = {{points, 2, LINE_RAW, NULL, false}},
                         .count = 1,
                         .x_low = from,
                         .x_high = from + 10,
                         .y_high = 10};
        plot_draw(&c, &p);
        expect_joined(&c, 0, 20, LINE_RAW);
        for (int x = 0; x <= 20; x += 20) {
            double y = 19 * (1 - (from + x / 2.0) / 100);
            cr_assert_leq(fabs(lowest(&c, x, LINE_RAW, 1) - y), 1, "window from %d, column %d", from, x);
        }
        canvas_fini(&c);
    }
}

Test(plot, tight_covers_what_is_seen)
{
    static const struct plot_point points[] = {{0, 0}, {10, 0.98f}, {15, 0.96f}, {20, 0.99f}};
    struct canvas c = new_canvas(8, LABELS + 21, &full);
    struct plot p = {.series = {{points, 4, LINE_TEST_ACCURACY, "test", false}},
                     .count = 1,
                     .x_low = 10,
                     .x_high = 20,
                     .y_high = 1,
                     .tight = true,
                     .percent = true};
    plot_draw(&c, &p);
    looks(&c, "      │                    x\n"
              "      │                  xxx\n"
              "  98 %┤xxxx             xx\n"
              "      │   xxx         xxx\n"
              "      │     xxx      xx\n"
              "      │       xxx  xxx\n"
              "  96 %┤         xxxx\n"
              "       10    x test       20\n");
    canvas_fini(&c);
}

/* y goes by its logarithm: equal factors are equal distances, and what has none is a gap. */
Test(plot, logarithmic)
{
    struct plot_point points[9];
    struct canvas c = new_canvas(9 + 1, LABELS + 9, &full);
    struct plot p = {
        .series = {{points, 9, LINE_TRAIN_LOSS, NULL, false}}, .count = 1, .x_high = 8, .log_y = true};
    for (int i = 0; i < 9; i++)
        points[i] = (struct plot_point){i, powf(10, (float)(i - 4) / 2)};
    plot_draw(&c, &p);
    for (int x = 0; x < 9; x++) {
        double y = 17 - 17.0 * x / 8;
        cr_assert_leq(fabs(lowest(&c, x, LINE_TRAIN_LOSS, 1) - y), 1.5, "column %d", x);
    }
    char *dump = canvas_dump(&c);
    for (int power = 0; power < 3; power++)
        cr_assert_not_null(strstr(dump, (const char *const[]){"   100┤", "     1┤", "  0.01┤"}[power]), "%s",
                           dump);
    free(dump);
    points[3].y = 0, points[4].y = -3;
    canvas_clear(&c);
    plot_draw(&c, &p);
    for (int x = 0; x < 9; x++)
        cr_assert_eq(lowest(&c, x, LINE_TRAIN_LOSS, 1) >= 0, x != 3 && x != 4, "column %d", x);
    canvas_fini(&c);
}

Test(plot, logarithmic_ticks)
{
    static const struct {
        float low, high;
        const char *ticks[4];
    } spans[] = {{0.05f, 2, {"1", "0.1"}},
                 {1, 10, {"10", "5", "2", "1"}},
                 {1e-7f, 1, {"1e-0"}},
                 {0.051f, 0.079f, {"0.06", "0.07"}},
                 {2, 2, {"2"}},
                 {0, 0, {"1", "0.1"}},
                 {-5, -1, {"1"}}};
    for (int i = 0; i < ARRAY_LEN(spans); i++) {
        struct plot_point points[] = {{0, spans[i].low}, {1, spans[i].high}};
        struct canvas c = new_canvas(20, LABELS + 20, &full);
        struct plot p = {
            .series = {{points, 2, LINE_RAW, NULL, false}}, .count = 1, .x_high = 1, .log_y = true};
        plot_draw(&c, &p);
        char *dump = canvas_dump(&c);
        for (int k = 0; k < 4 && spans[i].ticks[k]; k++)
            cr_assert_not_null(strstr(dump, spans[i].ticks[k]), "%s of %g..%g:\n%s", spans[i].ticks[k],
                               (double)spans[i].low, (double)spans[i].high, dump);
        free(dump);
        canvas_fini(&c);
    }
}

Test(plot, read_at_or_before)
{
    static const struct plot_point a[] = {{1, 5}, {4, 6}, {4, 7}, {9, NAN}, {12, 8}}, b[] = {{3, -1}};
    struct plot p = {.series = {{a, 5, LINE_RAW, NULL, false},
                                {b, 1, LINE_RAW, NULL, false},
                                {NULL, 0, LINE_RAW, NULL, false}},
                     .count = 3};
    static const struct {
        double x;
        float a, b;
    } rows[] = {{0, NAN, NAN}, {1, 5, NAN},  {2.9, 5, NAN}, {3, 5, -1},  {4, 7, -1},
                {8, 7, -1},    {9, NAN, -1}, {11, NAN, -1}, {12, 8, -1}, {99, 8, -1}};
    for (int i = 0; i < ARRAY_LEN(rows); i++) {
        float out[PLOT_SERIES];
        plot_read(&p, rows[i].x, out);
        cr_assert(out[0] == rows[i].a || (isnan(out[0]) && isnan(rows[i].a)), "at %g: %g", rows[i].x,
                  (double)out[0]);
        cr_assert(out[1] == rows[i].b || (isnan(out[1]) && isnan(rows[i].b)), "at %g: %g", rows[i].x,
                  (double)out[1]);
        for (int k = 2; k < PLOT_SERIES; k++)
            cr_assert(isnan(out[k]));
    }
}

Test(plot, cross_hair)
{
    static const struct plot_point down[] = {{0, 2}, {4, 1}, {20, 0}}, flat[] = {{10, 1}, {20, 1}};
    double x = 4;
    struct canvas c = new_canvas(7, 48, &full);
    struct plot p = {
        .series = {{down, 3, LINE_TRAIN_LOSS, "loss", false}, {flat, 2, LINE_TEST_LOSS, "test", false}},
        .count = 2,
        .x_high = 20,
        .x_name = "step",
        .cross = &x};
    plot_draw(&c, &p);
    looks(&c, "     2┤****    ┃ step 4\n"
              "      │   **** ┃\n"
              "      │      ***\n"
              "     1┤        ●***********ooooooooooooooooooooo\n"
              "      │        ┃            **************\n"
              "     0┤        ┃                         *******\n"
              "       0       * loss 1.000  o test -    step 20\n");
    x = 20;
    canvas_clear(&c);
    plot_draw(&c, &p);
    char *dump = canvas_dump(&c); /* on the left of it, where there is room */
    cr_assert_not_null(strstr(dump, " step 20 ┃\n"), "%s", dump);
    cr_assert_not_null(strstr(dump, "* loss 0.000  o test 1.000"), "%s", dump);
    free(dump);
    canvas_fini(&c);
}

Test(plot, cross_hair_without_half_blocks)
{
    static const struct plot_point flat[] = {{0, 1}, {20, 1}};
    double x = 10;
    struct canvas c = new_canvas(4, 24, &poor);
    struct plot p = {
        .series = {{flat, 2, LINE_OTHER_TEST_LOSS, "b", true}}, .count = 1, .x_high = 20, .cross = &x};
    plot_draw(&c, &p);
    looks(&c,
          "     1+&&&  &&&O &&&  &&\n      |        !\n     0+        ! x 10\n       0  & b 1.000   20\n");
    canvas_fini(&c);
}

/* Dashes: of another family, also where lines have no colour. */
Test(plot, dashed)
{
    static const struct plot_point flat[] = {{0, 1}, {9, 1}};
    struct canvas c = new_canvas(3, LABELS + 10, &full);
    struct plot p = {.series = {{flat, 2, LINE_OTHER_TRAIN_LOSS, NULL, true}}, .count = 1, .x_high = 9};
    plot_draw(&c, &p);
    static const char expected[] = "###  ###  ";
    for (int x = 0; x < 10; x++)
        cr_assert_eq(lowest(&c, x, LINE_OTHER_TRAIN_LOSS, 1) >= 0, expected[x] == '#', "column %d", x);
    canvas_fini(&c);
}

/* A click on the cross-hair gives its x again. */
Test(plot, hit)
{
    for (int rows = 1; rows < 20; rows += 3)
        for (int cols = 1; cols < 560; cols += cols < 40 ? 3 : 130)
            for (int k = 0; k <= 10; k++) {
                double x = 100 + k, hit;
                struct plot p = {.x_low = 100, .x_high = 110, .cross = &x};
                struct canvas c = new_canvas(rows, cols, &full);
                int found = 0;
                plot_draw(&c, &p);
                for (int row = 0; row < rows; row++)
                    for (int col = 0; col < cols; col++) {
                        bool in = plot_hit(&p, rows, cols, row, col, &hit);
                        cr_assert(!in || (hit >= 100 && hit <= 110.0001));
                        if (at(&c, row, col)->ch == 0x2503) {
                            cr_assert(in && fabs(hit - x) <= 0.51 * plot_column(&p, cols), "%g, not %g", hit,
                                      x);
                            found++;
                        }
                    }
                cr_assert_eq(found, rows < 2 || cols < LABELS + 2 ? 0 : rows - 1);
                canvas_fini(&c);
            }
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
                    double cross = 7.0 * (rows % 3) / 2;
                    struct plot p = {.series = {{points, count, LINE_RAW, "x", cols % 2}},
                                     .count = 1,
                                     .x_high = 7,
                                     .log_y = rows % 2,
                                     .tight = cols % 3 == 0,
                                     .cross = count == 1 ? NULL : &cross};
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
        struct plot p = {.series = {{points, 2, LINE_RAW, NULL, false}}, .count = 1, .x_high = 7};
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

/* ---- time_strip ---- */

Test(time_strip, as_text)
{
    static const long fork = 400, cross = 900;
    struct canvas c = new_canvas(5, 40, &full);
    time_strip_draw(&c, 0, 0, 36, &(struct time_strip){.end = 1000, .at = 600, .epoch = 200});
    time_strip_draw(
        &c, 1, 2, 36,
        &(struct time_strip){.end = 1000, .at = 1000, .epoch = 200, .fork = &fork, .cross = &cross});
    time_strip_draw(&c, 2, 0, 12, &(struct time_strip){.end = 1000, .at = 0});
    time_strip_draw(&c, 3, 0, 40, &(struct time_strip){.end = 0});
    time_strip_draw(&c, 4, 0, 1, &(struct time_strip){.end = 10, .at = 7});
    looks(&c, "0 ━━━━━━┿━━━━┿━━━━━●────┼────── 1000\n"
              "  0 ━━━━━━┿━━━━◆━━━━━┿━━━━┿━━+━━● 1000\n"
              "●───────────\n"
              "0 ●─────────────────────────────────── 0\n"
              "●\n");
    cr_assert_eq(at(&c, 0, 5)->role, ROLE_FOCUS);
    cr_assert_eq(at(&c, 0, 25)->role, ROLE_FRAME);
    canvas_fini(&c);
    c = new_canvas(1, 40, &poor);
    time_strip_draw(
        &c, 0, 0, 36,
        &(struct time_strip){.end = 1000, .at = 600, .epoch = 200, .fork = &fork, .cross = &cross});
    looks(&c, "0 ======+====Y=====@----+--+--- 1000\n");
    canvas_fini(&c);
}

/* A click on what is drawn gives its step again, and on the ends exactly these. */
Test(time_strip, hit)
{
    for (int cols = 1; cols < 200; cols += cols < 30 ? 1 : 31)
        for (long end = 0; end < 3000000; end = 7 * end + 3)
            for (int k = 0; k <= 4; k++) {
                long at_step = end * k / 4, step, first = -1, last = -1;
                struct time_strip s = {.end = end, .at = at_step, .epoch = 3};
                struct canvas c = new_canvas(1, cols + 2, &full);
                time_strip_draw(&c, 0, 1, cols, &s);
                int found = 0;
                cr_assert(at(&c, 0, 0)->ch == ' ' && at(&c, 0, cols + 1)->ch == ' ');
                for (int col = 0; col < cols; col++)
                    if (time_strip_hit(&s, cols, col, &step)) {
                        first = first < 0 ? step : first;
                        cr_assert(step >= last && step <= end);
                        last = step;
                        if (at(&c, 0, col + 1)->ch != 0x25cf)
                            continue;
                        found++;
                        cr_assert(cols < 12 || labs(step - at_step) <= end / 8 + 1,
                                  "%ld for %ld of %ld in %d", step, at_step, end, cols);
                    }
                cr_assert(found == 1 && last == end && (first == 0 || cols == 1));
                cr_assert_not(time_strip_hit(&s, cols, cols, &step) || time_strip_hit(&s, cols, -1, &step));
                canvas_fini(&c);
            }
}

/* However many epochs there are, ticks leave room between each other. */
Test(time_strip, ticks_do_not_touch)
{
    for (long end = 10; end < 100000; end *= 3)
        for (int cols = 2; cols < 120; cols += 9) {
            struct canvas c = new_canvas(1, cols, &full);
            int last = -9;
            time_strip_draw(&c, 0, 0, cols, &(struct time_strip){.end = end, .epoch = 1});
            for (int k = 0; k < cols; k++)
                if (at(&c, 0, k)->ch == 0x253c) {
                    cr_assert_geq(k - last, 3);
                    last = k;
                }
            canvas_fini(&c);
        }
}

/* ---- quantities, a window, and numbered places ---- */

/* The text of a row, without its pixels. */
static const char *row_text(const struct canvas *c, int row)
{
    static char text[400];
    for (int x = 0; x < c->cols; x++) {
        const struct cell *cell = at(c, row, x);
        text[x] = (char)(cell->map == MAP_NONE && cell->ch < 0x7f ? (int)cell->ch : '~');
    }
    text[c->cols] = 0;
    return text;
}

Test(plot, x_is_a_quantity)
{
    static const struct {
        double low, high;
        const char *first, *last;
    } axes[] = {{0, 4, "0.00", "4.00 s"}, {2.1, 2.13, "2.1000", "2.1300 s"}, {0, 600, "0", "600 s"}};
    for (int i = 0; i < ARRAY_LEN(axes); i++) {
        struct canvas c = new_canvas(8, 60, &full);
        struct plot p = {.x_low = axes[i].low, .x_high = axes[i].high, .y_high = 1, .x_unit = "s"};
        plot_draw(&c, &p);
        const char *text = row_text(&c, 7);
        cr_assert(strstr(text, axes[i].first) && strstr(text, axes[i].last), "%s", text);
        canvas_fini(&c);
    }
}

/* A frame of the columns of both ends, one column where they are the same, nothing where it is out of sight. */
Test(plot, outline)
{
    static const double between[][2] = {{10, 20}, {10, 10}, {-5, 10}, {90, 200}, {-9, -1}, {101, 120}};
    static const int columns[][2] = {{10, 20}, {10, 10}, {0, 10}, {90, 100}, {-1, -1}, {-1, -1}};
    for (int i = 0; i < ARRAY_LEN(between); i++) {
        struct canvas c = new_canvas(8, LABELS + 101, &full);
        struct plot p = {.x_high = 100, .y_high = 1, .outline = between[i]};
        plot_draw(&c, &p);
        int first = -1, last = -1;
        for (int x = LABELS; x < c.cols; x++)
            if (at(&c, 3, x)->role == ROLE_FOCUS && at(&c, 3, x)->ch == 0x2502) {
                first = first < 0 ? x - LABELS : first;
                last = x - LABELS;
            }
        cr_assert(first == columns[i][0] && last == columns[i][1], "%d: %d to %d", i, first, last);
        canvas_fini(&c);
    }
}

Test(plot, numbered_places)
{
    static const double peak[] = {30, 70, 200};
    struct canvas c = new_canvas(8, LABELS + 101, &full);
    struct plot p = {.x_high = 100, .y_high = 1, .peak = peak, .peaks = 3};
    plot_draw(&c, &p);
    cr_assert(at(&c, 0, LABELS + 30)->ch == '1' && at(&c, 0, LABELS + 70)->ch == '2');
    cr_assert_null(strchr(row_text(&c, 0), '3'), "beyond the end");
    canvas_fini(&c);
}
