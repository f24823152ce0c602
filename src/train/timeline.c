/**
 * Where keyframes lie: at the first step visited, and one step before multiples of the spacing, so that the gradients of a stop come out of
 * the one step that leads there and needn't be kept. When all places are taken, each new keyframe costs the oldest one that isn't before a multiple
 * of twice the spacing; when there is no such one left, the spacing doubles. So the past is covered evenly at any time, the number of
 * keyframes stays what the budget allows, and each step costs at most one copy.
 *
 * Two keyframes stand apart and hold gradients too: the first step, which no step leads to, and the furthest, which everybody comes back to.
 */
#include "train/timeline.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "train/state.h"

enum { SPACING = 8, KEYFRAMES_MOST = 1 << 16, ROOM_FOR_NEWEST = 4 };

struct change {
    long step; /* made when so many updates were done */
    struct schedule schedule;
};

struct timeline {
    long spacing;
    struct run_state first, newest; /* newest.numbers NULL: the budget has no room for it */
    bool has_first, has_newest;
    int count, most;
    int kept;                   /* keyframes before this one survive until the spacing doubles */
    struct run_state *keyframe; /* [most], by step; memory of those from count on is kept for later ones */
    int changes, changes_room;
    struct change *change; /* by step; owned */
};

enum err timeline_new(const struct run *run, size_t budget, struct timeline **out, struct diag *diag)
{
    struct timeline *t = calloc(1, sizeof *t);
    if (!t)
        return diag_memory(diag, "the past of a run");
    *t = (struct timeline){.spacing = SPACING};
    size_t one = state_bytes(run, false), apart = state_bytes(run, true);
    bool newest = budget / apart >= ROOM_FOR_NEWEST;
    size_t rest = budget / apart > 0 ? budget - apart * (1 + (size_t)newest) : 0, most = rest / one;
    t->most = most < 1 ? 1 : most > KEYFRAMES_MOST ? KEYFRAMES_MOST : (int)most;
    enum err err = state_init(&t->first, run, true, diag);
    if (!err && newest)
        err = state_init(&t->newest, run, true, diag);
    if (!err && !(t->keyframe = calloc((size_t)t->most, sizeof *t->keyframe)))
        err = diag_memory(diag, "the past of a run");
    if (err) {
        timeline_free(t);
        return err;
    }
    *out = t;
    return ERR_NONE;
}

void timeline_free(struct timeline *t)
{
    if (!t)
        return;
    for (int i = 0; i < t->most && t->keyframe; i++)
        state_fini(&t->keyframe[i]);
    state_fini(&t->first);
    state_fini(&t->newest);
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
    return t->has_first + t->count;
}

long timeline_first(const struct timeline *t)
{
    return t->has_first ? t->first.step : -1;
}

/* Index of the last keyframe before `step`, or -1. */
static int find(const struct timeline *t, long step)
{
    int low = 0, high = t->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (t->keyframe[middle].step < step)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}

long timeline_before(const struct timeline *t, long step)
{
    int i = find(t, step);
    return i >= 0 ? t->keyframe[i].step + 1 : t->has_first && t->first.step <= step ? t->first.step : -1;
}

long timeline_near(const struct timeline *t, long step, long from, long furthest, long most)
{
    int i = find(t, step);
    bool more = i + 1 < t->count && t->keyframe[i + 1].step < furthest;
    long before = timeline_before(t, step), after = more ? t->keyframe[i + 1].step + 1 : furthest;
    bool kept = t->has_newest && t->newest.step == step;
    if (before < 0 || kept || step == from || step - before < most)
        return step;
    if (step > from && before <= from)
        return after;
    if (step < from && after >= from)
        return before;
    bool cheap = more || t->has_newest; /* the furthest is no stop unless it was left */
    return after - step < step - before && cheap ? after : before;
}

/* Drops the oldest keyframe that doesn't belong to twice the spacing, and lets its memory lie behind the others. */
static void thin_out(struct timeline *t)
{
    for (int i = t->kept; i < t->count; i++)
        if ((t->keyframe[i].step + 1) % (2 * t->spacing) != 0) {
            struct run_state dropped = t->keyframe[i];
            for (int k = i + 1; k < t->count; k++)
                t->keyframe[k - 1] = t->keyframe[k];
            t->keyframe[--t->count] = dropped;
            t->kept = i;
            return;
        }
    t->spacing *= 2;
    t->kept = 0;
}

static bool is_due(const struct timeline *t, const struct run *run)
{
    return (run->step + 1) % t->spacing == 0 && run->step > t->first.step &&
           (t->count == 0 || run->step > t->keyframe[t->count - 1].step);
}

/* Memory for one keyframe more, in the place of others when the budget is full, or the machine is. */
static bool make_room(struct timeline *t, const struct run *run)
{
    while (is_due(t, run)) {
        if (t->count < t->most) {
            struct run_state *next = &t->keyframe[t->count];
            if (next->numbers || !state_init(next, run, false, NULL))
                return true;
            if (t->count == 0)
                return false;
        }
        thin_out(t);
    }
    return false;
}

void timeline_visit(struct timeline *t, const struct run *run)
{
    assert(t->count == 0 || run->step >= t->keyframe[t->count - 1].step);
    if (!t->has_first) {
        state_take(&t->first, run);
        t->has_first = true;
    } else if (make_room(t, run)) {
        state_take(&t->keyframe[t->count++], run);
    }
}

void timeline_leave(struct timeline *t, const struct run *run)
{
    if (!t->newest.numbers)
        return;
    state_take(&t->newest, run);
    t->has_newest = true;
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
    if (!t->has_first || step < t->first.step)
        return diag_fail(diag, ERR_RANGE, NULL, 0, "step %ld is before the first that is remembered, %ld",
                         step, timeline_first(t));
    bool newest = t->has_newest && t->newest.step == step;
    state_put(newest ? &t->newest : i < 0 ? &t->first : &t->keyframe[i], run);
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
    t->has_first = t->has_first && t->first.step <= step;
    t->has_newest = t->has_newest && t->newest.step <= step;
    t->spacing = SPACING; /* the way that comes has the room of the one that went */
    t->kept = 0;
}
