#include "attack/flip.h"

#include <assert.h>
#include <math.h>

#include "attack/attacks/attacks.h"

enum { AT_ONCE = 16 };

float flip_limit(enum norm norm, size_t count)
{
    return norm == NORM_L2 ? 0.5f * sqrtf((float)count) : 0.5f;
}

/* What the network says of the first n images, and whether that is what is looked for. */
static void judge(const struct flip_task *t, int n, const float *images, bool *flipped)
{
    attack_look(t->net, t->weights, t->pass, n, images, t->label);
    for (int i = 0; i < n; i++)
        flipped[i] = (pass_says(t->pass, i) == t->label) == t->options.targeted;
}

static void try_at(const struct flip_task *t, const float *direction, int n, const float *eps, bool *flipped)
{
    size_t count = shape_count(t->net->in);
    for (int i = 0; i < n; i++) {
        float *out = t->images + (size_t)i * count;
        if (direction) {
            for (size_t p = 0; p < count; p++)
                out[p] = fminf(fmaxf(t->x[p] + eps[i] * direction[p], 0), 1);
        } else {
            struct attack_options o = t->options;
            o.eps = eps[i];
            t->type->run(&o, t->net, t->weights, t->pass, 1, t->x, &t->label, t->index, out, t->scratch[0]);
        }
    }
    judge(t, n, t->images, flipped);
}

/* Tries places from, from + stride ... as far as to; returns the first that flips, or 0. *low: the last before it that doesn't. */
static int first_of(const struct flip_task *t, const float *direction, int steps, int from, int to,
                    int stride, int at_once, int *low)
{
    for (int at = from; at <= to && !attack_stopped(&t->options);) {
        float eps[AT_ONCE];
        bool flipped[AT_ONCE];
        int n = 0;
        for (; n < at_once && at <= to; at += stride)
            eps[n++] = t->limit * (float)at / (float)steps;
        try_at(t, direction, n, eps, flipped);
        for (int i = 0; i < n; i++) {
            int place = at - (n - i) * stride;
            if (flipped[i])
                return place;
            *low = place;
        }
    }
    return 0;
}

/* What an attack has found that looks for the smallest itself. */
static struct flip smallest(const struct flip_task *t)
{
    size_t count = shape_count(t->net->in);
    bool flipped;
    try_at(t, NULL, 1, &(float){INFINITY}, &flipped);
    float far = (float)(t->options.norm == NORM_L2 ? distance_l2(count, t->x, t->images)
                                                   : distance_linf(count, t->x, t->images));
    return flipped && far <= t->limit ? (struct flip){.found = true, .eps = far}
                                      : (struct flip){.eps = t->limit};
}

struct flip flip_find(const struct flip_task *task)
{
    bool straight = task->type->direction != NULL, flipped;
    int steps = straight ? FLIP_STEPS : FLIP_STEPS_RUN, stride = straight ? FLIP_STRIDE : steps, low = 0;
    int at_once = !straight ? 1 : task->capacity < AT_ONCE ? task->capacity : AT_ONCE;
    float *direction = straight ? task->scratch[1] : NULL;
    struct flip out = {.precision = task->limit / (float)steps};
    assert(task->limit > 0 && task->capacity >= 1);
    judge(task, 1, task->x, &flipped);
    if (flipped)
        return (struct flip){.found = true, .precision = task->type->smallest ? 0 : out.precision};
    if (task->type->smallest)
        return smallest(task);
    if (straight)
        task->type->direction(&task->options, task->net, task->weights, task->pass, task->x, task->label,
                              task->index, direction, task->scratch[0]);
    int high = first_of(task, direction, steps, stride, steps, stride, at_once, &low);
    out.found = high > 0;
    high = out.found ? high : steps;
    while (out.found && high - low > 1 && !attack_stopped(&task->options)) { /* into at_once + 1 parts */
        int part = (high - low + at_once) / (at_once + 1);
        int first = first_of(task, direction, steps, low + part, high - 1, part, at_once, &low);
        high = first > 0 ? first : high;
    }
    out.eps = task->limit * (float)high / (float)steps;
    return out;
}
