#include <criterion/criterion.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/rng.h"

static void by_printf(float value, char *out)
{
    for (int digits = 6; digits <= 9; digits++) {
        snprintf(out, 32, "%.*g", digits, (double)value);
        if (strtof(out, NULL) == value)
            return;
    }
}

static void same(float value)
{
    char have[DECIMAL_ROOM], want[32];
    int length = decimal_shortest(value, have);
    by_printf(value, want);
    cr_assert_str_eq(have, want);
    cr_assert_eq((size_t)length, strlen(want));
}

Test(decimal, as_printf)
{
    static const float chosen[] = {0,         -0.0f,    1,          -1,       0.1f,     12,    100000,
                                   999999.5f, 1e6f,     1234567,    16777216, 16777218, 1e8f,  123456789,
                                   1e9f,      0.0001f,  9.9999e-5f, 1e-5f,    1e-12f,   1e12f, FLT_MAX,
                                   FLT_MIN,   1e-45f,   0.5f,       2.5e-3f,  1234565,  0.3f,  99999.95f,
                                   1e20f,     -3.5e-9f, 8388607.5f};
    for (size_t i = 0; i < sizeof chosen / sizeof *chosen; i++)
        same(chosen[i]);
    struct rng rng;
    rng_init(&rng, 1);
    for (int i = 0; i < 300000; i++) {
        union {
            uint32_t bits;
            float value;
        } any = {.bits = (uint32_t)rng_u64(&rng)};
        if (isfinite(any.value))
            same(any.value);
        same(rng_normal(&rng) * (i % 2 ? 1 : 1000));
        same((float)rng_below(&rng, 100000) / (float)(1 << rng_below(&rng, 24)));
    }
}

Test(decimal, not_numbers)
{
    char out[DECIMAL_ROOM];
    cr_assert_eq(decimal_shortest(NAN, out), 3);
    cr_assert_str_eq(out, "nan");
    decimal_shortest(-NAN, out);
    cr_assert_str_eq(out, "nan");
    decimal_shortest(-INFINITY, out);
    cr_assert_str_eq(out, "-inf");
}
