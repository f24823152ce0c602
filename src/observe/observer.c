/**
 * One thread, one lock, one mailbox. The lock guards only the inquiry that was handed in and three flags; answers go out through the mailbox, so that the
 * asker never waits for them. Everything else belongs to the thread, and a slot of the mailbox to whoever holds it.
 */
#include "observe/observer.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mailbox.h"
#include "base/mem.h"
#include "base/thread.h"
#include "observe/probe.h"

static const double progress_seconds = 0.1;

struct observer {
    struct observer_options options;
    pthread_t thread;
    bool started;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* on the monotonic clock */
    /* under the lock: */
    bool quit, asked, poked;
    struct inquiry handed; /* `own` is NULL or handed_x, `other` NULL or handed_other */
    float *handed_x, *handed_other;
    struct search search;   /* the last one asked for */
    struct finding finding; /* and how far it is */
    pthread_mutex_t
        held; /* guards `moment` and has_moment where the asker reads them, and where the thread writes them */
    /* the thread's: */
    struct inquiry inquiry; /* serial 0: none yet */
    struct sample sample;   /* its `other` is NULL or the array below */
    float *other;
    struct moment moment;
    bool has_moment;
    struct probe probe;
    double began;              /* when the answers under way were */
    struct searcher *searcher; /* NULL without data */
    double told;               /* when somebody was woken for a search */
    /* between the two: */
    struct mailbox mailbox;
    struct answers slot[MAILBOX_SLOTS];
};

static size_t image_bytes(const struct observer *o)
{
    return shape_count(o->options.net->in) * sizeof(float);
}

/* ---- the thread ---- */

/* Are the answers under way of no use any more? Short ones are finished first: else a key that is held down would never show anything. */
static bool outdated(void *arg)
{
    struct observer *o = arg;
    pthread_mutex_lock(&o->lock);
    bool old = o->quit || (o->asked && clock_now() > o->began + OBSERVER_LONG);
    pthread_mutex_unlock(&o->lock);
    return old;
}

static bool searching(const struct observer *o)
{
    return o->finding.serial > 0 && !o->finding.done && o->has_moment;
}

/* Sleeps until there is something to do. @return false when it is to end; *asked: there is a new inquiry */
static bool wait_for_work(struct observer *o, bool *asked)
{
    pthread_mutex_lock(&o->lock);
    while (!o->quit && !o->asked && !o->poked && !searching(o))
        pthread_cond_wait(&o->changed, &o->lock);
    bool quit = o->quit;
    *asked = o->asked;
    if (o->asked) {
        o->inquiry = o->handed;
        if (o->handed.own)
            memcpy(o->sample.x, o->handed_x, image_bytes(o));
        if (o->handed.other)
            memcpy(o->other, o->handed_other, image_bytes(o));
    }
    o->asked = o->poked = false;
    pthread_mutex_unlock(&o->lock);
    return !quit;
}

/* Rests from now on, at most so long; what comes in meanwhile stays for wait_for_work. */
static void rest(struct observer *o, double seconds)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    long nanoseconds = until.tv_nsec + (long)((seconds - (double)(time_t)seconds) * 1e9);
    until.tv_sec += (time_t)seconds + nanoseconds / 1000000000;
    until.tv_nsec = nanoseconds % 1000000000;
    pthread_mutex_lock(&o->lock);
    int timed_out = 0;
    while (!o->quit && !o->asked && !searching(o) && !timed_out)
        timed_out = pthread_cond_timedwait(&o->changed, &o->lock, &until);
    pthread_mutex_unlock(&o->lock);
}

static void read_sample(struct observer *o)
{
    const struct inquiry *q = &o->inquiry;
    struct sample *s = &o->sample;
    float *x = s->x;
    if (q->own)
        *s = (struct sample){.own = true, .label = q->own_label, .x = x};
    else
        *s = (struct sample){.split = q->split,
                             .index = q->index,
                             .label = dataset_read_floats(o->options.data, q->split, q->index, x),
                             .x = x};
    s->other = q->other ? o->other : NULL;
}

