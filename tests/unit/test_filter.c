#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "filter/correlate.h"
#include "filter/trace.h"

static struct tensor tensor_of(int rank, const long *dim, const float *data)
{
    struct tensor t = {0};
    cr_assert_eq(tensor_init(&t, rank, dim, NULL), ERR_NONE);
    memcpy(t.data, data, tensor_count(&t) * sizeof *data);
    return t;
}

static void expect(const struct tensor *x, const struct tensor *w, enum correlate_mode mode, bool flip,
                   int rank, const long *dim, const float *want, const char *what)
{
    struct tensor y = {0};
    struct trace trace;
    struct diag diag = {0};
    cr_assert_eq(correlate(x, w, mode, flip, &y, &diag), ERR_NONE, "%s: %s", what, diag.text);
    cr_assert_eq(y.rank, rank, "%s", what);
    for (int a = 0; a < rank; a++)
        cr_assert_eq(y.dim[a], dim[a], "%s: axis %d is %ld, not %ld", what, a, y.dim[a], dim[a]);
    cr_assert_eq(trace_init(&trace, x, w, mode, flip, &diag), ERR_NONE, "%s", what);
    cr_assert_eq((size_t)trace.outputs, tensor_count(&y), "%s", what);
    for (long i = 0; i < trace.outputs; i++) {
        cr_assert_float_eq(y.data[i], want[i], 1e-5, "%s: number %ld is %g, not %g", what, i,
                           (double)y.data[i], (double)want[i]);
        cr_assert_float_eq(trace_sum(&trace, i, trace.products), want[i], 1e-5, "%s: products of number %ld",
                           what, i);
    }
    tensor_fini(&y);
}

/* ---- the example of the lecture, window by window ---- */

static const long five[2] = {5, 5}, three[2] = {3, 3};
static const float example_x[25] = {3, 3, 2, 1, 0, 0, 0, 1, 3, 1, 3, 1, 2,
                                    2, 3, 2, 0, 0, 2, 2, 2, 0, 0, 0, 1};
static const float example_w[9] = {0, 1, 2, 2, 2, 0, 0, 1, 2};
static const float example_y[9] = {12, 12, 17, 10, 17, 19, 9, 6, 14};

/* The numbers under the window at each of its nine places, as they stand on the board. */
static const float example_window[9][9] = {
    {3, 3, 2, 0, 0, 1, 3, 1, 2}, {3, 2, 1, 0, 1, 3, 1, 2, 2}, {2, 1, 0, 1, 3, 1, 2, 2, 3},
    {0, 0, 1, 3, 1, 2, 2, 0, 0}, {0, 1, 3, 1, 2, 2, 0, 0, 2}, {1, 3, 1, 2, 2, 3, 0, 2, 2},
    {3, 1, 2, 2, 0, 0, 2, 0, 0}, {1, 2, 2, 0, 0, 2, 0, 0, 0}, {2, 2, 3, 0, 2, 2, 0, 0, 1},
};

Test(filter, lecture_windows)
{
    struct tensor x = tensor_of(2, five, example_x), w = tensor_of(2, three, example_w);
    struct trace t;
    expect(&x, &w, CORRELATE_VALID, false, 2, three, example_y, "5x5 with 3x3");
    cr_assert_eq(trace_init(&t, &x, &w, CORRELATE_VALID, false, NULL), ERR_NONE);
    cr_assert_eq(t.outputs, 9);
    cr_assert_eq(t.products, 9);
    for (long i = 0; i < 9; i++) {
        double sum = 0;
        long place[CORRELATE_RANK];
        trace_place(&t, i, place);
        cr_assert(place[1] == i / 3 && place[2] == i % 3);
        for (long k = 0; k < 9; k++) {
            struct trace_product p = trace_product(&t, i, k);
            cr_assert_eq(p.x, example_window[i][k], "window %ld, product %ld", i, k);
            cr_assert_eq(p.w, example_w[k]);
            cr_assert_not(p.padding);
            cr_assert(p.at[1] == i / 3 + k / 3 && p.at[2] == i % 3 + k % 3);
            cr_assert(p.tap[1] == k / 3 && p.tap[2] == k % 3);
            sum += (double)(example_window[i][k] * example_w[k]);
            cr_assert_eq(trace_sum(&t, i, k + 1), sum, "after product %ld of window %ld", k, i);
        }
        cr_assert_eq(sum, example_y[i]);
    }
    tensor_fini(&x);
    tensor_fini(&w);
}

