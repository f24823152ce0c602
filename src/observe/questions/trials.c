/**
 * Random perturbations of the sample, of the norm and size of the attack in the question: how many change what the network says.
 *
 * Parts: "tried", "flipped" and, for a targeted attack, "hit" {1, 1, 1}: those that reach the target; "best", of the input's shape: the picture of the largest loss (or of the smallest to the target); "p_best" {classes, 1, 1}: what the network says of it;
 * "norms" {2, 1, 1}: L-infinity and L2 of its perturbation. A thousand tries, fewer for a network whose thousand would take long; "flips" are from the label,
 * or, where that is unknown, from what the network says.
 */
#include <math.h>

#include "attack/trials.h"
#include "observe/questions/questions.h"

enum { TRIED, FLIPPED, HIT, BEST, P_BEST, NORMS_OF_BEST, TRIES_MOST = 1000, TRIES_LEAST = 100 };
static const double work = 6e9; /* multiply-adds that one answer may cost: about a second */

static bool fits(const struct net *net, int layer)
{
    (void)net, (void)layer;
    return true;
}

static void shape(const struct net *net, const struct question *q, struct answer *out)
{
    (void)q;
    answer_add(out, "tried", 1, (struct shape){1, 1, 1});
    answer_add(out, "flipped", 1, (struct shape){1, 1, 1});
    answer_add(out, "hit", 1, (struct shape){1, 1, 1});
    answer_add(out, "best", 1, net->in);
    answer_add(out, "p_best", 1, (struct shape){net_classes(net), 1, 1});
    answer_add(out, "norms", 1, (struct shape){2, 1, 1});
}

static void answer(const struct probe *probe, const struct question *q, struct answer *out)
{
    const struct net *net = probe->net;
    const struct weights *w = &probe->moment->weights;
    const float *x = probe->sample->x;
    float *best = out->part[BEST].data;
    struct trials t = {.best = -1, .target = q->target};
    long tries = (long)fmin(fmax(work / fmax(net_multiply_adds(net), 1), TRIES_LEAST), TRIES_MOST);
    trials_run(&q->options, net, w, probe->side, PROBE_SIDE, x, probe->label, probe->sample->index, 0, tries,
               &t, best, probe->scratch[1]);
    struct net_step step = {
        .n = 1, .x = best, .label = &probe->label, .loss = &loss_cross_entropy, .mode = MODE_INFER};
    net_step(net, w, probe->side, &step);
    softmax(net_classes(net), pass_logits(probe->side), out->part[P_BEST].data);
    *out->part[TRIED].data = (float)t.tried;
    *out->part[FLIPPED].data = (float)t.flipped;
    *out->part[HIT].data = (float)t.hit;
    out->part[NORMS_OF_BEST].data[0] = (float)distance_linf(shape_count(net->in), x, best);
    out->part[NORMS_OF_BEST].data[1] = (float)distance_l2(shape_count(net->in), x, best);
}

const struct question_type question_trials = {
    .name = "trials",
    .help = "how many random perturbations of the attack's size change what the network says",
    .lecture = "L76",
    .needs_attack = true,
    .fits = fits,
    .shape = shape,
    .answer = answer,
};
