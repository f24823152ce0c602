/** How much maps change: numbers worked out by hand, the lecture's claim about pooling, and the question about every layer. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "data/image.h"
#include "explain/change.h"
#include "nn/pass.h"
#include "observe/probe.h"
#include "observing.h"

Test(change, by_hand)
{
    const float a[4] = {3, 0, -4, 0}, b[4] = {3, 0.3f, -4, 0.5f}, none[4] = {0};
    cr_assert_float_eq(change_between(4, a, b), sqrt(0.09 + 0.25) / 5, 1e-6);
    cr_assert_eq(change_between(4, a, a), 0);
    cr_assert_eq(change_between(4, none, none), 0);
    cr_assert(isinf(change_between(4, none, a)));
    cr_assert(isnan(change_between(1, (float[]){NAN}, a)) && isnan(change_between(1, a, (float[]){NAN})));
}

/* A step that moves within the windows of a pool: the map changes, the pooled map doesn't. */
Test(change, a_pool_may_stay_while_the_map_moves)
{
    float before[8] = {0, 0, 5, 0, 0, 0, 7, 0}, after[8], pooled[2][4];
    image_shift((struct shape){1, 1, 8}, before, 0, 1, after);
    for (int i = 0; i < 4; i++) {
        pooled[0][i] = fmaxf(before[2 * i], before[2 * i + 1]);
        pooled[1][i] = fmaxf(after[2 * i], after[2 * i + 1]);
    }
    cr_assert_float_eq(change_between(8, before, after), sqrt(2), 1e-6);
    cr_assert_eq(change_between(4, pooled[0], pooled[1]), 0);
}

/* Against passes of the test's own. */
Test(change, the_question_about_every_layer)
{
    for (int model = 0; model < observed_models(); model++) {
        struct net *net = observed_net(model);
        struct moment moment;
        struct probe probe;
        struct answer a = {0};
        struct question q = {.type = question_find("change")};
        size_t count = shape_count(net->in);
        float *x = observed_floats(count), *other = observed_floats(count);
        observed_moment(&moment, net, 5);
        observed_pixels(net->in, 3, other);
        image_shift(net->in, other, 0, 1, x);
        struct sample sample = {.own = true, .label = 1, .x = x, .other = other};
        cr_assert_eq(probe_init(&probe, net, NULL), ERR_NONE);
        probe_run(&probe, &moment, &sample);
        cr_assert(probe_answer(&probe, &q, &a));
        struct pass *now = observed_pass(&moment, x, 1), *then = observed_pass(&moment, other, 1);
        for (int l = 0; l < net->layers; l++) {
            size_t n = shape_count(net->layer[l].out);
            float *y = observed_floats(n), *z = observed_floats(n);
            pass_read(now, l, 0, y);
            pass_read(then, l, 0, z);
            double c = change_between(n, z, y);
            cr_assert(c > 0 && c < 10);
            cr_assert_eq(answer_part(&a, "change")->data[l], (float)c);
            free(y);
            free(z);
        }
        cr_assert_arr_eq(answer_part(&a, "logits")->data, pass_logits(then),
                         (size_t)net_classes(net) * sizeof(float));
        sample.other = NULL;
        cr_assert(probe_answer(&probe, &q, &a));
        for (int l = 0; l < net->layers; l++)
            cr_assert_eq(answer_part(&a, "change")->data[l], 0, "nothing to compare with");
        pass_free(now);
        pass_free(then);
        answer_fini(&a);
        probe_fini(&probe);
        moment_fini(&moment);
        free(x);
        free(other);
        net_free(net);
    }
}
