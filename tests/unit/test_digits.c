/** The built-in digits: the same for everybody, and what they look like. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/dataset.h"
#include "data/glyphs.h"

static struct dataset *open_good(const char *spec, uint64_t seed)
{
    struct dataset *d = NULL;
    struct diag diag = {0};
    cr_assert_eq(dataset_open(spec, seed, &d, &diag), ERR_NONE, "%s", diag.text);
    return d;
}

enum { SIDE = 28, PIXELS = SIDE * SIDE };

Test(digits, are_mnist_in_shape)
{
    struct dataset *d = open_good("digits", 1);
    cr_assert(shape_equal(d->shape, (struct shape){1, SIDE, SIDE}));
    cr_assert_eq(d->count[SPLIT_TRAIN], 60000);
    cr_assert_eq(d->count[SPLIT_TEST], 10000);
    cr_assert_eq(d->classes, 10);
    cr_assert_str_eq(d->class_name[0], "0");
    cr_assert_str_eq(d->class_name[9], "9");
    dataset_close(d);
}

Test(digits, take_no_directory)
{
    struct dataset *d = NULL;
    struct diag diag = {0};
    cr_assert_eq(dataset_open("digits:DIR", 1, &d, &diag), ERR_USAGE);
    cr_assert_not_null(strstr(diag.text, "DIR"));
}

Test(digits, depend_on_seed_split_and_index_alone)
{
    struct dataset *a = open_good("digits", 7), *b = open_good("digits", 7), *other = open_good("digits", 8);
    enum { N = 200 };
    static uint8_t forward[N][PIXELS];
    uint8_t pixels[PIXELS];
    int label[N], same_seed = 0, same_split = 0;
    for (int i = 0; i < N; i++)
        label[i] = dataset_read(a, SPLIT_TRAIN, i, forward[i]);
    for (int round = 0; round < 2; round++) /* made, then kept */
        for (int i = N - 1; i >= 0; i--) {
            cr_assert_eq(dataset_read(b, SPLIT_TRAIN, i, pixels), label[i]);
            cr_assert_eq(memcmp(pixels, forward[i], PIXELS), 0, "image %d, round %d", i, round);
        }
    for (int i = 0; i < N; i++) {
        dataset_read(other, SPLIT_TRAIN, i, pixels);
        same_seed += memcmp(pixels, forward[i], PIXELS) == 0;
        dataset_read(a, SPLIT_TEST, i, pixels);
        same_split += memcmp(pixels, forward[i], PIXELS) == 0;
        for (int k = 0; k < i; k++)
            cr_assert_neq(memcmp(forward[i], forward[k], PIXELS), 0, "images %d and %d", i, k);
    }
    cr_assert_eq(same_seed, 0);
    cr_assert_eq(same_split, 0);
    dataset_close(a);
    dataset_close(b);
    dataset_close(other);
}

Test(digits, of_all_kinds_are_equally_many)
{
    struct dataset *d = open_good("digits", 3);
    uint8_t pixels[PIXELS];
    int count[10] = {0};
    enum { N = 4000 };
    for (int i = 0; i < N; i++)
        count[dataset_read(d, SPLIT_TRAIN, 60000 - N + i, pixels)]++;
    for (int c = 0; c < 10; c++) /* five standard deviations of a binomial */
        cr_assert(abs(count[c] - N / 10) < 95, "%d of digit %d", count[c], c);
    dataset_close(d);
}

