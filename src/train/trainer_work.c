/**
 * What a trainer does: steps, results of the tester, and what it publishes of them.
 */
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
    r->rates = t->timeline ? timeline_rates(t->timeline, r->rate, TRAINER_RATES) : 0;
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
    bool rests =
        t->state == TRAINER_RUNNING && t->left == 0 && !run_done(&t->run) && clock_now() < t->tests_rest;
    if (t->tester && !rests && (full || (step % every == 0 && !soon)))
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

void trainer_take_results(struct trainer *t)
{
    struct test_result r;
    bool some = false, reached = false;
    while (t->tester && tester_take(t->tester, &r)) {
        history_add(&t->history, HISTORY_TEST_LOSS, r.step, r.loss);
        history_add(&t->history, HISTORY_TEST_ACCURACY, r.step, r.accuracy);
        if (t->options.test_share > 0)
            t->tests_rest = clock_now() + r.seconds * (1 / t->options.test_share - 1);
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
