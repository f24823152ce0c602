/**
 * A table of layer types: the form of each, the window of its terms, and where they lie. Everything else is written once over the table.
 */
#include "explain/inspect.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "nn/layers/pool.h"

struct rule {
    const char *type;
    enum form form;
    struct shape (*window)(const struct layer *l, struct unit u);
    /** Fills in all but from.layer, which is the layer's first input. */
    struct source (*source)(const struct layer *l, struct unit u, int k);
    /** The term that comes from there; NULL: term 0. */
    int (*find)(const struct layer *l, struct unit u, struct unit from);
};

/* ---- one number from one ---- */

static struct shape one_term(const struct layer *l, struct unit u)
{
    (void)l, (void)u;
    return (struct shape){1, 1, 1};
}

static struct source same_place(const struct layer *l, struct unit u, int k)
{
    (void)l, (void)k;
    return (struct source){.from = u, .param = -1};
}

static struct source before_flatten(const struct layer *l, struct unit u, int k)
{
    struct shape in = l->in_shape[0];
    (void)k;
    return (struct source){.from = {0, u.channel / (in.h * in.w), u.channel / in.w % in.h, u.channel % in.w},
                           .param = -1};
}

/* ---- from all channels ---- */

static struct shape all_channels(const struct layer *l, struct unit u)
{
    (void)u;
    return (struct shape){l->in_shape[0].c, 1, 1};
}

static struct source channel_here(const struct layer *l, struct unit u, int k)
{
    (void)l;
    return (struct source){.from = {0, k, u.row, u.col}, .param = -1};
}

static struct source dense_source(const struct layer *l, struct unit u, int k)
{
    long row = (long)u.channel * l->in_shape[0].c;
    return (struct source){.from = {0, k, 0, 0}, .param = (long)l->param[0].offset + row + k};
}

static int channel_of(const struct layer *l, struct unit u, struct unit from)
{
    (void)l, (void)u;
    return from.channel;
}

static struct shape both_inputs(const struct layer *l, struct unit u)
{
    (void)u;
    return (struct shape){l->inputs, 1, 1};
}

/* ---- from a window ---- */

static struct shape conv_window(const struct layer *l, struct unit u)
{
    (void)u;
    return (struct shape){l->in_shape[0].c / l->options.groups, l->options.rows.size, l->options.cols.size};
}

static struct shape pool_window(const struct layer *l, struct unit u)
{
    (void)u;
    return (struct shape){1, l->options.rows.size, l->options.cols.size};
}

/* Only what lies inside: padding never wins. */
static struct shape max_window(const struct layer *l, struct unit u)
{
    int r0, r1, c0, c1;
    pool_span(l->options.rows, u.row, l->in_shape[0].h, &r0, &r1);
    pool_span(l->options.cols, u.col, l->in_shape[0].w, &c0, &c1);
    return (struct shape){1, r1 - r0, c1 - c0};
}

static struct shape whole_map(const struct layer *l, struct unit u)
{
    (void)u;
    return (struct shape){1, l->in_shape[0].h, l->in_shape[0].w};
}

static int group_first(const struct layer *l, struct unit u)
{
    int groups = l->options.groups;
    return u.channel / (l->out.c / groups) * (l->in_shape[0].c / groups);
}

static int place_in(struct window w, int at, int k)
{
    return at * w.stride - w.pad + k * (w.dilation > 0 ? w.dilation : 1);
}

static struct source place_of(const struct layer *l, int channel, int row, int col)
{
    struct source s = {.from = {0, channel, row, col}, .param = -1};
    struct shape in = l->in_shape[0];
    s.padding = row < 0 || col < 0 || row >= in.h || col >= in.w;
    return s;
}

static struct source conv_source(const struct layer *l, struct unit u, int k)
{
    struct shape w = conv_window(l, u);
    struct source s =
        place_of(l, group_first(l, u) + k / (w.h * w.w), place_in(l->options.rows, u.row, k / w.w % w.h),
                 place_in(l->options.cols, u.col, k % w.w));
    s.param = (long)l->param[0].offset + (long)u.channel * (long)shape_count(w) + k;
    return s;
}

static struct source pool_source(const struct layer *l, struct unit u, int k)
{
    int cols = l->options.cols.size;
    return place_of(l, u.channel, place_in(l->options.rows, u.row, k / cols),
                    place_in(l->options.cols, u.col, k % cols));
}

static struct source max_source(const struct layer *l, struct unit u, int k)
{
    struct shape w = max_window(l, u);
    int row = place_in(l->options.rows, u.row, 0), col = place_in(l->options.cols, u.col, 0);
    return place_of(l, u.channel, (row < 0 ? 0 : row) + k / w.w, (col < 0 ? 0 : col) + k % w.w);
}

