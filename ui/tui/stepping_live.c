/** A layer of the network in training as something to step: made of the answers about the moment in view. Lecture items L46 to L51. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tui/stepping.h"
#include "tui/view.h"

enum { RANK = CORRELATE_RANK };

enum step_operation step_layer_operation(const struct net *net, int layer)
{
    static const struct {
        const char *type;
        enum step_operation operation;
    } known[] = {{"conv", STEP_CORRELATE}, {"relu", STEP_RELU},   {"maxpool", STEP_MAX},
                 {"avgpool", STEP_MEAN},   {"dense", STEP_DENSE}, {"softmax", STEP_SOFTMAX}};
    for (int i = 0; i < ARRAY_LEN(known); i++)
        if (strcmp(net->layer[layer].type->name, known[i].type) == 0)
            return known[i].operation;
    return STEP_OPERATIONS;
}

static bool weighs(const struct net *net, int layer)
{
    enum step_operation operation = step_layer_operation(net, layer);
    return operation == STEP_CORRELATE || operation == STEP_DENSE;
}

/* What the layer reads. */
static struct question reads(const struct view *v, int layer)
{
    int from = v->net->layer[layer].in[0];
    return from < 0 ? view_question(v, "input", 0) : view_question(v, "activation", from);
}

int step_layer_ask(const struct view *v, int layer, struct question *out, int room)
{
    int count = 0;
    if (room > 0)
        out[count++] = reads(v, layer);
    if (room > 1 && weighs(v->net, layer))
        out[count++] = view_question(v, "filters", layer);
    return count;
}

/* ---- what it is made of ---- */

/* Channels [from, from + count) of [c][h][w] numbers, without the axes that are 1. */
static enum err take_maps(struct tensor *t, struct shape s, int from, int count, const float *x,
                          struct diag *diag)
{
    long dim[RANK] = {count, s.h, s.w}, all = (long)count * s.h * s.w;
    x += (size_t)from * (size_t)s.h * (size_t)s.w;
    if (s.h == 1 && s.w == 1)
        return step_source_set(t, 1, &all, x, diag);
    return step_source_set(t, count > 1 ? 3 : 2, count > 1 ? dim : dim + 1, x, diag);
}

/* Its windows along rows and columns, the last two axes. */
static void take_windows(struct step_source *out, const struct layer *l)
{
    struct trace_options *o = &out->options;
    const struct window win[2] = {l->options.rows, l->options.cols};
    int first = out->x.rank - 2;
    bool same = out->x.rank == 2 && out->operation == STEP_CORRELATE;
    for (int k = 0; k < 2; k++) {
        o->stride[first + k] = win[k].stride;
        o->dilation[first + k] = win[k].dilation;
        o->pad[first + k] = win[k].pad;
        out->side[first + k] = win[k].size;
        o->padded |= win[k].pad > 0;
        same = same && win[k].stride == 1 && 2 * win[k].pad == (win[k].size - 1) * win[k].dilation;
    }
    for (int a = 0; a < first; a++)
        out->side[a] = 1;
    if (o->padded && same) {
        o->mode = CORRELATE_SAME;
        o->padded = false;
    }
}

static enum err make_conv(const struct layer *l, int unit, const float *x, const struct answer *filters,
                          struct step_source *out, struct diag *diag)
{
    const int *dim = l->param[0].dim;
    const struct part *w = answer_part(filters, "weight"), *bias = answer_part(filters, "bias");
    long extent[RANK] = {dim[1], dim[2], dim[3]};
    int per_group = dim[0] / l->options.groups;
    enum err err = take_maps(&out->x, l->in_shape[0], unit / per_group * dim[1], dim[1], x, diag);
    if (!err && out->x.rank == 1) { /* maps of one number: still planes */
        const long planes[RANK] = {dim[1], 1, 1};
        err = step_source_set(&out->x, RANK, planes, x + unit / per_group * dim[1], diag);
    }
    if (!err)
        err = step_source_set(&out->w, out->x.rank, extent + RANK - out->x.rank,
                              w->data + (size_t)unit * shape_count(w->shape), diag);
    if (err)
        return err;
    take_windows(out, l);
    out->options.bias = bias ? bias->data[unit] : 0;
    out->filters = dim[0];
    return ERR_NONE;
}

static enum err make_dense(const struct net *net, int layer, const float *x, const struct answer *filters,
                           struct step_source *out, struct diag *diag)
{
    const struct part *w = answer_part(filters, "weight"), *bias = answer_part(filters, "bias");
    struct shape from = dense_reads(net, layer);
    long dim[2] = {w->n, (long)shape_count(w->shape)};
    enum err err = take_maps(&out->x, from, 0, from.c, x, diag);
    if (!err)
        err = step_source_set(&out->w, 2, dim, w->data, diag);
    if (err || !bias)
        return err;
    out->bias = mem_floats((size_t)w->n);
    if (!out->bias)
        return diag_memory(diag, "a layer to step through");
    memcpy(out->bias, bias->data, (size_t)w->n * sizeof *out->bias);
    return ERR_NONE;
}

static enum err make(const struct view *v, int layer, int unit, const float *x, const struct answer *filters,
                     struct step_source *out, struct diag *diag)
{
    const struct layer *l = &v->net->layer[layer];
    struct shape in = l->in_shape[0];
    enum err err = ERR_NONE;
    switch (out->operation) {
    case STEP_CORRELATE:
        return make_conv(l, unit, x, filters, out, diag);
    case STEP_DENSE:
        return make_dense(v->net, layer, x, filters, out, diag);
    case STEP_RELU:
    case STEP_MAX:
    case STEP_MEAN: {
        bool vector = in.h == 1 && in.w == 1;
        err = take_maps(&out->x, in, vector ? 0 : unit, vector ? in.c : 1, x, diag);
        if (!err && out->operation != STEP_RELU && !vector)
            take_windows(out, l);
        else
            out->side[0] = 1;
        return err;
    }
    case STEP_SOFTMAX:
        return take_maps(&out->x, (struct shape){(int)shape_count(in), 1, 1}, 0, (int)shape_count(in), x,
                         diag);
    case STEP_OPERATIONS:
        break;
    }
    return err;
}

enum err step_layer_make(const struct view *v, int layer, int unit, struct step_source *out,
                         struct diag *diag)
{
    const struct question of = reads(v, layer);
    const struct answer *x = v->answers ? answers_find(v->answers, &of) : NULL;
    const struct answer *filters = weighs(v->net, layer) ? view_answer(v, "filters", layer) : NULL;
    const char *name = v->net->layer[layer].name;
    bool by_channel = v->net->layer[layer].out.h > 1 || v->net->layer[layer].out.w > 1;
    *out = (struct step_source){.filters = 1, .operation = step_layer_operation(v->net, layer)};
    if (!x || !x->ready || (weighs(v->net, layer) && !filters))
        return ERR_UNKNOWN;
    const struct part *p = answer_part(x, strcmp(of.type->name, "input") == 0 ? "x" : "y");
    enum err err = p ? make(v, layer, unit, p->data, filters, out, diag) : ERR_UNKNOWN;
    snprintf(out->line, sizeof out->line, "live %s %d", name, unit);
    if (by_channel)
        snprintf(out->title, sizeof out->title, "%s[%d] at step %ld", name, unit, v->answers->step);
    else
        snprintf(out->title, sizeof out->title, "%s at step %ld", name, v->answers->step);
    if (err)
        step_source_fini(out);
    return err;
}
