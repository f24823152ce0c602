/** City or country, histograms of gradients, tuning curves and the census of edges. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "data/dataset.h"
#include "filter/features.h"
#include "filter/hog.h"
#include "filter/kernels.h"
#include "filter/linear.h"
#include "filter/tuning.h"

/* ---- scenes ---- */

Test(features, scenes)
{
    int cities = 0, count = scenes_count();
    cr_assert(count >= 10 && count <= CITY_MOST);
    for (int i = 0; i < count; i++) {
        struct image a, b;
        cr_assert(!scene_picture(i, &a, NULL) && !scene_picture(i, &b, NULL));
        size_t numbers = shape_count(a.shape);
        cr_assert_eq(memcmp(a.data, b.data, numbers * sizeof(float)), 0, "%s: the same every time",
                     scenes[i].name);
        for (size_t k = 0; k < numbers; k++)
            cr_assert(a.data[k] >= 0 && a.data[k] <= 1, "%s: %g", scenes[i].name, (double)a.data[k]);
        cities += scenes[i].city;
        image_fini(&a);
        image_fini(&b);
    }
    cr_assert_eq(2 * cities, count, "as many cities as landscapes");
}

/* L37 to L39: by vertical edges a landscape comes first; by edges along a line a city does. */
Test(features, city_or_country)
{
    struct city_study s;
    cr_assert(!city_study(NULL, &s, NULL));
    cr_assert_not(scenes[s.order[FEATURE_EDGE][0]].city, "%s", scenes[s.order[FEATURE_EDGE][0]].name);
    cr_assert(scenes[s.order[FEATURE_LONG][0]].city, "%s", scenes[s.order[FEATURE_LONG][0]].name);
    for (int f = 0; f < FEATURES; f++)
        for (int i = 1; i < s.scenes; i++)
            cr_assert_geq(s.feature[s.order[f][i - 1]][f], s.feature[s.order[f][i]][f]);
    int right = 0;
    for (int i = 0; i < s.scenes; i++) {
        double score = s.bias;
        for (int f = 0; f < FEATURES; f++)
            score += s.weight[f] * (double)s.feature[i][f];
        cr_assert_eq(score > 0, s.says_city[i], "%s", scenes[i].name);
        right += s.says_city[i] == scenes[i].city;
    }
    cr_assert_eq(right, s.right);
    cr_assert_geq(s.right, 10, "%d of %d", s.right, s.scenes);
    cr_assert_gt(s.weight[FEATURE_LONG], 0, "long lines speak for a city");
    cr_assert_lt(s.weight[FEATURE_EDGE], 0, "short edges against it");
}

/* mean(V) = V^T b with b = 1/n: the same number as a product. */
Test(features, a_mean_is_a_product)
{
    struct image p;
    struct feature_maps maps;
    double value[FEATURES], sum = 0;
    cr_assert(!scene_picture(0, &p, NULL) && !features_measure(&p, NULL, value, &maps, NULL));
    size_t n = shape_count(maps.edge.shape);
    cr_assert_eq(n, (SCENE_ROWS - 2) * (SCENE_COLS - 2));
    for (size_t i = 0; i < n; i++)
        sum += fabs((double)maps.edge.data[i]) * (1 / (double)n);
    cr_assert_float_eq(value[FEATURE_EDGE], sum, 1e-9);
    cr_assert_eq(maps.line.shape.h, SCENE_ROWS - 2 - FEATURE_LINE + 1);
    feature_maps_fini(&maps);
    p.shape.h = 10;
    cr_assert_eq(features_measure(&p, NULL, value, NULL, NULL), ERR_SHAPE);
    image_fini(&p);
}

/* ---- the linear classifier ---- */

Test(linear, finds_the_line)
{
    float x[200][3];
    int label[200];
    struct linear l;
    struct rng rng;
    rng_init(&rng, 1);
    for (int i = 0; i < 200; i++) {
        x[i][0] = 100 + 10 * rng_normal(&rng);
        x[i][1] = rng_normal(&rng) / 50;
        x[i][2] = 7; /* says nothing */
        label[i] = (x[i][0] - 100) / 10 + 50 * x[i][1] > 0;
    }
    cr_assert(!linear_fit(200, 3, x[0], label, 2, 1e-6, &l, NULL));
    cr_assert_geq(linear_right(&l, 200, x[0], label), 195);
    cr_assert_eq(l.weight[2], 0);
    cr_assert_float_eq((l.weight[5] - l.weight[1]) / (l.weight[4] - l.weight[0]), 500, 60);
    linear_fini(&l);
}

