/**
 * How little it takes: the smallest epsilon at which the attack changes what the network says of the sample, and at which random noise does.
 *
 * Parts, {2, 1, 1} each, of the attack and of the noise: "epsilon", in pixels of [0,1], 0 where the network is wrong already and the limit where there is none up to it;
 * "found", 1 or 0 for none; "precision", how far below epsilon it wasn't so, 0 where that isn't known (see attack/flip.h). "limit" {1, 1, 1}. The question's own eps isn't looked at.
 */
#include "attack/flip.h"
#include "observe/questions/questions.h"

enum { EPSILON, FOUND, PRECISION, LIMIT };

static bool fits(const struct net *net, int layer)
{
    (void)net, (void)layer;
    return true;
}

static void shape(const struct net *net, const struct question *q, struct answer *out)
{
    static const char *const names[] = {"epsilon", "found", "precision"};
    (void)net, (void)q;
    for (int i = 0; i < ARRAY_LEN(names); i++)
        answer_add(out, names[i], 1, (struct shape){2, 1, 1});
    answer_add(out, "limit", 1, (struct shape){1, 1, 1});
}

static void answer(const struct probe *probe, const struct question *q, struct answer *out)
{
    const struct attack_type *types[2] = {q->attack, attack_find("noise")};
    struct flip_task task = {.options = q->options,
                             .limit = flip_limit(q->options.norm, shape_count(probe->net->in)),
                             .net = probe->net,
                             .weights = &probe->moment->weights,
                             .pass = probe->side,
                             .capacity = PROBE_SIDE,
                             .x = probe->sample->x,
                             .label = q->options.targeted ? q->target : probe->label,
                             .index = probe->sample->index,
                             .images = probe->scratch[0],
                             .scratch = {probe->scratch[1], probe->scratch[2]}};
    out->part[LIMIT].data[0] = task.limit;
    for (int i = 0; i < ARRAY_LEN(types); i++) {
        task.type = types[i];
        struct flip flip = flip_find(&task);
        out->part[EPSILON].data[i] = flip.eps;
        out->part[FOUND].data[i] = flip.found;
        out->part[PRECISION].data[i] = flip.precision;
    }
}

const struct question_type question_flip = {
    .name = "flip",
    .help = "the smallest epsilon that changes what the network says, of an attack and of noise",
    .lecture = "L75, L76",
    .needs_attack = true,
    .fits = fits,
    .shape = shape,
    .answer = answer,
};
