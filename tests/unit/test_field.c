/** Fields against networks that really run: what changes when a pixel does, and whose gradient is no zero. */
#include <criterion/criterion.h>

#include "explain/field.h"
#include "nets.h"

/* Smooth, so that every number that is seen has a gradient. */
static const char *const smooth[] = {
    "input 2x11x9\nc1: conv 2 3x5 pad 1x2\np1: avgpool 2x3 stride 2x1\nc2: conv 2 3x1 dilation 2 pad 2x0\n"
    "s: add p1 c2\nleakyrelu\nconv 3 2x2 stride 2\nflatten\ntanh\ndense 2\n",
    "input 4x7x6\nnormalize 0.4 0.3\nconv 6 3x2 groups 2 stride 2x1 pad 1\nbatchnorm\ntanh\n"
    "conv 6 3x3 groups 6 dilation 2 pad 2\nglobalavgpool\ndense 3\nsoftmax\n",
    "input 2x9x9\nc: conv 4 3x3 pad 1 stride 2\na1: conv 4 3x3 pad 1 stride 2\nt: tanh\na2: conv 4 3x3 pad "
    "1\n"
    "b: conv 4 1x1 stride 2 from c\ns: add a2 b\nsigmoid\nflatten\ndropout 0.5\ndense 3\n",
    "input 1x8x10\nconv 2 2x3 stride 3x2 dilation 2x1 pad 1x3\nconv 1 1x1 pad 1\nflatten\ntanh\n",
};
static const char *const rough[] = {
    "input 2x10x8\nconv 3 3x3 pad 1\nrelu\nmaxpool 3 stride 2 pad 1\nconv 4 3x3\nrelu\nmaxpool "
    "2\nflatten\ndense 3\n",
};

static struct unit unit_at(int layer, struct shape s, int i)
{
    return (struct unit){layer, i / (s.h * s.w), i / s.w % s.h, i % s.w};
}

static struct shape shape_of(const struct net *net, int layer)
{
    return layer == NET_INPUT ? net->in : net->layer[layer].out;
}

static bool in(const struct field *f, struct shape s, int i)
{
    return field_holds(f, i / (s.h * s.w), i / s.w % s.h, i % s.w);
}

static int last(struct steps s)
{
    return s.first + (s.count - 1) * s.step;
}

/* No number outside the field is seen, and along each axis first and last are. */
static void check_field(const struct field *f, struct shape s, const bool *seen, const char *what)
{
    int low[3] = {s.c, s.h, s.w}, high[3] = {-1, -1, -1};
    for (int i = 0; i < (int)shape_count(s); i++) {
        int at[3] = {i / (s.h * s.w), i / s.w % s.h, i % s.w};
        if (!seen[i])
            continue;
        cr_assert(in(f, s, i), "%s: %d,%d,%d is outside", what, at[0], at[1], at[2]);
        for (int a = 0; a < 3; a++) {
            low[a] = at[a] < low[a] ? at[a] : low[a];
            high[a] = at[a] > high[a] ? at[a] : high[a];
        }
    }
    if (high[0] < 0) {
        cr_assert(field_empty(f), "%s: not empty", what);
        return;
    }
    struct steps axis[3] = {f->channels, f->rows, f->cols};
    for (int a = 0; a < 3; a++)
        cr_assert(axis[a].first == low[a] && last(axis[a]) == high[a],
                  "%s: axis %d from %d to %d, not %d to %d", what, a, axis[a].first, last(axis[a]), low[a],
                  high[a]);
}

static void check_exact(const struct field *f, struct shape s, const bool *seen, const char *what)
{
    size_t count = 0;
    for (int i = 0; i < (int)shape_count(s); i++) {
        cr_assert_eq(seen[i], in(f, s, i), "%s, number %d", what, i);
        count += seen[i];
    }
    cr_assert_eq(count, field_count(f));
}

/* matrix[u][v]: does number u of layer `from` depend on number v of layer `to`? By gradients. */
static bool *dependence(const struct net *net, const struct weights *w, struct pass *pass, int from, int to)
{
    size_t rows = shape_count(shape_of(net, from)), cols = shape_count(shape_of(net, to));
    bool *matrix = calloc(rows * cols, sizeof *matrix);
    float *dy = calloc(rows, sizeof *dy), *dx = calloc(shape_count(net->in), sizeof *dx),
          *g = calloc(cols, sizeof *g);
    for (size_t u = 0; u < rows; u++) {
        dy[u] = 1;
        net_backward(net, w, pass, from, dy, NULL, dx);
        dy[u] = 0;
        pass_read_gradient(pass, to, 0, g);
        for (size_t v = 0; v < cols; v++)
            matrix[u * cols + v] = g[v] != 0;
    }
    free(dy);
    free(dx);
    free(g);
    return matrix;
}

static bool reads_only(const struct net *net, int from, int to)
{
    return net->layer[from].inputs == 1 && net->layer[from].in[0] == to;
}

