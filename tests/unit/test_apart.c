/** The questions that take a number or a map apart (number, products, feeds), against passes and plain loops. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "asking.h"
#include "nn/model.h"

/* Some places of a layer's output: the corners, and some between. */
static struct unit some_unit(int layer, int k)
{
    struct shape s = layer < 0 ? net->in : net->layer[layer].out;
    int count = (int)shape_count(s), i = k == 0 ? 0 : k == 1 ? count - 1 : (k * 7919 + 13) % count;
    return (struct unit){layer, i / (s.h * s.w), i / s.w % s.h, i % s.w};
}

static struct question about(const char *type, struct unit u)
{
    return (struct question){
        .type = question_find(type), .layer = u.layer, .unit = u.channel, .row = u.row, .col = u.col};
}

static float value_in(const float *data, struct shape s, struct unit u)
{
    return data[(u.channel * s.h + u.row) * s.w + u.col];
}

static void check_number(struct unit u, const float *const *value)
{
    struct answer a = {0};
    struct question q = about("number", u);
    struct expression e;
    const struct layer *l = &net->layer[u.layer];
    cr_assert(probe_answer(&probe, &q, &a));
    struct shape window = inspect_window(net, u);
    const float *x = part_of(&a, "a", 1, window), *product = part_of(&a, "product", 1, window);
    float result = data_of(&a, "result", 0);
    cr_assert_eq(result, value_in(value[1 + u.layer], l->out, u), "%s", l->name);
    double sum = answer_part(&a, "bias") ? (double)data_of(&a, "bias", 0) : 0, size = 1e-3;
    for (int k = 0; k < (int)shape_count(window); k++) {
        struct source s = inspect_source(net, u, k);
        struct shape below = s.from.layer < 0 ? net->in : net->layer[s.from.layer].out;
        cr_assert_eq(x[k], s.padding ? 0 : value_in(value[1 + s.from.layer], below, s.from), "%s", l->name);
        sum += (double)product[k];
        size += fabs((double)product[k]);
    }
    if (strcmp(l->type->name, "softmax") == 0)
        sum = (double)product[u.channel];
    cr_assert_float_eq(sum, (double)result, 1e-5 * size, "%s: %g, not %g", l->name, sum, (double)result);
    cr_assert(answer_expression(net, &a, &e));
    cr_assert(e.a == x && e.product == product && e.result == result && e.listed == e.terms);
    cr_assert_eq((size_t)e.terms, shape_count(window));
    cr_assert_eq(e.biased, l->params > 1);
    answer_fini(&a);
    cr_assert_not(answer_expression(net, &a, &e));
}

ParameterizedTestParameters(questions, number)
{
    return all_models();
}

ParameterizedTest(int *model, questions, number)
{
    set_up(*model, 2);
    struct pass *own = observed_pass(&moment, sample.x, 2);
    float **value = calloc((size_t)net->layers + 1, sizeof *value);
    for (int i = 0; i <= net->layers; i++) {
        value[i] = observed_floats(i == 0 ? shape_count(net->in) : shape_count(net->layer[i - 1].out));
        pass_read(own, i - 1, 0, value[i]);
    }
    for (int layer = 0; layer < net->layers; layer++)
        for (int k = 0; k < 12; k++)
            check_number(some_unit(layer, k), (const float *const *)value);
    for (int i = 0; i <= net->layers; i++)
        free(value[i]);
    free(value);
    pass_free(own);
    tear_down();
}

