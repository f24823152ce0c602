#include "tui/neuron.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

const char *const climb_names[CLIMB_STARTS] = {"noise", "sample", "top"};

static bool open_list(struct neuron_list *l, struct shape in)
{
    l->picture = mem_floats(SURVEY_KEPT * shape_count(in));
    l->field = mem_new(SURVEY_KEPT * (size_t)in.h * (size_t)in.w, 1);
    l->crop = mem_floats(SURVEY_KEPT * shape_count(in));
    return l->picture && l->field && l->crop;
}

enum err neuron_new(const struct net *net, const struct dataset *data, const char *names,
                    void (*wake)(void *arg), void *arg, struct neuron **out, char *note, int note_size,
                    struct diag *diag)
{
    struct diag unread = {0};
    struct neuron *n = calloc(1, sizeof *n);
    *note = 0;
    if (!n)
        return diag_memory(diag, "what a unit likes");
    *n = (struct neuron){.net = net, .data = data, .unit = {.layer = -1}};
    n->split = data->count[SPLIT_TEST] > 0 ? SPLIT_TEST : SPLIT_TRAIN;
    enum err err = open_list(&n->top, net->in) && open_list(&n->bottom, net->in)
                       ? ERR_NONE
                       : diag_memory(diag, "what a unit likes");
    if (!err)
        err = survey_new(net, data, n->split, wake, arg, &n->survey, diag);
    if (!err)
        err = ascent_new(net, wake, arg, &n->ascent, diag);
    if (!err)
        err = purities_new(net, data, n->split, wake, arg, &n->purities, diag);
    if (err) {
        neuron_free(n);
        return err;
    }
    if (names && nicknames_read(&n->names, names, &unread))
        snprintf(note, (size_t)note_size, "%s", unread.text);
    else
        nicknames_complaint(&n->names, note, note_size);
    *out = n;
    return ERR_NONE;
}

void neuron_free(struct neuron *n)
{
    if (!n)
        return;
    survey_free(n->survey);
    ascent_free(n->ascent);
    purities_free(n->purities);
    nicknames_free(&n->names);
    free(n->top.picture);
    free(n->top.field);
    free(n->top.crop);
    free(n->bottom.crop);
    free(n->bottom.picture);
    free(n->bottom.field);
    free(n);
}

void neuron_sleep(struct neuron *n, bool asleep)
{
    atomic_store(&n->asleep, asleep);
    if (asleep)
        neuron_want_purity(n, false);
}

void neuron_want_purity(struct neuron *n, bool wanted)
{
    if (n->pure != wanted)
        purities_want(n->purities, wanted);
    n->pure = wanted;
}

void neuron_offer(struct neuron *n, const struct moment *moment)
{
    if (atomic_load(&n->asleep))
        return;
    purities_offer(n->purities, moment);
    survey_offer(n->survey, moment);
    ascent_offer(n->ascent, moment);
}

void neuron_ask(struct neuron *n, struct unit unit)
{
    n->unit = unit;
    survey_ask(n->survey, unit, n->split);
    neuron_climb(n, CLIMB_NOISE, NULL);
}

void neuron_look_through(struct neuron *n, enum split split)
{
    if (split == n->split || n->data->count[split] == 0)
        return;
    n->split = split;
    if (n->unit.layer >= 0)
        survey_ask(n->survey, n->unit, split);
}

void neuron_climb(struct neuron *n, enum climb_start from, const float *start)
{
    n->from = from;
    n->climb = ascent_begin(n->ascent, n->unit, &n->switches, start);
}

/* What the unit sees of picture i. */
static struct box field_of(const struct neuron *n, const struct neuron_list *l, int i)
{
    const struct exciter *e = &l->item[i];
    return receptive_field(n->net,
                           (struct unit){n->found->unit.layer, n->found->unit.channel, e->row, e->col});
}

static void crop(const struct neuron *n, struct neuron_list *l, int i)
{
    struct shape in = n->net->in;
    struct box box = field_of(n, l, i);
    const float *x = l->picture + (size_t)i * shape_count(in);
    float *to = l->crop + (size_t)i * (size_t)(in.c * l->crop_h * l->crop_w);
    memset(to, 0, (size_t)(in.c * l->crop_h * l->crop_w) * sizeof *to);
    for (int c = 0; c < in.c; c++)
        for (int r = box.top; r < box.bottom; r++)
            memcpy(to + (c * l->crop_h + r - box.top) * l->crop_w, x + (c * in.h + r) * in.w + box.left,
                   (size_t)(box.right - box.left) * sizeof *to);
}

static void fill(const struct neuron *n, struct neuron_list *l, const struct exciter *from, int count)
{
    struct shape in = n->net->in;
    size_t plane = (size_t)in.h * (size_t)in.w;
    l->count = count;
    l->crop_h = l->crop_w = 1;
    memset(l->field, 0, SURVEY_KEPT * plane);
    for (int i = 0; i < count; i++) {
        l->item[i] = from[i];
        struct box box = field_of(n, l, i);
        dataset_read_floats(n->data, n->found->split, from[i].index,
                            l->picture + (size_t)i * shape_count(in));
        for (int r = box.top; r < box.bottom; r++)
            memset(l->field + (size_t)i * plane + r * in.w + box.left, 1, (size_t)(box.right - box.left));
        l->crop_h = box.bottom - box.top > l->crop_h ? box.bottom - box.top : l->crop_h;
        l->crop_w = box.right - box.left > l->crop_w ? box.right - box.left : l->crop_w;
    }
    for (int i = 0; i < count; i++)
        crop(n, l, i);
}

bool neuron_take(struct neuron *n)
{
    const struct survey_result *found = survey_result(n->survey);
    const struct ascent_result *climbed = ascent_result(n->ascent);
    if (found) {
        n->found = found;
        fill(n, &n->top, found->top, found->found);
        fill(n, &n->bottom, found->bottom, found->found);
    }
    if (climbed)
        n->climbed = climbed;
    const struct purities_result *purity = purities_result(n->purities);
    if (purity)
        n->purity = purity;
    return found || climbed || purity;
}

bool neuron_found(const struct neuron *n)
{
    return n->found && n->found->unit.layer == n->unit.layer && n->found->unit.channel == n->unit.channel &&
           n->found->unit.row == n->unit.row && n->found->unit.col == n->unit.col &&
           n->found->split == n->split;
}

bool neuron_climbed(const struct neuron *n)
{
    return n->climbed && n->climbed->serial == n->climb;
}

bool neuron_settled(const struct neuron *n, unsigned long moment)
{
    const struct purities_result *p = n->purity;
    bool pure = !n->pure || (p && p->seen == p->total && p->moment == moment);
    return pure && neuron_found(n) && n->found->seen == n->found->total && n->found->moment == moment &&
           neuron_climbed(n) && n->climbed->resting;
}
