#include "observe/exam.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/thread.h"
#include "nn/loss.h"
#include "observe/background.h"
#include "train/evaluate.h"

enum { CHUNK = 256 };
static const double rest = 2; /* times as long as a pass took */

struct exam {
    struct background background;
    atomic_bool cancel;
    /* the thread's: */
    struct evaluator *evaluator;
    int total;
    bool told; /* a whole pass */
    struct exam_result slot[MAILBOX_SLOTS];
};

/* Sleeps that long, or until the end. */
static void pause_for(struct exam *e, double seconds)
{
    struct background *b = &e->background;
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    double at = (double)until.tv_sec + (double)until.tv_nsec / 1e9 + seconds;
    until.tv_sec = (time_t)at;
    until.tv_nsec = (long)((at - floor(at)) * 1e9);
    pthread_mutex_lock(&b->lock);
    while (!b->quit && pthread_cond_timedwait(&b->changed, &b->lock, &until) == 0)
        ;
    pthread_mutex_unlock(&b->lock);
}

/* Waits for weights, and takes them. @return false: the end */
static bool wait_for_work(struct exam *e, struct exam_result *r)
{
    struct background *b = &e->background;
    pthread_mutex_lock(&b->lock);
    while (!b->quit && !b->offered)
        pthread_cond_wait(&b->changed, &b->lock);
    bool going = !b->quit && background_take(b);
    *r = (struct exam_result){.moment = b->moment, .step = b->step, .total = e->total};
    pthread_mutex_unlock(&b->lock);
    return going;
}

static void publish(struct exam *e, const struct exam_result *r)
{
    e->slot[mailbox_back(&e->background.mailbox)] = *r;
    background_publish(&e->background);
}

static void *work(void *arg)
{
    struct exam *e = arg;
    struct exam_result r;
    const struct loss_type *loss = loss_types[0]; /* what it is doesn't matter: right is right */
    thread_lower_priority();
    while (wait_for_work(e, &r)) {
        double began = clock_now();
        while (r.seen < r.total) {
            struct evaluation part = {0};
            int n = r.total - r.seen < CHUNK ? r.total - r.seen : CHUNK;
            if (!evaluator_run(e->evaluator, &e->background.weights, loss, SPLIT_TEST, r.seen, n, false,
                               &e->cancel, &part))
                return NULL;
            r.seen += part.count;
            r.right += (int)lrint(part.accuracy * part.count);
            if (!e->told || r.seen == r.total)
                publish(e, &r);
        }
        e->told = true;
        pause_for(e, rest * (clock_now() - began));
    }
    return NULL;
}

enum err exam_new(const struct net *net, const struct dataset *data, void (*wake)(void *arg), void *arg,
                  struct exam **out, struct diag *diag)
{
    struct exam *e = calloc(1, sizeof *e);
    if (!e)
        return diag_memory(diag, "the network's exam");
    atomic_init(&e->cancel, false);
    e->total = data->count[SPLIT_TEST] < EXAM_MOST ? data->count[SPLIT_TEST] : EXAM_MOST;
    enum err err = background_init(&e->background, net, wake, arg, diag);
    if (!err)
        err = evaluator_new(net, data, NULL, &e->evaluator, diag);
    if (!err)
        err = background_start(&e->background, work, e, "the network's exam", diag);
    if (err) {
        exam_free(e);
        return err;
    }
    *out = e;
    return ERR_NONE;
}

void exam_free(struct exam *e)
{
    if (!e)
        return;
    atomic_store(&e->cancel, true);
    background_stop(&e->background);
    evaluator_free(e->evaluator);
    background_fini(&e->background);
    free(e);
}

void exam_offer(struct exam *e, const struct moment *moment)
{
    background_offer(&e->background, moment);
}

const struct exam_result *exam_result(struct exam *e)
{
    int front = mailbox_take(&e->background.mailbox);
    return front < 0 ? NULL : &e->slot[front];
}
