/** Pictures: every kind of PNG against its pixels, and fitting against values worked out by hand. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "data/image.h"
#include "png_bytes.h"

static char folder[] = "/tmp/fovea-image-XXXXXX";

static void make_folder(void)
{
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
}

static void remove_folder(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(image, .init = make_folder, .fini = remove_folder);

/* ---- PNG ---- */

static int bits; /* of the file under way */

static unsigned some_sample(int x, int y, int c)
{
    return (unsigned)(x * 40503 + y * 30011 + c * 20011 + (x ^ y) * 977) & ((1u << bits) - 1);
}

/* Alpha is nothing, half or everything; palette entries exist. */
static unsigned alpha_sample(int x, int y, int c)
{
    unsigned most = (1u << bits) - 1;
    if (c == 1 || c == 3)
        return (x + y) % 3 == 0 ? 0 : (x + y) % 3 == 1 ? most : most / 2;
    return some_sample(x, y, c);
}

static unsigned palette_sample(int x, int y, int c)
{
    (void)c;
    return (unsigned)(x + 3 * y) % (bits == 1 ? 2 : 3);
}

static const unsigned char palette[] = {255, 0, 10, 20, 30, 40, 7, 77, 177};

static struct image read_png(const struct png_kind *k)
{
    struct text t = png_bytes(k);
    struct image image = {0};
    struct diag d = {0};
    cr_assert_eq(file_write("a.png", t.data, t.length, NULL), ERR_NONE);
    text_free(&t);
    cr_assert_eq(image_read_png("a.png", &image, &d), ERR_NONE, "type %d, %d bits: %s", k->type, k->bits,
                 d.text);
    cr_assert(
        shape_equal(image.shape,
                    (struct shape){k->type == PNG_GREY || k->type == PNG_GREY_ALPHA ? 1 : 3, k->h, k->w}),
        "type %d, %d bits: %s", k->type, k->bits, shape_text(image.shape).s);
    return image;
}

static void compare(const struct png_kind *k, double (*want)(const struct png_kind *k, int x, int y, int c),
                    double tolerance)
{
    struct image image = read_png(k);
    for (int c = 0; c < image.shape.c; c++)
        for (int y = 0; y < k->h; y++)
            for (int x = 0; x < k->w; x++)
                cr_assert_float_eq(
                    (double)image.data[((size_t)c * (size_t)k->h + (size_t)y) * (size_t)k->w + (size_t)x],
                    want(k, x, y, c), tolerance, "type %d, %d bits, %dx%d at %d,%d,%d", k->type, k->bits,
                    k->w, k->h, x, y, c);
    image_fini(&image);
    cr_assert_null(image.data);
}

static double plain_value(const struct png_kind *k, int x, int y, int c)
{
    return k->sample(x, y, c) / (double)((1u << k->bits) - 1);
}

static double over_black(const struct png_kind *k, int x, int y, int c)
{
    double most = (1u << k->bits) - 1;
    int alpha = k->type == PNG_GREY_ALPHA ? 1 : 3;
    return k->sample(x, y, c) / most * (k->sample(x, y, alpha) / most);
}

static double palette_value(const struct png_kind *k, int x, int y, int c)
{
    unsigned entry = k->sample(x, y, 0);
    double alpha = k->transparency && (int)entry < k->transparencies ? k->transparency[entry] / 255.0 : 1;
    return palette[3 * entry + (unsigned)c] / 255.0 * alpha;
}

