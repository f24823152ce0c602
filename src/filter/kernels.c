#include "filter/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const double pi = 3.14159265358979323846;

static enum err make_room(struct kernel *k, int rows, int cols, struct diag *diag)
{
    const long dim[2] = {rows, cols};
    return tensor_init(&k->w, 2, dim, diag);
}

/* ---- blurs ---- */

/* Rows and columns: their own, or k where they are 0. */
static int extent(const struct kernel *k, int key)
{
    return (int)(k->value[key] > 0 ? k->value[key] : k->value[0]);
}

static enum err make_uniform(struct kernel *k, struct diag *diag)
{
    int rows = extent(k, 1), cols = extent(k, 2);
    enum err err = make_room(k, rows, cols, diag);
    for (int i = 0; i < rows * cols && !err; i++)
        k->w.data[i] = 1.0f / (float)(rows * cols);
    return err;
}

void kernel_bell(int k, double centre, double spread, bool grows, double *w)
{
    double sum = 0, sign = grows ? 1 : -1;
    for (int i = 0; i < k; i++) {
        double from = (i + 1 - centre) / spread;
        w[i] = exp(sign * from * from);
        sum += w[i];
    }
    for (int i = 0; i < k; i++)
        w[i] /= sum;
}

double kernel_mass(int k, double centre, double spread)
{
    return (erf((k + 0.5 - centre) / spread) + erf((centre - 0.5) / spread)) / 2;
}

enum { LECTURE, USUAL, PRINTED };
static const char *const forms[] = {"lecture", "usual", "printed", NULL};
static const char *const centres[] = {"middle", "slide", NULL};

static enum err make_gaussian(struct kernel *k, struct diag *diag)
{
    int rows = extent(k, 1), cols = extent(k, 2), form = (int)k->value[4], slide = (int)k->value[5];
    double sigma = k->value[3], spread = form == USUAL ? sigma * sqrt(2) : sigma;
    double down[KERNEL_SIDE], across[KERNEL_SIDE];
    double mid_row = rows == 1 ? 1 : slide ? rows / 2.0 : (rows + 1) / 2.0;
    double mid_col = cols == 1 ? 1 : slide ? cols / 2.0 : (cols + 1) / 2.0;
    enum err err = make_room(k, rows, cols, diag);
    if (err)
        return err;
    kernel_bell(rows, mid_row, spread, form == PRINTED, down);
    kernel_bell(cols, mid_col, spread, form == PRINTED, across);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++) {
            k->w.data[i * cols + j] = (float)(down[i] * across[j]);
            if (!isfinite(k->w.data[i * cols + j]))
                err = ERR_RANGE;
        }
    if (err)
        return diag_fail(diag, ERR_RANGE, NULL, 0,
                         "gaussian: with sigma %g and the sign as printed the weights grow beyond all bounds",
                         sigma);
    /* an axis of one cell isn't blurred, so nothing is cut off along it */
    k->kept_rows = rows > 1 ? kernel_mass(rows, mid_row, spread) : 1;
    k->kept_cols = cols > 1 ? kernel_mass(cols, mid_col, spread) : 1;
    k->kept = k->kept_rows * k->kept_cols;
    k->narrow = (rows > 1 && rows < 2 * sigma) || (cols > 1 && cols < 2 * sigma);
    return ERR_NONE;
}

/* ---- three by three ---- */

static enum err fill_three(struct kernel *k, const float w[9], struct diag *diag)
{
    enum err err = make_room(k, 3, 3, diag);
    if (!err)
        memcpy(k->w.data, w, 9 * sizeof *w);
    return err;
}

static enum err make_sharpen(struct kernel *k, struct diag *diag)
{
    float a = (float)k->value[0];
    const float w[9] = {0, -a, 0, -a, 1 + 4 * a, -a, 0, -a, 0};
    return fill_three(k, w, diag);
}

static const char *const neighbours[] = {"4", "8", NULL};

static enum err make_laplacian(struct kernel *k, struct diag *diag)
{
    static const float four[9] = {0, 1, 0, 1, -4, 1, 0, 1, 0}, eight[9] = {1, 1, 1, 1, -8, 1, 1, 1, 1};
    return fill_three(k, k->value[0] > 0 ? eight : four, diag);
}

static const char *const directions[] = {"vertical", "horizontal", NULL};

/* Dark to bright, left to right or top to bottom; `middle` is the weight of the middle row. */
static enum err make_difference(struct kernel *k, float middle, struct diag *diag)
{
    const float upright[9] = {-1, 0, 1, -middle, 0, middle, -1, 0, 1},
                flat[9] = {-1, -middle, -1, 0, 0, 0, 1, middle, 1};
    return fill_three(k, k->value[0] > 0 ? flat : upright, diag);
}

