/**
 * The thread is a loop around one question: what is next? An order, a result of the tester, a step, or the end; without any of them it
 * sleeps on a condition variable, with a timeout when a speed limit says that the next step is due later. Everything but
 * the queue belongs to the thread alone, so the lock is held for moments only, never while a network is computed.
 *
 * The past. TRAINER_SEEK puts the run at a step that it has been at; curves, keyframes and changes of the rate that came after it stay until training
 * goes on from there (`branch`). A rate that is set while the run stands in the past belongs to the new way: it is remembered
 * when that begins.
 */
#include "train/trainer.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/mailbox.h"
#include "train/tester.h"
#include "train/timeline.h"

enum { ORDERS = 64, MARKS = 16, TESTS_AN_EPOCH = 8 };
static const double publish_every = 0.03, mark_every = 0.08;

struct order {
    enum trainer_order kind;
    double value;
};

struct trainer {
    struct trainer_options options;
    const struct net *net;
    struct team *team;
    struct run run;
    struct timeline *timeline; /* NULL: none is kept */
    struct tester *tester;     /* NULL: no test images */
    struct history history;
    enum trainer_state state;
    long left;         /* steps until it pauses; 0: until told */
    long furthest;     /* last step of the way that curves and timeline hold */
    bool rate_changed; /* while standing in the past: to be remembered when training goes on */
    long came_back_to; /* where the run went on after its last failure; -1: it didn't fail */
    double first_loss; /* of the batch of step 1 */
    double due;        /* when the next step may begin */
    double published;  /* when the last moment was */
    unsigned long serial;
    struct diag diag;
    struct {
        double time;
        long images;
    } mark[MARKS]; /* the last second, for the speed shown; [0] is the oldest */
    int marks;
    long images; /* trained since trainer_new */

    pthread_t thread;
    bool started;
    atomic_bool hurry;    /* an order or the end makes the seek under way pointless */
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t told;
    bool stop, tested;
    int orders;
    struct order order[ORDERS];

    struct mailbox moments, reports;
    struct moment moment[MAILBOX_SLOTS];
    struct trainer_report report[MAILBOX_SLOTS];
};

/* ---- publishing ---- */

static double images_per_second(struct trainer *t, double now)
{
    double span = t->marks > 0 ? now - t->mark[0].time : 0;
    return span > 0 ? (double)(t->images - t->mark[0].images) / span : 0;
}

