/**
 * Where keyframes lie: at the first step visited and at multiples of the spacing. Doubling it drops every second one, and what is left
 * are multiples again, so the past is covered evenly however long the run gets, and each step costs at most one copy.
 *
 * A keyframe holds gradients too, though the next step doesn't need them: what a moment shows of the past is then what it showed when it was
 * the present.
 */
#include "train/timeline.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { SPACING = 8, KEYFRAMES_LEAST = 2, KEYFRAMES_MOST = 1 << 16 };

struct keyframe {
    long step, optimizer_step;
    struct schedule schedule;
    double lr, loss_mean, accuracy, grad_norm, epoch_loss;
    long epoch_correct, epoch_images;
    float *numbers; /* parameters, gradients, slots, buffers; owned */
};

struct change {
    long step; /* made when so many updates were done */
    struct schedule schedule;
};

struct timeline {
    size_t params, buffers, numbers; /* floats */
    int slots;
    long spacing;
    int count, most;
    struct keyframe *keyframe; /* [most], by step; memory of those from count on is kept for later ones */
    int changes, changes_room;
    struct change *change; /* by step; owned */
};

enum err timeline_new(const struct run *run, size_t budget, struct timeline **out, struct diag *diag)
{
    struct timeline *t = calloc(1, sizeof *t);
    if (!t)
        return diag_memory(diag, "the past of a run");
    *t = (struct timeline){.params = run->net->params,
                           .buffers = run->net->buffers,
                           .slots = run->optimizer.type->slots,
                           .spacing = SPACING};
    t->numbers = t->params * (size_t)(2 + t->slots) + t->buffers;
    size_t most = budget / (t->numbers * sizeof(float) + sizeof *t->keyframe);
    t->most = most < KEYFRAMES_LEAST ? KEYFRAMES_LEAST : most > KEYFRAMES_MOST ? KEYFRAMES_MOST : (int)most;
    if (!(t->keyframe = calloc((size_t)t->most, sizeof *t->keyframe))) {
        free(t);
        return diag_memory(diag, "the past of a run");
    }
    *out = t;
    return ERR_NONE;
}

void timeline_free(struct timeline *t)
{
    if (!t)
        return;
    for (int i = 0; i < t->most; i++)
        free(t->keyframe[i].numbers);
    free(t->keyframe);
    free(t->change);
    free(t);
}

long timeline_spacing(const struct timeline *t)
{
    return t->spacing;
}

int timeline_keyframes(const struct timeline *t)
{
    return t->count;
}

/* Index of the last keyframe at or before `step`, or -1. */
static int find(const struct timeline *t, long step)
{
    int low = 0, high = t->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (t->keyframe[middle].step <= step)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}

long timeline_before(const struct timeline *t, long step)
{
    int i = find(t, step);
    return i < 0 ? -1 : t->keyframe[i].step;
}

/* Copies the run's arrays to (out) or from a keyframe. */
static void move_numbers(const struct timeline *t, const struct run *run, float *numbers, bool out)
{
    struct {
        float *p;
        size_t count;
    } part[3 + OPTIMIZER_SLOTS] = {
        {run->weights.params, t->params}, {run->grads, t->params}, {run->weights.buffers, t->buffers}};
    for (int i = 0; i < t->slots; i++)
        part[3 + i].p = run->optimizer.slot[i], part[3 + i].count = t->params;
    for (int i = 0; i < 3 + t->slots; i++) {
        memcpy(out ? numbers : part[i].p, out ? part[i].p : numbers, part[i].count * sizeof *numbers);
        numbers += part[i].count;
    }
}

static void capture(const struct timeline *t, const struct run *run, struct keyframe *k)
{
    float *numbers = k->numbers;
    *k = (struct keyframe){.step = run->step,
                           .optimizer_step = run->optimizer.step,
                           .schedule = run->schedule,
                           .lr = run->lr,
                           .loss_mean = run->loss_mean,
                           .accuracy = run->accuracy,
                           .grad_norm = run->grad_norm,
                           .epoch_loss = run->epoch_loss,
                           .epoch_correct = run->epoch_correct,
                           .epoch_images = run->epoch_images,
                           .numbers = numbers};
    move_numbers(t, run, numbers, true);
}

