/** Every question of question_types[] about every layer of several networks, compared with passes and loops of the test's own. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "attack/flip.h"
#include "asking.h"
#include "base/mem.h"
#include "filter/kernels.h"
#include "filter/tuning.h"

/* ---- all types ---- */

static void sane(const struct question *q)
{
    struct answer a = {0};
    cr_assert(question_fits(net, q));
    cr_assert(probe_answer(&probe, q, &a), "%s of layer %d", q->type->name, q->layer);
    cr_assert(a.ready && question_equal(&a.question, q));
    cr_assert(a.parts >= 1 && a.parts <= ANSWER_PARTS);
    for (int i = 0; i < a.parts; i++) {
        const struct part *p = &a.part[i];
        size_t count = (size_t)p->n * shape_count(p->shape);
        cr_assert(p->n >= 1 && p->shape.c >= 1 && p->shape.h >= 1 && p->shape.w >= 1);
        cr_assert_eq(answer_part(&a, p->name), p, "two parts are called %s", p->name);
        cr_assert_eq((uintptr_t)p->data % MEM_ALIGN, 0);
        cr_assert(p->data >= a.storage && p->data + count <= a.storage + a.capacity);
        cr_assert(i == 0 || p->data >= p[-1].data + (size_t)p[-1].n * shape_count(p[-1].shape));
        for (size_t k = 0; k < count; k++)
            cr_assert(isfinite(p->data[k]), "%s of layer %d: %s[%zu]", q->type->name, q->layer, p->name, k);
    }
    const float *storage = a.storage;
    cr_assert(probe_answer(&probe, q, &a) && a.storage == storage, "the same question moves its storage");
    answer_fini(&a);
    answer_fini(&a);
}

ParameterizedTestParameters(questions, every_type_about_every_layer)
{
    return all_models();
}

ParameterizedTest(int *model, questions, every_type_about_every_layer)
{
    set_up(*model, 2);
    for (int t = 0; question_types[t]; t++) {
        struct question q = {.type = question_types[t], .options = {.eps = 0.1f, .iterations = 2}};
        q.attack = q.type->needs_attack ? attack_types[0] : NULL;
        int asked = 0;
        for (q.layer = q.type->of_input ? NET_INPUT : 0; q.layer < (q.type->needs_layer ? net->layers : 1);
             q.layer++)
            if (q.type->fits(net, q.layer)) {
                sane(&q);
                asked++;
            }
        static const char *const of_convolutions[] = {"filters", "products", "tuning", "census"};
        bool may_miss = false;
        for (int k = 0; k < ARRAY_LEN(of_convolutions); k++)
            may_miss = may_miss || strcmp(q.type->name, of_convolutions[k]) == 0;
        cr_assert(asked > 0 || may_miss, "%s", q.type->name);
    }
    tear_down();
}

Test(questions, table)
{
    for (int t = 0; question_types[t]; t++) {
        const struct question_type *type = question_types[t];
        cr_assert_eq(question_find(type->name), type);
        cr_assert(type->help[0] && type->lecture[0] == 'L');
    }
    cr_assert_null(question_find("nothing"));
}

Test(questions, equal)
{
    struct question a = {.type = question_find("filters"), .layer = 2}, b = a;
    b.attack = attack_types[0]; /* not needed: not compared */
    b.options.eps = 1;
    cr_assert(question_equal(&a, &b));
    b.layer = 3;
    cr_assert_not(question_equal(&a, &b));
    b = a;
    b.unit = b.row = b.col = 1; /* neither is a place */
    cr_assert(question_equal(&a, &b));
    a = (struct question){.type = question_find("number"), .layer = 1, .unit = 2, .row = 3, .col = 4};
    struct question elsewhere[] = {a, a, a, a};
    elsewhere[0].layer = elsewhere[1].unit = elsewhere[2].row = elsewhere[3].col = 0;
    for (int i = 0; i < ARRAY_LEN(elsewhere); i++)
        cr_assert_not(question_equal(&a, &elsewhere[i]), "%d", i);
    a = (struct question){.type = question_find("attack"), .attack = attack_types[0], .layer = 1}, b = a;
    b.layer = 2;
    b.target = 3; /* neither is it targeted */
    cr_assert(question_equal(&a, &b));
    a.options.targeted = b.options.targeted = true;
    cr_assert_not(question_equal(&a, &b));
    struct question other[] = {a, a, a, a, a, a};
    other[0].options.norm = NORM_L2;
    other[1].options.eps = 0.5f;
    other[2].options.step = 0.1f;
    other[3].options.iterations = 3;
    other[4].options.random_start = true;
    other[5].options.seed = 1;
    for (int i = 0; i < ARRAY_LEN(other); i++)
        cr_assert_not(question_equal(&a, &other[i]), "%d", i);
    b = a;
    b.attack = attack_types[1];
    cr_assert_not(question_equal(&a, &b));
    b = a;
    b.type = question_find("input");
    cr_assert_not(question_equal(&a, &b));
}

