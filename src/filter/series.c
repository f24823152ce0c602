#include "filter/series.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "filter/fast.h"

enum err series_filter(const struct signal *x, const struct kernel *kernel, enum correlate_mode mode,
                       struct team *team, struct signal *y, struct diag *diag)
{
    const struct tensor *k = &kernel->w;
    long length = (long)tensor_count(k);
    struct tensor in = {1, {x->count}, x->x}, w = {1, {length}, k->data}, out = {0};
    if (k->dim[0] > 1 && k->dim[1] > 1)
        return diag_fail(diag, ERR_SHAPE, NULL, 0,
                         "a series is filtered by one row of weights, not by %ld x %ld", k->dim[0],
                         k->dim[1]);
    if (mode == CORRELATE_VALID && length > x->count)
        return diag_fail(diag, ERR_SHAPE, NULL, 0,
                         "a kernel of %ld weights doesn't fit into a series of %ld samples", length,
                         x->count);
    enum err err = correlate_fast(&in, &w, mode, false, team, &out, NULL, diag);
    *y = err ? (struct signal){0} : (struct signal){out.dim[0], out.data, x->rate, 1};
    return err;
}

void series_noise_part(const struct signal *x, double sigma, uint64_t seed, long from, long count, float *out)
{
    if (!(sigma > 0)) {
        memcpy(out, x->x + from, (size_t)count * sizeof *out);
        return;
    }
    for (long at = from - from % SERIES_BLOCK; at < from + count; at += SERIES_BLOCK) {
        struct rng rng;
        rng_init(&rng, rng_key(seed, 1, (uint64_t)(at / SERIES_BLOCK)));
        for (long i = at; i < at + SERIES_BLOCK && i < from + count; i++) {
            float noise = (float)sigma * rng_normal(&rng);
            if (i >= from)
                out[i - from] = x->x[i] + noise;
        }
    }
}

enum err series_noise(const struct signal *x, double sigma, uint64_t seed, struct signal *y,
                      struct diag *diag)
{
    *y = (struct signal){x->count, mem_floats((size_t)x->count), x->rate, 1};
    if (!y->x)
        return diag_memory(diag, "a series");
    series_noise_part(x, sigma, seed, 0, x->count, y->x);
    return ERR_NONE;
}

double series_snr(const struct signal *clean, const struct signal *x, long from, long to)
{
    double power = 0, noise = 0;
    for (long i = from; i < to && i < clean->count && i < x->count; i++) {
        double apart = (double)x->x[i] - (double)clean->x[i];
        power += (double)clean->x[i] * (double)clean->x[i];
        noise += apart * apart;
    }
    return noise > 0 ? 10 * log10(power / noise) : (double)INFINITY;
}

enum err series_find(const struct signal *x, const float *piece, long length, bool normalised, float least,
                     int most, struct team *team, struct tensor *response, struct peak *peak, int *peaks,
                     struct diag *diag)
{
    *response = (struct tensor){0};
    *peaks = 0;
    if (length < 1 || length > x->count || x->count > INT_MAX)
        return diag_fail(diag, ERR_SHAPE, NULL, 0, "a piece of %ld samples can't be found in a series of %ld",
                         length, x->count);
    float *copy = mem_floats((size_t)length); /* an image isn't const */
    if (!copy)
        return diag_memory(diag, "a piece of a series");
    memcpy(copy, piece, (size_t)length * sizeof *copy);
    struct image whole = {{1, 1, (int)x->count}, x->x}, part = {{1, 1, (int)length}, copy};
    enum err err = template_match(&whole, &part, normalised, team, response, diag);
    image_fini(&part);
    if (err)
        return err;
    *peaks = template_peaks(response, 1, (int)((length + 1) / 2), least, most, peak);
    if (*peaks >= 0)
        return ERR_NONE;
    *peaks = 0;
    tensor_fini(response);
    return diag_memory(diag, "peaks");
}
