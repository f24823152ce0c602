/**
 * What a trainer does: steps, orders, results of the tester, and what it publishes of them.
 *
 * The past. TRAINER_SEEK puts the run at a step that it has been at; curves, keyframes and changes of the rate that came after it stay until training
 * goes on from there (`branch`). A rate that is set while the run stands in the past belongs to the new way: it is remembered
 * when that begins.
 */
#include <limits.h>
#include <math.h>

#include "base/clock.h"
#include "train/trainer_parts.h"

enum { TESTS_AN_EPOCH = 8 };
static const double publish_every = 0.03, mark_every = 0.08;
static const double copying_most = 0.04; /* part of the time that may go into copies of a large network */

/* ---- publishing ---- */

static void publish_report(struct trainer *t)
{
    const struct run *run = &t->run;
    struct trainer_report *r = &t->report[mailbox_back(&t->reports)];
    struct history history = r->history;
    const struct history_point *loss = history_at(&t->history, HISTORY_TEST_LOSS, run->step),
                               *accuracy = history_at(&t->history, HISTORY_TEST_ACCURACY, run->step);
    *r = (struct trainer_report){.state = t->state,
                                 .step = run->step,
                                 .epoch = run_epoch(run),
                                 .per_epoch = run->batches.per_epoch,
                                 .first = t->timeline ? timeline_first(t->timeline) : 0,
                                 .furthest = t->furthest,
                                 .total = run->total,
                                 .epochs = run->options.epochs,
                                 .batch = run->batches.size,
                                 .seed = run->options.seed,
                                 .lr = schedule_rate(&run->schedule, run->step),
                                 .loss = run->step > 0 ? run->loss_mean : nan(""),
                                 .accuracy = run->step > 0 ? run->accuracy : nan(""),
                                 .test_loss = loss ? (double)loss->mean : nan(""),
                                 .test_accuracy = accuracy ? (double)accuracy->mean : nan(""),
                                 .test_step = loss ? loss->last : -1,
                                 .testing = t->tester ? tester_step(t->tester) : -1,
                                 .left = t->left,
                                 .obeyed = t->obeyed,
                                 .moment = t->serial,
                                 .images_per_second = t->images_per_second,
                                 .speed = t->options.speed,
                                 .history = history,
                                 .diag = t->diag,
                                 .stop_epochs = t->options.stop_epochs,
                                 .stop_accuracy = t->options.stop_accuracy,
                                 .stopped = t->stopped,
                                 .slow = t->slow};
    history_copy(&r->history, &t->history);
    mailbox_publish(&t->reports);
}

static void publish_moment(struct trainer *t)
{
    const struct run *run = &t->run;
    struct moment *m = &t->moment[mailbox_back(&t->moments)];
    const struct moment now = {.net = t->net,
                               .weights = run->weights,
                               .grads = run->grads,
                               .step = run->step,
                               .epoch = run_epoch(run),
                               .loss = run->step > 0 ? run->loss_mean : nan(""),
                               .accuracy = run->step > 0 ? run->accuracy : nan(""),
                               .lr = run->step > 0 ? run->lr : schedule_rate(&run->schedule, 0),
                               .grad_norm = run->grad_norm,
                               .serial = ++t->serial};
    moment_copy(m, &now);
    mailbox_publish(&t->moments);
}

void trainer_publish(struct trainer *t, bool weights)
{
    if (weights) {
        double began = clock_now();
        publish_moment(t);
        t->published = clock_now();
        t->copying = t->published - began;
        t->shown = t->run.step;
    }
    publish_report(t);
}

/* The same, and tells whoever waits for it. */
static void publish(struct trainer *t, bool weights)
{
    trainer_publish(t, weights);
    if (t->options.wake)
        t->options.wake(t->options.arg);
}

void trainer_show(struct trainer *t)
{
    publish(t, true);
}

bool trainer_is_time(const struct trainer *t, double now)
{
    return now - t->published >= fmax(publish_every, t->copying / copying_most);
}

/* ---- training ---- */

static void mark_speed(struct trainer *t)
{
    double now = clock_now(), span = now - t->mark[0].time; /* start_running() made the first mark */
    if (span > 0)
        t->images_per_second = (double)(t->images - t->mark[0].images) / span;
    if (now - t->mark[t->marks - 1].time < mark_every)
        return;
    for (int i = 1; i < TRAINER_MARKS && t->marks == TRAINER_MARKS; i++)
        t->mark[i - 1] = t->mark[i];
    t->marks -= t->marks == TRAINER_MARKS;
    t->mark[t->marks].time = now;
    t->mark[t->marks++].images = t->images;
}

