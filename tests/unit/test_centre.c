/** What MNIST's makers did to a digit: on pictures worked out by hand, on digits to which it was done already, and on photographs. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "data/centre.h"
#include "data/dataset.h"

enum { SIDE = 28, PIXELS = SIDE * SIDE };
static const struct shape mnist = {1, SIDE, SIDE};

static struct image picture(int c, int h, int w, float paper)
{
    struct image image = {.shape = {c, h, w}, .data = mem_floats((size_t)(c * h * w))};
    cr_assert_not_null(image.data);
    for (size_t i = 0; i < shape_count(image.shape); i++)
        image.data[i] = paper;
    return image;
}

static void bar(struct image *image, int top, int left, int rows, int cols, float ink)
{
    for (int i = top; i < top + rows; i++)
        for (int j = left; j < left + cols; j++)
            image->data[i * image->shape.w + j] = ink;
}

static struct centred centre(const struct image *image, struct shape want, float *out)
{
    struct centred did;
    struct diag diag = {0};
    cr_assert_eq(centre_picture(image, want, out, &did, &diag), ERR_NONE, "%s", diag.text);
    return did;
}

/* 40 x 10 of ink, twice as large as the box is tall: 20 x 5, even on both sides of its middle. */
Test(centre, a_bar_fills_the_box_and_lies_in_the_middle)
{
    struct image image = picture(1, 100, 60, 0);
    float out[PIXELS];
    bar(&image, 3, 44, 40, 10, 1);
    struct centred did = centre(&image, mnist, out);
    cr_assert(did.top == 3 && did.left == 44 && did.rows == 40 && did.cols == 10);
    cr_assert_float_eq(did.scale, 0.5f, 1e-6);
    cr_assert(did.scaled_rows == 20 && did.scaled_cols == 5);
    cr_assert(did.at_row == 4 && did.at_col == 12, "rows 4..23 have their middle at 13.5 and 14.5: %d",
              did.at_row);
    for (int i = 0; i < PIXELS; i++) {
        int row = i / SIDE, col = i % SIDE;
        bool inside = row >= did.at_row && row < did.at_row + 20 && col >= 12 && col < 17;
        cr_assert_float_eq(out[i], inside ? 1 : 0, 1e-6, "row %d, column %d", row, col);
    }
    image_fini(&image);
}

/* An L: its box has other middles than its mass. Its foot is 4 of 16 rows, so the centre of mass is known. */
Test(centre, mass_decides_and_says_how_far)
{
    struct image image = picture(1, 28, 28, 0);
    float out[PIXELS];
    double sum = 0, rows = 0, cols = 0;
    bar(&image, 2, 2, 20, 4, 1);
    bar(&image, 18, 2, 4, 16, 1);
    struct centred did = centre(&image, mnist, out);
    cr_assert(did.scaled_rows == 20 && did.scaled_cols == 16, "the scale is 1");
    for (int i = 0; i < PIXELS; i++) {
        sum += (double)out[i];
        rows += (double)out[i] * (i / SIDE);
        cols += (double)out[i] * (i % SIDE);
    }
    cr_assert_eq(sum, 20 * 4 + 4 * 12);
    cr_assert_leq(fabs(rows / sum - 14), 0.5);
    cr_assert_leq(fabs(cols / sum - 14), 0.5);
    cr_assert(did.down == did.at_row - 4 && did.right == did.at_col - 6);
    cr_assert(did.down < 0 && did.right > 0, "its foot is heavy, and so is its left");
    image_fini(&image);
}

/* Ink with nearly all its mass at one end would leave the picture. */
Test(centre, no_ink_is_lost)
{
    struct image image = picture(1, 200, 200, 0);
    float out[PIXELS], most = 0;
    bar(&image, 0, 90, 200, 1, 1);
    bar(&image, 0, 0, 12, 200, 1);
    struct centred did = centre(&image, mnist, out);
    cr_assert(did.at_row >= 0 && did.at_row + did.scaled_rows <= SIDE && did.at_col >= 0 &&
              did.at_col + did.scaled_cols <= SIDE);
    for (int j = 0; j < SIDE; j++)
        most = fmaxf(most, out[(did.at_row + did.scaled_rows - 1) * SIDE + j]);
    cr_assert_float_eq(most, 0.1f, 1e-5, "a tenth of a pixel of ink");
    image_fini(&image);
}

