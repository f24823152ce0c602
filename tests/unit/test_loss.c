/** Losses against their definitions in double precision. */
#include <criterion/criterion.h>
#include <float.h>
#include <math.h>

#include "nets.h"
#include "nn/loss.h"

enum { MOST = 1000 };

/* -log softmax(z)[label] and its gradient. */
static double cross_entropy(int k, const float *z, int label, double *dz)
{
    double most = -HUGE_VAL, sum = 0;
    for (int i = 0; i < k; i++)
        most = fmax(most, (double)z[i]);
    for (int i = 0; i < k; i++)
        sum += exp((double)z[i] - most);
    for (int i = 0; i < k; i++)
        dz[i] = exp((double)z[i] - most) / sum - (i == label);
    return log(sum) + (most - (double)z[label]);
}

static double squares(int k, const float *z, int label, double *dz)
{
    double sum = 0;
    for (int i = 0; i < k; i++) {
        double d = (double)z[i] - (i == label);
        sum += d * d / k;
        dz[i] = 2 * d / k;
    }
    return sum;
}

static const struct {
    const char *name;
    double (*value)(int k, const float *z, int label, double *dz);
} definitions[] = {{"cross-entropy", cross_entropy}, {"mse", squares}};

static void check(const struct loss_type *type, int k, const float *z, int label, float scale)
{
    float dz[MOST];
    double want_dz[MOST], want = -1;
    for (int i = 0; i < ARRAY_LEN(definitions); i++)
        if (strcmp(definitions[i].name, type->name) == 0)
            want = definitions[i].value(k, z, label, want_dz);
    cr_assert_geq(want, 0, "there is no definition of %s in this test", type->name);
    float alone = type->value(k, z, label, scale, NULL), value = type->value(k, z, label, scale, dz);
    cr_assert_float_eq((double)alone, (double)value, 1e-6 * (1 + want),
                       "asking for a gradient changes the loss");
    cr_assert_float_eq((double)value, want, 2e-6 * (1 + want), "%s of %d: %g, not %g", type->name, k,
                       (double)value, want);
    for (int i = 0; i < k; i++)
        cr_assert_float_eq((double)dz[i], (double)scale * want_dz[i],
                           2e-6 * (double)scale * (1 + fabs(want_dz[i])), "%s of %d, gradient %d: %g, not %g",
                           type->name, k, i, (double)dz[i], (double)scale * want_dz[i]);
}

Test(loss, are_their_definitions)
{
    static const int sizes[] = {1, 2, 3, 7, 8, 9, 10, 100, MOST};
    static const float ranges[] = {0, 0.1f, 1, 10, 80};
    for (int t = 0; loss_types[t]; t++)
        for (int s = 0; s < ARRAY_LEN(sizes); s++)
            for (int r = 0; r < ARRAY_LEN(ranges); r++) {
                int k = sizes[s];
                float *z = random_floats((size_t)k, -ranges[r], ranges[r] + 1e-6f, (uint64_t)s);
                for (int label = 0; label < k; label += 1 + k / 5) {
                    check(loss_types[t], k, z, label, 1);
                    check(loss_types[t], k, z, label, 1.0f / 128);
                }
                free(z);
            }
}

Test(loss, are_found_by_name)
{
    for (int t = 0; loss_types[t]; t++) {
        cr_assert_eq(loss_find(loss_types[t]->name), loss_types[t]);
        cr_assert_not_null(loss_types[t]->help);
    }
    cr_assert_str_eq(loss_types[0]->name, "cross-entropy");
    cr_assert_null(loss_find("cross"));
    cr_assert_null(loss_find(""));
}

Test(loss, cross_entropy_of_extreme_logits)
{
    static const float logits[][3] = {{1e4f, -1e4f, 0},      {-1e4f, -1e4f, -1e4f}, {3e38f, 3e38f, 3e38f},
                                      {1e30f, 0, 0},         {-3e37f, 0, 0},        {88, 89, 90},
                                      {FLT_MIN, 0, -FLT_MIN}};
    for (int i = 0; i < ARRAY_LEN(logits); i++)
        for (int label = 0; label < 3; label++)
            check(&loss_cross_entropy, 3, logits[i], label, 1);
}

/* Beside a probability of almost 1 the others are small, and must neither be lost nor bend the sum. */
Test(loss, cross_entropy_gradient_adds_up_to_nothing)
{
    for (int sure = 0; sure < 40; sure++) {
        float z[10] = {0, 1, 2, 3, 1, 0, 2, 1, 0, 1}, dz[10];
        double sum = 0, want[10];
        z[3] = (float)sure;
        loss_cross_entropy.value(10, z, 3, 1, dz);
        cross_entropy(10, z, 3, want);
        for (int i = 0; i < 10; i++) {
            sum += (double)dz[i];
            if (i != 3)
                cr_assert_float_eq((double)dz[i], want[i], 4e-6 * want[i], "class %d at %d", i, sure);
        }
        cr_assert_float_eq(sum, 0, 3e-7);
        cr_assert_leq(dz[3], 0);
    }
}

Test(loss, nan_is_seen)
{
    const float z[3] = {1, NAN, 2};
    float dz[3];
    for (int t = 0; loss_types[t]; t++) {
        cr_assert(isnan(loss_types[t]->value(3, z, 0, 1, dz)), "%s", loss_types[t]->name);
        cr_assert(isnan(dz[1]));
    }
}

Test(loss, softmax_of_anything)
{
    static const float ranges[] = {0.001f, 1, 50, 1e4f, 1e37f};
    for (int k = 1; k < 200; k += 13)
        for (int r = 0; r < ARRAY_LEN(ranges); r++) {
            float *z = random_floats((size_t)k, -ranges[r], ranges[r], 3), p[200];
            double sum = 0, want[200];
            softmax(k, z, p);
            cross_entropy(k, z, 0, want);
            for (int i = 0; i < k; i++) {
                cr_assert_float_eq((double)p[i], want[i] + (i == 0), 1e-6, "class %d of %d", i, k);
                sum += (double)p[i];
            }
            cr_assert_float_eq(sum, 1, 1e-5);
            softmax(k, z, z);
            cr_assert(same_bits((size_t)k, z, p), "in place");
            free(z);
        }
}

Test(loss, mse_of_arrays)
{
    enum { N = 777 };
    float *x = random_floats(N, -3, 3, 1), *y = random_floats(N, -3, 3, 2), dx[N];
    double want = 0;
    for (int i = 0; i < N; i++)
        want += ((double)x[i] - (double)y[i]) * ((double)x[i] - (double)y[i]) / N;
    cr_assert_float_eq(mse(N, x, y, NULL), want, 1e-9);
    cr_assert_float_eq(mse(N, x, y, dx), want, 1e-9);
    for (int i = 0; i < N; i++)
        cr_assert_float_eq((double)dx[i], 2 * ((double)x[i] - (double)y[i]) / N, 1e-8);
    free(x);
    free(y);
}

Test(loss, argmax_takes_the_first_and_no_nan)
{
    cr_assert_eq(argmax(1, (float[]){-INFINITY}), 0);
    cr_assert_eq(argmax(4, (float[]){1, 3, 3, 2}), 1);
    cr_assert_eq(argmax(4, (float[]){-3, -1, -2, -1}), 1);
    cr_assert_eq(argmax(3, (float[]){NAN, -INFINITY, -5}), 2);
    cr_assert_eq(argmax(3, (float[]){-5, NAN, -7}), 0);
    cr_assert_eq(argmax(3, (float[]){INFINITY, NAN, 0}), 0);
}
