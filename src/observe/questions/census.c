/**
 * Which oriented edge each filter of a convolution resembles most (filter/tuning.h), its channels added up. Nothing here depends on the sample.
 *
 * Parts: "filter", the sums, one for each filter {1, k, k}; "edge", its best match, made as long as the filter {1, k, k}; "angle" of that in degrees, and "cosine", one number each.
 */
#include <math.h>

#include "filter/kernels.h"
#include "filter/tuning.h"
#include "observe/questions/questions.h"

enum { FILTER, EDGE, ANGLE, COSINE, BLOCK = 64 };

static void shape(const struct net *net, const struct question *q, struct answer *out)
{
    const int *dim = net->layer[q->layer].param[0].dim; /* [o][i/groups][k][k] */
    struct shape kernel = {1, dim[2], dim[3]}, number = {1, 1, 1};
    answer_add(out, "filter", dim[0], kernel);
    answer_add(out, "edge", dim[0], kernel);
    answer_add(out, "angle", dim[0], number);
    answer_add(out, "cosine", dim[0], number);
}

static double length_of(const float *w, int count)
{
    double square = 0;
    for (int i = 0; i < count; i++)
        square += (double)w[i] * (double)w[i];
    return sqrt(square);
}

static void answer(const struct probe *probe, const struct question *q, struct answer *out)
{
    const struct layer_array *p = &probe->net->layer[q->layer].param[0];
    int count = p->dim[0], k = p->dim[2];
    float *filter = out->part[FILTER].data, *edge = out->part[EDGE].data;
    struct census_match match[BLOCK];
    tuning_add_channels(count, p->dim[1], k, probe->moment->weights.params + p->offset, filter);
    for (int f = 0; f < count; f++) {
        if (f % BLOCK == 0) /* the place of the first edge that isn't made yet is room enough */
            census(count - f < BLOCK ? count - f : BLOCK, k, filter + f * k * k, edge + f * k * k, match);
        const struct census_match *m = &match[f % BLOCK];
        float *own = edge + f * k * k;
        kernel_edge(k, m->angle, 0, own);
        double scale = length_of(filter + f * k * k, k * k) / length_of(own, k * k);
        for (int i = 0; i < k * k; i++)
            own[i] = (float)((double)own[i] * scale);
        out->part[ANGLE].data[f] = (float)m->angle;
        out->part[COSINE].data[f] = (float)m->cosine;
    }
}

const struct question_type question_census = {
    .name = "census",
    .help = "the oriented edge that each filter of a convolution resembles most",
    .lecture = "L53",
    .needs_layer = true,
    .fits = question_fits_square,
    .shape = shape,
    .answer = answer,
};
