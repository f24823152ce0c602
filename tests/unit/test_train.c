/** What training is made of: optimizers and schedules by their definitions, curves against all values, runs against themselves. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nn/model.h"
#include "toy.h"
#include "train/evaluate.h"
#include "train/history.h"
#include "train/run.h"

static const char conv_model[] = "input 1x8x8\nfirst: conv 4 3x3\nbatchnorm\nrelu\nmaxpool 2\nflatten\n"
                                 "dropout 0.3\nlast: dense 4\n";
static const char flat_model[] = "input 1x8x8\nflatten\nfirst: dense 24\nrelu\nlast: dense 4\nsoftmax\n";
static const char *const models[] = {conv_model, flat_model};

static struct net *parse(const char *text)
{
    struct net *net = NULL;
    struct diag diag = {0};
    cr_assert_eq(model_parse(text, "model", NULL, &net, &diag), ERR_NONE, "%s", diag.text);
    return net;
}

/* ---- optimizers ---- */

/* One number, step by step, in doubles, as the papers have it. */
struct scalar {
    double p, m, v;
};

static void define(const char *name, const struct optimizer_options *o, long t, double lr, double g,
                   struct scalar *s)
{
    double b1 = (double)o->beta1, b2 = (double)o->beta2, decay = (double)o->weight_decay;
    double mu = (double)o->momentum;
    if (strcmp(name, "adamw") == 0)
        s->p -= lr * decay * s->p;
    else
        g += decay * s->p;
    if (strcmp(name, "sgd") == 0) {
        s->m = mu * s->m + g;
        s->p -= lr * (o->nesterov ? g + mu * s->m : s->m);
        return;
    }
    s->m = b1 * s->m + (1 - b1) * g;
    s->v = b2 * s->v + (1 - b2) * g * g;
    s->p -= lr * (s->m / (1 - pow(b1, (double)t))) / (sqrt(s->v / (1 - pow(b2, (double)t))) + (double)o->eps);
}

static void check_optimizer(const struct optimizer_type *type, struct optimizer_options options)
{
    enum { COUNT = 70001, STEPS = 6 }; /* more than two of the pieces that a team shares out */
    struct rng rng;
    struct scalar *want = calloc(COUNT, sizeof *want);
    float *p[3], *g = malloc(COUNT * sizeof *g);
    struct optimizer o[3];
    struct team *team[3];
    rng_init(&rng, 4);
    for (int k = 0; k < 3; k++) {
        p[k] = malloc(COUNT * sizeof *p[k]);
        team[k] = team_new(k + 1);
        cr_assert_eq(optimizer_init(&o[k], type, options, COUNT, NULL), ERR_NONE);
    }
    for (int i = 0; i < COUNT; i++) {
        p[0][i] = p[1][i] = p[2][i] = rng_normal(&rng);
        want[i].p = (double)p[0][i];
    }
    for (long t = 1; t <= STEPS; t++) {
        float lr = 0.01f * (float)t;
        for (int i = 0; i < COUNT; i++) {
            g[i] = rng_normal(&rng);
            define(type->name, &options, t, (double)lr, (double)g[i], &want[i]);
        }
        for (int k = 0; k < 3; k++)
            optimizer_step(&o[k], lr, p[k], g, team[k]);
        for (int i = 0; i < COUNT; i++)
            cr_assert_float_eq((double)p[0][i], want[i].p, 2e-5 * (1 + fabs(want[i].p)), "%s, step %ld",
                               type->name, t);
    }
    for (int k = 1; k < 3; k++)
        cr_assert_eq(memcmp(p[0], p[k], COUNT * sizeof(float)), 0, "%s with %d threads", type->name, k + 1);
    for (int k = 0; k < 3; k++) {
        optimizer_fini(&o[k]);
        team_free(team[k]);
        free(p[k]);
    }
    free(want);
    free(g);
}

Test(train, optimizers_do_what_their_papers_say)
{
    for (int k = 0; optimizer_types[k]; k++)
        for (int variant = 0; variant < 3; variant++) {
            struct optimizer_options o = optimizer_types[k]->defaults;
            if (variant > 0)
                o.weight_decay = 0.05f;
            o.nesterov = variant > 1;
            check_optimizer(optimizer_types[k], o);
        }
}