static void publish_report(struct trainer *t)
{
    const struct run *run = &t->run;
    struct trainer_report *r = &t->report[mailbox_back(&t->reports)];
    struct history history = r->history;
    const struct history_point *loss = history_at(&t->history, HISTORY_TEST_LOSS, run->step),
                               *accuracy = history_at(&t->history, HISTORY_TEST_ACCURACY, run->step);
    double now = clock_now();
    *r = (struct trainer_report){.state = t->state,
                                 .step = run->step,
                                 .epoch = run_epoch(run),
                                 .per_epoch = run->batches.per_epoch,
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
                                 .images_per_second = images_per_second(t, now),
                                 .speed = t->options.speed,
                                 .history = history,
                                 .diag = t->diag};
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

static void wake(const struct trainer *t)
{
    if (t->options.wake)
        t->options.wake(t->options.arg);
}

static void publish(struct trainer *t)
{
    publish_moment(t);
    publish_report(t);
    t->published = clock_now();
    wake(t);
}

/* Only the numbers: the weights are as they were. */
static void publish_numbers(struct trainer *t)
{
    publish_report(t);
    wake(t);
}

/* ---- training ---- */

static void count_images(struct trainer *t, int images)
{
    double now = clock_now();
    t->images += images;
    if (t->marks > 0 && now - t->mark[t->marks - 1].time < mark_every)
        return;
    for (int i = 1; i < MARKS && t->marks == MARKS; i++)
        t->mark[i - 1] = t->mark[i];
    t->marks -= t->marks == MARKS;
    t->mark[t->marks].time = now;
    t->mark[t->marks++].images = t->images;
}

/* What happens whenever it begins to run: the pause doesn't count as time of training. */
static void start_running(struct trainer *t)
{
    if (t->state == TRAINER_RUNNING)
        return;
    t->state = TRAINER_RUNNING;
    t->due = clock_now();
    t->mark[0].time = t->due;
    t->mark[0].images = t->images;
    t->marks = 1;
}

static void fail(struct trainer *t)
{
    t->state = TRAINER_FAILED;
    t->left = 0;
}

/* Training goes on from a step of the past: what came after it never happened. */
static void branch(struct trainer *t)
{
    if (t->run.step < t->furthest) {
        history_cut(&t->history, t->run.step);
        if (t->timeline)
            timeline_cut(t->timeline, t->run.step);
        t->furthest = t->run.step;
    }
    if (t->timeline && t->rate_changed && timeline_schedule(t->timeline, &t->run, &t->diag))
        fail(t);
    t->rate_changed = false;
}

static void test_when_due(struct trainer *t)
{
    long step = t->run.step;
    int per_epoch = t->run.batches.per_epoch, every = t->options.test_every;
    if (every <= 0)
        every = per_epoch > TESTS_AN_EPOCH ? per_epoch / TESTS_AN_EPOCH : 1;
    bool full = step > 0 && (step % per_epoch == 0 || run_done(&t->run));
    if (t->tester && (full || step % every == 0))
        tester_ask(t->tester, &t->run.weights, step, full);
}

static void step(struct trainer *t)
{
    struct run *run = &t->run;
    t->diag = (struct diag){0};
    branch(t);
    if (t->state == TRAINER_FAILED || run_step(run, &t->diag)) {
        fail(t);
        publish(t);
        return;
    }
    t->furthest = run->step;
    if (run->step == 1)
        t->first_loss = run->loss_mean;
    history_add(&t->history, HISTORY_TRAIN_LOSS, run->step, run->loss_mean);
    history_add(&t->history, HISTORY_TRAIN_ACCURACY, run->step, run->accuracy);
    if (t->timeline)
        timeline_visit(t->timeline, run);
    count_images(t, run->batches.n);
    test_when_due(t);
    if (t->left > 0 && --t->left == 0)
        t->state = TRAINER_PAUSED;
    if (run_done(run))
        t->state = TRAINER_DONE;
    double now = clock_now();
    if (t->options.speed > 0)
        t->due = fmax(t->due + 1 / t->options.speed, now);
    if (t->state != TRAINER_RUNNING || now - t->published >= publish_every)
        publish(t);
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
    return is_finite(&t->run) && (t->run.step == 0 || t->run.loss_mean <= 2 * t->first_loss);
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
static void recover(struct trainer *t)
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
        recover(t);
    t->left = t->state == TRAINER_RUNNING && steps > 0 && t->left > 0 ? t->left + steps : steps;
    start_running(t);
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
        branch(t); /* nothing comes after: it belongs to this way, and seeking there finds it */
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
    t->rate_changed = false;
    if (t->timeline) {
        timeline_cut(t->timeline, -1);
        timeline_visit(t->timeline, &t->run);
    }
    test_when_due(t);
}

static void seek(struct trainer *t, double value)
{
    long to = value < (double)t->furthest ? (long)value : t->furthest;
    if (to < 0 || !(value >= 0))
        to = 0;
    if (t->tester)
        tester_cancel(t->tester);
    t->left = 0;
    t->state = TRAINER_PAUSED;
    t->diag = (struct diag){0};
    t->came_back_to = -1;
    t->rate_changed = false;
    if (t->timeline) {
        if (timeline_seek(t->timeline, &t->run, to, &t->hurry, &t->diag))
            fail(t);
    } else if (to == 0) {
        rewind_run(t);
    }
}

static void obey(struct trainer *t, struct order order)
{
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
        seek(t, order.value);
        break;
    }
    publish(t);
}

static void take_results(struct trainer *t)
{
    struct test_result r;
    bool some = false;
    while (t->tester && tester_take(t->tester, &r)) {
        history_add(&t->history, HISTORY_TEST_LOSS, r.step, r.loss);
        history_add(&t->history, HISTORY_TEST_ACCURACY, r.step, r.accuracy);
        some = true;
    }
    if (some && (t->state != TRAINER_RUNNING || clock_now() - t->published >= publish_every))
        publish_numbers(t); /* else a step will soon */
}

/* ---- the thread ---- */

enum next { NEXT_STOP, NEXT_ORDER, NEXT_RESULT, NEXT_STEP };

/* Is the first order that waits one that makes a seek under way pointless? A later one doesn't: what comes before it builds on the seek. */
static bool next_moves(const struct trainer *t)
{
    return t->orders > 0 && (t->order[0].kind == TRAINER_SEEK || t->order[0].kind == TRAINER_RESET);
}

static void sleep_until(struct trainer *t, double when)
{
    struct timespec at = {.tv_sec = (time_t)when, .tv_nsec = (long)((when - floor(when)) * 1e9)};
    pthread_cond_timedwait(&t->told, &t->lock, &at);
}

static enum next wait_for_next(struct trainer *t, struct order *order)
{
    enum next next;
    pthread_mutex_lock(&t->lock);
    for (;;) {
        if (t->stop) {
            next = NEXT_STOP;
        } else if (t->orders > 0) {
            next = NEXT_ORDER;
            *order = t->order[0];
            t->orders--;
            for (int i = 0; i < t->orders; i++)
                t->order[i] = t->order[i + 1];
            atomic_store(&t->hurry, next_moves(t));
        } else if (t->tested) {
            next = NEXT_RESULT;
            t->tested = false;
        } else if (t->state == TRAINER_RUNNING && t->due <= clock_now()) {
            next = NEXT_STEP;
        } else {
            if (t->state == TRAINER_RUNNING)
                sleep_until(t, t->due);
            else
                pthread_cond_wait(&t->told, &t->lock);
            continue;
        }
        break;
    }
    pthread_mutex_unlock(&t->lock);
    return next;
}

