/** A layer of a network stepped by hand comes to what the network itself has put out: every layer that can be, of every model. */
#include <criterion/criterion.h>
#include <math.h>

#include "asking.h"
#include "toy.h"
#include "tui/stepping.h"
#include "tui/view.h"

enum { CHANNELS = 3 };

static struct answers answers;
static struct view view;

/* As the observer would: the answers to what the layer needs. */
static void ask(int layer)
{
    struct question asked[2];
    for (int i = 0; i < answers.count; i++)
        answer_fini(&answers.answer[i]);
    answers = (struct answers){.serial = 1, .step = 7};
    answers.count = step_layer_ask(&view, layer, asked, 2);
    for (int i = 0; i < answers.count; i++) {
        cr_assert(answer_prepare(net, &asked[i], &answers.answer[i]));
        asked[i].type->answer(&probe, &asked[i], &answers.answer[i]);
        answers.answer[i].ready = true;
    }
    view.answers = &answers;
}

/* What the network says, of one channel or of a whole vector. */
static void check(struct stepping *s, int layer, int unit, const float *y)
{
    struct shape out = net->layer[layer].out;
    bool map = out.h > 1 || out.w > 1;
    struct step_source next;
    struct diag diag = {0};
    cr_assert_eq(step_layer_make(&view, layer, unit, &next, &diag), ERR_NONE, "%s", diag.text);
    cr_assert_eq(stepping_take(s, &next, &diag), ERR_NONE, "%s: %s", net->layer[layer].name, diag.text);
    bool one = s->source.operation == STEP_CORRELATE && !map;
    long count = map ? out.h * out.w : one ? 1 : out.c;
    cr_assert_eq(s->outputs, count, "%s: %ld outputs, not %ld", net->layer[layer].name, s->outputs, count);
    for (long i = 0; i < count; i++) {
        float want = y[map || one ? (long)unit * count + i : i];
        cr_assert_float_eq(s->y[i], want, 1e-4f * (1 + fabsf(want)), "%s[%d]: output %ld is %g, not %g",
                           net->layer[layer].name, unit, i + 1, (double)s->y[i], (double)want);
    }
}

ParameterizedTestParameters(live, agrees_with_the_network)
{
    return all_models();
}

ParameterizedTest(int *model, live, agrees_with_the_network, .timeout = 60)
{
    struct dataset data;
    struct stepping *s = NULL;
    int stepped = 0;
    set_up(*model, 1);
    data = toy_data(net->in, 2, 4, 4);
    view_init(&view, net, &data);
    cr_assert_eq(stepping_new(&s, NULL), ERR_NONE);
    for (int l = 0; l < net->layers; l++) {
        if (step_layer_operation(net, l) == STEP_OPERATIONS)
            continue;
        float *y = observed_floats(shape_count(net->layer[l].out));
        ask(l);
        pass_read(probe.pass, l, 0, y);
        for (int unit = 0; unit < net->layer[l].out.c && unit < CHANNELS; unit++)
            check(s, l, unit, y);
        free(y);
        stepped++;
    }
    cr_assert_gt(stepped, 0);
    view.answers = NULL;
    struct step_source none;
    for (int l = 0; l < net->layers; l++)
        if (step_layer_operation(net, l) != STEP_OPERATIONS)
            cr_assert_eq(step_layer_make(&view, l, 0, &none, NULL), ERR_UNKNOWN, "nothing is known yet");
    for (int i = 0; i < answers.count; i++)
        answer_fini(&answers.answer[i]);
    stepping_free(s);
    tear_down();
}
