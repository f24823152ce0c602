#include "filter/spectrogram.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

static const double tau = 6.28318530717958647692;

static void swap(double *a, double *b)
{
    double c = *a;
    *a = *b;
    *b = c;
}

void fourier(int n, double *re, double *im)
{
    for (int i = 1, j = 0; i < n; i++) { /* into the order of the mirrored bits */
        int bit = n >> 1;
        for (; j & bit; bit >>= 1)
            j ^= bit;
        j ^= bit;
        if (i < j) {
            swap(&re[i], &re[j]);
            swap(&im[i], &im[j]);
        }
    }
    for (int half = 1; half < n; half *= 2)
        for (int k = 0; k < half; k++) {
            double c = cos(tau * k / (2 * half)), s = -sin(tau * k / (2 * half));
            for (int i = k; i < n; i += 2 * half) {
                double a = re[i + half] * c - im[i + half] * s, b = re[i + half] * s + im[i + half] * c;
                re[i + half] = re[i] - a;
                im[i + half] = im[i] - b;
                re[i] += a;
                im[i] += b;
            }
        }
}

enum err spectrogram(const float *x, long count, double rate, int window, int hop, struct spectrogram *out,
                     struct diag *diag)
{
    *out = (struct spectrogram){0};
    if (window < SPECTROGRAM_LEAST || window > SPECTROGRAM_MOST || (window & (window - 1)) || hop < 1)
        return diag_fail(diag, ERR_RANGE, NULL, 0,
                         "a window of %d samples every %d: the window is a power of two from %d to %d, the "
                         "step at least 1",
                         window, hop, SPECTROGRAM_LEAST, SPECTROGRAM_MOST);
    struct spectrogram s = {window, hop, count > 0 ? 1 + (count - 1) / hop : 0, window / 2 + 1, rate, NULL};
    double *re = mem_new((size_t)window, sizeof *re), *im = mem_new((size_t)window, sizeof *im);
    s.decibel = mem_floats((size_t)s.frames * (size_t)s.bins);
    if (!re || !im || !s.decibel) {
        free(re);
        free(im);
        spectrogram_fini(&s);
        return diag_memory(diag, "a spectrogram");
    }
    for (long t = 0; t < s.frames; t++) {
        for (int i = 0; i < window; i++) {
            long at = t * hop + i;
            re[i] = at < count ? (double)x[at] * (0.5 - 0.5 * cos(tau * i / window)) : 0;
            im[i] = 0;
        }
        fourier(window, re, im);
        for (int b = 0; b < s.bins;
             b++) /* half the window's sum is what a sine of amplitude 1 reaches: window / 4 */
            s.decibel[t * s.bins + b] =
                (float)fmax(20 * log10(hypot(re[b], im[b]) * 4 / window), (double)SPECTROGRAM_FLOOR);
    }
    free(re);
    free(im);
    *out = s;
    return ERR_NONE;
}

void spectrogram_fini(struct spectrogram *s)
{
    free(s->decibel);
    *s = (struct spectrogram){0};
}