Test(questions, what_does_not_fit_is_not_ready)
{
    struct answer a = {0};
    set_up(2, 1); /* lenet */
    struct question no_layer = {.type = question_find("activation"), .layer = net->layers};
    struct question no_conv = {.type = question_find("filters"), .layer = net_find(net, "relu1")};
    struct question no_attack = {.type = question_find("attack")};
    struct question no_class = {.type = question_find("attack"),
                                .attack = attack_types[0],
                                .options = {.targeted = true},
                                .target = 10};
    struct question nothing = {0};
    struct question no_channel = {.type = question_find("number"), .layer = 1, .unit = 8};
    struct question no_row = {.type = question_find("number"), .layer = 1, .row = 24};
    struct question no_col = {.type = question_find("feeds"), .layer = NET_INPUT, .col = -1};
    struct question no_number = {.type = question_find("number"), .layer = NET_INPUT};
    struct question no_reader = {.type = question_find("feeds"), .layer = net->layers - 1};
    const struct question *wrong[] = {&no_layer, &no_conv, &no_attack, &no_class,  &nothing,
                                      &no_row,   &no_col,  &no_number, &no_reader, &no_channel};
    for (int i = 0; i < ARRAY_LEN(wrong); i++) {
        cr_assert_not(probe_answer(&probe, wrong[i], &a), "%d", i);
        cr_assert(!a.ready && a.parts == 0 && !answer_part(&a, "y"));
    }
    answer_fini(&a);
    tear_down();
}

/* ---- input, filters, activation ---- */

ParameterizedTestParameters(questions, input)
{
    return all_models();
}

ParameterizedTest(int *model, questions, input)
{
    struct answer a = {0};
    set_up(*model, 2);
    struct question q = {.type = question_find("input")};
    cr_assert(probe_answer(&probe, &q, &a));
    struct pass *own = observed_pass(&moment, sample.x, 2);
    float *dx = observed_floats(shape_count(net->in));
    pass_read_gradient(own, NET_INPUT, 0, dx);
    same(part_of(&a, "x", 1, net->in), sample.x, shape_count(net->in), "x");
    same(part_of(&a, "gradient", 1, net->in), dx, shape_count(net->in), "gradient");
    pass_free(own);
    free(dx);
    answer_fini(&a);
    tear_down();
}

/* The loss itself, moved by one pixel: no backward run in sight. */
static double loss_with(size_t at, float change)
{
    float before = sample.x[at];
    sample.x[at] += change;
    struct pass *own = observed_pass(&moment, sample.x, sample.label);
    double loss = (double)pass_losses(own)[0];
    sample.x[at] = before;
    pass_free(own);
    return loss;
}

/* A pool has kinks, where the slope to one side is another one: the gradient is one of the two. */
Test(questions, gradient_is_how_the_loss_changes)
{
    struct answer a = {0};
    set_up(observed_models() - 1, 4);
    struct question q = {.type = question_find("input")};
    cr_assert(probe_answer(&probe, &q, &a));
    double most = 0, h = 1e-3, here = loss_with(0, 0);
    for (size_t i = 0; i < shape_count(net->in); i += 7) {
        double gradient = (double)data_of(&a, "gradient", i);
        double left = (here - loss_with(i, (float)-h)) / h, right = (loss_with(i, (float)h) - here) / h;
        double off = fmin(fabs(gradient - left), fabs(gradient - right));
        cr_assert_leq(off, 2e-3, "pixel %zu: %g, not %g or %g", i, gradient, left, right);
        most = fmax(most, fabs(gradient));
    }
    cr_assert_gt(most, 0.02);
    answer_fini(&a);
    tear_down();
}

