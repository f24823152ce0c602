#include "observe/ascent.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/mailbox.h"
#include "base/mem.h"
#include "train/tester.h"

enum { NICE = 10 };
static const double between = 0.1; /* seconds between two pictures */

struct ascent {
    const struct net *net;
    size_t count;
    void (*wake)(void *arg);
    void *arg;
    pthread_t thread;
    bool started;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* under the lock: */
    bool quit, hold, begun, turned, offered, has_weights;
    unsigned long serial;
    struct unit unit;
    struct maximise_options options;
    bool from_noise;
    float *start;
    struct weights newest;
    unsigned long newest_moment;
    long newest_step;
    /* the thread's: */
    struct maximiser *m;
    struct weights weights;
    unsigned long climbing; /* serial of the ascent under way */
    long step;
    int left; /* steps until it rests */
    /* between the two: */
    struct mailbox mailbox;
    struct ascent_result slot[MAILBOX_SLOTS];
};

static void publish(struct ascent *a)
{
    struct ascent_result *r = &a->slot[mailbox_back(&a->mailbox)];
    r->serial = a->climbing;
    r->unit = maximise_unit(a->m);
    r->step = a->step;
    r->resting = a->left == 0;
    r->norm = maximise_norm(a->m);
    r->frames = maximise_frames(a->m);
    for (int i = 0; i < r->frames; i++) {
        float *picture = r->pictures + (size_t)i * a->count;
        r->frame[i] = maximise_frame(a->m, i);
        memcpy(picture, r->frame[i].picture, a->count * sizeof *picture);
        r->frame[i].picture = picture;
    }
    r->points = maximise_curve(a->m, r->curve);
    for (int i = 0; i < r->points; i++)
        r->curve[i].picture = NULL;
    mailbox_publish(&a->mailbox);
    if (a->wake)
        a->wake(a->arg);
}

static bool may_climb(const struct ascent *a)
{
    return a->has_weights && (a->begun || a->turned || (a->climbing > 0 && a->left > 0 && !a->hold));
}

/* Waits until there is something to climb, and takes over what was told. @return false: the end */
static bool wait_for_work(struct ascent *a)
{
    pthread_mutex_lock(&a->lock);
    while (!a->quit && !may_climb(a))
        pthread_cond_wait(&a->changed, &a->lock);
    bool going = !a->quit;
    if (going && a->offered) {
        weights_copy(&a->weights, &a->newest);
        a->step = a->newest_step;
        a->offered = false;
    }
    if (going && a->begun) {
        maximise_begin(a->m, &a->options, a->unit, a->from_noise ? NULL : a->start);
        a->climbing = a->serial;
    } else if (going && a->turned) {
        maximise_change(a->m, &a->options);
    }
    if (going && (a->begun || a->turned))
        a->left = ASCENT_STEPS;
    a->begun = a->turned = false;
    pthread_mutex_unlock(&a->lock);
    return going;
}

static bool disturbed(struct ascent *a)
{
    pthread_mutex_lock(&a->lock);
    bool yes = a->quit || a->begun || a->turned || a->hold;
    pthread_mutex_unlock(&a->lock);
    return yes;
}

static void *work(void *arg)
{
    struct ascent *a = arg;
#ifdef __linux__
    setpriority(PRIO_PROCESS, 0, NICE); /* there, 0 is this thread alone */
#endif
    while (wait_for_work(a)) {
        double until = clock_now() + between;
        maximise_more(a->m, &a->weights, 0);
        while (a->left > 0 && clock_now() < until && !disturbed(a)) {
            maximise_more(a->m, &a->weights, 1);
            a->left--;
        }
        publish(a);
    }
    return NULL;
}

enum err ascent_new(const struct net *net, void (*wake)(void *arg), void *arg, struct ascent **out,
                    struct diag *diag)
{
    struct ascent *a = calloc(1, sizeof *a);
    if (!a)
        return diag_memory(diag, "gradient ascent");
    *a = (struct ascent){.net = net, .count = shape_count(net->in), .wake = wake, .arg = arg};
    mailbox_init(&a->mailbox);
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->changed, NULL);
    enum err err = weights_init(&a->weights, net, diag);
    if (!err)
        err = weights_init(&a->newest, net, diag);
    if (!err)
        err = maximise_new(net, ASCENT_FRAMES, &a->m, diag);
    a->start = mem_floats(a->count);
    bool room = a->start != NULL;
    for (int i = 0; i < MAILBOX_SLOTS; i++)
        room &= (a->slot[i].pictures = mem_floats(ASCENT_FRAMES * a->count)) != NULL;
    if (!err && !room)
        err = diag_memory(diag, "gradient ascent");
    if (!err && !(a->started = train_thread(&a->thread, work, a)))
        err = diag_fail(diag, ERR_MEMORY, NULL, 0, "no thread could be started for gradient ascent");
    if (err) {
        ascent_free(a);
        return err;
    }
    *out = a;
    return ERR_NONE;
}

void ascent_free(struct ascent *a)
{
    if (!a)
        return;
    pthread_mutex_lock(&a->lock);
    a->quit = true;
    pthread_cond_signal(&a->changed);
    pthread_mutex_unlock(&a->lock);
    if (a->started)
        pthread_join(a->thread, NULL);
    maximise_free(a->m);
    weights_fini(&a->weights);
    weights_fini(&a->newest);
    for (int i = 0; i < MAILBOX_SLOTS; i++)
        free(a->slot[i].pictures);
    free(a->start);
    pthread_cond_destroy(&a->changed);
    pthread_mutex_destroy(&a->lock);
    free(a);
}

unsigned long ascent_begin(struct ascent *a, struct unit unit, const struct maximise_options *options,
                           const float *start)
{
    pthread_mutex_lock(&a->lock);
    a->unit = unit;
    a->options = *options;
    a->from_noise = !start;
    if (start)
        memcpy(a->start, start, a->count * sizeof *start);
    a->begun = true;
    unsigned long serial = ++a->serial;
    pthread_cond_signal(&a->changed);
    pthread_mutex_unlock(&a->lock);
    return serial;
}

void ascent_change(struct ascent *a, const struct maximise_options *options)
{
    pthread_mutex_lock(&a->lock);
    a->options = *options;
    a->turned = a->serial > 0;
    pthread_cond_signal(&a->changed);
    pthread_mutex_unlock(&a->lock);
}

void ascent_hold(struct ascent *a, bool hold)
{
    pthread_mutex_lock(&a->lock);
    a->hold = hold;
    pthread_cond_signal(&a->changed);
    pthread_mutex_unlock(&a->lock);
}

void ascent_offer(struct ascent *a, const struct moment *moment)
{
    pthread_mutex_lock(&a->lock);
    if (moment->serial != a->newest_moment) {
        weights_copy(&a->newest, &moment->weights);
        a->newest_moment = moment->serial;
        a->newest_step = moment->step;
        a->offered = a->has_weights = true;
        pthread_cond_signal(&a->changed);
    }
    pthread_mutex_unlock(&a->lock);
}

const struct ascent_result *ascent_result(struct ascent *a)
{
    int front = mailbox_take(&a->mailbox);
    return front < 0 ? NULL : &a->slot[front];
}
