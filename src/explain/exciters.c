#include "explain/exciters.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "nn/pass.h"

enum { BATCH = 64, BATCH_FLOATS = 1 << 26 };

struct exciters {
    const struct net *net;
    const struct dataset *data;
    struct team *team;
    enum split split;
    struct pass *pass;
    int capacity;
    float *x;                     /* [capacity][c*h*w] */
    float *map;                   /* [capacity][widest layer] */
    size_t widest;                /* floats of the widest layer's output */
    struct exciter *all;          /* [images in the split] */
    struct unit unit;             /* of the run under way */
    int first;                    /* image of the batch under way: so many were seen before it */
    int k, found;                 /* wanted in each list, and there now */
    struct exciter *top, *bottom; /* the caller's, in order; or NULL */
};

/* A pass that keeps holds every activation of every image: deep nets get small batches. Never a function of the threads. */
static int choose_capacity(const struct net *net)
{
    size_t floats = shape_count(net->in);
    for (int i = 0; i < net->layers; i++)
        floats += shape_count(net->layer[i].out);
    size_t fit = BATCH_FLOATS / floats;
    return fit < 1 ? 1 : fit < BATCH ? (int)fit : BATCH;
}

enum err exciters_new(const struct net *net, const struct dataset *data, enum split split, struct team *team,
                      struct exciters **out, struct diag *diag)
{
    if (!shape_equal(net->in, data->shape))
        return diag_fail(diag, ERR_SHAPE, data->spec, 0, "its images are %s, but the network wants %s",
                         shape_text(data->shape).s, shape_text(net->in).s);
    struct exciters *e = calloc(1, sizeof *e);
    if (!e)
        return diag_memory(diag, "exciters");
    *e = (struct exciters){.net = net, .data = data, .team = team, .split = split};
    e->capacity = choose_capacity(net);
    e->widest = net_widest(net);
    e->x = mem_floats((size_t)e->capacity * shape_count(net->in));
    e->map = mem_floats((size_t)e->capacity * e->widest);
    int most = data->count[SPLIT_TRAIN] > data->count[SPLIT_TEST] ? data->count[SPLIT_TRAIN]
                                                                  : data->count[SPLIT_TEST];
    e->all = mem_new((size_t)most, sizeof *e->all);
    enum err err = e->x && e->map && e->all ? ERR_NONE : diag_memory(diag, "exciters");
    if (!err)
        err = pass_new(net, (struct pass_options){.capacity = e->capacity, .keep = true, .team = team},
                       &e->pass, diag);
    if (err) {
        exciters_free(e);
        return err;
    }
    *out = e;
    return ERR_NONE;
}

void exciters_free(struct exciters *e)
{
    if (!e)
        return;
    pass_free(e->pass);
    free(e->x);
    free(e->map);
    free(e->all);
    free(e);
}

static void gather_one(void *arg, int i)
{
    struct exciters *e = arg;
    struct exciter *one = &e->all[e->first + i];
    *one = (struct exciter){.index = e->first + i};
    one->label =
        dataset_read_floats(e->data, e->split, one->index, e->x + (size_t)i * shape_count(e->net->in));
}

/* The unit's largest activation for image i of the batch; the first of equals. */
static void look_at_one(void *arg, int i)
{
    struct exciters *e = arg;
    struct exciter *one = &e->all[e->first + i];
    struct shape s = e->net->layer[e->unit.layer].out;
    float *map = e->map + (size_t)i * e->widest,
          *channel = map + (size_t)e->unit.channel * (size_t)(s.h * s.w);
    bool everywhere = e->unit.row < 0 || e->unit.col < 0;
    pass_read(e->pass, e->unit.layer, i, map);
    int best = everywhere ? 0 : e->unit.row * s.w + e->unit.col;
    for (int p = 0; everywhere && p < s.h * s.w; p++)
        if (channel[p] > channel[best] || isnan(channel[best]))
            best = p;
    one->value = channel[best];
    one->row = best / s.w;
    one->col = best % s.w;
}

