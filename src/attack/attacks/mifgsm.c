/**
 * PGD with momentum: the steps follow a running sum of gradients, each first brought to length 1, so that a wiggle of the loss doesn't turn them round.
 *
 *     g <- momentum * g + gradient / ||gradient||_1        Dong et al. 2017, equation 6
 *     x <- project(x + step * sign(g))                     in L2: step * g / ||g||_2
 */
#include <math.h>
#include <string.h>

#include "attack/attacks/attacks.h"

enum { ITERATIONS = 10 };

static void gather(float momentum, size_t count, const float *gradient, float *sum)
{
    double length = 0;
    for (size_t i = 0; i < count; i++)
        length += fabs((double)gradient[i]);
    float scale = length > 0 ? (float)(1 / length) : 0;
    for (size_t i = 0; i < count; i++)
        sum[i] = momentum * sum[i] + scale * gradient[i];
}

static void run(const struct attack_options *o, const struct net *net, const struct weights *w,
                struct pass *pass, int n, const float *x, const int *label, long first, float *adv,
                float *scratch)
{
    (void)first;
    size_t count = shape_count(net->in), all = (size_t)n * count;
    int iterations = o->iterations > 0 ? o->iterations : ITERATIONS;
    float step = o->step > 0 ? o->step : 2.5f * o->eps / (float)iterations;
    float momentum = o->momentum > 0 ? o->momentum : 1, *sum = scratch + all;
    memcpy(adv, x, all * sizeof *adv);
    memset(sum, 0, all * sizeof *sum);
    attack_show(o, n, adv);
    for (int k = 0; k < iterations && !attack_stopped(o); k++) {
        attack_gradient(net, w, pass, n, adv, label, &loss_cross_entropy, scratch);
        for (size_t i = 0; i < all; i += count) {
            gather(momentum, count, scratch + i, sum + i);
            attack_step(o->norm, o->targeted ? -step : step, count, sum + i, adv + i);
            attack_project(o->norm, o->eps, count, x + i, adv + i);
        }
        attack_show(o, n, adv);
    }
}

const struct attack_type attack_mifgsm = {
    "mifgsm", "pgd whose steps have momentum", "arXiv:1710.06081", 2, false, run, NULL};
