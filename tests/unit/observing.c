#include "observing.h"

#include <criterion/criterion.h>
#include <math.h>

#include "base/mem.h"
#include "base/rng.h"
#include "nn/init.h"
#include "nn/model.h"

static const char *const models[] = {"mlp",          "tiny",      "lenet",   "deep3x3",
                                     "resnet-small", "vgg-small", "tiny-vgg"};
static const char awkward[] = "input 2x13x11\n"
                              "c: conv 6 3x5 stride 2 pad 1 groups 2 nobias\n"
                              "p: maxpool 3 stride 2 pad 1\n"
                              "t: tanh\n"
                              "q: conv 6 1x1 from p\n"
                              "a: add t q\n"
                              "flatten\n"
                              "dense 5\n"
                              "softmax\n";

int observed_models(void)
{
    return ARRAY_LEN(models) + 1;
}

struct net *observed_net(int model)
{
    struct net *net = NULL;
    struct diag diag = {0};
    enum err err = model < ARRAY_LEN(models) ? model_load(models[model], &net, &diag)
                                             : model_parse(awkward, "awkward", NULL, &net, &diag);
    cr_assert_eq(err, ERR_NONE, "%s", diag.text);
    return net;
}

void observed_moment(struct moment *m, const struct net *net, uint64_t seed)
{
    struct rng rng;
    cr_assert_eq(moment_init(m, net, NULL), ERR_NONE);
    init_weights(&m->weights, net, INIT_AUTO, seed);
    rng_init(&rng, seed);
    for (size_t i = 0; i < net->params; i++)
        m->grads[i] = rng_normal(&rng);
    for (size_t i = 0; i < net->buffers; i++)
        m->weights.buffers[i] += rng_between(&rng, 0, 0.5f);
    m->step = 70 + (long)seed;
    m->epoch = 7;
    m->serial = seed;
}

/* A few waves across the image, other ones in each channel. */
static float pixel(struct shape s, int index, size_t at)
{
    int w = (int)(at % (size_t)s.w), h = (int)(at / (size_t)s.w % (size_t)s.h);
    int c = (int)(at / (size_t)s.w / (size_t)s.h);
    return 0.5f + 0.2f * (float)sin(0.9 * w + 0.7 * h * (1 + index % 3) + 1.3 * c + index);
}

void observed_pixels(struct shape shape, int index, float *x)
{
    for (size_t i = 0; i < shape_count(shape); i++)
        x[i] = pixel(shape, index, i);
}

static int read_image(const struct dataset *d, enum split split, int index, uint8_t *pixels)
{
    for (size_t i = 0; i < shape_count(d->shape); i++)
        pixels[i] = (uint8_t)(255.0f * pixel(d->shape, index + 100 * (int)split, i));
    return index % d->classes;
}

void observed_data(struct dataset *data, const struct net *net, int count)
{
    static const struct source_type source = {.name = "made", .read = read_image};
    *data = (struct dataset){
        .source = &source, .shape = net->in, .classes = net_classes(net), .count = {count, count}};
}

struct pass *observed_pass(const struct moment *m, const float *x, int label)
{
    struct pass *pass = NULL;
    float *dx = observed_floats(shape_count(m->net->in));
    struct pass_options options = {.capacity = 1, .lanes = 1, .keep = true, .backward = true};
    cr_assert_eq(pass_new(m->net, options, &pass, NULL), ERR_NONE);
    struct net_step step = {
        .n = 1, .x = x, .label = &label, .loss = &loss_cross_entropy, .mode = MODE_INFER, .dx = dx};
    net_step(m->net, &m->weights, pass, &step);
    free(dx);
    return pass;
}

float *observed_floats(size_t count)
{
    float *x = mem_floats(count);
    cr_assert_not_null(x);
    return x;
}
