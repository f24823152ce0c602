/**
 * A sound as a picture: the strength of each frequency over time, by short Fourier transforms.
 *
 * Frame t looks at `window` samples from t * hop on, under Hann's window 1/2 - 1/2 cos(2 pi i / window); samples beyond the end are 0. Bin b is
 * b * rate / window hertz. The transform is our own (radix 2, Cooley & Tukey 1965): for windows of some thousand samples it needs no library.
 */
#ifndef FOVEA_FILTER_SPECTROGRAM_H
#define FOVEA_FILTER_SPECTROGRAM_H

#include "base/err.h"

struct spectrogram {
    int window, hop; /* in samples */
    long frames;     /* 1 + (count - 1) / hop */
    int bins;        /* window / 2 + 1 */
    double rate;
    float *
        decibel; /* [frames][bins], owned: 20 log10(amplitude), a full sine of amplitude 1 having 0; at least SPECTROGRAM_FLOOR */
};

#define SPECTROGRAM_FLOOR (-120.0f)
enum { SPECTROGRAM_LEAST = 16, SPECTROGRAM_MOST = 16384 };

/** @param window  a power of two, SPECTROGRAM_LEAST..SPECTROGRAM_MOST. @param hop  >= 1. ERR_RANGE otherwise. spectrogram_fini() it. */
MUST_USE enum err spectrogram(const float *x, long count, double rate, int window, int hop,
                              struct spectrogram *out, struct diag *diag);
void spectrogram_fini(struct spectrogram *s);

/** In place: (re, im)[k] = sum over i of (re, im)[i] * exp(-2 pi sqrt(-1) i k / n); n is a power of two. */
void fourier(int n, double *re, double *im);

#endif
