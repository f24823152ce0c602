#include "explain/purity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "nn/pass.h"

enum { BATCH = 32, BATCH_FLOATS = 1 << 24, BLIND = 1000 };

struct lists {
    int channel;
    int held;
    float least;
    struct exciter top[PURITY_KEPT];
};

struct purity {
    const struct net *net;
    const struct dataset *data;
    enum split split;
    struct pass *pass;
    int capacity, seen, layers;
    float *x, *map;
    int *label; /* [capacity] */
    long *of_class;
    struct looked_at {
        int layer, learns, units;
        struct lists *unit; /* [units] */
    } * at;
};

static bool learns(const struct net *net, int layer)
{
    const char *type = net->layer[layer].type->name;
    return strcmp(type, "conv") == 0 || strcmp(type, "dense") == 0;
}

/* The one layer that reads it; -1: none or several. */
static int only_reader(const struct net *net, int layer)
{
    int found = -1, count = 0;
    for (int i = layer + 1; i < net->layers; i++)
        for (int k = 0; k < net->layer[i].inputs; k++)
            if (net->layer[i].in[k] == layer)
                found = i, count++;
    return count == 1 ? found : -1;
}

int purity_behind(const struct net *net, int layer)
{
    int next = only_reader(net, layer);
    if (next >= 0 && strcmp(net->layer[next].type->name, "batchnorm") == 0)
        layer = next, next = only_reader(net, next);
    return next >= 0 && net->layer[next].type->elementwise &&
                   shape_equal(net->layer[next].out, net->layer[layer].out)
               ? next
               : layer;
}

static bool open_layers(struct purity *p)
{
    p->at = calloc((size_t)p->net->layers, sizeof *p->at);
    for (int l = 0; l < p->net->layers && p->at; l++) {
        if (!learns(p->net, l))
            continue;
        struct looked_at *a = &p->at[p->layers++];
        int behind = purity_behind(p->net, l), channels = p->net->layer[behind].out.c;
        int units = channels < PURITY_UNITS ? channels : PURITY_UNITS;
        *a = (struct looked_at){behind, l, units, calloc((size_t)units, sizeof *a->unit)};
        for (int u = 0; u < units && a->unit; u++)
            a->unit[u].channel = (int)((long)u * channels / units);
        if (!a->unit)
            return false;
    }
    return p->at != NULL;
}

/* A pass that keeps holds all activations of a batch. */
static int capacity_for(const struct net *net)
{
    size_t floats = shape_count(net->in);
    for (int i = 0; i < net->layers; i++)
        floats += shape_count(net->layer[i].out);
    size_t fit = BATCH_FLOATS / floats;
    return fit < 1 ? 1 : fit < BATCH ? (int)fit : BATCH;
}

enum err purity_new(const struct net *net, const struct dataset *data, enum split split, struct purity **out,
                    struct diag *diag)
{
    if (!shape_equal(net->in, data->shape))
        return diag_fail(diag, ERR_SHAPE, data->spec, 0, "its images are %s, but the network wants %s",
                         shape_text(data->shape).s, shape_text(net->in).s);
    struct purity *p = calloc(1, sizeof *p);
    if (!p)
        return diag_memory(diag, "the purity of layers");
    *p = (struct purity){.net = net, .data = data, .split = split, .capacity = capacity_for(net)};
    p->x = mem_floats((size_t)p->capacity * shape_count(net->in));
    p->map = mem_floats(net_widest(net));
    p->label = calloc((size_t)p->capacity, sizeof *p->label);
    p->of_class = calloc((size_t)data->classes + 1, sizeof *p->of_class);
    enum err err = open_layers(p) && p->x && p->map && p->label && p->of_class
                       ? ERR_NONE
                       : diag_memory(diag, "the purity of layers");
    if (!err)
        err = pass_new(net, (struct pass_options){.capacity = p->capacity, .keep = true}, &p->pass, diag);
    if (err) {
        purity_free(p);
        return err;
    }
    *out = p;
    return ERR_NONE;
}

