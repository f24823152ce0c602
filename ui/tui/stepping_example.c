/** The examples of the step lab, all computed by it. Lecture items L20, L23 to L28, L33, L46, L50, L51, errata E1 to E3, E5. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "data/pen.h"
#include "tui/stepping.h"

#define SLIDE_X "3 3 2 1 0/0 0 1 3 1/3 1 2 2 3/2 0 0 2 2/2 0 0 0 1"
#define SLIDE_W "0 1 2/2 2 0/0 1 2"
#define IMPULSE "0 0 0 0 0 0 1 0 0 0 0 0 0"

const struct step_example step_examples[] = {
    {"slide", "the slide's 5x5 input and 3x3 kernel", "L23"},
    {"padding", "the same with zeros around it, so that the size stays", "L24"},
    {"flip", "the same as a true convolution: the kernel is flipped", "L23"},
    {"series", "one dimension", "L20"},
    {"long", "one dimension, 512 numbers and 8 weights: 505 outputs", "L20"},
    {"blur", "a mean over 3x3", "L27"},
    {"gauss", "the weights of a Gaussian, k = 7, sigma = 2, seen through an impulse", "L25, E3"},
    {"centre", "the same with the slide's centre, half a cell off", "L25, E3"},
    {"growing", "the same with the sign that the slide has lost: the opposite of a blur", "L25, E2"},
    {"narrow", "a Gaussian of k = 2 sigma, which keeps 84.3 %", "L28"},
    {"gaussian", "a Gaussian over 5x5", "L27"},
    {"wide", "a kernel of 3 rows and 5 columns, padded", "E5"},
    {"colour", "three colours and a bias: their products are added up", "L32, L33"},
    {"depth", "a kernel that slides in depth too", "L33"},
    {"lenet", "the first layer: 28x28 with 5x5, 8 filters", "L46 to L49, E1"},
    {"relu", "a map before and behind ReLU", "L50"},
    {"pool", "the largest of each 2x2", "L51"},
    {"mean", "the mean of each 2x2", "L51"},
    {"dense", "a map flattened, and three units that see all of it", "L46"},
    {"softmax", "three numbers become shares", "L11"},
    {NULL, NULL, NULL},
};

/* What an example is made of, as one would type it. */
struct recipe {
    const char *name, *x, *w;
    enum step_operation operation;
    enum correlate_mode mode;
    bool flip;
    float bias;
    int filters, side;
};

static const struct recipe recipes[] = {
    {.name = "slide", .x = SLIDE_X, .w = SLIDE_W},
    {.name = "padding", .x = SLIDE_X, .w = SLIDE_W, .mode = CORRELATE_SAME},
    {.name = "flip", .x = SLIDE_X, .w = SLIDE_W, .flip = true},
    {.name = "series", .x = "1 3 2 0 1 4 2 1", .w = "1 0 -1"},
    {.name = "blur",
     .x = "0 0 0 0 0 0/0 9 9 0 0 0/0 9 9 0 0 0/0 0 0 0 9 0/0 0 0 0 0 0/9 0 0 0 0 0",
     .w = "uniform:k=3"},
    {.name = "gauss", .x = IMPULSE, .w = "gaussian:rows=1,cols=7,sigma=2"},
    {.name = "centre", .x = IMPULSE, .w = "gaussian:rows=1,cols=7,sigma=2,centre=slide"},
    {.name = "narrow", .x = IMPULSE, .w = "gaussian:rows=1,cols=4,sigma=2"},
    {.name = "gaussian",
     .x = "0 0 0 0 0 0 0/0 0 0 0 0 0 0/0 0 0 0 0 0 0/0 0 0 1 0 0 0/0 0 0 0 0 0 0/0 0 0 0 0 0 0/0 0 0 0 0 0 0",
     .w = "gaussian:k=5,sigma=1.5"},
    {.name = "wide",
     .x = "1 2 0 1 3 2 1/0 1 3 2 0 1 2/2 0 1 1 2 3 0/1 3 0 2 1 0 1/0 2 1 0 3 1 2",
     .w = "1 0 2 0 1/0 1 0 1 0/1 0 2 0 1",
     .mode = CORRELATE_SAME},
    {.name = "colour",
     .x = "1 0 2 1/0 1 1 0/2 1 0 1/1 0 1 2//0 1 0 2/1 2 0 1/0 1 1 0/2 0 1 1//2 1 1 0/0 0 2 1/1 1 0 2/0 2 1 0",
     .w = "1 0/0 1//0 -1/1 0//1 1/0 -1",
     .bias = 1},
    {.name = "depth",
     .x = "1 0 2 1/0 1 1 0/2 1 0 1/1 0 1 2//0 1 0 2/1 2 0 1/0 1 1 0/2 0 1 1//2 1 1 0/0 0 2 1/1 1 0 2/0 2 1 0",
     .w = "1 0/0 1//0 1/1 0"},
    {.name = "relu", .x = "3 -1 0 2/-2 1 -3 4/0 -5 2 -1/1 2 -4 3", .operation = STEP_RELU},
    {.name = "pool", .x = "29 15 28 184/0 100 70 38/12 12 7 2/12 12 45 6", .operation = STEP_MAX, .side = 2},
    {.name = "mean", .x = "29 15 28 184/0 100 70 38/12 12 7 2/12 12 45 6", .operation = STEP_MEAN, .side = 2},
    {.name = "softmax", .x = "1 2 3", .operation = STEP_SOFTMAX},
};