ParameterizedTestParameters(questions, filters)
{
    return all_models();
}

ParameterizedTest(int *model, questions, filters)
{
    struct answer a = {0};
    set_up(*model, 2);
    struct question q = {.type = question_find("filters")};
    for (q.layer = 0; q.layer < net->layers; q.layer++) {
        const struct layer *l = &net->layer[q.layer];
        bool conv = strcmp(l->type->name, "conv") == 0, dense = strcmp(l->type->name, "dense") == 0;
        cr_assert_eq(question_fits(net, &q), conv || dense);
        if (!conv && !dense)
            continue;
        cr_assert(probe_answer(&probe, &q, &a));
        const struct layer_options *o = &l->options;
        struct shape kernel = dense_reads(net, q.layer);
        if (conv)
            kernel = (struct shape){l->in_shape[0].c / o->groups, o->rows.size, o->cols.size};
        size_t count = (size_t)o->units * shape_count(kernel), at = l->param[0].offset;
        same(part_of(&a, "weight", o->units, kernel), moment.weights.params + at, count, "weight");
        same(part_of(&a, "gradient", o->units, kernel), moment.grads + at, count, "gradient");
        cr_assert_eq(answer_part(&a, "bias") != NULL, o->bias);
        if (o->bias)
            same(part_of(&a, "bias", 1, (struct shape){o->units, 1, 1}),
                 moment.weights.params + l->param[1].offset, (size_t)o->units, "bias");
        if (o->bias)
            same(part_of(&a, "bias gradient", 1, (struct shape){o->units, 1, 1}),
                 moment.grads + l->param[1].offset, (size_t)o->units, "bias gradient");
    }
    answer_fini(&a);
    tear_down();
}

/* The number itself when one pixel is moved, of a probe of its own. */
static double number_with(const struct question *q, size_t at, float change)
{
    float before = sample.x[at], map[4096];
    struct shape s = net->layer[q->layer].out;
    sample.x[at] += change;
    struct pass *own = observed_pass(&moment, sample.x, 0);
    pass_read(own, q->layer, 0, map);
    sample.x[at] = before;
    pass_free(own);
    return (double)map[(q->unit * s.h + q->row) * s.w + q->col];
}

/* Asked without a place it is the largest number of the channel, and all else is as if that place had been named. */
static void check_anywhere(const struct question *somewhere)
{
    struct question q = *somewhere, named;
    struct answer a = {0}, b = {0};
    struct shape s = net->layer[q.layer].out;
    q.row = q.col = -1;
    named = q;
    cr_assert(probe_answer(&probe, &q, &a));
    named.row = (int)data_of(&a, "place", 0);
    named.col = (int)data_of(&a, "place", 1);
    for (int i = 0; i < s.h * s.w; i++) {
        struct question other = q;
        other.row = i / s.w, other.col = i % s.w;
        cr_assert_geq(data_of(&a, "value", 0), (float)number_with(&other, 0, 0) - 1e-6f);
    }
    cr_assert(probe_answer(&probe, &named, &b));
    cr_assert_eq(data_of(&a, "value", 0), data_of(&b, "value", 0));
    for (size_t i = 0; i < shape_count(net->in); i++)
        cr_assert_eq(data_of(&a, "gradient", i), data_of(&b, "gradient", i));
    q.col = 0;
    cr_assert_not(question_fits(net, &q), "half a place is none");
    answer_fini(&a);
    answer_fini(&b);
}

