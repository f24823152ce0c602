/**
 * How much each layer's output changed from the other picture (struct sample) to the sample.
 *
 * Parts: "change" {layers, 1, 1}, as in explain/change.h; "logits" {classes, 1, 1} of the other picture. Without one it is the sample itself.
 */
#include <string.h>

#include "explain/change.h"
#include "observe/questions/questions.h"

enum { CHANGE, LOGITS };

static bool fits(const struct net *net, int layer)
{
    (void)net, (void)layer;
    return true;
}

static void shape(const struct net *net, const struct question *q, struct answer *out)
{
    (void)q;
    answer_add(out, "change", 1, (struct shape){net->layers, 1, 1});
    answer_add(out, "logits", 1, (struct shape){net_classes(net), 1, 1});
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
        out->part[CHANGE].data[l] = (float)change_between(shape_count(net->layer[l].out), before, after);
    }
    memcpy(out->part[LOGITS].data, pass_logits(probe->other), (size_t)net_classes(net) * sizeof(float));
}

const struct question_type question_change = {
    .name = "change",
    .help = "how much each layer's output changed from another picture to this one",
    .lecture = "L51",
    .fits = fits,
    .shape = shape,
    .answer = answer,
};
