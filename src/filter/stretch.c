#include "filter/stretch.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "filter/fast.h"

double stretch_rmse(const struct stretch_error *e, enum stretch_curve curve)
{
    return e->count > 0 ? sqrt(e->square[curve] / (double)e->count) : (double)NAN;
}

double stretch_snr(const struct stretch_error *e, enum stretch_curve curve)
{
    return e->square[curve] > 0 ? 10 * log10(e->power / e->square[curve]) : (double)INFINITY;
}

void stretch_noisy(const struct stretch_change *change, long from, long count, float *out)
{
    long end = from + count, first = from > 0 ? from : 0;
    long last = end < change->x->count ? end : change->x->count;
    memset(out, 0, (size_t)count * sizeof *out);
    if (first < last)
        series_noise_part(change->x, change->sigma, change->seed, first, last - first, out + (first - from));
}

void stretch_begin(struct stretch *s, long from, long span, int columns)
{
    s->from = from;
    s->span = span;
    s->columns = columns < STRETCH_COLUMNS ? columns : STRETCH_COLUMNS;
    s->columns = span < s->columns ? (int)span : s->columns;
    for (int k = 0; k < STRETCH_CURVES; k++)
        for (int c = 0; c < s->columns; c++)
            s->low[k][c] = s->high[k][c] = NAN;
}

int stretch_column(const struct stretch *s, long sample)
{
    return (int)((sample - s->from) * s->columns / s->span);
}

long stretch_first(const struct stretch *s, int column)
{
    return s->from + (column * s->span + s->columns - 1) / s->columns;
}

void stretch_widen(float *low, float *high, float value)
{
    if (isnan(value))
        return;
    if (!(value >= *low)) /* a NaN too */
        *low = value;
    if (!(value <= *high))
        *high = value;
}

/* The outputs that stand at these samples, of the noisy samples from `half` before the first on. */
static enum err smooth(const struct stretch_change *change, float *noisy, long at, long count, float *out,
                       struct diag *diag)
{
    long half = (change->weights - 1) / 2, last = change->x->count - change->weights;
    float weight[STRETCH_WEIGHTS]; /* a tensor's numbers aren't const */
    struct tensor x = {1, {count + change->weights - 1}, noisy}, w = {1, {change->weights}, weight}, y = {0};
    memcpy(weight, change->w, sizeof weight);
    enum err err = correlate_fast(&x, &w, CORRELATE_VALID, false, NULL, &y, NULL, diag);
    for (long i = 0; i < count && !err; i++) {
        long output = at + i - half;
        out[i] = output >= 0 && output <= last ? y.data[i] : NAN;
    }
    tensor_fini(&y);
    return err;
}

static void add_error(struct stretch_error *e, float clean, float noisy, float smooth)
{
    double before = (double)noisy - (double)clean, after = (double)smooth - (double)clean;
    if (isnan(smooth))
        return;
    e->count++;
    e->power += (double)clean * (double)clean;
    e->square[STRETCH_NOISY] += before * before;
    e->square[STRETCH_SMOOTH] += after * after;
}

enum err stretch_more(struct stretch *s, const struct stretch_change *change, long at, long count,
                      struct stretch_error *e, struct diag *diag)
{
    float noisy[STRETCH_CHUNK + STRETCH_WEIGHTS], smoothed[STRETCH_CHUNK];
    const float *clean = change->x->x + at;
    long half = (change->weights - 1) / 2;
    assert(count >= 1 && count <= STRETCH_CHUNK && at >= s->from && at + count <= s->from + s->span);
    stretch_noisy(change, at - half, count + change->weights - 1, noisy);
    enum err err = smooth(change, noisy, at, count, smoothed, diag);
    for (long i = 0; i < count && !err; i++) {
        const float value[STRETCH_CURVES] = {clean[i], noisy[i + half], smoothed[i]};
        int c = stretch_column(s, at + i);
        for (int k = 0; k < STRETCH_CURVES; k++)
            stretch_widen(&s->low[k][c], &s->high[k][c], value[k]);
        if (e)
            add_error(e, value[STRETCH_CLEAN], value[STRETCH_NOISY], value[STRETCH_SMOOTH]);
    }
    return err;
}
