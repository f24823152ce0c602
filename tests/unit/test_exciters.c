#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "explain/exciters.h"
#include "nn/init.h"
#include "nn/model.h"
#include "nn/pass.h"

enum { IMAGES = 150, SIDE = 12, PIXELS = SIDE * SIDE };

/* A data set that is a function of the index alone. */
static int read_made(const struct dataset *d, enum split split, int index, uint8_t *pixels)
{
    struct rng rng;
    rng_init(&rng, rng_key((uint64_t)split, (uint64_t)index, 5));
    for (size_t i = 0; i < shape_count(d->shape); i++)
        pixels[i] = (uint8_t)rng_below(&rng, 256);
    return index % d->classes;
}

static const struct source_type made = {.name = "made", .usage = "made", .help = "made", .read = read_made};

static struct dataset made_set(void)
{
    return (struct dataset){
        .source = &made, .shape = {1, SIDE, SIDE}, .classes = 7, .count = {[SPLIT_TEST] = IMAGES}};
}

static const char model[] =
    "input 1x12x12\nconv 4 3x3\nrelu\nmaxpool 2\nconv 3 3x3 stride 2\nflatten\ndense 5\n";

static struct net *build(const char *text, struct weights *w)
{
    struct net *net = NULL;
    struct diag diag = {0};
    cr_assert_eq(model_parse(text, "test.model", NULL, &net, &diag), ERR_NONE, "%s", diag.text);
    cr_assert_eq(weights_init(w, net, NULL), ERR_NONE);
    init_weights(w, net, INIT_HE, 3);
    return net;
}

/* What the unit answers to one image, computed alone. */
static float answer(const struct net *net, const struct weights *w, struct pass *pass, struct unit u,
                    const float *x)
{
    float map[1024], best = -INFINITY;
    struct shape s = net->layer[u.layer].out;
    net_forward(net, w, pass, 1, x, MODE_INFER);
    pass_read(pass, u.layer, 0, map);
    for (int r = 0; r < s.h; r++)
        for (int c = 0; c < s.w; c++)
            if ((u.row < 0 || (u.row == r && u.col == c)) && map[(u.channel * s.h + r) * s.w + c] > best)
                best = map[(u.channel * s.h + r) * s.w + c];
    return best;
}

static struct pass *pass_of_one(const struct net *net)
{
    struct pass *pass = NULL;
    cr_assert_eq(pass_new(net, (struct pass_options){.capacity = 1, .lanes = 1, .keep = true}, &pass, NULL),
                 ERR_NONE);
    return pass;
}

static int falling(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return x > y ? -1 : x < y;
}

static const struct unit units[] = {
    {0, 1, -1, -1}, {0, 2, 3, 9}, {2, 0, -1, -1}, {3, 2, -1, -1}, {5, 4, -1, -1}};

Test(exciters, as_by_hand)
{
    struct weights w = {0};
    struct net *net = build(model, &w);
    struct dataset data = made_set();
    struct exciters *e = NULL;
    struct pass *pass = pass_of_one(net);
    cr_assert_eq(exciters_new(net, &data, SPLIT_TEST, NULL, &e, NULL), ERR_NONE);
    for (int u = 0; u < ARRAY_LEN(units); u++) {
        struct exciter top[9], bottom[9];
        float value[IMAGES], sorted[IMAGES], x[PIXELS];
        int found = 0;
        for (int i = 0; i < IMAGES; i++) {
            dataset_read_floats(&data, SPLIT_TEST, i, x);
            sorted[i] = value[i] = answer(net, &w, pass, units[u], x);
        }
        qsort(sorted, IMAGES, sizeof *sorted, falling);
        cr_assert(exciters_run(e, &w, units[u], IMAGES, 9, NULL, top, bottom, &found));
        cr_assert_eq(found, 9);
        for (int k = 0; k < 9; k++) {
            struct unit there = units[u];
            there.row = top[k].row;
            there.col = top[k].col;
            dataset_read_floats(&data, SPLIT_TEST, top[k].index, x);
            cr_assert_float_eq(top[k].value, sorted[k], 1e-4, "unit %d, rank %d", u, k);
            cr_assert_float_eq(top[k].value, value[top[k].index], 1e-4);
            cr_assert_float_eq(top[k].value, answer(net, &w, pass, there, x), 1e-4, "the place is right");
            cr_assert_eq(top[k].label, top[k].index % 7);
            cr_assert_float_eq(bottom[k].value, sorted[IMAGES - 1 - k], 1e-4, "unit %d, rank %d", u, k);
            cr_assert_float_eq(bottom[k].value, value[bottom[k].index], 1e-4);
        }
    }
    exciters_free(e);
    pass_free(pass);
    weights_fini(&w);
    net_free(net);
}

