/** Every layer type, for every set of instructions and in both layouts: gradients against finite differences, and results where one image can check sixteen. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "nn/init.h"
#include "nn/model.h"
#include "nn/pass.h"
#include "tensor/isa.h"

enum { IMAGES = 18, SIXTEEN = 16 };

/* One way or more to write each type; the last line is the layer itself. */
static const struct example {
    const char *type, *text;
} examples[] = {
    {"conv", "input 2x5x6\nconv 3 3x3 pad 1"},
    {"conv", "input 2x7x5\nconv 4 3x2 stride 2 groups 2"},
    {"dense", "input 7x1x1\ndense 5"},
    {"dense", "input 37x1x1\ndense 13 nobias"},
    {"relu", "input 2x3x5\nrelu"},
    {"leakyrelu", "input 2x3x5\nleakyrelu"},
    {"elu", "input 2x3x5\nelu"},
    {"elu", "input 2x3x5\nelu alpha 0.3"},
    {"sigmoid", "input 2x3x5\nsigmoid"},
    {"tanh", "input 2x3x5\ntanh"},
    {"softmax", "input 5x1x1\nsoftmax"},
    {"maxpool", "input 2x6x4\nmaxpool 2"},
    {"maxpool", "input 2x5x7\nmaxpool 2"},
    {"maxpool", "input 1x2x71\nmaxpool 2"},
    {"maxpool", "input 1x7x6\nmaxpool 3 stride 2 pad 1"},
    {"maxpool", "input 1x5x7\nmaxpool 2x3 stride 1x2"},
    {"avgpool", "input 2x5x4\navgpool 2"},
    {"avgpool", "input 1x5x5\navgpool 3 stride 2 pad 1"},
    {"globalavgpool", "input 3x3x2\nglobalavgpool"},
    {"batchnorm", "input 3x2x3\nbatchnorm"},
    {"batchnorm", "input 2x5x5\nbatchnorm eps 0.1"},
    {"dropout", "input 2x3x3\ndropout 0.5"},
    {"flatten", "input 2x3x2\nflatten"},
    {"add", "input 2x3x3\na: tanh\nb: sigmoid\nadd a b"},
    {"normalize", "input 3x2x2\nnormalize 0.1,0.2,0.3 0.5,0.6,0.7"},
};

struct probe {
    struct net *net;
    struct weights weights;
    struct pass *pass;
    enum mode mode;
    size_t in, out;
    float *x, *r, *grads, *dx; /* r: what is added up is r * y */
};

/* Numbers of which no two are near each other or near 0, so that no kink lies within a small step. */
static void spread(struct rng *rng, size_t count, float *x)
{
    int *order = calloc(count, sizeof *order);
    rng_shuffle(rng, order, (int)count);
    for (size_t i = 0; i < count; i++)
        x[i] = ((float)order[i] - (float)(count / 2) + 0.5f) * 0.015f;
    free(order);
}

static void setup(struct probe *p, const char *text, int lanes, enum mode mode)
{
    struct diag diag = {0};
    struct rng rng;
    rng_init(&rng, 3);
    *p = (struct probe){.mode = mode};
    cr_assert(model_parse(text, NULL, NULL, &p->net, &diag) == ERR_NONE, "%s", diag.text);
    cr_assert(weights_init(&p->weights, p->net, &diag) == ERR_NONE);
    cr_assert(pass_new(p->net,
                       (struct pass_options){.capacity = IMAGES, .lanes = lanes, .keep = true, .grads = true},
                       &p->pass, &diag) == ERR_NONE);
    init_weights(&p->weights, p->net, INIT_AUTO, 1);
    for (size_t i = 0; i < p->weights.params_count; i++)
        p->weights.params[i] += 0.3f * rng_normal(&rng);
    p->in = shape_count(p->net->in);
    p->out = (size_t)net_classes(p->net);
    p->x = calloc(IMAGES * p->in, sizeof(float));
    p->dx = calloc(IMAGES * p->in, sizeof(float));
    p->r = calloc(IMAGES * p->out, sizeof(float));
    p->grads = calloc(p->net->params + 1, sizeof(float));
    for (size_t i = 0; i < IMAGES * p->out; i++)
        p->r[i] = rng_normal(&rng);
    spread(&rng, IMAGES * p->in, p->x);
}

static void teardown(struct probe *p)
{
    pass_free(p->pass);
    weights_fini(&p->weights);
    net_free(p->net);
    free(p->x);
    free(p->dx);
    free(p->r);
    free(p->grads);
}

static double value(struct probe *p)
{
    double sum = 0;
    net_forward(p->net, &p->weights, p->pass, IMAGES, p->x, p->mode);
    for (size_t i = 0; i < IMAGES * p->out; i++)
        sum += (double)p->r[i] * (double)pass_out(p->pass)[i];
    return sum;
}

