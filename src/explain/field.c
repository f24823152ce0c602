/**
 * A field is carried backwards from layer to layer as two intervals, [first, last] of rows and of columns. Layers are in order,
 * each behind its inputs, so one walk from the unit's layer to the first meets every way to the input.
 */
#include "explain/field.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct span {
    int first, last; /* first > last: nothing reaches here */
};

struct field {
    struct span rows, cols;
};

static const struct span nothing = {0, -1};

static struct span around(struct span a, struct span b)
{
    if (a.first > a.last || b.first > b.last)
        return a.first > a.last ? b : a;
    return (struct span){a.first < b.first ? a.first : b.first, a.last > b.last ? a.last : b.last};
}

/* What the outputs of a span read along one axis of the input. */
static struct span read_by(struct span out, struct window w, int extent_out, int extent_in)
{
    if (w.size == 0 && extent_out == extent_in)
        return out; /* each place for itself */
    if (w.size == 0)
        return (struct span){0, extent_in - 1};
    struct span in = nothing;
    for (int o = out.first; o <= out.last; o++)
        for (int k = 0; k < w.size; k++) {
            int at = o * w.stride - w.pad + k * (w.dilation > 0 ? w.dilation : 1);
            if (at >= 0 && at < extent_in) /* the rest is padding */
                in = around(in, (struct span){at, at});
        }
    return in;
}

static void add_to(struct field *f, struct field more)
{
    f->rows = around(f->rows, more.rows);
    f->cols = around(f->cols, more.cols);
}

/* A number of a flattened vector is one place of the map before it, which may be the network's input. */
static struct unit before_flatten(const struct net *net, struct unit u)
{
    while (u.layer >= 0) {
        const struct layer *l = &net->layer[u.layer];
        struct shape in = l->in_shape[0];
        if (strcmp(l->type->name, "flatten") == 0)
            u = (struct unit){l->in[0], u.channel / (in.h * in.w), u.channel / in.w % in.h, u.channel % in.w};
        else if (l->type->elementwise)
            u.layer = l->in[0];
        else
            break;
    }
    return u;
}

struct box receptive_field(const struct net *net, struct unit unit)
{
    assert(unit.row < net->layer[unit.layer].out.h && unit.col < net->layer[unit.layer].out.w);
    unit = before_flatten(net, unit);
    if (unit.layer < 0)
        return (struct box){unit.row, unit.col, unit.row + 1, unit.col + 1};
    struct field input = {nothing, nothing}, *of = malloc((size_t)net->layers * sizeof *of);
    if (!of) /* the whole input holds it in any case */
        return (struct box){0, 0, net->in.h, net->in.w};
    for (int i = 0; i < net->layers; i++)
        of[i] = (struct field){nothing, nothing};
    of[unit.layer] = (struct field){{unit.row, unit.row}, {unit.col, unit.col}};
    for (int i = unit.layer; i >= 0; i--) {
        const struct layer *l = &net->layer[i];
        bool reached = of[i].rows.first <= of[i].rows.last && of[i].cols.first <= of[i].cols.last;
        for (int k = 0; k < l->inputs && reached; k++)
            add_to(l->in[k] < 0 ? &input : &of[l->in[k]],
                   (struct field){read_by(of[i].rows, l->options.rows, l->out.h, l->in_shape[k].h),
                                  read_by(of[i].cols, l->options.cols, l->out.w, l->in_shape[k].w)});
    }
    free(of);
    if (input.rows.first > input.rows.last || input.cols.first > input.cols.last)
        return (struct box){0, 0, 0, 0};
    return (struct box){input.rows.first, input.cols.first, input.rows.last + 1, input.cols.last + 1};
}