Test(filter, lecture_padded_and_flipped)
{
    static const float padded[25] = {6,  14, 17, 11, 3, 14, 12, 12, 17, 11, 8, 10, 17,
                                     19, 13, 11, 9,  6, 14, 12, 6,  4,  4,  6, 4};
    static const float flipped[9] = {18, 20, 19, 10, 9, 17, 11, 8, 14};
    struct tensor x = tensor_of(2, five, example_x), w = tensor_of(2, three, example_w);
    struct trace t;
    expect(&x, &w, CORRELATE_SAME, false, 2, five, padded, "zero padding");
    expect(&x, &w, CORRELATE_VALID, true, 2, three, flipped, "true convolution");
    cr_assert_eq(trace_init(&t, &x, &w, CORRELATE_SAME, false, NULL), ERR_NONE);
    for (long k = 0; k < 9; k++) /* at the corner only the last two rows and columns of the window lie on x */
        cr_assert_eq(trace_product(&t, 0, k).padding, k < 3 || k % 3 == 0, "product %ld", k);
    cr_assert_eq(trace_init(&t, &x, &w, CORRELATE_VALID, true, NULL), ERR_NONE);
    cr_assert_eq(trace_product(&t, 0, 0).w, example_w[8], "a flipped kernel is read from its end");
    tensor_fini(&x);
    tensor_fini(&w);
}

Test(filter, lecture_one_dimension)
{
    const long d[1] = {512}, k[1] = {8}, out[1] = {505};
    float x[512], w[8], want[505];
    for (int i = 0; i < 512; i++)
        x[i] = (float)((i * 37) % 11 - 5);
    for (int i = 0; i < 8; i++)
        w[i] = (float)(i - 3);
    for (int i = 0; i < 505; i++) {
        want[i] = 0;
        for (int m = 0; m < 8; m++)
            want[i] += x[i + m] * w[m];
    }
    struct tensor tx = tensor_of(1, d, x), tw = tensor_of(1, k, w);
    expect(&tx, &tw, CORRELATE_VALID, false, 1, out, want, "d = 512, k = 8");
    tensor_fini(&tx);
    tensor_fini(&tw);
}

/* ---- three dimensions: a colour filter that ends at depth 1, and a kernel that moves in depth ---- */

static void depth_case(int k1, int k2, int k3)
{
    enum { D1 = 4, D2 = 5, D3 = 3 };
    const long d[3] = {D1, D2, D3}, k[3] = {k1, k2, k3}, o[3] = {D1 - k1 + 1, D2 - k2 + 1, D3 - k3 + 1};
    float x[D1 * D2 * D3], w[D1 * D2 * D3], want[D1 * D2 * D3];
    for (int i = 0; i < D1 * D2 * D3; i++) {
        x[i] = (float)((i * 7) % 9 - 4);
        w[i] = (float)((i * 5) % 7 - 2);
    }
    for (int i = 0; i < o[0]; i++)
        for (int j = 0; j < o[1]; j++)
            for (int g = 0; g < o[2]; g++) {
                float sum = 0;
                for (int l = 0; l < k1; l++)
                    for (int m = 0; m < k2; m++)
                        for (int n = 0; n < k3; n++)
                            sum += x[((i + l) * D2 + j + m) * D3 + g + n] * w[(l * k2 + m) * k3 + n];
                want[(i * o[1] + j) * o[2] + g] = sum;
            }
    struct tensor tx = tensor_of(3, d, x), tw = tensor_of(3, k, w);
    expect(&tx, &tw, CORRELATE_VALID, false, 3, o, want,
           k3 == D3 ? "as deep as the colours" : "moves in depth");
    tensor_fini(&tx);
    tensor_fini(&tw);
}

Test(filter, lecture_three_dimensions)
{
    depth_case(3, 3, 3);
    depth_case(2, 2, 2);
    depth_case(3, 2, 1);
}

/* ---- recorded results of scipy.signal (1.10.1, method direct) ---- */

