/** One step of length eps along the gradient's sign (or, in L2, the gradient). Goodfellow, Shlens & Szegedy 2014. */
#include <string.h>

#include "attack/attacks/attacks.h"

static void run(const struct attack_options *o, const struct net *net, const struct weights *w,
                struct pass *pass, int n, const float *x, const int *label, long first, float *adv,
                float *scratch)
{
    (void)first;
    size_t count = shape_count(net->in);
    attack_show(o, n, x);
    attack_gradient(net, w, pass, n, x, label, &loss_cross_entropy, scratch);
    memcpy(adv, x, (size_t)n * count * sizeof *adv);
    for (size_t i = 0; i < (size_t)n * count; i += count) {
        attack_step(o->norm, o->targeted ? -o->eps : o->eps, count, scratch + i, adv + i);
        attack_project(o->norm, o->eps, count, x + i, adv + i);
    }
    attack_show(o, n, adv);
}

static void direction(const struct attack_options *o, const struct net *net, const struct weights *w,
                      struct pass *pass, const float *x, int label, long index, float *out, float *scratch)
{
    (void)index;
    size_t count = shape_count(net->in);
    attack_gradient(net, w, pass, 1, x, &label, &loss_cross_entropy, scratch);
    memset(out, 0, count * sizeof *out);
    attack_step(o->norm, o->targeted ? -1 : 1, count, scratch, out);
}

const struct attack_type attack_fgsm = {
    "fgsm", "one step along the gradient's sign", "arXiv:1412.6572", 1, false, run, direction};
