#include "nn/variant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "nn/model.h"

struct name {
    char s[2 * LAYER_NAME];
};

static bool is_type(const struct layer *l, const char *name)
{
    return strcmp(l->type->name, name) == 0;
}

/* Is a layer of this type among those that read `layer`? */
static bool read_by(const struct net *net, int layer, const char *type)
{
    for (int i = layer + 1; i < net->layers; i++)
        for (int k = 0; k < net->layer[i].inputs; k++)
            if (net->layer[i].in[k] == layer && is_type(&net->layer[i], type))
                return true;
    return false;
}

/* Parses what was written, and frees it. */
static enum err finish(struct text *t, struct net **out, struct diag *diag)
{
    enum err err =
        t->failed ? diag_memory(diag, "a network") : model_parse(text_str(t), NULL, NULL, out, diag);
    text_free(t);
    return err;
}

enum err variant_batchnorm(const struct net *net, struct net **out, struct diag *diag)
{
    struct text t = {0};
    int added = 0;
    struct name *norm = calloc((size_t)net->layers, sizeof *norm); /* behind each layer; "": none */
    if (!norm)
        return diag_memory(diag, "a network");
    model_write_input(&t, net);
    for (int i = 0; i < net->layers; i++) {
        const struct layer *l = &net->layer[i];
        const char *in[LAYER_INPUTS] = {0};
        for (int k = 0; k < l->inputs; k++) {
            in[k] = model_input_name(net, i, k);
            if (in[k] && l->in[k] >= 0 && *norm[l->in[k]].s)
                in[k] = norm[l->in[k]].s;
        }
        model_write_layer(&t, l, in);
        if (!is_type(l, "conv") || read_by(net, i, "batchnorm"))
            continue;
        snprintf(norm[i].s, sizeof norm[i].s, "%s_bn", l->name);
        text_format(&t, "%s: batchnorm\n", norm[i].s);
        added++;
    }
    enum err err = ERR_NONE;
    if (added == 0) {
        text_free(&t);
        err = diag_fail(diag, ERR_UNKNOWN, NULL, 0, "no convolution is without batch normalisation");
    } else {
        err = finish(&t, out, diag);
    }
    free(norm);
    return err;
}

static int last_dense(const struct net *net)
{
    int i = net->layers - 1;
    while (i >= 0 && !is_type(&net->layer[i], "dense"))
        i--;
    return i;
}

enum err variant_dropout(const struct net *net, float rate, struct net **out, struct diag *diag)
{
    int dense = last_dense(net);
    struct text t = {0};
    struct name name;
    if (dense < 0)
        return diag_fail(diag, ERR_UNKNOWN, NULL, 0, "it has no dense layer to put dropout before");
    int before = net->layer[dense].in[0];
    bool there = before >= 0 && is_type(&net->layer[before], "dropout");
    snprintf(name.s, sizeof name.s, "%s_dropout", net->layer[dense].name);
    model_write_input(&t, net);
    for (int i = 0; i < net->layers; i++) {
        struct layer l = net->layer[i];
        const char *in[LAYER_INPUTS] = {0};
        for (int k = 0; k < l.inputs; k++)
            in[k] = model_input_name(net, i, k);
        if (i == dense && !there) {
            struct layer dropout = {.type = layer_type_find("dropout"), .inputs = 1, .options.rate = rate};
            memcpy(dropout.name, name.s, strnlen(name.s, sizeof dropout.name - 1));
            model_write_layer(&t, &dropout, in);
            in[0] = NULL;
        }
        if (i == before && there)
            l.options.rate = rate;
        model_write_layer(&t, &l, in);
    }
    return finish(&t, out, diag);
}
