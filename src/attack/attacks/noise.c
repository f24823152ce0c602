/** The random perturbation of the same norm, which does next to nothing: random signs, or a Gaussian's direction. Lecture L76. */
#include <math.h>

#include "attack/attacks/attacks.h"
#include "base/rng.h"

/* @return the sum of the squares of what it has drawn */
static double draw(const struct attack_options *o, size_t count, long index, float *to)
{
    double squares = 0;
    struct rng rng;
    rng_init(&rng, rng_key(o->seed, (uint64_t)index, 0x6e6f697365));
    for (size_t i = 0; i < count; i++) {
        to[i] = o->norm == NORM_L2 ? rng_normal(&rng) : rng_below(&rng, 2) ? 1.0f : -1.0f;
        squares += (double)to[i] * (double)to[i];
    }
    return squares;
}

static void run(const struct attack_options *o, const struct net *net, const struct weights *w,
                struct pass *pass, int n, const float *x, const int *label, long first, float *adv,
                float *scratch)
{
    (void)w, (void)pass, (void)label, (void)scratch;
    size_t count = shape_count(net->in);
    attack_show(o, n, x);
    for (int k = 0; k < n; k++) {
        const float *from = x + (size_t)k * count;
        float *to = adv + (size_t)k * count;
        double squares = draw(o, count, first + k, to);
        float scale = o->norm == NORM_L2 ? (float)((double)o->eps / sqrt(squares)) : o->eps;
        for (size_t i = 0; i < count; i++)
            to[i] = fminf(fmaxf(from[i] + scale * to[i], 0), 1);
    }
    attack_show(o, n, adv);
}

static void direction(const struct attack_options *o, const struct net *net, const struct weights *w,
                      struct pass *pass, const float *x, int label, long index, float *out, float *scratch)
{
    (void)w, (void)pass, (void)x, (void)label, (void)scratch;
    size_t count = shape_count(net->in);
    double squares = draw(o, count, index, out);
    for (size_t i = 0; i < count && o->norm == NORM_L2; i++)
        out[i] /= (float)sqrt(squares);
}

const struct attack_type attack_noise = {"noise", "random, of the same size", "", 1, false, run, direction};
