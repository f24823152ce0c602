#include "observe/ascent.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "observe/background.h"

static const double between = 0.1; /* seconds between two pictures */

struct ascent {
    size_t count;
    struct background background;
    /* under its lock: */
    bool hold, begun, turned;
    unsigned long serial;
    struct unit unit;
    struct maximise_options options;
    bool from_noise;
    float *start;
    /* the thread's: */
    struct maximiser *m;
    unsigned long climbing; /* serial of the ascent under way */
    long step;
    int left; /* steps until it rests */
    struct ascent_result slot[MAILBOX_SLOTS];
};

static void publish(struct ascent *a)
{
    struct ascent_result *r = &a->slot[mailbox_back(&a->background.mailbox)];
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
    background_publish(&a->background);
}

static bool may_climb(const struct ascent *a)
{
    return a->background.moment > 0 &&
           (a->begun || a->turned || (a->climbing > 0 && (a->left > 0 || a->background.offered) && !a->hold));
}

/* Waits until there is something to climb, and takes over what was told. @return false: the end */
static bool wait_for_work(struct ascent *a)
{
    struct background *b = &a->background;
    pthread_mutex_lock(&b->lock);
    while (!b->quit && !may_climb(a))
        pthread_cond_wait(&b->changed, &b->lock);
    bool going = !b->quit;
    if (going && background_take(b)) {
        a->step = b->step;
        a->left = a->left < ASCENT_FRESH ? ASCENT_FRESH : a->left;
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
    pthread_mutex_unlock(&b->lock);
    return going;
}

static bool disturbed(struct ascent *a)
{
    pthread_mutex_lock(&a->background.lock);
    bool yes = a->background.quit || a->begun || a->turned || a->hold;
    pthread_mutex_unlock(&a->background.lock);
    return yes;
}

static void *work(void *arg)
{
    struct ascent *a = arg;
    thread_lower_priority();
    while (wait_for_work(a)) {
        double until = clock_now() + between;
        maximise_more(a->m, &a->background.weights, 0);
        while (a->left > 0 && clock_now() < until && !disturbed(a)) {
            maximise_more(a->m, &a->background.weights, 1);
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
    a->count = shape_count(net->in);
    enum err err = background_init(&a->background, net, wake, arg, diag);
    if (!err)
        err = maximise_new(net, ASCENT_FRAMES, &a->m, diag);
    a->start = mem_floats(a->count);
    bool room = a->start != NULL;
    for (int i = 0; i < MAILBOX_SLOTS; i++)
        room &= (a->slot[i].pictures = mem_floats(ASCENT_FRAMES * a->count)) != NULL;
    if (!err && !room)
        err = diag_memory(diag, "gradient ascent");
    if (!err)
        err = background_start(&a->background, work, a, "gradient ascent", diag);
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
    background_stop(&a->background);
    maximise_free(a->m);
    for (int i = 0; i < MAILBOX_SLOTS; i++)
        free(a->slot[i].pictures);
    free(a->start);
    background_fini(&a->background);
    free(a);
}

unsigned long ascent_begin(struct ascent *a, struct unit unit, const struct maximise_options *options,
                           const float *start)
{
    pthread_mutex_lock(&a->background.lock);
    a->unit = unit;
    a->options = *options;
    a->from_noise = !start;
    if (start)
        memcpy(a->start, start, a->count * sizeof *start);
    a->begun = true;
    unsigned long serial = ++a->serial;
    pthread_cond_signal(&a->background.changed);
    pthread_mutex_unlock(&a->background.lock);
    return serial;
}

void ascent_change(struct ascent *a, const struct maximise_options *options)
{
    pthread_mutex_lock(&a->background.lock);
    a->options = *options;
    a->turned = a->serial > 0;
    pthread_cond_signal(&a->background.changed);
    pthread_mutex_unlock(&a->background.lock);
}

void ascent_hold(struct ascent *a, bool hold)
{
    pthread_mutex_lock(&a->background.lock);
    a->hold = hold;
    pthread_cond_signal(&a->background.changed);
    pthread_mutex_unlock(&a->background.lock);
}

void ascent_offer(struct ascent *a, const struct moment *moment)
{
    background_offer(&a->background, moment);
}

const struct ascent_result *ascent_result(struct ascent *a)
{
    int front = mailbox_take(&a->background.mailbox);
    return front < 0 ? NULL : &a->slot[front];
}
