/** The switches of gradient ascent against their definitions. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "explain/regularise.h"
#include "nets.h"

static const struct shape shape = {2, 7, 9};
enum { COUNT = 2 * 7 * 9, PLANE = 7 * 9 };

static float at(const float *x, int c, int r, int k)
{
    return x[(c * shape.h + r) * shape.w + k];
}

Test(regularise, decay)
{
    float x[4] = {0, 0.5f, 1, 0.2f};
    regularise_decay(4, x, 0.25f, 0.2f);
    const double want[4] = {0.05, 0.425, 0.8, 0.2};
    for (int i = 0; i < 4; i++)
        cr_assert_float_eq((double)x[i], want[i], 1e-7);
}

/* The plane of weights exp(-(a^2 + b^2) / 2 sigma^2), those inside scaled to 1: what rows and columns give one after the other. */
Test(regularise, blur)
{
    static const float sigmas[] = {0.4f, 1, 2.3f, BLUR_MOST};
    for (int s = 0; s < ARRAY_LEN(sigmas); s++) {
        float *x = random_floats(COUNT, 0, 1, 5), *y = random_floats(COUNT, 0, 1, 5), scratch[PLANE];
        double sigma = (double)sigmas[s];
        int reach = (int)ceil(3 * sigma);
        regularise_blur(shape, y, sigmas[s], scratch);
        for (int i = 0; i < COUNT; i++) {
            int c = i / PLANE, r = i % PLANE / shape.w, k = i % shape.w;
            double sum = 0, whole = 0;
            for (int a = -reach; a <= reach; a++)
                for (int b = -reach; b <= reach; b++)
                    if (r + a >= 0 && r + a < shape.h && k + b >= 0 && k + b < shape.w) {
                        double g = exp(-(a * a + b * b) / (2 * sigma * sigma));
                        sum += g * (double)at(x, c, r + a, k + b);
                        whole += g;
                    }
            cr_assert_float_eq((double)y[i], sum / whole, 1e-5, "sigma %g, place %d", sigma, i);
        }
        free(x);
        free(y);
    }
}

Test(regularise, a_flat_picture_stays_flat)
{
    float x[COUNT], scratch[PLANE];
    for (int i = 0; i < COUNT; i++)
        x[i] = 0.7f;
    regularise_blur(shape, x, 3, scratch);
    for (int i = 0; i < COUNT; i++)
        cr_assert_float_eq((double)x[i], 0.7, 1e-6);
}

Test(regularise, roll)
{
    float *x = random_floats(COUNT, 0, 1, 2), y[COUNT], back[COUNT];
    for (int down = -15; down <= 15; down += 3)
        for (int right = -19; right <= 19; right += 2) {
            regularise_roll(shape, x, down, right, y);
            for (int i = 0; i < COUNT; i++) {
                int c = i / PLANE, r = i % PLANE / shape.w, k = i % shape.w;
                int from_r = (r - down + 70) % 7, from_k = (k - right + 90) % 9;
                cr_assert(y[i] == at(x, c, from_r, from_k), "%d down, %d right, place %d", down, right, i);
            }
            regularise_roll(shape, y, -down, -right, back);
            cr_assert(same_bits(COUNT, x, back), "%d down, %d right", down, right);
        }
    free(x);
}

/* Of every pixel: how many have a smaller norm. */
Test(regularise, clip)
{
    static const float shares[] = {0, 0.1f, 0.5f, 0.9f, 1};
    for (int s = 0; s < ARRAY_LEN(shares); s++) {
        float *x = random_floats(COUNT, 0, 1, 8), y[COUNT], scratch[2 * PLANE];
        memcpy(y, x, sizeof y);
        regularise_clip(shape, y, shares[s], 0.4f, scratch);
        int cut = 0;
        for (int i = 0; i < PLANE; i++) {
            int smaller = 0;
            for (int j = 0; j < PLANE; j++)
                smaller +=
                    hypotf(x[j] - 0.4f, x[PLANE + j] - 0.4f) < hypotf(x[i] - 0.4f, x[PLANE + i] - 0.4f);
            bool small = smaller < (int)(shares[s] * PLANE);
            cut += small;
            cr_assert(y[i] == (small ? 0.4f : x[i]) && y[PLANE + i] == (small ? 0.4f : x[PLANE + i]),
                      "share %g, pixel %d", (double)shares[s], i);
        }
        cr_assert_eq(cut, (int)(shares[s] * PLANE));
        free(x);
    }
    float flat[COUNT] = {0}, scratch[2 * PLANE];
    flat[3] = 0.5f;
    regularise_clip(shape, flat, 0.5f, 0, scratch);
    cr_assert_eq(flat[3], 0.5f, "equals are no smaller than each other");
}
