/** The trainer thread: orders, what it publishes, the past. Compared with a run that goes straight, step by step, in this thread. */
#include <criterion/criterion.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "nn/model.h"
#include "toy.h"
#include "train/trainer.h"

static const char model[] =
    "input 1x8x8\nconv 4 3x3\nbatchnorm\nrelu\nmaxpool 2\nflatten\ndropout 0.3\ndense 4\n";

static struct net *net;
static struct dataset data;
static struct trainer *trainer;
static struct trainer_report seen; /* the newest; its history belongs to the trainer */
static struct moment moment;       /* a copy of the newest */

static void setup(void)
{
    cr_assert_eq(model_parse(model, "model", NULL, &net, NULL), ERR_NONE);
    cr_assert_eq(moment_init(&moment, net, NULL), ERR_NONE);
    data = toy_data((struct shape){1, 8, 8}, 4, 203, 90);
}

static void teardown(void)
{
    trainer_free(trainer);
    trainer = NULL;
    moment_fini(&moment);
    net_free(net);
}

TestSuite(trainer, .init = setup, .fini = teardown, .timeout = 60);

static struct run_options choose(const char *optimizer, int epochs)
{
    struct run_options o = run_defaults();
    o.optimizer = optimizer;
    o.epochs = epochs;
    o.batch = 24;
    o.seed = 5;
    return o;
}

static void start(struct run_options run, struct trainer_options options)
{
    struct diag diag = {0};
    cr_assert_eq(trainer_new(net, &data, &run, &options, &trainer, &diag), ERR_NONE, "%s", diag.text);
}

/* Reads what there is. */
static void look(void)
{
    const struct moment *m = trainer_moment(trainer);
    const struct trainer_report *r = trainer_report(trainer);
    if (m)
        moment_copy(&moment, m);
    if (r)
        seen = *r;
}

static bool is_at(enum trainer_state state, long step)
{
    look();
    return seen.state == state && seen.step == step && moment.step == step;
}

static void wait_for(enum trainer_state state, long step)
{
    double end = clock_now() + 20;
    while (!is_at(state, step)) {
        cr_assert_lt(clock_now(), end, "state %d step %ld, moment %ld; wanted %d %ld: %s", seen.state,
                     seen.step, moment.step, state, step, seen.diag.text);
        usleep(500);
    }
}

static void order(enum trainer_order what, double value)
{
    trainer_send(trainer, what, value);
}

static void steps(int n, long at)
{
    order(TRAINER_STEPS, n);
    wait_for(TRAINER_PAUSED, at);
}

/* A run that goes straight to `step`; its rate is set to rate[i] after at[i] steps. */
static void straight(struct run *run, struct run_options o, long step, int changes, const long *at,
                     const double *rate)
{
    cr_assert_eq(run_init(run, net, &data, NULL, &o, NULL), ERR_NONE);
    while (run->step < step) {
        for (int i = 0; i < changes; i++)
            if (at[i] == run->step) {
                cr_assert_eq(schedule_parse("constant", &run->schedule, NULL), ERR_NONE);
                run->schedule.base = rate[i];
            }
        cr_assert_eq(run_step(run, NULL), ERR_NONE);
    }
}

static void assert_same(const struct run *run, const char *what)
{
    size_t bytes = net->params * sizeof(float);
    cr_assert_eq(moment.step, run->step, "%s", what);
    cr_assert_eq(memcmp(moment.weights.params, run->weights.params, bytes), 0, "%s: parameters", what);
    cr_assert_eq(memcmp(moment.weights.buffers, run->weights.buffers, net->buffers * sizeof(float)), 0,
                 "%s: buffers", what);
    cr_assert_eq(memcmp(moment.grads, run->grads, bytes), 0, "%s: gradients", what);
    if (run->step > 0)
        cr_assert_eq(moment.loss, run->loss_mean, "%s: loss", what);
}

