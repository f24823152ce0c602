/** Augmentation: every kind of the table, alone and together, and in the batches of an epoch. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "data/augment.h"
#include "data/batch.h"

enum { H = 11, W = 14, MOST = 3 * H * W };
static const struct shape grey = {1, H, W}, colour = {3, H, W};

static struct augment parse(const char *list)
{
    struct augment a;
    struct diag diag = {0};
    cr_assert_eq(augment_parse(list, &a, &diag), ERR_NONE, "%s: %s", list, diag.text);
    return a;
}

/* Values all over [0,1], no two rows alike. */
static void fill(float *x, struct shape s)
{
    struct rng rng;
    rng_init(&rng, 42);
    for (size_t i = 0; i < shape_count(s); i++)
        x[i] = rng_uniform(&rng);
}

static void apply(const char *list, struct shape s, uint64_t key, float *x)
{
    float scratch[MOST];
    cr_assert_leq(augment_scratch(s), sizeof scratch);
    struct augment a = parse(list);
    augment_apply(&a, s, key, x, scratch);
}

static const char *with_amount(int type, double amount)
{
    static char list[64];
    snprintf(list, sizeof list, "%s=%g", augment_types[type].name, amount);
    return list;
}

static bool same(const float *a, const float *b, struct shape s)
{
    return memcmp(a, b, shape_count(s) * sizeof *a) == 0;
}

/* ---- the list ---- */

Test(augment, table_has_sensible_ranges)
{
    for (int i = 0; augment_types[i].name; i++) {
        const struct augment_type *t = &augment_types[i];
        cr_assert(t->low <= t->amount && t->amount <= t->high && t->low == 0, "%s", t->name);
        cr_assert_not_null(t->unit);
        cr_assert_gt(strlen(t->help), 5);
        cr_assert_lt(i, AUGMENT_MAX, "a list of all must fit");
    }
}

Test(augment, lists_are_read)
{
    cr_assert_eq(parse(NULL).count, 0);
    cr_assert_eq(parse("").count, 0);
    struct augment a = parse("shift=3,flip,rotate=12.5");
    cr_assert_eq(a.count, 3);
    cr_assert_str_eq(augment_types[a.step[0].type].name, "shift");
    cr_assert_str_eq(augment_types[a.step[1].type].name, "flip");
    cr_assert_eq(a.step[0].amount, 3.0f);
    cr_assert_eq(a.step[1].amount, augment_types[a.step[1].type].amount);
    cr_assert_eq(a.step[2].amount, 12.5f);
}

Test(augment, bad_lists_are_refused)
{
    static const struct {
        const char *list;
        enum err err;
    } bad[] = {
        {"blur=1", ERR_UNKNOWN},     {"flip,", ERR_USAGE},
        {",flip", ERR_UNKNOWN},      {"shift=", ERR_RANGE},
        {"shift=-1", ERR_RANGE},     {"shift=many", ERR_RANGE},
        {"flip=1.5", ERR_RANGE},     {"rotate=nan", ERR_RANGE},
        {"flip,flip", ERR_USAGE},    {"noise=0.1x", ERR_RANGE},
        {"shif", ERR_UNKNOWN},       {"shifts", ERR_UNKNOWN},
        {"flip ,skew", ERR_UNKNOWN}, {"noise=0.0000000000000000000000000000000000001", ERR_RANGE},
    };
    for (int i = 0; i < ARRAY_LEN(bad); i++) {
        struct augment a = {.count = 77};
        struct diag diag = {0};
        cr_assert_eq(augment_parse(bad[i].list, &a, &diag), bad[i].err, "%s: %s", bad[i].list, diag.text);
        cr_assert_gt(strlen(diag.text), 10);
        cr_assert_eq(a.count, 77, "written only on success");
    }
    struct augment a;
    struct diag diag = {0};
    cr_assert_eq(augment_parse("blur", &a, &diag), ERR_UNKNOWN);
    for (int i = 0; augment_types[i].name; i++)
        cr_assert_not_null(strstr(diag.text, augment_types[i].name));
}

/* ---- every kind ---- */

Test(augment, nothing_is_changed_by_nothing)
{
    float x[MOST], y[MOST];
    fill(x, colour);
    for (int i = 0; augment_types[i].name; i++) {
        fill(y, colour);
        apply(with_amount(i, 0), colour, 5, y);
        cr_assert(same(x, y, colour), "%s=0", augment_types[i].name);
    }
    apply("", colour, 5, y);
    cr_assert(same(x, y, colour));
}