/* What happens whenever it begins to run: the pause doesn't count as time of training. */
void trainer_start_running(struct trainer *t)
{
    if (t->state == TRAINER_RUNNING)
        return;
    t->state = TRAINER_RUNNING;
    t->stopped = RULE_NONE;
    t->due = clock_now();
    t->mark[0].time = t->due;
    t->mark[0].images = t->images;
    t->marks = 1;
}

void trainer_fail(struct trainer *t)
{
    t->state = TRAINER_FAILED;
    t->left = 0;
}

/* Training goes on from a step of the past: what came after it never happened. */
void trainer_branch(struct trainer *t)
{
    if (t->run.step < t->furthest) {
        history_cut(&t->history, t->run.step);
        if (t->timeline)
            timeline_cut(t->timeline, t->run.step);
        t->furthest = t->run.step;
    }
    if (t->timeline && t->rate_changed && timeline_schedule(t->timeline, &t->run, &t->diag))
        trainer_fail(t);
    t->rate_changed = false;
}

void trainer_test_when_due(struct trainer *t)
{
    long step = t->run.step;
    int per_epoch = t->run.batches.per_epoch, every = t->options.test_every;
    if (every <= 0)
        every = per_epoch > TESTS_AN_EPOCH ? per_epoch / TESTS_AN_EPOCH : 1;
    bool soon = per_epoch - step % per_epoch < every / 2; /* the full one at the epoch's end is near */
    bool full = step > 0 && (step % per_epoch == 0 || run_done(&t->run));
    if (t->tester && (full || (step % every == 0 && !soon)))
        tester_ask(t->tester, &t->run.weights, step, full);
}

/* Pauses when a rule says so. */
static void stop_for(struct trainer *t, enum trainer_rule rule)
{
    t->left = 0;
    t->state = TRAINER_PAUSED;
    t->stopped = rule;
}

void trainer_finish_step(struct trainer *t)
{
    struct run *run = &t->run;
    t->furthest = run->step;
    if (run->step == 1)
        t->first_loss = run->loss_mean;
    history_add(&t->history, HISTORY_TRAIN_LOSS, run->step, run->loss_mean);
    history_add(&t->history, HISTORY_TRAIN_ACCURACY, run->step, run->accuracy);
    if (t->timeline)
        timeline_visit(t->timeline, run);
    t->images += run->batches.n;
    trainer_test_when_due(t);
    if (t->left > 0 && --t->left == 0)
        t->state = TRAINER_PAUSED;
    if (t->options.stop_epochs > 0 && run->step == (long)t->options.stop_epochs * run->batches.per_epoch)
        stop_for(t, RULE_EPOCHS);
    if (run_done(run))
        t->state = TRAINER_DONE;
}

void trainer_step(struct trainer *t)
{
    t->diag = (struct diag){0};
    trainer_branch(t);
    if (t->state == TRAINER_FAILED || run_step(&t->run, &t->diag)) {
        trainer_fail(t);
        publish(t, true);
        return;
    }
    trainer_finish_step(t);
    mark_speed(t);
    double now = clock_now();
    if (t->options.speed > 0)
        t->due = fmax(t->due + 1 / t->options.speed, now);
    if (t->state != TRAINER_RUNNING || trainer_is_time(t, now))
        publish(t, true);
}

/* ---- orders ---- */

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
        if (t->state == TRAINER_RUNNING)
            t->state = TRAINER_PAUSED;
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
    publish(t, true);
}

void trainer_take_results(struct trainer *t)
{
    struct test_result r;
    bool some = false, reached = false;
    while (t->tester && tester_take(t->tester, &r)) {
        history_add(&t->history, HISTORY_TEST_LOSS, r.step, r.loss);
        history_add(&t->history, HISTORY_TEST_ACCURACY, r.step, r.accuracy);
        some = true;
        reached = reached || (t->options.stop_accuracy > 0 && r.accuracy >= t->options.stop_accuracy);
    }
    if (reached && !t->accuracy_met && t->state == TRAINER_RUNNING) {
        t->accuracy_met = true;
        stop_for(t, RULE_ACCURACY);
        publish(t, true);
        return;
    }
    if (some && (t->state != TRAINER_RUNNING || trainer_is_time(t, clock_now())))
        publish(t, false); /* else a step will soon */
}