Test(questions, unit)
{
    static const struct {
        const char *layer, *weighs;
        struct shape incoming;
    } cases[] = {{"c", "c", {1, 3, 5}},
                 {"t", "c", {1, 3, 5}},
                 {"a", NULL, {0}},
                 {"dense1", "dense1", {6, 4, 3}},
                 {"q", "q", {6, 1, 1}}};
    struct answer a = {0};
    set_up(observed_models() - 1, 4);
    for (int i = 0; i < ARRAY_LEN(cases); i++) {
        struct question q = {.type = question_find("unit"), .layer = net_find(net, cases[i].layer)};
        cr_assert_geq(q.layer, 0, "%s", cases[i].layer);
        struct shape s = net->layer[q.layer].out;
        q.unit = s.c - 2;
        q.row = s.h / 2;
        q.col = s.w - 1;
        cr_assert(probe_answer(&probe, &q, &a));
        cr_assert_float_eq((double)data_of(&a, "value", 0), number_with(&q, 0, 0), 1e-6);
        double most = 0, h = 1e-3, here = number_with(&q, 0, 0);
        for (size_t p = 0; p < shape_count(net->in); p++) {
            double gradient = (double)data_of(&a, "gradient", p);
            double left = (here - number_with(&q, p, (float)-h)) / h,
                   right = (number_with(&q, p, (float)h) - here) / h;
            double off = fmin(fabs(gradient - left), fabs(gradient - right));
            cr_assert_leq(off, 3e-3, "%s, pixel %zu: %g, not %g or %g", cases[i].layer, p, gradient, left,
                          right);
            most = fmax(most, fabs(gradient));
        }
        cr_assert_gt(most, 0.01, "%s", cases[i].layer);
        for (int p = 0, pixels = net->in.h * net->in.w; p < pixels; p++) {
            double sum = 0;
            for (int k = 0; k < net->in.c; k++)
                sum += (double)data_of(&a, "gradient", (size_t)(k * pixels + p));
            cr_assert_float_eq((double)data_of(&a, "brightness", (size_t)p), sum, 1e-5);
        }
        check_anywhere(&q);
        cr_assert_eq(answer_part(&a, "incoming") != NULL, cases[i].weighs != NULL, "%s", cases[i].layer);
        if (!cases[i].weighs)
            continue;
        const struct layer *l = &net->layer[net_find(net, cases[i].weighs)];
        size_t count = shape_count(cases[i].incoming);
        same(part_of(&a, "incoming", 1, cases[i].incoming),
             moment.weights.params + l->param[0].offset + (size_t)q.unit * count, count, "incoming");
        cr_assert_eq(answer_part(&a, "bias") != NULL, l->params > 1);
        if (l->params > 1)
            cr_assert_eq(data_of(&a, "bias", 0), moment.weights.params[l->param[1].offset + (size_t)q.unit]);
    }
    answer_fini(&a);
    tear_down();
}

/* By the definition: the winner lies in its window, nothing there is larger, nothing before it as large, and it is what came out. */
static void check_winners(const struct layer *l, const float *x, const float *y, const float *winner)
{
    struct window rows = l->options.rows, cols = l->options.cols;
    struct shape in = l->in_shape[0], out = l->out;
    for (int c = 0, at = 0; c < out.c; c++)
        for (int i = 0; i < out.h; i++)
            for (int j = 0; j < out.w; j++, at++) {
                const float *plane = x + c * in.h * in.w;
                int place = (int)winner[at], row = place / in.w, col = place % in.w;
                cr_assert(winner[at] == (float)place && plane[place] == y[at]);
                cr_assert(row >= 0 && row < in.h && row - (i * rows.stride - rows.pad) >= 0 &&
                          row - (i * rows.stride - rows.pad) < rows.size);
                cr_assert(col - (j * cols.stride - cols.pad) >= 0 &&
                          col - (j * cols.stride - cols.pad) < cols.size);
                for (int r = 0; r < in.h; r++)
                    for (int k = 0; k < in.w; k++) {
                        int dr = r - (i * rows.stride - rows.pad), dk = k - (j * cols.stride - cols.pad);
                        bool inside = dr >= 0 && dr < rows.size && dk >= 0 && dk < cols.size;
                        if (inside)
                            cr_assert(plane[r * in.w + k] < y[at] ||
                                      (plane[r * in.w + k] == y[at] && r * in.w + k >= place));
                    }
            }
}

ParameterizedTestParameters(questions, activation)
{
    return all_models();
}

