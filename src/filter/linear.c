#include "filter/linear.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

enum { BLOCK = 16 }; /* examples that a row of the matrix stays in the cache for */

/* Features are counted from those of the first example: so a large mean with small deviations loses no digits. */
struct linear_sums {
    int d, classes;
    long n;
    double *origin; /* [d] */
    double *sum;    /* [d] */
    double *
        product; /* [d][d] of which the lower half is used; while fitting the deviations' correlations, then their Cholesky factor */
    double *own; /* [classes][d] the sums of each class's examples; then the solution */
    double *count;        /* [classes] */
    double *mean, *scale; /* [d] while fitting */
    double *row;          /* [BLOCK][d] */
};

enum err linear_sums_new(int features, int classes, struct linear_sums **out, struct diag *diag)
{
    size_t d = (size_t)features, k = (size_t)classes;
    assert(features > 0 && classes > 1);
    struct linear_sums *s = mem_new(1, sizeof *s);
    double *room = mem_new((4 + BLOCK) * d + d * d + k * d + k, sizeof *room);
    if (!s || !room) {
        free(s);
        free(room);
        return diag_memory(diag, "a linear classifier");
    }
    *s = (struct linear_sums){.d = features, .classes = classes, .origin = room};
    s->sum = s->origin + d, s->mean = s->sum + d, s->scale = s->mean + d, s->row = s->scale + d;
    s->product = s->row + BLOCK * d, s->own = s->product + d * d, s->count = s->own + k * d;
    *out = s;
    return ERR_NONE;
}

void linear_sums_free(struct linear_sums *s)
{
    if (s)
        free(s->origin);
    free(s);
}

static void add_block(struct linear_sums *s, int n, const float *x, const int *label)
{
    size_t d = (size_t)s->d;
    for (int i = 0; i < n; i++) {
        double *row = s->row + (size_t)i * d, *own = s->own + (size_t)label[i] * d;
        s->count[label[i]]++;
        for (size_t j = 0; j < d; j++) {
            row[j] = (double)x[(size_t)i * d + j] - s->origin[j];
            s->sum[j] += row[j];
            own[j] += row[j];
        }
    }
    for (size_t j = 0; j < d; j++)
        for (int i = 0; i < n; i++) {
            const double *row = s->row + (size_t)i * d, at = row[j];
            double *product = s->product + j * d;
            for (size_t k = 0; k <= j; k++)
                product[k] += at * row[k];
        }
}

void linear_sums_add(struct linear_sums *s, int n, const float *x, const int *label)
{
    for (int j = 0; j < s->d && s->n == 0 && n > 0; j++)
        s->origin[j] = (double)x[j];
    for (int i = 0; i < n; i += BLOCK)
        add_block(s, n - i < BLOCK ? n - i : BLOCK, x + (size_t)i * (size_t)s->d, label + i);
    s->n += n;
}

/* Features brought to mean 0 and deviation 1; the weights are given back in the features' own units. */
static void standardise(struct linear_sums *s, double ridge)
{
    size_t d = (size_t)s->d;
    double n = (double)s->n;
    for (size_t j = 0; j < d; j++) {
        double square = s->product[j * d + j] / n;
        s->mean[j] = s->sum[j] / n;
        double spread = square - s->mean[j] * s->mean[j];
        s->scale[j] = spread > 1e-14 * square ? 1 / sqrt(spread)
                                              : 0; /* one that never changes, up to rounding, says nothing */
    }
    for (size_t j = 0; j < d; j++)
        for (size_t k = 0; k <= j; k++)
            s->product[j * d + k] =
                (s->product[j * d + k] / n - s->mean[j] * s->mean[k]) * s->scale[j] * s->scale[k] +
                (j == k ? ridge : 0);
    for (int c = 0; c < s->classes; c++)
        for (size_t j = 0; j < d; j++) {
            double *own = s->own + (size_t)c * d + j;
            *own = (*own - s->count[c] * s->mean[j]) * s->scale[j] / n;
        }
}

/* product = L L^T in place; the ridge keeps every pivot above 0. */
static void factor(struct linear_sums *s)
{
    size_t d = (size_t)s->d;
    double *l = s->product;
    for (size_t j = 0; j < d; j++)
        for (size_t i = j; i < d; i++) {
            double sum = l[i * d + j];
            for (size_t k = 0; k < j; k++)
                sum -= l[i * d + k] * l[j * d + k];
            l[i * d + j] = i == j ? sqrt(sum) : sum / l[j * d + j];
        }
}

static void solve(const struct linear_sums *s, double *b)
{
    size_t d = (size_t)s->d;
    const double *l = s->product;
    for (size_t i = 0; i < d; i++) {
        for (size_t k = 0; k < i; k++)
            b[i] -= l[i * d + k] * b[k];
        b[i] /= l[i * d + i];
    }
    for (size_t i = d; i-- > 0;) {
        for (size_t k = i + 1; k < d; k++)
            b[i] -= l[k * d + i] * b[k];
        b[i] /= l[i * d + i];
    }
}

static void take_weights(const struct linear_sums *s, struct linear *out)
{
    size_t d = (size_t)s->d;
    for (int c = 0; c < s->classes; c++) {
        double *w = out->weight + (size_t)c * (d + 1);
        w[d] = s->count[c] / (double)s->n;
        for (size_t j = 0; j < d; j++) {
            w[j] = s->own[(size_t)c * d + j] * s->scale[j];
            w[d] -= w[j] * (s->origin[j] + s->mean[j]);
        }
    }
}

enum err linear_sums_fit(struct linear_sums *s, double ridge, struct linear *out, struct diag *diag)
{
    size_t d = (size_t)s->d, k = (size_t)s->classes;
    assert(s->n > 0 && ridge > 0);
    *out = (struct linear){s->d, s->classes, mem_new(k * (d + 1), sizeof(double))};
    if (!out->weight) {
        linear_fini(out);
        return diag_memory(diag, "a linear classifier");
    }
    standardise(s, ridge);
    factor(s);
    for (int c = 0; c < s->classes; c++)
        solve(s, s->own + (size_t)c * d);
    take_weights(s, out);
    return ERR_NONE;
}

enum err linear_fit(int n, int features, const float *x, const int *label, int classes, double ridge,
                    struct linear *out, struct diag *diag)
{
    struct linear_sums *s = NULL;
    enum err err = linear_sums_new(features, classes, &s, diag);
    if (err)
        return err;
    linear_sums_add(s, n, x, label);
    err = linear_sums_fit(s, ridge, out, diag);
    linear_sums_free(s);
    return err;
}

void linear_fini(struct linear *l)
{
    free(l->weight);
    *l = (struct linear){0};
}

int linear_predict(const struct linear *l, const float *x, double *score)
{
    int best = 0;
    double top = -INFINITY;
    for (int c = 0; c < l->classes; c++) {
        const double *w = l->weight + (size_t)c * (size_t)(l->features + 1);
        double sum = w[l->features];
        for (int j = 0; j < l->features; j++)
            sum += w[j] * (double)x[j];
        if (score)
            score[c] = sum;
        if (sum > top) {
            top = sum;
            best = c;
        }
    }
    return best;
}

int linear_right(const struct linear *l, int n, const float *x, const int *label)
{
    int right = 0;
    for (int i = 0; i < n; i++)
        right += linear_predict(l, x + (size_t)i * (size_t)l->features, NULL) == label[i];
    return right;
}
