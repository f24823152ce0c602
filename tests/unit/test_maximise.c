/** Activation maximisation where the best input is known, and where only the way there is. */
#include <criterion/criterion.h>
#include <math.h>

#include "explain/maximise.h"
#include "nets.h"

enum { FRAMES = 6 };

static struct maximiser *maximiser_of(const struct net *net)
{
    struct maximiser *m = NULL;
    struct diag d = {0};
    cr_assert_eq(maximise_new(net, FRAMES, &m, &d), ERR_NONE, "%s", d.text);
    return m;
}

static void climb(struct maximiser *m, const struct maximise_options *o, const struct weights *w,
                  struct unit unit, const float *start, int steps)
{
    maximise_begin(m, o, unit, start);
    maximise_more(m, w, steps);
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
    struct maximiser *m = maximiser_of(net);
    struct unit unit = {1, 1, 0, 0};
    float start[6], expected[6];
    double length = 0;
    for (int i = 0; i < 6; i++) {
        start[i] = expected[i] = 0.5f;
        length += (double)weights[i] * (double)weights[i];
    }
    maximise_begin(m, &(struct maximise_options){.step = 0.3f}, unit, start);
    cr_assert(isnan(maximise_norm(m)) && maximise_steps(m) == 0);
    for (int k = 0; k < 5; k++) {
        double y = 0.25;
        for (int i = 0; i < 6; i++) {
            y += (double)weights[i] * (double)expected[i];
            expected[i] = fminf(fmaxf(expected[i] + (float)(0.3 * (double)weights[i] / sqrt(length)), 0), 1);
        }
        maximise_more(m, &w, 0);
        cr_assert_float_eq((double)maximise_activation(m), y, 1e-5, "before step %d", k);
        maximise_more(m, &w, 1);
        cr_assert_float_eq((double)maximise_norm(m), sqrt(length), 1e-5);
        cr_assert_eq(maximise_steps(m), k + 1);
    }
    for (int i = 0; i < 6; i++)
        cr_assert_float_eq((double)maximise_picture(m)[i], (double)expected[i], 1e-6);
    cr_assert_eq(maximise_picture(m)[2], 0.5f, "what the unit doesn't see stays");
    maximise_more(m, &w, 200);
    cr_assert(same_bits(6, maximise_picture(m), (float[]){1, 0, 0.5f, 1, 0, 1}),
              "in the end the corner where the weights point");
    maximise_free(m);
    weights_fini(&w);
    net_free(net);
}

/* A unit of a convolution sees its window, and no more. */
Test(maximise, only_the_receptive_field_moves)
{
    struct net *net = net_of("input 2x9x9\nconv 4 3x3 pad 1\ntanh\nconv 3 3x3 pad 1\n");
    struct weights w = weights_of(net, 2);
    struct maximiser *m = maximiser_of(net);
    float *start = random_floats(162, 0.3f, 0.7f, 1), before = -INFINITY;
    maximise_begin(m, &(struct maximise_options){.step = 0.05f}, (struct unit){2, 1, 4, 3}, start);
    for (int k = 0; k < 30; k++) {
        maximise_more(m, &w, 1);
        cr_assert_gt(maximise_activation(m), before, "small steps only rise");
        before = maximise_activation(m);
    }
    const float *x = maximise_picture(m);
    for (int i = 0; i < 162; i++) {
        int row = i / 9 % 9, col = i % 9;
        bool seen = row >= 2 && row <= 6 && col >= 1 && col <= 5;
        cr_assert(x[i] >= 0 && x[i] <= 1);
        if (!seen)
            cr_assert(same_bits(1, &x[i], &start[i]), "row %d, column %d", row, col);
    }
    free(start);
    maximise_free(m);
    weights_fini(&w);
    net_free(net);
}

static const char deep[] =
    "input 1x8x8\nconv 4 3x3\nsigmoid\navgpool 2\nconv 4 2x2\ntanh\nflatten\ndense 6\nsoftmax\n";
static const struct maximise_options all = {.step = 0.1f,
                                            .decay = 0.01f,
                                            .blur = 0.6f,
                                            .blur_every = 3,
                                            .jitter = 2,
                                            .clip = 0.1f,
                                            .ground = 0.4f,
                                            .seed = 11};