/* Least squares has no slope left in any direction: the gradient at the solution is the ridge's alone. */
Test(linear, is_the_minimum)
{
    enum { N = 50, D = 4 };
    float x[N][D];
    int label[N];
    struct linear l;
    struct rng rng;
    rng_init(&rng, 2);
    for (int i = 0; i < N; i++) {
        label[i] = (int)rng_below(&rng, 3);
        for (int j = 0; j < D; j++)
            x[i][j] = rng_normal(&rng) + (float)(label[i] == j);
    }
    cr_assert(!linear_fit(N, D, x[0], label, 3, 1e-9, &l, NULL));
    for (int c = 0; c < 3; c++)
        for (int j = 0; j <= D; j++) {
            double slope = 0, score[3];
            for (int i = 0; i < N; i++) {
                linear_predict(&l, x[i], score);
                slope += (score[c] - (label[i] == c)) * (j < D ? (double)x[i][j] : 1) / N;
            }
            cr_assert_float_eq(slope, 0, 1e-7);
        }
    linear_fini(&l);
}

/* In pieces of any length it is the same fit; far from zero with small deviations it loses nothing. */
Test(linear, in_pieces)
{
    enum { N = 61, D = 3 };
    float x[N][D];
    int label[N];
    struct linear whole, pieces;
    struct linear_sums *sums = NULL;
    struct rng rng;
    rng_init(&rng, 3);
    for (int i = 0; i < N; i++) {
        label[i] = (int)rng_below(&rng, 2);
        for (int j = 0; j < D; j++)
            x[i][j] = 1000 + rng_normal(&rng) + (float)(label[i] * j);
    }
    cr_assert(!linear_fit(N, D, x[0], label, 2, 1e-3, &whole, NULL));
    cr_assert(!linear_sums_new(D, 2, &sums, NULL));
    for (int i = 0, n = 1; i < N; i += n, n = (n * 5) % 23)
        linear_sums_add(sums, n < N - i ? n : N - i, x[i], label + i);
    cr_assert(!linear_sums_fit(sums, 1e-3, &pieces, NULL));
    for (int j = 0; j < 2 * (D + 1); j++)
        cr_assert_float_eq(whole.weight[j], pieces.weight[j], 1e-6 * fabs(whole.weight[j]) + 1e-9);
    cr_assert_geq(linear_right(&pieces, N, x[0], label), N * 3 / 4);
    linear_sums_free(sums);
    linear_fini(&whole);
    linear_fini(&pieces);
}

/* ---- histograms of gradients ---- */

Test(hog, one_edge)
{
    struct hog hog = {16, 16, 8, 9};
    float x[256], cells[4 * 9], out[36];
    cr_assert(hog_cells(&hog) == 36 && hog_features(&hog) == 36);
    for (int angle = 0; angle < 180; angle += 20) { /* a soft step along each bin's middle */
        double c = cos(angle * 3.14159265358979 / 180), s = sin(angle * 3.14159265358979 / 180);
        for (int i = 0; i < 256; i++)
            x[i] = (float)(0.02 * ((i % 16) * s + (i / 16) * c));
        hog_histograms(&hog, x, cells);
        double all = 0, square = 0;
        for (int b = 0; b < 36; b++)
            all += (double)cells[b];
        double in = 0;
        for (int k = 0; k < 4; k++)
            in += (double)cells[k * 9 + angle / 20];
        cr_assert_gt(in, 0.75 * all, "an edge at %d degrees: %g of %g", angle, in, all);
        hog_extract(&hog, x, cells, out);
        for (int b = 0; b < 36; b++)
            square += (double)(out[b] * out[b]);
        cr_assert_float_eq(square, 1, 1e-4);
    }
    memset(x, 0, sizeof x);
    hog_extract(&hog, x, cells, out);
    for (int b = 0; b < 36; b++)
        cr_assert_eq(out[b], 0);
}

