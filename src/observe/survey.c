#include "observe/survey.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/thread.h"
#include "observe/background.h"

static const double between = 0.1; /* seconds between two results of a pass that goes on */

struct survey {
    const struct dataset *data;
    enum split split;
    struct background background;
    /* under its lock: */
    bool asked;
    struct unit wanted;
    enum split among;
    /* the thread's: */
    struct exciters *exciters;
    struct survey_result now;
    bool first; /* pass for this unit */
    struct survey_result slot[MAILBOX_SLOTS];
};

int survey_bin(float value, float low, float high)
{
    int bin = high > low ? (int)((value - low) / (high - low) * SURVEY_BINS) : 0;
    return bin < 0 ? 0 : bin < SURVEY_BINS ? bin : SURVEY_BINS - 1;
}

/* The class that most of the list are of; of equals the one that stands first. */
static int favourite(const struct exciter *list, int found)
{
    int best = -1, most = 0;
    for (int i = 0; i < found; i++) {
        int same = 0;
        for (int j = 0; j < found; j++)
            same += list[j].label == list[i].label;
        if (same > most)
            most = same, best = list[i].label;
    }
    return best;
}

static void count_values(const struct exciters *e, struct survey_result *r)
{
    float low = INFINITY, high = -INFINITY;
    memset(r->histogram, 0, sizeof r->histogram);
    memset(r->favoured, 0, sizeof r->favoured);
    r->zeros = r->favoured_zeros = 0;
    r->favourite = favourite(r->top, r->found);
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
        if (isnan(v))
            continue;
        int bin = survey_bin(v, low, high);
        r->zeros += v == 0;
        r->histogram[bin]++;
        if (exciters_label(e, i) != r->favourite)
            continue;
        r->favoured[bin]++;
        r->favoured_zeros += v == 0;
    }
}

static void publish(struct survey *s)
{
    s->now.found = exciters_found(s->exciters);
    s->now.purity = exciters_purity(s->now.top, s->now.found);
    count_values(s->exciters, &s->now);
    s->slot[mailbox_back(&s->background.mailbox)] = s->now;
    background_publish(&s->background);
}

/* Waits for a unit and weights that weren't surveyed together yet. @return false: the end */
static bool wait_for_work(struct survey *s)
{
    struct background *b = &s->background;
    pthread_mutex_lock(&b->lock);
    while (!b->quit && !(b->moment > 0 && s->wanted.layer >= 0 && (s->asked || b->offered)))
        pthread_cond_wait(&b->changed, &b->lock);
    bool going = !b->quit;
    if (going) {
        background_take(b);
        s->first = s->asked;
        s->asked = false;
        s->now.unit = s->wanted;
        s->split = s->among;
        s->now.moment = b->moment;
        s->now.step = b->step;
    }
    pthread_mutex_unlock(&b->lock);
    return going;
}

static bool disturbed(struct survey *s)
{
    pthread_mutex_lock(&s->background.lock);
    bool yes = s->background.quit || s->asked;
    pthread_mutex_unlock(&s->background.lock);
    return yes;
}

static void *work(void *arg)
{
    struct survey *s = arg;
    thread_lower_priority();
    while (wait_for_work(s)) {
        double told = clock_now();
        int total = s->data->count[s->split];
        exciters_take_from(s->exciters, s->split);
        s->now.split = s->split;
        s->now.seen = 0;
        s->now.total = total;
        exciters_begin(s->exciters, s->now.unit, SURVEY_KEPT, s->now.top, s->now.bottom);
        while (s->now.seen < total && !disturbed(s)) {
            s->now.seen = exciters_more(s->exciters, &s->background.weights, total);
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
    *s = (struct survey){.data = data, .split = split, .among = split};
    s->wanted.layer = -1;
    enum err err = background_init(&s->background, net, wake, arg, diag);
    if (!err)
        err = exciters_new(net, data, split, NULL, &s->exciters, diag);
    if (!err)
        err = background_start(&s->background, work, s, "the survey of the data", diag);
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
    background_stop(&s->background);
    exciters_free(s->exciters);
    background_fini(&s->background);
    free(s);
}

void survey_ask(struct survey *s, struct unit unit, enum split split)
{
    pthread_mutex_lock(&s->background.lock);
    s->wanted = unit;
    s->among = split;
    s->asked = true;
    pthread_cond_signal(&s->background.changed);
    pthread_mutex_unlock(&s->background.lock);
}

void survey_offer(struct survey *s, const struct moment *moment)
{
    background_offer(&s->background, moment);
}

const struct survey_result *survey_result(struct survey *s)
{
    int front = mailbox_take(&s->background.mailbox);
    return front < 0 ? NULL : &s->slot[front];
}
