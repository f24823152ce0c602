/** The weights that a network starts from. */
#include <criterion/criterion.h>
#include <math.h>

#include "nets.h"
#include "nn/init.h"

/* Mean and variance of a layer's weights. */
static void moments(const struct net *net, const struct weights *w, const char *name, double *mean,
                    double *variance, double *largest)
{
    const struct layer_array *a = &net->layer[net_find(net, name)].param[0];
    const float *x = w->params + a->offset;
    *mean = *variance = *largest = 0;
    for (size_t i = 0; i < a->count; i++) {
        *mean += (double)x[i] / (double)a->count;
        *variance += (double)x[i] * (double)x[i] / (double)a->count;
        *largest = fmax(*largest, fabs((double)x[i]));
    }
    *variance -= *mean * *mean;
}

static const char text[] =
    "input 6x12x12\nconv 40 5x5\nbatchnorm\nrelu\nconv 64 3x3 groups 2\nleakyrelu\nconv 50 3x3\n"
    "tanh\nflatten\ndense 120\nrelu\ndense 60\n";

static void check_he(const struct net *net, const struct weights *w, const char *name, double fan_in)
{
    double mean, variance, largest;
    moments(net, w, name, &mean, &variance, &largest);
    cr_assert_float_eq(variance * fan_in / 2, 1, 0.06, "%s: variance %g", name, variance);
    cr_assert_float_eq(mean, 0, 0.1 * sqrt(variance), "%s: mean %g", name, mean);
    cr_assert_gt(largest, 3 * sqrt(variance), "%s: normal, and so beyond three deviations", name);
}

static void check_glorot(const struct net *net, const struct weights *w, const char *name, double fan_in,
                         double fan_out)
{
    double mean, variance, largest, bound = sqrt(6 / (fan_in + fan_out));
    moments(net, w, name, &mean, &variance, &largest);
    cr_assert_float_eq(variance / (bound * bound / 3), 1, 0.06, "%s: variance %g", name, variance);
    cr_assert_float_eq(mean, 0, 0.1 * bound, "%s: mean %g", name, mean);
    cr_assert_leq(largest, bound * 1.000001);
    cr_assert_gt(largest, 0.99 * bound);
}

Test(init, variances_of_the_papers)
{
    struct net *net = net_of(text);
    struct weights w = {0};
    cr_assert_eq(weights_init(&w, net, NULL), ERR_NONE);
    for (uint64_t seed = 1; seed <= 3; seed++) {
        init_weights(&w, net, INIT_AUTO, seed);
        check_he(net, &w, "conv1", 6 * 25); /* through batch normalisation to a relu */
        check_he(net, &w, "conv2", 20 * 9); /* in two groups */
        check_glorot(net, &w, "conv3", 64 * 9, 50 * 9);
        check_he(net, &w, "dense1", 50 * 4 * 4);
        check_glorot(net, &w, "dense2", 120, 60);
        init_weights(&w, net, INIT_HE, seed);
        check_he(net, &w, "conv3", 64 * 9);
        check_he(net, &w, "dense2", 120);
        init_weights(&w, net, INIT_GLOROT, seed);
        check_glorot(net, &w, "conv2", 20 * 9, 32 * 9);
        check_glorot(net, &w, "dense1", 800, 120);
    }
    weights_fini(&w);
    net_free(net);
}

Test(init, what_isnt_drawn)
{
    struct net *net = net_of(text);
    struct weights w = {0};
    cr_assert_eq(weights_init(&w, net, NULL), ERR_NONE);
    memset(w.params, 0x7f, w.params_count * sizeof(float));
    memset(w.buffers, 0x7f, w.buffers_count * sizeof(float));
    init_weights(&w, net, INIT_AUTO, 1);
    for (int l = 0; l < net->layers; l++) {
        const struct layer *layer = &net->layer[l];
        bool norm = strcmp(layer->type->name, "batchnorm") == 0;
        for (int p = 0; p < layer->params; p++)
            for (size_t i = 0; i < layer->param[p].count; i++) {
                float v = w.params[layer->param[p].offset + i];
                cr_assert(isfinite(v));
                if (p == 1)
                    cr_assert_eq(v, 0, "bias and beta");
                else if (norm)
                    cr_assert_eq(v, 1, "gamma");
            }
        for (int b = 0; b < layer->buffers; b++)
            for (size_t i = 0; i < layer->buffer[b].count; i++)
                cr_assert_eq(w.buffers[layer->buffer[b].offset + i], b, "running mean 0 and variance 1");
    }
    weights_fini(&w);
    net_free(net);
}

Test(init, a_function_of_the_seed)
{
    struct net *net = net_of(text),
               *longer = net_of("input 6x12x12\nconv 40 5x5\nbatchnorm\nrelu\nconv 8 1x1\n");
    struct weights a = {0}, b = {0}, c = {0};
    cr_assert(!weights_init(&a, net, NULL) && !weights_init(&b, net, NULL) &&
              !weights_init(&c, longer, NULL));
    init_weights(&a, net, INIT_AUTO, 5);
    init_weights(&b, net, INIT_AUTO, 5);
    cr_assert(same_bits(a.params_count, a.params, b.params));
    init_weights(&c, longer, INIT_AUTO, 5);
    cr_assert(same_bits(40 * 150, a.params, c.params), "a layer doesn't draw from what lies behind it");
    init_weights(&b, net, INIT_AUTO, 6);
    size_t same = 0;
    for (size_t i = 0; i < 40 * 150; i++)
        same += !memcmp(&a.params[i], &b.params[i], sizeof(float));
    cr_assert_lt(same, 5);
    weights_fini(&a);
    weights_fini(&b);
    weights_fini(&c);
    net_free(net);
    net_free(longer);
}