static void check_pair(const struct net *net, int from, int to, const bool *matrix)
{
    struct shape upper = shape_of(net, from), lower = shape_of(net, to);
    int rows = (int)shape_count(upper), cols = (int)shape_count(lower);
    bool *column = calloc((size_t)rows, sizeof *column);
    char what[200];
    for (int u = 0; u < rows; u++) {
        struct field f = field_back(net, from, field_of_unit(unit_at(from, upper, u)), to);
        snprintf(what, sizeof what, "%s, number %d, back to layer %d", net->layer[from].name, u, to);
        check_field(&f, lower, matrix + u * cols, what);
        if (reads_only(net, from, to))
            check_exact(&f, lower, matrix + u * cols, what);
    }
    for (int v = 0; v < cols; v++) {
        struct field f = field_forward(net, to, field_of_unit(unit_at(to, lower, v)), from);
        for (int u = 0; u < rows; u++)
            column[u] = matrix[u * cols + v];
        snprintf(what, sizeof what, "layer %d, number %d, forward to %s", to, v, net->layer[from].name);
        /* a vector of places has no gaps to show them by: there the sequence only may not lack any */
        for (int u = 0; u < rows; u++)
            cr_assert(!column[u] || in(&f, upper, u), "%s: lacks %d", what, u);
        if (upper.h > 1 || upper.w > 1)
            check_field(&f, upper, column, what);
        if (reads_only(net, from, to))
            check_exact(&f, upper, column, what);
    }
    free(column);
}

Test(field, back_and_forward_as_gradients_run)
{
    for (int m = 0; m < ARRAY_LEN(smooth); m++) {
        struct net *net = net_of(smooth[m]);
        struct weights w = weights_of(net, 5);
        struct pass *pass =
            pass_of(net, (struct pass_options){.capacity = 1, .lanes = 1, .keep = true, .backward = true});
        float *x = random_floats(shape_count(net->in), 0, 1, 3);
        net_forward(net, &w, pass, 1, x, MODE_INFER);
        for (int from = 0; from < net->layers; from++)
            for (int to = NET_INPUT; to < from; to++) {
                bool *matrix = dependence(net, &w, pass, from, to);
                check_pair(net, from, to, matrix);
                free(matrix);
            }
        free(x);
        pass_free(pass);
        weights_fini(&w);
        net_free(net);
    }
}

/* Changes each pixel and looks at every number of every layer. */
static void change_pixels(const char *model, bool always_seen)
{
    struct net *net = net_of(model);
    struct weights w = weights_of(net, 5);
    struct pass *pass = pass_of(net, (struct pass_options){.capacity = 1, .lanes = 1, .keep = true});
    float *x = random_floats(shape_count(net->in), 0, 1, 3), before[4096], after[4096];
    for (int i = 0; i < (int)shape_count(net->in); i++)
        for (int layer = 0; layer < net->layers; layer++) {
            struct shape s = net->layer[layer].out;
            struct unit pixel = unit_at(NET_INPUT, net->in, i);
            struct field reached = field_forward(net, NET_INPUT, field_of_unit(pixel), layer);
            net_forward(net, &w, pass, 1, x, MODE_INFER);
            pass_read(pass, layer, 0, before);
            x[i] += 2;
            net_forward(net, &w, pass, 1, x, MODE_INFER);
            pass_read(pass, layer, 0, after);
            x[i] -= 2;
            bool any = false;
            for (int u = 0; u < (int)shape_count(s); u++) {
                struct field sees = field_back(net, layer, field_of_unit(unit_at(layer, s, u)), NET_INPUT);
                bool changed = before[u] != after[u];
                any |= changed;
                cr_assert(!changed || in(&reached, s, u), "%s %d changed with pixel %d",
                          net->layer[layer].name, u, i);
                cr_assert(!changed || in(&sees, net->in, i), "%s %d sees pixel %d", net->layer[layer].name, u,
                          i);
            }
            cr_assert(!always_seen || any == !field_empty(&reached));
        }
    free(x);
    pass_free(pass);
    weights_fini(&w);
    net_free(net);
}

Test(field, only_what_is_inside_changes)
{
    for (int m = 0; m < ARRAY_LEN(smooth); m++)
        change_pixels(smooth[m], true);
    for (int m = 0; m < ARRAY_LEN(rough); m++)
        change_pixels(rough[m], false);
}

