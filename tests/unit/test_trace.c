/** Stepping: strides, dilation and padding, who reads what, and all of it as text. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "filter/expression.h"
#include "filter/sizes.h"
#include "filter/trace.h"

static float example_x[25] = {3, 3, 2, 1, 0, 0, 0, 1, 3, 1, 3, 1, 2, 2, 3, 2, 0, 0, 2, 2, 2, 0, 0, 0, 1};
static float example_w[9] = {0, 1, 2, 2, 2, 0, 0, 1, 2};
static const struct tensor five = {2, {5, 5}, example_x}, three = {2, {3, 3}, example_w};

static void says(struct text *t, const char *want)
{
    cr_assert_str_eq(text_str(t), want);
    text_free(t);
}

/* ---- strides, dilation, padding: against loops that know no trace ---- */

struct way {
    int stride[2], dilation[2], pad[2];
};
static const struct way ways[] = {
    {{1, 1}, {1, 1}, {0, 0}}, {{2, 1}, {1, 1}, {0, 0}}, {{1, 3}, {1, 1}, {1, 2}},
    {{2, 2}, {1, 1}, {1, 1}}, {{1, 1}, {2, 1}, {0, 0}}, {{2, 2}, {2, 2}, {2, 3}},
};

Test(trace, slides)
{
    for (int i = 0; i < ARRAY_LEN(ways); i++) {
        const struct way *way = &ways[i];
        struct trace_options o = {.padded = true, .bias = 0.5f};
        struct trace t;
        long out[2], n = 0;
        for (int a = 0; a < 2; a++) {
            o.stride[a] = way->stride[a], o.dilation[a] = way->dilation[a], o.pad[a] = way->pad[a];
            out[a] = (5 + 2 * way->pad[a] - 2 * way->dilation[a] - 1) / way->stride[a] + 1;
        }
        cr_assert_eq(trace_begin(&t, &five, &three, &o, NULL), ERR_NONE);
        cr_assert_eq(t.outputs, out[0] * out[1], "way %d", i);
        for (long r = 0; r < out[0]; r++)
            for (long c = 0; c < out[1]; c++, n++) {
                double sum = 0.5;
                for (int k = 0; k < 9; k++) {
                    long row = r * way->stride[0] + k / 3 * way->dilation[0] - way->pad[0];
                    long col = c * way->stride[1] + k % 3 * way->dilation[1] - way->pad[1];
                    bool inside = row >= 0 && row < 5 && col >= 0 && col < 5;
                    struct trace_product p = trace_product(&t, n, k);
                    cr_assert(p.at[1] == row && p.at[2] == col && p.padding == !inside, "way %d", i);
                    sum += inside ? (double)(example_x[row * 5 + col] * example_w[k]) : 0;
                }
                cr_assert_float_eq(trace_sum(&t, n, 9), sum, 1e-9, "way %d, output %ld", i, n);
            }
    }
}

/* A mode with a stride of 2 keeps every second output; with a dilation it is the kernel with zeros between its weights. */
Test(trace, modes_with_strides_and_dilation)
{
    float wide_w[25] = {0};
    struct tensor wide = {2, {5, 5}, wide_w};
    for (int k = 0; k < 9; k++)
        wide_w[k / 3 * 10 + k % 3 * 2] = example_w[k];
    for (int mode = 0; mode < CORRELATE_MODES; mode++) {
        struct trace_options o = {.mode = (enum correlate_mode)mode, .stride = {2, 2}};
        struct trace all, some;
        cr_assert(!trace_init(&all, &five, &three, o.mode, false, NULL) &&
                  !trace_begin(&some, &five, &three, &o, NULL));
        cr_assert_eq(some.extents.y[1], (all.extents.y[1] + 1) / 2);
        for (long i = 0; i < some.outputs; i++) {
            long other = 2 * (i / some.extents.y[2]) * all.extents.y[2] + 2 * (i % some.extents.y[2]);
            cr_assert_eq(trace_sum(&some, i, 9), trace_sum(&all, other, 9));
        }
        o = (struct trace_options){.mode = (enum correlate_mode)mode, .dilation = {2, 2}, .flip = true};
        cr_assert(!trace_init(&all, &five, &wide, o.mode, true, NULL) &&
                  !trace_begin(&some, &five, &three, &o, NULL));
        cr_assert_eq(some.outputs, all.outputs);
        for (long i = 0; i < some.outputs; i++)
            cr_assert_eq(trace_sum(&some, i, 9), trace_sum(&all, i, 25));
    }
}

