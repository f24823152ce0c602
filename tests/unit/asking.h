/** What the tests of questions share: a probe of one of the observed models, and answers read with a check. Include after criterion.h. */
#ifndef FOVEA_TESTS_ASKING_H
#define FOVEA_TESTS_ASKING_H

#include <criterion/parameterized.h>
#include <stdlib.h>

#include "observe/probe.h"
#include "observing.h"

static struct net *net;
static struct moment moment;
static struct sample sample;
static struct probe probe;

static inline void set_up(int model, int label)
{
    net = observed_net(model);
    observed_moment(&moment, net, 5);
    sample = (struct sample){.index = 3, .label = label, .x = observed_floats(shape_count(net->in))};
    observed_pixels(net->in, 3, sample.x);
    cr_assert_eq(probe_init(&probe, net, NULL), ERR_NONE);
    probe_run(&probe, &moment, &sample);
}

static inline void tear_down(void)
{
    probe_fini(&probe);
    moment_fini(&moment);
    free(sample.x);
    net_free(net);
}

static inline struct criterion_test_params all_models(void)
{
    static int index[32];
    for (int i = 0; i < observed_models(); i++)
        index[i] = i;
    return cr_make_param_array(int, index, (size_t)observed_models(), NULL);
}

static inline float data_of(const struct answer *a, const char *name, size_t at)
{
    const struct part *p = answer_part(a, name);
    cr_assert_not_null(p, "no part %s", name);
    cr_assert_lt(at, (size_t)p->n * shape_count(p->shape));
    return p->data[at];
}

static inline const float *part_of(const struct answer *a, const char *name, int n, struct shape shape)
{
    const struct part *p = answer_part(a, name);
    cr_assert_not_null(p, "no part %s", name);
    cr_assert_eq(p->n, n, "%s", name);
    cr_assert(shape_equal(p->shape, shape), "%s is %s, not %s", name, shape_text(p->shape).s,
              shape_text(shape).s);
    return p->data;
}

static inline void same(const float *a, const float *b, size_t count, const char *what)
{
    for (size_t i = 0; i < count; i++)
        cr_assert(a[i] == b[i], "%s [%zu]: %g, not %g", what, i, (double)a[i], (double)b[i]);
}

#endif
