/**
 * An ascent while moments come as fast as they can and it is begun anew and turned: every result is whole and about an ascent that was asked for; with resting weights the
 * last one is what an ascent of one's own reaches.
 */
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "nn/init.h"
#include "nn/model.h"
#include "observe/ascent.h"

enum { ROUNDS = 20, PIXELS = 144 };
static const double patience = 60; /* seconds */

static const char model[] = "input 1x12x12\nconv 3 3x3\ntanh\nmaxpool 2\nflatten\ndense 4\n";
static struct net *net;
static struct moment moment;
static struct ascent *ascent;
static struct maximiser *own;
static atomic_bool stop;

static void *trainer(void *arg)
{
    (void)arg;
    while (!atomic_load(&stop)) {
        moment.serial++;
        moment.step += 3;
        ascent_offer(ascent, &moment);
        sched_yield();
    }
    return NULL;
}

static bool whole(const struct ascent_result *r)
{
    bool good = r->frames >= 1 && r->frames <= ASCENT_FRAMES && r->points >= 1 &&
                r->points <= MAXIMISE_CURVE && r->frame[0].step == 0 &&
                r->curve[r->points - 1].step == r->frame[r->frames - 1].step;
    for (int i = 0; i < r->frames && good; i++)
        for (int p = 0; p < PIXELS; p++)
            good = good && r->frame[i].picture[p] >= 0 && r->frame[i].picture[p] <= 1;
    for (int i = 1; i < r->frames; i++)
        good = good && r->frame[i].step > r->frame[i - 1].step;
    return good;
}

static const struct ascent_result *resting_result(unsigned long serial)
{
    double until = clock_now() + patience;
    while (clock_now() < until) {
        const struct ascent_result *r = ascent_result(ascent);
        if (r && !whole(r))
            return NULL;
        if (r && r->serial == serial && r->resting)
            return r;
        sched_yield();
    }
    return NULL;
}

static bool as_alone(const struct ascent_result *r, struct unit unit, const struct maximise_options *o,
                     const float *start)
{
    const struct maximise_frame *last = &r->frame[r->frames - 1];
    maximise_begin(own, o, unit, start);
    maximise_more(own, &moment.weights, last->step);
    return last->step >= ASCENT_STEPS && /* more where other weights came meanwhile */
           memcmp(last->picture, maximise_picture(own), PIXELS * sizeof(float)) == 0 &&
           last->activation == maximise_activation(own) && r->norm == maximise_norm(own);
}

int main(void)
{
    pthread_t thread;
    struct diag diag = {0};
    float start[PIXELS];
    if (model_parse(model, "model", NULL, &net, &diag) || moment_init(&moment, net, &diag) ||
        maximise_new(net, ASCENT_FRAMES, &own, &diag) || ascent_new(net, NULL, NULL, &ascent, &diag))
        return 1;
    init_weights(&moment.weights, net, INIT_HE, 3);
    for (int i = 0; i < PIXELS; i++)
        start[i] = (float)(i % 7) / 7;
    if (pthread_create(&thread, NULL, trainer, NULL))
        return 1;
    int status = 0;
    for (int round = 0; round < ROUNDS && status == 0; round++) {
        struct unit unit = {round % 2 ? 4 : 0, round % 3, round % 2 ? 0 : -1, round % 2 ? 0 : -1};
        struct maximise_options o = {.jitter = round % 3, .decay = 0.01f, .seed = (uint64_t)round};
        ascent_begin(ascent, (struct unit){0, 2, 0, 0}, &o, NULL); /* changed at once */
        ascent_change(ascent, &(struct maximise_options){.blur = 1});
        ascent_hold(ascent, true);
        unsigned long serial = ascent_begin(ascent, unit, &o, round % 4 < 2 ? NULL : start);
        ascent_hold(ascent, false);
        const struct ascent_result *r = resting_result(serial);
        if (!r || !as_alone(r, unit, &o, round % 4 < 2 ? NULL : start)) {
            fprintf(stderr, "round %d: %s\n", round, r ? "another picture" : "no result, or a torn one");
            status = 1;
        }
    }
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    ascent_free(ascent);
    ascent_free(NULL);
    maximise_free(own);
    moment_fini(&moment);
    net_free(net);
    return status;
}