/* One step of 8 bits is what a file of 16 may lose; alpha rounds once more. */
Test(image, every_kind_of_png)
{
    static const int sizes[][2] = {{1, 1}, {2, 3}, {8, 8}, {9, 5}, {17, 13}};
    for (int s = 0; s < ARRAY_LEN(sizes); s++)
        for (int interlaced = 0; interlaced < 2; interlaced++)
            for (bits = 1; bits <= 16; bits *= 2) {
                struct png_kind k = {.bits = bits,
                                     .interlaced = interlaced,
                                     .w = sizes[s][0],
                                     .h = sizes[s][1],
                                     .sample = some_sample};
                k.type = PNG_GREY;
                compare(&k, plain_value, bits == 16 ? 1 / 255.0 : 1e-6);
                if (bits >= 8) {
                    k.type = PNG_COLOUR;
                    compare(&k, plain_value, bits == 16 ? 1 / 255.0 : 1e-6);
                    k.sample = alpha_sample;
                    k.type = PNG_GREY_ALPHA;
                    compare(&k, over_black, 1.1 / 255);
                    k.type = PNG_COLOUR_ALPHA;
                    compare(&k, over_black, 1.1 / 255);
                }
                if (bits <= 8) {
                    k.type = PNG_PALETTE;
                    k.palette = palette;
                    k.entries = bits == 1 ? 2 : 3;
                    k.sample = palette_sample;
                    compare(&k, palette_value, 1e-6);
                    k.transparency = (const unsigned char[]){128, 0};
                    k.transparencies = 2;
                    compare(&k, palette_value, 1.1 / 255);
                }
            }
}

static double keyed_value(const struct png_kind *k, int x, int y, int c)
{
    return k->sample(x, y, 0) == 1 ? 0 : plain_value(k, x, y, c);
}

Test(image, one_grey_is_transparent)
{
    bits = 2;
    struct png_kind k = {.type = PNG_GREY,
                         .bits = 2,
                         .w = 7,
                         .h = 6,
                         .sample = some_sample,
                         .transparency = (const unsigned char[]){0, 1},
                         .transparencies = 2};
    compare(&k, keyed_value, 1e-6);
}

Test(image, what_is_written_reads_back)
{
    struct shape shapes[] = {{1, 1, 1}, {3, 4, 5}, {1, 31, 2}, {3, 1, 64}};
    for (int i = 0; i < ARRAY_LEN(shapes); i++) {
        size_t count = shape_count(shapes[i]);
        float *data = mem_floats(count);
        struct image image = {0};
        for (size_t k = 0; k < count; k++)
            data[k] = (float)(k * 37 % 256) / 255.0f;
        cr_assert_eq(image_write_png("b.png", shapes[i], data, NULL), ERR_NONE);
        cr_assert_eq(image_read_png("b.png", &image, NULL), ERR_NONE);
        cr_assert(shape_equal(image.shape, shapes[i]));
        for (size_t k = 0; k < count; k++)
            cr_assert_float_eq((double)image.data[k], (double)data[k], 1e-7);
        image_fini(&image);
        free(data);
    }
}

Test(image, values_are_clamped_and_rounded)
{
    const float data[] = {-1, -0.0f, 0.0019f, 0.002f, 0.5f, 1, 1.5f, NAN, INFINITY, -INFINITY};
    const float want[] = {0, 0, 0, 1, 128, 255, 255, 0, 255, 0};
    struct image image = {0};
    cr_assert_eq(image_write_png("b.png", (struct shape){1, 1, ARRAY_LEN(data)}, data, NULL), ERR_NONE);
    cr_assert_eq(image_read_png("b.png", &image, NULL), ERR_NONE);
    for (int i = 0; i < ARRAY_LEN(data); i++)
        cr_assert_float_eq((double)(image.data[i] * 255), (double)want[i], 1e-4, "%g", (double)data[i]);
    image_fini(&image);
}

Test(image, what_is_no_picture_is_refused)
{
    struct image image = {0};
    struct diag d = {0};
    cr_assert_eq(image_read_png("none.png", &image, &d), ERR_IO);
    cr_assert_str_eq(d.text, "none.png: cannot open: No such file or directory");
    cr_assert_eq(image_read_png(".", &image, &d), ERR_IO);
    cr_assert_eq(file_write("empty.png", "", 0, NULL), ERR_NONE);
    cr_assert_eq(image_read_png("empty.png", &image, &d), ERR_FORMAT);
    cr_assert_str_eq(d.text, "empty.png: not a PNG picture");
    cr_assert_eq(image_write_png("c.png", (struct shape){2, 1, 1}, (float[2]){0}, &d), ERR_SHAPE);
    cr_assert_str_eq(d.text, "c.png: a picture has 1 or 3 channels, not 2");
    cr_assert_eq(image_write_png("no/folder.png", (struct shape){1, 1, 1}, (float[1]){0}, &d), ERR_IO);
    cr_assert_null(image.data);
}