Test(trainer, shows_the_beginning_at_once)
{
    struct run run;
    start(choose("sgd", 0), (struct trainer_options){.paused = true});
    look();
    cr_assert_eq(seen.state, TRAINER_PAUSED);
    cr_assert_eq(seen.step, 0);
    cr_assert_eq(seen.seed, 5);
    cr_assert_eq(seen.per_epoch, 9, "203 images in batches of 24");
    cr_assert(isnan(seen.loss) && isnan(moment.loss));
    cr_assert_float_eq(seen.lr, 0.02, 1e-6);
    straight(&run, choose("sgd", 0), 0, 0, NULL, NULL);
    assert_same(&run, "step 0");
    run_fini(&run);
}

Test(trainer, steps_are_those_of_a_run)
{
    static const int threads[] = {1, 2, 3};
    for (int i = 0; i < ARRAY_LEN(threads); i++) {
        struct run run;
        start(choose("adam", 0), (struct trainer_options){.paused = true, .threads = threads[i]});
        steps(1, 1);
        steps(20, 21);
        straight(&run, choose("adam", 0), 21, 0, NULL, NULL);
        assert_same(&run, "after 21 steps");
        cr_assert_eq(seen.history.series[HISTORY_TRAIN_LOSS].count, 21);
        cr_assert_eq(seen.history.series[HISTORY_TRAIN_LOSS].point[20].mean, (float)run.loss_mean);
        run_fini(&run);
        trainer_free(trainer);
        trainer = NULL;
    }
}

Test(trainer, runs_and_pauses)
{
    struct run run;
    start(choose("sgd", 0), (struct trainer_options){.paused = false});
    while (look(), seen.step < 20)
        usleep(500);
    order(TRAINER_PAUSE, 0);
    while (look(), seen.state != TRAINER_PAUSED)
        usleep(500);
    long step = seen.step;
    wait_for(TRAINER_PAUSED, step);
    straight(&run, choose("sgd", 0), step, 0, NULL, NULL);
    assert_same(&run, "paused");
    cr_assert_gt(seen.images_per_second, 0);
    run_fini(&run);
    usleep(20000);
    look();
    cr_assert_eq(seen.step, step, "paused is paused");
}

/* While it runs without end; steps that were counted, and a pause, have their tests. */
Test(trainer, tests_take_no_more_than_their_share)
{
    double end = clock_now() + 20;
    start(choose("sgd", 0), (struct trainer_options){.paused = true, .test_every = 1, .test_share = 1e-9});
    steps(3, 3);
    while (look(), seen.testing >= 0) {
        cr_assert_lt(clock_now(), end);
        usleep(500);
    }
    long first = seen.test_step;
    order(TRAINER_GO, 0);
    while (look(), seen.step < 300) {
        cr_assert_lt(clock_now(), end);
        usleep(500);
    }
    cr_assert_leq(seen.test_step, 3, "a test of step %ld, behind that of %ld", seen.test_step, first);
    order(TRAINER_PAUSE, 0);
    while (look(), seen.state != TRAINER_PAUSED || seen.test_step != seen.step) {
        cr_assert_lt(clock_now(), end, "no test of step %ld, where it was paused", seen.step);
        usleep(500);
    }
}

Test(trainer, ends_when_all_epochs_are_done)
{
    double end = clock_now() + 20;
    start(choose("sgd", 3), (struct trainer_options){.paused = false, .timeline = 1 << 20});
    wait_for(TRAINER_DONE, 27);
    cr_assert_eq(seen.total, 27);
    cr_assert_eq(seen.epochs, 3);
    /* the last evaluation is of the last step, on all images */
    while (look(), seen.test_step != 27) {
        cr_assert_lt(clock_now(), end);
        usleep(500);
    }
    cr_assert_gt(seen.test_accuracy, 0.25, "%g", seen.test_accuracy);
    cr_assert_float_eq(seen.test_accuracy * 90, round(seen.test_accuracy * 90), 1e-4);
    order(TRAINER_GO, 0);
    order(TRAINER_SEEK, 13);
    wait_for(TRAINER_PAUSED, 13);
    order(TRAINER_GO, 0);
    wait_for(TRAINER_DONE, 27);
}