static int by_strength(const struct exciter *a, const struct exciter *b)
{
    return a->value > b->value ? -1 : a->value < b->value ? 1 : a->index - b->index;
}

static int by_weakness(const struct exciter *a, const struct exciter *b)
{
    return a->value < b->value ? -1 : a->value > b->value ? 1 : a->index - b->index;
}

/* Puts one into its place among `held`, of which the last falls out when the list is full. */
static void insert(struct exciter *list, int held, int k,
                   int (*order)(const struct exciter *, const struct exciter *), const struct exciter *one)
{
    if (!list || k == 0 || (held == k && order(one, &list[k - 1]) >= 0))
        return;
    int low = 0, high = held;
    while (low < high) {
        int middle = (low + high) / 2;
        if (order(one, &list[middle]) < 0)
            high = middle;
        else
            low = middle + 1;
    }
    int kept = held < k ? held : k - 1;
    memmove(&list[low + 1], &list[low], (size_t)(kept - low) * sizeof *list);
    list[low] = *one;
}

void exciters_take_from(struct exciters *e, enum split split)
{
    e->split = split;
}

void exciters_begin(struct exciters *e, struct unit unit, int k, struct exciter *top, struct exciter *bottom)
{
    assert(unit.layer >= 0 && unit.layer < e->net->layers && unit.channel < e->net->layer[unit.layer].out.c);
    e->unit = unit;
    e->first = e->found = 0;
    e->k = k;
    e->top = top;
    e->bottom = bottom;
}

int exciters_more(struct exciters *e, const struct weights *weights, int count)
{
    int end = count < e->data->count[e->split] ? count : e->data->count[e->split];
    int n = end - e->first < e->capacity ? end - e->first : e->capacity;
    if (n <= 0)
        return e->first;
    team_run(e->team, n, gather_one, e);
    net_forward(e->net, weights, e->pass, n, e->x, MODE_INFER);
    team_run(e->team, n, look_at_one, e);
    for (int i = e->first; i < e->first + n; i++) {
        if (isnan(e->all[i].value))
            continue;
        insert(e->top, e->found, e->k, by_strength, &e->all[i]);
        insert(e->bottom, e->found, e->k, by_weakness, &e->all[i]);
        e->found += e->found < e->k;
    }
    e->first += n;
    return e->first;
}

int exciters_found(const struct exciters *e)
{
    return e->found;
}

float exciters_value(const struct exciters *e, int i)
{
    assert(i >= 0 && i < e->first);
    return e->all[i].value;
}

int exciters_label(const struct exciters *e, int i)
{
    assert(i >= 0 && i < e->first);
    return e->all[i].label;
}

int exciters_keep(struct exciter *list, int held, int k, const struct exciter *one)
{
    insert(list, held, k, by_strength, one);
    return held < k ? held + 1 : k;
}

bool exciters_run(struct exciters *e, const struct weights *weights, struct unit unit, int count, int k,
                  const atomic_bool *cancel, struct exciter *top, struct exciter *bottom, int *found)
{
    int end = count < e->data->count[e->split] ? count : e->data->count[e->split], seen = 0;
    exciters_begin(e, unit, k, top, bottom);
    while (seen < end) {
        if (cancel && atomic_load(cancel))
            return false;
        seen = exciters_more(e, weights, end);
    }
    *found = exciters_found(e);
    return true;
}

double exciters_purity(const struct exciter *list, int found)
{
    int most = 0;
    for (int i = 0; i < found; i++) {
        int same = 0;
        for (int j = 0; j < found; j++)
            same += list[j].label == list[i].label;
        most = same > most ? same : most;
    }
    return found > 0 ? (double)most / found : 0;
}

void exciters_classes(const struct exciter *list, int found, int classes, int *count)
{
    memset(count, 0, (size_t)classes * sizeof *count);
    for (int i = 0; i < found; i++)
        if (list[i].label >= 0 && list[i].label < classes)
            count[list[i].label]++;
}