ParameterizedTest(int *model, questions, activation)
{
    struct answer a = {0};
    set_up(*model, 2);
    struct pass *own = observed_pass(&moment, sample.x, 2);
    float *expected = observed_floats(1 << 20);
    struct question q = {.type = question_find("activation")};
    for (q.layer = 0; q.layer < net->layers; q.layer++) {
        const struct layer *l = &net->layer[q.layer];
        size_t count = shape_count(l->out);
        cr_assert(probe_answer(&probe, &q, &a));
        pass_read(own, q.layer, 0, expected);
        same(part_of(&a, "y", 1, l->out), expected, count, l->name);
        cr_assert_eq(answer_part(&a, "gradient") != NULL, strcmp(l->type->name, "softmax") != 0);
        pass_read_gradient(own, q.layer, 0, expected);
        if (answer_part(&a, "gradient"))
            same(part_of(&a, "gradient", 1, l->out), expected, count, l->name);
        bool pools = strcmp(l->type->name, "maxpool") == 0;
        cr_assert_eq(answer_part(&a, "winner") != NULL, pools);
        if (pools) {
            pass_read(own, l->in[0], 0, expected);
            check_winners(l, expected, part_of(&a, "y", 1, l->out), part_of(&a, "winner", 1, l->out));
        }
    }
    free(expected);
    pass_free(own);
    answer_fini(&a);
    tear_down();
}

/* ---- probabilities, attack ---- */

/* exp(z) / sum exp(z) in double. */
static double probability(const float *z, int k, int of)
{
    double sum = 0;
    for (int i = 0; i < k; i++)
        sum += exp((double)z[i] - (double)z[0]);
    return exp((double)z[of] - (double)z[0]) / sum;
}

ParameterizedTestParameters(questions, probabilities)
{
    return all_models();
}

ParameterizedTest(int *model, questions, probabilities)
{
    struct answer a = {0};
    struct question q = {.type = question_find("probabilities")};
    for (int label = -1; label < 3; label++) {
        set_up(*model, label);
        struct shape classes = {net_classes(net), 1, 1};
        int k = classes.c;
        cr_assert(probe_answer(&probe, &q, &a));
        struct pass *own = observed_pass(&moment, sample.x, 0);
        const float *z = part_of(&a, "logits", 1, classes), *p = part_of(&a, "p", 1, classes);
        same(z, pass_logits(own), (size_t)k, "logits");
        double sum = 0;
        for (int i = 0; i < k; i++) {
            cr_assert_float_eq((double)p[i], probability(z, k, i), 1e-6);
            sum += (double)p[i];
        }
        cr_assert_float_eq(sum, 1, 1e-5);
        float loss = part_of(&a, "loss", 1, (struct shape){1, 1, 1})[0];
        if (label < 0)
            cr_assert(isnan(loss));
        else
            cr_assert_float_eq((double)loss, -log(probability(z, k, label)), 1e-4);
        pass_free(own);
        tear_down();
    }
    answer_fini(&a);
}

/* A change: at most eps (times 1 + slack) in its norm, clean + change = changed, within [0,1], and the norms are told as they are. */
static void check_change(const struct question *q, const float *clean, const float *added,
                         const float *changed, const float *norms)
{
    double most = 0, squares = 0;
    for (size_t i = 0; i < shape_count(net->in); i++) {
        cr_assert(changed[i] - clean[i] == added[i] && changed[i] >= 0 && changed[i] <= 1);
        most = fmax(most, fabs((double)added[i]));
        squares += (double)added[i] * (double)added[i];
    }
    double size = q->options.norm == NORM_L2 ? sqrt(squares) : most;
    cr_assert_float_eq((double)norms[0], most, 1e-6);
    cr_assert_float_eq((double)norms[1], sqrt(squares), 1e-5);
    cr_assert_leq(size, (double)q->options.eps * (1 + 1e-4) + 1e-6);
    cr_assert(q->attack->smallest || size >= (double)q->options.eps * 0.9, "half-hearted: %g of %g", size,
              (double)q->options.eps);
}

