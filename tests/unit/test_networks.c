/** Whole networks: the same bits with any number of threads, and the same numbers whether or not anybody looks. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "nn/init.h"
#include "nn/model.h"
#include "nn/pass.h"
#include "tensor/isa.h"
#include "train/optimizer.h"

enum { STEPS = 3, MOST_IMAGES = 150 };

static const char *const texts[] = {
    "input 1x28x28\nconv 8 5x5\nrelu\nmaxpool 2\nconv 16 5x5\nrelu\nmaxpool 2\nflatten\ndense 10",
    "input 3x12x12\nconv 16 3x3 pad 1 nobias\nbatchnorm\nrelu\nconv 20 3x3 pad 1\nbatchnorm\nrelu\nmaxpool "
    "2\nflatten\ndense 10",
    "input 2x16x32\na: conv 16 3x3 pad 1\nb: conv 16 3x3 pad 1 nobias\nc: batchnorm\ns: add a c\nrelu\nconv "
    "5 3x3 stride 2\nrelu\n"
    "globalavgpool\ndense 4",
    "input 3x30x30\nconv 24 3x3\nbatchnorm\nrelu\nmaxpool 3 stride 2 pad 1\nconv 24 3x3 pad "
    "1\nbatchnorm\nconv 10 1x1\nrelu\navgpool 2\n"
    "dropout 0.3\nflatten\ndense 7\nsoftmax",
};

struct run {
    struct net *net;
    struct weights weights;
    struct pass *pass;
    struct team *team;
    int n;
    float *x, *grads, *dx;
    int *label;
};

static void setup(struct run *r, const char *text, int n, struct pass_options options, int threads)
{
    struct diag diag = {0};
    struct rng rng;
    rng_init(&rng, 11);
    *r = (struct run){.n = n, .team = team_new(threads)};
    cr_assert(model_parse(text, NULL, NULL, &r->net, &diag) == ERR_NONE, "%s", diag.text);
    cr_assert(weights_init(&r->weights, r->net, &diag) == ERR_NONE);
    init_weights(&r->weights, r->net, INIT_AUTO, 5);
    for (size_t i = 0; i < r->weights.buffers_count; i++)
        r->weights.buffers[i] += 0.5f * rng_uniform(&rng);
    options.capacity = n;
    options.team = r->team;
    cr_assert(pass_new(r->net, options, &r->pass, &diag) == ERR_NONE);
    size_t in = shape_count(r->net->in), classes = shape_count(r->net->layer[net_logits(r->net)].out);
    r->x = calloc((size_t)n * in, sizeof(float));
    r->dx = calloc((size_t)n * in, sizeof(float));
    r->grads = calloc(r->net->params, sizeof(float));
    r->label = calloc((size_t)n, sizeof(int));
    for (size_t i = 0; i < (size_t)n * in; i++)
        r->x[i] = rng_uniform(&rng);
    for (int i = 0; i < n; i++)
        r->label[i] = (int)rng_below(&rng, (uint32_t)classes);
}

static void teardown(struct run *r)
{
    pass_free(r->pass);
    weights_fini(&r->weights);
    net_free(r->net);
    team_free(r->team);
    free(r->x);
    free(r->dx);
    free(r->grads);
    free(r->label);
}

static double step(struct run *r, enum mode mode, bool grads)
{
    struct net_step s = {.n = r->n,
                         .x = r->x,
                         .label = r->label,
                         .loss = &loss_cross_entropy,
                         .mode = mode,
                         .mean = true,
                         .grads = grads ? r->grads : NULL,
                         .dx = r->dx};
    net_step(r->net, &r->weights, r->pass, &s);
    return s.total_loss;
}

/* Trains a little; what comes out is compared bit by bit. */
static void train(const char *text, int n, int lanes, int threads, struct run *r)
{
    struct optimizer o;
    setup(r, text, n, (struct pass_options){.lanes = lanes, .grads = true}, threads);
    cr_assert(optimizer_init(&o, optimizer_find("sgd"), (struct optimizer_options){.momentum = 0.9f},
                             r->net->params, NULL) == ERR_NONE);
    for (int i = 0; i < STEPS; i++) {
        step(r, MODE_TRAIN, true);
        net_absorb(r->net, r->pass, &r->weights);
        optimizer_step(&o, 0.01f, r->weights.params, r->grads, r->team);
    }
    optimizer_fini(&o);
}

