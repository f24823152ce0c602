/** The layers of the network, their shapes and what they cost; the layer in view is marked. Lecture L46, L47, L52. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/panels/panels.h"

enum { NAME, SHAPE, PARAMETERS, MULTIPLY_ADDS, GRADIENT, COLUMNS };

/* What stands in the columns, how wide they are, and from how many columns of the panel on they are there. */
static const struct {
    const char *title;
    int wide, from;
} columns[COLUMNS] = {
    [NAME] = {"layer", 14, 0},
    [SHAPE] = {"shape", 12, 20},
    [PARAMETERS] = {"parameters", 24, 34},
    [MULTIPLY_ADDS] = {"mult-adds", 11, 64},
    [GRADIENT] = {"gradient", 9, 74},
};
enum { LEAST = 28, SPELLED = 50, ALL = 75, NARROW = 44, NARROW_NAME = 12 };

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    int rows = v->net->layers + 2, most = rows < 30 ? rows : 30;
    out[0] = (struct panel_size){rows < 6 ? rows : 6, LEAST, 0.4f};
    out[1] = (struct panel_size){rows < 12 ? rows : 12, LEAST, 0.9f};
    out[2] = (struct panel_size){rows < 12 ? rows : 12, SPELLED, 1.6f};
    out[3] = (struct panel_size){most, SPELLED, 2.2f};
    out[4] = (struct panel_size){most, ALL, 2.6f};
    return 5;
}

static int ask(const struct view *v, struct question *out, int room)
{
    if (room < 1)
        return 0;
    out[0] = view_question(v, "network", 0);
    return 1;
}

static void title_text(const struct view *v, char *text, int size)
{
    snprintf(text, (size_t)size, "network  %zu parameters", v->net->params);
}

/* Rows of titles above the layers: one where there is room for it. */
static int header_rows(const struct view *v, int rows)
{
    return rows >= v->net->layers + 2;
}

/* The layer in the first of the rows for layers: the one that is pointed at, else the one in view, stays in sight. */
static int first_layer(const struct view *v, int rows)
{
    const struct place *cursor = panel_cursor(v, &panel_network);
    return heat_scroll(v->net->layers, rows - header_rows(v, rows) - 1, cursor ? cursor->row : v->layer);
}

/* What stands in a column about a layer; "" for nothing. */
static void cell_text(const struct view *v, int layer, int column, char *text, size_t size)
{
    const struct layer *l = &v->net->layer[layer];
    const struct part *norms = view_part(v, "network", 0, "gradient norm");
    size_t params = 0;
    *text = 0;
    for (int k = 0; k < l->params; k++)
        params += l->param[k].count;
    if (column == NAME)
        snprintf(text, size, "%s", l->name);
    else if (column == SHAPE)
        snprintf(text, size, "%s", shape_text(l->out).s);
    else if (column == PARAMETERS && params > 0) {
        layer_spell_params(l, "+", text, size);
        snprintf(text + strlen(text), size - strlen(text), " = %zu", params);
    } else if (column == MULTIPLY_ADDS && l->multiply_adds > 0)
        snprintf(text, size, "%*.0f", columns[column].wide - 2, l->multiply_adds);
    else if (column == GRADIENT && norms && params > 0)
        snprintf(text, size, "%*.3g", columns[column].wide, (double)norms->data[layer]);
}

/* Where a column begins; columns of the panel beyond the last one when it has no room. */
static int column_at(int column, int cols)
{
    int at = 1;
    for (int k = 0; k < column; k++)
        at += (k == NAME && cols < NARROW ? NARROW_NAME : columns[k].wide) + (k == NAME ? 0 : 1);
    return columns[column].from <= cols ? at : cols;
}

static void draw_cells(const struct view *v, struct canvas *c, int row, int layer, enum role role)
{
    char text[128];
    int cols = c->clip.cols;
    for (int k = NAME; k < COLUMNS; k++) {
        int at = column_at(k, cols), end = k + 1 < COLUMNS ? column_at(k + 1, cols) : cols;
        const struct place *cursor = panel_cursor(v, &panel_network);
        bool pointed = layer >= 0 && k == NAME && cursor && cursor->row == layer;
        if (at >= cols)
            continue;
        if (layer >= 0)
            cell_text(v, layer, k, text, sizeof text);
        else
            snprintf(text, sizeof text, k >= MULTIPLY_ADDS ? "%*s" : "%.*s",
                     columns[k].wide - (k < GRADIENT ? 2 : 0), columns[k].title);
        canvas_text_width(c, row, at, end - at - (end < cols), pointed ? ROLE_CURSOR : role, text);
    }
}

static void draw_layer(const struct view *v, struct canvas *c, int row, int layer)
{
    bool here = layer == v->layer;
    if (here)
        canvas_text(c, row, 0, ROLE_STRONG, c->style->utf8 ? "\u25b8" : ">");
    draw_cells(v, c, row, layer,
               here                              ? ROLE_STRONG
               : v->net->layer[layer].params > 0 ? ROLE_TEXT
                                                 : ROLE_FAINT);
}

static void draw_totals(const struct view *v, struct canvas *c, int row)
{
    const struct part *norms = view_part(v, "network", 0, "gradient norm");
    double squares = 0;
    char text[128];
    for (int l = 0; l < v->net->layers && norms; l++)
        squares += (double)norms->data[l] * (double)norms->data[l];
    int used = snprintf(text, sizeof text, " %.0f multiply-adds an image", net_multiply_adds(v->net));
    if (norms)
        snprintf(text + used, sizeof text - (size_t)used, "  gradient %.3g", sqrt(squares));
    parts_fit(text, c->clip.cols);
    canvas_text_width(c, row, 0, c->clip.cols, ROLE_FAINT, text);
}

static void draw(const struct view *v, struct canvas *c)
{
    int rows = c->clip.rows, layers = v->net->layers, from = first_layer(v, rows), top = header_rows(v, rows);
    int room = rows - 1 - top;
    if (top)
        draw_cells(v, c, 0, -1, ROLE_FAINT);
    for (int k = 0; k < room && from + k < layers; k++)
        draw_layer(v, c, top + k, from + k);
    draw_totals(v, c, top + (room < layers ? room : layers));
}

static void numbers(const struct view *v, struct text *out)
{
    text_add(out, "layer,type,channels,rows,columns,parameters,multiply_adds\n");
    for (int i = 0; i < v->net->layers; i++) {
        const struct layer *l = &v->net->layer[i];
        size_t count = 0;
        for (int p = 0; p < l->params; p++)
            count += l->param[p].count;
        text_format(out, "%s,%s,%d,%d,%d,%zu,%.0f\n", l->name, l->type->name, l->out.c, l->out.h, l->out.w,
                    count, l->multiply_adds);
    }
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
    int layer = first_layer(v, rows) + row - header_rows(v, rows);
    if (row < header_rows(v, rows) || col < 0 || row >= rows - 1 || col >= cols || layer >= v->net->layers)
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
    .help = "the layers, their shapes, their parameters with the product spelled out, multiply-adds, and the "
            "L2 norm of their gradients",
    .lecture = "L46, L47, L67",
    .flexible = true,
    .sizes = sizes,
    .ask = ask,
    .title_text = title_text,
    .draw = draw,
    .numbers = numbers,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
    .press = press,
};
