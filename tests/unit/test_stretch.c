/** A series in stretches: the same numbers as of the whole, whatever its length is. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "filter/respond.h"
#include "filter/stretch.h"

/* A long series without a period. */
static struct signal series(long count)
{
    struct signal x = {count, mem_floats((size_t)count), 100, 1};
    for (long i = 0; i < count; i++)
        x.x[i] = (float)(sin((double)i * 0.01) + 0.5 * sin((double)i * (double)i * 1e-6));
    return x;
}

static struct stretch_change change_of(const struct signal *x, const char *kernel, struct kernel *k)
{
    struct stretch_change c = {.x = x, .sigma = 0.2, .seed = 5};
    cr_assert(!kernel_parse(kernel, k, NULL));
    c.weights = (int)tensor_count(&k->w);
    for (int i = 0; i < c.weights; i++)
        c.w[i] = k->w.data[i];
    return c;
}

Test(stretch, noise_has_no_past)
{
    struct signal x = series(5000), noisy;
    float part[1500];
    cr_assert(!series_noise(&x, 0.3, 7, &noisy, NULL));
    static const long from[] = {0, 1, 1023, 1024, 3500};
    for (int k = 0; k < 5; k++) {
        series_noise_part(&x, 0.3, 7, from[k], 1500, part);
        for (long i = 0; i < 1500; i++)
            cr_assert_eq(part[i], noisy.x[from[k] + i]);
    }
    signal_fini(&noisy);
    signal_fini(&x);
}

/* Lowest and highest of each column, and the error, are those of series_filter() of the whole. */
static void check(long count, const char *kernel)
{
    static struct stretch s;
    struct signal x = series(count), noisy, y;
    struct kernel k;
    struct stretch_change c = change_of(&x, kernel, &k);
    struct stretch_error e = {0};
    long half = (c.weights - 1) / 2;
    cr_assert(!series_noise(&x, 0.2, 5, &noisy, NULL));
    cr_assert(!series_filter(&noisy, &k, CORRELATE_VALID, NULL, &y, NULL));
    stretch_begin(&s, 0, count, STRETCH_COLUMNS);
    for (long at = 0; at < count; at += STRETCH_CHUNK)
        cr_assert(
            !stretch_more(&s, &c, at, count - at < STRETCH_CHUNK ? count - at : STRETCH_CHUNK, &e, NULL));
    cr_assert_eq(e.count, y.count);
    cr_assert_eq(s.columns, count < STRETCH_COLUMNS ? count : STRETCH_COLUMNS);
    for (int col = 0; col < s.columns; col++) {
        float low = NAN, high = NAN;
        for (long i = stretch_first(&s, col); i < stretch_first(&s, col + 1); i++) {
            cr_assert_eq(stretch_column(&s, i), col);
            if (i >= half && i - half < y.count)
                stretch_widen(&low, &high, y.x[i - half]);
        }
        cr_assert_eq(isnan(low), isnan(s.low[STRETCH_SMOOTH][col]));
        if (!isnan(low))
            cr_assert(fabsf(low - s.low[STRETCH_SMOOTH][col]) < 1e-5f &&
                      fabsf(high - s.high[STRETCH_SMOOTH][col]) < 1e-5f);
    }
    struct signal seen = {y.count, x.x + half, 100, 1}, unseen = {y.count, noisy.x + half, 100, 1};
    cr_assert_float_eq(stretch_snr(&e, STRETCH_SMOOTH), series_snr(&seen, &y, 0, y.count), 1e-3);
    cr_assert_float_eq(stretch_snr(&e, STRETCH_NOISY), series_snr(&seen, &unseen, 0, y.count), 1e-3);
    cr_assert_float_eq(stretch_rmse(&e, STRETCH_NOISY), 0.2, 0.02);
    if (c.weights < 100) /* a mean over more flattens the waves too */
        cr_assert_lt(stretch_rmse(&e, STRETCH_SMOOTH), 0.15);
    kernel_fini(&k);
    signal_fini(&noisy);
    signal_fini(&y);
    signal_fini(&x);
}

Test(stretch, as_the_whole)
{
    check(500, "uniform:rows=1,cols=8");
    check(40000, "gaussian:rows=1,cols=21,sigma=6");
    check(STRETCH_CHUNK, "uniform:rows=1,cols=255");
}

Test(stretch, wider_than_the_series)
{
    static struct stretch s;
    struct signal x = series(5);
    struct kernel k;
    struct stretch_change c = change_of(&x, "uniform:rows=1,cols=8", &k);
    struct stretch_error e = {0};
    stretch_begin(&s, 0, 5, 100);
    cr_assert(!stretch_more(&s, &c, 0, 5, &e, NULL));
    cr_assert(e.count == 0 && isnan(stretch_rmse(&e, STRETCH_SMOOTH)));
    for (int i = 0; i < 5; i++)
        cr_assert(isnan(s.low[STRETCH_SMOOTH][i]) && s.low[STRETCH_CLEAN][i] == x.x[i]);
    kernel_fini(&k);
    signal_fini(&x);
}

/* ---- the search ---- */

static void compare(const struct signal *x, long from, long length, bool normalised)
{
    struct respond *r;
    struct tensor want;
    struct peak peak[1];
    int peaks;
    cr_assert(!series_find(x, x->x + from, length, normalised, 0.5f, 1, NULL, &want, peak, &peaks, NULL));
    cr_assert(!respond_new(x->x + from, length, normalised, &r, NULL));
    long count = want.dim[1], step = respond_step(r);
    float *y = mem_floats((size_t)count);
    for (long at = 0; at < count; at += step)
        respond_run(r, x->x + at, count - at < step ? count - at : step, y + at);
    for (long i = 0; i < count; i++)
        cr_assert_float_eq(y[i], want.data[i], normalised ? 2e-4f : 1e-3f, "at %ld: %g, not %g", i,
                           (double)y[i], (double)want.data[i]);
    free(y);
    respond_free(r);
    tensor_fini(&want);
}

Test(stretch, response_by_transforms)
{
    struct signal x = series(20000);
    for (int normalised = 0; normalised < 2; normalised++) {
        compare(&x, 100, 1, normalised);
        compare(&x, 100, 37, normalised);
        compare(&x, 3000, 1500, normalised);
        compare(&x, 0, 20000, normalised);
    }
    struct respond *r;
    struct diag diag;
    cr_assert_eq(respond_new(x.x, 0, true, &r, &diag), ERR_RANGE);
    respond_free(NULL);
    signal_fini(&x);
}

Test(stretch, flat_pieces_answer_nothing)
{
    float flat[50] = {0}, y[11];
    struct respond *r;
    cr_assert(!respond_new(flat, 40, true, &r, NULL));
    respond_run(r, flat, 11, y);
    for (int i = 0; i < 11; i++)
        cr_assert_eq(y[i], 0);
    respond_free(r);
}