Test(trainer, speed_is_a_limit_that_can_be_lifted)
{
    double began = clock_now();
    start(choose("sgd", 0), (struct trainer_options){.paused = false, .speed = 50});
    while (look(), seen.step < 11)
        usleep(500);
    cr_assert_geq(clock_now() - began, 0.18, "11 steps at 50 a second");
    order(TRAINER_SPEED, 0.01);
    while (look(), seen.speed > 1)
        usleep(500);
    order(TRAINER_SPEED, 0);
    began = clock_now();
    while (look(), seen.step < 15)
        usleep(500);
    cr_assert_lt(clock_now() - began, 10, "the wait of 100 seconds was left");
    order(TRAINER_SPEED, 0.01);
    usleep(10000);
    began = clock_now();
    trainer_free(trainer);
    trainer = NULL;
    cr_assert_lt(clock_now() - began, 5);
}

Test(trainer, reset_is_a_new_beginning)
{
    struct run run;
    struct run_options o = choose("sgd", 0);
    start(o, (struct trainer_options){.paused = true, .timeline = 1 << 20});
    steps(15, 15);
    order(TRAINER_RESET, 77);
    wait_for(TRAINER_PAUSED, 0);
    cr_assert_eq(seen.seed, 77);
    cr_assert_eq(seen.history.series[HISTORY_TRAIN_LOSS].count, 0);
    steps(12, 12);
    o.seed = 77;
    straight(&run, o, 12, 0, NULL, NULL);
    assert_same(&run, "after the reset");
    run_fini(&run);
}

Test(trainer, seeks_any_step_to_the_bit)
{
    static const char *const optimizers[] = {"sgd", "adam"};
    static const long targets[] = {0, 1, 7, 8, 9, 37, 20, 41, 43, 1000};
    static const long at[] = {10, 20};
    static const double rate[] = {0.005, 0.001};
    for (int k = 0; k < 2 * ARRAY_LEN(optimizers); k++) {
        struct run_options o = choose(optimizers[k / 2], 0);
        start(o, (struct trainer_options){.paused = true, .timeline = k % 2 ? 1 : 1 << 20});
        steps(10, 10);
        order(TRAINER_RATE, rate[0]);
        steps(10, 20);
        order(TRAINER_RATE, rate[1]);
        steps(23, 43);
        for (int i = 0; i < ARRAY_LEN(targets); i++) {
            struct run run;
            long step = targets[i] < 43 ? targets[i] : 43;
            order(TRAINER_SEEK, (double)targets[i]);
            wait_for(TRAINER_PAUSED, step);
            straight(&run, o, step, 2, at, rate);
            assert_same(&run, "sought");
            cr_assert_eq(seen.furthest, 43);
            cr_assert_eq(seen.history.series[HISTORY_TRAIN_LOSS].count, 43, "the curves stay");
            run_fini(&run);
        }
        order(TRAINER_SEEK, 15);
        wait_for(TRAINER_PAUSED, 15);
        cr_assert_float_eq(seen.lr, 0.005, 1e-9);
        trainer_free(trainer);
        trainer = NULL;
    }
}

Test(trainer, going_on_from_the_past_forgets_what_came_after)
{
    static const long at[] = {10, 25};
    static const double rate[] = {0.005, 0.03};
    struct run run;
    struct run_options o = choose("sgd", 0);
    start(o, (struct trainer_options){.paused = true, .timeline = 1 << 20});
    steps(10, 10);
    order(TRAINER_RATE, rate[0]);
    steps(20, 30);
    order(TRAINER_RATE, 1e-6);
    steps(10, 40);
    order(TRAINER_SEEK, 25);
    wait_for(TRAINER_PAUSED, 25);
    order(TRAINER_RATE, rate[1]);
    steps(10, 35);
    straight(&run, o, 35, 2, at, rate);
    assert_same(&run, "the new way");
    cr_assert_eq(seen.furthest, 35);
    cr_assert_eq(seen.history.series[HISTORY_TRAIN_LOSS].count, 35);
    for (int i = 0; i < 35; i++)
        cr_assert_eq(seen.history.series[HISTORY_TRAIN_LOSS].point[i].last, i + 1);
    run_fini(&run);
    order(TRAINER_SEEK, 29);
    wait_for(TRAINER_PAUSED, 29);
    straight(&run, o, 29, 2, at, rate);
    assert_same(&run, "sought on the new way");
    run_fini(&run);
}