/* Too many terms for a list: the first are there, and the sum of the others. */
Test(questions, number_of_many_terms)
{
    struct diag diag = {0};
    struct answer a = {0};
    struct expression e;
    cr_assert_eq(model_parse("input 1x300x300\nflatten\ndense 2\n", "wide", NULL, &net, &diag), ERR_NONE);
    observed_moment(&moment, net, 5);
    sample = (struct sample){.label = 1, .x = observed_floats(shape_count(net->in))};
    observed_pixels(net->in, 3, sample.x);
    cr_assert_eq(probe_init(&probe, net, NULL), ERR_NONE);
    probe_run(&probe, &moment, &sample);
    struct question q = about("number", (struct unit){1, 1, 0, 0});
    cr_assert(probe_answer(&probe, &q, &a) && answer_expression(net, &a, &e));
    cr_assert(e.terms == 90000 && e.listed < e.terms && e.listed >= 65536);
    double sum = (double)e.bias + (double)e.rest, rest = 0;
    for (int k = 0; k < e.terms; k++) {
        double product = (double)sample.x[k] *
                         (double)moment.weights.params[net->layer[1].param[0].offset + 90000 + (size_t)k];
        sum += k < e.listed ? (double)e.product[k] : 0;
        rest += k < e.listed ? 0 : product;
    }
    cr_assert_float_eq((double)e.rest, rest, 1e-3);
    cr_assert_float_eq(sum, (double)e.result, 1e-3);
    answer_fini(&a);
    tear_down();
}

/* One number of a channel's own correlation, by the definition. */
static double correlation_at(const struct layer *l, const float *x, const float *w, int row, int col)
{
    struct window rows = l->options.rows, cols = l->options.cols;
    double sum = 0;
    for (int k = 0; k < rows.size; k++)
        for (int m = 0; m < cols.size; m++) {
            int r = row * rows.stride + k * rows.dilation - rows.pad,
                c = col * cols.stride + m * cols.dilation - cols.pad;
            if (r >= 0 && c >= 0 && r < l->in_shape[0].h && c < l->in_shape[0].w)
                sum += (double)x[r * l->in_shape[0].w + c] * (double)w[k * cols.size + m];
        }
    return sum;
}

static void check_products(const struct layer *l, const struct question *q, const float *below,
                           const float *y)
{
    struct answer a = {0};
    const struct layer_options *o = &l->options;
    int channels = l->in_shape[0].c / o->groups, first = q->unit / (l->out.c / o->groups) * channels;
    struct shape in = {1, l->in_shape[0].h, l->in_shape[0].w}, out = {1, l->out.h, l->out.w};
    size_t taps = (size_t)(o->rows.size * o->cols.size), of_map = shape_count(out);
    cr_assert(probe_answer(&probe, q, &a));
    const float *x = part_of(&a, "x", channels, in),
                *w = part_of(&a, "w", channels, (struct shape){1, o->rows.size, o->cols.size});
    const float *product = part_of(&a, "product", channels, out), *sum = part_of(&a, "sum", 1, out);
    same(x, below + (size_t)first * shape_count(in), (size_t)channels * shape_count(in), "x");
    same(w, moment.weights.params + l->param[0].offset + (size_t)q->unit * (size_t)channels * taps,
         (size_t)channels * taps, "w");
    cr_assert_eq(answer_part(&a, "bias") != NULL, o->bias);
    double bias = o->bias ? (double)data_of(&a, "bias", 0) : 0;
    same(part_of(&a, "y", 1, out), y + (size_t)q->unit * of_map, of_map, "y");
    for (int p = 0; p < (int)of_map; p++) {
        double all = 0;
        for (int i = 0; i < channels; i++) {
            double one = correlation_at(l, x + (size_t)i * shape_count(in), w + (size_t)i * taps, p / out.w,
                                        p % out.w);
            cr_assert_float_eq((double)product[(size_t)i * of_map + (size_t)p], one, 1e-5, "%s", l->name);
            all += one;
        }
        cr_assert_float_eq((double)sum[p], all, 1e-4, "%s", l->name);
        cr_assert_float_eq((double)y[(size_t)q->unit * of_map + (size_t)p], all + bias, 1e-4, "%s", l->name);
    }
    answer_fini(&a);
}

ParameterizedTestParameters(questions, products)
{
    return all_models();
}

