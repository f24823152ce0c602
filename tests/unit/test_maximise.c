/** Activation maximisation where the best input is known, and where only the way there is. */
#include <criterion/criterion.h>
#include <math.h>

#include "explain/maximise.h"
#include "nets.h"

enum { MOST = 200 };

static struct pass *probe(const struct net *net)
{
    return pass_of(net, (struct pass_options){.capacity = 1, .lanes = 1, .keep = true, .backward = true});
}

/* Of a linear unit the gradient is its weights: each step adds step * w / ||w||, clipped to [0,1]. */
Test(maximise, a_linear_unit)
{
    struct net *net = net_of("input 1x2x3\nflatten\ndense 2\n");
    struct weights w = {0};
    const float weights[6] = {3, -4, 0, 0.5f, -0.5f, 12};
    cr_assert_eq(weights_init(&w, net, NULL), ERR_NONE);
    memcpy(w.params + 6, weights, sizeof weights); /* of the second output */
    w.params[12 + 1] = 0.25f;
    struct pass *pass = probe(net);
    float x[6], dx[6], dy[2], activation[5], expected[6];
    double length = 0;
    for (int i = 0; i < 6; i++) {
        x[i] = expected[i] = 0.5f;
        length += (double)weights[i] * (double)weights[i];
    }
    maximise(&(struct maximise_options){0.3f, 5}, net, &w, pass, (struct unit){1, 1, 0, 0}, x, dy, dx,
             activation);
    for (int k = 0; k < 5; k++) {
        double y = 0.25;
        for (int i = 0; i < 6; i++) {
            y += (double)weights[i] * (double)expected[i];
            expected[i] = fminf(fmaxf(expected[i] + (float)(0.3 * (double)weights[i] / sqrt(length)), 0), 1);
        }
        cr_assert_float_eq((double)activation[k], y, 1e-5, "before step %d", k);
    }
    for (int i = 0; i < 6; i++)
        cr_assert_float_eq((double)x[i], (double)expected[i], 1e-6);
    cr_assert_eq(x[2], 0.5f, "what the unit doesn't see stays");
    maximise(&(struct maximise_options){0.3f, 200}, net, &w, pass, (struct unit){1, 1, 0, 0}, x, dy, dx,
             NULL);
    cr_assert(same_bits(6, x, (float[]){1, 0, 0.5f, 1, 0, 1}),
              "in the end the corner where the weights point");
    pass_free(pass);
    weights_fini(&w);
    net_free(net);
}

/* A unit of a convolution sees its window, and no more. */
Test(maximise, only_the_receptive_field_moves)
{
    struct net *net = net_of("input 2x9x9\nconv 4 3x3 pad 1\ntanh\nconv 3 3x3 pad 1\n");
    struct weights w = weights_of(net, 2);
    struct pass *pass = probe(net);
    float *x = random_floats(162, 0.3f, 0.7f, 1), *before = random_floats(162, 0.3f, 0.7f, 1), dx[162],
          dy[4 * 81], activation[30];
    maximise(&(struct maximise_options){0.05f, 30}, net, &w, pass, (struct unit){2, 1, 4, 3}, x, dy, dx,
             activation);
    for (int i = 0; i < 162; i++) {
        int row = i / 9 % 9, col = i % 9;
        bool seen = row >= 2 && row <= 6 && col >= 1 && col <= 5;
        cr_assert(x[i] >= 0 && x[i] <= 1);
        if (!seen)
            cr_assert(same_bits(1, &x[i], &before[i]), "row %d, column %d", row, col);
    }
    for (int k = 1; k < 30; k++)
        cr_assert_gt(activation[k], activation[k - 1], "small steps only rise");
    free(x);
    free(before);
    pass_free(pass);
    weights_fini(&w);
    net_free(net);
}

/* Whatever the layer, and twice to the same bits. */
Test(maximise, rises_in_every_layer)
{
    struct net *net =
        net_of("input 1x8x8\nconv 4 3x3\nsigmoid\navgpool 2\nconv 4 2x2\ntanh\nflatten\ndense 6\nsoftmax\n");
    struct weights w = weights_of(net, 2);
    struct pass *pass = probe(net);
    for (int l = 0; l < net->layers; l++) {
        float *x = random_floats(64, 0.2f, 0.8f, 3), *y = random_floats(64, 0.2f, 0.8f, 3), dx[64], dy[MOST],
              activation[40];
        struct unit unit = {l, net->layer[l].out.c / 2, 0, net->layer[l].out.w - 1};
        struct maximise_options o = {0.02f, 40};
        maximise(&o, net, &w, pass, unit, x, dy, dx, activation);
        maximise(&o, net, &w, pass, unit, y, dy, dx, NULL);
        cr_assert(same_bits(64, x, y), "layer '%s'", net->layer[l].name);
        cr_assert_gt(activation[39], activation[0], "layer '%s'", net->layer[l].name);
        free(x);
        free(y);
    }
    pass_free(pass);
    weights_fini(&w);
    net_free(net);
}

Test(maximise, a_dead_unit_leaves_the_input_alone)
{
    struct net *net = net_of("input 4\ndense 2\nrelu\n");
    struct weights w = {0};
    cr_assert_eq(weights_init(&w, net, NULL), ERR_NONE);
    w.params[8] = w.params[9] = -1;
    struct pass *pass = probe(net);
    float x[4] = {0.1f, 0.2f, 0.3f, 0.4f}, dx[4], dy[2], activation[3];
    maximise(&(struct maximise_options){0.5f, 3}, net, &w, pass, (struct unit){1, 0, 0, 0}, x, dy, dx,
             activation);
    cr_assert(same_bits(4, x, (float[]){0.1f, 0.2f, 0.3f, 0.4f}));
    cr_assert(same_bits(3, activation, (float[]){0, 0, 0}));
    pass_free(pass);
    weights_fini(&w);
    net_free(net);
}