static void restore(const struct timeline *t, struct run *run, const struct keyframe *k)
{
    run->step = k->step;
    run->optimizer.step = k->optimizer_step;
    run->schedule = k->schedule;
    run->lr = k->lr;
    run->loss_mean = k->loss_mean;
    run->accuracy = k->accuracy;
    run->grad_norm = k->grad_norm;
    run->epoch_loss = k->epoch_loss;
    run->epoch_correct = k->epoch_correct;
    run->epoch_images = k->epoch_images;
    move_numbers(t, run, k->numbers, false);
}

/* Keeps every second keyframe; the dropped ones' memory moves behind the others. */
static void thin_out(struct timeline *t)
{
    int kept = 1;
    t->spacing *= 2;
    for (int i = 1; i < t->count; i++)
        if (t->keyframe[i].step % t->spacing == 0) {
            struct keyframe dropped = t->keyframe[kept];
            t->keyframe[kept++] = t->keyframe[i];
            t->keyframe[i] = dropped;
        }
    t->count = kept;
}

/* Memory for one keyframe more, thinning out for as long as the budget is full, or the machine is. */
static bool make_room(struct timeline *t)
{
    while (t->count == t->most ||
           (!t->keyframe[t->count].numbers && !(t->keyframe[t->count].numbers = mem_floats(t->numbers)))) {
        if (t->count < 2)
            return false;
        thin_out(t);
    }
    return true;
}

static bool is_due(const struct timeline *t, const struct run *run)
{
    return t->count == 0 || (run->step % t->spacing == 0 && run->step > t->keyframe[t->count - 1].step);
}

void timeline_visit(struct timeline *t, const struct run *run)
{
    assert(t->count == 0 || run->step >= t->keyframe[t->count - 1].step);
    if (is_due(t, run) && make_room(t) && is_due(t, run))
        capture(t, run, &t->keyframe[t->count++]);
}

enum err timeline_schedule(struct timeline *t, const struct run *run, struct diag *diag)
{
    assert(t->changes == 0 || t->change[t->changes - 1].step <= run->step);
    if (t->changes > 0 && t->change[t->changes - 1].step == run->step) {
        t->change[t->changes - 1].schedule = run->schedule;
        return ERR_NONE;
    }
    if (t->changes == t->changes_room) {
        int room = t->changes_room ? 2 * t->changes_room : 16;
        struct change *change = realloc(t->change, (size_t)room * sizeof *change);
        if (!change)
            return diag_memory(diag, "the changes of the learning rate");
        t->change = change;
        t->changes_room = room;
    }
    t->change[t->changes++] = (struct change){run->step, run->schedule};
    return ERR_NONE;
}

int timeline_rates(const struct timeline *t, struct timeline_rate *out, int most)
{
    if (t->changes > most)
        return -1;
    for (int i = 0; i < t->changes; i++) {
        const struct schedule *s = &t->change[i].schedule;
        if (strcmp(s->type->name, "constant") != 0 || s->warmup > 0)
            return -1;
        out[i] = (struct timeline_rate){t->change[i].step, s->base};
    }
    return t->changes;
}

enum err timeline_seek(const struct timeline *t, struct run *run, long step, const atomic_bool *cancel,
                       struct diag *diag)
{
    int i = find(t, step), next = 0;
    if (i < 0)
        return diag_fail(diag, ERR_RANGE, NULL, 0, "step %ld is before the first that is remembered, %ld",
                         step, t->count > 0 ? t->keyframe[0].step : 0);
    restore(t, run, &t->keyframe[i]);
    while (next < t->changes && t->change[next].step < run->step)
        next++;
    for (;;) {
        if (next < t->changes && t->change[next].step == run->step)
            run->schedule = t->change[next++].schedule;
        if (run->step >= step || (cancel && atomic_load(cancel)))
            return ERR_NONE;
        enum err err = run_step(run, diag);
        if (err)
            return err;
    }
}

void timeline_cut(struct timeline *t, long step)
{
    while (t->count > 0 && t->keyframe[t->count - 1].step > step)
        t->count--;
    while (t->changes > 0 && t->change[t->changes - 1].step > step)
        t->changes--;
    if (t->count == 0)
        t->spacing = SPACING;
}