/* ---- channels and sizes ---- */

static struct image image_of(struct shape s, const float *data)
{
    struct image image = {s, mem_floats(shape_count(s))};
    memcpy(image.data, data, shape_count(s) * sizeof *data);
    return image;
}

static void check_image(struct image *image, struct shape s, const float *want)
{
    cr_assert(shape_equal(image->shape, s), "%s", shape_text(image->shape).s);
    for (size_t i = 0; i < shape_count(s); i++)
        cr_assert_float_eq((double)image->data[i], (double)want[i], 1e-6, "number %zu is %g, not %g", i,
                           (double)image->data[i], (double)want[i]);
    image_fini(image);
}

Test(image, grey_and_colour)
{
    struct image image = image_of((struct shape){3, 1, 2}, (float[]){1, 0.2f, 0, 0.4f, 0, 0.6f});
    cr_assert_eq(image_set_channels(&image, 1, NULL), ERR_NONE);
    check_image(&image, (struct shape){1, 1, 2},
                (float[]){0.299f, 0.299f * 0.2f + 0.587f * 0.4f + 0.114f * 0.6f});
    image = image_of((struct shape){1, 1, 2}, (float[]){0.3f, 0.7f});
    cr_assert_eq(image_set_channels(&image, 3, NULL), ERR_NONE);
    check_image(&image, (struct shape){3, 1, 2}, (float[]){0.3f, 0.7f, 0.3f, 0.7f, 0.3f, 0.7f});
    struct diag d = {0};
    image = image_of((struct shape){1, 1, 1}, (float[]){0});
    cr_assert_eq(image_set_channels(&image, 2, &d), ERR_SHAPE);
    image_fini(&image);
}

Test(image, the_right_size_is_left_alone)
{
    const float data[] = {0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f};
    struct image image = image_of((struct shape){1, 2, 3}, data);
    float *before = image.data;
    cr_assert_eq(image_fit(&image, (struct shape){1, 2, 3}, NULL), ERR_NONE);
    cr_assert_eq(image.data, before);
    check_image(&image, (struct shape){1, 2, 3}, data);
}

Test(image, shrinking_takes_the_mean)
{
    float data[16];
    for (int i = 0; i < 16; i++)
        data[i] = (float)i;
    struct image image = image_of((struct shape){1, 4, 4}, data);
    cr_assert_eq(image_fit(&image, (struct shape){1, 2, 2}, NULL), ERR_NONE);
    check_image(&image, (struct shape){1, 2, 2}, (float[]){2.5f, 4.5f, 10.5f, 12.5f});
    image = image_of((struct shape){1, 3, 3}, (float[]){0, 3, 6, 9, 12, 15, 18, 21, 24});
    cr_assert_eq(image_fit(&image, (struct shape){1, 2, 2}, NULL), ERR_NONE);
    /* a new pixel covers one and a half: (0 + 0.5 * 3) / 1.5 = 1 along a row, (0 + 0.5 * 9) / 1.5 = 3 down */
    check_image(&image, (struct shape){1, 2, 2}, (float[]){4, 8, 16, 20});
}

Test(image, growing_is_bilinear)
{
    struct image image = image_of((struct shape){1, 2, 2}, (float[]){0, 1, 2, 3});
    cr_assert_eq(image_fit(&image, (struct shape){1, 4, 4}, NULL), ERR_NONE);
    /* centres lie at -0.25 (held at 0), 0.25, 0.75 and 1.25 (held at 1) */
    const float at[] = {0, 0.25f, 0.75f, 1};
    float want[16];
    for (int i = 0; i < 16; i++)
        want[i] = 2 * at[i / 4] + at[i % 4];
    check_image(&image, (struct shape){1, 4, 4}, want);
}

