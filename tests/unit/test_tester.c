/** The evaluation in the background: what it says against the evaluator, and that it never keeps anybody waiting. */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "nn/init.h"
#include "nn/model.h"
#include "toy.h"
#include "train/evaluate.h"
#include "train/tester.h"

static struct net *net;
static struct weights weights;
static struct dataset data;
static struct tester *tester;
static atomic_int told;

static void count(void *arg)
{
    (void)arg;
    atomic_fetch_add(&told, 1);
}

static void begin(const char *model, int images)
{
    cr_assert_eq(model_parse(model, "model", NULL, &net, NULL), ERR_NONE);
    cr_assert_eq(weights_init(&weights, net, NULL), ERR_NONE);
    init_weights(&weights, net, INIT_AUTO, 3);
    data = toy_data((struct shape){1, 8, 8}, 4, 1, images);
    cr_assert_eq(tester_new(net, &data, &loss_cross_entropy, count, NULL, &tester, NULL), ERR_NONE);
}

static void end(void)
{
    tester_free(tester);
    weights_fini(&weights);
    net_free(net);
}

static struct test_result wait_for_result(void)
{
    struct test_result r;
    double until = clock_now() + 20;
    while (!tester_take(tester, &r)) {
        cr_assert_lt(clock_now(), until);
        usleep(500);
    }
    return r;
}

static struct evaluation evaluate(int first, int images)
{
    struct evaluator *e = NULL;
    struct evaluation out = {0};
    cr_assert_eq(evaluator_new(net, &data, NULL, &e, NULL), ERR_NONE);
    cr_assert(evaluator_run(e, &weights, &loss_cross_entropy, SPLIT_TEST, first, images, false, NULL, &out));
    evaluator_free(e);
    return out;
}

static const char small[] = "input 1x8x8\nflatten\ndense 4\n";

Test(tester, a_full_one_is_the_whole_split, .fini = end)
{
    begin(small, 5000);
    tester_ask(tester, &weights, 70, true);
    struct test_result r = wait_for_result();
    struct evaluation want = evaluate(0, 5000);
    cr_assert(r.step == 70 && r.images == 5000 && atomic_load(&told) == 1);
    cr_assert_float_eq(r.loss, want.loss, 1e-9);
    cr_assert_float_eq(r.accuracy, want.accuracy, 1e-12);
    cr_assert_eq(tester_step(tester), -1);
}

Test(tester, the_sample_is_spread_over_the_split, .fini = end)
{
    double loss = 0, accuracy = 0;
    begin(small, 4007);
    tester_ask(tester, &weights, 8, false);
    struct test_result r = wait_for_result();
    for (int i = 0; i < 16; i++) { /* sixteen runs of 125 */
        struct evaluation e = evaluate(4007 * i / 16, 125);
        loss += e.loss / 16;
        accuracy += e.accuracy / 16;
    }
    cr_assert_eq(r.images, TESTER_SAMPLE);
    cr_assert_float_eq(r.loss, loss, 1e-9);
    cr_assert_float_eq(r.accuracy, accuracy, 1e-9);
}

Test(tester, nobody_waits_and_the_newest_full_one_wins, .fini = end)
{
    begin("input 1x8x8\nconv 32 5x5 pad 2\nconv 32 5x5 pad 2\nflatten\ndense 4\n", 20000);
    double began = clock_now();
    tester_ask(tester, &weights, 1, true);
    while (tester_step(tester) != 1) /* it is under way, or about to be */
        usleep(100);
    usleep(20000);
    tester_ask(tester, &weights, 2, false); /* left out */
    tester_ask(tester, &weights, 3, true);  /* waits ... */
    tester_ask(tester, &weights, 4, true);  /* ... until this one takes its place */
    cr_assert_lt(clock_now() - began, 1.0);
    cr_assert_eq(tester_step(tester), 1, "still the first");
    tester_cancel(tester);
    struct test_result r;
    cr_assert_not(tester_take(tester, &r));
    tester_ask(tester, &weights, 5, false);
    cr_assert(tester_step(tester) == 1 || tester_step(tester) == 5 || tester_step(tester) == -1);
    began = clock_now();
    tester_free(tester);
    tester = NULL;
    cr_assert_lt(clock_now() - began, 2.0, "the evaluation under way is left");
}

Test(tester, what_was_cancelled_never_arrives, .fini = end)
{
    begin(small, 3000);
    for (int i = 0; i < 200; i++) {
        tester_ask(tester, &weights, 1000 + i, true);
        if (i % 3 == 0)
            usleep(300);
        tester_cancel(tester);
    }
    struct test_result r;
    usleep(50000);
    cr_assert_not(tester_take(tester, &r));
    tester_ask(tester, &weights, 7, true);
    r = wait_for_result();
    cr_assert_eq(r.step, 7);
}
