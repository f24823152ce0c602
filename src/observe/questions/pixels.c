/**
 * How few pixels it takes, changed altogether: the sample after an attack that changes one after the other (attack/pixels.h). The question's `iterations` are the pixels that it
 * may change.
 *
 * Parts: "picture", of the input's shape; "p" {classes, 1, 1}: what the network says of it; "used" and "fooled" {1, 1, 1}.
 */
#include "attack/pixels.h"
#include "observe/questions/questions.h"

enum { PICTURE, P, USED, FOOLED };

static bool fits(const struct net *net, int layer)
{
    (void)net, (void)layer;
    return true;
}

static void shape(const struct net *net, const struct question *q, struct answer *out)
{
    (void)q;
    answer_add(out, "picture", 1, net->in);
    answer_add(out, "p", 1, (struct shape){net_classes(net), 1, 1});
    answer_add(out, "used", 1, (struct shape){1, 1, 1});
    answer_add(out, "fooled", 1, (struct shape){1, 1, 1});
}

static void answer(const struct probe *probe, const struct question *q, struct answer *out)
{
    bool fooled = false;
    int aim = q->options.targeted ? q->target : probe->label;
    int used = pixels_run(&q->options, probe->net, &probe->moment->weights, probe->side, probe->sample->x,
                          aim, q->options.iterations, out->part[PICTURE].data, probe->scratch[0], &fooled);
    softmax(net_classes(probe->net), pass_logits(probe->side), out->part[P].data);
    *out->part[USED].data = (float)used;
    *out->part[FOOLED].data = fooled;
}

const struct question_type question_pixels = {
    .name = "pixels",
    .help = "how few pixels of the sample have to be changed to fool the network",
    .lecture = "L77",
    .needs_attack = true,
    .fits = fits,
    .shape = shape,
    .answer = answer,
};
