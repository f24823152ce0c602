/**
 * What comes out of one layer for the sample.
 *
 * Parts, one each, of the layer's output shape: "y"; "gradient" of the sample's loss with respect to it (absent behind the logits, where a softmax is no
 * part of the loss); for maximum pooling "winner", the place row * columns + column of the winning number in its channel of the layer's input.
 */
#include <string.h>

#include "nn/layers/pool.h"
#include "observe/questions/questions.h"

static bool fits(const struct net *net, int layer)
{
    (void)net, (void)layer;
    return true;
}

static void shape(const struct net *net, const struct question *q, struct answer *out)
{
    const struct layer *l = &net->layer[q->layer];
    answer_add(out, "y", 1, l->out);
    if (q->layer <= net_logits(net))
        answer_add(out, "gradient", 1, l->out);
    if (strcmp(l->type->name, "maxpool") == 0)
        answer_add(out, "winner", 1, l->out);
}

/* As the layer itself decides: the first of equals; a NaN wins. */
static int window_winner(const struct layer *l, const float *plane, int row, int col)
{
    int w = l->in_shape[0].w, r0, r1, c0, c1;
    pool_span(l->options.rows, row, l->in_shape[0].h, &r0, &r1);
    pool_span(l->options.cols, col, w, &c0, &c1);
    int best = r0 * w + c0;
    for (int i = r0; i < r1; i++)
        for (int j = c0; j < c1; j++) {
            float v = plane[i * w + j];
            best = v > plane[best] || v != v ? i * w + j : best;
        }
    return best;
}

static void winners(const struct layer *l, const float *x, float *out)
{
    struct shape in = l->in_shape[0];
    for (int c = 0; c < l->out.c; c++)
        for (int i = 0; i < l->out.h; i++)
            for (int j = 0; j < l->out.w; j++)
                *out++ = (float)window_winner(l, x + (size_t)c * (size_t)in.h * (size_t)in.w, i, j);
}

static void answer(const struct probe *probe, const struct question *q, struct answer *out)
{
    const struct layer *l = &probe->net->layer[q->layer];
    int next = 1;
    pass_read(probe->pass, q->layer, 0, out->part[0].data);
    if (q->layer <= net_logits(probe->net))
        pass_read_gradient(probe->pass, q->layer, 0, out->part[next++].data);
    if (strcmp(l->type->name, "maxpool") == 0) {
        pass_read(probe->pass, l->in[0], 0, probe->scratch[0]);
        winners(l, probe->scratch[0], out->part[next].data);
    }
}

const struct question_type question_activation = {
    .name = "activation",
    .help = "what comes out of a layer, and the gradient of the loss with respect to it",
    .lecture = "L52",
    .needs_layer = true,
    .fits = fits,
    .shape = shape,
    .answer = answer,
};
