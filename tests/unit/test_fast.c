/** The fast correlation against the definition, over all that decides its way: ranks, modes, roles, axes, blocks, threads. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "filter/fast.h"
#include "filter/separate.h"
#include "tensor/isa.h"

static struct tensor random_tensor(int rank, const long *dim, uint64_t key)
{
    struct tensor t = {0};
    struct rng rng;
    cr_assert_eq(tensor_init(&t, rank, dim, NULL), ERR_NONE);
    rng_init(&rng, key);
    for (size_t i = 0; i < tensor_count(&t); i++)
        t.data[i] = rng_normal(&rng);
    return t;
}

/* w becomes an outer product along all its axes. */
static void make_separable(struct tensor *w)
{
    for (size_t i = 0; i < tensor_count(w); i++) {
        size_t rest = i;
        double value = 1;
        for (int a = w->rank - 1; a >= 0; a--) {
            value *= 0.3 + sin(1.0 + 2.0 * (double)(rest % (size_t)w->dim[a]) + a);
            rest /= (size_t)w->dim[a];
        }
        w->data[i] = (float)value;
    }
}

static const struct sizes {
    int rank;
    long x[3], w[3];
} sizes[] = {
    {1, {20011}, {9}},           {1, {3000}, {257}},          {1, {61}, {4000}},
    {2, {61, 47}, {5, 8}},       {2, {700, 601}, {3, 3}},     {2, {13, 9000}, {2, 5}},
    {2, {5000, 3}, {4, 3}},      {2, {9, 11}, {60, 50}},      {2, {90, 80}, {31, 31}},
    {2, {200, 150}, {1, 9}},     {2, {200, 150}, {9, 1}},     {2, {30, 100}, {40, 7}},
    {3, {40, 30, 3}, {5, 5, 3}}, {3, {3, 40, 30}, {3, 5, 5}}, {3, {20, 21, 22}, {4, 3, 2}},
    {3, {6, 5, 4}, {12, 11, 9}}, {3, {50, 2, 40}, {3, 1, 3}},
};

/* The worst difference, as a share of the largest sum of magnitudes that an output can have. */
static double differ(const struct tensor *x, const struct tensor *w, const struct tensor *a,
                     const struct tensor *b)
{
    double worst = 0, top = 0, weight = 0;
    const struct tensor *inner = tensor_count(w) < tensor_count(x) ? w : x, *other = inner == w ? x : w;
    for (size_t i = 0; i < tensor_count(inner); i++)
        weight += fabs((double)inner->data[i]);
    for (size_t i = 0; i < tensor_count(other); i++)
        top = fmax(top, fabs((double)other->data[i]));
    for (size_t i = 0; i < tensor_count(a); i++)
        worst = fmax(worst, fabs((double)a->data[i] - (double)b->data[i]));
    return worst / (top * weight);
}

Test(fast, as_the_definition)
{
    struct team *team = team_new(2);
    for (int i = 0; i < ARRAY_LEN(sizes); i++)
        for (int option = 0; option < 2 * 2 * CORRELATE_MODES; option++) {
            const struct sizes *s = &sizes[i];
            enum correlate_mode mode = (enum correlate_mode)(option / 4);
            bool flip = option & 1, outer = option & 2;
            struct tensor x = random_tensor(s->rank, s->x, 1), w = random_tensor(s->rank, s->w, 2),
                          want = {0}, y = {0};
            struct correlate_plan plan;
            struct diag diag = {0};
            if (outer)
                make_separable(&w);
            enum err err = correlate(&x, &w, mode, flip, &want, &diag);
            cr_assert_eq(correlate_fast(&x, &w, mode, flip, team, &y, &plan, &diag), err);
            cr_assert_eq(y.rank, want.rank);
            for (int a = 0; a < y.rank; a++)
                cr_assert_eq(y.dim[a], want.dim[a], "sizes %d, option %d", i, option);
            if (!err)
                cr_assert_lt(differ(&x, &w, &y, &want), 1e-6, "sizes %d, option %d: %g", i, option,
                             differ(&x, &w, &y, &want));
            tensor_fini(&x);
            tensor_fini(&w);
            tensor_fini(&y);
            tensor_fini(&want);
        }
    team_free(team);
}

