/** Numbers taken apart, against what the network computed: every number of every layer type. */
#include <criterion/criterion.h>

#include "explain/inspect.h"
#include "nets.h"

static const char *const models[] = {
    "input 3x9x8\nnormalize 0.4,0.5,0.6 0.2,0.3,0.25\nconv 6 3x2 groups 3 pad 1 stride 2x1\nbatchnorm\nrelu\n"
    "maxpool 3x2 stride 2x1 pad 1x0\navgpool 2x3 pad 1\nleakyrelu slope 0.2\nelu\nflatten\ndense 7\nsigmoid\n"
    "dropout 0.5\ndense 4 nobias\nsoftmax\n",
    "input 2x7x7\nnormalize 0.4 0.3\nc: conv 4 3x3 pad 2 dilation 2 nobias\nt: tanh\nb: conv 4 1x1 from c\n"
    "s: add t b\nsoftmax\nd: add s s\nglobalavgpool\n",
};

enum { FLOATS = 4096 };

static struct net *net;
static struct weights weights;
static struct pass *pass;
static float *y[64]; /* of each layer; y[0] the input */

static void run(const char *model)
{
    net = net_of(model);
    weights = weights_of(net, 8);
    pass = pass_of(net, (struct pass_options){.capacity = 1, .lanes = 1, .keep = true});
    float *x = random_floats(shape_count(net->in), 0, 1, 4);
    net_forward(net, &weights, pass, 1, x, MODE_INFER);
    for (int i = 0; i <= net->layers; i++) {
        y[i] = mem_floats(FLOATS);
        pass_read(pass, i - 1, 0, y[i]);
    }
    free(x);
}

static void stop(void)
{
    for (int i = 0; i <= net->layers; i++)
        free(y[i]);
    pass_free(pass);
    weights_fini(&weights);
    net_free(net);
}

static struct shape shape_of(int layer)
{
    return layer < 0 ? net->in : net->layer[layer].out;
}

static struct inspected number(struct unit u)
{
    const struct layer *l = &net->layer[u.layer];
    struct inspected in = {.net = net, .weights = &weights, .unit = u};
    for (int k = 0; k < l->inputs; k++)
        in.x[k] = y[1 + l->in[k]];
    return in;
}

static float at(struct unit u)
{
    struct shape s = shape_of(u.layer);
    return y[1 + u.layer][(u.channel * s.h + u.row) * s.w + u.col];
}

static bool outside(struct unit u)
{
    struct shape s = shape_of(u.layer);
    return u.row < 0 || u.col < 0 || u.row >= s.h || u.col >= s.w;
}

static void check_terms(struct unit u, const struct expression *e)
{
    struct inspected in = number(u);
    const struct layer *l = &net->layer[u.layer];
    struct field sees[2];
    for (int k = 0; k < l->inputs; k++)
        sees[k] = field_back(net, u.layer, field_of_unit(u), l->in[k]);
    for (int k = 0; k < e->terms; k++) {
        struct source s = inspect_source(net, u, k);
        int slot = l->inputs > 1 ? k : 0;
        struct term t = inspect_term(&in, k);
        cr_assert(t.a == e->a[k] && t.b == e->b[k] && t.product == e->product[k]);
        cr_assert_eq(s.padding, outside(s.from), "%s term %d", l->name, k);
        cr_assert_eq(e->a[k], s.padding ? 0 : at(s.from), "%s term %d", l->name, k);
        cr_assert_eq(inspect_term_from(net, u, slot, s.from), k, "%s term %d", l->name, k);
        cr_assert(s.padding || field_holds(&sees[slot], s.from.channel, s.from.row, s.from.col));
        cr_assert_eq(s.param >= 0, l->type == layer_type_fastest(layer_type_find("conv")) ||
                                       l->type == layer_type_fastest(layer_type_find("dense")));
        if (s.param >= 0)
            cr_assert_eq(e->b[k], weights.params[s.param]);
    }
}

