/**
 * One number of a layer's output, taken apart one level. Which form its parts are put together in is inspect_form(); where each term comes from inspect_source().
 *
 * Parts: "a", "b" and "product" of each term, shaped as inspect_window(); "result" {1,1,1}, as the layer has put it out. Where the form has them: "bias" {1,1,1},
 * "scale" {3,1,1} mean, deviation and gain, "winner" {1,1,1}. Of a number of more than NUMBER_TERMS terms the first are listed, {NUMBER_TERMS,1,1}, and "rest" {1,1,1}
 * is the sum of the other products. answer_expression() reads all of it.
 */
#include "observe/questions/questions.h"

enum { NUMBER_TERMS = 1 << 16 };

static struct unit unit_of(const struct question *q)
{
    return (struct unit){q->layer, q->unit, q->row, q->col};
}

static bool fits(const struct net *net, int layer)
{
    (void)net, (void)layer;
    return true;
}

static void shape(const struct net *net, const struct question *q, struct answer *out)
{
    const struct layer *l = &net->layer[q->layer];
    struct shape window = inspect_window(net, unit_of(q)), one = {1, 1, 1};
    enum form form = inspect_form(l);
    bool cut = shape_count(window) > NUMBER_TERMS;
    if (cut)
        window = (struct shape){NUMBER_TERMS, 1, 1};
    answer_add(out, "a", 1, window);
    answer_add(out, "b", 1, window);
    answer_add(out, "product", 1, window);
    answer_add(out, "result", 1, one);
    if (l->params > 1)
        answer_add(out, "bias", 1, one);
    if (form == FORM_SCALED || form == FORM_STANDARD || form == FORM_SHARE)
        answer_add(out, "scale", 1, (struct shape){3, 1, 1});
    if (form == FORM_MAX || form == FORM_SHARE)
        answer_add(out, "winner", 1, one);
    if (cut)
        answer_add(out, "rest", 1, one);
}

static void put(struct answer *out, const char *name, float value)
{
    const struct part *p = answer_part(out, name);
    if (p)
        p->data[0] = value;
}

static void answer(const struct probe *probe, const struct question *q, struct answer *out)
{
    const struct layer *l = &probe->net->layer[q->layer];
    struct inspected in = {.net = probe->net, .weights = &probe->moment->weights, .unit = unit_of(q)};
    struct expression e;
    for (int k = 0; k < l->inputs; k++) {
        pass_read(probe->pass, l->in[k], 0, probe->scratch[k]);
        in.x[k] = probe->scratch[k];
    }
    inspect_number(&in, (int)shape_count(out->part[0].shape), out->part[0].data, out->part[1].data,
                   out->part[2].data, &e);
    pass_read(probe->pass, q->layer, 0, probe->scratch[0]);
    size_t row = (size_t)q->unit * (size_t)l->out.h + (size_t)q->row;
    put(out, "result", probe->scratch[0][row * (size_t)l->out.w + (size_t)q->col]);
    put(out, "bias", e.bias);
    put(out, "winner", (float)e.winner);
    put(out, "rest", e.rest);
    const struct part *scale = answer_part(out, "scale");
    if (scale) {
        scale->data[0] = e.mean;
        scale->data[1] = e.deviation;
        scale->data[2] = e.gain;
    }
}

static float get(const struct answer *a, const char *name, float otherwise)
{
    const struct part *p = answer_part(a, name);
    return p ? p->data[0] : otherwise;
}

bool answer_expression(const struct net *net, const struct answer *a, struct expression *out)
{
    const struct part *x = answer_part(a, "a"), *b = answer_part(a, "b"),
                      *product = answer_part(a, "product"), *scale = answer_part(a, "scale");
    if (!a->ready || a->question.type != &question_number || !x || !b || !product)
        return false;
    const struct layer *l = &net->layer[a->question.layer];
    *out = (struct expression){.form = inspect_form(l),
                               .terms = (int)shape_count(inspect_window(net, unit_of(&a->question))),
                               .listed = (int)shape_count(x->shape),
                               .a = x->data,
                               .b = b->data,
                               .product = product->data,
                               .biased = answer_part(a, "bias") != NULL,
                               .bias = get(a, "bias", 0),
                               .deviation = scale ? scale->data[1] : 0,
                               .gain = scale ? scale->data[2] : 1,
                               .mean = scale ? scale->data[0] : 0,
                               .winner = (int)get(a, "winner", -1),
                               .rest = get(a, "rest", 0),
                               .result = get(a, "result", 0)};
    out->factors = out->form == FORM_SUM && l->params > 0;
    return true;
}

const struct question_type question_number = {
    .name = "number",
    .help = "what one number is computed from: its terms, their products, the bias",
    .lecture = "L22",
    .needs_layer = true,
    .needs_place = true,
    .fits = fits,
    .shape = shape,
    .answer = answer,
};
