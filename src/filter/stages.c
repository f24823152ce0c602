/** The stages of a chain that are no kernels: one row of the table each. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "filter/chain.h"
#include "filter/eye.h"

/* What a stage may look at and fills. */
#define STAGE(name)                                                                                          \
    static enum err name(const struct chain_stage *stage, const struct image *picture,                       \
                         const struct image *in, struct team *team, struct chain_result *out,                \
                         struct diag *diag)

static enum err copy(const struct image *in, struct image *out, struct diag *diag)
{
    size_t count = shape_count(in->shape);
    *out = (struct image){in->shape, mem_floats(count)};
    if (!out->data)
        return diag_memory(diag, "a picture");
    memcpy(out->data, in->data, count * sizeof(float));
    return ERR_NONE;
}

/* Every number by itself. */
static enum err map(const struct image *in, float (*f)(float x, const double *value), const double *value,
                    struct image *out, struct diag *diag)
{
    enum err err = copy(in, out, diag);
    for (size_t i = 0; !err && i < shape_count(out->shape); i++)
        out->data[i] = f(out->data[i], value);
    return err;
}

/* ---- noise ---- */

STAGE(add_noise)
{
    struct rng rng;
    (void)picture, (void)team;
    enum err err = copy(in, &out->image, diag);
    rng_init(&rng, rng_key((uint64_t)stage->value[1], 1, 0));
    for (size_t i = 0; !err && i < shape_count(out->image.shape); i++)
        out->image.data[i] += (float)stage->value[0] * rng_normal(&rng);
    return err;
}

/* A pixel that is hit is black or white in all its channels. */
STAGE(add_salt)
{
    struct rng rng;
    (void)picture, (void)team;
    enum err err = copy(in, &out->image, diag);
    size_t plane = (size_t)in->shape.h * (size_t)in->shape.w;
    rng_init(&rng, rng_key((uint64_t)stage->value[1], 2, 0));
    for (size_t i = 0; !err && i < plane; i++) {
        bool hit = (double)rng_uniform(&rng) < stage->value[0];
        float value = rng_uniform(&rng) < 0.5f ? 0 : 1;
        for (int c = 0; c < in->shape.c && hit; c++)
            out->image.data[(size_t)c * plane + i] = value;
    }
    return err;
}

/* ---- number by number ---- */

static float relu(float x, const double *value)
{
    (void)value;
    return x < 0 ? 0 : x; /* a NaN stays */
}

static float magnitude(float x, const double *value)
{
    (void)value;
    return fabsf(x);
}

static float threshold(float x, const double *value)
{
    return isnan(x) ? x : (double)x >= value[0] ? 1 : 0;
}

STAGE(do_relu)
{
    (void)picture, (void)team;
    return map(in, relu, stage->value, &out->image, diag);
}

STAGE(do_abs)
{
    (void)picture, (void)team;
    return map(in, magnitude, stage->value, &out->image, diag);
}

STAGE(do_threshold)
{
    (void)picture, (void)team;
    return map(in, threshold, stage->value, &out->image, diag);
}

/* value[0] + value[1] * x */
static float scaled(float x, const double *value)
{
    return (float)(value[0] + value[1] * (double)x);
}

static const char *const rules[] = {"range", "signed", NULL};

STAGE(do_scale)
{
    float low = in->data[0], high = low;
    (void)picture, (void)team;
    for (size_t i = 0; i < shape_count(in->shape); i++) {
        low = in->data[i] < low ? in->data[i] : low;
        high = in->data[i] > high ? in->data[i] : high;
    }
    double reach = fmax(fabs((double)low), fabs((double)high)), span = (double)high - (double)low;
    double by[2] = {span > 0 ? -(double)low / span : 0, span > 0 ? 1 / span : 0};
    if (stage->value[0] > 0) {
        by[0] = 0.5;
        by[1] = reach > 0 ? 0.5 / reach : 0;
    }
    return map(in, scaled, by, &out->image, diag);
}

/* ---- pooling ---- */

static float pool_window(const float *x, int line, int k, bool mean)
{
    double sum = 0;
    float top = *x;
    for (int a = 0; a < k; a++)
        for (int b = 0; b < k; b++) {
            float v = x[a * line + b];
            sum += (double)v;
            top = v > top || isnan(v) ? v : top;
        }
    return mean ? (float)(sum / (k * k)) : top;
}

static enum err pool(const struct chain_stage *stage, const struct image *in, bool mean, struct image *out,
                     struct diag *diag)
{
    int k = (int)stage->value[0], stride = stage->value[1] > 0 ? (int)stage->value[1] : k;
    struct shape s = in->shape, t = {s.c, 0, 0};
    struct window win = {.size = k, .stride = stride, .dilation = 1};
    if (window_extent(s.h, win, &t.h) || window_extent(s.w, win, &t.w))
        return diag_fail(diag, ERR_SHAPE, NULL, 0,
                         "a window of %d x %d doesn't fit into a picture of %d x %d", k, k, s.h, s.w);
    *out = (struct image){t, mem_floats(shape_count(t))};
    float *y = out->data;
    if (!y)
        return diag_memory(diag, "a picture");
    for (int c = 0; c < t.c; c++)
        for (int i = 0; i < t.h; i++)
            for (int j = 0; j < t.w; j++)
                *y++ = pool_window(in->data + ((size_t)c * (size_t)s.h + (size_t)(i * stride)) * (size_t)s.w +
                                       (size_t)(j * stride),
                                   s.w, k, mean);
    return ERR_NONE;
}

