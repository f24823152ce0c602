/**
 * A training step and an evaluation allocate nothing once they have run before: malloc and its relatives are replaced here by ones that count. Where a
 * sanitizer has replaced them already there is nothing to count, and the tests say so.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/asset.h"
#include "nn/model.h"
#include "tensor/gemm.h"
#include "toy.h"
#include "train/evaluate.h"
#include "train/history.h"
#include "train/moment.h"
#include "train/run.h"

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
enum { COUNTS = 1 };
static atomic_long allocations;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t align, size_t size);

void *malloc(size_t size)
{
    atomic_fetch_add(&allocations, 1);
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    atomic_fetch_add(&allocations, 1);
    return __libc_calloc(count, size);
}

void *realloc(void *p, size_t size)
{
    atomic_fetch_add(&allocations, 1);
    return __libc_realloc(p, size);
}

void *aligned_alloc(size_t align, size_t size)
{
    atomic_fetch_add(&allocations, 1);
    return __libc_memalign(align, size);
}

int posix_memalign(void **out, size_t align, size_t size)
{
    atomic_fetch_add(&allocations, 1);
    *out = __libc_memalign(align, size);
    return *out ? 0 : ENOMEM;
}
#else
enum { COUNTS = 0 };
static atomic_long allocations;
#endif

static const double most_multiply_adds = 15e6; /* an image: what is larger takes too long here */

static void check_model(const struct net *net, const char *name, const char *optimizer, int threads)
{
    struct dataset data = toy_data(net->in, net_classes(net), 40, 40);
    struct run_options o = run_defaults();
    struct run run;
    struct evaluator *evaluator = NULL;
    struct evaluation result = {0};
    struct history history;
    struct moment moment;
    struct diag diag = {0};
    struct team *team = team_new(threads);
    o.optimizer = optimizer;
    o.batch = 18; /* one block of lanes, and a bit */
    o.augment = "shift,flip,noise";
    o.adversarial = "fgsm:0.1,share=0.5";
    cr_assert_eq(run_init(&run, net, &data, team, &o, &diag), ERR_NONE, "%s: %s", name, diag.text);
    cr_assert_eq(evaluator_new(net, &data, team, &evaluator, NULL), ERR_NONE);
    cr_assert_eq(history_init(&history, 4, NULL), ERR_NONE);
    cr_assert_eq(moment_init(&moment, net, NULL), ERR_NONE);
    struct moment now = {.net = net, .weights = run.weights, .grads = run.grads};
    for (int i = 0; i < 5; i++) { /* past the end of an epoch */
        long before = atomic_load(&allocations);
        enum err err = run_step(&run, &diag);
        evaluator_run(evaluator, &run.weights, run.loss, SPLIT_TEST, 0, 40, false, NULL, &result);
        history_add(&history, HISTORY_TRAIN_LOSS, run.step, run.loss_mean);
        moment_copy(&moment, &now);
        long after = atomic_load(&allocations);
        cr_assert_eq(err, ERR_NONE, "%s: %s", name, diag.text);
        cr_assert(i == 0 || after == before, "%s, %s, %d threads, step %ld: %ld allocations", name, optimizer,
                  threads, run.step, after - before);
    }
    moment_fini(&moment);
    history_fini(&history);
    evaluator_free(evaluator);
    run_fini(&run);
    team_free(team);
}

static double multiply_adds(const struct net *net)
{
    double sum = 0;
    for (int i = 0; i < net->layers; i++)
        sum += net->layer[i].multiply_adds;
    return sum;
}

Test(allocation, the_counter_counts)
{
    if (!COUNTS)
        cr_skip("a sanitizer has the allocations");
    long before = atomic_load(&allocations);
    char *volatile p = malloc(10);
    free(p);
    free(run_defaults().optimizer ? NULL : aligned_alloc(64, 64));
    cr_assert_eq(atomic_load(&allocations) - before, 2);
}

Test(allocation, a_training_step_allocates_nothing, .timeout = 100)
{
    if (!COUNTS)
        cr_skip("a sanitizer has the allocations");
    char **names = NULL;
    int checked = 0;
    gemm_setup();
    cr_assert_eq(model_list(&names, NULL), ERR_NONE);
    for (int i = 0; names[i]; i++) {
        struct net *net = NULL;
        cr_assert_eq(model_load(names[i], &net, NULL), ERR_NONE);
        if (multiply_adds(net) <= most_multiply_adds) {
            check_model(net, names[i], "sgd", 2);
            check_model(net, names[i], "adam", 1);
            checked++;
        }
        net_free(net);
    }
    asset_list_free(names);
    cr_assert_geq(checked, 4, "only %d models are small enough", checked);
}