Test(trainer, divergence_names_a_layer_and_can_be_left)
{
    for (int k = 0; k < 3; k++) {
        start(choose("sgd", 0), (struct trainer_options){.paused = true, .timeline = k == 2 ? 0 : 1 << 20});
        steps(30, 30);
        order(TRAINER_RATE, 1e30);
        order(TRAINER_GO, 0);
        while (look(), seen.state != TRAINER_FAILED)
            usleep(500);
        wait_for(TRAINER_FAILED, seen.step);
        cr_assert_not_null(strstr(seen.diag.text, "layer '"), "%s", seen.diag.text);
        if (k == 1) {
            order(TRAINER_SEEK, 30);
            wait_for(TRAINER_PAUSED, 30);
        }
        order(TRAINER_RATE, 0.01);
        order(TRAINER_GO, 0);
        double end = clock_now() + 20;
        while (look(), !(seen.state == TRAINER_RUNNING && seen.step > 40)) {
            cr_assert_lt(clock_now(), end, "still %s", seen.diag.text);
            usleep(500);
        }
        cr_assert(isfinite(seen.loss));
        trainer_free(trainer);
        trainer = NULL;
    }
}

Test(trainer, begins_with_given_weights_and_comes_back_to_them)
{
    struct weights given;
    cr_assert_eq(weights_init(&given, net, NULL), ERR_NONE);
    init_weights(&given, net, INIT_HE, 99);
    start(choose("sgd", 0), (struct trainer_options){.paused = true, .weights = &given});
    steps(25, 25);
    cr_assert_neq(memcmp(moment.weights.params, given.params, net->params * sizeof(float)), 0);
    order(TRAINER_SEEK, 0);
    wait_for(TRAINER_PAUSED, 0);
    cr_assert_eq(memcmp(moment.weights.params, given.params, net->params * sizeof(float)), 0);
    weights_fini(&given);
}

static sigset_t mask_of_wake;
static volatile bool woken;

static void note_mask(void *arg)
{
    (void)arg;
    pthread_sigmask(SIG_SETMASK, NULL, &mask_of_wake);
    woken = true;
}

Test(trainer, its_thread_takes_no_signals)
{
    start(choose("sgd", 0), (struct trainer_options){.paused = true, .wake = note_mask});
    steps(1, 1);
    trainer_free(trainer); /* joins: what the thread wrote can be read */
    trainer = NULL;
    cr_assert(woken);
    cr_assert(sigismember(&mask_of_wake, SIGINT) && sigismember(&mask_of_wake, SIGWINCH));
}

/* Whoever sends an order can tell when it's done and where it led, tests in the background included. */
Test(trainer, says_which_orders_it_has_obeyed)
{
    unsigned long number = 0;
    start(choose("sgd", 0), (struct trainer_options){.paused = true, .test_every = 2});
    for (int turn = 1; turn <= 20; turn++) {
        unsigned long before = number;
        if (turn % 5 == 0)
            trainer_send(trainer, TRAINER_SEEK, 0);
        number = trainer_send(trainer, TRAINER_STEPS, 2);
        cr_assert_gt(number, before);
        double end = clock_now() + 20;
        do {
            look();
            cr_assert_lt(clock_now(), end, "turn %d: obeyed %lu of %lu, step %ld, %ld left, testing %ld",
                         turn, seen.obeyed, number, seen.step, seen.left, seen.testing);
            usleep(200);
        } while (seen.obeyed < number || seen.left > 0 || seen.testing >= 0);
        look(); /* a moment comes before its report */
        cr_assert_eq(seen.state, TRAINER_PAUSED);
        cr_assert_eq(seen.step, turn < 5 ? 2 * turn : 2 + 2 * (turn % 5), "turn %d: step %ld", turn,
                     seen.step);
        cr_assert_eq(seen.moment, moment.serial);
        cr_assert_eq(moment.step, seen.step);
        cr_assert_geq(seen.test_step, seen.step - 2, "turn %d: tested %ld", turn, seen.test_step);
    }
}

