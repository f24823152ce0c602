/** Checkpoints: a run that is saved and restored goes on like one that never stopped; wrong ones are refused and change nothing. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "nn/model.h"
#include "nn/weights.h"
#include "tensor/safetensors.h"
#include "toy.h"
#include "train/checkpoint.h"

static const char model[] =
    "input 1x8x8\nconv 4 3x3\nbatchnorm\nrelu\nmaxpool 2\nflatten\ndropout 0.3\ndense 4\n";

static char folder[] = "/tmp/fovea-checkpoint-XXXXXX";
static struct net *net;
static struct dataset data;

static void setup(void)
{
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
    cr_assert_eq(model_parse(model, "model", NULL, &net, NULL), ERR_NONE);
    data = toy_data((struct shape){1, 8, 8}, 4, 203, 0);
}

static void teardown(void)
{
    char command[128];
    net_free(net);
    snprintf(command, sizeof command, "rm -r %s", folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(checkpoint, .init = setup, .fini = teardown);

static struct run_options choose(const char *optimizer)
{
    struct run_options o = run_defaults();
    o.optimizer = optimizer;
    o.epochs = 9;
    o.batch = 24;
    o.seed = 0xfedcba9876543210;
    o.lr = 0.012345678901234567;
    o.weight_decay = 1e-3;
    o.augment = "shift=1,noise=0.1";
    o.adversarial = "pgd:0.1,steps=2,share=0.5";
    return o;
}

static void start(struct run *run, const struct run_options *o)
{
    struct diag diag = {0};
    cr_assert_eq(run_init(run, net, &data, NULL, o, &diag), ERR_NONE, "%s", diag.text);
}

static void train(struct run *run, struct history *h, long until)
{
    while (run->step < until) {
        cr_assert_eq(run_step(run, NULL), ERR_NONE);
        if (h) {
            history_add(h, HISTORY_TRAIN_LOSS, run->step, run->loss_mean);
            if (run->step % 10 == 0)
                history_add(h, HISTORY_TEST_ACCURACY, run->step, run->accuracy);
        }
    }
}

static void assert_same(const struct run *a, const struct run *b)
{
    size_t bytes = net->params * sizeof(float);
    cr_assert_eq(a->step, b->step);
    cr_assert_eq(a->reported, b->reported);
    cr_assert_eq(a->optimizer.step, b->optimizer.step);
    cr_assert_eq(memcmp(a->weights.params, b->weights.params, bytes), 0);
    cr_assert_eq(memcmp(a->weights.buffers, b->weights.buffers, net->buffers * sizeof(float)), 0);
    for (int i = 0; i < a->optimizer.type->slots; i++)
        cr_assert_eq(memcmp(a->optimizer.slot[i], b->optimizer.slot[i], bytes), 0);
    cr_assert(a->lr == b->lr && a->loss_mean == b->loss_mean && a->accuracy == b->accuracy &&
              a->grad_norm == b->grad_norm && a->epoch_loss == b->epoch_loss &&
              a->epoch_correct == b->epoch_correct && a->epoch_images == b->epoch_images);
    cr_assert(a->schedule.type == b->schedule.type && a->schedule.base == b->schedule.base &&
              a->schedule.total == b->schedule.total && a->schedule.warmup == b->schedule.warmup &&
              a->schedule.every == b->schedule.every && a->schedule.factor == b->schedule.factor);
}

static void assert_same_history(const struct history *a, const struct history *b)
{
    for (int i = 0; i < HISTORY_SERIES; i++) {
        const struct series *x = &a->series[i], *y = &b->series[i];
        cr_assert_eq(x->count, y->count, "%s", history_names[i]);
        cr_assert_eq(x->per_point, y->per_point);
        for (int k = 0; k < x->count; k++)
            cr_assert(x->point[k].first == y->point[k].first && x->point[k].last == y->point[k].last &&
                      x->point[k].mean == y->point[k].mean && x->point[k].low == y->point[k].low &&
                      x->point[k].high == y->point[k].high && x->point[k].values == y->point[k].values);
    }
}

Test(checkpoint, a_restored_run_goes_on_to_the_same_bits)
{
    static const long stops[] = {0, 1, 8, 9, 10, 50, 81};
    for (int k = 0; optimizer_types[k]; k++)
        for (int i = 0; i < ARRAY_LEN(stops); i++) {
            struct run_options o = choose(optimizer_types[k]->name);
            struct run straight, stopped, resumed;
            struct history straight_h, stopped_h, resumed_h;
            struct checkpoint_info info;
            struct diag diag = {0};
            if (i % 2)
                o.schedule = "step:every=13,factor=0.7";
            start(&straight, &o);
            start(&stopped, &o);
            cr_assert_eq(history_init(&straight_h, 16, NULL), ERR_NONE);
            cr_assert_eq(history_init(&stopped_h, 16, NULL), ERR_NONE);
            cr_assert_eq(history_init(&resumed_h, 16, NULL), ERR_NONE);
            train(&straight, &straight_h, 81);
            train(&stopped, &stopped_h, stops[i]);
            stopped.reported = straight.reported = 3;
            cr_assert_eq(checkpoint_save(&stopped, &stopped_h, "a", &diag), ERR_NONE, "%s", diag.text);
            cr_assert_eq(checkpoint_read("a", &info, &diag), ERR_NONE, "%s", diag.text);
            cr_assert_eq(info.step, stops[i]);
            cr_assert_str_eq(info.data, "toy");
            cr_assert_str_eq(info.model, net->text);
            start(&resumed, &info.options);
            cr_assert_eq(checkpoint_restore(&resumed, &resumed_h, "a", &diag), ERR_NONE, "%s", diag.text);
            assert_same(&resumed, &stopped);
            assert_same_history(&resumed_h, &stopped_h);
            train(&resumed, &resumed_h, 81);
            assert_same(&resumed, &straight);
            assert_same_history(&resumed_h, &straight_h);
            cr_assert(run_done(&resumed));
            checkpoint_info_fini(&info);
            history_fini(&straight_h);
            history_fini(&stopped_h);
            history_fini(&resumed_h);
            run_fini(&straight);
            run_fini(&stopped);
            run_fini(&resumed);
        }
}

Test(checkpoint, says_what_was_chosen)
{
    struct run_options o = choose("adamw");
    struct checkpoint_info info;
    struct run run;
    o.nesterov = true;
    o.loss = "mse";
    o.init = INIT_GLOROT;
    start(&run, &o);
    cr_assert_eq(checkpoint_save(&run, NULL, "a", NULL), ERR_NONE);
    cr_assert_eq(checkpoint_read("a", &info, NULL), ERR_NONE);
    const struct run_options *r = &info.options;
    cr_assert_str_eq(r->optimizer, "adamw");
    cr_assert_null(r->schedule);
    cr_assert_str_eq(r->loss, "mse");
    cr_assert_str_eq(r->augment, "shift=1,noise=0.1");
    cr_assert_str_eq(r->adversarial, "pgd:0.1,steps=2,share=0.5");
    cr_assert(r->lr == 0.012345678901234567 && r->seed == 0xfedcba9876543210 && r->init == INIT_GLOROT);
    cr_assert(r->epochs == 9 && r->batch == 24 && r->nesterov && (float)r->weight_decay == 1e-3f);
    checkpoint_info_fini(&info);
    run_fini(&run);
}

Test(checkpoint, serves_as_weights)
{
    struct run_options o = choose("adam");
    struct run run;
    struct history h;
    struct weights w;
    struct diag diag = {0};
    start(&run, &o);
    cr_assert_eq(history_init(&h, 16, NULL), ERR_NONE);
    train(&run, &h, 7);
    cr_assert_eq(checkpoint_save(&run, &h, "a", NULL), ERR_NONE);
    cr_assert_eq(weights_init(&w, net, NULL), ERR_NONE);
    cr_assert_eq(weights_load(&w, net, "a", &diag), ERR_NONE, "%s", diag.text);
    cr_assert_eq(memcmp(w.params, run.weights.params, net->params * sizeof(float)), 0);
    /* the same tensors in a file that isn't a checkpoint are strangers */
    struct safetensors_item items[64];
    struct weights_name names[64];
    int count = weights_tensors(net);
    for (int i = 0; i < count; i++)
        items[i] = weights_item(net, &w, i, &names[i]);
    items[count] = (struct safetensors_item){"optimizer.first", DTYPE_F32, 1, {1}, w.params};
    cr_assert_eq(safetensors_write("b", items, count + 1, NULL, 0, NULL), ERR_NONE);
    cr_assert_eq(weights_load(&w, net, "b", &diag), ERR_SHAPE);
    cr_assert_not_null(strstr(diag.text, "optimizer.first"), "%s", diag.text);
    weights_fini(&w);
    history_fini(&h);
    run_fini(&run);
}

