#include "explain/regularise.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { REACH_MOST = 3 * BLUR_MOST };

void regularise_decay(size_t count, float *x, float decay, float ground)
{
    for (size_t i = 0; i < count; i++)
        x[i] = ground + (1 - decay) * (x[i] - ground);
}

/* n numbers `stride` apart, into out, likewise. */
static void blur_line(const float *x, int n, size_t stride, const float *weight, int reach, float *out)
{
    for (int i = 0; i < n; i++) {
        float sum = 0, whole = 0;
        int first = i - reach < 0 ? -i : -reach, last = i + reach >= n ? n - 1 - i : reach;
        for (int d = first; d <= last; d++) {
            float k = weight[d < 0 ? -d : d];
            sum += k * x[(size_t)(i + d) * stride];
            whole += k;
        }
        out[(size_t)i * stride] = sum / whole;
    }
}

void regularise_blur(struct shape s, float *x, float sigma, float *scratch)
{
    float weight[REACH_MOST + 1];
    int reach = (int)ceilf(3 * sigma);
    assert(sigma > 0 && sigma <= BLUR_MOST);
    for (int d = 0; d <= reach; d++)
        weight[d] = expf(-(float)(d * d) / (2 * sigma * sigma));
    for (int c = 0; c < s.c; c++) {
        float *plane = x + (size_t)c * (size_t)s.h * (size_t)s.w;
        for (int r = 0; r < s.h; r++)
            blur_line(plane + (size_t)r * (size_t)s.w, s.w, 1, weight, reach,
                      scratch + (size_t)r * (size_t)s.w);
        for (int k = 0; k < s.w; k++)
            blur_line(scratch + k, s.h, (size_t)s.w, weight, reach, plane + k);
    }
}

/* i modulo n, never negative. */
static int around(int i, int n)
{
    return (i % n + n) % n;
}

void regularise_roll(struct shape s, const float *x, int down, int right, float *out)
{
    int first = around(right, s.w);
    for (int c = 0; c < s.c; c++)
        for (int r = 0; r < s.h; r++) {
            const float *from = x + (size_t)(c * s.h + around(r - down, s.h)) * (size_t)s.w;
            float *to = out + (size_t)(c * s.h + r) * (size_t)s.w;
            memcpy(to + first, from, (size_t)(s.w - first) * sizeof *x);
            memcpy(to, from + s.w - first, (size_t)first * sizeof *x);
        }
}

static int rising(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return x < y ? -1 : x > y;
}

void regularise_clip(struct shape s, float *x, float share, float ground, float *scratch)
{
    size_t plane = (size_t)s.h * (size_t)s.w, below = (size_t)(share * (float)plane);
    float *norm = scratch, *sorted = scratch + plane;
    for (size_t i = 0; i < plane; i++) {
        float squares = 0;
        for (int c = 0; c < s.c; c++) {
            float d = x[(size_t)c * plane + i] - ground;
            squares += d * d;
        }
        norm[i] = squares;
    }
    memcpy(sorted, norm, plane * sizeof *norm);
    qsort(sorted, plane, sizeof *sorted, rising);
    float limit = below < plane ? sorted[below] : INFINITY;
    for (size_t i = 0; i < plane; i++)
        for (int c = 0; c < s.c && norm[i] < limit; c++)
            x[(size_t)c * plane + i] = ground;
}