Test(exciters, same_for_any_number_of_threads)
{
    struct weights w = {0};
    struct net *net = build(model, &w);
    struct dataset data = made_set();
    for (int u = 0; u < ARRAY_LEN(units); u++) {
        struct exciter first[40], list[40];
        for (int threads = 1; threads <= 5; threads += 2) {
            struct team *team = team_new(threads);
            struct exciters *e = NULL;
            int found = 0;
            memset(list, 0, sizeof list);
            cr_assert_eq(exciters_new(net, &data, SPLIT_TEST, team, &e, NULL), ERR_NONE);
            cr_assert(exciters_run(e, &w, units[u], 1 << 30, 20, NULL, list, list + 20, &found));
            if (threads == 1)
                memcpy(first, list, sizeof list);
            cr_assert(found == 20 && memcmp(first, list, sizeof list) == 0, "unit %d, %d threads", u,
                      threads);
            exciters_free(e);
            team_free(team);
        }
    }
    weights_fini(&w);
    net_free(net);
}

Test(exciters, equals_small_sets_and_refusals)
{
    struct weights w = {0};
    struct net *net = build(model, &w);
    struct dataset data = made_set();
    struct exciters *e = NULL;
    struct exciter top[200];
    struct diag diag = {0};
    int found = 0;
    atomic_bool stop = true;
    memset(w.params, 0, w.params_count * sizeof *w.params); /* every unit is dead: all images are equal */
    cr_assert_eq(exciters_new(net, &data, SPLIT_TEST, NULL, &e, NULL), ERR_NONE);
    cr_assert(exciters_run(e, &w, (struct unit){1, 0, -1, -1}, 3, 200, NULL, top, NULL, &found));
    cr_assert(found == 3 && top[0].index == 0 && top[1].index == 1 && top[2].index == 2);
    w.params[net->layer[5].param[1].offset] = NAN; /* the bias of the first output */
    cr_assert(exciters_run(e, &w, (struct unit){5, 0, -1, -1}, IMAGES, 200, NULL, top, NULL, &found));
    cr_assert_eq(found, 0, "NaN has no rank");
    cr_assert_not(exciters_run(e, &w, units[0], IMAGES, 9, &stop, top, NULL, &found), "cancelled");
    exciters_free(e);
    data.shape.w = 13;
    cr_assert_eq(exciters_new(net, &data, SPLIT_TEST, NULL, &e, &diag), ERR_SHAPE);
    weights_fini(&w);
    net_free(net);
}

/* ---- receptive fields: change each pixel and see whether the unit notices ---- */

static const char field_model[] = "input 2x11x13\n"
                                  "c1: conv 2 3x5 pad 1x2\n"
                                  "p1: avgpool 2x3 stride 2x1\n"
                                  "c2: conv 2 3x1 dilation 2 pad 2x0\n"
                                  "s: add p1 c2\n"
                                  "r: leakyrelu\n"
                                  "c3: conv 3 2x2 stride 2\n"
                                  "f: flatten\n"
                                  "t: tanh\n"
                                  "d: dense 2\n";

static struct box seen(const struct net *net, const struct weights *w, struct pass *pass, struct unit u)
{
    struct box box = {net->in.h, net->in.w, 0, 0};
    size_t count = shape_count(net->in);
    float *x = calloc(count, sizeof *x), before;
    struct rng rng;
    rng_init(&rng, 4);
    for (size_t i = 0; i < count; i++)
        x[i] = rng_uniform(&rng);
    before = answer(net, w, pass, u, x);
    for (int i = 0; i < (int)count; i++) {
        int row = i / net->in.w % net->in.h, col = i % net->in.w;
        float old = x[i];
        x[i] += 1;
        if (answer(net, w, pass, u, x) != before) {
            box.top = row < box.top ? row : box.top;
            box.left = col < box.left ? col : box.left;
            box.bottom = row >= box.bottom ? row + 1 : box.bottom;
            box.right = col >= box.right ? col + 1 : box.right;
        }
        x[i] = old;
    }
    free(x);
    return box;
}

