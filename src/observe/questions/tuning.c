/**
 * How the filters of a convolution answer to a bar that turns (filter/tuning.h), each filter's channels added up: the bar is the same in all of them. Nothing here depends
 * on the sample.
 *
 * Parts: "filter", the sums, one for each filter {1, k, k}; "curve", each one's answers at TUNING_ANGLES angles over half a turn {1, 1, TUNING_ANGLES}; "preferred" degrees, "peak" and
 * "selectivity", one number each; "bar", the bar through the middle at each of these angles {1, k, k}.
 */
#include <string.h>

#include "filter/tuning.h"
#include "observe/questions/questions.h"

enum { FILTER, CURVE, PREFERRED, PEAK, SELECTIVITY, BAR };

bool question_fits_square(const struct net *net, int layer)
{
    const struct layer *l = &net->layer[layer];
    return strcmp(l->type->name, "conv") == 0 && l->param[0].dim[2] == l->param[0].dim[3] &&
           l->param[0].dim[2] >= 3;
}

static void shape(const struct net *net, const struct question *q, struct answer *out)
{
    const int *dim = net->layer[q->layer].param[0].dim; /* [o][i/groups][k][k] */
    struct shape kernel = {1, dim[2], dim[3]}, number = {1, 1, 1};
    answer_add(out, "filter", dim[0], kernel);
    answer_add(out, "curve", dim[0], (struct shape){1, 1, TUNING_ANGLES});
    answer_add(out, "preferred", dim[0], number);
    answer_add(out, "peak", dim[0], number);
    answer_add(out, "selectivity", dim[0], number);
    answer_add(out, "bar", TUNING_ANGLES, kernel);
}

static void answer(const struct probe *probe, const struct question *q, struct answer *out)
{
    const struct layer_array *p = &probe->net->layer[q->layer].param[0];
    int count = p->dim[0], k = p->dim[2];
    float *filter = out->part[FILTER].data, *curve = out->part[CURVE].data, *bar = out->part[BAR].data;
    tuning_add_channels(count, p->dim[1], k, probe->moment->weights.params + p->offset, filter);
    tuning_curves(count, k, filter, TUNING_WIDTH, TUNING_ANGLES, bar, curve);
    for (int f = 0; f < count; f++) {
        struct tuning t = tuning_of(TUNING_ANGLES, curve + f * TUNING_ANGLES);
        out->part[PREFERRED].data[f] = (float)t.preferred;
        out->part[PEAK].data[f] = (float)t.peak;
        out->part[SELECTIVITY].data[f] = (float)t.selectivity;
    }
    for (int a = 0; a < TUNING_ANGLES; a++)
        tuning_bar(k, 180.0 * a / TUNING_ANGLES, 0, TUNING_WIDTH, bar + a * k * k);
}

const struct question_type question_tuning = {
    .name = "tuning",
    .help = "what each filter of a convolution answers to a bar at every angle",
    .lecture = "L42",
    .needs_layer = true,
    .fits = question_fits_square,
    .shape = shape,
    .answer = answer,
};