/* What handwriting.c relies on, and that no two joints are far apart by a slip of the finger. */
Test(digits, ways_of_writing_are_well_formed)
{
    for (int digit = 0; digit < GLYPH_DIGITS; digit++) {
        int ways = 0;
        for (const struct glyph *g = glyphs[digit]; g->pen; g++, ways++) {
            int joints = (int)strlen(g->pen);
            cr_assert(joints >= 2 && joints <= GLYPH_JOINTS && strspn(g->pen, "dsc") == (size_t)joints);
            cr_assert(g->pen[0] == 'd' && g->pen[joints - 1] != 'd' && !strstr(g->pen, "dd"), "%s", g->pen);
            cr_assert(g->weight > 0 && g->hands >= 1 && g->hands <= GLYPH_HANDS);
            for (int h = 0; h < g->hands; h++)
                for (int j = 0; j < joints; j++) {
                    double x = g->at[h][2 * j], y = g->at[h][2 * j + 1];
                    double dx = j ? x - g->at[h][2 * j - 2] : 0, dy = j ? y - g->at[h][2 * j - 1] : 0;
                    cr_assert(x >= 0 && x <= 120 && y >= 0 && y <= 100, "%d, way %d, hand %d", digit, ways,
                              h);
                    cr_assert(g->pen[j] == 'd' || (hypot(dx, dy) > 1 && hypot(dx, dy) < 110),
                              "%d, way %d, hand %d, joint %d", digit, ways, h, j);
                }
        }
        cr_assert_geq(ways, 3);
    }
}

/* White on black, in the middle, with room around: what a network trained on MNIST expects. */
Test(digits, lie_as_mnist_lies)
{
    struct dataset *d = open_good("digits", 5);
    uint8_t pixels[PIXELS];
    double all = 0;
    enum { N = 1000 };
    for (int i = 0; i < N; i++) {
        double sum = 0, x = 0, y = 0, rim = 0;
        int most = 0;
        dataset_read(d, SPLIT_TRAIN, i, pixels);
        for (int k = 0; k < PIXELS; k++) {
            int r = k / SIDE, c = k % SIDE;
            sum += pixels[k];
            y += r * pixels[k];
            x += c * pixels[k];
            rim += r < 1 || r > 26 || c < 1 || c > 26 ? pixels[k] : 0;
            most = pixels[k] > most ? pixels[k] : most;
        }
        cr_assert_gt(most, 200, "image %d", i);
        cr_assert(fabs(x / sum - 14) < 2.5 && fabs(y / sum - 14) < 2.5, "image %d", i);
        cr_assert_lt(rim, 0.05 * sum, "image %d", i);
        all += sum / PIXELS / 255;
    }
    cr_assert(all / N > 0.10 && all / N < 0.16, "mean %g", all / N);
    dataset_close(d);
}

/* Labels belong to the pictures: the mean picture of each class, as a classifier, does well on others. */
Test(digits, show_what_their_label_says)
{
    struct dataset *d = open_good("digits", 9);
    enum { N = 2000 };
    static double mean[10][PIXELS];
    uint8_t pixels[PIXELS];
    int count[10] = {0}, right = 0;
    for (int i = 0; i < N; i++) {
        int label = dataset_read(d, SPLIT_TRAIN, i, pixels);
        count[label]++;
        for (int k = 0; k < PIXELS; k++)
            mean[label][k] += pixels[k];
    }
    for (int i = 0; i < N; i++) {
        int label = dataset_read(d, SPLIT_TEST, i, pixels), nearest = 0;
        double best = 1e30;
        for (int c = 0; c < 10; c++) {
            double distance = 0;
            for (int k = 0; k < PIXELS; k++)
                distance += (pixels[k] - mean[c][k] / count[c]) * (pixels[k] - mean[c][k] / count[c]);
            if (distance < best) {
                best = distance;
                nearest = c;
            }
        }
        right += nearest == label;
    }
    cr_assert_gt(right, N * 6 / 10, "%d of %d", right, N);
    dataset_close(d);
}

Test(digits, as_floats_are_pixels_over_255)
{
    struct dataset *d = open_good("digits", 1);
    uint8_t pixels[PIXELS];
    float x[PIXELS];
    cr_assert_eq(dataset_read(d, SPLIT_TEST, 3, pixels), dataset_read_floats(d, SPLIT_TEST, 3, x));
    for (int k = 0; k < PIXELS; k++)
        cr_assert_eq(x[k], (float)pixels[k] / 255.0f);
    dataset_close(d);
}
