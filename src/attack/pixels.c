#include "attack/pixels.h"

#include <string.h>

#include "attack/attacks/attacks.h"

/* What the loss gains to first order where all channels of a place become `to`. */
static double gain_of(struct shape in, const float *adv, const float *gradient, size_t place, float to)
{
    size_t plane = (size_t)in.h * (size_t)in.w;
    double gain = 0;
    for (size_t i = place; i < (size_t)in.c * plane; i += plane)
        gain += (double)gradient[i] * ((double)to - (double)adv[i]);
    return gain;
}

/* Changes the place that helps most of those that aren't changed yet. @return false: none helps */
static bool change_one(struct shape in, bool targeted, const float *gradient, float *adv, float *changed)
{
    size_t plane = (size_t)in.h * (size_t)in.w, best = 0;
    double most = 0;
    float value = 0;
    for (size_t p = 0; p < plane; p++)
        for (int white = 0; white < 2 && !(changed[p] > 0); white++) {
            double gain = gain_of(in, adv, gradient, p, (float)white);
            gain = targeted ? -gain : gain;
            if (gain > most)
                most = gain, best = p, value = (float)white;
        }
    if (!(most > 0))
        return false;
    changed[best] = 1;
    for (size_t i = best; i < (size_t)in.c * plane; i += plane)
        adv[i] = value;
    return true;
}

int pixels_run(const struct attack_options *options, const struct net *net, const struct weights *w,
               struct pass *pass, const float *x, int label, int most, float *adv, float *scratch,
               bool *fooled)
{
    size_t count = shape_count(net->in);
    float *gradient = scratch, *changed = scratch + count;
    int used = 0;
    memcpy(adv, x, count * sizeof *adv);
    memset(changed, 0, count * sizeof *changed);
    for (;;) {
        attack_gradient(net, w, pass, 1, adv, &label, &loss_cross_entropy, gradient);
        *fooled = (pass_says(pass, 0) == label) == options->targeted;
        if (*fooled || used >= most || attack_stopped(options) ||
            !change_one(net->in, options->targeted, gradient, adv, changed))
            return used;
        used++;
    }
}
