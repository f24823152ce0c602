/**
 * The thread is a loop around one question: what is next? An order, a result of the tester, a step, or the end; without any of them it
 * sleeps on a condition variable, with a timeout when a speed limit says that the next step is due later.
 */
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/thread.h"
#include "train/trainer_parts.h"

enum next { NEXT_STOP, NEXT_ORDER, NEXT_RESULT, NEXT_STEP, NEXT_SHOW };

enum { LEAD = 8 }; /* steps that one may be ahead in a race */
static const double race_wait = 0.002;

/* Is the first order that waits one that makes a seek under way pointless? A later one doesn't: what comes before it builds on the seek. */
static bool next_moves(const struct trainer *t)
{
    if (t->orders == 0)
        return false;
    enum trainer_order kind = t->order[0].kind;
    return kind == TRAINER_SEEK || kind == TRAINER_SCRUB || kind == TRAINER_RESET;
}

/* Tells the other one where this one is. @return is it to wait? */
static bool is_ahead(const struct trainer *t)
{
    struct trainer_race *race = t->options.race;
    if (!race)
        return false;
    bool running = t->state == TRAINER_RUNNING;
    atomic_store(&race->step[t->options.lane], running ? t->run.step : LONG_MAX);
    long other = atomic_load(&race->step[1 - t->options.lane]);
    return running && other < LONG_MAX && t->run.step > other + LEAD;
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
        } else if (is_ahead(t)) {
            if (t->shown < t->run.step && trainer_is_time(t, clock_now())) {
                next = NEXT_SHOW;
                break;
            }
            sleep_until(t, clock_now() + race_wait);
            continue;
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
            trainer_obey(t, order);
            break;
        case NEXT_RESULT:
            trainer_take_results(t);
            break;
        case NEXT_STEP:
            trainer_step(t);
            break;
        case NEXT_SHOW:
            trainer_show(t);
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

unsigned long trainer_send(struct trainer *t, enum trainer_order kind, double value)
{
    pthread_mutex_lock(&t->lock);
    unsigned long number = ++t->sent;
    struct order *last = t->orders > 0 ? &t->order[t->orders - 1] : NULL;
    if (last && last->kind == kind) {
        bool adds = kind == TRAINER_STEPS || kind == TRAINER_PHASE;
        last->value = adds ? last->value + value : value;
        last->number = number;
    } else {
        for (int i = 1; i < TRAINER_ORDERS && t->orders == TRAINER_ORDERS; i++)
            t->order[i - 1] = t->order[i];
        t->orders -= t->orders == TRAINER_ORDERS;
        t->order[t->orders++] = (struct order){kind, value, number};
    }
    atomic_store(&t->hurry, next_moves(t));
    pthread_cond_signal(&t->told);
    pthread_mutex_unlock(&t->lock);
    return number;
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

/* Begins where another trainer stood. */
static enum err take_over(struct trainer *t, struct diag *diag)
{
    const struct handover *from = t->options.from;
    enum err err = fork_begin(t->options.fork, &t->run, from, diag);
    if (err)
        return err;
    history_copy(&t->history, &from->history);
    history_cut(&t->history, t->run.step);
    t->furthest = t->run.step;
    t->first_loss = from->first_loss;
    t->options.from = NULL; /* borrowed no longer than this */
    t->options.fork = NULL;
    if (run_done(&t->run))
        t->state = TRAINER_DONE;
    return ERR_NONE;
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
    bool given = t->options.weights; /* a seed doesn't bring them back: step 0 has to be remembered */
    if (!err && given)
        weights_copy(&t->run.weights, t->options.weights);
    t->options.weights = NULL; /* borrowed no longer than this */
    if (!err)
        err = history_init(&t->history, TRAINER_POINTS, diag);
    bool taken = t->options.from;
    if (!err && taken)
        err = take_over(t, diag);
    if (!err && (t->options.timeline > 0 || given || taken))
        err = timeline_new(&t->run, t->options.timeline, &t->timeline, diag);
    if (!err && data->count[SPLIT_TEST] > 0)
        err = tester_new(t->net, data, t->run.loss, tell_tested, t, &t->tester, diag);
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
    /* of a training step: backward takes twice the products of forward */
    double cost = 3 * net_multiply_adds(net) * t->run.batches.size;
    t->scrub_most = cost > 0 && cost < TRAINER_SCRUB_WORK ? (long)(TRAINER_SCRUB_WORK / cost) : 1;
    if (!options->paused && t->state == TRAINER_PAUSED)
        trainer_start_running(t);
    trainer_test_when_due(t);
    trainer_publish(t, true);
    if (!(t->started = thread_start(&t->thread, work, t))) {
        trainer_free(t);
        return diag_fail(diag, ERR_MEMORY, NULL, 0, "no thread could be started for training");
    }
    *out = t;
    return ERR_NONE;
}

void trainer_stop(struct trainer *t)
{
    pthread_mutex_lock(&t->lock);
    t->stop = true;
    atomic_store(&t->hurry, true);
    pthread_cond_signal(&t->told);
    pthread_mutex_unlock(&t->lock);
    if (t->started)
        pthread_join(t->thread, NULL);
    t->started = false;
    if (t->options.race) /* nobody waits for it any more */
        atomic_store(&t->options.race->step[t->options.lane], LONG_MAX);
}

void trainer_free(struct trainer *t)
{
    if (!t)
        return;
    trainer_stop(t);
    tester_free(t->tester);
    timeline_free(t->timeline);
    run_fini(&t->run);
    team_free(t->team);
    history_fini(&t->history);
    handover_fini(&t->handover);
    free(t->kept);
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

const struct handover *trainer_handover(const struct trainer *t)
{
    return t->handed ? &t->handover : NULL;
}

const struct trainer_report *trainer_report(struct trainer *t)
{
    int i = mailbox_take(&t->reports);
    return i < 0 ? NULL : &t->report[i];
}