static void check_number(struct unit u)
{
    float a[FLOATS], b[FLOATS], product[FLOATS];
    struct expression e;
    struct inspected in = number(u);
    const char *name = net->layer[u.layer].name;
    inspect_number(&in, FLOATS, a, b, product, &e);
    double sum = (double)e.bias, size = 1e-3;
    for (int k = 0; k < e.terms; k++) {
        sum += (double)e.product[k];
        size += fabs((double)e.product[k]);
    }
    if (e.form == FORM_SHARE) {
        cr_assert_float_eq(sum, 1, 1e-5);
        sum = (double)e.product[u.channel];
    }
    cr_assert_eq(e.listed, e.terms);
    cr_assert_eq((size_t)e.terms, shape_count(inspect_window(net, u)));
    cr_assert_float_eq(sum, (double)at(u), 1e-5 * size, "%s[%d](%d,%d): %g, not %g", name, u.channel, u.row,
                       u.col, sum, (double)at(u));
    cr_assert_float_eq((double)e.result, (double)at(u), 1e-5 * size, "%s", name);
    check_terms(u, &e);

    /* the same with room for a few */
    int most = e.terms > 2 ? e.terms / 2 : 1;
    struct expression less;
    inspect_number(&in, most, a, b, product, &less);
    cr_assert(less.terms == e.terms && less.listed == most && less.result == e.result);
    sum = (double)less.bias + (double)less.rest;
    for (int k = 0; k < most; k++)
        sum += (double)product[k];
    if (e.form != FORM_SHARE)
        cr_assert_float_eq(sum, (double)at(u), 1e-5 * size);
}

Test(inspect, every_number_of_every_layer_type)
{
    bool met[64] = {false};
    for (int m = 0; m < ARRAY_LEN(models); m++) {
        run(models[m]);
        for (int layer = 0; layer < net->layers; layer++) {
            struct shape s = shape_of(layer);
            for (int i = 0; i < (int)shape_count(s); i++)
                check_number((struct unit){layer, i / (s.h * s.w), i / s.w % s.h, i % s.w});
            for (int t = 0; layer_types[t]; t++)
                met[t] |= strcmp(layer_types[t]->name, net->layer[layer].type->name) == 0;
        }
        stop();
    }
    for (int t = 0; layer_types[t]; t++)
        cr_assert(met[t], "%s is in none of the models", layer_types[t]->name);
}

/* A term that doesn't exist: of a place beside the window, of another group, of the other place of a map. */
Test(inspect, terms_that_are_not_there)
{
    run(models[0]);
    int conv = net_find(net, "conv1"), max = net_find(net, "pool1");
    struct unit u = {conv, 2, 1, 3}; /* rows 1 to 3, columns 2 and 3 of channel 1 */
    int before = net->layer[conv].in[0];
    cr_assert_eq(inspect_term_from(net, u, 0, (struct unit){before, 1, 1, 2}), 0);
    cr_assert_eq(inspect_term_from(net, u, 0, (struct unit){before, 1, 3, 3}), 5);
    cr_assert_eq(inspect_term_from(net, u, 0, (struct unit){before, 0, 1, 2}), -1);
    cr_assert_eq(inspect_term_from(net, u, 0, (struct unit){before, 2, 1, 2}), -1);
    cr_assert_eq(inspect_term_from(net, u, 0, (struct unit){before, 1, 0, 2}), -1);
    cr_assert_eq(inspect_term_from(net, u, 0, (struct unit){before, 1, 1, 4}), -1);
    struct unit p = {max, 1, 1, 1};
    before = net->layer[max].in[0];
    cr_assert_eq(inspect_term_from(net, p, 0, (struct unit){before, 1, 1, 1}), 0);
    cr_assert_eq(inspect_term_from(net, p, 0, (struct unit){before, 0, 1, 1}), -1);
    cr_assert_eq(inspect_term_from(net, p, 0, (struct unit){before, 1, 0, 1}), -1);
    stop();
}

Test(inspect, origin_is_the_same_number)
{
    run(models[0]);
    int flat = net_find(net, "flatten1"), drop = net_find(net, "dropout1");
    for (int i = 0; i < shape_of(flat).c; i++) {
        struct unit u = {flat, i, 0, 0}, o = inspect_origin(net, u);
        cr_assert_eq(o.layer, net->layer[flat].in[0]);
        cr_assert_eq(at(o), at(u));
    }
    struct unit o = inspect_origin(net, (struct unit){drop, 3, 0, 0});
    cr_assert(o.layer == net->layer[drop].in[0] && o.channel == 3);
    o = inspect_origin(net, (struct unit){NET_INPUT, 1, 2, 3});
    cr_assert(o.layer == NET_INPUT && o.channel == 1 && o.row == 2 && o.col == 3);
    stop();
}

/* ---- as text ---- */

static float ta[8], tb[8], tproduct[8];

static void says(const char *text, struct unit u)
{
    struct expression e;
    char got[400];
    struct inspected in = number(u);
    inspect_number(&in, 8, ta, tb, tproduct, &e);
    expression_text(net, u, &e, got, sizeof got);
    cr_assert_str_eq(got, text);
}