void purity_free(struct purity *p)
{
    if (!p)
        return;
    pass_free(p->pass);
    for (int i = 0; i < p->layers; i++)
        free(p->at[i].unit);
    free(p->at);
    free(p->x);
    free(p->map);
    free(p->label);
    free(p->of_class);
    free(p);
}

void purity_begin(struct purity *p)
{
    p->seen = 0;
    memset(p->of_class, 0, ((size_t)p->data->classes + 1) * sizeof *p->of_class);
    for (int i = 0; i < p->layers; i++)
        for (int u = 0; u < p->at[i].units; u++) {
            p->at[i].unit[u].held = 0;
            p->at[i].unit[u].least = INFINITY;
        }
}

static float largest(const float *map, int count)
{
    float most = NAN;
    for (int i = 0; i < count; i++)
        if (map[i] > most || isnan(most))
            most = map[i];
    return most;
}

static void look_at(struct purity *p, struct looked_at *a, int image)
{
    struct shape s = p->net->layer[a->layer].out;
    pass_read(p->pass, a->layer, image, p->map);
    for (int u = 0; u < a->units; u++) {
        struct lists *l = &a->unit[u];
        struct exciter one = {.index = p->seen + image, .label = p->label[image]};
        one.value = largest(p->map + (size_t)l->channel * (size_t)(s.h * s.w), s.h * s.w);
        if (isnan(one.value))
            continue;
        l->least = one.value < l->least ? one.value : l->least;
        l->held = exciters_keep(l->top, l->held, PURITY_KEPT, &one);
    }
}

int purity_more(struct purity *p, const struct weights *weights)
{
    int left = p->data->count[p->split] - p->seen, n = left < p->capacity ? left : p->capacity;
    if (n <= 0)
        return p->seen;
    for (int i = 0; i < n; i++) {
        int label = p->label[i] =
            dataset_read_floats(p->data, p->split, p->seen + i, p->x + (size_t)i * shape_count(p->net->in));
        p->of_class[label >= 0 && label < p->data->classes ? label : p->data->classes]++;
    }
    net_forward(p->net, weights, p->pass, n, p->x, MODE_INFER);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < p->layers; k++)
            look_at(p, &p->at[k], i);
    return p->seen += n;
}

int purity_layers(const struct purity *p)
{
    return p->layers;
}

struct purity_layer purity_layer(const struct purity *p, int i)
{
    const struct looked_at *a = &p->at[i];
    struct purity_layer r = {a->layer, a->learns, a->units, 0, 0, NAN, NAN};
    for (int u = 0; u < a->units; u++) {
        const struct lists *l = &a->unit[u];
        if (l->held < PURITY_KEPT || !(l->top[PURITY_KEPT - 1].value > l->least)) {
            r.silent++;
            continue;
        }
        double one = exciters_purity(l->top, l->held);
        r.purity += one;
        r.low = one < r.low || isnan(r.low) ? one : r.low;
        r.high = one > r.high || isnan(r.high) ? one : r.high;
    }
    r.purity = r.units > r.silent ? r.purity / (r.units - r.silent) : (double)NAN;
    return r;
}

double purity_chance(const struct purity *p)
{
    struct rng rng;
    double sum = 0;
    rng_init(&rng, 57);
    for (int list = 0; list < BLIND && p->seen > 0; list++) {
        struct exciter one[PURITY_KEPT];
        for (int i = 0; i < PURITY_KEPT; i++) {
            long at = (long)rng_below(&rng, (uint32_t)p->seen);
            int label = 0;
            while (label < p->data->classes && at >= p->of_class[label])
                at -= p->of_class[label++];
            one[i].label = label;
        }
        sum += exciters_purity(one, PURITY_KEPT);
    }
    return sum / BLIND;
}
