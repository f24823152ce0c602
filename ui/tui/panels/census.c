/**
 * The census of edges: each filter of the network's first layer beside the oriented edge that it resembles most, and how many resemble one. It goes on while the network
 * learns. Lecture L53.
 */
#include <stdio.h>

#include "filter/tuning.h"
#include "tui/panels/panels.h"

enum { FILTER, EDGE, KINDS, MOST = 256, LABEL = 16, HEAD = 1, LABEL_COLS = 5 };

/* The first layer that has square kernels from 3 x 3 on; -1: none has. */
static int layer_of(const struct view *v)
{
    for (int l = 0; l < v->net->layers; l++) {
        struct question q = view_question(v, "census", l);
        if (question_fits(v->net, &q))
            return l;
    }
    return -1;
}

static const struct answer *answer_of(const struct view *v, int layer)
{
    return layer < 0 ? NULL : view_answer(v, "census", layer);
}

static struct tiles tiles_of(const struct view *v, int layer)
{
    const int *dim = v->net->layer[layer].param[0].dim;
    int count = dim[0] < MOST ? dim[0] : MOST;
    return (struct tiles){.n = count * KINDS,
                          .h = dim[2],
                          .w = dim[3],
                          .kinds = KINDS,
                          .label_rows = 1,
                          .label_cols = LABEL_COLS,
                          .mark = -1};
}

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    int layer = layer_of(v);
    (void)s;
    if (layer < 0)
        return 0;
    struct tiles t = tiles_of(v, layer);
    int count = pictures_sizes(v, &t, out);
    for (int i = 0; i < count; i++) {
        out[i].rows += HEAD;
        out[i].cols = out[i].cols < 40 ? 40 : out[i].cols;
    }
    return count;
}

static int ask(const struct view *v, struct question *out, int room)
{
    int layer = layer_of(v);
    if (layer < 0 || room < 1)
        return 0;
    out[0] = view_question(v, "census", layer);
    return 1;
}

static int edges_in(const struct answer *a)
{
    const struct part *cosine = answer_part(a, "cosine");
    int count = 0;
    for (int f = 0; f < cosine->n; f++)
        count += (double)cosine->data[f] > CENSUS_EDGE;
    return count;
}

static void title_text(const struct view *v, char *text, int size)
{
    int layer = layer_of(v);
    const struct answer *a = answer_of(v, layer);
    if (a)
        snprintf(text, (size_t)size, "census %s  %d of %d are edges", v->net->layer[layer].name, edges_in(a),
                 answer_part(a, "cosine")->n);
}

static void fill(const struct answer *a, struct tiles *t, struct tile_kind look[KINDS])
{
    look[FILTER] = (struct tile_kind){answer_part(a, "filter")->data, MAP_SIGNED, 0};
    look[EDGE] = (struct tile_kind){answer_part(a, "edge")->data, MAP_SIGNED, 0};
    t->kind = look;
}

static void draw(const struct view *v, struct canvas *c)
{
    static char text[MOST * KINDS][LABEL];
    static const char *label[MOST * KINDS];
    struct tile_kind look[KINDS];
    int layer = layer_of(v);
    const struct answer *a = answer_of(v, layer);
    if (layer < 0 || !a) {
        draw_note(c, layer < 0 ? "no layer of this network has square kernels from 3 x 3 on"
                               : "filters are compared with edges");
        return;
    }
    struct tiles t = tiles_of(v, layer);
    const struct part *angle = answer_part(a, "angle"), *cosine = answer_part(a, "cosine");
    for (int k = 0; k < t.n; k++) {
        if (k % KINDS == FILTER)
            snprintf(text[k], LABEL, "%.2f", (double)cosine->data[k / KINDS]);
        else
            snprintf(text[k], LABEL, "%.0f%s", (double)angle->data[k / KINDS],
                     c->style->utf8 ? "\u00b0" : "");
        label[k] = text[k];
    }
    canvas_format(c, 0, 0, ROLE_STRONG, "%d of %d filters of %s are edge detectors: cosine over %.1f",
                  edges_in(a), cosine->n, v->net->layer[layer].name, CENSUS_EDGE);
    struct canvas part = canvas_part(c, (struct rect){HEAD, 0, c->clip.rows - HEAD, c->clip.cols});
    fill(a, &t, look);
    t.label = label;
    t.cursor = panel_cursor(v, &panel_census);
    pictures_draw(v, &t, &part);
}

static void numbers(const struct view *v, struct text *out)
{
    const struct answer *a = answer_of(v, layer_of(v));
    if (a)
        text_add(out, "filter,angle,cosine\n");
    for (int f = 0; a && f < answer_part(a, "angle")->n; f++)
        text_format(out, "%d,%.9g,%.9g\n", f, (double)answer_part(a, "angle")->data[f],
                    (double)answer_part(a, "cosine")->data[f]);
}

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    int layer = layer_of(v);
    if (layer < 0)
        return false;
    struct tiles t = tiles_of(v, layer);
    return pictures_move(v, &t, rows - HEAD, cols, at, down, right);
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    int layer = layer_of(v);
    if (layer < 0)
        return false;
    struct tiles t = tiles_of(v, layer);
    t.cursor = panel_cursor(v, &panel_census);
    return pictures_hit(v, &t, rows - HEAD, cols, row - HEAD, col, at);
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    int layer = layer_of(v);
    if (layer < 0)
        return false;
    struct tiles t = tiles_of(v, layer);
    *out = (struct spot){
        .kind = SPOT_WEIGHT, .layer = layer, .c = at.tile / KINDS, .row = at.row, .col = at.col};
    return at.tile >= 0 && at.tile < t.n && at.row < t.h && at.col < t.w;
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    int layer = layer_of(v), f = at.tile / KINDS;
    const struct answer *a = answer_of(v, layer);
    if (!a)
        return;
    double cosine = (double)answer_part(a, "cosine")->data[f];
    snprintf(text, (size_t)size,
             "%s[%d], its channels added up  most like an edge at %.0f degrees  cosine %.3f  %s",
             v->net->layer[layer].name, f, (double)answer_part(a, "angle")->data[f], cosine,
             cosine > CENSUS_EDGE ? "an edge detector" : "no edge detector");
}

const struct panel_type panel_census = {
    .name = "census",
    .title = "census",
    .help = "each filter of the first layer, and the oriented edge that it resembles most with the cosine "
            "between the "
            "two; how many resemble one",
    .lecture = "L53",
    .sizes = sizes,
    .ask = ask,
    .title_text = title_text,
    .draw = draw,
    .numbers = numbers,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
};