Test(augment, depends_on_the_key_alone_and_stays_in_range)
{
    for (int type = 0; augment_types[type].name; type++)
        for (int strong = 0; strong < 2; strong++) {
            double amount = (double)(strong ? augment_types[type].high : augment_types[type].amount);
            float first[MOST], x[MOST], again[MOST];
            int differ = 0;
            fill(first, colour);
            for (uint64_t key = 0; key < 50; key++) {
                fill(x, colour);
                fill(again, colour);
                apply(with_amount(type, amount), colour, key, x);
                apply(with_amount(type, amount), colour, key, again);
                cr_assert(same(x, again, colour), "%s", augment_types[type].name);
                differ += !same(x, first, colour);
                memcpy(first, x, sizeof x);
                for (size_t k = 0; k < shape_count(colour); k++)
                    cr_assert(x[k] >= 0 && x[k] <= 1, "%s gives %g", augment_types[type].name, (double)x[k]);
            }
            /* flip=1 is always the same, shift=64 nearly always black, and two small shifts may be alike */
            bool few = strcmp(augment_types[type].name, "flip") == 0 ||
                       strcmp(augment_types[type].name, "shift") == 0;
            cr_assert_gt(differ, !few ? 45 : strong ? 0 : 10, "%s", augment_types[type].name);
        }
}

Test(augment, grey_images_work_too)
{
    float x[MOST], y[MOST];
    struct text all = {0};
    for (int i = 0; augment_types[i].name; i++)
        text_format(&all, "%s%s", i ? "," : "", augment_types[i].name);
    fill(x, grey);
    fill(y, grey);
    apply(text_str(&all), grey, 3, x);
    cr_assert_not(same(x, y, grey));
    for (size_t k = 0; k < shape_count(grey); k++)
        cr_assert(x[k] >= 0 && x[k] <= 1);
    text_free(&all);
}

Test(augment, flip_mirrors_and_twice_is_nothing)
{
    float x[MOST], y[MOST];
    fill(x, colour);
    fill(y, colour);
    apply("flip=1", colour, 9, y);
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < H; i++)
            for (int j = 0; j < W; j++)
                cr_assert_eq(y[(c * H + i) * W + j], x[(c * H + i) * W + W - 1 - j]);
    apply("flip=1", colour, 9, y);
    cr_assert(same(x, y, colour));
}

/* What a shift gives is the image moved by some (dx, dy), black where nothing was; all of them turn up, equally often. */
Test(augment, shift_moves_whole_pixels)
{
    float x[MOST], y[MOST];
    int seen[5][5] = {{0}};
    for (uint64_t key = 0; key < 1000; key++) {
        int found = 0;
        fill(x, grey);
        fill(y, grey);
        apply("shift=2", grey, key, y);
        for (int dy = -2; dy <= 2; dy++)
            for (int dx = -2; dx <= 2; dx++) {
                int wrong = 0;
                for (int i = 0; i < H; i++)
                    for (int j = 0; j < W; j++) {
                        bool in = i + dy >= 0 && i + dy < H && j + dx >= 0 && j + dx < W;
                        wrong += y[i * W + j] != (in ? x[(i + dy) * W + j + dx] : 0);
                    }
                found += wrong == 0;
                seen[dy + 2][dx + 2] += wrong == 0;
            }
        cr_assert_eq(found, 1);
    }
    for (int i = 0; i < 25; i++)
        cr_assert(seen[i / 5][i % 5] > 15 && seen[i / 5][i % 5] < 75, "%d of 1000", seen[i / 5][i % 5]);
}

/* A blob far from the middle keeps its distance when turned, and moves by at most the angle; the middle stays. */
Test(augment, rotate_turns_about_the_middle)
{
    enum { S = 41 };
    static const struct shape square = {1, S, S};
    static float x[S * S], scratch[S * S];
    struct augment a = parse("rotate=30");
    double most = 0;
    for (uint64_t key = 0; key < 200; key++) {
        double sum = 0, mx = 0, my = 0;
        memset(x, 0, sizeof x);
        x[20 * S + 35] = x[20 * S + 34] = x[21 * S + 35] = x[21 * S + 34] = 1;
        augment_apply(&a, square, key, x, scratch);
        for (int k = 0; k < S * S; k++) {
            sum += (double)x[k];
            mx += (double)x[k] * (k % S - 20);
            my += (double)x[k] * (k / S - 20);
        }
        double before = atan2(0.5, 14.5),
               angle = (atan2(my / sum, mx / sum) - before) * 180 / 3.14159265358979;
        cr_assert_float_eq(hypot(mx / sum, my / sum), hypot(14.5, 0.5), 0.1);
        cr_assert_lt(fabs(angle), 31);
        most = fmax(most, fabs(angle));
    }
    cr_assert_gt(most, 25);
}

