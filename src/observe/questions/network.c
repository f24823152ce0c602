/**
 * What there is in each layer, so that layers can be compared and shown on one scale.
 *
 * Parts, {layers, 1, 1} each: "weight" and "weight gradient", the largest magnitude among a layer's parameters and among their gradients; "gradient norm", the L2
 * norm of the latter; "activation" and "activation gradient", the largest magnitude of what comes out for the sample, and of the gradient of its loss with respect
 * to that. 0 where a layer has none of it, and where nothing is finite. Parameter gradients are those of the moment's last batch.
 */
#include <math.h>

#include "observe/questions/questions.h"

enum { WEIGHT, WEIGHT_GRADIENT, GRADIENT_NORM, ACTIVATION, ACTIVATION_GRADIENT, PARTS };

static bool fits(const struct net *net, int layer)
{
    (void)net, (void)layer;
    return true;
}

static void shape(const struct net *net, const struct question *q, struct answer *out)
{
    static const char *const names[PARTS] = {"weight", "weight gradient", "gradient norm", "activation",
                                             "activation gradient"};
    (void)q;
    for (int i = 0; i < PARTS; i++)
        answer_add(out, names[i], 1, (struct shape){net->layers, 1, 1});
}

static float largest(float most, const float *v, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (isfinite(v[i]) && fabsf(v[i]) > most)
            most = fabsf(v[i]);
    return most;
}

static void parameters(const struct probe *probe, int layer, struct answer *out)
{
    const struct layer *l = &probe->net->layer[layer];
    float weight = 0, gradient = 0;
    double squares = 0;
    for (int k = 0; k < l->params; k++) {
        size_t at = l->param[k].offset, count = l->param[k].count;
        weight = largest(weight, probe->moment->weights.params + at, count);
        gradient = largest(gradient, probe->moment->grads + at, count);
        for (size_t i = at; i < at + count; i++)
            squares += (double)probe->moment->grads[i] * (double)probe->moment->grads[i];
    }
    out->part[WEIGHT].data[layer] = weight;
    out->part[WEIGHT_GRADIENT].data[layer] = gradient;
    out->part[GRADIENT_NORM].data[layer] = isfinite(squares) ? (float)sqrt(squares) : 0;
}

static void answer(const struct probe *probe, const struct question *q, struct answer *out)
{
    float *room = probe->scratch[0];
    (void)q;
    for (int layer = 0; layer < probe->net->layers; layer++) {
        size_t count = shape_count(probe->net->layer[layer].out);
        parameters(probe, layer, out);
        pass_read(probe->pass, layer, 0, room);
        out->part[ACTIVATION].data[layer] = largest(0, room, count);
        out->part[ACTIVATION_GRADIENT].data[layer] = 0;
        if (layer <= net_logits(probe->net)) {
            pass_read_gradient(probe->pass, layer, 0, room);
            out->part[ACTIVATION_GRADIENT].data[layer] = largest(0, room, count);
        }
    }
}

const struct question_type question_network = {
    .name = "network",
    .help = "the size of each layer's weights, activations and gradients",
    .lecture = "L52, L67",
    .fits = fits,
    .shape = shape,
    .answer = answer,
};
