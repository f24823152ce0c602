#include "filter/tuning.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

#include "filter/kernels.h"

static const double pi = 3.14159265358979323846;

void tuning_bar(int k, double angle, double offset, double width, float *patch)
{
    double c = cos(angle * pi / 180), s = sin(angle * pi / 180);
    for (int i = 0; i < k; i++)
        for (int j = 0; j < k; j++) {
            double x = j - (k - 1) / 2.0, y = (k - 1) / 2.0 - i, across = x * s - y * c;
            double inside =
                width / 2 + 0.5 - fabs(across - offset); /* 0 at a pixel's width from its border */
            patch[i * k + j] = (float)fmin(fmax(inside, 0), fmin(width, 1));
        }
}

void tuning_add_channels(int count, int channels, int k, const float *w, float *out)
{
    size_t cells = (size_t)k * (size_t)k;
    for (size_t f = 0; f < (size_t)count; f++)
        for (size_t i = 0; i < cells; i++) {
            double sum = 0;
            for (size_t c = 0; c < (size_t)channels; c++)
                sum += (double)w[(f * (size_t)channels + c) * cells + i];
            out[f * cells + i] = (float)sum;
        }
}

void tuning_curves(int count, int k, const float *w, double width, int angles, float *patch, float *answer)
{
    for (int i = 0; i < count * angles; i++)
        answer[i] = 0;
    for (int a = 0; a < angles; a++)
        for (int shift = -k; shift <= k; shift++) {
            tuning_bar(k, 180.0 * a / angles, shift / 2.0, width, patch);
            for (int f = 0; f < count; f++) {
                double sum = 0;
                for (int i = 0; i < k * k; i++)
                    sum += (double)w[f * k * k + i] * (double)patch[i];
                float *best = answer + f * angles + a;
                *best = (float)fmax((double)*best, sum);
            }
        }
}

struct tuning tuning_of(int angles, const float *answer)
{
    int best = 0;
    for (int a = 1; a < angles; a++)
        best = answer[a] > answer[best] ? a : best;
    double peak = (double)answer[best], across = (double)answer[(best + angles / 2) % angles];
    return (struct tuning){180.0 * best / angles, peak, peak > 0 ? (peak - across) / (peak + across) : 0};
}

/* |a . b| is taken with its sign: the opposite edge is half a turn away. */
static double cosine(const float *a, const float *b, int count)
{
    double ab = 0, aa = 0, bb = 0;
    for (int i = 0; i < count; i++) {
        ab += (double)a[i] * (double)b[i];
        aa += (double)a[i] * (double)a[i];
        bb += (double)b[i] * (double)b[i];
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}

void census(int count, int k, const float *w, float *edge, struct census_match *match)
{
    assert(k >= 3);
    for (int f = 0; f < count; f++)
        match[f] = (struct census_match){0, 0};
    for (int angle = 0; angle < 360; angle++) {
        kernel_edge(k, angle, 0, edge);
        for (int f = 0; f < count; f++) {
            double c = cosine(w + f * k * k, edge, k * k);
            if (c > match[f].cosine)
                match[f] = (struct census_match){angle, c};
        }
    }
}
