#include "filter/features.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "filter/fast.h"
#include "filter/kernels.h"
#include "filter/linear.h"

const char *const feature_names[FEATURES] = {"vertical edges", "edges along a long vertical line"};

/* The features differ by a factor of ten and there are few scenes: a little ridge. */
static const double ridge = 1e-3;

static double mean_magnitude(const struct image *map)
{
    size_t count = shape_count(map->shape);
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += fabs((double)map->data[i]);
    return sum / (double)count;
}

static enum err slide(const struct image *in, const char *name, struct team *team, struct image *out,
                      struct diag *diag)
{
    struct kernel kernel;
    struct tensor x = {2, {in->shape.h, in->shape.w}, in->data}, y = {0};
    enum err err = kernel_parse(name, &kernel, diag);
    if (!err && (kernel.w.dim[0] > x.dim[0] || kernel.w.dim[1] > x.dim[1]))
        err = diag_fail(diag, ERR_SHAPE, NULL, 0, "a picture of %s is too small for the features",
                        shape_text(in->shape).s);
    if (!err)
        err = correlate_fast(&x, &kernel.w, CORRELATE_VALID, false, team, &y, NULL, diag);
    if (!err)
        *out = (struct image){{1, (int)y.dim[0], (int)y.dim[1]}, y.data};
    kernel_fini(&kernel);
    return err;
}

enum err features_measure(const struct image *picture, struct team *team, double value[FEATURES],
                          struct feature_maps *maps, struct diag *diag)
{
    struct feature_maps own = {0};
    size_t count = shape_count(picture->shape);
    const long dim[1] = {(long)count};
    struct tensor copy;
    enum err err = tensor_init(&copy, 1, dim, diag);
    if (err)
        return err;
    memcpy(copy.data, picture->data, count * sizeof(float));
    struct image grey = {picture->shape, copy.data};
    struct text line = {0};
    text_format(&line, "uniform:rows=%d,cols=1", FEATURE_LINE);
    err = image_set_channels(&grey, 1, diag);
    if (!err)
        err = slide(&grey, "edge", team, &own.edge, diag);
    if (!err)
        err = slide(&own.edge, text_str(&line), team, &own.line, diag);
    if (!err) {
        value[FEATURE_EDGE] = mean_magnitude(&own.edge);
        value[FEATURE_LONG] = mean_magnitude(&own.line);
    }
    text_free(&line);
    image_fini(&grey);
    if (!err && maps)
        *maps = own;
    else
        feature_maps_fini(&own);
    return err;
}

void feature_maps_fini(struct feature_maps *maps)
{
    image_fini(&maps->edge);
    image_fini(&maps->line);
}

/* ---- the study ---- */

static void rank(struct city_study *s)
{
    for (int f = 0; f < FEATURES; f++)
        for (int i = 0; i < s->scenes; i++) {
            int above = 0; /* equals in their order */
            for (int k = 0; k < s->scenes; k++)
                above +=
                    s->feature[k][f] > s->feature[i][f] || (s->feature[k][f] == s->feature[i][f] && k < i);
            s->order[f][above] = i;
        }
}

/* Fits on all scenes but `without` (-1: on all). */
static enum err fit(const struct city_study *s, int without, struct linear *out, struct diag *diag)
{
    float x[CITY_MOST][FEATURES];
    int label[CITY_MOST], n = 0;
    for (int i = 0; i < s->scenes; i++)
        if (i != without) {
            memcpy(x[n], s->feature[i], sizeof x[n]);
            label[n++] = scenes[i].city;
        }
    return linear_fit(n, FEATURES, x[0], label, 2, ridge, out, diag);
}

static enum err classify(struct city_study *s, struct diag *diag)
{
    struct linear l;
    enum err err = fit(s, -1, &l, diag);
    if (err)
        return err;
    for (int f = 0; f < FEATURES; f++)
        s->weight[f] = l.weight[FEATURES + 1 + f] - l.weight[f];
    s->bias = l.weight[2 * FEATURES + 1] - l.weight[FEATURES];
    for (int i = 0; i < s->scenes; i++) {
        s->says_city[i] = linear_predict(&l, s->feature[i], NULL) == 1;
        s->right += s->says_city[i] == scenes[i].city;
    }
    linear_fini(&l);
    for (int i = 0; i < s->scenes && !err; i++) {
        err = fit(s, i, &l, diag);
        if (err)
            break;
        s->left_out_says_city[i] = linear_predict(&l, s->feature[i], NULL) == 1;
        s->left_out_right += s->left_out_says_city[i] == scenes[i].city;
        linear_fini(&l);
    }
    return err;
}

enum err city_study(struct team *team, struct city_study *out, struct diag *diag)
{
    enum err err = ERR_NONE;
    *out = (struct city_study){.scenes = scenes_count()};
    assert(out->scenes <= CITY_MOST);
    for (int i = 0; i < out->scenes && !err; i++) {
        struct image picture;
        double value[FEATURES] = {0};
        err = scene_picture(i, &picture, diag);
        if (!err)
            err = features_measure(&picture, team, value, NULL, diag);
        for (int f = 0; f < FEATURES; f++)
            out->feature[i][f] = (float)value[f];
        image_fini(&picture);
    }
    if (err)
        return err;
    rank(out);
    return classify(out, diag);
}
