#include "nn/loss.h"

#include <math.h>
#include <string.h>

const struct loss_type *const loss_types[] = {&loss_cross_entropy, &loss_mse, NULL};

const struct loss_type *loss_find(const char *name)
{
    for (int i = 0; loss_types[i]; i++)
        if (strcmp(loss_types[i]->name, name) == 0)
            return loss_types[i];
    return NULL;
}

int argmax(int k, const float *z)
{
    int best = 0;
    for (int i = 1; i < k; i++)
        if (z[i] > z[best] || isnan(z[best]))
            best = i;
    return best;
}

void softmax(int k, const float *z, float *p)
{
    float most = z[argmax(k, z)], sum = 0;
    for (int i = 0; i < k; i++)
        sum += p[i] = expf(z[i] - most);
    for (int i = 0; i < k; i++)
        p[i] /= sum;
}

/*
 * -log softmax(z)[label] = log(sum exp(z - most)) - (z[label] - most), gradient softmax(z) - onehot(label). The probability is taken as
 * the exponential of the log-probability: where an image is all but certain the difference is a few units of rounding, whose signs decide
 * an attack's steps, and this is how the reference numbers round.
 */
static float cross_entropy(int k, const float *z, int label, float scale, float *dz)
{
    enum { WAYS = 8 }; /* partial sums, added in pairs: beside a 1 the small ones would be lost one by one */
    float most = z[argmax(k, z)], sum[WAYS] = {0};
    for (int i = 0; i < k; i++)
        sum[i % WAYS] += expf(z[i] - most);
    for (int half = WAYS / 2; half > 0; half /= 2)
        for (int i = 0; i < half; i++)
            sum[i] += sum[i + half];
    float log_sum = logf(sum[0]);
    for (int i = 0; i < k && dz; i++)
        dz[i] = scale * (expf(z[i] - most - log_sum) - (i == label ? 1.0f : 0.0f));
    return log_sum - (z[label] - most);
}

static float squared(int k, const float *z, int label, float scale, float *dz)
{
    float sum = 0;
    for (int i = 0; i < k; i++) {
        float d = z[i] - (i == label ? 1.0f : 0.0f);
        sum += d * d;
        if (dz)
            dz[i] = scale * 2 * d / (float)k;
    }
    return sum / (float)k;
}

double mse(size_t count, const float *x, const float *target, float *dx)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        double d = (double)x[i] - (double)target[i];
        sum += d * d;
        if (dx)
            dx[i] = (float)(2 * d / (double)count);
    }
    return sum / (double)count;
}

const struct loss_type loss_cross_entropy = {"cross-entropy", "softmax and cross-entropy with the true class",
                                             cross_entropy};
const struct loss_type loss_mse = {
    "mse", "mean squared distance to 1 for the true class and 0 for the others", squared};
