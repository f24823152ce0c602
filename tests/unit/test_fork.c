/** Forks: the same bits when nothing changes, one difference when one knob does, and no jump where a layer is put in. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "nets.h"
#include "toy.h"
#include "train/evaluate.h"
#include "train/fork.h"

static const char model[] =
    "input 1x8x8\nconv 4 3x3\nrelu\nconv 6 3x3\nrelu\nmaxpool 2\nflatten\ndropout 0.2\ndense 4\n";

enum { FORKED = 20, STEPS = 45 };

static struct dataset data;
static struct net *net;
static struct run run;
static struct history history;
static struct handover from;

static struct run_options choose(void)
{
    struct run_options o = run_defaults();
    o.batch = 24;
    o.seed = 9;
    o.augment = "shift=1";
    o.epochs = 40;
    return o;
}

static void setup(void)
{
    struct run_options o = choose();
    data = toy_data((struct shape){1, 8, 8}, 4, 203, 90);
    net = net_of(model);
    cr_assert_eq(history_init(&history, 64, NULL), ERR_NONE);
    cr_assert_eq(run_init(&run, net, &data, NULL, &o, NULL), ERR_NONE);
    while (run.step < FORKED) {
        cr_assert_eq(run_step(&run, NULL), ERR_NONE);
        history_add(&history, HISTORY_TRAIN_LOSS, run.step, run.loss_mean);
    }
    cr_assert_eq(handover_take(&from, &run, &history, 1.5, NULL), ERR_NONE);
}

static void teardown(void)
{
    handover_fini(&from);
    history_fini(&history);
    run_fini(&run);
    net_free(net);
}

TestSuite(fork, .init = setup, .fini = teardown);

struct branch {
    struct fork fork;
    struct net *net;
    struct run run;
};

static void begin(struct branch *b, const char *knob)
{
    struct diag d = {0};
    struct run_options o = choose();
    cr_assert_eq(fork_parse(knob, &b->fork, &d), ERR_NONE, "%s", d.text);
    fork_options(&b->fork, &o);
    cr_assert_eq(fork_net(&b->fork, net, &b->net, &d), ERR_NONE, "%s", d.text);
    cr_assert_eq(run_init(&b->run, b->net, &data, NULL, &o, &d), ERR_NONE, "%s", d.text);
    cr_assert_eq(fork_begin(&b->fork, &b->run, &from, &d), ERR_NONE, "%s", d.text);
    cr_assert_eq(b->run.step, FORKED);
}

static void end(struct branch *b)
{
    run_fini(&b->run);
    net_free(b->net);
}

static void train(struct run *r)
{
    while (r->step < STEPS)
        cr_assert_eq(run_step(r, NULL), ERR_NONE);
}

static bool same_params(const struct run *a, const struct run *b)
{
    return same_bits(a->net->params, a->weights.params, b->weights.params);
}

static double loss_of(const struct run *r)
{
    struct evaluator *e = NULL;
    struct evaluation result = {0};
    cr_assert_eq(evaluator_new(r->net, &data, NULL, &e, NULL), ERR_NONE);
    cr_assert(evaluator_run(e, &r->weights, r->loss, SPLIT_TEST, 0, 90, false, NULL, &result));
    evaluator_free(e);
    return result.loss;
}

Test(fork, with_nothing_changed_goes_on_to_the_same_bits)
{
    struct branch b;
    begin(&b, "same");
    cr_assert(same_params(&b.run, &run));
    cr_assert(same_bits(net->params, b.run.grads, run.grads), "gradients");
    cr_assert_eq(b.run.loss_mean, run.loss_mean);
    train(&b.run);
    train(&run);
    cr_assert(same_params(&b.run, &run));
    cr_assert(same_bits(net->params, b.run.optimizer.slot[0], run.optimizer.slot[0]), "velocity");
    cr_assert_eq(b.run.loss_mean, run.loss_mean);
    cr_assert_eq(b.run.lr, run.lr);
    cr_assert_eq(b.run.epoch_loss, run.epoch_loss);
    end(&b);
}

Test(fork, what_was_handed_over_is_a_copy)
{
    struct branch b;
    train(&run); /* the old run goes on before the new one begins */
    begin(&b, "same");
    cr_assert_not(same_params(&b.run, &run));
    train(&b.run);
    cr_assert(same_params(&b.run, &run));
    cr_assert_eq(from.history.series[HISTORY_TRAIN_LOSS].count, FORKED);
    end(&b);
}