/* ---- those that are drawn or computed ---- */

/* 512 whole numbers that go up and down, and a mean of 8. */
static enum err make_long(struct step_source *out, struct diag *diag)
{
    enum { D = 512, K = 8 };
    static const long d = D, k = K;
    float x[D], w[K];
    for (int i = 0; i < D; i++)
        x[i] = (float)(i * 37 % 10 + (i / 64 % 2 ? 8 : 0));
    for (int i = 0; i < K; i++)
        w[i] = 1.0f / K;
    enum err err = step_source_set(&out->x, 1, &d, x, diag);
    return err ? err : step_source_set(&out->w, 1, &k, w, diag);
}

/* exp(+(i - k/2)^2 / sigma^2), as it is printed: 4.77 1.76 1.06 1.06 1.76 4.77 21.38 */
static enum err make_growing(struct step_source *out, struct diag *diag)
{
    enum { K = 7 };
    static const long k = K;
    float w[K];
    for (int i = 0; i < K; i++) {
        double from = (i + 1 - K / 2.0) / 2;
        w[i] = (float)exp(from * from);
    }
    enum err err = step_cells_read(IMPULSE, &out->x, diag);
    return err ? err : step_source_set(&out->w, 1, &k, w, diag);
}

/* A seven by a pen, and a kernel that answers to strokes from upper right to lower left. */
static enum err make_lenet(struct step_source *out, struct diag *diag)
{
    enum { SIDE = 28, K = 5 };
    static const long d[2] = {SIDE, SIDE};
    static float ink[SIDE * SIDE];
    memset(ink, 0, sizeof ink);
    pen_piece(ink, SIDE, SIDE, (struct nib){7, 7, 1.3f}, (struct nib){20, 7, 1.3f}, 1, false);
    pen_piece(ink, SIDE, SIDE, (struct nib){20, 7, 1.3f}, (struct nib){11, 22, 1.3f}, 1, false);
    for (int i = 0; i < SIDE * SIDE; i++)
        ink[i] = rintf(ink[i] * 100) / 100; /* so that it can be read */
    out->filters = 8;
    enum err err = step_source_set(&out->x, 2, d, ink, diag);
    return err ? err
               : step_cells_read("-1 -1 0 1 1/-1 0 1 1 0/0 1 2 1 0/0 1 1 0 -1/1 1 0 -1 -1", &out->w, diag);
}

static enum err make_dense(struct step_source *out, struct diag *diag)
{
    static const long dim[3] = {3, 2, 3};
    static const float w[18] = {1, 0, -1, 2, 0, 1, 0, 1, 1, -1, 0, 2, -2, 1, 0, 1, 1, 0};
    out->operation = STEP_DENSE;
    out->bias = mem_floats(3);
    if (!out->bias)
        return diag_memory(diag, "an example");
    out->bias[0] = 1, out->bias[1] = -2, out->bias[2] = 0.5f;
    enum err err = step_cells_read("2 0 1/3 1 0", &out->x, diag);
    return err ? err : step_source_set(&out->w, 3, dim, w, diag);
}

static const struct {
    const char *name;
    enum err (*make)(struct step_source *out, struct diag *diag);
} made[] = {{"long", make_long}, {"growing", make_growing}, {"lenet", make_lenet}, {"dense", make_dense}};

/* ---- all of them ---- */

static enum err cook(const struct recipe *r, struct step_source *out, struct diag *diag)
{
    out->operation = r->operation;
    out->options = (struct trace_options){.mode = r->mode, .flip = r->flip, .bias = r->bias};
    out->filters = r->filters ? r->filters : 1;
    enum err err = step_cells_read(r->x, &out->x, diag);
    for (int a = 0; a < out->x.rank && r->side && !err; a++)
        out->side[a] = out->options.stride[a] = a < out->x.rank - 2 ? 1 : r->side;
    return err || !r->w ? err : step_weights_read(r->w, out->x.rank, out, diag);
}

static const struct step_example *find(const char *name)
{
    for (const struct step_example *e = step_examples; e->name; e++)
        if (strcmp(e->name, name) == 0)
            return e;
    return NULL;
}

enum err step_example_make(const char *name, struct step_source *out, struct diag *diag)
{
    const struct step_example *example = find(name);
    struct text known = {0};
    enum err err = ERR_NONE;
    *out = (struct step_source){.filters = 1};
    for (const struct step_example *e = step_examples; e->name && !example; e++)
        text_listed(&known, e->name, !e[1].name);
    if (!example)
        return text_unknown(diag, NULL, 0, "example", name, &known);
    for (int i = 0; i < ARRAY_LEN(recipes) && !err; i++)
        if (strcmp(recipes[i].name, name) == 0)
            err = cook(&recipes[i], out, diag);
    for (int i = 0; i < ARRAY_LEN(made) && !err; i++)
        if (strcmp(made[i].name, name) == 0)
            err = made[i].make(out, diag);
    snprintf(out->line, sizeof out->line, "example %s", name);
    snprintf(out->title, sizeof out->title, "%s", example->help);
    if (err)
        step_source_fini(out);
    return err;
}
