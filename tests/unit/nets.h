/** Small networks, their weights and images for tests: made of text and a seed, or the test ends. Include after criterion.h. */
#ifndef FOVEA_TESTS_NETS_H
#define FOVEA_TESTS_NETS_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/rng.h"
#include "nn/init.h"
#include "nn/model.h"
#include "nn/net.h"
#include "nn/pass.h"

static inline struct net *net_of(const char *text)
{
    struct net *net = NULL;
    struct diag d = {0};
    cr_assert_eq(model_parse(text, "test", NULL, &net, &d), ERR_NONE, "%s", d.text);
    return net;
}

static inline struct net *net_load(const char *name)
{
    struct net *net = NULL;
    struct diag d = {0};
    cr_assert_eq(model_load(name, &net, &d), ERR_NONE, "%s", d.text);
    return net;
}

/** count numbers in [low, high) from mem_floats(). */
static inline float *random_floats(size_t count, float low, float high, uint64_t seed)
{
    float *x = mem_floats(count);
    struct rng rng;
    rng_init(&rng, rng_key(seed, count, 0x74657374));
    cr_assert_not_null(x);
    for (size_t i = 0; i < count; i++)
        x[i] = rng_between(&rng, low, high);
    return x;
}

/** As a network begins, but with biases, and statistics that aren't 0 and 1. */
static inline struct weights weights_of(const struct net *net, uint64_t seed)
{
    struct weights w = {0};
    struct rng rng;
    cr_assert_eq(weights_init(&w, net, NULL), ERR_NONE);
    init_weights(&w, net, INIT_AUTO, seed);
    rng_init(&rng, seed);
    for (size_t i = 0; i < w.params_count; i++)
        w.params[i] += rng_between(&rng, -0.05f, 0.05f);
    for (size_t i = 0; i < w.buffers_count; i++)
        w.buffers[i] += rng_between(&rng, 0, 0.5f);
    return w;
}

static inline struct pass *pass_of(const struct net *net, struct pass_options options)
{
    struct pass *pass = NULL;
    struct diag d = {0};
    cr_assert_eq(pass_new(net, options, &pass, &d), ERR_NONE, "%s", d.text);
    return pass;
}

/** Largest difference, relative to the largest number of b. */
static inline double apart(size_t count, const float *a, const float *b)
{
    double most = 0, scale = 1e-30;
    for (size_t i = 0; i < count; i++) {
        most = fmax(most, fabs((double)a[i] - (double)b[i]));
        scale = fmax(scale, fabs((double)b[i]));
        if (isnan(a[i]) || isnan(b[i]))
            return INFINITY;
    }
    return most / scale;
}

static inline bool same_bits(size_t count, const float *a, const float *b)
{
    return memcmp(a, b, count * sizeof *a) == 0;
}

/** A folder to work in, for a suite's .init and .fini. */
static char test_folder[] = "/tmp/fovea-test-XXXXXX";

static inline void enter_folder(void)
{
    cr_assert_not_null(mkdtemp(test_folder));
    cr_assert_eq(chdir(test_folder), 0);
}

static inline void leave_folder(void)
{
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", test_folder);
    cr_assert_eq(system(command), 0);
}

#endif
