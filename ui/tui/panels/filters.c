/** The weights of the layer in view: kernels of a convolution, and what each unit of a dense layer reads. Lecture L45, L53. */
#include <stdio.h>

#include "tui/panels/panels.h"

enum { WEIGHT, GRADIENT, KINDS };

/* What is shown of the layer, without its numbers. */
struct filters {
    int first;   /* WEIGHT, or GRADIENT where that stands alone in its place */
    bool matrix; /* of a dense layer that reads no maps: a picture of all, a row for each output */
    int slices;  /* pictures of one filter */
    struct tiles tiles;
    struct tile_kind look[KINDS];
    struct light light;
    struct place mark;
};

/* In slow motion, while gradients go back through the network, they take the weights' place. */
static bool is_backward(const struct view *v)
{
    return v->report && v->report->slow.phase == PHASE_BACKWARD && !v->gradients;
}

/* A picture for each channel that a filter reads; a colour is a channel too. */
static struct filters filters_of(const struct view *v)
{
    const struct layer *l = &v->net->layer[v->layer];
    bool dense = view_is_dense(v->net, v->layer);
    if (!view_learns(v->net, v->layer)) /* a network of other layers alone */
        return (struct filters){.slices = 1, .tiles = {.h = 1, .w = 1, .mark = -1, .kinds = 1}};
    struct shape reads = dense ? dense_reads(v->net, v->layer)
                               : (struct shape){l->param[0].dim[1], l->param[0].dim[2], l->param[0].dim[3]};
    struct filters f = {.first = is_backward(v) ? GRADIENT : WEIGHT,
                        .matrix = dense && reads.h == 1 && reads.w == 1,
                        .slices = reads.c};
    f.tiles = (struct tiles){.h = reads.h, .w = reads.w, .mark = -1, .kinds = v->gradients ? KINDS : 1};
    if (f.matrix) {
        f.tiles.h = l->options.units;
        f.tiles.w = reads.c;
        f.slices = 1;
    }
    f.tiles.n = (f.matrix ? 1 : l->options.units * f.slices) * f.tiles.kinds;
    return f;
}

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    struct filters f = filters_of(v);
    return pictures_sizes(v, &f.tiles, out);
}

static int ask(const struct view *v, struct question *out, int room)
{
    int count = 0;
    if (count < room && view_learns(v->net, v->layer))
        out[count++] = view_question(v, "filters", v->layer);
    if (v->scale == SCALE_NETWORK && count < room)
        out[count++] = view_question(v, "network", 0);
    return count;
}

/* The numbers. @return false: they aren't there yet */
static bool fill(const struct view *v, struct filters *f)
{
    static const char *const parts[KINDS] = {"weight", "gradient"};
    static const char *const all[KINDS] = {"weight", "weight gradient"};
    for (int k = 0; k < f->tiles.kinds; k++) {
        const struct part *p = view_part(v, "filters", v->layer, parts[f->first + k]);
        if (!p)
            return false;
        size_t count = (size_t)p->n * shape_count(p->shape);
        f->look[k] =
            (struct tile_kind){p->data, MAP_SIGNED, view_scale(v, all[f->first + k], p->data, count)};
    }
    f->tiles.kind = f->look;
    return true;
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct layer *l = &v->net->layer[v->layer];
    const struct part *w = view_part(v, "filters", v->layer, "weight");
    struct filters f = filters_of(v);
    char weight[32], gradient[32] = "";
    int used = snprintf(text, (size_t)size, "%s %s%s",
                        view_is_dense(v->net, v->layer) ? "weights" : "filters", l->name,
                        v->gradients     ? "|gradient"
                        : is_backward(v) ? " gradients"
                                         : "");
    if (!w || !fill(v, &f) || used >= size)
        return;
    view_range_text(&f.look[0], weight, sizeof weight);
    if (v->gradients)
        view_range_text(&f.look[GRADIENT], gradient, sizeof gradient);
    snprintf(text + used, (size_t)(size - used), "  %d of %s  %s%s%s%s", w->n, shape_text(w->shape).s,
             v->scale == SCALE_UNIT ? "each its own scale" : weight,
             v->gradients && v->scale != SCALE_UNIT ? "|" : "", v->scale == SCALE_UNIT ? "" : gradient,
             v->scale == SCALE_NETWORK ? "  of all layers" : "");
}

