#include "observe/survey.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/mailbox.h"
#include "train/tester.h"

enum { NICE = 10 };
static const double between = 0.1; /* seconds between two results of a pass that goes on */

struct survey {
    const struct net *net;
    const struct dataset *data;
    enum split split;
    void (*wake)(void *arg);
    void *arg;
    pthread_t thread;
    bool started;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* under the lock: */
    bool quit, asked, offered;
    struct unit wanted;
    struct weights newest;
    unsigned long newest_moment;
    long newest_step;
    /* the thread's: */
    struct exciters *exciters;
    struct weights weights;
    struct survey_result now;
    bool first; /* pass for this unit */
    /* between the two: */
    struct mailbox mailbox;
    struct survey_result slot[MAILBOX_SLOTS];
};

static void count_values(const struct exciters *e, struct survey_result *r)
{
    float low = INFINITY, high = -INFINITY;
    memset(r->histogram, 0, sizeof r->histogram);
    for (int i = 0; i < r->seen; i++) {
        float v = exciters_value(e, i);
        low = v < low ? v : low;
        high = v > high ? v : high;
    }
    bool some = low <= high && isfinite(low) && isfinite(high);
    r->low = some ? low : 0;
    r->high = some ? high : 0;
    for (int i = 0; i < r->seen && some; i++) {
        float v = exciters_value(e, i);
        int bin = high > low ? (int)((v - low) / (high - low) * SURVEY_BINS) : 0;
        if (!isnan(v))
            r->histogram[bin < 0 ? 0 : bin < SURVEY_BINS ? bin : SURVEY_BINS - 1]++;
    }
}

static void publish(struct survey *s)
{
    s->now.found = exciters_found(s->exciters);
    s->now.purity = exciters_purity(s->now.top, s->now.found);
    count_values(s->exciters, &s->now);
    s->slot[mailbox_back(&s->mailbox)] = s->now;
    mailbox_publish(&s->mailbox);
    if (s->wake)
        s->wake(s->arg);
}

/* Waits for a unit and weights that weren't surveyed together yet. @return false: the end */
static bool wait_for_work(struct survey *s)
{
    pthread_mutex_lock(&s->lock);
    bool has_weights = s->newest_moment > 0;
    while (!s->quit && !(has_weights && s->wanted.layer >= 0 && (s->asked || s->offered))) {
        pthread_cond_wait(&s->changed, &s->lock);
        has_weights = s->newest_moment > 0;
    }
    bool going = !s->quit;
    if (going) {
        if (s->offered)
            weights_copy(&s->weights, &s->newest);
        s->first = s->asked;
        s->asked = s->offered = false;
        s->now.unit = s->wanted;
        s->now.moment = s->newest_moment;
        s->now.step = s->newest_step;
    }
    pthread_mutex_unlock(&s->lock);
    return going;
}

static bool disturbed(struct survey *s)
{
    pthread_mutex_lock(&s->lock);
    bool yes = s->quit || s->asked;
    pthread_mutex_unlock(&s->lock);
    return yes;
}

static void *work(void *arg)
{
    struct survey *s = arg;
    int total = s->data->count[s->split];
#ifdef __linux__
    setpriority(PRIO_PROCESS, 0, NICE); /* there, 0 is this thread alone */
#endif
    while (wait_for_work(s)) {
        double told = clock_now();
        s->now.split = s->split;
        s->now.seen = 0;
        s->now.total = total;
        exciters_begin(s->exciters, s->now.unit, SURVEY_KEPT, s->now.top, s->now.bottom);
        while (s->now.seen < total && !disturbed(s)) {
            s->now.seen = exciters_more(s->exciters, &s->weights, total);
            bool whole = s->now.seen == total;
            if (whole || (s->first && clock_now() - told > between)) {
                publish(s);
                told = clock_now();
            }
        }
    }
    return NULL;
}

enum err survey_new(const struct net *net, const struct dataset *data, enum split split,
                    void (*wake)(void *arg), void *arg, struct survey **out, struct diag *diag)
{
    struct survey *s = calloc(1, sizeof *s);
    if (!s)
        return diag_memory(diag, "a survey of the data");
    *s = (struct survey){.net = net, .data = data, .split = split, .wake = wake, .arg = arg};
    s->wanted.layer = -1;
    mailbox_init(&s->mailbox);
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    enum err err = weights_init(&s->weights, net, diag);
    if (!err)
        err = weights_init(&s->newest, net, diag);
    if (!err)
        err = exciters_new(net, data, split, NULL, &s->exciters, diag);
    if (!err && !(s->started = train_thread(&s->thread, work, s)))
        err = diag_fail(diag, ERR_MEMORY, NULL, 0, "no thread could be started for the survey of the data");
    if (err) {
        survey_free(s);
        return err;
    }
    *out = s;
    return ERR_NONE;
}

void survey_free(struct survey *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->quit = true;
    pthread_cond_signal(&s->changed);
    pthread_mutex_unlock(&s->lock);
    if (s->started)
        pthread_join(s->thread, NULL);
    exciters_free(s->exciters);
    weights_fini(&s->weights);
    weights_fini(&s->newest);
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

void survey_ask(struct survey *s, struct unit unit)
{
    pthread_mutex_lock(&s->lock);
    s->wanted = unit;
    s->asked = true;
    pthread_cond_signal(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

void survey_offer(struct survey *s, const struct moment *moment)
{
    pthread_mutex_lock(&s->lock);
    if (moment->serial != s->newest_moment) {
        weights_copy(&s->newest, &moment->weights);
        s->newest_moment = moment->serial;
        s->newest_step = moment->step;
        s->offered = true;
        pthread_cond_signal(&s->changed);
    }
    pthread_mutex_unlock(&s->lock);
}

const struct survey_result *survey_result(struct survey *s)
{
    int front = mailbox_take(&s->mailbox);
    return front < 0 ? NULL : &s->slot[front];
}
