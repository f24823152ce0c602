/** The sum of two layers: the residual connection of He et al. 2015 (arXiv:1512.03385). */
#include <string.h>

#include "nn/finish.h"
#include "nn/layers/layers.h"

static enum err build(struct layer *layer, struct diag *diag)
{
    if (!shape_equal(layer->in_shape[0], layer->in_shape[1]))
        return diag_fail(diag, ERR_SHAPE, NULL, 0,
                         "it sums layers of %s and %s, which must have the same shape",
                         shape_text(layer->in_shape[0]).s, shape_text(layer->in_shape[1]).s);
    layer->out = layer->in_shape[0];
    return ERR_NONE;
}

static void forward(const struct layer_io *io)
{
    size_t count = layer_out_floats(io->layer, io->lanes);
    const float *a = io->x[0], *b = io->x[1];
    float *restrict y = io->y;
    size_t i = 0;
    for (; i + VEC <= count; i += VEC) {
        vec sum = vec_load(a + i) + vec_load(b + i);
        vec_store(y + i, io->finish.relu ? vec_relu(sum) : sum);
    }
    for (; i < count; i++) {
        float sum = a[i] + b[i];
        y[i] = io->finish.relu && sum <= 0 ? 0 : sum;
    }
}

static void backward(const struct layer_io *io)
{
    for (int k = 0; k < 2; k++)
        if (io->dx[k])
            memcpy(io->dx[k], io->dy, layer_out_floats(io->layer, io->lanes) * sizeof(float));
}

const struct layer_type LAYER(add) = {
    .name = "add",
    .stem = "add",
    .usage = "add LAYER LAYER",
    .help = "the sum of two named layers",
    .inputs = 2,
    .build = build,
    .forward = forward,
    .backward = backward,
    .takes_relu = true,
};
