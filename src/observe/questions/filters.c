/**
 * What a convolution or a dense layer has learned, and how its last batch pulled at it. Nothing here depends on the sample.
 *
 * Parts: "weight" and "gradient", one for each output: of a convolution {input channels / groups, rows, columns}, of a dense layer the shape of what it reads, that
 * before the flattening where there is one; "bias" and "bias gradient" {outputs, 1, 1} when it has one. Gradients are those of the moment's last batch: of its mean loss, zeros before the first.
 */
#include <assert.h>
#include <string.h>

#include "nn/layers/layers.h"
#include "observe/questions/questions.h"

static bool fits(const struct net *net, int layer)
{
    return strcmp(net->layer[layer].type->name, "conv") == 0 ||
           strcmp(net->layer[layer].type->name, "dense") == 0;
}

struct shape dense_reads(const struct net *net, int layer)
{
    int from = net->layer[layer].in[0];
    bool flattened = from >= 0 && strcmp(net->layer[from].type->name, "flatten") == 0;
    return flattened ? net->layer[from].in_shape[0] : net->layer[layer].in_shape[0];
}

static void shape(const struct net *net, const struct question *q, struct answer *out)
{
    const struct layer *l = &net->layer[q->layer];
    const int *dim = l->param[0].dim; /* [o][i/groups][kh][kw], or [o][i] */
    struct shape kernel = {dim[1], dim[2], dim[3]};
    if (strcmp(l->type->name, "dense") == 0)
        kernel = dense_reads(net, q->layer);
    answer_add(out, "weight", dim[0], kernel);
    answer_add(out, "gradient", dim[0], kernel);
    if (l->params > 1) {
        answer_add(out, "bias", 1, (struct shape){dim[0], 1, 1});
        answer_add(out, "bias gradient", 1, (struct shape){dim[0], 1, 1});
    }
}

static void answer(const struct probe *probe, const struct question *q, struct answer *out)
{
    const struct layer *l = &probe->net->layer[q->layer];
    assert(out->parts == 2 * l->params);
    for (int k = 0; k < l->params; k++) {
        size_t bytes = l->param[k].count * sizeof(float), at = l->param[k].offset;
        memcpy(out->part[2 * k].data, probe->moment->weights.params + at, bytes);
        memcpy(out->part[2 * k + 1].data, probe->moment->grads + at, bytes);
    }
}

const struct question_type question_filters = {
    .name = "filters",
    .help = "the weights of a layer, and the gradients that move them",
    .lecture = "L53",
    .needs_layer = true,
    .fits = fits,
    .shape = shape,
    .answer = answer,
};
