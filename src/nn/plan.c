/**
 * What a run of a pass does and what it can leave out: decided before it begins, from the network and from who will look.
 */
#include <string.h>

#include "nn/pass_memory.h"

/* Makes what the layer wants of its weights, unless they are the ones that it was made of last time. */
static void prepare_layer(struct pass *p, const struct weights *weights, int layer)
{
    const struct layer *l = &p->net->layer[layer];
    const float *param[LAYER_PARAMS] = {0};
    float *seen = p->seen + p->seen_at[layer];
    bool same = p->made[layer];
    if (same && p->options.fixed)
        return;
    for (int k = 0; k < l->params; k++)
        param[k] = weights->params + l->param[k].offset;
    for (int k = 0; k < l->params && !p->options.fixed; seen += l->param[k].count, k++) {
        if (same && memcmp(seen, param[k], l->param[k].count * sizeof *seen) == 0)
            continue;
        memcpy(seen, param[k], l->param[k].count * sizeof *seen);
        same = false;
    }
    if (!same)
        l->type->prepare(l, p->lanes, param, p->options.backward, p->prepared + p->prepared_at[layer]);
    p->made[layer] = true;
}

/*
 * Which layers do the work of those that follow. Where nobody will look at a layer's own output, a batch normalisation with running statistics and a relu
 * behind it are done to each result before it is written: a pass over memory less for each.
 */
static void plan_tails(struct pass *p, const struct weights *weights, bool grads)
{
    const struct net *net = p->net;
    for (int i = 0; i < net->layers; i++)
        p->tail[i] = i;
    for (int i = 0; i < net->layers && !p->options.keep; i++) {
        const struct layer *l = &net->layer[i];
        int next = p->tail[i] == i ? p->reader[i] : -1;
        if (next >= 0 && l->type->takes_affine && net->layer[next].type->affine && p->mode == MODE_INFER &&
            !grads) {
            const struct layer *norm = &net->layer[next];
            const float *param[] = {weights->params + norm->param[0].offset,
                                    weights->params + norm->param[1].offset};
            const float *buffer[] = {weights->buffers + norm->buffer[0].offset,
                                     weights->buffers + norm->buffer[1].offset};
            float *scale = p->shared + p->shared_at[next];
            norm->type->affine(norm, param, buffer, scale, scale + norm->out.c);
            p->tail[next] = -1;
            p->tail[i] = next;
            next = p->reader[next];
        }
        if (next >= 0 && l->type->takes_relu && net->layer[next].type->relu) {
            p->tail[next] = -1;
            p->tail[i] = next;
        }
    }
}

struct preparation {
    struct pass *pass;
    const struct weights *weights;
};

static void prepare_one(void *arg, int layer)
{
    const struct preparation *a = arg;
    const struct layer *l = &a->pass->net->layer[layer];
    if (l->type->prepare && l->prepared[pass_lane_index(a->pass)][a->pass->options.backward] > 0)
        prepare_layer(a->pass, a->weights, layer);
}

void plan_forward(struct pass *p, const struct weights *weights, bool grads)
{
    team_run(p->options.team, p->net->layers, prepare_one, &(struct preparation){p, weights});
    plan_tails(p, weights, grads);
}

/* Which gradients a backward run from layer `top` computes, and where two of them add up. */
void plan_backward(struct pass *p, int top, bool grads, bool dx)
{
    const struct net *net = p->net;
    bool *wanted = p->wanted;
    wanted[0] = dx;
    for (int l = 0; l < net->layers; l++) {
        const struct layer *layer = &net->layer[l];
        wanted[l + 1] = p->options.keep || (grads && layer->params > 0);
        for (int k = 0; k < layer->inputs; k++)
            wanted[l + 1] = wanted[l + 1] || wanted[layer->in[k] + 1];
    }
    memset(p->reached, 0, (size_t)(net->layers + 1) * sizeof *p->reached);
    p->reached[top + 1] = true;
    for (int l = top; l >= 0; l--)
        for (int k = 0; k < net->layer[l].inputs; k++) {
            int to = net->layer[l].in[k] + 1;
            p->edge[l][k] = !p->reached[l + 1] || !wanted[to] ? EDGE_SKIP
                            : p->reached[to]                  ? EDGE_ADD
                                                              : EDGE_WRITE;
            p->reached[to] = p->reached[to] || p->edge[l][k] == EDGE_WRITE;
        }
}

bool plan_relu_left_out(const struct pass *p, int layer)
{
    if (layer < 0 || p->options.keep || !p->net->layer[layer].type->relu || p->reader[layer] < 0)
        return false;
    int reader = p->reader[layer];
    return p->net->layer[reader].type->takes_relu_back && p->reached[reader + 1] &&
           p->edge[reader][0] == EDGE_WRITE && p->edge[layer][0] == EDGE_WRITE;
}