/* ---- schedules ---- */

static struct schedule schedule(const char *text, long total)
{
    struct schedule s = {0};
    struct diag diag = {0};
    cr_assert_eq(schedule_parse(text, &s, &diag), ERR_NONE, "%s", diag.text);
    s.base = 0.5;
    s.total = total;
    return s;
}

Test(train, schedules)
{
    struct schedule s = schedule("constant", 100);
    cr_assert(schedule_rate(&s, 0) == 0.5 && schedule_rate(&s, 1000) == 0.5);
    s = schedule("step:every=10,factor=0.5", 100);
    cr_assert(schedule_rate(&s, 9) == 0.5 && schedule_rate(&s, 10) == 0.25 &&
              schedule_rate(&s, 39) == 0.0625);
    s = schedule("step", 90); /* a third of it, a tenth each time */
    cr_assert_float_eq(schedule_rate(&s, 29), 0.5, 1e-12);
    cr_assert_float_eq(schedule_rate(&s, 60), 0.005, 1e-12);
    s = schedule("cosine", 100);
    cr_assert_float_eq(schedule_rate(&s, 0), 0.5, 1e-12);
    cr_assert_float_eq(schedule_rate(&s, 50), 0.25, 1e-12);
    cr_assert_float_eq(schedule_rate(&s, 25), 0.25 * (1 + sqrt(0.5)), 1e-12);
    cr_assert_float_eq(schedule_rate(&s, 100), 0, 1e-12);
    s = schedule("cosine", 0);
    cr_assert_eq(schedule_rate(&s, 12345), 0.5, "endless: no end to go down to");
    s = schedule("constant:warmup=4", 100);
    for (int i = 0; i < 4; i++)
        cr_assert_float_eq(schedule_rate(&s, i), 0.5 * (i + 1) / 5, 1e-12);
    cr_assert_float_eq(schedule_rate(&s, 4), 0.5, 1e-12);
}

Test(train, wrong_schedules_are_refused)
{
    static const char *const wrong[] = {"",
                                        "linear",
                                        "step:",
                                        "step:every",
                                        "step:every=0",
                                        "step:factor=2",
                                        "step:factor=0",
                                        "cosine:warmup=-1",
                                        "cosine:warmup=1x",
                                        "cosine;warmup=1"};
    for (int i = 0; i < ARRAY_LEN(wrong); i++) {
        struct schedule s = {0};
        struct diag diag = {0};
        cr_assert_neq(schedule_parse(wrong[i], &s, &diag), ERR_NONE, "'%s'", wrong[i]);
        cr_assert_gt(strlen(diag.text), 10);
    }
}

/* ---- curves ---- */

/* What a point should be, from all values. */
static void check_point(const struct history_point *p, const double *value)
{
    double sum = 0, low = INFINITY, high = -INFINITY;
    for (long i = p->first; i <= p->last; i++) {
        sum += value[i];
        low = fmin(low, value[i]);
        high = fmax(high, value[i]);
    }
    cr_assert_eq(p->values, p->last - p->first + 1);
    cr_assert_float_eq((double)p->mean, sum / p->values, 1e-5);
    cr_assert(p->low == (float)low && p->high == (float)high);
}

static void check_series(const struct series *s, const double *value, long last)
{
    cr_assert_leq(s->count, s->capacity);
    cr_assert_eq(s->point[0].first, 1);
    cr_assert_eq(s->point[s->count - 1].last, last);
    for (int i = 0; i < s->count; i++) {
        check_point(&s->point[i], value);
        if (i > 0)
            cr_assert_eq(s->point[i].first, s->point[i - 1].last + 1);
        if (i < s->count - 1)
            cr_assert_eq(s->point[i].values, s->per_point);
    }
}

