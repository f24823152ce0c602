#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/rng.h"

Test(rng, the_published_generator)
{
    /* xoshiro256++ from the state 1, 2, 3, 4: the numbers that other implementations test against. */
    static const uint64_t expected[] = {41943041u,
                                        58720359u,
                                        3588806011781223u,
                                        3591011842654386u,
                                        9228616714210784205u,
                                        9973669472204895162u,
                                        14011001112246962877u,
                                        12406186145184390807u};
    struct rng r = {{1, 2, 3, 4}};

    for (int i = 0; i < ARRAY_LEN(expected); i++)
        cr_assert_eq(rng_u64(&r), expected[i], "number %d", i);
}

Test(rng, streams_are_functions_of_the_key)
{
    struct rng a, b, c;
    int same = 0;

    rng_init(&a, 7);
    rng_init(&b, 7);
    rng_init(&c, 8);
    for (int i = 0; i < 100; i++) {
        uint64_t x = rng_u64(&a);
        cr_assert_eq(x, rng_u64(&b));
        same += x == rng_u64(&c);
    }
    cr_assert_eq(same, 0);
}

Test(rng, keys_differ_in_every_place)
{
    uint64_t keys[1000];
    int n = 0;

    for (uint64_t a = 0; a < 10; a++)
        for (uint64_t b = 0; b < 10; b++)
            for (uint64_t c = 0; c < 10; c++)
                keys[n++] = rng_key(a, b, c);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++)
            cr_assert_neq(keys[i], keys[j]);
}

Test(rng, floats_stay_in_range)
{
    struct rng r;
    double sum = 0, squares = 0;

    rng_init(&r, 1);
    for (int i = 0; i < 200000; i++) {
        float u = rng_uniform(&r), x = rng_between(&r, -3.0f, 5.0f);
        cr_assert(u >= 0.0f && u < 1.0f);
        cr_assert(x >= -3.0f && x < 5.0f);
        sum += (double)u;
        squares += (double)u * (double)u;
    }
    cr_assert_float_eq(sum / 200000, 0.5, 0.005);
    cr_assert_float_eq(squares / 200000, 1.0 / 3.0, 0.005);
    cr_assert_lt(rng_between(&r, 1.0f, nextafterf(1.0f, 2.0f)), nextafterf(1.0f, 2.0f));
}

Test(rng, normal_has_its_moments)
{
    struct rng r;
    double m1 = 0, m2 = 0, m3 = 0, m4 = 0;
    int n = 200000;

    rng_init(&r, 2);
    for (int i = 0; i < n; i++) {
        double x = (double)rng_normal(&r);
        cr_assert(isfinite(x));
        m1 += x / n;
        m2 += x * x / n;
        m3 += x * x * x / n;
        m4 += x * x * x * x / n;
    }
    cr_assert_float_eq(m1, 0, 0.01);
    cr_assert_float_eq(m2, 1, 0.02);
    cr_assert_float_eq(m3, 0, 0.05);
    cr_assert_float_eq(m4, 3, 0.15);
}

Test(rng, below_is_even)
{
    static const uint32_t limits[] = {1, 2, 3, 7, 10, 1000};
    struct rng r;

    rng_init(&r, 3);
    for (int k = 0; k < ARRAY_LEN(limits); k++) {
        int count[1000] = {0}, draws = 2000 * (int)limits[k];
        for (int i = 0; i < draws; i++) {
            uint32_t x = rng_below(&r, limits[k]);
            cr_assert_lt(x, limits[k]);
            count[x]++;
        }
        /* 2000 expected, standard deviation below 45: six of them. */
        for (uint32_t x = 0; x < limits[k]; x++)
            cr_assert(abs(count[x] - 2000) < 270, "%u of %u came %d times", x, limits[k], count[x]);
    }
    cr_assert_lt(rng_below(&r, UINT32_MAX), UINT32_MAX);
}

Test(rng, shuffle_gives_every_order)
{
    struct rng r;
    int count[24] = {0};

    rng_init(&r, 4);
    for (int i = 0; i < 24000; i++) {
        int o[4], code = 0;
        rng_shuffle(&r, o, 4);
        for (int a = 0; a < 4; a++) {
            int smaller = 0;
            for (int b = a + 1; b < 4; b++) {
                cr_assert_neq(o[a], o[b]);
                smaller += o[b] < o[a];
            }
            cr_assert(o[a] >= 0 && o[a] < 4);
            code = code * (4 - a) + smaller;
        }
        count[code]++;
    }
    for (int i = 0; i < 24; i++)
        cr_assert(abs(count[i] - 1000) < 200, "order %d came %d times", i, count[i]);
    rng_shuffle(&r, NULL, 0);
}