static void check(struct probe *p, const char *who, const char *what, float *at, const float *gradient,
                  size_t count)
{
    static const float step = 4e-3f;
    double most = 1e-3, worst = 0;
    for (size_t i = 0; i < count; i++) {
        float before = at[i];
        at[i] = before + step;
        double up = value(p), high = (double)at[i];
        at[i] = before - step;
        double down = value(p), low = (double)at[i];
        at[i] = before;
        double slope = (up - down) / (high - low), error = fabs(slope - (double)gradient[i]);
        most = fmax(most, fabs(slope));
        worst = error > worst || isnan(error) ? error : worst;
    }
    cr_expect(worst < 5e-3 * most, "%s: gradient of %s is off by %g, its largest is %g", who, what, worst,
              most);
}

static void check_gradients(const char *text, int lanes, enum mode mode, const char *isa)
{
    struct probe p;
    char who[200];
    setup(&p, text, lanes, mode);
    snprintf(who, sizeof who, "%s (%s, %d lanes, %s)", strrchr(text, '\n') + 1, isa, lanes,
             mode == MODE_TRAIN ? "training" : "inference");
    value(&p);
    net_backward(p.net, &p.weights, p.pass, p.net->layers - 1, p.r, p.grads, p.dx);
    check(&p, who, "x", p.x, p.dx, IMAGES * p.in);
    check(&p, who, "the parameters", p.weights.params, p.grads, p.net->params);
    teardown(&p);
}

static void every_gradient(int lanes, enum mode mode)
{
    for (int isa = 0; isa < ISAS; isa++) {
        if (!isa_runs((enum isa)isa))
            continue;
        setenv("FOVEA_ISA", isa_name((enum isa)isa), 1);
        for (int i = 0; i < ARRAY_LEN(examples); i++)
            check_gradients(examples[i].text, lanes, mode, isa_name((enum isa)isa));
    }
}

Test(layers, gradients_of_one_lane_agree_with_finite_differences)
{
    every_gradient(1, MODE_TRAIN);
}

Test(layers, gradients_of_sixteen_lanes_agree_with_finite_differences)
{
    every_gradient(SIXTEEN, MODE_TRAIN);
}

Test(layers, gradients_of_inference_agree_with_finite_differences)
{
    every_gradient(1, MODE_INFER);
    every_gradient(SIXTEEN, MODE_INFER);
}

Test(layers, sixteen_lanes_give_what_one_gives)
{
    for (int i = 0; i < ARRAY_LEN(examples); i++) {
        struct probe one, sixteen;
        setup(&one, examples[i].text, 1, MODE_TRAIN);
        setup(&sixteen, examples[i].text, SIXTEEN, MODE_TRAIN);
        value(&one);
        value(&sixteen);
        double worst = 0;
        for (size_t k = 0; k < IMAGES * one.out; k++)
            worst = fmax(worst, fabs((double)pass_out(one.pass)[k] - (double)pass_out(sixteen.pass)[k]));
        cr_expect(worst < 1e-5, "%s: one lane and sixteen are %g apart", examples[i].text, worst);
        teardown(&one);
        teardown(&sixteen);
    }
}

/* A type without an example would be one that nobody tests. */
Test(layers, every_type_has_an_example)
{
    for (int t = 0; layer_types[t]; t++) {
        bool found = false;
        for (int i = 0; i < ARRAY_LEN(examples); i++)
            found = found || strcmp(examples[i].type, layer_types[t]->name) == 0;
        cr_expect(found, "%s: write a line for it in tests/unit/test_layers.c", layer_types[t]->name);
    }
}

/* Widths around the vectors' own, where the edges of the fast loops lie. */
Test(layers, nan_survives_relu_and_pooling)
{
    static const char *const lines[] = {"relu", "maxpool 2", "maxpool 3 stride 1"};
    for (int isa = 0; isa < ISAS; isa++)
        for (int i = 0; isa_runs((enum isa)isa) && i < ARRAY_LEN(lines); i++)
            for (int lanes = 1; lanes <= SIXTEEN; lanes += SIXTEEN - 1) {
                char text[80];
                struct probe p;
                setenv("FOVEA_ISA", isa_name((enum isa)isa), 1);
                snprintf(text, sizeof text, "input 1x4x36\n%s", lines[i]);
                setup(&p, text, lanes, MODE_INFER);
                p.x[0] = p.x[37] = p.x[143] = NAN;
                value(&p);
                cr_expect(isnan(pass_out(p.pass)[0]) && isnan(pass_out(p.pass)[p.out - 1]),
                          "%s loses a NaN (%s, %d lanes)", lines[i], isa_name((enum isa)isa), lanes);
                cr_expect(!isnan(pass_out(p.pass)[p.out]), "%s: the next image has none", lines[i]);
                teardown(&p);
            }
}