Test(train, curves_halve_themselves_instead_of_growing)
{
    enum { VALUES = 3000 };
    static double value[VALUES + 1];
    struct history h, copy;
    struct rng rng;
    rng_init(&rng, 2);
    cr_assert_eq(history_init(&h, 16, NULL), ERR_NONE);
    cr_assert_eq(history_init(&copy, 16, NULL), ERR_NONE);
    cr_assert_null(history_at(&h, HISTORY_TRAIN_LOSS, 5));
    for (long i = 1; i <= VALUES; i++) {
        value[i] = (double)rng_normal(&rng);
        history_add(&h, HISTORY_TRAIN_LOSS, i, value[i]);
        check_series(&h.series[HISTORY_TRAIN_LOSS], value, i);
    }
    cr_assert_geq(h.series[HISTORY_TRAIN_LOSS].count, 8, "at least half of the room is used");
    history_copy(&copy, &h);
    check_series(&copy.series[HISTORY_TRAIN_LOSS], value, VALUES);
    for (long i = 1; i <= VALUES; i += 7) {
        const struct history_point *p = history_at(&h, HISTORY_TRAIN_LOSS, i);
        cr_assert(p && p->first <= i && i <= p->last);
    }
    history_cut(&h, 1700);
    const struct series *s = &h.series[HISTORY_TRAIN_LOSS];
    cr_assert_leq(s->point[s->count - 1].last, 1700);
    cr_assert_gt(s->point[s->count - 1].last, 1700 - s->per_point);
    history_cut(&h, 0);
    cr_assert(s->count == 0 && s->per_point == 1);
    history_fini(&h);
    history_fini(&copy);
}

/* ---- runs ---- */

static struct run_options choose(const char *optimizer)
{
    struct run_options o = run_defaults();
    o.optimizer = optimizer;
    o.batch = 50;
    o.epochs = 4;
    o.seed = 3;
    return o;
}

static void assert_same_weights(const struct run *a, const struct run *b, const char *what)
{
    cr_assert_eq(memcmp(a->weights.params, b->weights.params, a->net->params * sizeof(float)), 0, "%s", what);
    cr_assert_eq(memcmp(a->weights.buffers, b->weights.buffers, a->net->buffers * sizeof(float)), 0, "%s",
                 what);
    cr_assert_eq(a->loss_mean, b->loss_mean, "%s", what);
}

Test(train, any_number_of_threads_gives_the_same_bits)
{
    struct dataset data = toy_data((struct shape){1, 8, 8}, 4, 203, 0);
    for (int m = 0; m < ARRAY_LEN(models); m++)
        for (int k = 0; optimizer_types[k]; k++) {
            struct net *net = parse(models[m]);
            struct run_options o = choose(optimizer_types[k]->name);
            struct run run[3];
            o.augment = "shift=1,noise=0.1";
            o.adversarial = "pgd:0.1,steps=2,share=0.7";
            for (int t = 0; t < 3; t++) {
                struct team *team = team_new(t + 1);
                cr_assert_eq(run_init(&run[t], net, &data, team, &o, NULL), ERR_NONE);
                for (int i = 0; i < 12; i++)
                    cr_assert_eq(run_step(&run[t], NULL), ERR_NONE);
                team_free(team);
            }
            assert_same_weights(&run[0], &run[1], "2 threads");
            assert_same_weights(&run[0], &run[2], "3 threads");
            for (int t = 0; t < 3; t++)
                run_fini(&run[t]);
            net_free(net);
        }
}

Test(train, another_seed_is_another_run_and_reset_gives_each)
{
    struct dataset data = toy_data((struct shape){1, 8, 8}, 4, 203, 0);
    struct net *net = parse(conv_model);
    struct run_options o = choose("adam");
    struct run a, b;
    cr_assert_eq(run_init(&a, net, &data, NULL, &o, NULL), ERR_NONE);
    o.seed = 4;
    cr_assert_eq(run_init(&b, net, &data, NULL, &o, NULL), ERR_NONE);
    for (int i = 0; i < 7; i++)
        cr_assert(!run_step(&a, NULL) && !run_step(&b, NULL));
    cr_assert_neq(memcmp(a.weights.params, b.weights.params, net->params * sizeof(float)), 0);
    run_reset(&a, 4);
    for (int i = 0; i < 7; i++)
        cr_assert(!run_step(&a, NULL));
    assert_same_weights(&a, &b, "reset");
    run_fini(&a);
    run_fini(&b);
    net_free(net);
}

