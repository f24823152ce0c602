/** What the neuron lab looks at: lists with their pictures, fields and crops, and an ascent, of the unit that was asked for last. */
#include <criterion/criterion.h>
#include <time.h>

#include <string.h>
#include <stdlib.h>
#include "base/clock.h"
#include "observing.h"
#include "tui/neuron.h"

enum { IMAGES = 40, LENET = 2 };

static void settle(struct neuron *n, unsigned long moment)
{
    double until = clock_now() + 60;
    while (!neuron_settled(n, moment) && clock_now() < until) {
        neuron_take(n);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    cr_assert(neuron_settled(n, moment));
}

static void settle_further(struct neuron *n, int steps)
{
    double until = clock_now() + 60;
    while (!(n->climbed->resting && n->climbed->frame[n->climbed->frames - 1].step == steps) &&
           clock_now() < until) {
        neuron_take(n);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    cr_assert_eq(n->climbed->frame[n->climbed->frames - 1].step, steps);
}

static void check_list(const struct neuron *n, const struct neuron_list *l, const struct exciter *want)
{
    struct shape in = n->net->in;
    size_t plane = (size_t)(in.h * in.w);
    float *x = observed_floats(shape_count(in));
    cr_assert_eq(l->count, SURVEY_KEPT);
    for (int i = 0; i < l->count; i++) {
        const struct exciter *e = &l->item[i];
        cr_assert(e->index == want[i].index && e->value == want[i].value && e->label == want[i].label);
        struct box box =
            receptive_field(n->net, (struct unit){n->unit.layer, n->unit.channel, e->row, e->col});
        dataset_read_floats(n->data, n->split, e->index, x);
        for (int r = 0; r < in.h; r++)
            for (int c = 0; c < in.w; c++) {
                size_t at = (size_t)(r * in.w + c);
                bool inside = r >= box.top && r < box.bottom && c >= box.left && c < box.right;
                cr_assert_eq(l->picture[(size_t)i * plane + at], x[at]);
                cr_assert_eq(l->field[(size_t)i * plane + at], inside);
                if (inside)
                    cr_assert_eq(l->crop[(i * l->crop_h + r - box.top) * l->crop_w + c - box.left], x[at]);
            }
    }
    free(x);
}

Test(neuron, lists_and_ascent)
{
    struct net *net = observed_net(LENET);
    struct moment moment;
    struct dataset data;
    struct neuron *n = NULL;
    struct exciters *e = NULL;
    struct exciter top[SURVEY_KEPT], bottom[SURVEY_KEPT];
    char note[100];
    int found = 0;
    observed_moment(&moment, net, 3);
    observed_data(&data, net, IMAGES);
    cr_assert_eq(neuron_new(net, &data, NULL, NULL, NULL, &n, note, sizeof note, NULL), ERR_NONE);
    cr_assert_str_empty(note);
    cr_assert_not(neuron_take(n) || neuron_found(n) || neuron_climbed(n));
    neuron_offer(n, &moment);
    neuron_ask(n, (struct unit){net_find(net, "conv1"), 2, -1, -1});
    neuron_ask(n, (struct unit){net_find(net, "conv2"), 5, -1, -1});
    settle(n, moment.serial);
    cr_assert_eq(exciters_new(net, &data, n->split, NULL, &e, NULL), ERR_NONE);
    exciters_run(e, &moment.weights, n->unit, IMAGES, SURVEY_KEPT, NULL, top, bottom, &found);
    check_list(n, &n->top, top);
    check_list(n, &n->bottom, bottom);
    cr_assert(n->climbed->unit.layer == n->unit.layer && n->climbed->unit.channel == 5);
    cr_assert(n->climbed->frame[n->climbed->frames - 1].step == ASCENT_STEPS);
    moment.serial++; /* other weights take it on */
    neuron_offer(n, &moment);
    settle_further(n, ASCENT_STEPS + ASCENT_FRESH);
    neuron_climb(n, CLIMB_TOP, n->top.picture);
    cr_assert_not(neuron_climbed(n), "of another ascent");
    settle(n, moment.serial);
    cr_assert_eq(memcmp(n->climbed->frame[0].picture, n->top.picture, shape_count(net->in) * sizeof(float)),
                 0);
    neuron_look_through(n, SPLIT_TRAIN);
    cr_assert_not(neuron_found(n), "among other images");
    settle(n, moment.serial);
    exciters_free(e);
    cr_assert_eq(exciters_new(net, &data, SPLIT_TRAIN, NULL, &e, NULL), ERR_NONE);
    exciters_run(e, &moment.weights, n->unit, IMAGES, SURVEY_KEPT, NULL, top, bottom, &found);
    check_list(n, &n->top, top);
    exciters_free(e);
    neuron_free(n);
    neuron_free(NULL);
    moment_fini(&moment);
    net_free(net);
}