static struct source map_source(const struct layer *l, struct unit u, int k)
{
    return place_of(l, u.channel, k / l->in_shape[0].w, k % l->in_shape[0].w);
}

static int map_find(const struct layer *l, struct unit u, struct unit from)
{
    return from.channel == u.channel ? from.row * l->in_shape[0].w + from.col : -1;
}

/* Which place of the window of output `at` lies on `place`; -1: none. */
static int tap(struct window w, int at, int place, int size)
{
    int dilation = w.dilation > 0 ? w.dilation : 1, offset = place - place_in(w, at, 0);
    return offset < 0 || offset % dilation || offset / dilation >= size ? -1 : offset / dilation;
}

static int window_find(const struct layer *l, struct unit u, int channel, struct unit from)
{
    struct shape w = {1, l->options.rows.size, l->options.cols.size};
    int row = tap(l->options.rows, u.row, from.row, w.h), col = tap(l->options.cols, u.col, from.col, w.w);
    return channel < 0 || row < 0 || col < 0 ? -1 : (channel * w.h + row) * w.w + col;
}

static int conv_find(const struct layer *l, struct unit u, struct unit from)
{
    int channel = from.channel - group_first(l, u);
    return channel < conv_window(l, u).c ? window_find(l, u, channel, from) : -1;
}

static int pool_find(const struct layer *l, struct unit u, struct unit from)
{
    return from.channel == u.channel ? window_find(l, u, 0, from) : -1;
}

/* As pool_find(), in a window that was cut at the edges. */
static int max_find(const struct layer *l, struct unit u, struct unit from)
{
    struct unit first = max_source(l, u, 0).from;
    return pool_find(l, u, from) < 0 ? -1
                                     : (from.row - first.row) * max_window(l, u).w + from.col - first.col;
}

static const struct rule rules[] = {
    {"conv", FORM_SUM, conv_window, conv_source, conv_find},
    {"dense", FORM_SUM, all_channels, dense_source, channel_of},
    {"relu", FORM_RELU, one_term, same_place, NULL},
    {"leakyrelu", FORM_LEAKY, one_term, same_place, NULL},
    {"elu", FORM_ELU, one_term, same_place, NULL},
    {"sigmoid", FORM_SIGMOID, one_term, same_place, NULL},
    {"tanh", FORM_TANH, one_term, same_place, NULL},
    {"softmax", FORM_SHARE, all_channels, channel_here, channel_of},
    {"maxpool", FORM_MAX, max_window, max_source, max_find},
    {"avgpool", FORM_MEAN, pool_window, pool_source, pool_find},
    {"globalavgpool", FORM_MEAN, whole_map, map_source, map_find},
    {"batchnorm", FORM_SCALED, one_term, same_place, NULL},
    {"dropout", FORM_SAME, one_term, same_place, NULL},
    {"flatten", FORM_SAME, one_term, before_flatten, NULL},
    {"add", FORM_SUM, both_inputs, same_place, NULL},
    {"normalize", FORM_STANDARD, one_term, same_place, NULL},
};

static const struct rule *rule_of(const struct layer *l)
{
    for (int i = 0; i < ARRAY_LEN(rules); i++)
        if (strcmp(rules[i].type, l->type->name) == 0)
            return &rules[i];
    assert(!"a layer type without a rule");
    return NULL;
}

enum form inspect_form(const struct layer *layer)
{
    return rule_of(layer)->form;
}

struct shape inspect_window(const struct net *net, struct unit u)
{
    const struct layer *l = &net->layer[u.layer];
    return rule_of(l)->window(l, u);
}

struct source inspect_source(const struct net *net, struct unit u, int k)
{
    const struct layer *l = &net->layer[u.layer];
    struct source s = rule_of(l)->source(l, u, k);
    s.from.layer = l->in[l->inputs > 1 ? k : 0];
    return s;
}

int inspect_term_from(const struct net *net, struct unit u, int slot, struct unit from)
{
    const struct layer *l = &net->layer[u.layer];
    const struct rule *rule = rule_of(l);
    if (rule->find)
        return rule->find(l, u, from);
    struct unit there = inspect_source(net, u, slot).from;
    return there.channel == from.channel && there.row == from.row && there.col == from.col ? slot : -1;
}

struct unit inspect_origin(const struct net *net, struct unit u)
{
    while (u.layer >= 0 && inspect_form(&net->layer[u.layer]) == FORM_SAME)
        u = inspect_source(net, u, 0).from;
    return u;
}