Test(train, it_learns_and_the_sums_of_an_epoch_are_those_of_its_batches)
{
    struct dataset data = toy_data((struct shape){1, 8, 8}, 4, 203, 0);
    for (int m = 0; m < ARRAY_LEN(models); m++) {
        struct net *net = parse(models[m]);
        struct run_options o = choose("adam");
        struct run run;
        double loss = 0, correct = 0, first = 0;
        o.epochs = 10;
        o.lr = 0.01;
        cr_assert_eq(run_init(&run, net, &data, NULL, &o, NULL), ERR_NONE);
        cr_assert_eq(run.batches.per_epoch, 5);
        cr_assert_eq(run.total, 50);
        while (!run_done(&run)) {
            if (run.step % 5 == 0)
                loss = correct = 0;
            cr_assert_eq(run_step(&run, NULL), ERR_NONE);
            loss += run.loss_mean * run.batches.n;
            correct += run.accuracy * run.batches.n;
            cr_assert_float_eq(run.epoch_loss, loss, 1e-9 * loss);
            cr_assert_float_eq((double)run.epoch_correct, correct, 1e-6);
            if (run.step == 5)
                first = loss;
            if (run.step % 5 == 0)
                cr_assert_eq(run.epoch_images, 203);
        }
        cr_assert_lt(loss, 0.7 * first, "from %g to %g", first, loss);
        run_fini(&run);
        net_free(net);
    }
}

Test(train, numbers_that_go_wrong_name_the_layer_and_change_nothing)
{
    static const char *const poisoned[] = {"first", "last"};
    struct dataset data = toy_data((struct shape){1, 8, 8}, 4, 203, 0);
    for (int m = 0; m < ARRAY_LEN(models); m++)
        for (int i = 0; i < ARRAY_LEN(poisoned); i++) {
            struct net *net = parse(models[m]);
            struct run_options o = choose("adam");
            struct run run;
            struct diag diag = {0};
            char name[80];
            cr_assert_eq(run_init(&run, net, &data, NULL, &o, NULL), ERR_NONE);
            for (int k = 0; k < 3; k++)
                cr_assert_eq(run_step(&run, NULL), ERR_NONE);
            const struct layer *l = &net->layer[net_find(net, poisoned[i])];
            run.weights.params[l->param[0].offset + 1] = i ? NAN : INFINITY;
            float *before = malloc(net->params * sizeof *before);
            memcpy(before, run.weights.params, net->params * sizeof *before);
            cr_assert_eq(run_step(&run, &diag), ERR_NUMBERS);
            snprintf(name, sizeof name, "layer '%s'", poisoned[i]);
            cr_assert_not_null(strstr(diag.text, name), "%s", diag.text);
            cr_assert_not_null(strstr(diag.text, "step 4"), "%s", diag.text);
            cr_assert_eq(run.step, 3);
            cr_assert_eq(run.optimizer.step, 3);
            cr_assert_eq(memcmp(before, run.weights.params, net->params * sizeof *before), 0);
            free(before);
            run_fini(&run);
            net_free(net);
        }
}

Test(train, a_loss_beyond_all_bounds_stops_it_before_the_weights_change)
{
    struct dataset data = toy_data((struct shape){1, 8, 8}, 4, 203, 0);
    for (int m = 0; m < ARRAY_LEN(models); m++) {
        struct net *net = parse(models[m]);
        struct run_options o = choose("sgd");
        struct run run;
        struct diag diag = {0};
        cr_assert_eq(run_init(&run, net, &data, NULL, &o, NULL), ERR_NONE);
        const struct layer *last = &net->layer[net_find(net, "last")];
        for (size_t k = 0; k < last->param[0].count; k++) /* logits that are large, wrong and finite */
            run.weights.params[last->param[0].offset + k] *= k % 2 ? 1e7f : -1e7f;
        float before = run.weights.params[last->param[0].offset];
        cr_assert_eq(run_step(&run, &diag), ERR_NUMBERS);
        cr_assert_not_null(strstr(diag.text, "step 1: training has diverged"), "%s", diag.text);
        cr_assert_not_null(strstr(diag.text, "layer 'last'"), "%s", diag.text);
        cr_assert_eq(run.step, 0);
        cr_assert_eq(run.weights.params[last->param[0].offset], before);
        run_fini(&run);
        net_free(net);
    }
}

