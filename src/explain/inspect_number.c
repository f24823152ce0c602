#include "explain/inspect.h"

#include <math.h>

static float value_at(const struct inspected *in, struct source s, int k)
{
    const struct layer *l = &in->net->layer[in->unit.layer];
    int slot = l->inputs > 1 ? k : 0;
    struct shape shape = l->in_shape[slot];
    size_t row = (size_t)s.from.channel * (size_t)shape.h + (size_t)s.from.row;
    return s.padding ? 0 : in->x[slot][row * (size_t)shape.w + (size_t)s.from.col];
}

static float value_of(const struct inspected *in, int k)
{
    return value_at(in, inspect_source(in->net, in->unit, k), k);
}

/* The largest, the first of equals; a NaN wins: as the layer decides. */
static int largest(const struct inspected *in, int terms)
{
    int best = 0;
    float most = value_of(in, 0);
    for (int k = 1; k < terms; k++) {
        float v = value_of(in, k);
        if (v > most || v != v) {
            best = k;
            most = v;
        }
    }
    return best;
}

/* Of a share: the largest exponent, and the sum of e^(a - it). */
static void measure_share(const struct inspected *in, struct expression *e)
{
    double sum = 0;
    e->mean = value_of(in, largest(in, e->terms));
    for (int k = 0; k < e->terms; k++)
        sum += exp((double)value_of(in, k) - (double)e->mean);
    e->deviation = (float)sum;
    e->winner = in->unit.channel;
}

/* All that isn't a term. */
static void measure(const struct inspected *in, struct expression *e)
{
    const struct layer *l = &in->net->layer[in->unit.layer];
    size_t c = (size_t)in->unit.channel;
    *e = (struct expression){.form = inspect_form(l),
                             .terms = (int)shape_count(inspect_window(in->net, in->unit)),
                             .gain = 1,
                             .winner = -1};
    if (e->form == FORM_SUM) {
        e->factors = l->params > 0;
        e->biased = l->params > 1;
    } else if (e->form == FORM_MAX) {
        e->winner = largest(in, e->terms);
    } else if (e->form == FORM_SHARE) {
        measure_share(in, e);
    } else if (e->form == FORM_SCALED) {
        const float *buffers = in->weights->buffers;
        e->biased = true;
        e->mean = buffers[l->buffer[0].offset + c];
        e->deviation = sqrtf(buffers[l->buffer[1].offset + c] + l->options.eps);
        e->gain = in->weights->params[l->param[0].offset + c];
    } else if (e->form == FORM_ELU) {
        e->gain = l->options.alpha;
    } else if (e->form == FORM_STANDARD) {
        size_t given = l->options.channels == 1 ? 0 : c;
        e->mean = l->options.mean[given];
        e->deviation = l->options.std[given];
    }
    if (e->biased)
        e->bias = in->weights->params[l->param[1].offset + c];
}

static struct term term_of(const struct inspected *in, const struct expression *e, int k)
{
    const struct layer_options *o = &in->net->layer[in->unit.layer].options;
    struct source s = inspect_source(in->net, in->unit, k);
    struct term t = {.a = value_at(in, s, k), .b = 1};
    switch (e->form) {
    case FORM_SUM: /* an infinite weight over the padding stays out, as it does in the layer */
        t.b = s.param >= 0 ? in->weights->params[s.param] : 1;
        t.product = s.padding ? 0 : t.a * t.b;
        break;
    case FORM_MAX:
        t.b = k == e->winner ? 1 : 0;
        t.product = k == e->winner ? t.a : 0;
        break;
    case FORM_MEAN:
        t.b = 1.0f / (float)e->terms;
        t.product = t.a * t.b;
        break;
    case FORM_SHARE:
        t.product = expf(t.a - e->mean) / e->deviation;
        break;
    case FORM_SCALED:
    case FORM_STANDARD:
        t.b = e->gain / e->deviation;
        t.product = (t.a - e->mean) * t.b;
        break;
    case FORM_RELU:
    case FORM_LEAKY:
        t.b = t.a > 0 || t.a != t.a ? 1 : e->form == FORM_LEAKY ? o->slope : 0;
        t.product = t.b == 0 ? 0 : t.a * t.b;
        break;
    case FORM_ELU:
        t.product = t.a <= 0 ? e->gain * expm1f(t.a) : t.a;
        break;
    case FORM_SIGMOID:
        t.product = 1.0f / (1.0f + expf(-t.a));
        break;
    case FORM_TANH:
        t.product = tanhf(t.a);
        break;
    case FORM_SAME:
        t.product = t.a;
        break;
    }
    return t;
}

struct term inspect_term(const struct inspected *in, int k)
{
    struct expression e;
    measure(in, &e);
    return term_of(in, &e, k);
}

void inspect_number(const struct inspected *in, int most, float *a, float *b, float *product,
                    struct expression *out)
{
    measure(in, out);
    out->listed = out->terms < most ? out->terms : most;
    double sum = 0, rest = 0;
    for (int k = 0; k < out->terms; k++) {
        struct term t = term_of(in, out, k);
        sum += (double)t.product;
        if (k < out->listed) {
            a[k] = t.a;
            b[k] = t.b;
            product[k] = t.product;
        } else {
            rest += (double)t.product;
        }
        if (out->form == FORM_SHARE && k == out->winner)
            out->result = t.product;
    }
    out->a = a;
    out->b = b;
    out->product = product;
    out->rest = (float)rest;
    if (out->form != FORM_SHARE)
        out->result = (float)(sum + (double)out->bias);
}
