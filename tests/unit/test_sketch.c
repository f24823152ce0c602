/** Drawing by hand: what a stroke leaves on the sheet, and what is taken back. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "data/sketch.h"

enum { H = 40, W = 60 };
static struct sketch s;

static void set_up(void)
{
    cr_assert_eq(sketch_init(&s, H, W, NULL), ERR_NONE);
}

static void tear_down(void)
{
    sketch_fini(&s);
}

TestSuite(sketch, .init = set_up, .fini = tear_down);

static struct nib nib(float x, float y, float radius)
{
    return (struct nib){x, y, radius};
}

static float ink(int row, int col)
{
    return s.sheet.data[row * W + col];
}

static void copy(float *to)
{
    memcpy(to, s.sheet.data, sizeof(float) * H * W);
}

static bool same(const float *as)
{
    return memcmp(as, s.sheet.data, sizeof(float) * H * W) == 0;
}

/* Full inside, nothing beyond the soft edge, something between; a capsule's area. */
Test(sketch, a_stroke_has_the_width_of_its_pen)
{
    double sum = 0;
    cr_assert(sketch_press(&s, SKETCH_PEN, nib(10, 20, 4)));
    cr_assert(sketch_drag(&s, nib(50, 20, 4)));
    for (int i = 0; i < H; i++)
        for (int j = 0; j < W; j++) {
            double x = j + 0.5, y = i + 0.5, along = fmin(fmax(x, 10), 50), far = hypot(x - along, y - 20);
            cr_assert(far > 3.5 || ink(i, j) == 1);
            cr_assert(far < 4.5 || ink(i, j) == 0);
            sum += (double)ink(i, j);
        }
    cr_assert_float_eq(sum, 40 * 8 + 3.14159 * 16, 4);
}

Test(sketch, ink_does_not_add_up_and_an_eraser_takes_it_away)
{
    float before[H * W];
    sketch_press(&s, SKETCH_PEN, nib(20, 20, 5));
    copy(before);
    sketch_press(&s, SKETCH_PEN, nib(20, 20, 5));
    cr_assert(same(before));
    sketch_press(&s, SKETCH_ERASER, nib(20, 20, 8));
    for (int i = 0; i < H * W; i++)
        cr_assert_eq(s.sheet.data[i], 0);
}

/* Whatever was done, taking all of it back step by step shows each sheet again, and bringing it back too. */
Test(sketch, everything_can_be_taken_back)
{
    static float sheet[8][H * W];
    int steps = 0;
    for (; steps < 7; steps++) {
        copy(sheet[steps]);
        if (steps == 6)
            sketch_clear(&s);
        else {
            enum sketch_tool tool = steps % 2 ? SKETCH_ERASER : SKETCH_PEN;
            sketch_press(&s, tool, nib(10, (float)(5 + 2 * steps), 3));
            for (int i = 1; i <= steps; i++)
                sketch_drag(&s, nib((float)(10 + 6 * i), (float)(12 + i % 2), 3));
        }
        cr_assert_not(same(sheet[steps]));
    }
    copy(sheet[steps]);
    for (int at = steps; at > 0; at--) {
        cr_assert(same(sheet[at]));
        cr_assert(sketch_undo(&s));
    }
    cr_assert(same(sheet[0]));
    cr_assert_not(sketch_undo(&s));
    for (int at = 1; at <= steps; at++) {
        cr_assert(sketch_redo(&s));
        cr_assert(same(sheet[at]), "step %d", at);
    }
    cr_assert_not(sketch_redo(&s));
    sketch_undo(&s);
    sketch_press(&s, SKETCH_PEN, nib(1, 1, 1));
    cr_assert_not(sketch_redo(&s), "something new was drawn");
}

Test(sketch, outside_the_sheet_is_left_out)
{
    cr_assert(sketch_press(&s, SKETCH_PEN, nib(-1000, -1000, 3)));
    cr_assert(sketch_drag(&s, nib(1000, 1000, 3)));
    cr_assert(sketch_press(&s, SKETCH_ERASER, nib(1e9f, 5, 2)));
    cr_assert_eq(ink(20, 20), 1);
}

Test(sketch, a_full_list_says_so)
{
    cr_assert(sketch_press(&s, SKETCH_PEN, nib(1, 1, 1)));
    while (s.count < SKETCH_MARKS)
        cr_assert(sketch_drag(&s, nib((float)(s.count % W), 5, 1)));
    cr_assert_not(sketch_drag(&s, nib(1, 1, 1)));
    cr_assert_not(sketch_clear(&s));
    cr_assert(sketch_undo(&s));
    cr_assert_eq(s.count, 0, "it was one stroke");
    cr_assert(sketch_clear(&s));
    cr_assert_eq(s.count, 0);
}
