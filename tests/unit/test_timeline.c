/** The past to the bit: every step that is sought against a run that went straight there. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "nn/model.h"
#include "toy.h"
#include "train/state.h"
#include "train/timeline.h"

static const char *const models[] = {
    "input 1x8x8\nflatten\ndense 12\ntanh\ndense 4\n",
    "input 1x8x8\nconv 4 3x3\nbatchnorm\nrelu\nmaxpool 2\nflatten\ndropout 0.3\ndense 4\n",
};

enum { STEPS = 70, CHANGED = 21 };

static struct run_options choose(const char *optimizer)
{
    struct run_options o = run_defaults();
    o.optimizer = optimizer;
    o.batch = 24;
    o.seed = 9;
    o.augment = "shift=1,noise=0.1";
    o.adversarial = "pgd:0.05,steps=2,share=0.5";
    return o;
}

/* The rate is changed by hand after CHANGED steps. */
static void change_rate(struct run *run)
{
    run->schedule.base *= 0.25;
}

static void assert_same(const struct run *a, const struct run *b, const char *what)
{
    size_t bytes = a->net->params * sizeof(float);
    cr_assert_eq(a->step, b->step, "%s: step %ld, not %ld", what, a->step, b->step);
    cr_assert_eq(memcmp(a->weights.params, b->weights.params, bytes), 0, "%s, step %ld: parameters", what,
                 a->step);
    cr_assert_eq(memcmp(a->weights.buffers, b->weights.buffers, a->net->buffers * sizeof(float)), 0,
                 "%s, step %ld: buffers", what, a->step);
    cr_assert_eq(memcmp(a->grads, b->grads, bytes), 0, "%s, step %ld: gradients", what, a->step);
    cr_assert_eq(a->optimizer.step, b->optimizer.step);
    for (int i = 0; i < a->optimizer.type->slots; i++)
        cr_assert_eq(memcmp(a->optimizer.slot[i], b->optimizer.slot[i], bytes), 0, "%s, step %ld: %s", what,
                     a->step, a->optimizer.type->slot_name[i]);
    cr_assert(a->schedule.base == b->schedule.base && a->lr == b->lr && a->loss_mean == b->loss_mean);
    cr_assert(a->epoch_loss == b->epoch_loss && a->epoch_correct == b->epoch_correct &&
              a->epoch_images == b->epoch_images && a->accuracy == b->accuracy &&
              a->grad_norm == b->grad_norm);
}

/* Trains STEPS steps with a timeline, then seeks here and there, each time beside a run that goes straight. */
static void check(struct net *net, struct run_options o, size_t budget)
{
    static const long order[] = {33, 0, 1, 70, 69, 8, 21, 22, 20, 47, 7};
    struct dataset data = toy_data((struct shape){1, 8, 8}, 4, 203, 0);
    struct run run, straight;
    struct timeline *t = NULL;
    cr_assert_eq(run_init(&run, net, &data, NULL, &o, NULL), ERR_NONE);
    cr_assert_eq(timeline_new(&run, budget, &t, NULL), ERR_NONE);
    timeline_visit(t, &run);
    while (run.step < STEPS) {
        if (run.step == CHANGED) {
            change_rate(&run);
            cr_assert_eq(timeline_schedule(t, &run, NULL), ERR_NONE);
        }
        cr_assert_eq(run_step(&run, NULL), ERR_NONE);
        timeline_visit(t, &run);
    }
    struct timeline_rate rate = {0}; /* of a schedule that isn't constant it can't tell one */
    cr_assert_eq(timeline_rates(t, &rate, 1), o.schedule ? -1 : 1);
    cr_assert(o.schedule || (rate.step == CHANGED && rate.rate == run.schedule.base));
    cr_assert_eq(timeline_rates(t, &rate, 0), -1);
    for (int i = 0; i < ARRAY_LEN(order); i++) {
        cr_assert_eq(run_init(&straight, net, &data, NULL, &o, NULL), ERR_NONE);
        while (straight.step < order[i]) {
            cr_assert_eq(run_step(&straight, NULL), ERR_NONE);
            if (straight.step == CHANGED)
                change_rate(&straight);
        }
        cr_assert_eq(timeline_seek(t, &run, order[i], NULL, NULL), ERR_NONE);
        assert_same(&run, &straight, o.optimizer);
        run_fini(&straight);
    }
    timeline_free(t);
    run_fini(&run);
}

Test(timeline, any_step_comes_back_to_the_bit)
{
    for (int m = 0; m < ARRAY_LEN(models); m++)
        for (int k = 0; optimizer_types[k]; k++) {
            struct net *net = NULL;
            cr_assert_eq(model_parse(models[m], "model", NULL, &net, NULL), ERR_NONE);
            struct run_options o = choose(optimizer_types[k]->name);
            check(net, o, 0); /* two keyframes */
            check(net, o, 100 << 10);
            o.schedule = "step:every=30,factor=0.5";
            check(net, o, 100 << 20);
            net_free(net);
        }
}

/* Visits steps 0 to `last`; keyframes don't ask what is in the weights. */
static void visit(struct timeline *t, struct run *run, long last)
{
    for (run->step = 0; run->step <= last; run->step++)
        timeline_visit(t, run);
    run->step = last;
}

/* Stops are apart by one spacing or two, whenever one looks. */
static void check_stops(const struct timeline *t, long last, int least, int most)
{
    int stops = 0;
    long next = last + 1, spacing = timeline_spacing(t);
    for (long stop = timeline_before(t, last); stop >= 0; stops++) {
        cr_assert_leq(next - stop, 2 * spacing, "after %ld steps: stops %ld and %ld, spacing %ld", last, stop,
                      next, spacing);
        cr_assert_eq(stop % spacing, 0);
        next = stop;
        stop = timeline_before(t, stop - 1);
    }
    cr_assert_eq(next, 0, "the first step stays");
    cr_assert(stops >= least && stops <= most, "%d stops after %ld steps", stops, last);
}

