/**
 * A field is carried from layer to layer as three sequences. Layers are in order, each behind its inputs, so one walk over the layers between two of them meets every way
 * that leads from one to the other.
 *
 * Along an axis the question is always which pairs (output, place of the window) touch: both directions walk through them, which is the definition, and short.
 */
#include "explain/field.h"

#include <assert.h>
#include <string.h>

static const struct field nothing = {{0, 0, 1}, {0, 0, 1}, {0, 0, 1}};

/* ---- sequences ---- */

static int last_of(struct steps s)
{
    return s.first + (s.count - 1) * s.step;
}

static bool holds(struct steps s, int at)
{
    return s.count > 0 && at >= s.first && at <= last_of(s) && (at - s.first) % s.step == 0;
}

static int divisor(int a, int b)
{
    while (b) {
        int rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static struct steps all_of(int extent)
{
    return (struct steps){0, extent, 1};
}

/* The coarsest sequence that holds both. */
static struct steps join(struct steps a, struct steps b)
{
    if (a.count == 0 || b.count == 0)
        return a.count == 0 ? b : a;
    int first = a.first < b.first ? a.first : b.first;
    int last = last_of(a) > last_of(b) ? last_of(a) : last_of(b);
    int apart = a.first > b.first ? a.first - b.first : b.first - a.first;
    int step = divisor(divisor(a.count > 1 ? a.step : 0, b.count > 1 ? b.step : 0), apart);
    return step == 0 ? a : (struct steps){first, (last - first) / step + 1, step};
}

static void add_place(struct steps *s, int at)
{
    if (!holds(*s, at))
        *s = join(*s, (struct steps){at, 1, 1});
}

/* ---- fields ---- */

struct field field_of_unit(struct unit u)
{
    return (struct field){{u.channel, 1, 1}, {u.row, 1, 1}, {u.col, 1, 1}};
}

struct field field_whole(struct shape s)
{
    return (struct field){all_of(s.c), all_of(s.h), all_of(s.w)};
}

bool field_empty(const struct field *f)
{
    return f->channels.count == 0 || f->rows.count == 0 || f->cols.count == 0;
}

bool field_holds(const struct field *f, int channel, int row, int col)
{
    return holds(f->channels, channel) && holds(f->rows, row) && holds(f->cols, col);
}

size_t field_count(const struct field *f)
{
    return (size_t)f->channels.count * (size_t)f->rows.count * (size_t)f->cols.count;
}

static void join_fields(struct field *f, struct field more)
{
    if (field_empty(&more))
        return;
    f->channels = join(f->channels, more.channels);
    f->rows = join(f->rows, more.rows);
    f->cols = join(f->cols, more.cols);
}

/* ---- one layer ---- */

static bool is(const struct layer *l, const char *type)
{
    return strcmp(l->type->name, type) == 0;
}

/* What outputs and inputs share along one axis: the places of a window. */
static struct steps through_window(struct steps s, struct window w, int in, int out, bool back)
{
    struct steps found = nothing.rows;
    int dilation = w.dilation > 0 ? w.dilation : 1;
    for (int o = 0; o < out; o++)
        for (int k = 0; k < w.size && (!back || holds(s, o)); k++) {
            int at = o * w.stride - w.pad + k * dilation;
            if (at >= 0 && at < in && (back || holds(s, at))) /* the rest is padding */
                add_place(&found, back ? at : o);
        }
    return found;
}

/* A layer without a window reads each place for itself or, where it has another extent, all of them. */
static struct steps along(struct steps s, struct window w, int in, int out, bool back)
{
    if (w.size > 0)
        return through_window(s, w, in, out, back);
    return in == out ? s : all_of(back ? in : out);
}

/* Channels meet within their group; in a dense layer and a softmax all of them. */
static struct steps across(const struct layer *l, struct steps s, bool back)
{
    int in = l->in_shape[0].c, out = l->out.c, groups = is(l, "conv") ? l->options.groups : 0;
    if (is(l, "dense") || is(l, "softmax"))
        groups = 1;
    if (groups == 0)
        return s;
    int mine = (back ? out : in) / groups, other = (back ? in : out) / groups;
    struct steps found = nothing.channels;
    for (int g = s.first / mine; g <= last_of(s) / mine; g++) {
        bool any = s.step == 1 || s.step <= mine;
        for (int c = g * mine; c < (g + 1) * mine && !any; c++)
            any = holds(s, c);
        if (any)
            found = join(found, (struct steps){g * other, other, 1});
    }
    return found;
}

/* The numbers of a vector as places of the map that was flattened. */
static struct field unflatten(struct shape in, struct steps s)
{
    struct field f = nothing;
    int plane = in.h * in.w;
    if (s.first == 0 && s.count == in.c * plane)
        return field_whole(in);
    for (int k = 0, at = s.first; k < s.count; k++, at += s.step) {
        add_place(&f.channels, at / plane);
        add_place(&f.rows, at / in.w % in.h);
        add_place(&f.cols, at % in.w);
    }
    return f;
}

static struct field flatten(struct shape in, const struct field *f)
{
    int plane = in.h * in.w;
    struct steps s = {f->channels.first * plane + f->rows.first * in.w + f->cols.first, 1, 1};
    int last = last_of(f->channels) * plane + last_of(f->rows) * in.w + last_of(f->cols);
    int step = divisor(f->channels.count > 1 ? f->channels.step * plane : 0,
                       f->rows.count > 1 ? f->rows.step * in.w : 0);
    step = divisor(step, f->cols.count > 1 ? f->cols.step : 0);
    if (step > 0)
        s = (struct steps){s.first, (last - s.first) / step + 1, step};
    return (struct field){s, all_of(1), all_of(1)};
}

struct field field_through(const struct layer *l, int k, const struct field *f, bool back)
{
    struct shape in = l->in_shape[k];
    if (field_empty(f))
        return nothing;
    if (is(l, "flatten"))
        return back ? unflatten(in, f->channels) : flatten(in, f);
    struct field found = {across(l, f->channels, back), along(f->rows, l->options.rows, in.h, l->out.h, back),
                          along(f->cols, l->options.cols, in.w, l->out.w, back)};
    return field_empty(&found) ? nothing : found;
}

/* ---- between layers ---- */

struct field field_back(const struct net *net, int from, struct field f, int to)
{
    struct field of[NET_LAYERS + 1]; /* of[1 + i]: of layer i; the first is the input */
    assert(to >= NET_INPUT && to <= from && from < net->layers);
    for (int i = to; i < from; i++)
        of[1 + i] = nothing;
    of[1 + from] = f;
    for (int i = from; i > to; i--)
        for (int k = 0; k < net->layer[i].inputs; k++)
            if (net->layer[i].in[k] >= to)
                join_fields(&of[1 + net->layer[i].in[k]], field_through(&net->layer[i], k, &of[1 + i], true));
    return of[1 + to];
}

struct field field_forward(const struct net *net, int from, struct field f, int to)
{
    struct field of[NET_LAYERS + 1];
    assert(from >= NET_INPUT && to >= from && to < net->layers);
    of[1 + from] = f;
    for (int i = from + 1; i <= to; i++) {
        of[1 + i] = nothing;
        for (int k = 0; k < net->layer[i].inputs; k++)
            if (net->layer[i].in[k] >= from)
                join_fields(&of[1 + i],
                            field_through(&net->layer[i], k, &of[1 + net->layer[i].in[k]], false));
    }
    return of[1 + to];
}

struct box receptive_field(const struct net *net, struct unit unit)
{
    assert(unit.row < net->layer[unit.layer].out.h && unit.col < net->layer[unit.layer].out.w);
    struct field f = field_back(net, unit.layer, field_of_unit(unit), NET_INPUT);
    if (field_empty(&f))
        return (struct box){0, 0, 0, 0};
    return (struct box){f.rows.first, f.cols.first, last_of(f.rows) + 1, last_of(f.cols) + 1};
}

/* ---- weights ---- */

/* Inputs or outputs along one axis for which place k of the window lies inside. */
static struct steps shared(struct window w, int k, int in, int out, bool inputs)
{
    int from, to;
    window_span(w, k, in, out, &from, &to);
    struct steps s = inputs ? (struct steps){from * w.stride + k * w.dilation - w.pad, to - from, w.stride}
                            : (struct steps){from, to - from, 1};
    s.step = s.count > 1 ? s.step : 1;
    return s.count > 0 ? s : nothing.rows;
}

static struct field shared_field(const struct layer *l, int channel, struct tap w, bool inputs)
{
    struct field f = {{channel, 1, 1}, all_of(1), all_of(1)};
    if (is(l, "conv")) {
        f.rows = shared(l->options.rows, w.row, l->in_shape[0].h, l->out.h, inputs);
        f.cols = shared(l->options.cols, w.col, l->in_shape[0].w, l->out.w, inputs);
    }
    return field_empty(&f) ? nothing : f;
}

struct field weight_inputs(const struct layer *l, struct tap w)
{
    assert(is(l, "conv") || is(l, "dense"));
    int group = is(l, "conv") ? w.out / (l->out.c / l->options.groups) : 0;
    int in_group = is(l, "conv") ? l->in_shape[0].c / l->options.groups : 0;
    return shared_field(l, group * in_group + w.in, w, true);
}

struct field weight_outputs(const struct layer *l, struct tap w)
{
    assert(is(l, "conv") || is(l, "dense"));
    return shared_field(l, w.out, w, false);
}
