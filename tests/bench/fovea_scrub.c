/**
 * How long it takes to look at a moment of the past, and whether it is the right one. Prints one JSON line.
 *
 *     fovea-scrub [-m MODEL] [-d DATA] [-o OPTIMIZER] [-n STEPS] [-k SEEKS] [-b MEGABYTES]
 *
 * Trains STEPS steps straight and notes a hash of the weights after each; then a trainer trains the same steps and is sent to SEEKS moments at random. Time
 * counts from the order to the moment that is published; every moment that comes must have the weights of its step, to the bit. `rss_mib` is the memory in use
 * after each quarter of the way.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/rng.h"
#include "nn/model.h"
#include "tensor/gemm.h"
#include "train/trainer.h"

enum { BATCH = 32, QUARTERS = 4 };

struct scrub {
    const char *model, *data_spec, *optimizer;
    long steps;
    int seeks;
    double megabytes;
    struct net *net;
    struct dataset *data;
    struct run_options options;
    uint64_t *hash; /* [steps + 1] */
    struct trainer *trainer;
    struct trainer_report report; /* newest; its curves are the trainer's */
    double *time;                 /* [seeks] seconds */
    double rss[QUARTERS];
};

static void fail(const char *sentence)
{
    fprintf(stderr, "fovea-scrub: %s\n", sentence);
    exit(1);
}

static double rss_mib(void)
{
    char line[128];
    long kib = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmRSS: %ld", &kib) == 1)
            break;
    if (status)
        fclose(status);
    return (double)kib / 1024;
}

/* FNV-1a over the bits of the weights. */
static uint64_t hash_of(const struct net *net, const struct weights *w)
{
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t i = 0; i < net->params + net->buffers; i++) {
        uint32_t bits;
        memcpy(&bits, i < net->params ? &w->params[i] : &w->buffers[i - net->params], sizeof bits);
        hash = (hash ^ bits) * 0x100000001b3;
    }
    return hash;
}

static void go_straight(struct scrub *s)
{
    struct run run;
    struct diag diag = {0};
    if (run_init(&run, s->net, s->data, NULL, &s->options, &diag))
        fail(diag.text);
    s->hash[0] = hash_of(s->net, &run.weights);
    while (run.step < s->steps) {
        if (run_step(&run, &diag))
            fail(diag.text);
        s->hash[run.step] = hash_of(s->net, &run.weights);
    }
    run_fini(&run);
}

static void wait_until(struct scrub *s, unsigned long obeyed, long step)
{
    for (;;) {
        const struct trainer_report *r = trainer_report(s->trainer);
        if (r)
            s->report = *r;
        if (s->report.state == TRAINER_FAILED)
            fail(s->report.diag.text);
        if (s->report.obeyed >= obeyed && (step < 0 || s->report.step == step))
            return;
        usleep(100);
    }
}

static void train(struct scrub *s)
{
    struct trainer_options to = {.paused = true, .timeline = (size_t)(s->megabytes * 1e6)};
    struct diag diag = {0};
    if (trainer_new(s->net, s->data, &s->options, &to, &s->trainer, &diag))
        fail(diag.text);
    for (int i = 0; i < QUARTERS; i++) {
        long to_step = s->steps * (i + 1) / QUARTERS, steps = to_step - s->steps * i / QUARTERS;
        wait_until(s, trainer_send(s->trainer, TRAINER_STEPS, (double)steps), to_step);
        s->rss[i] = rss_mib();
    }
}

static void look_back(struct scrub *s)
{
    struct rng rng;
    rng_init(&rng, 1);
    for (int i = 0; i < s->seeks; i++) {
        long step = (long)(rng_uniform(&rng) * (float)s->steps);
        double began = clock_now();
        wait_until(s, trainer_send(s->trainer, TRAINER_SCRUB, (double)step), -1);
        s->time[i] = clock_now() - began;
        const struct moment *m = trainer_moment(s->trainer);
        if (!m || m->step != s->report.step || hash_of(s->net, &m->weights) != s->hash[m->step])
            fail("a moment isn't that of the straight run");
    }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void read_options(struct scrub *s, int argc, char **argv)
{
    int letter;
    while ((letter = getopt(argc, argv, "m:d:o:n:k:b:")) != -1)
        switch (letter) {
        case 'm':
            s->model = optarg;
            break;
        case 'd':
            s->data_spec = optarg;
            break;
        case 'o':
            s->optimizer = optarg;
            break;
        case 'n':
            s->steps = atol(optarg);
            break;
        case 'k':
            s->seeks = atoi(optarg);
            break;
        case 'b':
            s->megabytes = atof(optarg);
            break;
        default:
            exit(2);
        }
    if (s->steps < QUARTERS || s->seeks < 1)
        fail("at least 4 steps and one seek");
}

int main(int argc, char **argv)
{
    struct scrub s = {.model = "lenet", .data_spec = "digits", .steps = 2000, .seeks = 200, .megabytes = 128};
    struct diag diag = {0};
    gemm_setup();
    read_options(&s, argc, argv);
    s.options = run_defaults();
    s.options.optimizer = s.optimizer;
    s.options.batch = BATCH;
    s.hash = calloc((size_t)s.steps + 1, sizeof *s.hash);
    s.time = calloc((size_t)s.seeks, sizeof *s.time);
    if (!s.hash || !s.time)
        fail("no memory");
    if (model_load(s.model, &s.net, &diag) || dataset_open(s.data_spec, s.options.seed, &s.data, &diag))
        fail(diag.text);
    go_straight(&s);
    train(&s);
    look_back(&s);
    qsort(s.time, (size_t)s.seeks, sizeof *s.time, by_size);
    printf("{\"model\": \"%s\", \"steps\": %ld, \"seeks\": %d, \"ms_median\": %.2f, \"ms_worst\": %.2f, "
           "\"budget_mb\": %.0f, \"rss_mib\": [%.1f, %.1f, %.1f, %.1f]}\n",
           s.model, s.steps, s.seeks, 1e3 * s.time[s.seeks / 2], 1e3 * s.time[s.seeks - 1], s.megabytes,
           s.rss[0], s.rss[1], s.rss[2], s.rss[3]);
    trainer_free(s.trainer);
    dataset_close(s.data);
    net_free(s.net);
    free(s.hash);
    free(s.time);
    return 0;
}
