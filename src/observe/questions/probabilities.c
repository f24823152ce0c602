/**
 * What the network says of the sample.
 *
 * Parts: "logits" and "p" = softmax(logits), {classes, 1, 1}; "loss" {1, 1, 1}: the cross-entropy, NaN where the label is unknown.
 */
#include <math.h>
#include <string.h>

#include "observe/questions/questions.h"

enum { LOGITS, P, LOSS };

static bool fits(const struct net *net, int layer)
{
    (void)net, (void)layer;
    return true;
}

static void shape(const struct net *net, const struct question *q, struct answer *out)
{
    (void)q;
    struct shape classes = {net_classes(net), 1, 1};
    answer_add(out, "logits", 1, classes);
    answer_add(out, "p", 1, classes);
    answer_add(out, "loss", 1, (struct shape){1, 1, 1});
}

static void answer(const struct probe *probe, const struct question *q, struct answer *out)
{
    (void)q;
    int k = net_classes(probe->net);
    const float *z = pass_logits(probe->pass);
    memcpy(out->part[LOGITS].data, z, (size_t)k * sizeof *z);
    softmax(k, z, out->part[P].data);
    out->part[LOSS].data[0] = probe->known ? loss_cross_entropy.value(k, z, probe->label, 1, NULL) : NAN;
}

const struct question_type question_probabilities = {
    .name = "probabilities",
    .help = "how sure the network is of each class, and its loss",
    .lecture = "L75",
    .fits = fits,
    .shape = shape,
    .answer = answer,
};