/* While a number is pointed at: the filter that made it, and the weight of the term that is looked at. The same for drawing and for pointing, since what is seen is scrolled to it. */
static void point_out(const struct view *v, struct filters *f)
{
    struct tiles *t = &f->tiles;
    int filter = view_filter(v, v->layer), each = f->slices * t->kinds;
    f->light = (struct light){.from = filter * each, .to = (filter + 1) * each, .rows = t->h, .cols = t->w};
    if (f->matrix)
        f->light = (struct light){.to = t->kinds, .row = filter, .rows = 1, .cols = t->w};
    t->light = filter >= 0 ? &f->light : NULL;
    t->cursor = panel_cursor(v, &panel_filters);
    if (t->cursor || !view_mark_weight(v, v->layer, &f->mark))
        return;
    f->mark.tile *= t->kinds;
    t->cursor = &f->mark;
}

static void draw(const struct view *v, struct canvas *c)
{
    struct filters f = filters_of(v);
    if (!fill(v, &f))
        return;
    point_out(v, &f);
    pictures_draw(v, &f.tiles, c);
}

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    struct filters f = filters_of(v);
    return pictures_move(v, &f.tiles, rows, cols, at, down, right);
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    struct filters f = filters_of(v);
    point_out(v, &f);
    return pictures_hit(v, &f.tiles, rows, cols, row, col, at);
}

/* An input of a dense layer is known by its number in the flattened vector. */
static bool spot(const struct view *v, struct place at, struct spot *out)
{
    struct filters f = filters_of(v);
    const struct tiles *t = &f.tiles;
    int thing = at.tile / t->kinds, slice = thing % f.slices;
    *out = (struct spot){.kind = SPOT_WEIGHT,
                         .layer = v->layer,
                         .c = thing / f.slices,
                         .in = slice,
                         .row = at.row,
                         .col = at.col};
    if (f.matrix)
        *out = (struct spot){.kind = SPOT_WEIGHT, .layer = v->layer, .c = at.row, .in = at.col};
    else if (view_is_dense(v->net, v->layer))
        *out = (struct spot){.kind = SPOT_WEIGHT,
                             .layer = v->layer,
                             .c = thing / f.slices,
                             .in = (slice * t->h + at.row) * t->w + at.col};
    return at.tile < t->n && at.row < t->h && at.col < t->w;
}

/* A gradient is one number of the batch, not of the sample. */
static void explain(const struct view *v, struct place at, char *text, int size)
{
    struct filters f = filters_of(v);
    struct spot s;
    view_explain(v, text, size);
    if (f.first + at.tile % f.tiles.kinds != GRADIENT || !spot(v, at, &s) || !fill(v, &f))
        return;
    const struct part *g = view_part(v, "filters", v->layer, "gradient");
    size_t inputs = shape_count(g->shape), i = (size_t)s.c * inputs + (size_t)s.in;
    if (!view_is_dense(v->net, v->layer))
        i = ((size_t)(s.c * g->shape.c + s.in) * (size_t)g->shape.h + (size_t)s.row) * (size_t)g->shape.w +
            (size_t)s.col;
    snprintf(text, (size_t)size, "gradient %s[%d][%d](%d,%d) = %.4g of the last batch's mean loss",
             v->net->layer[v->layer].name, s.c, s.in, s.row, s.col, (double)g->data[i]);
}

const struct panel_type panel_filters = {
    .name = "filters",
    .title = "filters",
    .help = "the weights of the layer in view, a picture a kernel; blue is negative, orange positive",
    .lecture = "L45, L53",
    .phases = 1 << PHASE_FORWARD | 1 << PHASE_BACKWARD | 1 << PHASE_UPDATE,
    .sizes = sizes,
    .ask = ask,
    .title_text = title_text,
    .draw = draw,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
};