/* The file "a" with `from` in its header replaced by `to`, of the same length, as "b". */
static void forge(const char *from, const char *to)
{
    struct bytes bytes;
    cr_assert_eq(strlen(from), strlen(to));
    cr_assert_eq(file_read("a", 0, &bytes, NULL), ERR_NONE);
    unsigned char *at = memmem(bytes.data, bytes.size, from, strlen(from));
    cr_assert_not_null(at, "%s", from);
    memcpy(at, to, strlen(to));
    cr_assert_eq(file_write("b", bytes.data, bytes.size, NULL), ERR_NONE);
    bytes_free(&bytes);
}

static void assert_refused(const struct run_options *o, const char *path, const char *why)
{
    struct run run, untouched;
    struct diag diag = {0};
    start(&run, o);
    start(&untouched, o);
    cr_assert_neq(checkpoint_restore(&run, NULL, path, &diag), ERR_NONE, "%s", why);
    cr_assert_not_null(strstr(diag.text, why), "'%s' lacks '%s'", diag.text, why);
    assert_same(&run, &untouched);
    run_fini(&run);
    run_fini(&untouched);
}

Test(checkpoint, refuses_what_does_not_fit_and_changes_nothing)
{
    static const struct {
        const char *from, *to, *why;
    } forged[] = {
        {"\"fovea.run.step\":\"31\"", "\"fovea.run.step\":\"-1\"", "fovea.run.step"},
        {"\"fovea.run.step\":\"31\"", "\"fovea.run.step\":\"3x\"", "'3x'"},
        {"\"fovea.run.step\":\"31\"", "\"fovea.run.stop\":\"31\"", "fovea.run.step"},
        {"\"fovea.run.schedule\":\"cosine\"", "\"fovea.run.schedule\":\"cosinx\"", "cosinx"},
        {"\"fovea.options.optimizer\":\"adam\"", "\"fovea.options.optimizer\":\"adax\"", "adax"},
        {"\"fovea.images\":\"203\"", "\"fovea.images\":\"204\"", "203 training images"},
        {"\"fovea.checkpoint\":\"1\"", "\"fovea.checkpoint\":\"2\"", "version '2'"},
        {"\"optimizer.second\"", "\"optimizer.secone\"", "optimizer.second"},
        {"\"conv1.weight\"", "\"conv2.weight\"", "conv1.weight"},
    };
    struct run_options o = choose("adam");
    struct run run;
    start(&run, &o);
    train(&run, NULL, 31);
    cr_assert_eq(checkpoint_save(&run, NULL, "a", NULL), ERR_NONE);
    for (int i = 0; i < ARRAY_LEN(forged); i++) {
        if (strlen(forged[i].from) != strlen(forged[i].to))
            continue;
        forge(forged[i].from, forged[i].to);
        assert_refused(&o, "b", forged[i].why);
    }
    cr_assert_eq(weights_save(&run.weights, net, NULL, 0, "b", NULL), ERR_NONE);
    assert_refused(&o, "b", "isn't a checkpoint");
    assert_refused(&o, "nothing", "nothing");
    o.seed = 3;
    assert_refused(&o, "a", "seed");
    run_fini(&run);
}