/* ---- going back in time at once ---- */

Test(trainer, scrubbing_shows_a_stop_that_is_near_and_exact)
{
    struct run run;
    struct run_options o = choose("sgd", 0);
    start(o, (struct trainer_options){.paused = true, .timeline = 40 * 4 * 1000});
    steps(4000, 4000);
    for (int i = 0; i < 10; i++) {
        long want = 397L * i + 11;
        unsigned long number = trainer_send(trainer, TRAINER_SCRUB, (double)want);
        while (look(), seen.obeyed < number || moment.serial != seen.moment)
            usleep(200);
        cr_assert_eq(moment.step, seen.step);
        cr_assert_leq(labs(seen.step - want), 1024, "wanted %ld, got %ld", want, seen.step);
        straight(&run, o, seen.step, 0, NULL, NULL);
        assert_same(&run, "scrubbed");
        run_fini(&run);
    }
    order(TRAINER_SCRUB, 1e9);
    wait_for(TRAINER_PAUSED, 4000);
    straight(&run, o, 4000, 0, NULL, NULL);
    assert_same(&run, "back at the end");
    order(TRAINER_SCRUB, 100);
    order(TRAINER_SEEK, 4000);
    steps(5, 4005);
    while (run.step < 4005)
        cr_assert_eq(run_step(&run, NULL), ERR_NONE);
    assert_same(&run, "and on");
    run_fini(&run);
}

/* ---- slow motion ---- */

static void phase(enum trainer_phase want)
{
    double end = clock_now() + 20;
    unsigned long number = trainer_send(trainer, TRAINER_PHASE, 1);
    while (look(), seen.obeyed < number || moment.serial != seen.moment) {
        cr_assert_lt(clock_now(), end);
        usleep(200);
    }
    cr_assert_eq(seen.slow.phase, want, "phase %d, not %d", seen.slow.phase, want);
}

Test(trainer, a_step_in_phases_is_a_step)
{
    struct run run;
    struct run_options o = choose("adam", 0);
    start(o, (struct trainer_options){.paused = true, .timeline = 1 << 20});
    steps(3, 3);
    straight(&run, o, 3, 0, NULL, NULL);
    for (int i = 0; i < 3; i++) {
        phase(PHASE_FORWARD);
        assert_same(&run, "forward changes nothing");
        cr_assert_eq(seen.slow.images, 24);
        cr_assert(seen.slow.sure >= 0.25 && seen.slow.sure <= 1, "%g", seen.slow.sure);
        cr_assert_eq(seen.slow.label, seen.slow.index % 4, "as toy_read() has it");
        phase(PHASE_LOSS);
        assert_same(&run, "neither does the loss");
        double loss = seen.slow.loss;
        phase(PHASE_BACKWARD);
        cr_assert_eq(moment.step, run.step);
        cr_assert_eq(memcmp(moment.weights.params, run.weights.params, net->params * sizeof(float)), 0);
        cr_assert_gt(seen.slow.grad_norm, 0);
        cr_assert_gt(net->layer[seen.slow.grad_layer].params, 0);
        cr_assert_eq(run_step(&run, NULL), ERR_NONE);
        cr_assert_eq(memcmp(moment.grads, run.grads, net->params * sizeof(float)), 0,
                     "gradients of this batch");
        phase(PHASE_UPDATE);
        assert_same(&run, "a whole step");
        cr_assert_eq(loss, run.loss_mean);
        cr_assert_eq(seen.slow.grad_norm, run.grad_norm);
        cr_assert_eq(seen.slow.correct, (int)lround(24 * run.accuracy));
        cr_assert_eq(seen.slow.rate, run.lr);
        cr_assert(seen.slow.moved > 0 && seen.slow.moved < 2 * run.lr, "%g", seen.slow.moved);
        cr_assert_eq(seen.history.series[HISTORY_TRAIN_LOSS].count, run.step);
    }
    steps(1, 7);
    cr_assert_eq(seen.slow.phase, PHASE_NONE);
    run_fini(&run);
}

