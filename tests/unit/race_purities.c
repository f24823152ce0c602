/** Purities while moments come as fast as they can and it is wanted and not wanted in turns: every result is whole, and the last one is what a measurement of its own gives. */
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/clock.h"
#include "nn/init.h"
#include "nn/model.h"
#include "observe/purities.h"
#include "toy.h"

enum { IMAGES = 300, ROUNDS = 30 };
static const double patience = 60; /* seconds */

static const char model[] = "input 1x12x12\nconv 3 3x3\nrelu\nmaxpool 2\nflatten\ndense 4\n";
static struct net *net;
static struct moment moment;
static struct purities *purities;
static atomic_bool stop;

static struct dataset data;

static void *trainer(void *arg)
{
    (void)arg;
    while (!atomic_load(&stop)) {
        moment.serial++;
        moment.step += 3;
        purities_offer(purities, &moment);
        sched_yield();
    }
    return NULL;
}

static bool whole(const struct purities_result *r)
{
    bool good = r->seen > 0 && r->seen <= r->total && r->total == IMAGES && r->layers == 2 && r->moment > 0 &&
                r->step >= 3 && r->chance > 0.25 && r->chance < 1;
    for (int i = 0; i < r->layers && good; i++)
        good = r->layer[i].units > r->layer[i].silent && r->layer[i].low <= r->layer[i].purity &&
               r->layer[i].purity <= r->layer[i].high;
    return good;
}

/* The next result about all images. NULL: it didn't come, or one was wrong. */
static const struct purities_result *next_result(void)
{
    double until = clock_now() + patience;
    while (clock_now() < until) {
        const struct purities_result *r = purities_result(purities);
        if (r && !whole(r))
            return NULL;
        if (r && r->seen == r->total)
            return r;
        sched_yield();
    }
    return NULL;
}

static bool as_alone(const struct purities_result *r)
{
    struct purity *p = NULL;
    bool good = !purity_new(net, &data, SPLIT_TEST, &p, NULL);
    if (!good)
        return false;
    purity_begin(p);
    while (purity_more(p, &moment.weights) < IMAGES)
        ;
    for (int i = 0; i < r->layers; i++)
        good = good && fabs(purity_layer(p, i).purity - r->layer[i].purity) < 1e-12;
    purity_free(p);
    return good;
}

int main(void)
{
    pthread_t thread;
    struct diag diag = {0};
    data = toy_data((struct shape){1, 12, 12}, 4, 0, IMAGES);
    if (model_parse(model, "model", NULL, &net, &diag) || moment_init(&moment, net, &diag) ||
        purities_new(net, &data, SPLIT_TEST, NULL, NULL, &purities, &diag))
        return 1;
    init_weights(&moment.weights, net, INIT_HE, 3);
    if (pthread_create(&thread, NULL, trainer, NULL))
        return 1;
    int status = 0;
    for (int round = 0; round < ROUNDS && status == 0; round++) {
        purities_want(purities, false);
        sched_yield();
        purities_want(purities, true);
        const struct purities_result *r = next_result();
        if (!r || !as_alone(r)) {
            fprintf(stderr, "round %d: %s\n", round, r ? "another purity" : "no result, or a torn one");
            status = 1;
        }
    }
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    purities_free(purities);
    purities_free(NULL);
    moment_fini(&moment);
    net_free(net);
    return status;
}
