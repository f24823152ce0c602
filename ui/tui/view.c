#include "tui/view.h"

#include <stdio.h>
#include <string.h>

#include "base/rng.h"

const char *const scale_names[SCALE_KINDS] = {"unit", "layer", "network"};
const char *const show_names[SHOWS] = {"after", "before", "both"};

static bool is(const struct net *net, int layer, const char *type)
{
    return strcmp(net->layer[layer].type->name, type) == 0;
}

bool view_is_conv(const struct net *net, int layer)
{
    return layer >= 0 && is(net, layer, "conv");
}

bool view_is_dense(const struct net *net, int layer)
{
    return layer >= 0 && is(net, layer, "dense");
}

bool view_learns(const struct net *net, int layer)
{
    return is(net, layer, "conv") || is(net, layer, "dense");
}

void view_init(struct view *v, const struct net *net, const struct dataset *data)
{
    *v = (struct view){
        .net = net, .model = "", .data = data, .attack_type = attack_find("fgsm"), .scale = SCALE_LAYER};
    v->attack = (struct attack_options){.norm = NORM_LINF, .eps = 0.1f, .seed = RNG_SEED};
    v->curves.smooth = 2;
    v->split = data->count[SPLIT_TEST] > 0 ? SPLIT_TEST : SPLIT_TRAIN;
    while (v->layer < net->layers - 1 && !view_learns(net, v->layer))
        v->layer++;
}

void view_move_layer(struct view *v, int by)
{
    for (int l = v->layer + by; l >= 0 && l < v->net->layers; l += by)
        if (view_learns(v->net, l)) {
            v->layer = l;
            return;
        }
}

int view_reader(const struct net *net, int layer)
{
    for (int l = layer + 1; l < net->layers; l++)
        for (int k = 0; k < net->layer[l].inputs; k++)
            if (net->layer[l].in[k] == layer)
                return l;
    return -1;
}

static bool is_nonlinearity(const struct layer_type *type)
{
    static const char *const names[] = {"relu", "leakyrelu", "elu", "sigmoid", "tanh", "softmax"};
    for (int i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(type->name, names[i]) == 0)
            return true;
    return false;
}

int view_activation(const struct view *v)
{
    int l = v->layer;
    for (int next = view_reader(v->net, l); next >= 0 && !view_learns(v->net, next);
         next = view_reader(v->net, next)) {
        if (is_nonlinearity(v->net->layer[next].type))
            return next;
        if (!is(v->net, next, "batchnorm") && !is(v->net, next, "dropout"))
            break;
    }
    return l;
}

int view_before(const struct view *v)
{
    int after = view_activation(v);
    return after == v->layer ? after : v->net->layer[after].in[0];
}

int view_pool(const struct view *v)
{
    for (int l = view_reader(v->net, v->layer); l >= 0 && !view_learns(v->net, l); l = view_reader(v->net, l))
        if (is(v->net, l, "maxpool") || is(v->net, l, "avgpool"))
            return l;
    return -1;
}

/* "7 stays 7": what the network says of the picture before and after. */
static void tell_verdict(const struct view *v, const struct part *before, char *text, size_t size)
{
    const struct part *after = view_part(v, "probabilities", 0, "logits");
    if (!after)
        return;
    int k = net_classes(v->net), was = argmax(k, before->data), is = argmax(k, after->data);
    const char *const *name = (const char *const *)v->data->class_name;
    bool named = was < v->data->classes && is < v->data->classes;
    if (named)
        snprintf(text, size, "; '%s' %s '%s'", name[was], was == is ? "stays" : "becomes", name[is]);
    else
        snprintf(text, size, "; %d %s %d", was, was == is ? "stays" : "becomes", is);
}

void view_explain_nudge(const struct view *v, char *text, int size)
{
    const struct own *o = &v->own;
    const struct part *change = view_part(v, "change", 0, "change");
    int maps = view_activation(v), pool = view_pool(v), used;
    *text = 0;
    if ((o->down == 0 && o->right == 0) || !change)
        return;
    used = snprintf(text, (size_t)size, "nudged by (%d,%d): %s changed by %.0f %%", o->down, o->right,
                    v->net->layer[maps].name, 100 * (double)change->data[maps]);
    if (pool >= 0 && used < size)
        used += snprintf(text + used, (size_t)(size - used), ", %s by %.0f %%", v->net->layer[pool].name,
                         100 * (double)change->data[pool]);
    if (used < size)
        tell_verdict(v, view_part(v, "change", 0, "logits"), text + used, (size_t)(size - used));
}

float view_range(const float *v, size_t count)
{
    return heat_range(v, count);
}

float view_scale(const struct view *v, const char *of, const float *numbers, size_t count)
{
    const struct part *all = v->scale == SCALE_NETWORK ? view_part(v, "network", 0, of) : NULL;
    if (v->scale == SCALE_UNIT)
        return 0;
    return all ? heat_range(all->data, shape_count(all->shape)) : heat_range(numbers, count);
}

void view_range_text(const struct tile_kind *kind, char *text, int size)
{
    const char *sign = kind->map == MAP_SIGNED ? "\u00b1" : "max ";
    snprintf(text, (size_t)size, kind->range > 0 && kind->range < 0.1f ? "%s%.2g" : "%s%.2f", sign,
             (double)kind->range);
}

struct question view_question(const struct view *v, const char *type, int layer)
{
    struct question q = {.type = question_find(type), .layer = layer};
    if (q.type->needs_attack) {
        q.attack = v->attack_type;
        q.options = v->attack;
        q.target = v->target;
    }
    if (strcmp(type, "flip") == 0) /* which looks for it */
        q.options.eps = 0;
    return q;
}

const struct answer *view_answer(const struct view *v, const char *question, int layer)
{
    if (!v->answers)
        return NULL;
    struct question q = view_question(v, question, layer);
    const struct answer *a = answers_find(v->answers, &q);
    return a && a->ready ? a : NULL;
}

const struct part *view_part(const struct view *v, const char *question, int layer, const char *part)
{
    const struct answer *a = view_answer(v, question, layer);
    return a ? answer_part(a, part) : NULL;
}