Test(trainer, a_step_that_is_given_up_leaves_no_trace)
{
    struct run run;
    struct run_options o = choose("sgd", 0);
    start(o, (struct trainer_options){.paused = true, .timeline = 1 << 20});
    steps(10, 10);
    straight(&run, o, 10, 0, NULL, NULL);
    phase(PHASE_FORWARD);
    phase(PHASE_LOSS);
    phase(PHASE_BACKWARD);
    order(TRAINER_SCRUB, 5);
    wait_for(TRAINER_PAUSED, 5);
    cr_assert_eq(seen.slow.phase, PHASE_NONE);
    order(TRAINER_SCRUB, 10);
    wait_for(TRAINER_PAUSED, 10);
    assert_same(&run, "the gradients are those of the last step again");
    steps(1, 11);
    cr_assert_eq(run_step(&run, NULL), ERR_NONE);
    assert_same(&run, "after it");
    run_fini(&run);
    order(TRAINER_GO, 0);
    phase(PHASE_FORWARD);
    cr_assert_eq(seen.state, TRAINER_PAUSED, "slow motion pauses");
}

/* ---- rules ---- */

Test(trainer, pauses_after_so_many_epochs)
{
    start(choose("sgd", 0), (struct trainer_options){.paused = false, .stop_epochs = 2});
    wait_for(TRAINER_PAUSED, 18);
    cr_assert_eq(seen.stopped, RULE_EPOCHS);
    cr_assert_eq(seen.stop_epochs, 2);
    order(TRAINER_STOP_EPOCHS, 4);
    order(TRAINER_GO, 0);
    wait_for(TRAINER_PAUSED, 36);
    order(TRAINER_GO, 0); /* a rule that was met is behind */
    while (look(), seen.step < 60)
        usleep(500);
    cr_assert_eq(seen.stopped, RULE_NONE);
}

Test(trainer, pauses_when_the_test_accuracy_is_reached)
{
    start(choose("sgd", 0), (struct trainer_options){.paused = false, .stop_accuracy = 0.6, .speed = 500});
    double end = clock_now() + 30;
    while (look(), seen.stopped != RULE_ACCURACY || moment.serial != seen.moment) {
        cr_assert_lt(clock_now(), end, "step %ld, accuracy %g", seen.step, seen.test_accuracy);
        usleep(500);
    }
    cr_assert_eq(seen.state, TRAINER_PAUSED);
    cr_assert_geq(seen.test_accuracy, 0.6);
    cr_assert_leq(seen.test_step, seen.step);
    long step = seen.step;
    order(TRAINER_GO, 0);
    while (look(), seen.step < step + 30)
        usleep(500);
    order(TRAINER_STOP_ACCURACY, 0);
    while (look(), seen.stop_accuracy > 0)
        usleep(500);
}

/* ---- forks ---- */

static struct trainer *forked;

