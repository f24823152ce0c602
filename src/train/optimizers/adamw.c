/** AdamW: Adam with the weight decay taken out of the gradient. Loshchilov & Hutter 2017 (arXiv:1711.05101), algorithm 2. */
#include "train/optimizers/optimizers.h"

static void update(const struct optimizer_options *o, size_t count, long step, float lr, float *p,
                   const float *g, float *const *slot)
{
    float keep = 1 - lr * o->weight_decay;
    for (size_t i = 0; i < count; i++)
        p[i] *= keep;
    adam_update(o, 0, count, step, lr, p, g, slot);
}

const struct optimizer_type optimizer_adamw = {
    .name = "adamw",
    .help = "adam with decoupled weight decay",
    .rule = "(m / (sqrt(s) + e) + d w)",
    .lr = 0.002f,
    .defaults = {.weight_decay = 0.01f, .beta1 = 0.9f, .beta2 = 0.999f, .eps = 1e-8f},
    .slots = 2,
    .slot_name = {"first", "second"},
    .update = update,
};