static enum err make_sobel(struct kernel *k, struct diag *diag)
{
    return make_difference(k, 2, diag);
}

static enum err make_prewitt(struct kernel *k, struct diag *diag)
{
    return make_difference(k, 1, diag);
}

/* ---- at any angle ---- */

/* Place (i, j) of a square, from its middle: along the edge and across it, to the right of somebody who walks along. */
static void turn(int k, int i, int j, double angle, double *along, double *across)
{
    double x = j - (k - 1) / 2.0, y = (k - 1) / 2.0 - i, c = cos(angle * pi / 180), s = sin(angle * pi / 180);
    *along = x * c + y * s;
    *across = x * s - y * c;
}

/* Divides by `sum` what rounding left of an exact 0 apart. */
static void settle(struct kernel *k, const double *w, double sum)
{
    for (size_t i = 0; i < tensor_count(&k->w); i++)
        k->w.data[i] = fabs(w[i]) < 1e-12 * sum ? 0 : (float)(w[i] / sum);
}

static double edge_at(int k, int i, double angle, double spread)
{
    double along, across;
    turn(k, i / k, i % k, angle, &along, &across);
    return across * exp(-(along * along + across * across) / (spread * spread));
}

void kernel_edge(int k, double angle, double sigma, float *w)
{
    double spread = sigma > 0 ? sigma : k / 2.5, sum = 0;
    for (int i = 0; i < k * k; i++)
        sum += fabs(edge_at(k, i, angle, spread)) / 2;
    for (int i = 0; i < k * k; i++) {
        double at = edge_at(k, i, angle, spread);
        w[i] = fabs(at) < 1e-12 * sum ? 0 : (float)(at / sum); /* what rounding left of an exact 0 */
    }
}

static enum err make_edge(struct kernel *kernel, struct diag *diag)
{
    int k = (int)kernel->value[1];
    enum err err = make_room(kernel, k, k, diag);
    if (!err)
        kernel_edge(k, kernel->value[0], kernel->value[2], kernel->w.data);
    return err;
}

static enum err make_gabor(struct kernel *kernel, struct diag *diag)
{
    int k = (int)kernel->value[1];
    double sigma = kernel->value[2] > 0 ? kernel->value[2] : k / 5.0, ratio = kernel->value[5], sum = 0;
    double *w = mem_new((size_t)(k * k), sizeof *w);
    enum err err = w ? make_room(kernel, k, k, diag) : diag_memory(diag, "a kernel");
    for (int i = 0; i < k * k && !err; i++) {
        double along, across;
        turn(k, i / k, i % k, kernel->value[0], &along, &across);
        w[i] = exp(-(across * across + ratio * ratio * along * along) / (2 * sigma * sigma)) *
               cos(2 * pi * across / kernel->value[3] + kernel->value[4] * pi / 180);
        sum += fabs(w[i]);
    }
    if (!err)
        settle(kernel, w, sum);
    free(w);
    return err;
}

static const char *const spots[] = {"dark", "bright", NULL};

/* A spot's bell less one twice as wide, each with the sum 1: nothing where the picture is flat. */
static enum err make_spot(struct kernel *kernel, struct diag *diag)
{
    int k = (int)kernel->value[0];
    double spread = kernel->value[1] > 0 ? kernel->value[1] : k / 5.0, sign = kernel->value[2] > 0 ? 1 : -1;
    double narrow[KERNEL_SIDE], wide[KERNEL_SIDE];
    enum err err = make_room(kernel, k, k, diag);
    kernel_bell(k, (k + 1) / 2.0, spread, false, narrow);
    kernel_bell(k, (k + 1) / 2.0, 2 * spread, false, wide);
    for (int i = 0; i < k * k && !err; i++)
        kernel->w.data[i] = (float)(sign * (narrow[i / k] * narrow[i % k] - wide[i / k] * wide[i % k]));
    return err;
}

/* ---- the table ---- */

static enum err make_custom(struct kernel *k, struct diag *diag)
{
    return diag_fail(diag, ERR_FORMAT, NULL, 0, "%s: its numbers are missing, as in custom:0 1 2;2 2 0;0 1 2",
                     k->type->name);
}

#define SIDE(initial)                                                                                        \
    {                                                                                                        \
        "k", "rows and columns", 1, KERNEL_SIDE, initial, true, NULL                                         \
    }
#define ROWS                                                                                                 \
    {                                                                                                        \
        "rows", "rows; 0: k", 0, KERNEL_SIDE, 0, true, NULL                                                  \
    }
