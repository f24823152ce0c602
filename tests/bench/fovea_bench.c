/**
 * One row of the benchmark: a whole step, again and again, on random data in memory. Prints one JSON line.
 *
 *     fovea-bench WORKLOAD [-t THREADS] [-b BATCH] [-m train|infer|fgsm|pgd] [-s SECONDS]
 *
 * WORKLOAD  a built-in model (with or without the dash in its name) or a model file; or sgemm: what the processor's matrix product reaches, in GFLOP/s
 * train     forward, loss, backward, SGD with momentum 0.9
 * infer     forward alone
 * fgsm      forward, backward to the image, one signed step on the image
 * pgd       the attack of 10 such steps, epsilon 0.1
 *
 * reference.py takes the same words and prints the same fields; `table` puts the two side by side. -s 0 stops after the first step.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "attack/attack.h"
#include "base/asset.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/text.h"
#include "nn/init.h"
#include "nn/model.h"
#include "nn/pass.h"
#include "tensor/gemm.h"
#include "train/optimizer.h"

enum { MOST_STEPS = 1 << 20 };

struct bench {
    const char *workload, *mode;
    int threads, batch;
    double seconds, began;

    struct net *net;
    struct weights weights;
    struct pass *pass;
    struct team *team;
    struct optimizer optimizer;
    float *x, *grads, *dx, *adv; /* adv: of pgd; dx is its scratch */
    int *label;
    double *time; /* [MOST_STEPS] seconds of each step */
    int steps;
    double wall, cpu, first;
};

static void fail(const char *sentence)
{
    fprintf(stderr, "fovea-bench: %s\n", sentence);
    exit(1);
}

static double cpu_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* getrusage() would count the process that started this one, so the kernel's own line first. */
static long peak_kib(void)
{
    struct rusage usage;
    char line[128];
    long kib = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %ld", &kib) == 1)
            break;
    if (status)
        fclose(status);
    if (kib == 0 && getrusage(RUSAGE_SELF, &usage) == 0)
        kib = usage.ru_maxrss;
    return kib;
}

static bool is_mode(const struct bench *b, const char *mode)
{
    return strcmp(b->mode, mode) == 0;
}

/* Other programs write the models' names without a dash: "vggsmall" is vgg-small. free() it. */
static char *model_of(const char *workload)
{
    char **names = NULL, *found = NULL;
    if (model_list(&names, NULL))
        return text_copy(workload);
    for (int i = 0; names[i] && !found; i++) {
        char bare[64] = "";
        for (const char *c = names[i]; *c && strlen(bare) + 1 < sizeof bare; c++)
            if (*c != '-')
                bare[strlen(bare)] = *c;
        found = strcmp(bare, workload) == 0 ? text_copy(names[i]) : NULL;
    }
    asset_list_free(names);
    return found ? found : text_copy(workload);
}

static void prepare(struct bench *b)
{
    struct diag diag = {0};
    char *model = model_of(b->workload);
    enum err err = model_load(model, &b->net, &diag);
    free(model);
    if (err)
        fail(diag.text);
    bool train = is_mode(b, "train"), pgd = is_mode(b, "pgd"), fgsm = is_mode(b, "fgsm") || pgd;
    size_t pixels = shape_count(b->net->in), count = (size_t)b->batch * pixels;
    b->team = team_new(b->threads);
    b->x = mem_floats(count);
    b->dx = mem_floats(fgsm ? count : 0);
    b->adv = mem_floats(pgd ? count : 0);
    b->grads = mem_floats(train ? b->net->params : 0);
    b->label = calloc((size_t)b->batch, sizeof *b->label);
    b->time = calloc(MOST_STEPS, sizeof *b->time);
    struct pass_options options = {
        .capacity = b->batch, .backward = train || fgsm, .grads = train, .fixed = !train, .team = b->team};
    if (!b->team || !b->x || !b->dx || !b->adv || !b->grads || !b->label || !b->time ||
        weights_init(&b->weights, b->net, &diag) || pass_new(b->net, options, &b->pass, &diag) ||
        (train && optimizer_init(&b->optimizer, optimizer_find("sgd"),
                                 (struct optimizer_options){.momentum = 0.9f}, b->net->params, &diag)))
        fail("no memory");
    init_weights(&b->weights, b->net, INIT_AUTO, 1);
    struct rng rng;
    rng_init(&rng, 1);
    for (size_t i = 0; i < count; i++)
        b->x[i] = rng_uniform(&rng);
    for (int i = 0; i < b->batch; i++)
        b->label[i] = (int)rng_below(&rng, (uint32_t)net_classes(b->net));
}

