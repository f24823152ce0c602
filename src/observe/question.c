#include "observe/question.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "observe/questions/questions.h"

const struct question_type *const question_types[] = {
    &question_input,
    &question_filters,
    &question_activation,
    &question_probabilities,
    &question_change,
    &question_attack,
    &question_film,
    &question_trials,
    &question_landscape,
    &question_pixels,
    &question_flip,
    &question_network,
    &question_number,
    &question_products,
    &question_feeds,
    &question_unit,
    &question_tuning,
    &question_census,
    NULL,
};

const struct question_type *question_find(const char *name)
{
    for (int i = 0; question_types[i]; i++)
        if (strcmp(question_types[i]->name, name) == 0)
            return question_types[i];
    return NULL;
}

static bool attack_equal(const struct question *a, const struct question *b)
{
    const struct attack_options *p = &a->options, *q = &b->options;
    return a->attack == b->attack && p->norm == q->norm && p->eps == q->eps && p->step == q->step &&
           p->iterations == q->iterations && p->momentum == q->momentum && p->overshoot == q->overshoot &&
           p->confidence == q->confidence && p->constant == q->constant && p->searches == q->searches &&
           p->random_start == q->random_start && p->targeted == q->targeted && p->seed == q->seed &&
           (!p->targeted || a->target == b->target);
}

bool question_equal(const struct question *a, const struct question *b)
{
    const struct question_type *type = a->type;
    if (type != b->type || !type)
        return type == b->type;
    bool same_place = a->unit == b->unit && a->row == b->row && a->col == b->col;
    return (!type->needs_layer || a->layer == b->layer) && (!type->needs_place || same_place) &&
           (!type->needs_attack || attack_equal(a, b));
}

static bool place_fits(const struct net *net, const struct question *q)
{
    struct shape s = q->layer < 0 ? net->in : net->layer[q->layer].out;
    if (q->type->anywhere && q->row == -1 && q->col == -1)
        return q->unit >= 0 && q->unit < s.c;
    return q->unit >= 0 && q->unit < s.c && q->row >= 0 && q->row < s.h && q->col >= 0 && q->col < s.w;
}

bool question_fits(const struct net *net, const struct question *q)
{
    int first = q->type && q->type->of_input ? NET_INPUT : 0;
    if (!q->type || (q->type->needs_layer && (q->layer < first || q->layer >= net->layers)) ||
        (q->type->needs_place && !place_fits(net, q)))
        return false;
    if (q->type->needs_attack &&
        (!q->attack || (q->options.targeted && (q->target < 0 || q->target >= net_classes(net)))))
        return false;
    return q->type->fits(net, q->layer);
}

const struct part *answer_part(const struct answer *a, const char *name)
{
    for (int i = 0; i < a->parts; i++)
        if (strcmp(a->part[i].name, name) == 0)
            return &a->part[i];
    return NULL;
}

void answer_add(struct answer *a, const char *name, int n, struct shape shape)
{
    assert(a->parts < ANSWER_PARTS && n >= 1 && shape.c >= 1 && shape.h >= 1 && shape.w >= 1);
    a->part[a->parts++] = (struct part){.name = name, .n = n, .shape = shape};
}

/* Floats that a part takes: whole cache lines, so that the next one is aligned too. */
static size_t part_floats(const struct part *p)
{
    enum { LINE = MEM_ALIGN / sizeof(float) };
    return ((size_t)p->n * shape_count(p->shape) + LINE - 1) / LINE * LINE;
}

bool answer_prepare(const struct net *net, const struct question *q, struct answer *a)
{
    a->question = *q;
    a->ready = false;
    a->parts = 0;
    if (!question_fits(net, q))
        return false;
    q->type->shape(net, q, a);
    size_t floats = 0, at = 0;
    for (int i = 0; i < a->parts; i++)
        floats += part_floats(&a->part[i]);
    if (floats > a->capacity) {
        free(a->storage);
        a->storage = mem_floats(floats);
        a->capacity = a->storage ? floats : 0;
    }
    if (floats > a->capacity) {
        a->parts = 0;
        return false;
    }
    for (int i = 0; i < a->parts; i++) {
        a->part[i].data = a->storage + at;
        at += part_floats(&a->part[i]);
    }
    return true;
}

void answer_fini(struct answer *a)
{
    free(a->storage);
    *a = (struct answer){0};
}
