/** What leads to the unit: the filter of its channel, or its row of a dense layer in the shape of the maps that it reads. Lecture L53, L54. */
#include <stdio.h>

#include "tui/panels/panels.h"

enum { NAME = 96 };

static struct tiles tiles_of(const struct view *v, const struct answer *a)
{
    const struct part *w = a ? answer_part(a, "incoming") : NULL;
    (void)v;
    if (!w)
        return (struct tiles){.mark = -1};
    return (struct tiles){.v = w->data,
                          .n = w->shape.c,
                          .h = w->shape.h,
                          .w = w->shape.w,
                          .map = MAP_SIGNED,
                          .range = view_range(w->data, shape_count(w->shape)),
                          .mark = -1};
}

/* Until they are there: those of the layer in view, which it is most likely. */
static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    struct tiles t = {.n = 1, .h = 1, .w = 1, .mark = -1};
    (void)s;
    if (!v->neuron)
        return 0;
    const struct layer_array *a = &v->net->layer[v->layer].param[0];
    if (view_is_conv(v->net, v->layer))
        t.n = a->dim[1], t.h = a->dim[2], t.w = a->dim[3];
    else {
        struct shape reads = dense_reads(v->net, v->layer);
        t.n = reads.c, t.h = reads.h, t.w = reads.w;
    }
    return pictures_sizes(v, &t, out);
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct answer *a = unit_answer(v);
    const struct part *w = a ? answer_part(a, "incoming") : NULL, *bias = a ? answer_part(a, "bias") : NULL;
    char name[NAME];
    if (!w)
        return;
    asked_text(v, name, sizeof name);
    int used = snprintf(text, (size_t)size, "weights into %s  %s  \xc2\xb1%.3g", name, shape_text(w->shape).s,
                        (double)view_range(w->data, shape_count(w->shape)));
    if (bias && used < size)
        snprintf(text + used, (size_t)(size - used), "  bias %.3g", (double)bias->data[0]);
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct answer *a = unit_answer(v);
    struct tiles t = tiles_of(v, a);
    if (!a) {
        draw_note(c, v->neuron ? "waiting for the network" : "lab neuron asks a unit");
        return;
    }
    if (t.n == 0) {
        draw_note(c, "No weights lead straight to this unit: look at a layer before it.");
        return;
    }
    t.cursor = panel_cursor(v, &panel_weights);
    pictures_draw(v, &t, c);
}

/* ---- pointing: at a weight ---- */

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    struct tiles t = tiles_of(v, unit_answer(v));
    return t.n > 0 && pictures_move(v, &t, rows, cols, at, down, right);
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    struct tiles t = tiles_of(v, unit_answer(v));
    return t.n > 0 && pictures_hit(v, &t, rows, cols, row, col, at);
}

/* An input of a dense layer is known by its number in the flattened vector. Of a unit behind several layers it is nobody's weight that could be lit. */
static bool spot(const struct view *v, struct place at, struct spot *out)
{
    struct tiles t = tiles_of(v, unit_answer(v));
    if (t.n == 0 || at.tile >= t.n || at.row >= t.h || at.col >= t.w)
        return false;
    int channel = v->neuron->unit.channel;
    *out = (struct spot){
        .kind = SPOT_WEIGHT, .layer = v->layer, .c = channel, .in = at.tile, .row = at.row, .col = at.col};
    if (view_is_dense(v->net, v->layer))
        *out = (struct spot){.kind = SPOT_WEIGHT,
                             .layer = v->layer,
                             .c = channel,
                             .in = (at.tile * t.h + at.row) * t.w + at.col};
    return true;
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    struct tiles t = tiles_of(v, unit_answer(v));
    if (t.n == 0 || at.tile >= t.n || at.row >= t.h || at.col >= t.w)
        return;
    snprintf(text, (size_t)size, "%s[%d]: weight of channel %d (%d,%d) = %.4g  what it multiplies is lit",
             v->net->layer[v->layer].name, v->neuron->unit.channel, at.tile, at.row, at.col,
             (double)t.v[(at.tile * t.h + at.row) * t.w + at.col]);
}

const struct panel_type panel_weights = {
    .name = "weights",
    .title = "weights",
    .help = "the weights that lead to the unit: its filter, or its row of a dense layer as the maps that it "
            "reads; blue is negative, orange positive",
    .lecture = "L53, L54",
    .sizes = sizes,
    .ask = unit_ask,
    .title_text = title_text,
    .draw = draw,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
};