static void fork_off(const char *knob, struct run_options o, struct trainer_options to, struct net **out)
{
    struct fork fork;
    struct diag diag = {0};
    unsigned long number = trainer_send(trainer, TRAINER_HAND_OVER, 0);
    while (look(), seen.obeyed < number)
        usleep(200);
    to.from = trainer_handover(trainer);
    to.fork = &fork;
    cr_assert_not_null(to.from);
    cr_assert_eq(fork_parse(knob, &fork, &diag), ERR_NONE);
    fork_options(&fork, &o);
    cr_assert_eq(fork_net(&fork, net, out, &diag), ERR_NONE, "%s", diag.text);
    cr_assert_eq(trainer_new(*out, &data, &o, &to, &forked, &diag), ERR_NONE, "%s", diag.text);
}

Test(trainer, a_fork_goes_on_from_the_moment_and_remembers_no_earlier_one)
{
    struct run run;
    struct run_options o = choose("sgd", 0);
    struct net *other = NULL;
    start(o, (struct trainer_options){.paused = true, .timeline = 1 << 20});
    steps(30, 30);
    order(TRAINER_SEEK, 20);
    wait_for(TRAINER_PAUSED, 20);
    fork_off("same", o, (struct trainer_options){.paused = true, .timeline = 1 << 20}, &other);
    const struct moment *m = trainer_moment(forked);
    cr_assert_eq(m->step, 20);
    cr_assert_eq(memcmp(m->weights.params, moment.weights.params, net->params * sizeof(float)), 0);
    cr_assert_eq(memcmp(m->grads, moment.grads, net->params * sizeof(float)), 0);
    order(TRAINER_SEEK, 30); /* the old one still has its future */
    wait_for(TRAINER_PAUSED, 30);
    struct trainer *old = trainer;
    trainer = forked;
    look();
    cr_assert_eq(seen.first, 20);
    cr_assert_eq(seen.history.series[HISTORY_TRAIN_LOSS].count, 20, "the curves up to there");
    steps(15, 35);
    straight(&run, o, 35, 0, NULL, NULL);
    assert_same(&run, "the same bits");
    run_fini(&run);
    order(TRAINER_SEEK, 5);
    wait_for(TRAINER_PAUSED, 20);
    straight(&run, o, 20, 0, NULL, NULL);
    assert_same(&run, "where it began");
    run_fini(&run);
    order(TRAINER_RESET, 3);
    wait_for(TRAINER_PAUSED, 0);
    cr_assert_eq(seen.first, 0);
    trainer_free(old);
    trainer_free(trainer);
    trainer = NULL;
    net_free(other);
}

Test(trainer, two_in_a_race_keep_step)
{
    static struct trainer_race race; /* outlives a failure: the threads look at it */
    struct run_options o = choose("sgd", 0);
    struct net *other = NULL;
    trainer_race_init(&race);
    start(o, (struct trainer_options){.paused = true, .race = &race, .lane = 0});
    steps(10, 10);
    fork_off("optimizer=adam", o, (struct trainer_options){.paused = true, .race = &race, .lane = 1}, &other);
    steps(40, 50);                            /* who doesn't run holds nobody back */
    trainer_send(forked, TRAINER_SPEED, 200); /* a slow one holds the other back */
    trainer_send(forked, TRAINER_GO, 0);
    double end = clock_now() + 20;
    while (atomic_load(&race.step[1]) == LONG_MAX) { /* it is on its way when the other one starts */
        cr_assert_lt(clock_now(), end);
        usleep(500);
    }
    order(TRAINER_GO, 0);
    long slow = 10;
    while (slow < 150) {
        const struct trainer_report *r = trainer_report(forked);
        slow = r ? r->step : slow;
        look();
        cr_assert_lt(clock_now(), end, "at %ld and %ld", seen.step, slow);
        cr_assert_leq(seen.step, (slow > 50 ? slow : 50) + 60, "%ld, far ahead of %ld", seen.step, slow);
        usleep(500);
    }
    cr_assert_geq(seen.step, 100, "at %ld, far behind %ld", seen.step, slow);
    trainer_send(forked, TRAINER_PAUSE, 0);
    while (look(), seen.step < slow + 300)
        cr_assert_lt(clock_now(), end, "it stands at %ld though the other pauses", seen.step);
    trainer_free(forked);
    net_free(other);
}