Test(fork, each_knob_makes_a_difference_from_the_next_step_on)
{
    static const char *const knobs[] = {"rate=0.001",      "schedule=constant", "optimizer=adam",
                                        "optimizer=adamw", "augment=noise=.3",  "adversarial",
                                        "seed=10",         "dropout=0.5"};
    train(&run);
    for (int i = 0; i < ARRAY_LEN(knobs); i++) {
        struct branch b;
        begin(&b, knobs[i]);
        cr_assert(same_bits(net->params, b.run.weights.params, from.state.numbers), "%s: the weights stay",
                  knobs[i]);
        train(&b.run);
        cr_assert_not(same_params(&b.run, &run), "%s", knobs[i]);
        end(&b);
    }
}

Test(fork, rates_are_those_that_were_chosen)
{
    struct branch b;
    begin(&b, "rate=0.005");
    train(&b.run);
    cr_assert_float_eq(b.run.lr, 0.005, 1e-9, "constant");
    end(&b);
    begin(&b, "optimizer=adam");
    cr_assert_eq(b.run.optimizer.step, 0, "its arrays are new");
    cr_assert_eq(b.run.schedule.base, (double)optimizer_find("adam")->lr, "%g", b.run.schedule.base);
    cr_assert_eq(b.run.schedule.type, run.schedule.type, "the course stays");
    end(&b);
    begin(&b, "schedule=step:every=10");
    cr_assert_eq(b.run.schedule.base, run.schedule.base);
    cr_assert_eq(b.run.schedule.every, 10);
    end(&b);
}

Test(fork, batch_normalisation_comes_in_without_a_jump)
{
    struct branch b;
    double before = loss_of(&run);
    begin(&b, "batchnorm");
    cr_assert_eq(b.net->layers, net->layers + 2);
    cr_assert_float_eq(loss_of(&b.run), before, 1e-3 * before, "%g, then %g", before, loss_of(&b.run));
    const struct layer *norm = &b.net->layer[net_find(b.net, "conv1_bn")];
    cr_assert_gt(b.run.weights.buffers[norm->buffer[1].offset], 0);
    cr_assert_neq(b.run.weights.buffers[norm->buffer[1].offset], 1, "measured");
    cr_assert_eq(run_step(&b.run, NULL), ERR_NONE);
    cr_assert_lt(b.run.loss_mean, 1.5 * run.loss_mean + 0.1, "a batch has other statistics, but not by much");
    train(&b.run);
    cr_assert_lt(loss_of(&b.run), before);
    end(&b);
}

Test(fork, dropout_leaves_the_function_alone)
{
    struct branch b;
    begin(&b, "dropout");
    cr_assert_float_eq(loss_of(&b.run), loss_of(&run), 1e-9);
    cr_assert(strstr(b.net->text, "dropout 0.5"), "%s", b.net->text);
    end(&b);
}

Test(fork, words_that_cannot_be_understood_are_explained)
{
    static const struct {
        const char *text, *says;
    } wrong[] = {
        {"", "there are same, rate"},
        {"momentum=1", "no knob to change in a fork 'momentum=1'; there are same, rate"},
        {"rate", "'rate' wants a value: rate=RATE"},
        {"rate=", "'rate' wants a value"},
        {"rate=-1", "must be a number from 0"},
        {"rate=fast", "rate is 'fast'"},
        {"dropout=1", "from 0 to less than 1"},
        {"seed=1.5", "whole number"},
        {"batchnorm=1", "takes no value"},
        {"optimizer=best", "no optimizer 'best'; there are sgd, adam"},
        {"schedule=steep", "steep"},
        {"augment=rain=1", "rain"},
    };
    for (int i = 0; i < ARRAY_LEN(wrong); i++) {
        struct fork f;
        struct diag d = {0};
        cr_assert_neq(fork_parse(wrong[i].text, &f, &d), ERR_NONE, "%s", wrong[i].text);
        cr_assert(strstr(d.text, wrong[i].says), "%s: %s", wrong[i].text, d.text);
    }
}
