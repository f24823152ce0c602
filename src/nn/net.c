#include "nn/net.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Sizes beyond these can't be meant, and keep every later product inside its type. */
static const double most_params = 2147483648.0;

size_t net_widest(const struct net *net)
{
    size_t widest = 1;
    for (int i = 0; i < net->layers; i++)
        if (shape_count(net->layer[i].out) > widest)
            widest = shape_count(net->layer[i].out);
    return widest;
}

double net_multiply_adds(const struct net *net)
{
    double sum = 0;
    for (int i = 0; i < net->layers; i++)
        sum += net->layer[i].multiply_adds;
    return sum;
}

int net_find(const struct net *net, const char *name)
{
    for (int i = 0; i < net->layers; i++)
        if (strcmp(net->layer[i].name, name) == 0)
            return i;
    return -1;
}

int net_logits(const struct net *net)
{
    int last = net->layers - 1;
    bool softmax_last = strcmp(net->layer[last].type->name, "softmax") == 0;
    return softmax_last && net->layer[last].in[0] >= 0 ? net->layer[last].in[0] : last;
}

/*
 * Layers without a name are called by their type and a count: conv1, relu1, conv2. A number that a person has used is passed over.
 * `counted` holds the numbers given so far, 0 for none: counting goes on from there, not from 1 for each of thousands of layers.
 */
static void name_layer(struct layer *layer, int layers, int place, int *counted)
{
    struct layer *l = &layer[place];
    int before = place - 1;
    while (before >= 0 && !(counted[before] && strcmp(layer[before].type->stem, l->type->stem) == 0))
        before--;
    for (int number = before < 0 ? 1 : counted[before] + 1; l->name[0] == 0; number++) {
        char name[LAYER_NAME];
        counted[place] = number;
        snprintf(name, sizeof name, "%s%d", l->type->stem, number);
        bool taken = false;
        for (int i = 0; i < layers && !taken; i++)
            taken = strcmp(layer[i].name, name) == 0;
        if (!taken)
            memcpy(l->name, name, sizeof name);
    }
}

static enum err build_layer(struct net *net, int place, const char *path, struct diag *diag)
{
    struct layer *l = &net->layer[place];
    for (int k = 0; k < l->inputs; k++) {
        assert(l->in[k] >= NET_INPUT && l->in[k] < place);
        l->in_shape[k] = l->in[k] == NET_INPUT ? net->in : net->layer[l->in[k]].out;
    }
    struct diag inner = {0};
    l->type = layer_type_fastest(l->type);
    enum err err = l->type->build(l, &inner);
    if (err)
        return diag_fail(diag, err, path, l->line, "%s '%s': %s", l->type->name, l->name, inner.text);
    if ((double)l->out.c * l->out.h * l->out.w > LAYER_OUTPUTS)
        return diag_fail(diag, ERR_SHAPE, path, l->line, "%s '%s' puts out %s numbers an image, more than %d",
                         l->type->name, l->name, shape_text(l->out).s, LAYER_OUTPUTS);
    for (int p = 0; p < l->params; p++) {
        if ((double)net->params + (double)l->param[p].count > most_params)
            return diag_fail(diag, ERR_SHAPE, path, l->line,
                             "%s '%s' brings the network to more than %.0f parameters", l->type->name,
                             l->name, most_params);
        l->param[p].offset = net->params;
        net->params += l->param[p].count;
    }
    for (int b = 0; b < l->buffers; b++) {
        l->buffer[b].offset = net->buffers;
        net->buffers += l->buffer[b].count;
    }
    net->meets = net->meets || l->type->gather;
    return ERR_NONE;
}

enum err net_build(struct shape in, struct layer *layer, int layers, const char *text, const char *path,
                   struct net **out, struct diag *diag)
{
    if (layers < 1 || layers > NET_LAYERS)
        return diag_fail(diag, ERR_SHAPE, path, 0, "a network has 1 to %d layers, not %d", NET_LAYERS,
                         layers);
    if (in.c < 1 || in.h < 1 || in.w < 1 || (double)in.c * in.h * in.w > LAYER_OUTPUTS)
        return diag_fail(diag, ERR_SHAPE, path, 0,
                         "input %s: channels, rows and columns are at least 1 and %d in all",
                         shape_text(in).s, LAYER_OUTPUTS);
    struct net *net = calloc(1, sizeof *net);
    int *counted = calloc((size_t)layers, sizeof *counted);
    if (!net || !counted) {
        free(net);
        free(counted);
        return diag_memory(diag, "a network");
    }
    net->in = in;
    net->layers = layers;
    net->layer = layer;
    for (int i = 0; i < layers; i++)
        name_layer(layer, layers, i, counted);
    free(counted);
    enum err err = ERR_NONE;
    for (int i = 0; i < layers && !err; i++)
        err = build_layer(net, i, path, diag);
    if (!err && text && !(net->text = text_copy(text)))
        err = diag_memory(diag, "a network");
    if (err) {
        free(net);
        return err;
    }
    *out = net;
    return ERR_NONE;
}

void net_free(struct net *net)
{
    if (!net)
        return;
    free(net->layer);
    free(net->text);
    free(net);
}