static void check_p(const float *x, const float *p)
{
    struct pass *own = observed_pass(&moment, x, 0);
    for (int i = 0; i < net_classes(net); i++)
        cr_assert_float_eq((double)p[i], probability(pass_logits(own), net_classes(net), i), 1e-5);
    pass_free(own);
}

static void check_attack(const struct question *q)
{
    struct answer a = {0};
    struct shape in = net->in, classes = {net_classes(net), 1, 1};
    int label = sample.label >= 0 ? sample.label : argmax(classes.c, pass_logits(probe.pass));
    cr_assert(probe_answer(&probe, q, &a));
    const float *norms = part_of(&a, "norms", 1, (struct shape){4, 1, 1});
    const float *clean = part_of(&a, "clean", 1, in), *adversarial = part_of(&a, "adversarial", 1, in);
    const float *noisy = part_of(&a, "noisy", 1, in), *p = part_of(&a, "p_clean", 1, classes);
    const float *p_adversarial = part_of(&a, "p_adversarial", 1, classes);
    same(clean, sample.x, shape_count(in), "clean");
    check_change(q, clean, part_of(&a, "perturbation", 1, in), adversarial, norms);
    check_change(q, clean, part_of(&a, "noise", 1, in), noisy, norms + 2);
    check_p(clean, p);
    check_p(adversarial, p_adversarial);
    check_p(noisy, part_of(&a, "p_noisy", 1, classes));
    float gain =
        q->options.targeted ? p_adversarial[q->target] - p[q->target] : p[label] - p_adversarial[label];
    if (strcmp(q->attack->name, "noise") != 0) /* what is fooled already needs no smallest perturbation */
        cr_assert(gain > 0 || (q->attack->smallest && gain == 0), "%s gains %g", q->attack->name,
                  (double)gain);
    answer_fini(&a);
}

ParameterizedTestParameters(questions, attack)
{
    return all_models();
}

ParameterizedTest(int *model, questions, attack)
{
    for (int label = -1; label < 1; label++) {
        set_up(*model, label);
        for (int t = 0; attack_types[t]; t++)
            for (int norm = 0; norm < NORMS; norm++) {
                struct question q = {.type = question_find("attack"), .attack = attack_types[t], .target = 3};
                float eps = norm == NORM_L2 ? 0.3f : 0.004f;
                q.options =
                    (struct attack_options){.norm = (enum norm)norm, .eps = eps, .iterations = 3, .seed = 9};
                check_attack(&q);
                q.options.targeted = true;
                if (strcmp(attack_types[t]->name, "noise") != 0 && net_classes(net) > 3)
                    check_attack(&q);
            }
        tear_down();
    }
}

/* ---- network ---- */

static double largest_of(const float *v, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fabs((double)v[i]));
    return most;
}

ParameterizedTestParameters(questions, network)
{
    return all_models();
}

ParameterizedTest(int *model, questions, network)
{
    struct answer a = {0};
    set_up(*model, 2);
    struct pass *own = observed_pass(&moment, sample.x, 2);
    float *read = observed_floats(1 << 20);
    struct question q = {.type = question_find("network")};
    cr_assert(probe_answer(&probe, &q, &a));
    for (int layer = 0; layer < net->layers; layer++) {
        const struct layer *l = &net->layer[layer];
        size_t count = shape_count(l->out), params = 0, k = (size_t)layer;
        double weight = 0, gradient = 0, squares = 0;
        for (int p = 0; p < l->params; p++) {
            const float *g = moment.grads + l->param[p].offset;
            params += l->param[p].count;
            weight = fmax(weight, largest_of(moment.weights.params + l->param[p].offset, l->param[p].count));
            gradient = fmax(gradient, largest_of(g, l->param[p].count));
            for (size_t i = 0; i < l->param[p].count; i++)
                squares += pow((double)g[i], 2);
        }
        cr_assert_float_eq((double)data_of(&a, "weight", k), weight, 1e-6);
        cr_assert_float_eq((double)data_of(&a, "weight gradient", k), gradient, 1e-6);
        cr_assert_float_eq((double)data_of(&a, "gradient norm", k), sqrt(squares), 1e-4 * sqrt(squares));
        cr_assert_eq(data_of(&a, "gradient norm", k) > 0, params > 0, "%s", l->name);
        pass_read(own, layer, 0, read);
        cr_assert_eq((double)data_of(&a, "activation", k), largest_of(read, count), "%s", l->name);
        if (layer <= net_logits(net))
            pass_read_gradient(own, layer, 0, read);
        cr_assert_eq((double)data_of(&a, "activation gradient", k),
                     layer <= net_logits(net) ? largest_of(read, count) : 0, "%s", l->name);
    }
    free(read);
    pass_free(own);
    answer_fini(&a);
    tear_down();
}

