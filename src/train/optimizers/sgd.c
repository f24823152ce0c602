/** Stochastic gradient descent: v = momentum * v + g; p -= lr * v (Nesterov: p -= lr * (g + momentum * v)). Sutskever et al. 2013. */
#include "train/optimizers/optimizers.h"

static void update(const struct optimizer_options *o, size_t count, long step, float lr, float *p,
                   const float *g, float *const *slot)
{
    (void)step;
    float *velocity = slot[0];
    for (size_t i = 0; i < count; i++) {
        float d = g[i] + o->weight_decay * p[i];
        velocity[i] = o->momentum * velocity[i] + d;
        p[i] -= lr * (o->nesterov ? d + o->momentum * velocity[i] : velocity[i]);
    }
}

const struct optimizer_type optimizer_sgd = {
    .name = "sgd",
    .help = "gradient descent with momentum",
    .rule = "v",
    .lr = 0.02f,
    .defaults = {.momentum = 0.9f},
    .slots = 1,
    .slot_name = {"velocity"},
    .update = update,
};
