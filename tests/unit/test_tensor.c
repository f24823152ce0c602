/** shape, tensor and gemm. */
#include <criterion/criterion.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "tensor/gemm.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

Test(shape, counts_and_text)
{
    struct shape s = {8, 24, 25};

    cr_assert_eq(shape_count(s), 4800);
    cr_assert(shape_equal(s, (struct shape){8, 24, 25}));
    cr_assert_not(shape_equal(s, (struct shape){8, 25, 24}));
    cr_assert_str_eq(shape_text(s).s, "8x24x25");
    cr_assert_str_eq(shape_text((struct shape){INT_MAX, INT_MAX, INT_MAX}).s,
                     "2147483647x2147483647x2147483647");
}

/** Places that a window can stand at, counted one by one. */
static int extent_by_counting(int in, struct window w)
{
    int count = 0;

    for (int at = -w.pad; at + w.dilation * (w.size - 1) < in + w.pad; at += w.stride)
        count++;
    return count;
}

Test(shape, window_extent_is_what_counting_gives)
{
    for (int in = 1; in <= 12; in++)
        for (int size = 1; size <= 5; size++)
            for (int stride = 1; stride <= 4; stride++)
                for (int pad = 0; pad <= 3; pad++)
                    for (int dilation = 1; dilation <= 3; dilation++) {
                        struct window w = {size, stride, pad, dilation};
                        int out = -7, expected = extent_by_counting(in, w);
                        enum err err = window_extent(in, w, &out);
                        cr_assert_eq(err, expected > 0 ? ERR_NONE : ERR_SHAPE);
                        cr_assert_eq(out, expected > 0 ? expected : -7,
                                     "in %d, size %d, stride %d, pad %d, dilation %d", in, size, stride, pad,
                                     dilation);
                    }
}

Test(shape, window_extent_of_the_largest_numbers)
{
    int out = 0;

    cr_assert_eq(window_extent(1, (struct window){INT_MAX, 1, 0, INT_MAX}, &out), ERR_SHAPE);
    cr_assert_eq(window_extent(INT_MAX, (struct window){1, 1, INT_MAX, 1}, &out), ERR_SHAPE);
    cr_assert_eq(window_extent(INT_MAX, (struct window){1, 1, 0, 1}, &out), ERR_NONE);
    cr_assert_eq(out, INT_MAX);
}

Test(tensor, zeroed_and_named)
{
    struct tensor t;

    cr_assert_eq(tensor_init(&t, 4, (long[]){16, 8, 5, 5}, NULL), ERR_NONE);
    cr_assert_eq(tensor_count(&t), 3200);
    cr_assert_eq(t.data[3199], 0.0f);
    cr_assert_str_eq(tensor_text(t.rank, t.dim).s, "[16, 8, 5, 5]");
    tensor_fini(&t);
    cr_assert_null(t.data);
    tensor_fini(&t);
    cr_assert_eq(tensor_init(&t, 0, NULL, NULL), ERR_NONE);
    cr_assert_eq(tensor_count(&t), 1);
    cr_assert_str_eq(tensor_text(0, NULL).s, "[]");
    tensor_fini(&t);
    cr_assert_eq(tensor_init(&t, 3, (long[]){LONG_MAX, LONG_MAX, 0}, NULL), ERR_NONE,
                 "nothing of any size is nothing");
    cr_assert_eq(tensor_count(&t), 0);
    tensor_fini(&t);
}

Test(tensor, shapes_that_overflow)
{
    struct tensor t;
    struct diag d = {0};
    long huge[TENSOR_RANK];

    cr_assert_eq(tensor_init(&t, 3, (long[]){1L << 31, 1L << 31, 4}, &d), ERR_MEMORY);
    cr_assert_not_null(strstr(d.text, "[2147483648, 2147483648, 4]"));
    cr_assert_null(t.data);
    for (int i = 0; i < TENSOR_RANK; i++)
        huge[i] = LONG_MAX;
    cr_assert_eq(tensor_init(&t, TENSOR_RANK, huge, &d), ERR_MEMORY);
    cr_assert_lt(strlen(tensor_text(TENSOR_RANK, huge).s), sizeof(struct tensor_text));
}

/** The definition, in double. */
static double product(bool ta, bool tb, int i, int j, int k, const float *a, int lda, const float *b, int ldb)
{
    double sum = 0;

    for (int p = 0; p < k; p++)
        sum +=
            (double)(ta ? a[p * lda + i] : a[i * lda + p]) * (double)(tb ? b[j * ldb + p] : b[p * ldb + j]);
    return sum;
}

static void check_gemm(bool ta, bool tb, int m, int n, int k, float alpha, float beta)
{
    enum { LD = 12 };
    float a[LD * LD], b[LD * LD], c[LD * LD], before[LD * LD];
    struct rng r;

    rng_init(&r, rng_key((uint64_t)m, (uint64_t)n, (uint64_t)k));
    for (int i = 0; i < LD * LD; i++) {
        a[i] = rng_between(&r, -1.0f, 1.0f);
        b[i] = rng_between(&r, -1.0f, 1.0f);
        c[i] = before[i] = beta == 0.0f ? NAN : rng_between(&r, -1.0f, 1.0f);
    }
    gemm(ta, tb, m, n, k, alpha, a, LD, b, LD, beta, c, LD);
    for (int i = 0; i < LD; i++) {
        for (int j = 0; j < LD; j++) {
            double expected = (double)alpha * product(ta, tb, i, j, k, a, LD, b, LD);
            if (beta != 0.0f)
                expected += (double)beta * (double)before[i * LD + j];
            if (i < m && j < n)
                cr_assert_float_eq((double)c[i * LD + j], expected, 1e-5, "%dx%dx%d at %d,%d", m, n, k, i, j);
            else
                cr_assert_eq(memcmp(&c[i * LD + j], &before[i * LD + j], sizeof(float)), 0, "outside of C");
        }
    }
}

Test(gemm, is_the_definition)
{
    static const int sizes[] = {0, 1, 3, 8, 11};

    gemm_setup();
    for (int m = 0; m < ARRAY_LEN(sizes); m++)
        for (int n = 0; n < ARRAY_LEN(sizes); n++)
            for (int k = 0; k < ARRAY_LEN(sizes); k++)
                for (int t = 0; t < 4; t++)
                    for (int way = 0; way < 3; way++)
                        check_gemm(t & 1, t & 2, sizes[m], sizes[n], sizes[k], way == 2 ? -0.5f : 1.0f,
                                   way == 0   ? 0.0f
                                   : way == 1 ? 1.0f
                                              : 0.75f);
}

Test(gemm, says_who_it_is)
{
    cr_assert_not_null(strstr(gemm_version(), "OpenBLAS"));
}