#define COLS                                                                                                 \
    {                                                                                                        \
        "cols", "columns; 0: k", 0, KERNEL_SIDE, 0, true, NULL                                               \
    }
#define SQUARE(initial)                                                                                      \
    {                                                                                                        \
        "k", "rows and columns", 3, KERNEL_SIDE, initial, true, NULL                                         \
    }
#define DIRECTION                                                                                            \
    {                                                                                                        \
        "edge", "of which edges", 0, 1, 0, true, directions                                                  \
    }

static const struct kernel_type types[] = {
    {"uniform", "the mean of its cells", {SIDE(3), ROWS, COLS}, make_uniform},
    {"gaussian",
     "a mean whose weights fall off as a bell does",
     {SIDE(7),
      ROWS,
      COLS,
      {"sigma", "width of the bell, in pixels", 0.05, 1000, 2, false, NULL},
      {"form", "exp(-d^2/sigma^2), with 2 sigma^2, or with the sign that the slide has lost", 0, 2, 0, true,
       forms},
      {"centre", "(k+1)/2, or the slide's k/2", 0, 1, 0, true, centres}},
     make_gaussian},
    {"sharpen",
     "the pixel, and what it has beyond its four neighbours",
     {{"amount", "how much of that", 0, 100, 1, false, NULL}},
     make_sharpen},
    {"laplacian",
     "neighbours less the pixel: the second derivative",
     {{"neighbours", "how many", 0, 1, 0, true, neighbours}},
     make_laplacian},
    {"sobel", "difference across an edge, blurred along it with 1 2 1", {DIRECTION}, make_sobel},
    {"prewitt", "difference across an edge, with 1 1 1 along it", {DIRECTION}, make_prewitt},
    {"edge",
     "difference across an edge at any angle; a step of 1 answers with 1",
     {{"angle", "of the edge, in degrees", -360, 360, 90, false, NULL},
      SQUARE(3),
      {"sigma", "width of its bell, in pixels; 0: k/2.5", 0, 1000, 0, false, NULL}},
     make_edge},
    {"gabor",
     "stripes under a bell, the magnitudes adding up to 1",
     {{"angle", "of the stripes, in degrees", -360, 360, 90, false, NULL},
      SQUARE(9),
      {"sigma", "width of the bell, in pixels; 0: k/5", 0, 1000, 0, false, NULL},
      {"wavelength", "from stripe to stripe, in pixels", 0.5, 1000, 4, false, NULL},
      {"phase", "0: a bright stripe in the middle, 90: an edge there", -360, 360, 0, false, NULL},
      {"ratio", "length of a stripe: the bell's width over it", 0.01, 100, 1, false, NULL}},
     make_gabor},
    {"spot",
     "a spot against what is around it, as cells of the retina: a bell less one twice as wide",
     {SQUARE(9),
      {"sigma", "width of the spot's bell, in pixels; 0: k/5", 0, 1000, 0, false, NULL},
      {"of", "which spots answer with more than 0", 0, 1, 0, true, spots}},
     make_spot},
    {"custom", "typed numbers: custom:0 1 2;2 2 0;0 1 2", {{NULL, NULL, 0, 0, 0, false, NULL}}, make_custom},
};

const struct kernel_type *const kernel_types[] = {&types[0], &types[1], &types[2], &types[3],
                                                  &types[4], &types[5], &types[6], &types[7],
                                                  &types[8], &types[9], NULL};
static const struct kernel_type *const custom = &types[9];

const struct kernel_type *kernel_type_find(const char *name)
{
    for (int i = 0; kernel_types[i]; i++)
        if (strcmp(kernel_types[i]->name, name) == 0)
            return kernel_types[i];
    return NULL;
}

enum err kernel_make(const struct kernel_type *type, const double *value, struct kernel *out,
                     struct diag *diag)
{
    *out = (struct kernel){.type = type, .kept_rows = 1, .kept_cols = 1, .kept = 1};
    enum err err = knobs_check(type->name, type->knob, value, diag);
    if (err)
        return err;
    memcpy(out->value, value, sizeof out->value);
    err = type->make(out, diag);
    if (err)
        kernel_fini(out);
    return err;
}

enum err kernel_custom(int rows, int cols, const float *w, struct kernel *out, struct diag *diag)
{
    *out = (struct kernel){.type = custom, .kept_rows = 1, .kept_cols = 1, .kept = 1};
    enum err err = make_room(out, rows, cols, diag);
    if (!err)
        memcpy(out->w.data, w, (size_t)rows * (size_t)cols * sizeof *w);
    return err;
}

void kernel_fini(struct kernel *kernel)
{
    tensor_fini(&kernel->w);
    *kernel = (struct kernel){0};
}