Test(train, what_does_not_fit_is_refused)
{
    struct dataset data = toy_data((struct shape){1, 8, 8}, 4, 20, 0);
    struct net *net = parse(flat_model);
    struct run_options good = choose("sgd"), o = good;
    struct run run;
    struct diag diag = {0};
    o.optimizer = "lbfgs";
    cr_assert_eq(run_init(&run, net, &data, NULL, &o, &diag), ERR_UNKNOWN);
    cr_assert(strstr(diag.text, "lbfgs") && strstr(diag.text, "adamw"), "%s", diag.text);
    o = good;
    o.loss = "hinge";
    cr_assert_eq(run_init(&run, net, &data, NULL, &o, &diag), ERR_UNKNOWN);
    o = good;
    o.schedule = "often";
    cr_assert_neq(run_init(&run, net, &data, NULL, &o, &diag), ERR_NONE);
    data.shape.h = 9;
    cr_assert_eq(run_init(&run, net, &data, NULL, &good, &diag), ERR_SHAPE);
    cr_assert(strstr(diag.text, "1x9x8") && strstr(diag.text, "1x8x8"), "%s", diag.text);
    data.shape.h = 8;
    data.classes = 5;
    cr_assert_eq(run_init(&run, net, &data, NULL, &good, &diag), ERR_SHAPE);
    data.classes = 4;
    data.count[SPLIT_TRAIN] = 0;
    cr_assert_eq(run_init(&run, net, &data, NULL, &good, &diag), ERR_RANGE);
    net_free(net);
}

/* ---- evaluation ---- */

Test(train, evaluation_is_the_sum_over_single_images)
{
    struct dataset data = toy_data((struct shape){1, 8, 8}, 4, 60, 300);
    struct net *net = parse(conv_model);
    struct run_options o = choose("sgd");
    struct run run;
    struct evaluator *e = NULL;
    struct pass *pass = NULL;
    struct evaluation got = {0};
    struct team *team = team_new(2);
    long confusion[16] = {0};
    double loss = 0;
    int correct = 0;
    float x[64];
    cr_assert_eq(run_init(&run, net, &data, NULL, &o, NULL), ERR_NONE);
    while (!run_done(&run))
        cr_assert_eq(run_step(&run, NULL), ERR_NONE);
    cr_assert_eq(pass_new(net, (struct pass_options){.capacity = 1, .lanes = 1}, &pass, NULL), ERR_NONE);
    for (int i = 10; i < 300; i++) {
        int label = dataset_read_floats(&data, SPLIT_TEST, i, x);
        net_forward(net, &run.weights, pass, 1, x, MODE_INFER);
        const float *z = pass_logits(pass);
        loss += (double)loss_cross_entropy.value(4, z, label, 1, NULL);
        correct += argmax(4, z) == label;
        confusion[label * 4 + argmax(4, z)]++;
    }
    cr_assert_eq(evaluator_new(net, &data, team, &e, NULL), ERR_NONE);
    for (int twice = 0; twice < 2; twice++) {
        cr_assert(evaluator_run(e, &run.weights, run.loss, SPLIT_TEST, 10, 1000, true, NULL, &got));
        cr_assert_eq(got.count, 290);
        cr_assert_float_eq(got.loss, loss / 290, 1e-5);
        cr_assert_float_eq(got.accuracy, correct / 290.0, 1e-12);
        cr_assert_eq(memcmp(got.confusion, confusion, sizeof confusion), 0);
    }
    atomic_bool cancel;
    atomic_init(&cancel, true);
    cr_assert_not(evaluator_run(e, &run.weights, run.loss, SPLIT_TEST, 0, 300, false, &cancel, &got));
    evaluation_fini(&got);
    evaluator_free(e);
    pass_free(pass);
    run_fini(&run);
    team_free(team);
    net_free(net);
}