/* Whatever the layer, from noise. */
Test(maximise, rises_in_every_layer)
{
    struct net *net = net_of(deep);
    struct weights w = weights_of(net, 2);
    struct maximiser *m = maximiser_of(net);
    for (int l = 0; l < net->layers; l++) {
        struct unit unit = {l, net->layer[l].out.c / 2, -1, -1};
        climb(m, &(struct maximise_options){.step = 0.02f}, &w, unit, NULL, 0);
        float before = maximise_activation(m);
        maximise_more(m, &w, 40);
        cr_assert_gt(maximise_activation(m), before, "layer '%s'", net->layer[l].name);
        cr_assert_eq(maximise_unit(m).row, net->layer[l].out.h / 2);
    }
    maximise_free(m);
    weights_fini(&w);
    net_free(net);
}

/* The same in portions, and twice, to the same bits; another seed jitters otherwise. */
Test(maximise, a_function_of_seed_options_and_weights)
{
    struct net *net = net_of(deep);
    struct weights w = weights_of(net, 2);
    struct maximiser *one = maximiser_of(net), *other = maximiser_of(net);
    struct unit unit = {3, 1, 1, 0};
    climb(one, &all, &w, unit, NULL, 50);
    climb(other, &all, &w, unit, NULL, 7);
    for (int i = 0; i < 43; i++)
        maximise_more(other, &w, 1);
    cr_assert(same_bits(64, maximise_picture(one), maximise_picture(other)), "in portions");
    cr_assert(maximise_frames(one) == maximise_frames(other));
    float kept[64];
    memcpy(kept, maximise_picture(one), sizeof kept);
    climb(one, &all, &w, unit, NULL, 50);
    cr_assert(same_bits(64, maximise_picture(one), kept), "again");
    struct maximise_options o = all;
    o.seed = 12;
    climb(one, &o, &w, unit, NULL, 50);
    cr_assert_not(same_bits(64, maximise_picture(one), kept), "another seed");
    float *start = random_floats(64, 0.2f, 0.8f, 3);
    climb(one, &o, &w, unit, start, 50);
    memcpy(kept, maximise_picture(one), sizeof kept);
    climb(one, &all, &w, unit, start, 50);
    cr_assert_not(same_bits(64, maximise_picture(one), kept), "another jitter");
    free(start);
    maximise_free(one);
    maximise_free(other);
    weights_fini(&w);
    net_free(net);
}

/* One step by the definition: the gradient of the rolled picture by differences of the unit's value, rolled back; then the switches. */
Test(maximise, every_switch_in_its_place)
{
    struct net *net = net_of("input 1x6x7\nconv 3 3x3\ntanh\nflatten\ndense 2\n");
    struct weights w = weights_of(net, 4);
    struct maximiser *m = maximiser_of(net), *probe = maximiser_of(net);
    struct unit unit = {3, 1, 0, 0};
    enum { COUNT = 42 };
    float *x = random_floats(COUNT, 0.2f, 0.8f, 9), scratch[2 * COUNT], rolled[COUNT];
    struct rng rng;
    climb(m, &all, &w, unit, x, 2); /* the blur comes with the third step */
    memcpy(x, maximise_picture(m), COUNT * sizeof *x);
    rng_init(&rng, rng_key(all.seed, 2, 1));
    int down = (int)rng_below(&rng, 5) - 2, right = (int)rng_below(&rng, 5) - 2;
    cr_assert(down != 0 && right != 0, "a jitter that could be left out tests nothing");
    double gradient[COUNT], squares = 0;
    for (int i = 0; i < COUNT; i++) {
        float value[2], moved[COUNT];
        for (int side = 0; side < 2; side++) {
            memcpy(moved, x, sizeof moved);
            moved[i] += side ? 0.01f : -0.01f;
            regularise_roll(net->in, moved, down, right, rolled);
            climb(probe, &all, &w, unit, rolled, 0);
            value[side] = maximise_activation(probe);
        }
        gradient[i] = ((double)value[1] - (double)value[0]) / 0.02;
        squares += gradient[i] * gradient[i];
    }
    for (int i = 0; i < COUNT; i++)
        x[i] = (float)fmin(fmax((double)x[i] + (double)all.step * gradient[i] / sqrt(squares), 0), 1);
    regularise_decay(COUNT, x, all.decay, all.ground);
    regularise_blur(net->in, x, all.blur, scratch);
    regularise_clip(net->in, x, all.clip, all.ground, scratch);
    maximise_more(m, &w, 1);
    cr_assert_lt(apart(COUNT, maximise_picture(m), x), 1e-3);
    cr_assert_float_eq((double)maximise_norm(m), sqrt(squares), 1e-3 * sqrt(squares));
    free(x);
    maximise_free(m);
    maximise_free(probe);
    weights_fini(&w);
    net_free(net);
}

