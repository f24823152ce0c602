/** Every convolution kernel, for every set of instructions that this processor has, against the definition in double. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "nn/conv.h"

enum { SIXTEEN = 16, GUARD = 16 };
static const double tolerance =
    2e-5; /* of the largest number of the answer; Winograd loses a digit against the definition */

struct conv_case {
    struct shape in;
    int out, rows, cols, stride_rows, stride_cols, pad_rows, pad_cols, dilation, groups;
};

static const struct conv_case cases[] = {
    {{1, 1, 1}, 1, 1, 1, 1, 1, 0, 0, 1, 1},
    {{1, 28, 28}, 8, 5, 5, 1, 1, 0, 0, 1, 1}, /* lenet */
    {{8, 12, 12}, 16, 5, 5, 1, 1, 0, 0, 1, 1},
    {{3, 12, 12}, 10, 3, 3, 1, 1, 0, 0, 1, 1}, /* tiny-vgg, smaller */
    {{10, 11, 13}, 10, 3, 3, 1, 1, 0, 0, 1, 1},
    {{3, 9, 9}, 8, 7, 7, 2, 2, 3, 3, 1, 1}, /* resnet18's first */
    {{16, 8, 8}, 20, 3, 3, 1, 1, 1, 1, 1, 1},
    {{17, 9, 7}, 19, 3, 3, 1, 1, 1, 1, 1, 1}, /* tails everywhere */
    {{32, 4, 4}, 33, 3, 3, 1, 1, 1, 1, 1, 1},
    {{33, 14, 14}, 16, 3, 3, 1, 1, 0, 1, 1, 1},
    {{16, 12, 12}, 16, 3, 3, 1, 1, 1, 1, 1, 1},
    {{20, 9, 17}, 70, 3, 3, 1, 1, 1, 1, 1, 1},
    {{35, 28, 10}, 17, 3, 3, 1, 1, 0, 2, 1, 1},
    {{3, 40, 37}, 11, 7, 7, 2, 2, 3, 3, 1, 1},
    {{4, 9, 70}, 10, 3, 5, 2, 3, 2, 1, 1, 2},
    {{2, 17, 35}, 3, 3, 3, 2, 2, 1, 2, 3, 1},
    {{10, 20, 34}, 10, 3, 3, 1, 1, 0, 0, 1, 1},
    {{64, 7, 7}, 64, 3, 3, 1, 1, 1, 1, 1, 1},
    {{24, 6, 10}, 12, 3, 3, 1, 1, 2, 2, 1, 1},
    {{16, 5, 5}, 16, 5, 5, 1, 1, 2, 2, 1, 1},
    {{16, 9, 9}, 16, 5, 5, 1, 1, 4, 3, 1, 1},
    {{12, 7, 9}, 14, 3, 3, 2, 2, 1, 1, 1, 1},
    {{6, 5, 5}, 7, 1, 1, 1, 1, 0, 0, 1, 1},
    {{6, 7, 6}, 5, 1, 1, 2, 2, 0, 0, 1, 1},
    {{4, 9, 8}, 3, 3, 5, 2, 1, 1, 2, 1, 1},
    {{5, 10, 11}, 6, 3, 3, 1, 1, 2, 2, 2, 1}, /* dilated */
    {{2, 12, 9}, 3, 3, 3, 2, 3, 3, 0, 3, 1},
    {{8, 6, 6}, 8, 3, 3, 1, 1, 1, 1, 1, 8}, /* a channel at a time */
    {{6, 7, 7}, 9, 3, 3, 1, 1, 1, 1, 1, 3},
    {{32, 6, 6}, 32, 3, 3, 1, 1, 1, 1, 1, 2},
    {{2, 3, 40}, 4, 1, 9, 1, 1, 0, 4, 1, 1},  /* a row */
    {{9, 6, 31}, 11, 3, 5, 1, 1, 1, 2, 1, 1}, /* a kernel that isn't square; 8 tiles of a row of results */
    {{7, 11, 15}, 6, 5, 3, 1, 1, 3, 2, 1, 1},
    {{5, 7, 22}, 9, 1, 5, 1, 1, 0, 3, 1, 1}, /* 6 tiles, 13, 5 */
    {{8, 3, 50}, 7, 3, 5, 1, 1, 2, 4, 1, 1},
    {{12, 9, 20}, 14, 3, 5, 1, 1, 1, 1, 1, 2}, /* in groups */
    {{20, 4, 3}, 18, 3, 3, 1, 1, 1, 1, 1, 1},  /* one tile, and it sticks out */
    {{2, 3, 3}, 2, 3, 3, 1, 1, 3, 3, 1, 1},    /* more padding than kernel */
    {{3, 4, 2}, 2, 4, 2, 3, 5, 1, 0, 1, 1},
};

