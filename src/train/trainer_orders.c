/**
 * What a trainer is told to do.
 *
 * The past. TRAINER_SEEK puts the run at a step that it has been at; curves, keyframes and changes of the rate that came after it stay until training
 * goes on from there (trainer_branch). A rate that is set while the run stands in the past belongs to the new way: it is remembered
 * when that begins.
 */
#include <limits.h>
#include <math.h>

#include "base/clock.h"
#include "train/trainer_parts.h"

static bool is_finite(const struct run *run)
{
    for (size_t i = 0; i < run->weights.params_count; i++)
        if (!isfinite(run->weights.params[i]))
            return false;
    for (size_t i = 0; i < run->weights.buffers_count; i++)
        if (!isfinite(run->weights.buffers[i]))
            return false;
    return true;
}

/* Step 0 of the same seed, as the run began but for a rate that was changed. */
static void rewind_run(struct trainer *t)
{
    run_reset(&t->run, t->run.options.seed);
    if (!t->timeline) { /* nothing remembers what came after */
        history_cut(&t->history, 0);
        t->furthest = 0;
    }
}

/* Numbers that training can go on from: finite, and not already on their way up. */
static bool is_healthy(const struct trainer *t)
{
    bool first = t->run.step == (t->timeline ? timeline_first(t->timeline) : 0);
    return is_finite(&t->run) && (first || t->run.loss_mean <= 2 * t->first_loss);
}

/* The last healthy keyframe at or before a step. @return false: there is none */
static bool go_back(struct trainer *t, long step)
{
    do {
        step = t->timeline ? timeline_before(t->timeline, step) : -1;
        if (step < 0 || timeline_seek(t->timeline, &t->run, step, NULL, NULL))
            return false;
        step--;
    } while (!is_healthy(t));
    return true;
}

/*
 * The same weights would fail on the same batch again whatever the rate, and a rate that is too large leaves its mark on them before it shows as NaN. So
 * going on after a failure first goes back to where all was well, and keeps the rate that is set now; when that fails again soon, to the keyframe
 * before that.
 */
void trainer_recover(struct trainer *t)
{
    struct schedule wanted = t->run.schedule;
    long here = t->run.step, soon = t->timeline ? 2 * timeline_spacing(t->timeline) : 0;
    bool again = t->came_back_to >= 0 && here - t->came_back_to <= soon;
    /* the loss of the last step but one is the last that says something about weights that are kept */
    if (!go_back(t, again ? t->came_back_to - 1 : here - 2))
        rewind_run(t);
    t->run.schedule = wanted;
    t->rate_changed = true;
    t->came_back_to = t->run.step;
}

static void go(struct trainer *t, long steps)
{
    if (run_done(&t->run))
        return;
    if (t->state == TRAINER_FAILED)
        trainer_recover(t);
    t->left = t->state == TRAINER_RUNNING && steps > 0 && t->left > 0 ? t->left + steps : steps;
    trainer_start_running(t);
}

static void set_rate(struct trainer *t, double rate)
{
    if (!isfinite(rate) || rate < 0)
        return;
    struct schedule s = {0};
    if (schedule_parse("constant", &s, NULL))
        return;
    s.base = rate;
    s.total = t->run.total;
    t->run.schedule = s;
    t->rate_changed = true;
    if (t->run.step == t->furthest && t->state != TRAINER_FAILED)
        trainer_branch(t); /* nothing comes after: it belongs to this way, and seeking there finds it */
}

static void reset(struct trainer *t, double seed)
{
    if (t->tester)
        tester_cancel(t->tester);
    if (t->state != TRAINER_RUNNING)
        t->state = TRAINER_PAUSED;
    t->diag = (struct diag){0};
    t->left = 0;
    run_reset(&t->run, seed >= 0 && seed < 0x1p63 ? (uint64_t)seed : 1);
    history_cut(&t->history, -1);
    t->furthest = 0;
    t->came_back_to = -1;
    t->rate_changed = t->accuracy_met = false;
    t->stopped = RULE_NONE;
    if (t->timeline) {
        timeline_cut(t->timeline, -1);
        timeline_visit(t->timeline, &t->run);
    }
    trainer_test_when_due(t);
}

static void seek(struct trainer *t, double value, bool exact)
{
    long to = value < (double)t->furthest ? (long)value : t->furthest,
         first = t->timeline ? timeline_first(t->timeline) : 0;
    if (to < first || !(value >= 0))
        to = first;
    if (t->tester)
        tester_cancel(t->tester);
    if (t->timeline && t->run.step == t->furthest && t->state != TRAINER_FAILED)
        timeline_leave(t->timeline, &t->run);
    t->left = 0;
    t->state = TRAINER_PAUSED;
    t->diag = (struct diag){0};
    t->came_back_to = -1;
    t->rate_changed = t->accuracy_met = false;
    t->stopped = RULE_NONE;
    if (t->timeline) {
        if (!exact)
            to = timeline_near(t->timeline, to, t->run.step, t->furthest, t->scrub_most);
        if (timeline_seek(t->timeline, &t->run, to, &t->hurry, &t->diag))
            trainer_fail(t);
    } else if (to == 0) {
        rewind_run(t);
    }
}

static void hand_over(struct trainer *t)
{
    t->handed = !handover_take(&t->handover, &t->run, &t->history, t->first_loss, NULL);
}

static void next_phases(struct trainer *t, double count)
{
    for (int i = 0; i < (count < PHASES ? (int)count : PHASES); i++)
        trainer_next_phase(t);
}

/* Orders that begin something else give up a step in slow motion that is under way. */
static bool keeps_phase(enum trainer_order kind)
{
    return kind == TRAINER_PHASE || kind == TRAINER_PAUSE || kind == TRAINER_SPEED || kind == TRAINER_RATE ||
           kind == TRAINER_STOP_EPOCHS || kind == TRAINER_STOP_ACCURACY || kind == TRAINER_HAND_OVER;
}

void trainer_obey(struct trainer *t, struct order order)
{
    if (!keeps_phase(order.kind))
        trainer_leave_phase(t);
    switch (order.kind) {
    case TRAINER_PAUSE:
        t->left = 0;
        if (t->state != TRAINER_RUNNING)
            break;
        t->state = TRAINER_PAUSED;
        if (t->tester && t->options.test_share > 0) /* what was left out while it ran */
            tester_ask(t->tester, &t->run.weights, t->run.step, true);
        break;
    case TRAINER_GO:
        go(t, 0);
        break;
    case TRAINER_STEPS:
        if (order.value >= 1)
            go(t, order.value < 0x1p62 ? (long)order.value : 0);
        break;
    case TRAINER_RATE:
        set_rate(t, order.value);
        break;
    case TRAINER_RESET:
        reset(t, order.value);
        break;
    case TRAINER_SPEED:
        t->options.speed = order.value > 0 ? order.value : 0;
        t->due = clock_now();
        break;
    case TRAINER_SEEK:
    case TRAINER_SCRUB:
        seek(t, order.value, order.kind == TRAINER_SEEK);
        break;
    case TRAINER_PHASE:
        next_phases(t, order.value);
        break;
    case TRAINER_STOP_EPOCHS:
        t->options.stop_epochs = order.value >= 1 && order.value < INT_MAX ? (int)order.value : 0;
        break;
    case TRAINER_STOP_ACCURACY:
        t->options.stop_accuracy = order.value > 0 ? order.value : 0;
        t->accuracy_met = false;
        break;
    case TRAINER_HAND_OVER:
        hand_over(t);
        break;
    }
    t->obeyed = order.number;
    trainer_show(t);
}