static void same_bits(const char *text, int n, int lanes)
{
    struct run one, many;
    train(text, n, lanes, 1, &one);
    for (int threads = 2; threads <= 5; threads += 3) {
        train(text, n, lanes, threads, &many);
        cr_expect(memcmp(one.weights.params, many.weights.params, one.net->params * sizeof(float)) == 0,
                  "parameters differ with %d threads (%d images, %d lanes): %s", threads, n, lanes, text);
        cr_expect(memcmp(one.weights.buffers, many.weights.buffers, one.net->buffers * sizeof(float)) == 0,
                  "statistics differ with %d threads (%d images, %d lanes): %s", threads, n, lanes, text);
        cr_expect(memcmp(one.dx, many.dx, (size_t)n * shape_count(one.net->in) * sizeof(float)) == 0,
                  "image gradients differ with %d threads (%d images, %d lanes): %s", threads, n, lanes,
                  text);
        teardown(&many);
    }
    teardown(&one);
}

static void every_set(void (*test)(const char *text))
{
    for (int isa = 0; isa < ISAS; isa++) {
        if (!isa_runs((enum isa)isa))
            continue;
        setenv("FOVEA_ISA", isa_name((enum isa)isa), 1);
        for (int i = 0; i < ARRAY_LEN(texts); i++)
            test(texts[i]);
    }
}

static void bits(const char *text)
{
    same_bits(text, 37, 16);
    same_bits(text, 5, 16); /* one block, which the layers share out */
    same_bits(text, 4, 1);
    same_bits(text, 1, 1);
}

Test(networks, threads_do_not_change_a_bit_of_training)
{
    every_set(bits);
}

static double apart(size_t count, const float *a, const float *b)
{
    double most = 1e-6, worst = 0;
    for (size_t i = 0; i < count; i++) {
        most = fmax(most, fabs((double)a[i]));
        worst = fmax(worst, fabs((double)a[i] - (double)b[i]));
    }
    return worst / most;
}

/* A pass that keeps runs every layer; one that doesn't lets layers do the work of those behind them. */
static void looked_at_or_not(const char *text)
{
    for (int lanes = 1; lanes <= 16; lanes += 15)
        for (int k = 0; k < 4; k++) {
            enum mode mode = k < 2 ? MODE_INFER : MODE_TRAIN;
            bool grads = k % 2;
            struct run kept, streamed;
            setup(&kept, text, 19, (struct pass_options){.lanes = lanes, .keep = true, .grads = true}, 1);
            setup(
                &streamed, text, 19,
                (struct pass_options){.lanes = lanes, .grads = grads || mode == MODE_TRAIN, .backward = true},
                2);
            double a = step(&kept, mode, grads), b = step(&streamed, mode, grads);
            cr_expect(fabs(a - b) < 1e-4 * fabs(a), "losses %g and %g (%d lanes, case %d): %s", a, b, lanes,
                      k, text);
            double dx = apart(19 * shape_count(kept.net->in), kept.dx, streamed.dx);
            double dw = apart(kept.net->params, kept.grads, streamed.grads);
            cr_expect(dx < 1e-4, "image gradients are %g apart (%d lanes, case %d): %s", dx, lanes, k, text);
            cr_expect(dw < 1e-4, "gradients are %g apart (%d lanes, case %d): %s", dw, lanes, k, text);
            teardown(&kept);
            teardown(&streamed);
        }
}

Test(networks, nobody_looking_changes_nothing)
{
    every_set(looked_at_or_not);
}

/* Forward alone: logits of a pass that keeps and of one that doesn't, the second time with other weights. */
Test(networks, new_weights_are_noticed)
{
    for (int i = 0; i < ARRAY_LEN(texts); i++) {
        struct run kept, streamed;
        setup(&kept, texts[i], 20, (struct pass_options){.keep = true}, 1);
        setup(&streamed, texts[i], 20, (struct pass_options){0}, 1);
        size_t count = 20 * (size_t)net_classes(kept.net);
        for (int turn = 0; turn < 3; turn++) {
            net_forward(kept.net, &kept.weights, kept.pass, 20, kept.x, MODE_INFER);
            memcpy(streamed.weights.params, kept.weights.params, kept.net->params * sizeof(float));
            net_forward(streamed.net, &streamed.weights, streamed.pass, 20, kept.x, MODE_INFER);
            double d = apart(count, pass_out(kept.pass), pass_out(streamed.pass));
            cr_expect(d < 1e-4, "turn %d: outputs are %g apart: %s", turn, d, texts[i]);
            for (size_t k = 0; k < kept.weights.params_count; k++) /* in the end, only the last one */
                if (turn == 0 || k + 1 == kept.weights.params_count)
                    kept.weights.params[k] *= 1.5f;
        }
        teardown(&kept);
        teardown(&streamed);
    }
}
