#include "filter/linear.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/* Features brought to mean 0 and deviation 1 while fitting; the weights are given back in the features' own units. */
struct fit {
    int n, d, classes;
    const float *x;
    const int *label;
    double *mean, *scale; /* [d] */
    double *row;          /* [d] one example */
    double *gram;         /* [d][d], then its lower Cholesky factor */
    double *right;        /* [classes][d], then the solution */
    double *share;        /* [classes] of the examples */
};

static void standardise(struct fit *f)
{
    for (int i = 0; i < f->n; i++)
        for (int j = 0; j < f->d; j++)
            f->mean[j] += (double)f->x[(size_t)i * (size_t)f->d + (size_t)j] / f->n;
    for (int i = 0; i < f->n; i++)
        for (int j = 0; j < f->d; j++) {
            double from = (double)f->x[(size_t)i * (size_t)f->d + (size_t)j] - f->mean[j];
            f->scale[j] += from * from / f->n;
        }
    for (int j = 0; j < f->d; j++) /* one that never changes, up to rounding, says nothing */
        f->scale[j] = f->scale[j] > 1e-24 * f->mean[j] * f->mean[j] ? 1 / sqrt(f->scale[j]) : 0;
}

static void add_up(struct fit *f, double ridge)
{
    size_t d = (size_t)f->d;
    for (int i = 0; i < f->n; i++)
        f->share[f->label[i]] += 1.0 / f->n;
    for (int i = 0; i < f->n; i++) {
        for (size_t j = 0; j < d; j++)
            f->row[j] = ((double)f->x[(size_t)i * d + j] - f->mean[j]) * f->scale[j];
        for (size_t j = 0; j < d; j++)
            for (size_t k = 0; k <= j; k++)
                f->gram[j * d + k] += f->row[j] * f->row[k] / f->n;
        for (int c = 0; c < f->classes; c++)
            for (size_t j = 0; j < d; j++)
                f->right[(size_t)c * d + j] += f->row[j] * ((f->label[i] == c) - f->share[c]) / f->n;
    }
    for (size_t j = 0; j < d; j++)
        f->gram[j * d + j] += ridge;
}

/* gram = L L^T in place; the ridge keeps every pivot above 0. */
static void factor(struct fit *f)
{
    size_t d = (size_t)f->d;
    double *l = f->gram;
    for (size_t j = 0; j < d; j++)
        for (size_t i = j; i < d; i++) {
            double sum = l[i * d + j];
            for (size_t k = 0; k < j; k++)
                sum -= l[i * d + k] * l[j * d + k];
            l[i * d + j] = i == j ? sqrt(sum) : sum / l[j * d + j];
        }
}

static void solve(const struct fit *f, double *b)
{
    size_t d = (size_t)f->d;
    const double *l = f->gram;
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

static void take_weights(const struct fit *f, struct linear *out)
{
    size_t d = (size_t)f->d;
    for (int c = 0; c < f->classes; c++) {
        double *w = out->weight + (size_t)c * (d + 1);
        w[d] = f->share[c];
        for (size_t j = 0; j < d; j++) {
            w[j] = f->right[(size_t)c * d + j] * f->scale[j];
            w[d] -= w[j] * f->mean[j];
        }
    }
}

enum err linear_fit(int n, int features, const float *x, const int *label, int classes, double ridge,
                    struct linear *out, struct diag *diag)
{
    size_t d = (size_t)features, k = (size_t)classes;
    assert(n > 0 && features > 0 && classes > 1 && ridge > 0);
    double *room = mem_new(3 * d + d * d + k * d + k, sizeof *room);
    *out = (struct linear){features, classes, mem_new(k * (d + 1), sizeof(double))};
    if (!room || !out->weight) {
        free(room);
        linear_fini(out);
        return diag_memory(diag, "a linear classifier");
    }
    struct fit f = {.n = n, .d = features, .classes = classes, .x = x, .label = label, .mean = room};
    f.scale = f.mean + d, f.row = f.scale + d, f.gram = f.row + d, f.right = f.gram + d * d;
    f.share = f.right + k * d;
    standardise(&f);
    add_up(&f, ridge);
    factor(&f);
    for (int c = 0; c < classes; c++)
        solve(&f, f.right + (size_t)c * d);
    take_weights(&f, out);
    free(room);
    return ERR_NONE;
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