static void step(struct bench *b)
{
    if (is_mode(b, "infer")) {
        net_forward(b->net, &b->weights, b->pass, b->batch, b->x, MODE_INFER);
        return;
    }
    if (is_mode(b, "pgd")) {
        const struct attack_options o = {.norm = NORM_LINF, .eps = 0.1f, .iterations = 10};
        attack_find("pgd")->run(&o, b->net, &b->weights, b->pass, b->batch, b->x, b->label, 0, b->adv, b->dx);
        return;
    }
    bool train = is_mode(b, "train");
    struct net_step s = {.n = b->batch,
                         .x = b->x,
                         .label = b->label,
                         .loss = &loss_cross_entropy,
                         .mode = train ? MODE_TRAIN : MODE_INFER,
                         .mean = train,
                         .grads = train ? b->grads : NULL,
                         .dx = train ? NULL : b->dx};
    net_step(b->net, &b->weights, b->pass, &s);
    if (train) {
        net_absorb(b->net, b->pass, &b->weights);
        optimizer_step(&b->optimizer, 0.01f, b->weights.params, b->grads, b->team);
        return;
    }
    size_t count = (size_t)b->batch * shape_count(b->net->in);
    for (size_t i = 0; i < count; i++) {
        float sign = (float)(b->dx[i] > 0) - (float)(b->dx[i] < 0);
        b->x[i] = fminf(fmaxf(b->x[i] + 0.01f * sign, 0), 1);
    }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(struct bench *b, void (*one)(struct bench *))
{
    enum { WARM = 5 };
    one(b);
    b->first = clock_now() - b->began;
    if (b->seconds <= 0)
        return;
    for (int i = 0; i < WARM; i++)
        one(b);
    double cpu = cpu_now(), start = clock_now(), last = start;
    while (last - start < b->seconds && b->steps < MOST_STEPS) {
        one(b);
        double now = clock_now();
        b->time[b->steps++] = now - last;
        last = now;
    }
    b->wall = last - start;
    b->cpu = (cpu_now() - cpu) / b->wall;
    qsort(b->time, (size_t)b->steps, sizeof *b->time, by_size);
}

/* A product that fits the second cache, one thread: what else is called the machine's peak here. */
enum { SIDE = 512 };

static void multiply(struct bench *b)
{
    size_t square = (size_t)SIDE * SIDE;
    gemm(false, false, SIDE, SIDE, SIDE, 1, b->x, SIDE, b->x + square, SIDE, 0, b->x + 2 * square, SIDE);
}

static void run_sgemm(struct bench *b)
{
    b->x = mem_floats((size_t)3 * SIDE * SIDE);
    b->time = calloc(MOST_STEPS, sizeof *b->time);
    if (!b->x || !b->time)
        fail("no memory");
    measure(b, multiply);
    printf("{\"peer\": \"openblas\", \"workload\": \"sgemm\", \"gflop_s\": %.1f, \"cpu\": %.2f}\n",
           2.0 * SIDE * SIDE * SIDE / b->time[b->steps / 2] * 1e-9, b->cpu);
}

static void run_net(struct bench *b)
{
    prepare(b);
    measure(b, step);
    double mflop = 0;
    for (int i = 0; i < b->net->layers; i++)
        mflop += 2e-6 * b->net->layer[i].multiply_adds;
    printf(
        "{\"peer\": \"fovea %s\", \"workload\": \"%s\", \"mode\": \"%s\", \"batch\": %d, \"threads\": %d, ",
        FOVEA_VERSION, b->workload, b->mode, b->batch, b->threads);
    if (b->steps)
        printf("\"images_s\": %.1f, \"ms_step\": %.4f, \"ms_min\": %.4f, \"steps\": %d, \"cpu\": %.2f, "
               "\"ms_cpu\": %.4f, ",
               (double)b->batch * b->steps / b->wall, 1e3 * b->time[b->steps / 2], 1e3 * b->time[0], b->steps,
               b->cpu, 1e3 * b->cpu * b->wall / b->steps);
    printf("\"mflop_forward\": %.3f, \"first_step_s\": %.4f, \"rss_mib\": %.1f}\n", mflop, b->first,
           (double)peak_kib() / 1024);
}

static void release(struct bench *b)
{
    optimizer_fini(&b->optimizer);
    pass_free(b->pass);
    weights_fini(&b->weights);
    net_free(b->net);
    team_free(b->team);
    free(b->x);
    free(b->dx);
    free(b->adv);
    free(b->grads);
    free(b->label);
    free(b->time);
}

int main(int argc, char **argv)
{
    struct bench b = {.mode = "train", .threads = 1, .batch = 32, .seconds = 3, .began = clock_now()};
    int letter;
    gemm_setup();
    while ((letter = getopt(argc, argv, "t:b:m:s:")) != -1) {
        if (letter == 't')
            b.threads = atoi(optarg);
        else if (letter == 'b')
            b.batch = atoi(optarg);
        else if (letter == 'm')
            b.mode = optarg;
        else if (letter == 's')
            b.seconds = atof(optarg);
        else
            return 2;
    }
    if (optind + 1 != argc || b.threads < 1 || b.threads > TEAM_MAX || b.batch < 1 ||
        !(is_mode(&b, "train") || is_mode(&b, "infer") || is_mode(&b, "fgsm") || is_mode(&b, "pgd")))
        fail("usage: fovea-bench WORKLOAD [-t THREADS] [-b BATCH] [-m train|infer|fgsm|pgd] [-s SECONDS]");
    b.workload = argv[optind];
    if (strcmp(b.workload, "sgemm") == 0)
        run_sgemm(&b);
    else
        run_net(&b);
    release(&b);
    return 0;
}
