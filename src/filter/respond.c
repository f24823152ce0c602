#include "filter/respond.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "filter/spectrogram.h"

enum { LEAST = 4096, LONGER = 4 /* a transform than the piece, so that most of it is kept */ };

struct respond {
    long length;
    int size;
    bool normalised;
    double norm; /* of the piece, its mean taken off; 0: it is flat */
    double *re, *im, *piece_re, *piece_im;
};

/* The conjugate of the piece's transform, its mean taken off where the response is normalised. */
static void transform_piece(struct respond *r, const float *piece)
{
    double mean = 0, sum = 0;
    for (long i = 0; i < r->length; i++)
        mean += (double)piece[i] / (double)r->length;
    for (long i = 0; i < r->length; i++) {
        double from = (double)piece[i] - mean;
        sum += from * from;
        r->piece_re[i] = r->normalised ? from : (double)piece[i];
    }
    r->norm = sum > 1e-9 * (double)r->length * mean * mean ? sqrt(sum) : 0;
    fourier(r->size, r->piece_re, r->piece_im);
    for (int k = 0; k < r->size; k++)
        r->piece_im[k] = -r->piece_im[k];
}

enum err respond_new(const float *piece, long length, bool normalised, struct respond **out,
                     struct diag *diag)
{
    *out = NULL;
    if (length < 1 || length > RESPOND_MOST)
        return diag_fail(diag, ERR_RANGE, NULL, 0, "a piece of %ld samples: 1 to %d can be searched for",
                         length, (int)RESPOND_MOST);
    struct respond *r = calloc(1, sizeof *r);
    if (!r)
        return diag_memory(diag, "a search");
    *r = (struct respond){.length = length, .size = LEAST, .normalised = normalised};
    while (r->size < LONGER * length)
        r->size *= 2;
    r->re = mem_new((size_t)r->size, sizeof *r->re);
    r->im = mem_new((size_t)r->size, sizeof *r->im);
    r->piece_re = mem_new((size_t)r->size, sizeof *r->piece_re);
    r->piece_im = mem_new((size_t)r->size, sizeof *r->piece_im);
    if (!r->re || !r->im || !r->piece_re || !r->piece_im) {
        respond_free(r);
        return diag_memory(diag, "a search");
    }
    transform_piece(r, piece);
    *out = r;
    return ERR_NONE;
}

void respond_free(struct respond *r)
{
    if (!r)
        return;
    free(r->re);
    free(r->im);
    free(r->piece_re);
    free(r->piece_im);
    free(r);
}

long respond_step(const struct respond *r)
{
    return 2 * (r->size - r->length + 1);
}

/* Two stretches at once, one as the real and one as the imaginary part: the piece is real and keeps them apart. */
static void load(struct respond *r, const float *x, long samples)
{
    long half = respond_step(r) / 2;
    for (long i = 0; i < r->size; i++) {
        r->re[i] = i < samples ? (double)x[i] : 0;
        r->im[i] = half + i < samples ? (double)x[half + i] : 0;
    }
}

/* The product with the conjugate; the inverse transform is that of the conjugate, divided by the size. */
static void correlate_stretches(struct respond *r)
{
    fourier(r->size, r->re, r->im);
    for (int k = 0; k < r->size; k++) {
        double a = r->re[k], b = r->im[k];
        r->re[k] = a * r->piece_re[k] - b * r->piece_im[k];
        r->im[k] = -(a * r->piece_im[k] + b * r->piece_re[k]);
    }
    fourier(r->size, r->re, r->im);
}

void respond_run(struct respond *r, const float *x, long count, float *y)
{
    double sum = 0, square = 0, n = (double)r->length;
    long half = respond_step(r) / 2;
    assert(count >= 1 && count <= respond_step(r));
    load(r, x, count + r->length - 1);
    correlate_stretches(r);
    for (long i = 0; i < r->length - 1 && r->normalised; i++) {
        sum += (double)x[i];
        square += (double)x[i] * (double)x[i];
    }
    for (long i = 0; i < count; i++) {
        double product = i < half ? r->re[i] / r->size : -r->im[i - half] / r->size,
               in = (double)x[i + r->length - 1], gone = (double)x[i];
        if (r->normalised) {
            sum += in;
            square += in * in;
            double variance = square - sum * sum / n;
            bool flat = variance <= 1e-9 * square || r->norm == 0;
            product = flat ? 0 : fmin(fmax(product / (sqrt(variance) * r->norm), -1), 1);
            sum -= gone;
            square -= gone * gone;
        }
        y[i] = (float)product;
    }
}
