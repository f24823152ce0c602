/**
 * A survey while moments come as fast as they can and the unit changes: every result is whole, about the unit that was asked for last or before, and the last
 * one is what a search of its own finds.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "nn/init.h"
#include "nn/model.h"
#include "observe/survey.h"
#include "toy.h"

enum { IMAGES = 300, ROUNDS = 40 };
static const double patience = 60; /* seconds */

static const char model[] = "input 1x12x12\nconv 3 3x3\nrelu\nmaxpool 2\nflatten\ndense 4\n";
static struct net *net;
static struct moment moment;
static struct survey *survey;
static atomic_bool stop;

static struct dataset data;

static void *trainer(void *arg)
{
    (void)arg;
    while (!atomic_load(&stop)) {
        moment.serial++;
        moment.step += 3;
        survey_offer(survey, &moment);
        sched_yield();
    }
    return NULL;
}

static bool ordered(const struct survey_result *r)
{
    long counted = 0;
    bool good = r->seen > 0 && r->seen <= r->total && r->total == IMAGES && r->found <= SURVEY_KEPT &&
                r->found > 0 && r->low <= r->high;
    for (int i = 0; i < SURVEY_BINS; i++)
        counted += r->histogram[i];
    for (int i = 1; i < r->found; i++)
        good = good && r->top[i - 1].value >= r->top[i].value && r->bottom[i - 1].value <= r->bottom[i].value;
    long favoured = 0;
    for (int i = 0; i < SURVEY_BINS; i++) {
        favoured += r->favoured[i];
        good = good && r->favoured[i] <= r->histogram[i];
    }
    bool known = false;
    for (int i = 0; i < r->found; i++)
        known |= r->top[i].label == r->favourite;
    return good && known && favoured > 0 && r->zeros <= r->seen && counted == r->seen &&
           r->top[0].value == r->high && r->bottom[0].value == r->low;
}

/* The result for this unit, whole. NULL: it didn't come, or one was wrong. */
static const struct survey_result *whole_result(struct unit unit)
{
    double until = clock_now() + patience;
    while (clock_now() < until) {
        const struct survey_result *r = survey_result(survey);
        if (r && !ordered(r))
            return NULL;
        if (r && r->seen == r->total && memcmp(&r->unit, &unit, sizeof unit) == 0)
            return r;
        sched_yield();
    }
    return NULL;
}

static bool as_alone(const struct survey_result *r)
{
    struct exciters *e = NULL;
    struct exciter top[SURVEY_KEPT], bottom[SURVEY_KEPT];
    int found = 0;
    if (exciters_new(net, &data, SPLIT_TEST, NULL, &e, NULL))
        return false;
    exciters_run(e, &moment.weights, r->unit, IMAGES, SURVEY_KEPT, NULL, top, bottom, &found);
    exciters_free(e);
    return found == r->found && memcmp(top, r->top, sizeof top) == 0 &&
           memcmp(bottom, r->bottom, sizeof bottom) == 0;
}

int main(void)
{
    pthread_t thread;
    struct diag diag = {0};
    data = toy_data((struct shape){1, 12, 12}, 4, 0, IMAGES);
    if (model_parse(model, "model", NULL, &net, &diag) || moment_init(&moment, net, &diag) ||
        survey_new(net, &data, SPLIT_TEST, NULL, NULL, &survey, &diag))
        return 1;
    init_weights(&moment.weights, net, INIT_HE, 3);
    if (pthread_create(&thread, NULL, trainer, NULL))
        return 1;
    int status = 0;
    for (int round = 0; round < ROUNDS && status == 0; round++) {
        struct unit unit = {round % 2 ? 4 : 0, round % 3, round % 2 ? 0 : round % 5 - 1, round % 2 ? 0 : 2};
        survey_ask(survey, (struct unit){0, 2, 0, 0}, SPLIT_TEST); /* changed at once */
        survey_ask(survey, unit, SPLIT_TEST);
        const struct survey_result *r = whole_result(unit);
        if (!r || !as_alone(r)) {
            fprintf(stderr, "round %d: %s\n", round, r ? "another list" : "no result, or a torn one");
            status = 1;
        }
    }
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    survey_free(survey);
    survey_free(NULL);
    moment_fini(&moment);
    net_free(net);
    return status;
}
