/** The kernels of the convolution in view: what the network has learned to look for. Lecture L45, L53. */
#include <stdio.h>

#include "tui/panels/panels.h"

/* Kernels that read one or three channels are a picture each (colours apart); of others every slice would be one: the first slices are shown. */
static struct tiles tiles_of(const struct view *v)
{
    const struct layer *l = &v->net->layer[v->layer];
    int slices = l->in_shape[0].c / (l->options.groups > 0 ? l->options.groups : 1);
    return (struct tiles){.n = l->options.units * slices,
                          .h = l->options.rows.size,
                          .w = l->options.cols.size,
                          .map = MAP_SIGNED,
                          .mark = -1};
}

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    if (!view_is_conv(v->net, v->layer)) {
        out[0] = (struct panel_size){3, 24, 1};
        return 1;
    }
    struct tiles t = tiles_of(v);
    return pictures_sizes(v, &t, out);
}

static int ask(const struct view *v, struct question *out, int room)
{
    if (room < 1 || !view_is_conv(v->net, v->layer))
        return 0;
    out[0] = view_question(v, "filters", v->layer);
    return 1;
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct layer *l = &v->net->layer[v->layer];
    const struct part *w = view_part(v, "filters", v->layer, "weight");
    if (w)
        snprintf(text, (size_t)size, "filters %s  %d of %s  \u00b1%.2f", l->name, w->n,
                 shape_text(w->shape).s, (double)view_range(w->data, (size_t)w->n * shape_count(w->shape)));
    else
        snprintf(text, (size_t)size, "filters %s", l->name);
}

/* While a number is pointed at: the filter that made it, and the weight of the term that is looked at. The same for drawing and for pointing, since what is seen is scrolled to it. */
static void point_out(const struct view *v, struct tiles *t, struct light *light, struct place *mark)
{
    int filter = view_filter(v, v->layer), slices = t->n / v->net->layer[v->layer].options.units;
    *light = (struct light){.from = filter * slices, .to = (filter + 1) * slices, .rows = t->h, .cols = t->w};
    t->light = filter >= 0 ? light : NULL;
    t->cursor = panel_cursor(v, &panel_filters);
    if (!t->cursor && view_mark_weight(v, v->layer, mark))
        t->cursor = mark;
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct part *w = view_part(v, "filters", v->layer, "weight");
    if (!view_is_conv(v->net, v->layer)) {
        draw_note(c, "a dense layer: every output reads every input, so it has no filters");
        return;
    }
    if (!w)
        return;
    struct tiles t = tiles_of(v);
    t.v = w->data;
    t.range = view_range(w->data, (size_t)w->n * shape_count(w->shape));
    struct light light;
    struct place mark;
    point_out(v, &t, &light, &mark);
    pictures_draw(v, &t, c);
}

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    if (!view_is_conv(v->net, v->layer))
        return false;
    struct tiles t = tiles_of(v);
    return pictures_move(v, &t, rows, cols, at, down, right);
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    if (!view_is_conv(v->net, v->layer))
        return false;
    struct tiles t = tiles_of(v);
    struct light light;
    struct place mark;
    point_out(v, &t, &light, &mark);
    return pictures_hit(v, &t, rows, cols, row, col, at);
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    if (!view_is_conv(v->net, v->layer))
        return false;
    struct tiles t = tiles_of(v);
    int slices = t.n / v->net->layer[v->layer].options.units;
    *out = (struct spot){.kind = SPOT_WEIGHT,
                         .layer = v->layer,
                         .c = at.tile / slices,
                         .in = at.tile % slices,
                         .row = at.row,
                         .col = at.col};
    return at.tile < t.n && at.row < t.h && at.col < t.w;
}

const struct panel_type panel_filters = {
    .name = "filters",
    .title = "filters",
    .help = "the kernels of the convolution in view; blue is negative, orange positive",
    .lecture = "L45, L53",
    .sizes = sizes,
    .ask = ask,
    .title_text = title_text,
    .draw = draw,
    .move = move,
    .hit = hit,
    .spot = spot,
};