Test(image, the_middle_is_cut_out)
{
    /* 2x6 to 2x2: columns 2 and 3 are left */
    struct image image =
        image_of((struct shape){1, 2, 6}, (float[]){0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15});
    cr_assert_eq(image_fit(&image, (struct shape){1, 2, 2}, NULL), ERR_NONE);
    check_image(&image, (struct shape){1, 2, 2}, (float[]){2, 3, 12, 13});
    /* 4x1 to 2x2: a square of one pixel at rows 1.5 to 2.5, between the two in the middle */
    image = image_of((struct shape){1, 4, 1}, (float[]){0, 1, 2, 3});
    cr_assert_eq(image_fit(&image, (struct shape){1, 2, 2}, NULL), ERR_NONE);
    check_image(&image, (struct shape){1, 2, 2}, (float[]){1.25f, 1.25f, 1.75f, 1.75f});
}

/* Whole pixels of every channel, against the sentence in the header. */
Test(image, shifts_bring_in_zeros)
{
    struct shape shape = {2, 3, 4};
    float x[24], y[24];
    for (int i = 0; i < 24; i++)
        x[i] = (float)(i + 1);
    for (int down = -4; down <= 4; down++)
        for (int right = -5; right <= 5; right++) {
            image_shift(shape, x, down, right, y);
            for (int i = 0; i < 24; i++) {
                int row = i / 4 % 3 - down, col = i % 4 - right;
                float want = row >= 0 && row < 3 && col >= 0 && col < 4 ? x[i - 4 * down - right] : 0;
                cr_assert_eq(y[i], want, "number %d moved by %d, %d", i, down, right);
            }
        }
}

/* A part is scaled as if it were the picture. */
Test(image, parts_are_scaled)
{
    float x[6 * 8], y[4], scratch[2 * 8];
    for (int i = 0; i < 48; i++)
        x[i] = (float)(i % 8 + 10 * (i / 8));
    image_scale(x, 6, 8, (struct image_part){1, 2, 4, 4}, y, 2, 2, scratch);
    cr_assert_float_eq(y[0], 17.5, 1e-5); /* rows 1 and 2, columns 2 and 3 */
    cr_assert_float_eq(y[3], 39.5, 1e-5);
    image_scale(x, 6, 8, (struct image_part){0.5, 0, 1, 1}, y, 1, 1, scratch);
    cr_assert_float_eq(y[0], 5, 1e-5, "half of rows 0 and 1");
}

Test(image, each_channel_is_fitted_by_itself)
{
    float data[3 * 4 * 6];
    for (int i = 0; i < ARRAY_LEN(data); i++)
        data[i] = (float)(i / 24);
    struct image image = image_of((struct shape){3, 4, 6}, data);
    cr_assert_eq(image_fit(&image, (struct shape){3, 3, 5}, NULL), ERR_NONE);
    float want[45];
    for (int i = 0; i < 45; i++)
        want[i] = (float)(i / 15);
    check_image(&image, (struct shape){3, 3, 5}, want);
}

/* Whatever the sizes: a picture of one value stays that, and no value leaves the range of the source. */
Test(image, any_size_to_any_size)
{
    for (int h = 1; h <= 7; h++)
        for (int w = 1; w <= 7; w++)
            for (int to = 1; to <= 9; to++)
                for (int wide = 1; wide <= 9; wide += 2) {
                    float same[49], rising[49];
                    for (int i = 0; i < h * w; i++) {
                        same[i] = 0.3f;
                        rising[i] = (float)i / (float)(h * w);
                    }
                    struct image a = image_of((struct shape){1, h, w}, same),
                                 b = image_of((struct shape){1, h, w}, rising);
                    cr_assert_eq(image_fit(&a, (struct shape){1, to, wide}, NULL), ERR_NONE);
                    cr_assert_eq(image_fit(&b, (struct shape){1, to, wide}, NULL), ERR_NONE);
                    for (int i = 0; i < to * wide; i++) {
                        cr_assert_float_eq((double)a.data[i], 0.3, 1e-6, "%dx%d to %dx%d", h, w, to, wide);
                        cr_assert(b.data[i] >= 0 && b.data[i] <= rising[h * w - 1] + 1e-6f);
                    }
                    image_fini(&a);
                    image_fini(&b);
                }
}