ParameterizedTest(int *model, questions, products)
{
    set_up(*model, 2);
    struct pass *own = observed_pass(&moment, sample.x, 2);
    float *below = observed_floats(1 << 20), *y = observed_floats(1 << 20);
    for (int layer = 0; layer < net->layers; layer++) {
        struct question q = about("products", (struct unit){layer, net->layer[layer].out.c - 1, 0, 0});
        if (strcmp(net->layer[layer].type->name, "conv") != 0)
            continue;
        pass_read(own, net->layer[layer].in[0], 0, below);
        pass_read(own, layer, 0, y);
        check_products(&net->layer[layer], &q, below, y);
        q.unit = 0;
        check_products(&net->layer[layer], &q, below, y);
    }
    free(below);
    free(y);
    pass_free(own);
    tear_down();
}

/* Rows of a table are in the order of their products' sizes, and each is a term that really is there. */
static void check_rows(const struct answer *a, int way, struct unit from)
{
    int reader = (int)data_of(a, "reader", (size_t)way), slot = (int)data_of(a, "slot", (size_t)way);
    const struct part *places = answer_part(a, "place");
    size_t rows = (size_t)places->shape.h, listed = (size_t)data_of(a, "listed", (size_t)way);
    float *x[2] = {observed_floats(1 << 20), observed_floats(1 << 20)}, *y = observed_floats(1 << 20);
    struct inspected in = {.net = net, .weights = &moment.weights, .x = {x[0], x[1]}};
    for (int k = 0; k < net->layer[reader].inputs; k++)
        pass_read(probe.pass, net->layer[reader].in[k], 0, x[k]);
    pass_read(probe.pass, reader, 0, y);
    for (size_t i = 0, at = (size_t)way * rows; i < listed; i++, at++) {
        const float *place = places->data + 3 * at;
        in.unit = (struct unit){reader, (int)place[0], (int)place[1], (int)place[2]};
        struct term t = inspect_term(&in, inspect_term_from(net, in.unit, slot, from));
        cr_assert(t.b == data_of(a, "weight", at) && t.product == data_of(a, "product", at));
        cr_assert_eq(data_of(a, "result", at), value_in(y, net->layer[reader].out, in.unit));
        cr_assert(i == 0 || fabsf(t.product) <= fabsf(data_of(a, "product", at - 1)));
    }
    free(x[0]);
    free(x[1]);
    free(y);
}

/* Goes through all terms of all numbers of all layers and looks for those that come from there. */
static void check_feeds(struct unit from)
{
    struct answer a = {0};
    struct question q = about("feeds", from);
    int ways = 0;
    bool ready = probe_answer(&probe, &q, &a);
    for (int layer = from.layer + 1; layer < net->layers; layer++)
        for (int slot = 0; slot < net->layer[layer].inputs; slot++) {
            size_t count = 0;
            struct shape s = net->layer[layer].out;
            if (net->layer[layer].in[slot] != from.layer)
                continue;
            for (int i = 0; i < (int)shape_count(s); i++) {
                struct unit u = {layer, i / (s.h * s.w), i / s.w % s.h, i % s.w};
                int terms = (int)shape_count(inspect_window(net, u));
                for (int k = 0; k < terms; k++) {
                    struct source c = inspect_source(net, u, k);
                    count += (net->layer[layer].inputs == 1 || k == slot) && c.from.channel == from.channel &&
                             c.from.row == from.row && c.from.col == from.col;
                }
            }
            cr_assert(ready && data_of(&a, "reader", (size_t)ways) == (float)layer);
            cr_assert_eq(data_of(&a, "count", (size_t)ways), (float)count, "%s", net->layer[layer].name);
            cr_assert_eq(data_of(&a, "listed", (size_t)ways), (float)(count < 64 ? count : 64));
            check_rows(&a, ways++, from);
        }
    cr_assert(ready ? ways == answer_part(&a, "reader")->n : ways == 0);
    answer_fini(&a);
}

ParameterizedTestParameters(questions, feeds)
{
    return all_models();
}

ParameterizedTest(int *model, questions, feeds)
{
    set_up(*model, 2);
    for (int layer = NET_INPUT; layer < net->layers; layer++)
        for (int k = 0; k < (net->layers > 20 ? 1 : 4); k++)
            check_feeds(some_unit(layer, k));
    tear_down();
}