/* Each picture of the film is where an ascent of so many steps stands. */
Test(maximise, film_and_curve)
{
    struct net *net = net_of(deep);
    struct weights w = weights_of(net, 2);
    struct maximiser *m = maximiser_of(net), *again = maximiser_of(net);
    struct unit unit = {5, 2, 0, 0};
    struct maximise_options o = all;
    struct maximise_frame curve[MAXIMISE_CURVE];
    o.jitter = 0;
    maximise_begin(m, &o, unit, NULL);
    maximise_more(m, &w, 0);
    cr_assert_eq(maximise_frames(m), 1, "only the start");
    for (int total = 1; total <= 700; total = 3 * total + 1) {
        climb(m, &o, &w, unit, NULL, total);
        int frames = maximise_frames(m), last = -1;
        cr_assert(frames >= 2 && frames <= FRAMES);
        for (int i = 0; i < frames; i++) {
            struct maximise_frame f = maximise_frame(m, i);
            cr_assert(f.step > last && (i > 0 || f.step == 0) && (i < frames - 1 || f.step == total));
            climb(again, &o, &w, unit, NULL, f.step);
            cr_assert(same_bits(64, f.picture, maximise_picture(again)), "frame %d", i);
            cr_assert_eq(f.activation, maximise_activation(again), "frame %d", i);
            cr_assert(i == frames - 1 ? isnan(f.norm) : f.norm > 0);
            last = f.step;
        }
        int points = maximise_curve(m, curve);
        cr_assert(points <= MAXIMISE_CURVE && (total >= MAXIMISE_CURVE || points == total + 1));
        cr_assert(curve[0].step == 0 && curve[points - 1].step == total);
        cr_assert_eq(curve[points - 1].activation, maximise_activation(m));
    }
    maximise_free(m);
    maximise_free(again);
    weights_fini(&w);
    net_free(net);
}

Test(maximise, a_dead_unit_is_explained)
{
    struct net *net = net_of("input 4\nd: dense 2\nr: relu\ne: dense 2\n");
    struct weights w = {0};
    char text[200];
    const float start[4] = {0.1f, 0.2f, 0.3f, 0.4f};
    cr_assert_eq(weights_init(&w, net, NULL), ERR_NONE);
    for (int i = 0; i < 8; i++)
        w.params[i] = 1;
    w.params[8] = w.params[9] = -10;
    struct maximiser *m = maximiser_of(net);
    struct maximise_options o = {.step = 0.5f};
    struct unit unit = {1, 0, 0, 0};
    climb(m, &o, &w, unit, start, 3);
    cr_assert(same_bits(4, maximise_picture(m), start), "it leaves the input alone");
    cr_assert(maximise_norm(m) == 0 && maximise_activation(m) == 0);
    maximise_explain(net, unit, maximise_norm(m), text, sizeof text);
    cr_assert(strstr(text, "ReLU that is off. Start before it, at d."), "%s", text);
    cr_assert_eq(maximise_before(net, 1), 0);
    cr_assert_eq(maximise_before(net, 0), -1);
    unit.layer = maximise_before(net, 1);
    climb(m, &o, &w, unit, start, 3);
    cr_assert(maximise_norm(m) > 0 && maximise_activation(m) > -9, "there is a way up there");
    maximise_explain(net, unit, maximise_norm(m), text, sizeof text);
    cr_assert_str_empty(text);
    unit.layer = 2;
    climb(m, &o, &w, unit, start, 1);
    maximise_explain(net, unit, maximise_norm(m), text, sizeof text);
    cr_assert(strstr(text, "no ReLU before e"), "%s", text);
    maximise_explain(net, (struct unit){0, 0, 0, 0}, 0, text, sizeof text);
    cr_assert(strstr(text, "nothing that the unit of d sees"), "%s", text);
    maximise_free(m);
    weights_fini(&w);
    net_free(net);
}
