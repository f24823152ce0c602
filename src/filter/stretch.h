/**
 * A series with noise, and that smoothed, over a stretch of any length, as what a plot can show of it: the lowest and highest value of each of some thousand columns. A
 * long recording is gone through once, in chunks, and nothing of it is kept: a second one of that size isn't needed. Lecture items L20, L26.
 *
 * Output i of the filter is the sum over j of x[i + j] w[j], where all of w lies inside; it stands at the middle of its window, sample i + (weights - 1) / 2.
 */
#ifndef FOVEA_FILTER_STRETCH_H
#define FOVEA_FILTER_STRETCH_H

#include "filter/series.h"

enum { STRETCH_COLUMNS = 8192, STRETCH_CHUNK = 16384, STRETCH_WEIGHTS = KERNEL_SIDE };

/** What is done to a series. */
struct stretch_change {
    const struct signal *x; /* borrowed */
    double sigma;           /* of the noise, >= 0 */
    uint64_t seed;
    int weights; /* 1..STRETCH_WEIGHTS */
    float w[STRETCH_WEIGHTS];
};

enum stretch_curve { STRETCH_CLEAN, STRETCH_NOISY, STRETCH_SMOOTH, STRETCH_CURVES };

/** Column c covers samples from + c * span / columns on, up to where the next begins. NaN where a curve has no value. */
struct stretch {
    long from, span;
    int columns; /* no more than samples */
    float low[STRETCH_CURVES][STRETCH_COLUMNS], high[STRETCH_CURVES][STRETCH_COLUMNS];
};

/** How far from the clean series a curve is, over the samples where there is an output. */
struct stretch_error {
    long count;
    double power,
        square[STRETCH_CURVES]; /* sums of squares: of the clean series, and of the distances from it */
};
double stretch_rmse(const struct stretch_error *e, enum stretch_curve curve); /* NaN: no output */
/** Signal-to-noise ratio in decibels, as series_snr(). */
double stretch_snr(const struct stretch_error *e, enum stretch_curve curve);

/** Samples [from, from + count) of x with its noise; zeros outside. */
void stretch_noisy(const struct stretch_change *change, long from, long count, float *out);

/** An empty one, to be filled; at most `columns` columns. */
void stretch_begin(struct stretch *s, long from, long span, int columns);

/**
 * Takes samples [at, at + count) in, count <= STRETCH_CHUNK, one chunk after the other.
 * @param e  added to; NULL: not wanted. @return ERR_MEMORY
 */
MUST_USE enum err stretch_more(struct stretch *s, const struct stretch_change *change, long at, long count,
                               struct stretch_error *e, struct diag *diag);

/** The column of a sample, and the first sample of a column. */
int stretch_column(const struct stretch *s, long sample);
long stretch_first(const struct stretch *s, int column);

/** Widens a column by a value; NaN doesn't. */
void stretch_widen(float *low, float *high, float value);

#endif
