/**
 * A sweep while weights come as fast as they can, tasks change, threads change, and networks come and go: every result is whole, and the last one counts what a
 * sweep of its own counts.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "nn/init.h"
#include "nn/model.h"
#include "observe/sweep.h"
#include "toy.h"

enum { IMAGES = 60, ROUNDS = 12 };
static const double patience = 60; /* seconds */

static const char model[] = "input 1x8x8\nconv 3 3x3\nrelu\nflatten\ndense 4\n";
static struct net *net;
static struct weights weights;
static struct sweep *sweep;
static atomic_bool stop;
static atomic_ulong moment;

static struct dataset data;

static void *trainer(void *arg)
{
    (void)arg;
    while (!atomic_load(&stop)) {
        unsigned long now = atomic_fetch_add(&moment, 1) + 1;
        sweep_offer(sweep, 0, net, &weights, now, (long)now);
        sched_yield();
    }
    return NULL;
}

static bool whole(const struct sweep_result *r)
{
    const struct sweep_curve *c = &r->curve[0];
    bool good = c->seen <= c->total && c->total <= IMAGES && r->grid.done <= r->grid.rows;
    for (int e = 0; e < SWEEP_EPSILONS; e++)
        good = good && c->attack[e] >= 0 && c->attack[e] <= c->seen && c->noise[e] <= c->seen;
    return good && (c->seen == 0 || c->attack[0] == c->noise[0]);
}

/* NULL: it didn't come, or one was wrong. */
static const struct sweep_result *result_of(unsigned long asked, bool at_rest)
{
    const struct sweep_result *last = NULL;
    double until = clock_now() + patience;
    while (clock_now() < until) {
        const struct sweep_result *r = sweep_result(sweep);
        if (r && !whole(r))
            return NULL;
        last = r ? r : last;
        if (last &&
            (at_rest ? sweep_rests(sweep, last) : last->asked == asked && last->curve[0].seen == IMAGES))
            return last;
        sched_yield();
    }
    return NULL;
}

int main(void)
{
    struct sweep_task task = {.options = {.eps = 0.1f, .iterations = 2}, .images = IMAGES};
    struct diag diag = {0};
    pthread_t thread;
    int status = 0, counted = -1;
    data = toy_data((struct shape){1, 8, 8}, 4, 0, IMAGES);
    if (model_parse(model, "model", NULL, &net, &diag) || weights_init(&weights, net, &diag) ||
        sweep_new(&data, SPLIT_TEST, NULL, NULL, &sweep, &diag) || sweep_enter(sweep, 0, net, &diag))
        return 1;
    init_weights(&weights, net, INIT_HE, 3);
    if (pthread_create(&thread, NULL, trainer, NULL))
        return 1;
    for (int round = 0; round < ROUNDS && status == 0; round++) {
        task.type = attack_find("fgsm");
        sweep_ask(sweep, &task); /* changed at once */
        task.type = attack_find(round % 2 ? "pgd" : "mifgsm");
        unsigned long asked = sweep_ask(sweep, &task);
        sweep_threads(sweep, 1 + round % 3);
        if (round % 4 == 3)
            status = sweep_enter(sweep, 1, round % 8 == 3 ? net : NULL, NULL) != ERR_NONE;
        sweep_run(sweep, false);
        sweep_run(sweep, true);
        const struct sweep_result *r = result_of(asked, false);
        if (!r) {
            fprintf(stderr, "round %d: no result, or a torn one\n", round);
            status = 1;
        } else if (round == 1) {
            counted = r->curve[0].attack[5];
        } else if (round % 2 && r->curve[0].attack[5] != counted) {
            fprintf(stderr, "round %d: %d are right, not %d\n", round, r->curve[0].attack[5], counted);
            status = 1;
        }
    }
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    if (status == 0 && !result_of(0, true)) {
        fprintf(stderr, "it never came to rest\n");
        status = 1;
    }
    sweep_free(sweep);
    sweep_free(NULL);
    weights_fini(&weights);
    net_free(net);
    return status;
}