/* Copies the newest moment: what newest() lends may be overwritten by the next call. @return is it another one? */
static bool fetch_moment(struct observer *o)
{
    const struct moment *newest = o->options.newest(o->options.source);
    if (!newest || (o->has_moment && newest->serial == o->moment.serial))
        return false;
    assert(newest->net == o->options.net);
    pthread_mutex_lock(&o->held);
    moment_copy(&o->moment, newest);
    o->has_moment = true;
    pthread_mutex_unlock(&o->held);
    return true;
}

/* Fills the back slot. @return false when it was left half-way */
static bool answer_all(struct observer *o, struct answers *a)
{
    o->began = clock_now();
    struct sample sample = o->sample;
    sample.x = a->sample.x;
    sample.other = NULL;
    memcpy(sample.x, o->sample.x, image_bytes(o));
    a->sample = sample;
    a->serial = o->inquiry.serial;
    a->moment = o->moment.serial;
    a->step = o->moment.step;
    a->epoch = o->moment.epoch;
    a->count = o->inquiry.count;
    probe_run(&o->probe, &o->moment, &o->sample);
    for (int i = 0; i < a->count; i++) {
        probe_answer(&o->probe, &o->inquiry.question[i], &a->answer[i]);
        if (outdated(o))
            return false;
    }
    a->seconds = clock_now() - o->began;
    return true;
}

static void wake(struct observer *o)
{
    if (o->options.wake)
        o->options.wake(o->options.arg);
}

/* A batch of the search under way. What was asked for meanwhile is another search: its finding is left alone. */
static void look_on(struct observer *o)
{
    pthread_mutex_lock(&o->lock);
    bool some = searching(o);
    struct search search = o->search;
    struct finding found = o->finding;
    pthread_mutex_unlock(&o->lock);
    if (!some)
        return;
    found.index = searcher_look(o->searcher, &search, &o->moment, &found.looked);
    found.done = found.index >= 0 || found.looked == found.count;
    pthread_mutex_lock(&o->lock);
    bool mine = o->finding.serial == found.serial && !o->finding.done;
    if (mine)
        o->finding = found;
    pthread_mutex_unlock(&o->lock);
    if (mine && (found.done || clock_now() > o->told + progress_seconds)) {
        o->told = clock_now();
        wake(o);
    }
}

static void *work(void *arg)
{
    struct observer *o = arg;
    const double share = o->options.share > 0 ? o->options.share : OBSERVER_SHARE;
    bool asked;
    while (wait_for_work(o, &asked)) {
        double began = clock_now();
        bool moved = fetch_moment(o);
        if (asked)
            read_sample(o);
        if (o->has_moment && o->options.seen)
            o->options.seen(o->options.arg, &o->moment);
        look_on(o);
        if (!o->has_moment || o->inquiry.serial == 0 || (!asked && !moved))
            continue;
        struct answers *a = &o->slot[mailbox_back(&o->mailbox)];
        if (!answer_all(o, a))
            continue;
        mailbox_publish(&o->mailbox); /* the slot is the asker's from now on */
        wake(o);
        rest(o, (clock_now() - began) * (1 / share - 1));
    }
    return NULL;
}

/* ---- building ---- */

static void init_lock(struct observer *o)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&o->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&o->lock, NULL);
    pthread_mutex_init(&o->held, NULL);
    mailbox_init(&o->mailbox);
}

static enum err allocate(struct observer *o, struct diag *diag)
{
    const struct net *net = o->options.net;
    size_t count = shape_count(net->in);
    bool all = (o->handed_x = mem_floats(count)) && (o->handed_other = mem_floats(count)) &&
               (o->sample.x = mem_floats(count)) && (o->other = mem_floats(count));
    for (int i = 0; i < MAILBOX_SLOTS; i++)
        all = all && (o->slot[i].sample.x = mem_floats(count));
    enum err err = all ? moment_init(&o->moment, net, diag) : diag_memory(diag, "the observer's images");
    if (!err && o->options.data)
        err = searcher_new(net, o->options.data, &o->searcher, diag);
    err = err ? err : probe_init(&o->probe, net, diag);
    o->probe.stop = outdated;
    o->probe.stop_arg = o;
    return err;
}