static const struct recorded {
    int rank;
    long x_dim[3], w_dim[3], y_dim[3];
    enum correlate_mode mode;
    bool flip;
    float x[24], w[24], y[48];
} recorded[] = {
    {1, {7}, {3}, {5}, CORRELATE_VALID, false, {3, -5, -4, -3, -4, 3, 4}, {1, -5, -4}, {44, 27, 27, 5, -35}},
    {1, {3}, {7}, {5}, CORRELATE_VALID, false, {-2, -1, 1}, {0, -3, -4, 2, 3, -5, -4}, {-5, -12, 9, 12, -1}},
    {1, {3}, {6}, {4}, CORRELATE_VALID, true, {-1, -1, 4}, {0, -1, -1, 2, 1, -4}, {2, -5, -7, 11}},
    {1, {4}, {7}, {4}, CORRELATE_SAME, false, {3, 3, 5, 3}, {-2, -2, 2, 2, 2, 4, -2}, {26, 34, 16, 4}},
    {1, {5}, {4}, {5}, CORRELATE_SAME, true, {5, -5, -5, 5, 5}, {-2, -4, -2, -5}, {-10, 20, -5, 5, -5}},
    {1, {2}, {5}, {6}, CORRELATE_FULL, false, {4, 2}, {1, -3, 0, -3, 3}, {12, -6, -6, -12, -2, 2}},
    {2,
     {4, 5},
     {2, 4},
     {4, 5},
     CORRELATE_SAME,
     false,
     {0, -5, -3, 2, 0, -1, -3, -5, 1, 2, 0, 5, 5, -3, 1, 1, -3, -2, 0, 3},
     {-2, 2, 2, -3, -1, 4, 4, 2},
     {-10, -26, -28, 1, 11, 5, -27, -51, -1, 27, 17, 37, 17, -3, 3, -17, -17, 8, -8, 0}},
    {2,
     {2, 3},
     {3, 4},
     {2, 2},
     CORRELATE_VALID,
     false,
     {-5, 2, -3, 4, 5, -1},
     {5, 3, -2, 4, -1, -4, 1, 4, 2, -1, 4, 0},
     {26, -7, -46, -38}},
    {2,
     {2, 3},
     {4, 3},
     {3, 1},
     CORRELATE_VALID,
     true,
     {-1, -4, -3, 2, 3, -2},
     {1, 4, -4, -2, 0, 1, -1, -1, -4, 1, 5, -3},
     {7, 17, -29}},
    {2,
     {3, 2},
     {2, 5},
     {3, 2},
     CORRELATE_SAME,
     true,
     {3, -4, -5, 3, -4, 3},
     {-2, 1, 5, 5, 0, -3, -3, 4, 1, -4},
     {11, -5, 2, -23, -46, 2}},
    {2,
     {2, 3},
     {4, 2},
     {5, 4},
     CORRELATE_FULL,
     false,
     {4, 5, 5, 1, 5, 1},
     {0, 5, 1, 3, -2, 3, 5, -5},
     {-20, -5, 0, 25, 7, -13, 25, -5, 15, 32, 13, 3, 23, 41, 33, 1, 5, 25, 5, 0}},
    {3,
     {2, 2, 2},
     {3, 2, 3},
     {2, 1, 2},
     CORRELATE_VALID,
     false,
     {0, -1, -5, -5, -3, -3, 2, -3},
     {1, 4, 0, -4, -5, -2, -1, 0, -2, 4, 1, 5, 5, 2, -5, -3, 3, 0},
     {-13, -61, 28, 49}},
    {3,
     {3, 2, 2},
     {2, 2, 2},
     {3, 2, 2},
     CORRELATE_SAME,
     false,
     {5, 2, 4, -5, -2, 2, 1, -1, -4, 1, -5, 2},
     {3, 2, -5, 0, -2, 1, 2, -3},
     {-15, 4, -7, 15, 6, -35, 5, 10, 12, -1, 7, -14}},
    {3,
     {2, 2, 3},
     {2, 3, 2},
     {2, 2, 3},
     CORRELATE_SAME,
     true,
     {-5, 0, 1, -4, 5, 0, 5, 0, 3, 3, 0, -1},
     {2, -5, 1, 0, -4, -3, -5, 3, 2, -1, 5, -1},
     {-13, 30, -24, 16, 20, -4, 21, -47, 18, -50, 4, -13}},
    {3,
     {2, 1, 2},
     {1, 2, 2},
     {2, 2, 3},
     CORRELATE_FULL,
     true,
     {-2, 5, -5, -1},
     {-5, -2, 2, -2},
     {10, -21, -10, -4, 14, -10, 25, 15, 2, -10, 8, 2}},
};

Test(filter, as_scipy)
{
    for (int i = 0; i < ARRAY_LEN(recorded); i++) {
        const struct recorded *r = &recorded[i];
        char what[64];
        struct tensor x = tensor_of(r->rank, r->x_dim, r->x), w = tensor_of(r->rank, r->w_dim, r->w);
        snprintf(what, sizeof what, "case %d, mode %s", i, correlate_mode_names[r->mode]);
        expect(&x, &w, r->mode, r->flip, r->rank, r->y_dim, r->y, what);
        tensor_fini(&x);
        tensor_fini(&w);
    }
}

Test(filter, refuses)
{
    const long tall[2] = {5, 2}, wide[2] = {2, 5}, empty[2] = {0, 3}, line[1] = {3};
    struct tensor a = {0}, b = {0}, none = {0}, one = {0}, y = {0};
    struct diag diag = {0};
    cr_assert(!tensor_init(&a, 2, tall, NULL) && !tensor_init(&b, 2, wide, NULL));
    cr_assert(!tensor_init(&none, 2, empty, NULL) && !tensor_init(&one, 1, line, NULL));
    cr_assert_eq(correlate(&a, &b, CORRELATE_VALID, false, &y, &diag), ERR_SHAPE);
    cr_assert(strstr(diag.text, "[5, 2]") && strstr(diag.text, "[2, 5]"), "%s", diag.text);
    cr_assert_eq(correlate(&a, &none, CORRELATE_FULL, false, &y, &diag), ERR_SHAPE);
    cr_assert_eq(correlate(&a, &one, CORRELATE_FULL, false, &y, &diag), ERR_SHAPE);
    cr_assert_eq(correlate(&a, &b, CORRELATE_SAME, false, &y, &diag), ERR_NONE, "the other modes don't care");
    tensor_fini(&a);
    tensor_fini(&b);
    tensor_fini(&none);
    tensor_fini(&one);
    tensor_fini(&y);
}
