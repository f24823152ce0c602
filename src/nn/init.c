#include "nn/init.h"

#include <math.h>
#include <string.h>

#include "base/rng.h"

/* A layer feeds a rectifier when the first non-linearity that reads it, past normalisation and dropout, is one. */
static bool feeds_rectifier(const struct net *net, int layer)
{
    for (int i = layer + 1; i < net->layers; i++)
        for (int k = 0; k < net->layer[i].inputs; k++)
            if (net->layer[i].in[k] == layer) {
                const char *name = net->layer[i].type->name;
                if (strcmp(name, "relu") == 0 || strcmp(name, "leakyrelu") == 0)
                    return true;
                bool passes = strcmp(name, "batchnorm") == 0 || strcmp(name, "dropout") == 0 ||
                              strcmp(name, "maxpool") == 0 || strcmp(name, "add") == 0;
                return passes && feeds_rectifier(net, i);
            }
    return false;
}

static void draw(struct rng *rng, bool he, const struct layer *l, float *w, size_t count)
{
    float deviation = sqrtf(2.0f / (float)l->fan_in), bound = sqrtf(6.0f / (float)(l->fan_in + l->fan_out));
    for (size_t i = 0; i < count; i++)
        w[i] = he ? deviation * rng_normal(rng) : rng_between(rng, -bound, bound);
}

void init_weights(struct weights *w, const struct net *net, enum init_kind kind, uint64_t seed)
{
    memset(w->params, 0, w->params_count * sizeof *w->params);
    for (int i = 0; i < net->layers; i++) {
        const struct layer *l = &net->layer[i];
        for (int b = 0; b < l->buffers; b++) /* running mean 0, running variance 1 */
            for (size_t k = 0; k < l->buffer[b].count; k++)
                w->buffers[l->buffer[b].offset + k] = b == 0 ? 0 : 1;
        if (l->params == 0)
            continue;
        float *first = w->params + l->param[0].offset;
        if (l->fan_in == 0) { /* gamma */
            for (size_t k = 0; k < l->param[0].count; k++)
                first[k] = 1;
            continue;
        }
        struct rng rng;
        rng_init(&rng, rng_key(seed, (uint64_t)i, 0x696e6974));
        draw(&rng, kind == INIT_HE || (kind == INIT_AUTO && feeds_rectifier(net, i)), l, first,
             l->param[0].count);
    }
}