enum err observer_new(const struct observer_options *options, struct observer **out, struct diag *diag)
{
    const struct net *net = options->net;
    const struct dataset *data = options->data;
    assert(net && options->newest);
    if (data && !shape_equal(data->shape, net->in))
        return diag_fail(diag, ERR_SHAPE, NULL, 0, "the images of %s are %s, but the network's input is %s",
                         data->spec ? data->spec : "the data set", shape_text(data->shape).s,
                         shape_text(net->in).s);
    struct observer *o = calloc(1, sizeof *o);
    if (!o)
        return diag_memory(diag, "the observer");
    o->options = *options;
    o->finding.index = -1;
    init_lock(o);
    enum err err = allocate(o, diag);
    if (!err && !(o->started = thread_start(&o->thread, work, o)))
        err = diag_memory(diag, "the observer's thread");
    if (err) {
        observer_free(o);
        return err;
    }
    *out = o;
    return ERR_NONE;
}

void observer_free(struct observer *o)
{
    if (!o)
        return;
    if (o->started) {
        pthread_mutex_lock(&o->lock);
        o->quit = true;
        pthread_cond_signal(&o->changed);
        pthread_mutex_unlock(&o->lock);
        pthread_join(o->thread, NULL);
    }
    for (int i = 0; i < MAILBOX_SLOTS; i++) {
        for (int k = 0; k < QUESTIONS_MAX; k++)
            answer_fini(&o->slot[i].answer[k]);
        free(o->slot[i].sample.x);
    }
    probe_fini(&o->probe);
    searcher_free(o->searcher);
    moment_fini(&o->moment);
    free(o->sample.x);
    free(o->other);
    free(o->handed_x);
    free(o->handed_other);
    pthread_cond_destroy(&o->changed);
    pthread_mutex_destroy(&o->lock);
    pthread_mutex_destroy(&o->held);
    free(o);
}

/* ---- the asker ---- */

void observer_ask(struct observer *o, const struct inquiry *inquiry)
{
    const struct dataset *data = o->options.data;
    assert(inquiry->serial > 0 && inquiry->count >= 0 && inquiry->count <= QUESTIONS_MAX);
    assert(inquiry->own || (data && inquiry->index >= 0 && inquiry->index < data->count[inquiry->split]));
    (void)data;
    pthread_mutex_lock(&o->lock);
    o->handed = *inquiry;
    if (inquiry->own) {
        memcpy(o->handed_x, inquiry->own, image_bytes(o));
        o->handed.own = o->handed_x;
    }
    if (inquiry->other) {
        memcpy(o->handed_other, inquiry->other, image_bytes(o));
        o->handed.other = o->handed_other;
    }
    o->asked = true;
    pthread_cond_signal(&o->changed);
    pthread_mutex_unlock(&o->lock);
}

unsigned long observer_find(struct observer *o, const struct search *search)
{
    const struct dataset *data = o->options.data;
    assert(!search || (data && search->from >= 0 && search->from < data->count[search->split]));
    pthread_mutex_lock(&o->lock);
    if (search) {
        o->search = *search;
        o->finding = (struct finding){
            .serial = o->finding.serial + 1, .index = -1, .count = data->count[search->split]};
    } else {
        o->finding.done = true;
    }
    unsigned long serial = search ? o->finding.serial : 0;
    pthread_cond_signal(&o->changed);
    pthread_mutex_unlock(&o->lock);
    return serial;
}

struct finding observer_finding(struct observer *o)
{
    pthread_mutex_lock(&o->lock);
    struct finding finding = o->finding;
    pthread_mutex_unlock(&o->lock);
    return finding;
}

void observer_poke(struct observer *o)
{
    pthread_mutex_lock(&o->lock);
    o->poked = true;
    pthread_cond_signal(&o->changed);
    pthread_mutex_unlock(&o->lock);
}

const struct answers *observer_answers(struct observer *o)
{
    int index = mailbox_take(&o->mailbox);
    return index < 0 ? NULL : &o->slot[index];
}

long observer_weights(struct observer *o, struct weights *out)
{
    pthread_mutex_lock(&o->held);
    long step = o->has_moment ? o->moment.step : -1;
    if (step >= 0)
        weights_copy(out, &o->moment.weights);
    pthread_mutex_unlock(&o->held);
    return step;
}

const struct answer *answers_find(const struct answers *a, const struct question *q)
{
    for (int i = 0; i < a->count; i++)
        if (question_equal(&a->answer[i].question, q))
            return &a->answer[i];
    return NULL;
}