struct data { /* one block of `lanes` images, and the right answers; each array of floats ends with a guard */
    struct layer layer;
    int lanes;
    size_t x_count, y_count, w_count;
    float *x, *dy, *w, *bias, *y, *dx, *dw;
    double *want_y, *want_dx, *want_dw;
};

static float *drawn(struct rng *rng, size_t count)
{
    float *a = mem_floats(count + GUARD);
    for (size_t i = 0; i < count; i++)
        a[i] = rng_normal(rng);
    return a;
}

static void build(const struct conv_case *c, struct layer *layer)
{
    struct diag diag = {0};
    *layer = (struct layer){.type = layer_type_find("conv"), .inputs = 1, .in_shape = {c->in}};
    layer->options = (struct layer_options){.units = c->out,
                                            .rows = {c->rows, c->stride_rows, c->pad_rows, c->dilation},
                                            .cols = {c->cols, c->stride_cols, c->pad_cols, c->dilation},
                                            .groups = c->groups,
                                            .bias = true};
    cr_assert(layer->type->build(layer, &diag) == ERR_NONE, "%s", diag.text);
}

/* Visits every product of the definition. */
static void define(struct data *d)
{
    const struct layer_options *o = &d->layer.options;
    struct shape in = d->layer.in_shape[0], out = d->layer.out;
    int cin = in.c / o->groups, cout = out.c / o->groups, lanes = d->lanes;
    for (size_t i = 0; i < d->y_count; i++)
        d->want_y[i] = (double)d->bias[i / (size_t)(out.h * out.w * lanes)];
    for (int oc = 0; oc < out.c; oc++)
        for (int i = 0; i < out.h * out.w; i++)
            for (int k = 0; k < cin * o->rows.size * o->cols.size; k++) {
                int b = k % o->cols.size, a = k / o->cols.size % o->rows.size,
                    c = k / o->cols.size / o->rows.size;
                int row = i / out.w * o->rows.stride - o->rows.pad + a * o->rows.dilation;
                int col = i % out.w * o->cols.stride - o->cols.pad + b * o->cols.dilation;
                if (row < 0 || row >= in.h || col < 0 || col >= in.w)
                    continue;
                int w = oc * cin * o->rows.size * o->cols.size + k;
                for (int lane = 0; lane < lanes; lane++) {
                    int x = (((oc / cout * cin + c) * in.h + row) * in.w + col) * lanes + lane;
                    int y = (oc * out.h * out.w + i) * lanes + lane;
                    d->want_y[y] += (double)d->x[x] * (double)d->w[w];
                    d->want_dx[x] += (double)d->dy[y] * (double)d->w[w];
                    d->want_dw[w] += (double)d->dy[y] * (double)d->x[x];
                }
            }
}

static void setup(struct data *d, const struct conv_case *c, int lanes, int live)
{
    struct rng rng;
    rng_init(&rng, 7);
    *d = (struct data){.lanes = lanes};
    build(c, &d->layer);
    d->x_count = shape_count(c->in) * (size_t)lanes;
    d->y_count = shape_count(d->layer.out) * (size_t)lanes;
    d->w_count = d->layer.param[0].count;
    d->x = drawn(&rng, d->x_count);
    d->dy = drawn(&rng, d->y_count);
    d->w = drawn(&rng, d->w_count);
    d->bias = drawn(&rng, (size_t)c->out);
    for (size_t i = 0; i < d->y_count; i++) /* images that aren't there have activations, but no gradients */
        d->dy[i] = (int)(i % (size_t)lanes) < live ? d->dy[i] : 0;
    d->y = mem_floats(d->y_count + GUARD);
    d->dx = mem_floats(d->x_count + GUARD);
    d->dw = mem_floats(d->w_count + GUARD);
    d->want_y = calloc(d->y_count, sizeof(double));
    d->want_dx = calloc(d->x_count, sizeof(double));
    d->want_dw = calloc(d->w_count, sizeof(double));
    define(d);
}

static void teardown(struct data *d)
{
    void *owned[] = {d->x, d->dy, d->w, d->bias, d->y, d->dx, d->dw, d->want_y, d->want_dx, d->want_dw};
    for (int i = 0; i < ARRAY_LEN(owned); i++)
        free(owned[i]);
}

