/**
 * A trainer under fire, for ThreadSanitizer: one thread sends orders without a pause, another reads moments, a third reads reports. Every moment that
 * is read must be whole (the same serial, step and numbers as when it was taken), and every report must fit together.
 */
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/rng.h"
#include "nn/model.h"
#include "tensor/gemm.h"
#include "toy.h"
#include "train/trainer.h"

static const char model[] =
    "input 1x8x8\nconv 4 3x3\nbatchnorm\nrelu\nmaxpool 2\nflatten\ndropout 0.2\ndense 4\n";

static struct trainer *trainer;
static struct trainer_race race;
static atomic_bool over, bad;
static atomic_int wakes;
static atomic_ulong obeyed;

static void wake(void *arg)
{
    (void)arg;
    atomic_fetch_add(&wakes, 1);
}

static void complain(const char *what)
{
    fprintf(stderr, "%s\n", what);
    atomic_store(&bad, true);
}

static double sum(const struct moment *m)
{
    double sum = 0;
    for (size_t i = 0; i < m->net->params; i++)
        sum += (double)m->weights.params[i] + (double)m->grads[i];
    return sum;
}

static void *read_moments(void *arg)
{
    unsigned long serial = 0;
    (void)arg;
    while (!atomic_load(&over)) {
        const struct moment *m = trainer_moment(trainer);
        if (!m)
            continue;
        if (m->serial <= serial)
            complain("a moment came twice or out of order");
        serial = m->serial;
        double before = sum(m);
        usleep(200);
        if (memcmp(&before, &(double){sum(m)}, sizeof before) != 0 || m->serial != serial)
            complain("a moment changed while it was read");
        if (m->step > 0 && !isfinite(m->loss))
            complain("a moment without a loss");
    }
    return NULL;
}

static void *read_reports(void *arg)
{
    (void)arg;
    while (!atomic_load(&over)) {
        const struct trainer_report *r = trainer_report(trainer);
        if (!r)
            continue;
        atomic_store(&obeyed, r->obeyed);
        const struct series *s = &r->history.series[HISTORY_TRAIN_LOSS];
        if (r->step > r->furthest || r->step < r->first)
            complain("a report beyond the furthest step, or before the first");
        if (s->count > 0 && s->point[s->count - 1].last > r->furthest)
            complain("a curve beyond the furthest step");
        for (int i = 1; i < s->count; i++)
            if (s->point[i].first <= s->point[i - 1].last)
                complain("a curve goes back in time");
        if (r->state == TRAINER_FAILED)
            complain(r->diag.text);
    }
    return NULL;
}

static void send_orders(double seconds)
{
    struct rng rng;
    double end = clock_now() + seconds;
    rng_init(&rng, 1);
    while (clock_now() < end) {
        enum trainer_order order = (enum trainer_order)rng_below(&rng, TRAINER_HAND_OVER);
        double value = order == TRAINER_STEPS           ? 1 + rng_below(&rng, 20)
                       : order == TRAINER_RATE          ? 0.001 * (1 + rng_below(&rng, 20))
                       : order == TRAINER_SPEED         ? 200 * rng_below(&rng, 5)
                       : order == TRAINER_PHASE         ? 1 + rng_below(&rng, 3)
                       : order == TRAINER_STOP_ACCURACY ? 0.01 * rng_below(&rng, 100)
                                                        : rng_below(&rng, 200);
        if (order == TRAINER_RESET && rng_below(&rng, 10) > 0)
            order = TRAINER_GO;
        trainer_send(trainer, order, value);
        if (rng_below(&rng, 3) > 0)
            usleep(rng_below(&rng, 5000));
    }
}

/* Takes over from the trainer while it works, and runs beside it for a while. */
static int fork_off(const struct dataset *data, const struct run_options *run)
{
    struct fork fork;
    struct net *net = NULL;
    struct trainer *other = NULL;
    struct diag diag = {0};
    unsigned long number = trainer_send(trainer, TRAINER_HAND_OVER, 0);
    double end = clock_now() + 10;
    while (atomic_load(&obeyed) < number && clock_now() < end)
        usleep(100);
    struct trainer_options to = {.from = trainer_handover(trainer), .fork = &fork, .timeline = 1 << 18};
    to.race = &race;
    to.lane = 1;
    if (!to.from || fork_parse("dropout=0.4", &fork, &diag) || fork_net(&fork, to.from->net, &net, &diag) ||
        trainer_new(net, data, run, &to, &other, &diag)) {
        fprintf(stderr, "%s\n", diag.text);
        return 1;
    }
    trainer_send(trainer, TRAINER_GO, 0);
    usleep(50000);
    trainer_send(trainer, TRAINER_SEEK, 10);
    usleep(20000);
    trainer_free(other);
    net_free(net);
    return 0;
}

static int drive(int threads, size_t timeline)
{
    struct dataset data = toy_data((struct shape){1, 8, 8}, 4, 203, 90);
    struct run_options run = run_defaults();
    struct trainer_options options = {
        .threads = threads, .test_every = 3, .timeline = timeline, .wake = wake, .race = &race};
    trainer_race_init(&race);
    atomic_store(&obeyed, 0);
    struct net *net = NULL;
    struct diag diag = {0};
    pthread_t moments, reports;
    run.batch = 24;
    atomic_store(&over, false);
    if (model_parse(model, "model", NULL, &net, &diag) ||
        trainer_new(net, &data, &run, &options, &trainer, &diag)) {
        fprintf(stderr, "%s\n", diag.text);
        return 1;
    }
    if (pthread_create(&moments, NULL, read_moments, NULL) ||
        pthread_create(&reports, NULL, read_reports, NULL))
        return 1;
    int failed = 0;
    for (int i = 0; i < 3 && !failed; i++) {
        send_orders(0.4);
        failed = fork_off(&data, &run);
    }
    atomic_store(&over, true);
    pthread_join(moments, NULL);
    pthread_join(reports, NULL);
    double start = clock_now();
    trainer_free(trainer);
    if (clock_now() - start > 2)
        complain("freeing took long");
    net_free(net);
    return failed;
}

int main(void)
{
    gemm_setup();
    int failed = drive(1, 0) || drive(1, 64 << 10) || drive(2, 1 << 20);
    if (atomic_load(&wakes) == 0)
        complain("nobody was woken");
    return failed || atomic_load(&bad);
}