/* L44: with a linear classifier behind it, on handwriting: far better than the pixels themselves. */
Test(hog, reads_digits)
{
    enum { TRAIN = 1500, TEST = 500 };
    struct hog hog = {28, 28, 7, 9};
    struct dataset *d = NULL;
    struct diag diag = {0};
    cr_assert_eq(dataset_open("digits", 1, &d, &diag), ERR_NONE, "%s", diag.text);
    int features = hog_features(&hog), label[TRAIN + TEST];
    cr_assert_eq(features, 3 * 3 * 4 * 9);
    float *pixels = mem_floats((TRAIN + TEST) * 784),
          *x = mem_floats((size_t)(TRAIN + TEST) * (size_t)features), room[16 * 9];
    for (int i = 0; i < TRAIN + TEST; i++) {
        label[i] = dataset_read_floats(d, i < TRAIN ? SPLIT_TRAIN : SPLIT_TEST, i < TRAIN ? i : i - TRAIN,
                                       pixels + i * 784);
        hog_extract(&hog, pixels + i * 784, room, x + i * features);
    }
    int right[2];
    for (int by_hand = 0; by_hand < 2; by_hand++) {
        const float *use = by_hand ? x : pixels;
        int width = by_hand ? features : 784;
        struct linear l;
        cr_assert(!linear_fit(TRAIN, width, use, label, 10, 0.01, &l, NULL));
        right[by_hand] = linear_right(&l, TEST, use + (size_t)TRAIN * (size_t)width, label + TRAIN);
        linear_fini(&l);
    }
    cr_assert_geq(right[1], 0.92 * TEST, "%d, %d of %d", right[1], right[0], TEST);
    cr_assert_lt(TEST - right[1], (TEST - right[0]) / 2, "%d and %d of %d", right[1], right[0], TEST);
    free(pixels);
    free(x);
    dataset_close(d);
}

/* ---- tuning and census ---- */

/* An edge filter fires most for a bar along its edge, as far as a patch of squares lets it; and little across. */
Test(tuning, prefers_its_own_angle)
{
    for (int angle = 0; angle < 180; angle += 30) {
        struct kernel k;
        float patch[81], answer[36];
        char name[32];
        snprintf(name, sizeof name, "edge:k=9,angle=%d", angle);
        cr_assert(!kernel_parse(name, &k, NULL));
        tuning_curves(1, 9, k.w.data, 2, 36, patch, answer);
        int best = 0;
        for (int i = 0; i < 36; i++)
            best = answer[i] > answer[best] ? i : best;
        int away = abs(best * 5 - angle);
        cr_assert_leq(away < 90 ? away : 180 - away, 10, "%d degrees answers most at %d", angle, best * 5);
        cr_assert_lt(answer[(angle / 5 + 18) % 36], 0.5 * (double)answer[best], "across");
        struct tuning t = tuning_of(36, answer);
        double across = (double)answer[(best + 18) % 36];
        cr_assert(t.preferred == best * 5 && t.peak == (double)answer[best]);
        cr_assert_float_eq(t.selectivity, (t.peak - across) / (t.peak + across), 1e-9);
        kernel_fini(&k);
    }
}

Test(tuning, bar)
{
    float patch[49];
    double sum = 0;
    tuning_bar(7, 90, 0, 1, patch);
    for (int i = 0; i < 49; i++) {
        cr_assert_float_eq(patch[i], i % 7 == 3, 1e-6);
        sum += (double)patch[i];
    }
    cr_assert_float_eq(sum, 7, 1e-5);
    tuning_bar(7, 0, 1, 1, patch); /* to the right of somebody who walks to the right is below */
    cr_assert_float_eq(patch[4 * 7], 1, 1e-6);
}

Test(census, finds_edges)
{
    enum { K = 5 };
    float w[4][2][K * K] = {0}, added[4][K * K], room[K * K];
    struct census_match match[4];
    struct kernel k;
    cr_assert(!kernel_parse("edge:k=5,angle=37", &k, NULL));
    for (int i = 0; i < K * K; i++) {
        w[0][0][i] = 3 * k.w.data[i];
        w[1][0][i] = -k.w.data[i] / 2;
        w[1][1][i] = -k.w.data[i] / 2;
        w[2][0][i] = 1;
    }
    tuning_add_channels(4, 2, K, w[0][0], added[0]);
    census(4, K, added[0], room, match);
    cr_assert(match[0].angle == 37 && match[1].angle == 217);
    cr_assert_float_eq(match[0].cosine, 1, 1e-6);
    cr_assert_float_eq(match[1].cosine, 1, 1e-6);
    cr_assert_lt(match[2].cosine, 1e-5, "a blur is no edge");
    cr_assert_eq(match[3].cosine, 0);
    float nothing[8] = {0};
    struct tuning dead = tuning_of(8, nothing);
    cr_assert(dead.peak == 0 && dead.selectivity == 0 && dead.preferred == 0);
    kernel_fini(&k);
}