static void compare(const char *who, int which, const char *what, size_t count, const float *have,
                    const double *want, double before)
{
    double most = 1e-30, worst = 0;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fabs(want[i]));
    for (size_t i = 0; i < count; i++) {
        double error = fabs((double)have[i] - before - want[i]) / most;
        worst = error > worst || isnan(error) ? error : worst;
    }
    cr_expect(worst < tolerance, "%s, case %d: %s is off by %g of its largest number", who, which, what,
              worst);
    for (size_t i = count; i < count + GUARD; i++)
        cr_expect(have[i] == 0, "%s, case %d: %s is written past its end", who, which, what);
}

/* A kernel at work, in a pass that goes backward or not: what it doesn't write stays NaN and is found. */
static void run_kernel(struct data *d, const struct conv_kernel *kernel, const char *who, int which,
                       struct team *team, bool back)
{
    const float *param[LAYER_PARAMS] = {d->w, d->bias};
    const struct layer *l = &d->layer;
    size_t scratch = kernel->scratch ? kernel->scratch(l, d->lanes) : 0;
    float *prepared = mem_floats(kernel->prepared ? kernel->prepared(l, d->lanes, back) : 0);
    struct layer_io io = {.layer = l,
                          .lanes = d->lanes,
                          .live = d->lanes,
                          .mode = MODE_TRAIN,
                          .goes_back = back,
                          .param = {d->w, d->bias},
                          .prepared = prepared,
                          .x = {d->x},
                          .y = d->y,
                          .dy = d->dy,
                          .dx = {d->dx},
                          .dparam = {d->dw},
                          .scratch = mem_new(1, scratch),
                          .team = team};
    memset(d->y, 0xff, d->y_count * sizeof(float));
    memset(d->dx, 0xff, d->x_count * sizeof(float));
    memset(io.scratch, 0xff, scratch);
    for (size_t i = 0; i < d->w_count; i++)
        d->dw[i] = 1;
    if (kernel->prepare)
        kernel->prepare(l, d->lanes, param, back, prepared);
    kernel->forward(&io);
    compare(who, which, "y", d->y_count, d->y, d->want_y, 0);
    if (back) {
        kernel->backward_w(&io);
        kernel->backward_x(&io);
        compare(who, which, "dx", d->x_count, d->dx, d->want_dx, 0);
        compare(who, which, "dw", d->w_count, d->dw, d->want_dw, 1);
    }
    free(io.scratch);
    free(prepared);
}

static void every_kernel(int lanes, int live, struct team *team)
{
    for (int c = 0; c < ARRAY_LEN(cases); c++) {
        struct data d;
        setup(&d, &cases[c], lanes, live);
        for (int isa = 0; isa < ISAS; isa++)
            for (int k = 0; isa_runs((enum isa)isa) && conv_kernels((enum isa)isa)[k]; k++) {
                const struct conv_kernel *kernel = conv_kernels((enum isa)isa)[k];
                char who[64];
                snprintf(who, sizeof who, "%s (%s, %d lanes)", kernel->name, isa_name((enum isa)isa), lanes);
                for (int back = 0; back < 2 && kernel->fits(&d.layer, lanes); back++)
                    run_kernel(&d, kernel, who, c, team, back);
            }
        teardown(&d);
    }
}

Test(conv, one_lane_agrees_with_the_definition)
{
    every_kernel(1, 1, NULL);
}

Test(conv, sixteen_lanes_agree_with_the_definition)
{
    every_kernel(SIXTEEN, SIXTEEN, NULL);
}

Test(conv, lanes_without_an_image_add_nothing)
{
    every_kernel(SIXTEEN, 5, NULL);
}

Test(conv, one_lane_agrees_when_a_team_shares_it_out)
{
    struct team *team = team_new(3);
    every_kernel(1, 1, team);
    team_free(team);
}

/* A kernel that no case of this file reaches is a kernel that nobody tests. */
Test(conv, every_kernel_fits_some_case)
{
    for (int isa = 0; isa < ISAS; isa++)
        for (int k = 0; conv_kernels((enum isa)isa)[k]; k++) {
            int fits = 0;
            for (int c = 0; c < ARRAY_LEN(cases); c++) {
                struct layer layer;
                build(&cases[c], &layer);
                fits += conv_kernels((enum isa)isa)[k]->fits(&layer, 1) ||
                        conv_kernels((enum isa)isa)[k]->fits(&layer, SIXTEEN);
            }
            cr_expect(fits >= 3, "%s fits %d cases", conv_kernels((enum isa)isa)[k]->name, fits);
        }
}