Test(augment, zoom_changes_size_both_ways)
{
    enum { S = 41 };
    static const struct shape square = {1, S, S};
    static float x[S * S], scratch[S * S];
    struct augment a = parse("zoom=0.25");
    double least = 1e9, most = 0;
    for (uint64_t key = 0; key < 200; key++) {
        double area = 0;
        for (int k = 0; k < S * S; k++)
            x[k] = abs(k / S - 20) <= 8 && abs(k % S - 20) <= 8;
        augment_apply(&a, square, key, x, scratch);
        for (int k = 0; k < S * S; k++)
            area += (double)x[k];
        least = fmin(least, sqrt(area) / 17);
        most = fmax(most, sqrt(area) / 17);
    }
    cr_assert_float_eq(least, 1 / 1.25, 0.02);
    cr_assert_float_eq(most, 1.25, 0.02);
}

Test(augment, tones_move_the_way_they_say)
{
    float x[MOST], y[MOST];
    fill(x, colour);
    for (uint64_t key = 1; key < 20; key++) {
        fill(y, colour);
        apply("darken=1", colour, key, y);
        for (size_t k = 0; k < shape_count(colour); k++)
            cr_assert_leq(y[k], x[k]);
        fill(y, colour);
        apply("lighten=1", colour, key, y);
        for (size_t k = 0; k < shape_count(colour); k++)
            cr_assert_geq(y[k], x[k] - 1e-6f);
        fill(y, colour);
        apply("colour=0.5", colour, key, y);
        for (int c = 0; c < 3; c++) { /* one factor a channel, where nothing was cut off */
            double ratio = 0;
            for (int k = c * H * W; k < (c + 1) * H * W; k++)
                if (x[k] > 0.1f && y[k] < 1) {
                    ratio = ratio > 0 ? ratio : (double)y[k] / (double)x[k];
                    cr_assert_float_eq((double)y[k], ratio * (double)x[k], 1e-5);
                }
            cr_assert(ratio > 0.49 && ratio < 1.51);
        }
    }
}

Test(augment, noise_has_its_deviation)
{
    enum { S = 100 };
    static float x[S * S], scratch[S * S];
    struct augment a = parse("noise=0.1");
    double sum = 0, squares = 0;
    for (int k = 0; k < S * S; k++)
        x[k] = 0.5f;
    augment_apply(&a, (struct shape){1, S, S}, 1, x, scratch);
    for (int k = 0; k < S * S; k++) {
        sum += (double)x[k] - 0.5;
        squares += ((double)x[k] - 0.5) * ((double)x[k] - 0.5);
    }
    cr_assert_float_eq(sum / (S * S), 0, 0.005);
    cr_assert_float_eq(sqrt(squares / (S * S)), 0.1, 0.005);
}

/* ---- in batches ---- */

static struct batches start(const struct dataset *d, const char *list)
{
    struct batches b;
    struct augment a = parse(list);
    cr_assert_eq(batches_init(&b, d, 32, 3, NULL), ERR_NONE);
    cr_assert_eq(batches_augment(&b, &a, NULL), ERR_NONE);
    return b;
}

Test(augment, batches_are_the_same_for_any_number_of_threads)
{
    struct dataset *d = NULL;
    cr_assert_eq(dataset_open("digits", 1, &d, NULL), ERR_NONE);
    struct batches alone = start(d, "shift,rotate,noise"), many = start(d, "shift,rotate,noise"),
                   plain = start(d, "");
    struct team *team = team_new(3);
    size_t bytes = 32 * shape_count(d->shape) * sizeof(float);
    float *before = malloc(bytes);
    batches_gather(&alone, 4, 7, NULL);
    memcpy(before, alone.x, bytes);
    batches_gather(&plain, 4, 7, NULL);
    cr_assert_neq(memcmp(plain.x, before, bytes), 0, "it does something");
    cr_assert_eq(memcmp(plain.index, alone.index, 32 * sizeof *plain.index), 0, "the order stays");
    batches_gather(&many, 5, 0, team); /* another epoch between */
    batches_gather(&many, 4, 7, team);
    cr_assert_eq(memcmp(many.x, before, bytes), 0);
    int i = 0, epoch = 5, place = 0; /* the same image in another epoch is changed otherwise */
    for (bool found = false; !found; place += !found) {
        batches_gather(&many, epoch, place, team);
        for (i = 0; i < many.n && !found; i += !found)
            found = many.index[i] == alone.index[0];
    }
    cr_assert_neq(memcmp(many.x + (size_t)i * shape_count(d->shape), before, bytes / 32), 0);
    free(before);
    batches_fini(&alone);
    batches_fini(&many);
    batches_fini(&plain);
    team_free(team);
    dataset_close(d);
}
