/**
 * The sample as the network sees it, and which way its loss grows.
 *
 * Parts: "x" the pixels, in [0,1]; "gradient" of the loss with respect to them. One each, of the input's shape. Where the label isn't known the loss
 * is about what the network says.
 */
#include <string.h>

#include "observe/questions/questions.h"

enum { X, GRADIENT };

static bool fits(const struct net *net, int layer)
{
    (void)net, (void)layer;
    return true;
}

static void shape(const struct net *net, const struct question *q, struct answer *out)
{
    (void)q;
    answer_add(out, "x", 1, net->in);
    answer_add(out, "gradient", 1, net->in);
}

static void answer(const struct probe *probe, const struct question *q, struct answer *out)
{
    (void)q;
    memcpy(out->part[X].data, probe->sample->x, shape_count(probe->net->in) * sizeof(float));
    pass_read_gradient(probe->pass, NET_INPUT, 0, out->part[GRADIENT].data);
}

const struct question_type question_input = {
    .name = "input",
    .help = "the image looked at, and the gradient of its loss with respect to each pixel",
    .lecture = "L78",
    .fits = fits,
    .shape = shape,
    .answer = answer,
};