/* A dense layer reads maps where they were flattened for it, and else a vector. */
Test(questions, what_dense_layers_read)
{
    set_up(0, 0); /* mlp */
    int first = net_find(net, "dense1"), second = net_find(net, "dense2");
    cr_assert(shape_equal(dense_reads(net, first), net->in));
    cr_assert(shape_equal(dense_reads(net, second), (struct shape){net->layer[first].out.c, 1, 1}));
    tear_down();
}

/* ---- flip ---- */

/* What flip.c is told and what it makes of it; that the number is the right one is the matter of test_attack. */
ParameterizedTestParameters(questions, flip)
{
    return all_models();
}

ParameterizedTest(int *model, questions, flip)
{
    set_up(*model, -1);
    int says = argmax(net_classes(net), pass_logits(probe.pass));
    for (int label = -1; label < 1; label++)
        for (int norm = 0; norm < NORMS; norm++) {
            struct answer a = {0}, attack = {0};
            struct question q = {.type = question_find("flip"), .attack = attack_find("fgsm")};
            q.options.norm = (enum norm)norm;
            sample.label = label;
            probe_run(&probe, &moment, &sample);
            cr_assert(probe_answer(&probe, &q, &a));
            cr_assert_eq(data_of(&a, "limit", 0), flip_limit((enum norm)norm, shape_count(net->in)));
            bool wrong = label >= 0 && label != says;
            for (int k = 0; k < 2; k++) {
                float eps = data_of(&a, "epsilon", (size_t)k), found = data_of(&a, "found", (size_t)k);
                cr_assert(eps >= 0 && eps <= data_of(&a, "limit", 0));
                cr_assert((found == 1 && (eps == 0) == wrong) ||
                          (found == 0 && eps == data_of(&a, "limit", 0)));
            }
            if (data_of(&a, "found", 0) > 0 && !wrong) { /* the question beside it agrees */
                q.type = question_find("attack");
                q.options.eps = data_of(&a, "epsilon", 0);
                cr_assert(probe_answer(&probe, &q, &attack));
                cr_assert_neq(argmax(net_classes(net), answer_part(&attack, "p_adversarial")->data), says);
            }
            answer_fini(&a);
            answer_fini(&attack);
        }
    tear_down();
}

/* ---- what the attack lab asks ---- */

static float loss_at(const float *x)
{
    struct net_step step = {
        .n = 1, .x = x, .label = &probe.label, .loss = &loss_cross_entropy, .mode = MODE_INFER};
    net_step(net, &moment.weights, probe.side, &step);
    return pass_losses(probe.side)[0];
}

ParameterizedTestParameters(questions, around_an_attack)
{
    return all_models();
}