/* Pointing at an input shows its outputs: what the products say, asked the other way round. */
Test(trace, readers)
{
    for (int i = 0; i < ARRAY_LEN(ways); i++) {
        struct trace_options o = {.padded = true, .flip = i % 2 == 1};
        struct trace t;
        for (int a = 0; a < 2; a++)
            o.stride[a] = ways[i].stride[a], o.dilation[a] = ways[i].dilation[a], o.pad[a] = ways[i].pad[a];
        cr_assert(!trace_begin(&t, &five, &three, &o, NULL));
        for (long row = -2; row < 7; row++)
            for (long col = -3; col < 8; col++) {
                long at[3] = {0, row, col}, list[64], count = trace_readers(&t, at, 64, list), found = 0;
                for (long y = 0; y < t.outputs; y++)
                    for (long k = 0; k < 9; k++) {
                        struct trace_product p = trace_product(&t, y, k);
                        if (p.at[1] != row || p.at[2] != col)
                            continue;
                        long by = -1;
                        cr_assert_lt(found, count);
                        cr_assert_eq(list[found], y);
                        cr_assert(trace_reads(&t, y, at, &by));
                        cr_assert_eq(by, k);
                        found++;
                    }
                cr_assert_eq(found, count, "way %d, (%ld, %ld)", i, row, col);
            }
    }
}

/* L33 with k3 = d3 = 3: a colour's products by themselves, their sum and the bias. */
Test(trace, colours)
{
    float x[27], w[12];
    struct tensor tx = {3, {3, 3, 3}, x}, tw = {3, {2, 2, 3}, w};
    struct trace_options o = {.bias = -1};
    struct trace t;
    for (int i = 0; i < 27; i++)
        x[i] = (float)(i % 5);
    for (int i = 0; i < 12; i++)
        w[i] = (float)(i % 4 - 1);
    cr_assert(!trace_begin(&t, &tx, &tw, &o, NULL));
    cr_assert(t.outputs == 4 && t.extents.y[2] == 1);
    for (long y = 0; y < 4; y++) {
        double sum = -1, colour[3] = {0};
        for (int k = 0; k < 12; k++)
            colour[k % 3] += (double)(x[((y / 2 + k / 6) * 3 + y % 2 + k / 3 % 2) * 3 + k % 3] * w[k]);
        for (int c = 0; c < 3; c++) {
            cr_assert_eq(trace_part(&t, y, 2, c), colour[c]);
            sum += colour[c];
        }
        cr_assert_eq(trace_sum(&t, y, 12), sum);
        cr_assert_eq(trace_sum(&t, y, 11),
                     sum + 1 - (double)(x[((y / 2 + 1) * 3 + y % 2 + 1) * 3 + 2] * w[11]),
                     "the bias comes last");
    }
}

/* E5: k1 counts rows, so k1 pads above and below, k2 left and right, (k - 1) / 2 each for odd k; of an even k the larger half comes first. */
Test(trace, padding_of_a_wide_kernel)
{
    float w[15] = {0};
    struct tensor wide = {2, {3, 5}, w}, even = {2, {2, 4}, w};
    struct trace t;
    cr_assert(!trace_init(&t, &five, &wide, CORRELATE_SAME, false, NULL));
    cr_assert(t.origin[1] == -1 && t.origin[2] == -2 && t.outputs == 25);
    cr_assert(!trace_init(&t, &five, &even, CORRELATE_SAME, false, NULL));
    cr_assert(t.origin[1] == -1 && t.origin[2] == -2 && t.outputs == 25);
}

Test(trace, refuses)
{
    struct trace t;
    struct diag diag = {0};
    struct trace_options far = {.dilation = {3, 3}}, back = {.stride = {-1, 1}},
                         thin = {.padded = true, .pad = {0, -1}};
    cr_assert_eq(trace_begin(&t, &five, &three, &far, &diag), ERR_SHAPE);
    cr_assert(strstr(diag.text, "a kernel of 3, stretched by a dilation of 3 to 7, doesn't fit into 5"), "%s",
              diag.text);
    cr_assert_eq(trace_begin(&t, &five, &three, &back, &diag), ERR_RANGE);
    cr_assert_eq(trace_begin(&t, &five, &three, &thin, &diag), ERR_RANGE);
    far.mode = CORRELATE_SAME;
    cr_assert_eq(trace_begin(&t, &five, &three, &far, &diag), ERR_NONE);
    cr_assert_eq(t.outputs, 25);
}

/* ---- as text ---- */

