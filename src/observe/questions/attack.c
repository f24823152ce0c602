/**
 * An adversarial example of the sample, beside noise of the same norm and size.
 *
 * Parts, of the input's shape: "clean", "perturbation" = adversarial - clean, "adversarial", "noise" = noisy - clean, "noisy". Of {classes, 1, 1}: "p_clean",
 * "p_adversarial", "p_noisy". "norms" {4, 1, 1}: L-infinity and L2 of the perturbation, then of the noise; in pixels of [0,1].
 *
 * An attack that isn't targeted leaves the label, or, where that is unknown, what the network says. The same seed makes the same example as `fovea attack`;
 * when the attack asked about is noise, both are the same noise.
 */
#include <string.h>

#include "observe/questions/questions.h"

enum { CLEAN, PERTURBATION, ADVERSARIAL, NOISE, NOISY, P_CLEAN, P_ADVERSARIAL, P_NOISY, NORMS_OF_BOTH };

static bool fits(const struct net *net, int layer)
{
    (void)net, (void)layer;
    return true;
}

static void shape(const struct net *net, const struct question *q, struct answer *out)
{
    static const char *const pictures[] = {"clean", "perturbation", "adversarial", "noise", "noisy"};
    static const char *const vectors[] = {"p_clean", "p_adversarial", "p_noisy"};
    (void)q;
    for (int i = 0; i < ARRAY_LEN(pictures); i++)
        answer_add(out, pictures[i], 1, net->in);
    for (int i = 0; i < ARRAY_LEN(vectors); i++)
        answer_add(out, vectors[i], 1, (struct shape){net_classes(net), 1, 1});
    answer_add(out, "norms", 1, (struct shape){4, 1, 1});
}

/* One changed image: it, what was added, and how much that is. */
static void compare(size_t count, const float *clean, const float *changed, float *copy, float *added,
                    float *norms)
{
    memcpy(copy, changed, count * sizeof *copy);
    for (size_t i = 0; i < count; i++)
        added[i] = changed[i] - clean[i];
    norms[0] = (float)distance_linf(count, clean, changed);
    norms[1] = (float)distance_l2(count, clean, changed);
}

static void answer(const struct probe *probe, const struct question *q, struct answer *out)
{
    const struct net *net = probe->net;
    const struct weights *w = &probe->moment->weights;
    const float *x = probe->sample->x;
    size_t count = shape_count(net->in);
    int k = net_classes(net), aim = q->options.targeted ? q->target : probe->label;
    float *both = probe->scratch[0]; /* [2][c][h][w] */
    long index = probe->sample->index;
    q->attack->run(&q->options, net, w, probe->side, 1, x, &aim, index, both, probe->scratch[1]);
    attack_find("noise")->run(&q->options, net, w, probe->side, 1, x, &aim, index, both + count,
                              probe->scratch[1]);
    memcpy(out->part[CLEAN].data, x, count * sizeof *x);
    compare(count, x, both, out->part[ADVERSARIAL].data, out->part[PERTURBATION].data,
            out->part[NORMS_OF_BOTH].data);
    compare(count, x, both + count, out->part[NOISY].data, out->part[NOISE].data,
            out->part[NORMS_OF_BOTH].data + 2);

    /* without gradients a step is a forward run that ends in logits, also where a softmax follows */
    int label[2] = {probe->label, probe->label};
    struct net_step step = {
        .n = 2, .x = both, .label = label, .loss = &loss_cross_entropy, .mode = MODE_INFER};
    net_step(net, w, probe->side, &step);
    softmax(k, pass_logits(probe->pass), out->part[P_CLEAN].data);
    softmax(k, pass_logits(probe->side), out->part[P_ADVERSARIAL].data);
    softmax(k, pass_logits(probe->side) + k, out->part[P_NOISY].data);
}

const struct question_type question_attack = {
    .name = "attack",
    .help = "a change within eps that raises the loss, beside noise of the same size",
    .lecture = "L77",
    .needs_attack = true,
    .fits = fits,
    .shape = shape,
    .answer = answer,
};