ParameterizedTest(int *model, questions, around_an_attack)
{
    set_up(*model, 1);
    struct answer attack = {0}, a = {0};
    struct question q = {.type = question_find("attack"), .attack = attack_find("pgd")};
    q.options = (struct attack_options){.eps = 0.05f, .iterations = 4, .seed = 2};
    size_t count = shape_count(net->in);
    cr_assert(probe_answer(&probe, &q, &attack));
    const float *result = part_of(&attack, "adversarial", 1, net->in);

    q.type = question_find("film");
    cr_assert(probe_answer(&probe, &q, &a));
    int kept = (int)data_of(&a, "count", 0);
    cr_assert_eq(kept, 5, "the clean image and four steps");
    same(answer_part(&a, "frames")->data, sample.x, count, "first frame");
    same(answer_part(&a, "frames")->data + 4 * count, result, count, "last frame");
    cr_assert_float_eq(data_of(&a, "loss", 4), loss_at(result), 1e-4);
    for (size_t i = 0; i < count; i++) {
        cr_assert_eq(data_of(&a, "changes", i), 0);
        cr_assert_eq(data_of(&a, "changes", 4 * count + i), result[i] - sample.x[i]);
    }

    q.type = question_find("trials");
    cr_assert(probe_answer(&probe, &q, &a));
    cr_assert(data_of(&a, "tried", 0) >= 20 && data_of(&a, "flipped", 0) <= data_of(&a, "tried", 0));
    cr_assert_leq(data_of(&a, "norms", 0), 0.05f * 1.0001f);

    q.type = question_find("pixels");
    cr_assert(probe_answer(&probe, &q, &a));
    cr_assert_leq(data_of(&a, "used", 0), 4);
    cr_assert(data_of(&a, "used", 0) == 4 || data_of(&a, "fooled", 0) > 0);
    part_of(&a, "p", 1, (struct shape){net_classes(net), 1, 1});

    q.type = question_find("landscape");
    cr_assert(probe_answer(&probe, &q, &a));
    const struct part *corridor = answer_part(&a, "corridor"), *plane = answer_part(&a, "plane");
    int points = corridor->shape.c, side = plane->shape.w;
    cr_assert_eq(corridor->n, 21, "the gradient, and twenty at random");
    cr_assert(points % 2 == 1 && side % 2 == 1);
    for (int d = 0; d < corridor->n; d++)
        cr_assert_float_eq(corridor->data[d * points + points / 2], loss_at(sample.x), 1e-4);
    cr_assert_float_eq(plane->data[side * side / 2], loss_at(sample.x), 1e-4);
    cr_assert_float_eq(data_of(&a, "reach", 0), 0.1f, 1e-6);
    answer_fini(&attack);
    answer_fini(&a);
    tear_down();
}

/* ---- bars and edges ---- */

/* Of lenet's first layer, against the definition for each filter by itself; a filter put there by hand is found. */
Test(questions, tuning_and_census)
{
    set_up(2, 1);
    int layer = net_find(net, "conv1"), count = net->layer[layer].param[0].dim[0], k = 5;
    float *w = moment.weights.params + net->layer[layer].param[0].offset, room[25], curve[TUNING_ANGLES];
    struct answer tuning = {0}, match = {0};
    kernel_edge(k, 52, 0, w + 25);
    struct question q = {.type = question_find("tuning"), .layer = layer};
    cr_assert(probe_answer(&probe, &q, &tuning));
    q.type = question_find("census");
    cr_assert(probe_answer(&probe, &q, &match));
    for (int f = 0; f < count; f++) {
        struct census_match own;
        tuning_curves(1, k, w + 25 * f, TUNING_WIDTH, TUNING_ANGLES, room, curve);
        for (int a = 0; a < TUNING_ANGLES; a++)
            cr_assert_eq(data_of(&tuning, "curve", (size_t)(f * TUNING_ANGLES + a)), curve[a]);
        struct tuning t = tuning_of(TUNING_ANGLES, curve);
        cr_assert_float_eq(data_of(&tuning, "preferred", (size_t)f), t.preferred, 1e-4);
        cr_assert_float_eq(data_of(&tuning, "selectivity", (size_t)f), t.selectivity, 1e-5);
        census(1, k, w + 25 * f, room, &own);
        cr_assert_float_eq(data_of(&match, "angle", (size_t)f), own.angle, 1e-4);
        cr_assert_float_eq(data_of(&match, "cosine", (size_t)f), own.cosine, 1e-5);
    }
    cr_assert_eq(data_of(&match, "angle", 1), 52);
    cr_assert_float_eq(data_of(&match, "cosine", 1), 1, 1e-5);
    for (int i = 0; i < 25; i++)
        cr_assert_float_eq(data_of(&match, "edge", (size_t)(25 + i)), w[25 + i], 1e-6);
    cr_assert_eq(data_of(&tuning, "bar", 90 * 25 + 2), 1, "an upright bar through the middle");
    answer_fini(&tuning);
    answer_fini(&match);
    tear_down();
}
