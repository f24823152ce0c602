/** The layers of the network, their shapes and what they cost; the layer in view is marked. Lecture L46, L47, L52. */
#include <stdio.h>
#include <string.h>

#include "tui/panels/panels.h"

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    int rows = v->net->layers + 2;
    out[0] = (struct panel_size){rows < 6 ? rows : 6, 28, 0.4f};
    out[1] = (struct panel_size){rows < 12 ? rows : 12, 28, 0.9f};
    out[2] = (struct panel_size){rows < 12 ? rows : 12, 46, 1.6f};
    out[3] = (struct panel_size){rows < 30 ? rows : 30, 46, 2.2f};
    return 4;
}

static void title_text(const struct view *v, char *text, int size)
{
    snprintf(text, (size_t)size, "network  %zu parameters", v->net->params);
}

/* The layer in the first of the rows for layers: the one that is pointed at, else the one in view, stays in sight. */
static int first_layer(const struct view *v, int rows)
{
    const struct place *cursor = panel_cursor(v, &panel_network);
    return heat_scroll(v->net->layers, rows - 1, cursor ? cursor->row : v->layer);
}

static void draw_layer(const struct view *v, struct canvas *c, int row, int layer)
{
    const struct place *cursor = panel_cursor(v, &panel_network);
    const struct layer *l = &v->net->layer[layer];
    bool here = layer == v->layer;
    bool pointed = cursor && cursor->row == layer;
    enum role role = here ? ROLE_STRONG : l->params > 0 ? ROLE_TEXT : ROLE_FAINT;
    char spelled[96];
    int names = c->clip.cols >= 44 ? 14 : 12;
    canvas_text(c, row, 0, ROLE_STRONG, !here ? " " : c->style->utf8 ? "\u25b8" : ">");
    canvas_text_width(c, row, 1, names - 1, pointed ? ROLE_CURSOR : role, l->name);
    canvas_text_width(c, row, names + 1, 12, role, shape_text(l->out).s);
    layer_spell_params(l, "+", spelled, sizeof spelled);
    if (c->clip.cols > names + 14)
        canvas_text_width(c, row, names + 14, c->clip.cols - names - 14, role, spelled);
}

static void draw(const struct view *v, struct canvas *c)
{
    int rows = c->clip.rows, layers = v->net->layers, from = first_layer(v, rows), room = rows - 1;
    double multiply_adds = 0;
    for (int l = 0; l < layers; l++)
        multiply_adds += v->net->layer[l].multiply_adds;
    for (int k = 0; k < room && from + k < layers; k++)
        draw_layer(v, c, k, from + k);
    canvas_format(c, room < layers ? room : layers, 0, ROLE_FAINT, " %.0f multiply-adds an image",
                  multiply_adds);
}

/* A place's row is a layer. */
static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    (void)rows, (void)cols, (void)right;
    int was = at->row, now = was + down;
    now = now < 0 ? 0 : now >= v->net->layers ? v->net->layers - 1 : now;
    *at = (struct place){0, now, 0};
    return now != was;
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    int layer = first_layer(v, rows) + row;
    if (row < 0 || col < 0 || row >= rows - 1 || col >= cols || layer >= v->net->layers)
        return false;
    *at = (struct place){0, layer, 0};
    return true;
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    *out = (struct spot){.kind = SPOT_LAYER, .layer = at.row};
    return at.row >= 0 && at.row < v->net->layers;
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    const struct layer *l = &v->net->layer[at.row];
    char spelled[96];
    layer_spell_params(l, "+", spelled, sizeof spelled);
    int used = snprintf(text, (size_t)size, "%s: %s  %s to %s", l->name, l->type->name,
                        shape_text(l->in_shape[0]).s, shape_text(l->out).s);
    if (*spelled && used < size)
        used += snprintf(text + used, (size_t)(size - used), "  %s parameters", spelled);
    if (l->multiply_adds > 0 && used < size)
        used += snprintf(text + used, (size_t)(size - used), "  %.0f multiply-adds", l->multiply_adds);
    if (view_learns(v->net, at.row) && at.row != v->layer && used < size)
        snprintf(text + used, (size_t)(size - used), "  Enter looks at it");
}

/* Looks at that layer, or at the one that learns before it, whose output it changes. */
static bool press(const struct view *v, struct place at, bool click, char *line, int size)
{
    (void)click;
    int layer = at.row;
    while (layer > 0 && !view_learns(v->net, layer))
        layer--;
    snprintf(line, (size_t)size, "layer %s", v->net->layer[layer].name);
    return view_learns(v->net, layer);
}

const struct panel_type panel_network = {
    .name = "network",
    .title = "network",
    .help = "the layers, their shapes, and their parameters with the product spelled out",
    .lecture = "L46, L47",
    .flexible = true,
    .sizes = sizes,
    .title_text = title_text,
    .draw = draw,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
    .press = press,
};
