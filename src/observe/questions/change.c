/**
 * How much each layer's output changed from the other picture (struct sample) to the sample.
 *
 * Parts, {layers, 1, 1} each: "relative" and "moved", as in explain/change.h. All 0 without another picture.
 */
#include "explain/change.h"

#include "observe/questions/questions.h"

enum { RELATIVE, MOVED };

static bool fits(const struct net *net, int layer)
{
    (void)net, (void)layer;
    return true;
}

static void shape(const struct net *net, const struct question *q, struct answer *out)
{
    (void)q;
    struct shape layers = {net->layers, 1, 1};
    answer_add(out, "relative", 1, layers);
    answer_add(out, "moved", 1, layers);
}

static void answer(const struct probe *probe, const struct question *q, struct answer *out)
{
    (void)q;
    const struct net *net = probe->net;
    const float *other = probe->sample->other ? probe->sample->other : probe->sample->x;
    float *before = probe->scratch[0], *after = probe->scratch[1];
    net_forward(net, &probe->moment->weights, probe->other, 1, other, MODE_INFER);
    for (int l = 0; l < net->layers; l++) {
        pass_read(probe->other, l, 0, before);
        pass_read(probe->pass, l, 0, after);
        struct change c = change_between(shape_count(net->layer[l].out), before, after);
        out->part[RELATIVE].data[l] = (float)c.relative;
        out->part[MOVED].data[l] = (float)c.moved;
    }
}

const struct question_type question_change = {
    .name = "change",
    .help = "how much each layer's output changed from another picture to this one",
    .lecture = "L51",
    .fits = fits,
    .shape = shape,
    .answer = answer,
};