Test(expression, of_the_lecture)
{
    struct text s = {0};
    struct trace t;
    cr_assert(!trace_init(&t, &five, &three, CORRELATE_VALID, false, NULL));
    expression_sum(&s, &t, 0, 9, false);
    says(&s, "3·0 + 3·1 + 2·2 + 0·2 + 0·2 + 1·0 + 3·0 + 1·1 + 2·2 = 12");
    expression_sum(&s, &t, 5, 9, true);
    says(&s, "1*0 + 3*1 + 1*2 + 2*2 + 2*2 + 3*0 + 0*0 + 2*1 + 2*2 = 19");
    expression_sum(&s, &t, 0, 2, true);
    says(&s, "3*0 + 3*1 + ...");
    expression_sum(&s, &t, 0, 0, true);
    says(&s, "...");
    expression_slide(&s, &t, 0, 0, false);
    says(&s, "3₀ 3₁ 2₂ 1  0\n"
             "0₂ 0₂ 1₀ 3  1\n"
             "3₀ 1₁ 2₂ 2  3\n"
             "2  0  0  2  2\n"
             "2  0  0  0  1\n");
    cr_assert(!trace_init(&t, &five, &three, CORRELATE_SAME, false, NULL));
    expression_slide(&s, &t, 0, 0, true);
    says(&s, "0_0 0_1 0_2\n"
             "0_2 3_2 3_0 2   1   0\n"
             "0_0 0_1 0_2 1   3   1\n"
             "    3   1   2   2   3\n"
             "    2   0   0   2   2\n"
             "    2   0   0   0   1\n");
    expression_sum(&s, &t, 0, 9, true);
    says(&s, "0*0 + 0*1 + 0*2 + 0*2 + 3*2 + 3*0 + 0*0 + 0*1 + 0*2 = 6");
}

Test(expression, signs_and_bias)
{
    float x[3] = {-1, 0.5f, 2}, w[2] = {-3, 0.25f}, z[3] = {1, 2, 3}, pooled[4] = {29, -15, 0, 100};
    struct tensor tx = {1, {3}, x}, tw = {1, {2}, w};
    struct text s = {0};
    struct trace t;
    cr_assert(!trace_begin(&t, &tx, &tw, &(struct trace_options){.bias = -4}, NULL));
    expression_sum(&s, &t, 1, 2, true);
    says(&s, "0.5*(-3) + 2*0.25 + (-4) = -5");
    expression_slide(&s, &t, 1, 0, false);
    says(&s, "-1     0.5₋₃  2_0.25\n");
    cr_assert(
        !trace_init(&t, &tw, &tx, CORRELATE_VALID, false, NULL)); /* w slides, and there is no padding */
    expression_sum(&s, &t, 0, 3, true);
    says(&s, "(-3)*0.5 + 0.25*2 = -1");
    expression_relu(&s, -2);
    says(&s, "max(-2, 0) = 0");
    expression_relu(&s, 0.5f);
    says(&s, "max(0.5, 0) = 0.5");
    expression_pool(&s, pooled, 4, false);
    says(&s, "max(29, -15, 0, 100) = 100");
    expression_pool(&s, pooled, 4, true);
    says(&s, "(29 + (-15) + 0 + 100) / 4 = 28.5");
    expression_dense(&s, x, z, 3, 0.5f, false);
    says(&s, "1·(-1) + 2·0.5 + 3·2 + 0.5 = 6.5");
    expression_softmax(&s, z, 3, 0);
    says(&s, "e^1 / (e^1 + e^2 + e^3) = 0.09003");
    z[2] = 900;
    expression_softmax(&s, z, 3, 2);
    says(&s, "e^900 / (e^1 + e^2 + e^900) = 1");
}

/* ---- sizes ---- */

static void mode_says(int in, int k, enum correlate_mode mode, int stride, int dilation, const char *want,
                      int size)
{
    struct text t = {0};
    int out = 0;
    cr_assert(!size_mode(&t, in, k, mode, stride, dilation, true, &out, NULL));
    cr_assert_eq(out, size, "%s", want);
    says(&t, want);
}

