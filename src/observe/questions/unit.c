/**
 * One number of a layer's output, the unit: its value for the sample, what pixels change it, and its weights. Asked with row and col -1 it is the largest of its channel.
 *
 * Parts: "value" {1, 1, 1}; "place" {2, 1, 1}, its row and column; "gradient" of the unit with respect to the pixels, of the input's shape, and "brightness" {1, h, w}, its sum over the channels; "incoming", absent where no weights lead to the unit: of a
 * convolution the kernel of its channel, of a dense layer its row, both with the shape of the maps they read (a flatten between is looked
 * through); of a layer behind (ReLU, pooling, batch normalisation ...) that of the same channel; "bias" {1, 1, 1} where there is one.
 */
#include <math.h>
#include <string.h>

#include "observe/questions/questions.h"

static bool fits(const struct net *net, int layer)
{
    (void)net, (void)layer;
    return true;
}

static bool is(const struct layer *l, const char *type)
{
    return strcmp(l->type->name, type) == 0;
}

/* The layer whose weights lead to the unit, through layers that keep channels apart; -1: none. */
static int weighing_layer(const struct net *net, int layer)
{
    while (layer >= 0) {
        const struct layer *l = &net->layer[layer];
        bool apart = l->type->elementwise || is(l, "batchnorm") || is(l, "maxpool") || is(l, "avgpool");
        if (is(l, "conv") || is(l, "dense"))
            return layer;
        layer = apart ? l->in[0] : -1;
    }
    return -1;
}

/* What a dense layer reads, as it was before it was flattened. */
static struct shape shape_read(const struct net *net, const struct layer *l)
{
    struct shape s = l->in_shape[0];
    for (int from = l->in[0]; from >= 0; from = net->layer[from].in[0]) {
        const struct layer *before = &net->layer[from];
        if (is(before, "flatten"))
            return before->in_shape[0];
        if (!before->type->elementwise)
            break;
    }
    return s;
}

static void shape(const struct net *net, const struct question *q, struct answer *out)
{
    int from = weighing_layer(net, q->layer);
    answer_add(out, "value", 1, (struct shape){1, 1, 1});
    answer_add(out, "place", 1, (struct shape){2, 1, 1});
    answer_add(out, "gradient", 1, net->in);
    answer_add(out, "brightness", 1, (struct shape){1, net->in.h, net->in.w});
    if (from < 0)
        return;
    const struct layer *l = &net->layer[from];
    const struct layer_array *w = &l->param[0];
    answer_add(out, "incoming", 1,
               is(l, "conv") ? (struct shape){w->dim[1], w->dim[2], w->dim[3]} : shape_read(net, l));
    if (l->params > 1)
        answer_add(out, "bias", 1, (struct shape){1, 1, 1});
}

/* The first of the largest. */
static size_t largest(const float *map, size_t count)
{
    size_t best = 0;
    for (size_t i = 1; i < count; i++)
        if (map[i] > map[best] || isnan(map[best]))
            best = i;
    return best;
}

static void answer(const struct probe *probe, const struct question *q, struct answer *out)
{
    const struct net *net = probe->net;
    const struct weights *w = &probe->moment->weights;
    struct shape s = net->layer[q->layer].out;
    size_t plane = (size_t)s.h * (size_t)s.w, first = (size_t)q->unit * plane;
    float *map = probe->scratch[0];
    pass_read(probe->pass, q->layer, 0, map);
    size_t at =
        first + (q->row < 0 ? largest(map + first, plane) : (size_t)q->row * (size_t)s.w + (size_t)q->col);
    out->part[0].data[0] = map[at];
    out->part[1].data[0] = (float)((at - first) / (size_t)s.w);
    out->part[1].data[1] = (float)((at - first) % (size_t)s.w);
    memset(map, 0, shape_count(s) * sizeof *map);
    map[at] = 1;
    net_forward(net, w, probe->other, 1, probe->sample->x, MODE_INFER);
    net_backward(net, w, probe->other, q->layer, map, NULL, out->part[2].data);
    size_t pixels = (size_t)net->in.h * (size_t)net->in.w;
    memcpy(out->part[3].data, out->part[2].data, pixels * sizeof *map);
    for (size_t i = pixels; i < shape_count(net->in); i++)
        out->part[3].data[i % pixels] += out->part[2].data[i];
    if (out->parts < 5)
        return;
    const struct layer *l = &net->layer[weighing_layer(net, q->layer)];
    size_t count = l->param[0].count / (size_t)l->param[0].dim[0];
    memcpy(out->part[4].data, w->params + l->param[0].offset + (size_t)q->unit * count, count * sizeof *map);
    if (out->parts > 5)
        out->part[5].data[0] = w->params[l->param[1].offset + (size_t)q->unit];
}

const struct question_type question_unit = {
    .name = "unit",
    .help = "one number of a layer: its value, the pixels that change it, its weights",
    .lecture = "L54, L56",
    .needs_layer = true,
    .needs_place = true,
    .anywhere = true,
    .fits = fits,
    .shape = shape,
    .answer = answer,
};
