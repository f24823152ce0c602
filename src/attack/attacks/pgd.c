/** Many small steps, each followed by a projection to the ball and to [0,1]. Madry et al. 2017. */
#include <math.h>
#include <string.h>

#include "attack/attacks/attacks.h"
#include "base/rng.h"

enum { ITERATIONS = 10 };

/* Uniform in the ball: of the cube each coordinate; of the L2 ball a Gaussian's direction at radius eps * u^(1/count). */
static void random_start(const struct attack_options *o, size_t count, long index, const float *x, float *adv)
{
    struct rng rng;
    double squares = 0;
    rng_init(&rng, rng_key(o->seed, (uint64_t)index, 0x706764));
    for (size_t i = 0; i < count; i++) {
        float d = o->norm == NORM_L2 ? rng_normal(&rng) : rng_between(&rng, -o->eps, o->eps);
        squares += (double)d * (double)d;
        adv[i] = d;
    }
    double radius = (double)o->eps * pow((double)rng_uniform(&rng), 1.0 / (double)count);
    float scale = o->norm == NORM_L2 && squares > 0 ? (float)(radius / sqrt(squares)) : 1;
    for (size_t i = 0; i < count; i++)
        adv[i] = x[i] + scale * adv[i];
    attack_project(o->norm, o->eps, count, x, adv);
}

static void run(const struct attack_options *o, const struct net *net, const struct weights *w,
                struct pass *pass, int n, const float *x, const int *label, long first, float *adv,
                float *scratch)
{
    size_t count = shape_count(net->in), all = (size_t)n * count;
    int iterations = o->iterations > 0 ? o->iterations : ITERATIONS;
    float step = o->step > 0 ? o->step : 2.5f * o->eps / (float)iterations;
    memcpy(adv, x, all * sizeof *adv);
    for (int i = 0; i < n && o->random_start; i++)
        random_start(o, count, first + i, x + (size_t)i * count, adv + (size_t)i * count);
    attack_show(o, n, adv);
    for (int k = 0; k < iterations && !attack_stopped(o); k++) {
        attack_gradient(net, w, pass, n, adv, label, &loss_cross_entropy, scratch);
        for (size_t i = 0; i < all; i += count) {
            attack_step(o->norm, o->targeted ? -step : step, count, scratch + i, adv + i);
            attack_project(o->norm, o->eps, count, x + i, adv + i);
        }
        attack_show(o, n, adv);
    }
}

const struct attack_type attack_pgd = {
    "pgd", "many small steps, each projected back", "arXiv:1706.06083", 1, false, run, NULL};