/* What was sized and centred once stays as it is: the test images of MNIST, wherever they lay before. */
Test(centre, mnist_itself_stays_as_it_is)
{
    const char *folder = getenv("FOVEA_TEST_DATA");
    char spec[512];
    struct dataset *data = NULL;
    struct diag diag = {0};
    if (!folder)
        cr_skip_test("FOVEA_TEST_DATA isn't set");
    snprintf(spec, sizeof spec, "mnist:%s/mnist", folder);
    cr_assert_eq(dataset_open(spec, 1, &data, &diag), ERR_NONE, "%s", diag.text);
    int clean = 0, kept = 0, looked = 2000;
    for (int k = 0; k < looked; k++) {
        struct image image = picture(1, SIDE, SIDE, 0);
        float out[PIXELS], moved[PIXELS];
        dataset_read_floats(data, SPLIT_TEST, k, image.data);
        image_shift(mnist, image.data, k % 3 - 1, k % 5 - 2, moved); /* to the border or over it, some */
        memcpy(image.data, moved, sizeof moved);
        struct centred did = centre(&image, mnist, out);
        dataset_read_floats(data, SPLIT_TEST, k, image.data);
        bool same = did.scaled_rows == did.rows && did.scaled_cols == did.cols;
        for (int i = 0; i < PIXELS && same; i++)
            same = fabsf(out[i] * did.ink - image.data[i]) < 1e-5f;
        clean += did.clean;
        kept += did.clean && same;
        image_fini(&image);
    }
    dataset_close(data);
    cr_assert_geq(clean, looked * 95 / 100);
    cr_assert_eq(kept, clean, "%d of %d", kept, clean);
}

/* A photograph: grey paper with noise, a darker border, ink that isn't full, in colour. */
Test(centre, paper_of_a_photograph_becomes_black)
{
    struct image image = picture(3, 80, 70, 0);
    float out[PIXELS];
    struct rng rng;
    rng_init(&rng, 5);
    for (int i = 0; i < 80 * 70; i++) {
        int row = i / 70, col = i % 70;
        bool ink = row >= 20 && row < 60 && col >= 30 && col < 40;
        for (int c = 0; c < 3; c++)
            image.data[c * 5600 + i] = (ink ? 0.7f : 0.3f) + rng_between(&rng, -0.02f, 0.02f);
    }
    struct centred did = centre(&image, mnist, out);
    cr_assert(!did.clean && !did.empty);
    cr_assert_float_eq(did.paper, 0.3f, 0.01f);
    cr_assert_float_eq(did.ink, 0.7f, 0.03f);
    cr_assert(did.top == 20 && did.left == 30 && did.rows == 40 && did.cols == 10);
    cr_assert(abs(did.at_row - 4) <= 1 && did.at_col == 12);
    cr_assert_float_eq(out[14 * SIDE + 14], 1, 0.1f);
    image_fini(&image);
}

Test(centre, nothing_drawn_is_nothing)
{
    struct image image = picture(1, 30, 40, 0.4f);
    float out[PIXELS];
    struct centred did = centre(&image, mnist, out);
    cr_assert(did.empty);
    for (int i = 0; i < PIXELS; i++)
        cr_assert_eq(out[i], 0);
    image_fini(&image);
}

/* Every channel of a colour network gets the same, and odd sizes have their own box. */
Test(centre, other_shapes)
{
    struct shape want[] = {{3, 32, 32}, {1, 13, 11}, {3, 64, 48}, {1, 1, 1}, {2, 5, 1}};
    for (int k = 0; k < ARRAY_LEN(want); k++) {
        struct image image = picture(1, 50, 50, 0);
        size_t plane = (size_t)(want[k].h * want[k].w);
        float *out = mem_floats(shape_count(want[k]));
        bar(&image, 10, 5, 30, 30, 1);
        struct centred did = centre(&image, want[k], out);
        cr_assert_leq(did.scaled_rows, (int)fmax(lrint(want[k].h * 5.0 / 7), 1), "shape %d", k);
        cr_assert_leq(did.scaled_cols, (int)fmax(lrint(want[k].w * 5.0 / 7), 1), "shape %d", k);
        for (int c = 1; c < want[k].c; c++)
            cr_assert_eq(memcmp(out, out + (size_t)c * plane, plane * sizeof *out), 0);
        free(out);
        image_fini(&image);
    }
}