STAGE(do_max)
{
    (void)picture, (void)team;
    return pool(stage, in, false, &out->image, diag);
}

STAGE(do_average)
{
    (void)picture, (void)team;
    return pool(stage, in, true, &out->image, diag);
}

/* ---- grey, and a template ---- */

STAGE(do_grey)
{
    (void)picture, (void)team, (void)stage;
    enum err err = copy(in, &out->image, diag);
    return err ? err : image_set_channels(&out->image, 1, diag);
}

STAGE(do_eye)
{
    (void)picture, (void)team;
    return eye_view(in, (enum eye_cell)stage->value[0], &out->image, diag);
}

static const char *const matches[] = {"normalised", "plain", NULL};

/* The pattern is cut out of the picture that the chain began with, in as many channels as the stage gets. */
STAGE(do_template)
{
    const double *v = stage->value;
    struct template_box box = {(int)v[0], (int)v[1], (int)v[2], (int)v[3]};
    struct image pattern = {0};
    struct tensor response = {0};
    enum err err = template_cut(picture, box, &pattern, diag);
    if (!err)
        err = image_set_channels(&pattern, in->shape.c, diag);
    if (!err)
        err = template_match(in, &pattern, v[4] == 0, team, &response, diag);
    image_fini(&pattern);
    if (err)
        return err;
    float top = -INFINITY;
    for (size_t i = 0; i < tensor_count(&response); i++)
        top = response.data[i] > top ? response.data[i] : top;
    out->peaks = template_peaks(&response, box.rows, box.cols, (float)v[5] * top, CHAIN_PEAKS, out->peak);
    out->image = (struct image){{1, (int)response.dim[0], (int)response.dim[1]}, response.data};
    return out->peaks < 0 ? diag_memory(diag, "peaks") : ERR_NONE;
}

/* ---- the table ---- */

#define SEED                                                                                                 \
    {                                                                                                        \
        "seed", "of the noise", 0, 1e9, 1, true, NULL                                                        \
    }
#define POOLING                                                                                              \
    {                                                                                                        \
        {"k", "rows and columns of the window", 1, 255, 2, true, NULL},                                      \
            {"stride", "from window to window; 0: k", 0, 255, 0, true, NULL},                                \
    }
#define PLACE(name, help, low, initial)                                                                      \
    {                                                                                                        \
        name, help, low, 1e6, initial, true, NULL                                                            \
    }

static const struct stage_type types[] = {
    {"noise",
     "adds noise of a normal distribution",
     {{"sigma", "its standard deviation", 0, 100, 0.1, false, NULL}, SEED},
     add_noise},
    {"salt",
     "makes pixels black or white at random",
     {{"share", "of the pixels", 0, 1, 0.05, false, NULL}, SEED},
     add_salt},
    {"relu", "max(x, 0)", {{0}}, do_relu},
    {"abs", "|x|", {{0}}, do_abs},
    {"threshold",
     "1 from a level on, 0 below",
     {{"level", "that level", -1e6, 1e6, 0.5, false, NULL}},
     do_threshold},
    {"max", "max pooling", POOLING, do_max},
    {"average", "average pooling", POOLING, do_average},
    {"scale",
     "to [0,1]: the smallest number to 0 and the largest to 1, or 0 to the middle",
     {{"rule", "(x - min) / (max - min), or 1/2 + x / (2 max|x|)", 0, 1, 0, true, rules}},
     do_scale},
    {"grey", "luma: 0.299 R + 0.587 G + 0.114 B", {{0}}, do_grey},
    {"eye",
     "the light that one kind of cell of the retina catches",
     {{"cell", "rods, or cones for long, middle or short waves", 0, 3, 0, true, eye_cell_names}},
     do_eye},
    {"template",
     "likeness to a piece of the picture at the start",
     {PLACE("row", "its first row, from 0", 0, 0),
      PLACE("col", "its first column", 0, 0),
      PLACE("rows", "its rows", 1, 8),
      PLACE("cols", "its columns", 1, 8),
      {"form", "-1..1 whatever the light, or the sum of the products", 0, 1, 0, true, matches},
      {"least", "peaks reach at least this share of the highest", 0, 1, 0.8, false, NULL}},
     do_template},
};

const struct stage_type *const stage_types[] = {&types[0], &types[1], &types[2],  &types[3],
                                                &types[4], &types[5], &types[6],  &types[7],
                                                &types[8], &types[9], &types[10], NULL};
