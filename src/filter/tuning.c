#include "filter/tuning.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
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

void tuning_curve(const float *w, int channels, int k, double width, int angles, float *patch, float *answer)
{
    for (int a = 0; a < angles; a++) {
        answer[a] = 0;
        for (int shift = -k; shift <= k; shift++) {
            double sum = 0;
            tuning_bar(k, 180.0 * a / angles, shift / 2.0, width, patch);
            for (int i = 0; i < channels * k * k; i++)
                sum += (double)w[i] * (double)patch[i % (k * k)];
            answer[a] = (float)fmax((double)answer[a], sum);
        }
    }
}

/* |a . b| is taken with its sign: the opposite edge is half a turn away. */
static double cosine(const double *a, const float *b, int count)
{
    double ab = 0, aa = 0, bb = 0;
    for (int i = 0; i < count; i++) {
        ab += a[i] * (double)b[i];
        aa += a[i] * a[i];
        bb += (double)b[i] * (double)b[i];
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}

enum err census(int count, int channels, int k, const float *w, struct census_match *match, struct diag *diag)
{
    const struct kernel_type *type = kernel_type_find("edge");
    double value[KNOBS];
    int cells = k * k;
    double *sum = mem_new((size_t)count * (size_t)cells, sizeof *sum);
    enum err err = sum ? ERR_NONE : diag_memory(diag, "filters");
    if (!err && (k < 3 || k > KERNEL_SIDE))
        err = diag_fail(diag, ERR_SHAPE, NULL, 0,
                        "filters of %d x %d have no edges to compare with; from 3 x 3 on", k, k);
    for (int f = 0; f < count && !err; f++) {
        match[f] = (struct census_match){0, 0};
        for (int i = 0; i < channels * cells; i++)
            sum[f * cells + i % cells] += (double)w[f * channels * cells + i];
    }
    knobs_initial(type->knob, value);
    value[1] = k;
    for (int angle = 0; angle < 360 && !err; angle++) {
        struct kernel edge;
        value[0] = angle;
        err = kernel_make(type, value, &edge, diag);
        for (int f = 0; f < count && !err; f++) {
            double c = cosine(sum + f * cells, edge.w.data, cells);
            if (c > match[f].cosine)
                match[f] = (struct census_match){angle, c};
        }
        kernel_fini(&edge);
    }
    free(sum);
    return err;
}