Test(exciters, receptive_fields)
{
    struct weights w = {0};
    struct net *net = build(field_model, &w);
    struct pass *pass = pass_of_one(net);
    for (int layer = 0; layer < net->layers; layer++) {
        struct shape s = net->layer[layer].out;
        for (int i = 0; i < (int)shape_count(s); i += 3) {
            struct unit u = {layer, i / (s.h * s.w), i / s.w % s.h, i % s.w};
            struct box want = seen(net, &w, pass, u), got = receptive_field(net, u);
            cr_assert(
                memcmp(&want, &got, sizeof got) == 0,
                "%s, unit %d,%d,%d: rows %d to %d, columns %d to %d, not rows %d to %d, columns %d to %d",
                net->layer[layer].name, u.channel, u.row, u.col, got.top, got.bottom, got.left, got.right,
                want.top, want.bottom, want.left, want.right);
        }
    }
    pass_free(pass);
    weights_fini(&w);
    net_free(net);
}

Test(exciters, receptive_fields_at_the_edges)
{
    struct weights w = {0};
    struct net *net = build("input 1x4x4\nflatten\nrelu\ndense 2\n", &w);
    struct box one = receptive_field(net, (struct unit){1, 6, 0, 0}),
               all = receptive_field(net, (struct unit){2, 1, 0, 0});
    cr_assert(one.top == 1 && one.left == 2 && one.bottom == 2 && one.right == 3, "one number of a vector");
    cr_assert(all.top == 0 && all.left == 0 && all.bottom == 4 && all.right == 4);
    weights_fini(&w);
    net_free(net);
    net = build("input 1x4x4\nconv 1 1x1 pad 2\n", &w);
    struct box none = receptive_field(net, (struct unit){0, 0, 0, 0});
    cr_assert(none.bottom == 0 && none.right == 0, "only padding");
    weights_fini(&w);
    net_free(net);
}

/* In portions the lists are, after each, those of the images seen so far. */
Test(exciters, in_portions)
{
    struct weights w = {0};
    struct net *net = build(model, &w);
    struct dataset data = made_set();
    struct exciters *e = NULL, *whole = NULL;
    struct exciter top[9], bottom[9], want_top[9], want_bottom[9];
    cr_assert_eq(exciters_new(net, &data, SPLIT_TEST, NULL, &e, NULL), ERR_NONE);
    cr_assert_eq(exciters_new(net, &data, SPLIT_TEST, NULL, &whole, NULL), ERR_NONE);
    exciters_begin(e, units[3], 9, top, bottom);
    for (int seen = 0, found; seen < IMAGES;) {
        int before = seen;
        seen = exciters_more(e, &w, IMAGES);
        cr_assert(seen > before && seen <= IMAGES);
        cr_assert(exciters_run(whole, &w, units[3], seen, 9, NULL, want_top, want_bottom, &found));
        cr_assert_eq(exciters_found(e), found);
        cr_assert_eq(memcmp(top, want_top, sizeof top), 0);
        cr_assert_eq(memcmp(bottom, want_bottom, sizeof bottom), 0);
        for (int k = 0; k < found; k++)
            cr_assert_eq(exciters_value(e, top[k].index), top[k].value);
    }
    cr_assert_eq(exciters_more(e, &w, IMAGES), IMAGES, "nothing is left");
    struct exciter four[4] = {{.label = 1}, {.label = 2}, {.label = 1}, {.label = 3}};
    cr_assert_eq(exciters_purity(four, 4), 0.5);
    cr_assert_eq(exciters_purity(four, 0), 0);
    int count[4];
    exciters_classes(four, 4, 4, count);
    cr_assert(count[0] == 0 && count[1] == 2 && count[2] == 1 && count[3] == 1);
    exciters_free(e);
    exciters_free(whole);
    weights_fini(&w);
    net_free(net);
}