static void *work(void *arg)
{
    struct trainer *t = arg;
    struct order order = {0};
    for (;;)
        switch (wait_for_next(t, &order)) {
        case NEXT_STOP:
            return NULL;
        case NEXT_ORDER:
            obey(t, order);
            break;
        case NEXT_RESULT:
            take_results(t);
            break;
        case NEXT_STEP:
            step(t);
            break;
        }
}

static void tell_tested(void *arg)
{
    struct trainer *t = arg;
    pthread_mutex_lock(&t->lock);
    t->tested = true;
    pthread_cond_signal(&t->told);
    pthread_mutex_unlock(&t->lock);
}

void trainer_send(struct trainer *t, enum trainer_order kind, double value)
{
    pthread_mutex_lock(&t->lock);
    struct order *last = t->orders > 0 ? &t->order[t->orders - 1] : NULL;
    if (last && last->kind == kind) {
        last->value = kind == TRAINER_STEPS ? last->value + value : value;
    } else {
        for (int i = 1; i < ORDERS && t->orders == ORDERS; i++)
            t->order[i - 1] = t->order[i];
        t->orders -= t->orders == ORDERS;
        t->order[t->orders++] = (struct order){kind, value};
    }
    atomic_store(&t->hurry, next_moves(t));
    pthread_cond_signal(&t->told);
    pthread_mutex_unlock(&t->lock);
}

/* ---- making and freeing ---- */

static void init_lock(struct trainer *t)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC); /* the clock of clock_now() */
    pthread_cond_init(&t->told, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&t->lock, NULL);
    atomic_init(&t->hurry, false);
    mailbox_init(&t->moments);
    mailbox_init(&t->reports);
}

static enum err make_parts(struct trainer *t, const struct dataset *data, const struct run_options *run,
                           struct diag *diag)
{
    enum err err = ERR_NONE;
    int threads = t->options.threads > 0 ? t->options.threads : 1;
    if (threads > 1 && !(t->team = team_new(threads)))
        err = diag_memory(diag, "the threads");
    if (!err)
        err = run_init(&t->run, t->net, data, t->team, run, diag);
    if (!err && t->options.timeline > 0)
        err = timeline_new(&t->run, t->options.timeline, &t->timeline, diag);
    if (!err && data->count[SPLIT_TEST] > 0)
        err = tester_new(t->net, data, t->run.loss, tell_tested, t, &t->tester, diag);
    if (!err)
        err = history_init(&t->history, TRAINER_POINTS, diag);
    for (int i = 0; i < MAILBOX_SLOTS && !err; i++) {
        err = moment_init(&t->moment[i], t->net, diag);
        if (!err)
            err = history_init(&t->report[i].history, TRAINER_POINTS, diag);
    }
    return err;
}

enum err trainer_new(const struct net *net, const struct dataset *data, const struct run_options *run,
                     const struct trainer_options *options, struct trainer **out, struct diag *diag)
{
    struct trainer *t = calloc(1, sizeof *t);
    if (!t)
        return diag_memory(diag, "the trainer");
    *t = (struct trainer){.net = net, .options = *options, .came_back_to = -1};
    init_lock(t);
    enum err err = make_parts(t, data, run, diag);
    if (err) {
        trainer_free(t);
        return err;
    }
    if (t->timeline)
        timeline_visit(t->timeline, &t->run);
    if (!options->paused)
        start_running(t);
    publish_moment(t);
    publish_report(t);
    test_when_due(t);
    if (!(t->started = train_thread(&t->thread, work, t))) {
        trainer_free(t);
        return diag_fail(diag, ERR_MEMORY, NULL, 0, "no thread could be started for training");
    }
    *out = t;
    return ERR_NONE;
}

void trainer_free(struct trainer *t)
{
    if (!t)
        return;
    pthread_mutex_lock(&t->lock);
    t->stop = true;
    atomic_store(&t->hurry, true);
    pthread_cond_signal(&t->told);
    pthread_mutex_unlock(&t->lock);
    if (t->started)
        pthread_join(t->thread, NULL);
    tester_free(t->tester);
    timeline_free(t->timeline);
    run_fini(&t->run);
    team_free(t->team);
    history_fini(&t->history);
    for (int i = 0; i < MAILBOX_SLOTS; i++) {
        moment_fini(&t->moment[i]);
        history_fini(&t->report[i].history);
    }
    pthread_cond_destroy(&t->told);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

const struct moment *trainer_moment(struct trainer *t)
{
    int i = mailbox_take(&t->moments);
    return i < 0 ? NULL : &t->moment[i];
}

const struct trainer_report *trainer_report(struct trainer *t)
{
    int i = mailbox_take(&t->reports);
    return i < 0 ? NULL : &t->report[i];
}