Test(timeline, stays_even_and_within_its_budget)
{
    static const long lengths[] = {7, 8, 100, 800, 801, 1000, 1599, 1600, 5000, 100000, 1234567};
    enum { KEYFRAMES = 100 };
    struct dataset data = toy_data((struct shape){1, 8, 8}, 4, 203, 0);
    struct run_options o = choose("sgd");
    struct net *net = NULL;
    struct run run;
    cr_assert_eq(model_parse(models[0], "model", NULL, &net, NULL), ERR_NONE);
    cr_assert_eq(run_init(&run, net, &data, NULL, &o, NULL), ERR_NONE);
    for (int i = 0; i < ARRAY_LEN(lengths); i++) {
        struct timeline *t = NULL;
        cr_assert_eq(
            timeline_new(&run, 2 * state_bytes(&run, true) + KEYFRAMES * state_bytes(&run, false), &t, NULL),
            ERR_NONE);
        cr_assert_eq(timeline_before(t, 5), -1);
        cr_assert_eq(timeline_seek(t, &run, 0, NULL, NULL), ERR_RANGE);
        visit(t, &run, lengths[i]);
        cr_assert_leq(timeline_keyframes(t), KEYFRAMES + 1);
        if (lengths[i] > 8 * KEYFRAMES)
            cr_assert_geq(timeline_keyframes(t), KEYFRAMES, "places aren't left empty: %d",
                          timeline_keyframes(t));
        int most = lengths[i] / 8 < KEYFRAMES ? (int)(lengths[i] / 8) + 1 : KEYFRAMES + 1;
        check_stops(t, lengths[i], most < KEYFRAMES ? most : KEYFRAMES - 1, most);
        timeline_cut(t, lengths[i] / 2);
        cr_assert_leq(timeline_before(t, lengths[i]), lengths[i] / 2 + 1, "the stop after the last keyframe");
        timeline_cut(t, -1);
        cr_assert_eq(timeline_keyframes(t), 0);
        timeline_free(t);
    }
    run_fini(&run);
    net_free(net);
}

Test(timeline, what_is_near_takes_few_steps_to_reach)
{
    struct dataset data = toy_data((struct shape){1, 8, 8}, 4, 203, 0);
    struct run_options o = choose("sgd");
    struct net *net = NULL;
    struct run run;
    struct timeline *t = NULL;
    cr_assert_eq(model_parse(models[0], "model", NULL, &net, NULL), ERR_NONE);
    cr_assert_eq(run_init(&run, net, &data, NULL, &o, NULL), ERR_NONE);
    cr_assert_eq(timeline_new(&run, 20 * state_bytes(&run, true), &t, NULL), ERR_NONE);
    visit(t, &run, 10005);
    long spacing = timeline_spacing(t);
    for (long step = 0; step <= 10005; step += 7) {
        long near = timeline_near(t, step, 10005, 10005, 10), before = timeline_before(t, near);
        cr_assert_leq(labs(near - step), spacing, "step %ld, near %ld", step, near);
        cr_assert(near == step || near == before, "%ld is no stop", near);
        cr_assert_lt(near - before, 10);
        cr_assert(step - timeline_before(t, step) >= 10 || near == step, "%ld is near enough to be shown",
                  step);
    }
    cr_assert_eq(timeline_near(t, 10005, 0, 10005, 10), timeline_before(t, 10005), "nobody has left it yet");
    timeline_leave(t, &run);
    cr_assert_eq(timeline_near(t, 10005, 0, 10005, 10), 10005);
    cr_assert_eq(timeline_near(t, 10004, 0, 10005, 10), 10005);
    cr_assert_eq(timeline_near(t, 777, 0, 10005, 1000000), 777);
    for (long at = 0; at < 10005;) { /* a step forward is one, however small; and back again */
        long next = timeline_near(t, at + 1, at, 10005, 1);
        cr_assert(next > at && next - at <= 2 * spacing, "from %ld to %ld", at, next);
        cr_assert_eq(timeline_near(t, next - 1, next, 10005, 1), at);
        at = next;
    }
    cr_assert_eq(timeline_seek(t, &run, 10005, NULL, NULL), ERR_NONE);
    cr_assert_eq(run.step, 10005);
    timeline_free(t);
    run_fini(&run);
    net_free(net);
}

Test(timeline, a_seek_can_be_left)
{
    struct dataset data = toy_data((struct shape){1, 8, 8}, 4, 203, 0);
    struct run_options o = choose("sgd");
    struct net *net = NULL;
    struct run run;
    struct timeline *t = NULL;
    atomic_bool cancel;
    atomic_init(&cancel, true);
    cr_assert_eq(model_parse(models[0], "model", NULL, &net, NULL), ERR_NONE);
    cr_assert_eq(run_init(&run, net, &data, NULL, &o, NULL), ERR_NONE);
    cr_assert_eq(timeline_new(&run, 1 << 20, &t, NULL), ERR_NONE);
    timeline_visit(t, &run);
    for (int i = 0; i < 5; i++)
        cr_assert_eq(run_step(&run, NULL), ERR_NONE);
    cr_assert_eq(timeline_seek(t, &run, 5, &cancel, NULL), ERR_NONE);
    cr_assert_eq(run.step, 0);
    timeline_free(t);
    run_fini(&run);
    net_free(net);
}
