/**
 * Two copies of the weights change hands under a lock: the caller writes one, the thread swaps it for its own and evaluates that. So the
 * caller waits for a swap at most. A result counts only if nothing was cancelled since its weights were handed over.
 */
#include "train/tester.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/thread.h"
#include "train/evaluate.h"

enum { RUNS = 16, RESULTS = 4 };

struct tester {
    const struct net *net;
    const struct dataset *data;
    const struct loss_type *loss;
    void (*told)(void *arg);
    void *arg;
    struct evaluator *evaluator; /* the thread's */
    struct weights own;          /* the thread's */
    pthread_t thread;
    bool started;
    atomic_bool cancel; /* leave the evaluation under way */

    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t asked;
    bool stop, waiting, full;
    struct weights weights; /* of the one that waits */
    long step;              /* of the one that waits */
    long under_way;         /* -1: none */
    unsigned long turn;     /* how often everything was forgotten */
    int results;
    struct test_result result[RESULTS];
};

/* Test images often lie in some order of their makers: a part of them is taken as runs spread over the whole. */
static bool evaluate(struct tester *t, bool full, struct test_result *out)
{
    int count = t->data->count[SPLIT_TEST], runs = full || count <= TESTER_SAMPLE ? 1 : RUNS;
    int each = runs == 1 ? count : TESTER_SAMPLE / RUNS;
    double loss = 0, correct = 0, began = clock_now();
    out->images = 0;
    for (int i = 0; i < runs; i++) {
        struct evaluation e = {0};
        int first = (int)((long)count * i / runs);
        if (!evaluator_run(t->evaluator, &t->own, t->loss, SPLIT_TEST, first, each, false, &t->cancel, &e))
            return false;
        loss += e.loss * e.count;
        correct += e.accuracy * e.count;
        out->images += e.count;
    }
    out->loss = loss / out->images;
    out->accuracy = correct / out->images;
    out->seconds = clock_now() - began;
    return true;
}

/* Waits for weights and takes them. @return false: the end */
static bool take_weights(struct tester *t, bool *full, unsigned long *turn)
{
    pthread_mutex_lock(&t->lock);
    while (!t->waiting && !t->stop)
        pthread_cond_wait(&t->asked, &t->lock);
    struct weights mine = t->own;
    bool going = !t->stop;
    if (going) {
        t->own = t->weights;
        t->weights = mine;
        t->waiting = false;
        t->under_way = t->step;
        *full = t->full;
        *turn = t->turn;
        atomic_store(&t->cancel, false);
    }
    pthread_mutex_unlock(&t->lock);
    return going;
}

static void post(struct tester *t, unsigned long turn, struct test_result result)
{
    pthread_mutex_lock(&t->lock);
    result.step = t->under_way;
    t->under_way = -1;
    bool counts = turn == t->turn;
    if (counts) {
        for (int i = 1; i < RESULTS && t->results == RESULTS; i++)
            t->result[i - 1] = t->result[i];
        t->results -= t->results == RESULTS;
        t->result[t->results++] = result;
    }
    pthread_mutex_unlock(&t->lock);
    if (counts)
        t->told(t->arg);
}

static void *work(void *arg)
{
    struct tester *t = arg;
    struct test_result result = {0};
    bool full = false;
    unsigned long turn = 0;
    thread_lower_priority();
    while (take_weights(t, &full, &turn)) {
        if (evaluate(t, full, &result)) {
            post(t, turn, result);
        } else {
            pthread_mutex_lock(&t->lock);
            t->under_way = -1;
            pthread_mutex_unlock(&t->lock);
        }
    }
    return NULL;
}

enum err tester_new(const struct net *net, const struct dataset *data, const struct loss_type *loss,
                    void (*told)(void *arg), void *arg, struct tester **out, struct diag *diag)
{
    struct tester *t = calloc(1, sizeof *t);
    if (!t)
        return diag_memory(diag, "the evaluation in the background");
    *t = (struct tester){.net = net, .data = data, .loss = loss, .told = told, .arg = arg, .under_way = -1};
    atomic_init(&t->cancel, false);
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->asked, NULL);
    enum err err = weights_init(&t->own, net, diag);
    if (!err)
        err = weights_init(&t->weights, net, diag);
    if (!err)
        err = evaluator_new(net, data, NULL, &t->evaluator, diag);
    if (!err && !(t->started = thread_start(&t->thread, work, t)))
        err = diag_fail(diag, ERR_MEMORY, NULL, 0, "no thread could be started for the evaluation");
    if (err) {
        tester_free(t);
        return err;
    }
    *out = t;
    return ERR_NONE;
}

void tester_free(struct tester *t)
{
    if (!t)
        return;
    pthread_mutex_lock(&t->lock);
    t->stop = true;
    atomic_store(&t->cancel, true);
    pthread_cond_signal(&t->asked);
    pthread_mutex_unlock(&t->lock);
    if (t->started)
        pthread_join(t->thread, NULL);
    evaluator_free(t->evaluator);
    weights_fini(&t->own);
    weights_fini(&t->weights);
    pthread_cond_destroy(&t->asked);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

void tester_ask(struct tester *t, const struct weights *weights, long step, bool full)
{
    pthread_mutex_lock(&t->lock);
    if (full || (!t->waiting && t->under_way < 0)) {
        weights_copy(&t->weights, weights);
        t->step = step;
        t->full = full;
        t->waiting = true;
        pthread_cond_signal(&t->asked);
    }
    pthread_mutex_unlock(&t->lock);
}

bool tester_take(struct tester *t, struct test_result *out)
{
    pthread_mutex_lock(&t->lock);
    bool some = t->results > 0;
    if (some) {
        *out = t->result[0];
        t->results--;
        for (int i = 0; i < t->results; i++)
            t->result[i] = t->result[i + 1];
    }
    pthread_mutex_unlock(&t->lock);
    return some;
}

long tester_step(struct tester *t)
{
    pthread_mutex_lock(&t->lock);
    long step = t->under_way >= 0 ? t->under_way
                : t->waiting      ? t->step
                : t->results > 0  ? t->result[0].step
                                  : -1;
    pthread_mutex_unlock(&t->lock);
    return step;
}

void tester_cancel(struct tester *t)
{
    pthread_mutex_lock(&t->lock);
    t->turn++;
    t->waiting = false;
    t->results = 0;
    t->under_way = -1; /* its end counts no more: other weights may wait already */
    atomic_store(&t->cancel, true);
    pthread_mutex_unlock(&t->lock);
}
