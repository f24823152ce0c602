/**
 * One map of a convolution taken apart: what each input channel contributes to it.
 *
 * Parts, a picture for each input channel of the map's group: "x" the channel, "w" its filter, "product" the correlation of the two. "sum" of all products and
 * "y", the sum and the bias, as the layer has put it out; "bias" {1,1,1} when it has one. Of a layer so large that the pictures of all channels would take more than
 * PRODUCTS_FLOATS numbers the first are listed; "sum" is of all. The question's row and column are not looked at: ask with 0.
 */
#include <string.h>

#include "observe/questions/questions.h"

enum { PRODUCTS_FLOATS = 1 << 21 };

static bool fits(const struct net *net, int layer)
{
    return strcmp(net->layer[layer].type->name, "conv") == 0;
}

static size_t places(struct shape s)
{
    return (size_t)s.h * (size_t)s.w;
}

static void shape(const struct net *net, const struct question *q, struct answer *out)
{
    const struct layer *l = &net->layer[q->layer];
    const int *dim = l->param[0].dim; /* [o][i/groups][kh][kw] */
    struct shape in = {1, l->in_shape[0].h, l->in_shape[0].w}, y = {1, l->out.h, l->out.w};
    size_t fit = PRODUCTS_FLOATS / (places(in) + places(y));
    int listed = fit < 1 ? 1 : fit < (size_t)dim[1] ? (int)fit : dim[1];
    answer_add(out, "x", listed, in);
    answer_add(out, "w", listed, (struct shape){1, dim[2], dim[3]});
    answer_add(out, "product", listed, y);
    answer_add(out, "sum", 1, y);
    answer_add(out, "y", 1, y);
    if (l->params > 1)
        answer_add(out, "bias", 1, (struct shape){1, 1, 1});
}

/* Adds the correlation of one channel with its filter to y. */
static void add_correlation(const struct layer *l, const float *x, const float *w, float *y)
{
    struct window rows = l->options.rows, cols = l->options.cols;
    int in_w = l->in_shape[0].w, out_w = l->out.w, r0, r1, c0, c1;
    for (int k = 0; k < rows.size; k++)
        for (int m = 0; m < cols.size; m++) {
            float factor = w[k * cols.size + m];
            window_span(rows, k, l->in_shape[0].h, l->out.h, &r0, &r1);
            window_span(cols, m, in_w, out_w, &c0, &c1);
            for (int r = r0; r < r1; r++) {
                const float *from =
                    x + (size_t)(r * rows.stride + k * rows.dilation - rows.pad) * (size_t)in_w;
                for (int c = c0; c < c1; c++)
                    y[(size_t)r * (size_t)out_w + (size_t)c] +=
                        from[c * cols.stride + m * cols.dilation - cols.pad] * factor;
            }
        }
}

static void answer(const struct probe *probe, const struct question *q, struct answer *out)
{
    const struct layer *l = &probe->net->layer[q->layer];
    const int *dim = l->param[0].dim;
    size_t in = places(l->in_shape[0]), y = places(l->out), taps = (size_t)dim[2] * (size_t)dim[3],
           first = (size_t)(q->unit / (dim[0] / l->options.groups) * dim[1]);
    const float *params = probe->moment->weights.params;
    const float *w = params + l->param[0].offset + (size_t)q->unit * (size_t)dim[1] * taps,
                *x = probe->scratch[0] + first * in;
    float *product = answer_part(out, "product")->data, *sum = answer_part(out, "sum")->data;
    size_t listed = (size_t)out->part[0].n;
    pass_read(probe->pass, l->in[0], 0, probe->scratch[0]);
    memcpy(answer_part(out, "x")->data, x, listed * in * sizeof *x);
    memcpy(answer_part(out, "w")->data, w, listed * taps * sizeof *w);
    memset(product, 0, listed * y * sizeof *product);
    memset(sum, 0, y * sizeof *sum);
    for (size_t i = 0; i < (size_t)dim[1]; i++) {
        add_correlation(l, x + i * in, w + i * taps, i < listed ? product + i * y : sum);
        for (size_t k = 0; k < y && i < listed; k++)
            sum[k] += product[i * y + k];
    }
    pass_read(probe->pass, q->layer, 0, probe->scratch[1]);
    memcpy(answer_part(out, "y")->data, probe->scratch[1] + (size_t)q->unit * y, y * sizeof(float));
    if (l->params > 1)
        answer_part(out, "bias")->data[0] = params[l->param[1].offset + (size_t)q->unit];
}

const struct question_type question_products = {
    .name = "products",
    .help = "a map of a convolution taken apart: what each input channel contributes",
    .lecture = "L33",
    .needs_layer = true,
    .needs_place = true,
    .fits = fits,
    .shape = shape,
    .answer = answer,
};