Test(field, of_many_units_is_the_union)
{
    struct net *net = net_of(smooth[0]);
    struct field map = {{1, 1, 1}, {1, 2, 1}, {0, 3, 2}}; /* of c2 */
    int layer = net_find(net, "c2"), to = net_find(net, "c1");
    struct field all = field_back(net, layer, map, to);
    for (int row = 0; row < net->layer[to].out.h; row++)
        for (int col = 0; col < net->layer[to].out.w; col++) {
            bool any = false;
            for (int r = 1; r <= 2; r++)
                for (int c = 0; c <= 4; c += 2) {
                    struct field one =
                        field_back(net, layer, field_of_unit((struct unit){layer, 1, r, c}), to);
                    any |= field_holds(&one, 0, row, col);
                }
            cr_assert(!any || field_holds(&all, 0, row, col), "%d,%d", row, col);
        }
    struct field whole = field_back(net, layer, field_whole(net->layer[layer].out), NET_INPUT);
    cr_assert_eq(field_count(&whole), shape_count(net->in));
    net_free(net);
}

Test(field, no_way_between_two_layers)
{
    struct net *net = net_of(smooth[2]);
    int a2 = net_find(net, "a2"), b = net_find(net, "b");
    struct field f = field_back(net, b, field_of_unit((struct unit){b, 0, 1, 1}), a2);
    cr_assert(field_empty(&f) && field_count(&f) == 0);
    f = field_forward(net, a2, field_of_unit((struct unit){a2, 0, 1, 1}), b);
    cr_assert(field_empty(&f));
    net_free(net);
}

/* ---- weights: with one of them 1 and all others 0, the layer copies the numbers that it multiplies to where they are used ---- */

static void check_tap(const struct net *net, struct weights *w, struct pass *pass, const float *x,
                      struct tap t)
{
    const struct layer *l = &net->layer[0];
    const int *dim = l->param[0].dim;
    size_t area = l->param[0].rank == 4 ? (size_t)(dim[2] * dim[3]) : 1,
           across = area > 1 ? (size_t)dim[3] : 1;
    float y[4096];
    memset(w->params, 0, w->params_count * sizeof(float));
    w->params[((size_t)t.out * (size_t)dim[1] + (size_t)t.in) * area + (size_t)t.row * across +
              (size_t)t.col] = 1;
    net_forward(net, w, pass, 1, x, MODE_INFER);
    pass_read(pass, 0, 0, y);
    struct field from = weight_inputs(l, t), to = weight_outputs(l, t);
    cr_assert_eq(field_count(&from), field_count(&to));
    cr_assert(from.rows.count == to.rows.count && from.cols.count == to.cols.count);
    size_t used = 0;
    for (int u = 0; u < (int)shape_count(l->out); u++) {
        struct unit at = unit_at(0, l->out, u);
        cr_assert_eq(y[u] != 0, field_holds(&to, at.channel, at.row, at.col), "output %d", u);
        if (y[u] == 0)
            continue;
        int row = from.rows.first + (at.row - to.rows.first) * from.rows.step,
            col = from.cols.first + (at.col - to.cols.first) * from.cols.step;
        struct shape in = l->in_shape[0];
        cr_assert(field_holds(&from, from.channels.first, row, col));
        cr_assert_eq(y[u], x[(from.channels.first * in.h + row) * in.w + col], "output %d", u);
        used++;
    }
    cr_assert_eq(used, field_count(&from));
}

Test(field, of_weights)
{
    static const char *const models[] = {
        "input 2x9x8\nconv 3 3x2\n",
        "input 1x28x28\nconv 1 5x5\n",
        "input 4x7x6\nconv 6 3x3 groups 2 stride 2x1 pad 1x2 nobias\n",
        "input 1x6x9\nconv 2 3x5 dilation 2x1 stride 1x3 pad 4\n",
        "input 7x1x1\ndense 3\n",
    };
    for (int m = 0; m < ARRAY_LEN(models); m++) {
        struct net *net = net_of(models[m]);
        struct weights w = weights_of(net, 5);
        struct pass *pass = pass_of(net, (struct pass_options){.capacity = 1, .lanes = 1, .keep = true});
        float *x = random_floats(shape_count(net->in), 0.1f, 1, 3);
        const struct layer_array *p = &net->layer[0].param[0];
        int rows = p->rank == 4 ? p->dim[2] : 1, cols = p->rank == 4 ? p->dim[3] : 1;
        for (int k = 0; k < (int)p->count; k++)
            check_tap(net, &w, pass, x,
                      (struct tap){k / (rows * cols * p->dim[1]), k / (rows * cols) % p->dim[1],
                                   k / cols % rows, k % cols});
        free(x);
        pass_free(pass);
        weights_fini(&w);
        net_free(net);
    }
}

/* The lecture's: one of 25 weights of a 5x5 filter on 28x28 multiplies 576 pixels. */
Test(field, of_a_weight_in_the_lecture)
{
    struct net *net = net_of("input 1x28x28\nconv 8 5x5\n");
    struct field f = weight_inputs(&net->layer[0], (struct tap){3, 0, 2, 1});
    cr_assert_eq(field_count(&f), 576);
    cr_assert(f.rows.first == 2 && last(f.rows) == 25 && f.cols.first == 1 && last(f.cols) == 24);
    net_free(net);
}
