/**
 * What is done with a series: smoothing, noise and its measure, the search for a piece in it. Lecture items L20, L25, L26, L31.
 */
#ifndef FOVEA_FILTER_SERIES_H
#define FOVEA_FILTER_SERIES_H

#include "data/signal.h"
#include "filter/correlate.h"
#include "filter/kernels.h"
#include "filter/template.h"

/** y = x * w by the definition of L20; the kernel has one row or one column. signal_fini() it. */
MUST_USE enum err series_filter(const struct signal *x, const struct kernel *kernel, enum correlate_mode mode,
                                struct team *team, struct signal *y, struct diag *diag);

/**
 * A copy with noise of a normal distribution; the same seed gives the same noise. It is drawn in blocks of SERIES_BLOCK samples, so that a part of a long series
 * has its noise without that of what comes before it.
 */
enum { SERIES_BLOCK = 1024 };
MUST_USE enum err series_noise(const struct signal *x, double sigma, uint64_t seed, struct signal *y,
                               struct diag *diag);

/** Samples [from, from + count) of that copy, which lie within x. */
void series_noise_part(const struct signal *x, double sigma, uint64_t seed, long from, long count,
                       float *out);

/** Signal-to-noise ratio in decibels, 10 log10(sum clean^2 / sum (x - clean)^2), over samples [from, to). Infinity when they are equal. */
double series_snr(const struct signal *clean, const struct signal *x, long from, long to);

/**
 * Where a piece of another series (or of this one) lies in x: the response at every place, as template_match() has it, count - length + 1 numbers, and its
 * peaks (`row` is 0), at least half the piece's length apart.
 * @param most, peak, peaks  as template_peaks(); @param response  tensor_fini() it
 */
MUST_USE enum err series_find(const struct signal *x, const float *piece, long length, bool normalised,
                              float least, int most, struct team *team, struct tensor *response,
                              struct peak *peak, int *peaks, struct diag *diag);

#endif