Test(sizes, modes)
{
    mode_says(512, 8, CORRELATE_VALID, 1, 1, "512 - 8 + 1 = 505", 505);
    mode_says(28, 5, CORRELATE_VALID, 1, 1, "28 - 5 + 1 = 24", 24);
    mode_says(28, 5, CORRELATE_SAME, 1, 1, "28 = 28", 28);
    mode_says(28, 5, CORRELATE_FULL, 1, 1, "28 + 5 - 1 = 32", 32);
    mode_says(28, 5, CORRELATE_VALID, 2, 1, "floor((28 - 5) / 2) + 1 = 12", 12);
    mode_says(28, 5, CORRELATE_SAME, 3, 1, "floor((28 - 1) / 3) + 1 = 10", 10);
    mode_says(28, 5, CORRELATE_FULL, 2, 1, "floor((28 + 5 - 2) / 2) + 1 = 16", 16);
    mode_says(28, 5, CORRELATE_VALID, 1, 2, "28 - (2*(5 - 1) + 1) + 1 = 20", 20);
    mode_says(28, 5, CORRELATE_FULL, 1, 2, "28 + (2*(5 - 1) + 1) - 2 + 1 = 36", 36);
}

/* What is written is what a trace has. */
Test(sizes, agree_with_the_trace)
{
    for (int in = 1; in < 9; in++)
        for (int k = 1; k < 6; k++)
            for (int way = 0; way < 27; way++) {
                float x[9] = {0}, w[6] = {0};
                struct tensor tx = {1, {in}, x}, tw = {1, {k}, w};
                struct trace_options o = {.mode = (enum correlate_mode)(way % 3),
                                          .stride = {way / 3 % 3 + 1},
                                          .dilation = {way / 9 + 1}};
                struct trace t;
                struct text s = {0};
                struct window win = {k, o.stride[0], way % 3, o.dilation[0]};
                int out = 0;
                enum err err = size_mode(&s, in, k, o.mode, o.stride[0], o.dilation[0], false, &out, NULL);
                bool slides = k > in && o.mode == CORRELATE_VALID && o.stride[0] == 1 && o.dilation[0] == 1;
                if (!slides) { /* then x slides over w */
                    cr_assert_eq(trace_begin(&t, &tx, &tw, &o, NULL), err);
                    cr_assert(err || out == t.outputs, "%s", text_str(&s));
                }
                o.padded = true;
                o.pad[0] = win.pad;
                err = size_window(&s, in, win, false, &out, NULL);
                cr_assert_eq(trace_begin(&t, &tx, &tw, &o, NULL), err);
                cr_assert(err || out == t.outputs);
                int extent = 0;
                cr_assert_eq(window_extent(in, win, &extent), err);
                cr_assert(err || out == extent);
                text_free(&s);
            }
}

Test(sizes, windows)
{
    struct text t = {0};
    struct diag diag = {0};
    int out;
    cr_assert(!size_window(&t, 28, (struct window){5, 1, 2, 1}, true, &out, NULL));
    says(&t, "28 + 2*2 - 5 + 1 = 28");
    cr_assert(!size_window(&t, 24, (struct window){2, 2, 0, 1}, true, &out, NULL)); /* pooling: 24 / 2 */
    says(&t, "floor((24 - 2) / 2) + 1 = 12");
    cr_assert_eq(size_window(&t, 5, (struct window){7, 1, 0, 1}, true, &out, &diag), ERR_SHAPE);
    cr_assert(strstr(diag.text, "a kernel of 7 doesn't fit into 5 + 2*0 = 5 samples"), "%s", diag.text);
    cr_assert_eq(size_window(&t, 5, (struct window){3, 1, 0, 3}, true, &out, &diag), ERR_SHAPE);
    cr_assert(strstr(diag.text, "stretched by 3 spans 7"), "%s", diag.text);
    cr_assert_eq(size_mode(&t, 5, 3, CORRELATE_SAME, 0, 1, true, &out, &diag), ERR_RANGE);
    cr_assert_eq(size_window(&t, 5, (struct window){3, 1, -1, 1}, true, &out, &diag), ERR_RANGE);
    cr_assert_eq(t.length, 0);
    text_free(&t);
}

/* L46 to L49 and E1, E11: 24 x 24, 25 n and 26 n, 14,400 of 451,584, and 18,063 times as many, not 200,000. */
Test(sizes, sharing)
{
    struct sharing s;
    cr_assert(!sharing_of(28, 28, 5, 8, &s, NULL));
    cr_assert(s.out.c == 8 && s.out.h == 24 && s.out.w == 24);
    cr_assert(s.inputs == 784 && s.outputs == 576 && s.distinct == 25 && s.tied == 14400 &&
              s.dense == 451584);
    cr_assert(s.weights == 200 && s.parameters == 208);
    cr_assert_float_eq(s.ratio, 18063.36, 1e-9);
    cr_assert_eq(sharing_of(3, 3, 5, 1, &s, NULL), ERR_SHAPE);
}