static void set(int layer, int param, const float *values)
{
    const struct layer_array *p = &net->layer[layer].param[param];
    memcpy(weights.params + p->offset, values, p->count * sizeof *values);
}

Test(inspect, texts)
{
    static const float x[] = {0.25f, 0.5f, 0.75f, 1}, w[] = {1, -2, 0.5f, 0.125f}, b[] = {-0.25f},
                       zeros[4] = {0};
    run("input 1x2x2\nnormalize 0.5 0.25\nconv 1 2x2\nbn1: batchnorm eps 0.25\nmaxpool 2 from input\n"
        "avgpool 2 from input\nrelu\nleakyrelu slope 0.25 from bn1\nsigmoid\ntanh\nflat: flatten from input\n"
        "softmax\nadd flat flat\nelu\nelu alpha 0.5 from bn1\n");
    set(net_find(net, "conv1"), 0, w);
    set(net_find(net, "conv1"), 1, b);
    set(net_find(net, "bn1"), 0, x + 1); /* gamma 0.5 */
    set(net_find(net, "bn1"), 1, b);
    weights.buffers[0] = 0.5f;
    weights.buffers[1] = 2; /* and eps: 1.5 squared */
    net_forward(net, &weights, pass, 1, x, MODE_INFER);
    for (int i = 0; i <= net->layers; i++)
        pass_read(pass, i - 1, 0, y[i]);
    says("normalize1[0](0,1) = (0.5 - 0.5) / 0.25 = 0", (struct unit){0, 0, 0, 1});
    says("conv1[0] = -1*1 + 0*-2 + 1*0.5 + 2*0.125 - 0.25 = -0.5", (struct unit){1, 0, 0, 0});
    says("bn1[0] = (-0.5 - 0.5) / 1.5 * 0.5 - 0.25 = -0.583", (struct unit){2, 0, 0, 0});
    says("pool1[0] = max(0.25, 0.5, 0.75, [1]) = 1", (struct unit){3, 0, 0, 0});
    says("pool2[0] = (0.25 + 0.5 + 0.75 + 1) / 4 = 0.625", (struct unit){4, 0, 0, 0});
    says("relu1[0] = max(0.625, 0) = 0.625", (struct unit){5, 0, 0, 0});
    says("leakyrelu1[0] = 0.25*-0.583 = -0.146", (struct unit){6, 0, 0, 0});
    says("sigmoid1[0] = 1 / (1 + e^0.146) = 0.464", (struct unit){7, 0, 0, 0});
    says("tanh1[0] = tanh(0.464) = 0.433", (struct unit){8, 0, 0, 0});
    says("flat[2] = 0.75 = 0.75", (struct unit){9, 2, 0, 0});
    says("softmax1[3] = e^1 / (e^0.25 + e^0.5 + e^0.75 + e^1) = 0.35", (struct unit){10, 3, 0, 0});
    says("add1[1] = 0.5 + 0.5 = 1", (struct unit){11, 1, 0, 0});
    says("elu2[0] = 0.5*(e^-0.583 - 1) = -0.221", (struct unit){13, 0, 0, 0});
    says("elu1[1] = 1 = 1", (struct unit){12, 1, 0, 0});
    set(net_find(net, "conv1"), 0, zeros);
    says("conv1[0] = -1*0 + 0*0 + 1*0 + 2*0 - 0.25 = -0.25", (struct unit){1, 0, 0, 0});
    char pixel[40];
    unit_text(net, (struct unit){NET_INPUT, 0, 1, 0}, pixel, sizeof pixel);
    cr_assert_str_eq(pixel, "input(1,0)");
    stop();
}

/* However little room there is: never beyond it, and with some 160 bytes beginning and end are there. */
Test(inspect, long_texts_are_cut_in_the_middle)
{
    run(models[0]);
    float a[FLOATS], b[FLOATS], product[FLOATS];
    for (int layer = 0; layer < net->layers; layer++)
        for (size_t size = 1; size < 400; size++) {
            struct unit u = {layer, 1, 0, 0};
            struct inspected in = number(u);
            struct expression e;
            char text[401], end[64];
            memset(text, '#', sizeof text);
            inspect_number(&in, (int)(size % 7) + 1, a, b, product, &e);
            expression_text(net, u, &e, text, size);
            cr_assert(memchr(text, 0, size) != NULL && text[size] == '#', "%zu", size);
            snprintf(end, sizeof end, " = %.3g", (double)e.result);
            const char *last = text + strlen(text) - strlen(end);
            cr_assert(size < 160 || strcmp(last, end) == 0, "'%s' in %zu", text, size);
        }
    stop();
}
