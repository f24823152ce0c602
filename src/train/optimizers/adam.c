/** Adam: Kingma & Ba 2014 (arXiv:1412.6980), algorithm 1. Weight decay is added to the gradient. */
#include <math.h>

#include "train/optimizers/optimizers.h"

void adam_update(const struct optimizer_options *o, float decay, size_t count, long step, float lr, float *p,
                 const float *g, float *const *slot)
{
    float *first = slot[0], *second = slot[1];
    double b1 = (double)o->beta1, b2 = (double)o->beta2;
    float correct1 = (float)(1 - pow(b1, (double)step)), correct2 = (float)sqrt(1 - pow(b2, (double)step));
    float share1 = (float)(1 - b1), share2 = (float)(1 - b2);
    for (size_t i = 0; i < count; i++) {
        float d = g[i] + decay * p[i];
        first[i] = o->beta1 * first[i] + share1 * d;
        second[i] = o->beta2 * second[i] + share2 * d * d;
        p[i] -= lr / correct1 * first[i] / (sqrtf(second[i]) / correct2 + o->eps);
    }
}

static void update(const struct optimizer_options *o, size_t count, long step, float lr, float *p,
                   const float *g, float *const *slot)
{
    adam_update(o, o->weight_decay, count, step, lr, p, g, slot);
}

const struct optimizer_type optimizer_adam = {
    .name = "adam",
    .help = "step sizes from running moments of the gradient",
    .rule = "m / (sqrt(s) + e)",
    .lr = 0.002f,
    .defaults = {.beta1 = 0.9f, .beta2 = 0.999f, .eps = 1e-8f},
    .slots = 2,
    .slot_name = {"first", "second"},
    .update = update,
};