Test(fast, plans)
{
    static const long size[2] = {300, 200}, square[2] = {9, 9}, row[2] = {1, 9};
    struct tensor x = random_tensor(2, size, 1), w = random_tensor(2, square, 2),
                  line = random_tensor(2, row, 3), y = {0};
    struct correlate_plan plan;
    cr_assert(!correlate_fast(&x, &w, CORRELATE_SAME, false, NULL, &y, &plan, NULL));
    cr_assert(!plan.defined && !plan.separable && plan.passes == 1 && plan.products == 81);
    tensor_fini(&y);
    make_separable(&w);
    cr_assert(!correlate_fast(&x, &w, CORRELATE_SAME, false, NULL, &y, &plan, NULL));
    cr_assert(!plan.defined && plan.separable && plan.passes == 2 && plan.products == 18);
    tensor_fini(&y);
    cr_assert(!correlate_fast(&x, &line, CORRELATE_SAME, false, NULL, &y, &plan, NULL));
    cr_assert(!plan.separable && plan.passes == 1 && plan.products == 9);
    tensor_fini(&y);
    w.data[4] = INFINITY;
    cr_assert(!correlate_fast(&x, &w, CORRELATE_SAME, false, NULL, &y, &plan, NULL));
    cr_assert(plan.defined, "an infinite weight must not meet the padding");
    cr_assert(isfinite(y.data[0]));
    tensor_fini(&y);
    cr_assert(!correlate_fast(&w, &line, CORRELATE_VALID, false, NULL, &y, &plan, NULL));
    cr_assert(plan.defined, "little work");
    tensor_fini(&y);
    tensor_fini(&x);
    tensor_fini(&w);
    tensor_fini(&line);
}

/* Whole numbers stay whole: an edge filter answers a flat picture with 0, not with something tiny. */
Test(fast, flat_is_zero)
{
    static const long size[2] = {200, 300}, three[2] = {3, 3};
    static const float sobel[9] = {-1, 0, 1, -2, 0, 2, -1, 0, 1};
    struct tensor x = random_tensor(2, size, 1), w = random_tensor(2, three, 2), y = {0};
    struct correlate_plan plan;
    memcpy(w.data, sobel, sizeof sobel);
    for (size_t i = 0; i < tensor_count(&x); i++)
        x.data[i] = 0.3f;
    cr_assert(!correlate_fast(&x, &w, CORRELATE_VALID, false, NULL, &y, &plan, NULL));
    cr_assert(plan.separable);
    for (size_t i = 0; i < tensor_count(&y); i++)
        cr_assert_eq(y.data[i], 0);
    tensor_fini(&x);
    tensor_fini(&w);
    tensor_fini(&y);
}

Test(fast, same_bits_with_any_team)
{
    static const long size[2] = {500, 700}, square[2] = {7, 6};
    struct tensor x = random_tensor(2, size, 1), w = random_tensor(2, square, 2), one = {0}, many = {0};
    struct team *team = team_new(3);
    cr_assert(!correlate_fast(&x, &w, CORRELATE_FULL, true, NULL, &one, NULL, NULL));
    cr_assert(!correlate_fast(&x, &w, CORRELATE_FULL, true, team, &many, NULL, NULL));
    cr_assert_eq(memcmp(one.data, many.data, tensor_count(&one) * sizeof(float)), 0);
    tensor_fini(&x);
    tensor_fini(&w);
    tensor_fini(&one);
    tensor_fini(&many);
    team_free(team);
}

Test(fast, every_set_of_instructions)
{
    static const long size[2] = {100, 130}, square[2] = {5, 5};
    struct tensor x = random_tensor(2, size, 1), w = random_tensor(2, square, 2), want = {0};
    cr_assert(!correlate(&x, &w, CORRELATE_SAME, false, &want, NULL));
    for (int isa = 0; isa < ISAS; isa++) {
        struct tensor y = {0};
        setenv("FOVEA_ISA", isa_name((enum isa)isa), 1);
        cr_assert(!correlate_fast(&x, &w, CORRELATE_SAME, false, NULL, &y, NULL, NULL));
        cr_assert_lt(differ(&x, &w, &y, &want), 1e-7, "%s", isa_name((enum isa)isa));
        tensor_fini(&y);
    }
    tensor_fini(&x);
    tensor_fini(&w);
    tensor_fini(&want);
}

Test(fast, separates)
{
    static const long k[3] = {1, 3, 3};
    static const double blur[9] = {1, 2, 1, 2, 4, 2, 1, 2, 1}, laplace[9] = {0, 1, 0, 1, -4, 1, 0, 1, 0};
    double line[3], rest[9], rough[9];
    cr_assert(separate_axis(blur, k, 1, line, rest));
    for (int i = 0; i < 9; i++)
        cr_assert_eq(line[i / 3] * rest[i % 3], blur[i]);
    cr_assert_not(separate_axis(laplace, k, 1, line, rest));
    for (int i = 0; i < 9; i++) /* as a file with seven digits would have it */
        rough[i] = blur[i] * (1 + (i % 2 ? 1e-7 : -1e-7));
    cr_assert(separate_axis(rough, k, 1, line, rest));
    rough[4] *= 1.001;
    cr_assert_not(separate_axis(rough, k, 1, line, rest));
    rough[4] = NAN;
    cr_assert_not(separate_axis(rough, k, 1, line, rest));
    memset(rough, 0, sizeof rough);
    cr_assert_not(separate_axis(rough, k, 1, line, rest));
}
