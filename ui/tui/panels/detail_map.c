/**
 * A map taken apart. Of a convolution: what each input channel contributes, their sum, the bias, and what follows up to the non-linearity; of other layers the maps that go in
 * and the one that comes out. All pictures have one scale, so that one sees how the large come of the small.
 */
#include <stdio.h>
#include <string.h>

#include "tui/panels/detail.h"

enum { CHAIN_MOST = 8, LABEL_COLS = 14, ZOOM_MOST = 6, LABEL = 112 };

/* The layer that makes the map out of others, and those behind it that change each number for itself. */
struct chain {
    int layer[CHAIN_MOST];
    int count;
};

/* One picture. */
struct stage {
    char label[LABEL];
    const float *v; /* NULL: not known yet */
    int h, w;
    struct spot spot; /* layer and channel of its numbers */
};

static bool is_nonlinear(const struct layer *l)
{
    enum form form = inspect_form(l);
    return form >= FORM_RELU && form <= FORM_TANH;
}

static struct chain chain_of(const struct view *v)
{
    const struct layer *layer = v->net->layer;
    int up[CHAIN_MOST], l = apart_top(v)->spot.layer, depth = 0;
    bool nonlinear = false;
    struct chain c = {.count = 0};
    while (depth < CHAIN_MOST - 1 && apart_is_pointwise(&layer[l]) && layer[l].in[0] >= 0) {
        nonlinear |= is_nonlinear(&layer[l]);
        up[depth++] = l;
        l = layer[l].in[0];
    }
    c.layer[c.count++] = l;
    while (depth > 0)
        c.layer[c.count++] = up[--depth];
    l = c.layer[c.count - 1];
    while (!nonlinear && c.count < CHAIN_MOST && (l = view_reader(v->net, l)) >= 0 &&
           apart_is_pointwise(&layer[l])) {
        nonlinear = is_nonlinear(&layer[l]);
        c.layer[c.count++] = l;
    }
    return c;
}

static struct question products_question(const struct view *v, int layer)
{
    struct question q = view_question(v, "products", layer);
    q.unit = apart_top(v)->spot.c;
    return q;
}

/* A part of what is known of the convolution's products; NULL: nothing yet, or no such part. */
static const struct part *products(const struct view *v, int layer, const char *part)
{
    struct question q = products_question(v, layer);
    const struct answer *a = v->answers ? answers_find(v->answers, &q) : NULL;
    return a && a->ready ? answer_part(a, part) : NULL;
}

static int inputs_of(const struct view *v, int layer)
{
    const struct layer *l = &v->net->layer[layer];
    if (!view_is_conv(v->net, layer))
        return l->inputs;
    const struct part *p = products(v, layer, "product");
    return p ? p->n : l->in_shape[0].c / l->options.groups;
}

/* Of several products the sum is a picture too, where a bias comes on top of it. */
static bool has_sum(const struct view *v, int layer)
{
    const struct layer *l = &v->net->layer[layer];
    return view_is_conv(v->net, layer) && l->params > 1 && l->in_shape[0].c / l->options.groups > 1;
}

static int stages_of(const struct view *v, const struct chain *c)
{
    return inputs_of(v, c->layer[0]) + has_sum(v, c->layer[0]) + c->count;
}

static const float *map_in(const struct view *v, int layer, int channel)
{
    const struct part *p = layer < 0 ? view_part(v, "input", 0, "x") : view_part(v, "activation", layer, "y");
    return p && channel < p->shape.c ? p->data + (size_t)channel * (size_t)p->shape.h * (size_t)p->shape.w
                                     : NULL;
}

/* What goes into the first layer: input k of it, by itself or through its filter. */
static void fill_input(const struct view *v, int layer, int k, struct stage *s)
{
    const struct layer *l = &v->net->layer[layer];
    int channel = apart_top(v)->spot.c, from = l->in[view_is_conv(v->net, layer) ? 0 : k];
    const char *name = from < 0 ? "input" : v->net->layer[from].name;
    if (!view_is_conv(v->net, layer)) {
        snprintf(s->label, sizeof s->label, "%s[%d]", name, channel);
        s->h = l->in_shape[k].h;
        s->w = l->in_shape[k].w;
        s->v = map_in(v, from, channel);
        s->spot = (struct spot){.kind = SPOT_NUMBER, .layer = from, .c = channel};
        return;
    }
    const struct part *product = products(v, layer, "product");
    int groups = l->options.groups, each = l->in_shape[0].c / groups;
    snprintf(s->label, sizeof s->label, "%s%s[%d]*w", k > 0 ? "+ " : "", name,
             channel / (l->out.c / groups) * each + k);
    s->v = product ? product->data + (size_t)k * shape_count(product->shape) : NULL;
    s->spot.in = k;
}

static void fill_stage(const struct view *v, const struct chain *c, int k, struct stage *s)
{
    int inputs = inputs_of(v, c->layer[0]), first = inputs + has_sum(v, c->layer[0]);
    int layer = c->layer[k < first ? 0 : k - first], channel = apart_top(v)->spot.c;
    const struct layer *l = &v->net->layer[layer];
    bool conv = view_is_conv(v->net, layer);
    const struct part *bias = conv ? products(v, layer, "bias") : NULL,
                      *sum = conv ? products(v, layer, "sum") : NULL;
    *s = (struct stage){.h = l->out.h, .w = l->out.w};
    s->spot = (struct spot){.kind = SPOT_NUMBER, .layer = layer, .c = channel};
    if (k < inputs) {
        fill_input(v, layer, k, s);
    } else if (k < first) {
        snprintf(s->label, sizeof s->label, "= sum");
        s->v = sum ? sum->data : NULL;
    } else {
        s->v = map_in(v, layer, channel);
        if (k == first && bias)
            snprintf(s->label, sizeof s->label, "%+.2g = %s", (double)bias->data[0], l->name);
        else
            snprintf(s->label, sizeof s->label, "%s%s", k == first ? "= " : "> ", l->name);
    }
}

static int ask(const struct view *v, struct question *out, int room)
{
    struct chain c = chain_of(v);
    const struct layer *first = &v->net->layer[c.layer[0]];
    bool conv = view_is_conv(v->net, c.layer[0]);
    int count = 0;
    if (conv && count < room)
        out[count++] = products_question(v, c.layer[0]);
    for (int k = 0; k < first->inputs && !conv && count < room; k++)
        out[count++] =
            view_question(v, first->in[k] < 0 ? "input" : "activation", first->in[k] < 0 ? 0 : first->in[k]);
    for (int k = 0; k < c.count && count < room; k++)
        out[count++] = view_question(v, "activation", c.layer[k]);
    return count;
}

/* ---- where the pictures stand ---- */

struct sheet {
    int zoom, tall, wide; /* cells of a picture with its label */
    int per_row, first, lines;
};

static struct sheet sheet_of(const struct view *v, const struct chain *c, int rows, int cols, int at)
{
    int n = stages_of(v, c), h = 1, w = 1;
    struct stage s;
    struct sheet sheet = {0};
    for (int k = 0; k < n; k++) {
        if (k > 0 && k < inputs_of(v, c->layer[0]) - 1 && view_is_conv(v->net, c->layer[0]))
            continue; /* all products are of one size */
        fill_stage(v, c, k, &s);
        h = s.h > h ? s.h : h;
        w = s.w > w ? s.w : w;
    }
    for (sheet.zoom = ZOOM_MOST; sheet.zoom >= 1; sheet.zoom--) {
        sheet.wide = heat_cols(w, sheet.zoom) > LABEL_COLS ? heat_cols(w, sheet.zoom) : LABEL_COLS;
        sheet.tall = heat_rows(h, sheet.zoom) + 1;
        sheet.per_row = (cols + 1) / (sheet.wide + 1) > 1 ? (cols + 1) / (sheet.wide + 1) : 1;
        sheet.lines = (rows + 1) / (sheet.tall + 1);
        if (sheet.wide <= cols && sheet.lines * sheet.per_row >= n)
            break;
    }
    sheet.zoom = sheet.zoom < 1 ? 1 : sheet.zoom;
    sheet.lines = sheet.lines < 1 ? 1 : sheet.lines;
    sheet.first =
        sheet.per_row * heat_scroll((n + sheet.per_row - 1) / sheet.per_row, sheet.lines, at / sheet.per_row);
    return sheet;
}

static float range_of(const struct view *v, const struct chain *c)
{
    float most = 0;
    struct stage s;
    for (int k = 0; k < stages_of(v, c); k++) {
        fill_stage(v, c, k, &s);
        float range = s.v ? view_range(s.v, (size_t)s.h * (size_t)s.w) : 0;
        most = range > most ? range : most;
    }
    return most;
}

static void draw(const struct view *v, struct place at, struct canvas *c)
{
    struct chain chain = chain_of(v);
    int n = stages_of(v, &chain), rows = c->clip.rows - 1, cols = c->clip.cols;
    struct sheet sheet = sheet_of(v, &chain, rows, cols, at.tile);
    float range = range_of(v, &chain);
    canvas_format(c, 0, 0, ROLE_FAINT, "one scale for all: -%.3g blue, %.3g orange", (double)range,
                  (double)range);
    for (int i = 0; i < sheet.lines * sheet.per_row && sheet.first + i < n; i++) {
        int row = 1 + i / sheet.per_row * (sheet.tall + 1), col = i % sheet.per_row * (sheet.wide + 1);
        struct stage s;
        fill_stage(v, &chain, sheet.first + i, &s);
        canvas_text_width(c, row, col, sheet.wide, sheet.first + i == at.tile ? ROLE_STRONG : ROLE_TEXT,
                          s.label);
        struct heat p = {.v = s.v, .h = s.h, .w = s.w, .map = MAP_SIGNED, .range = range, .zoom = sheet.zoom};
        p.tile = sheet.first + i;
        p.cursor = v->focus == &panel_detail ? &at : NULL;
        if (s.v)
            heat_draw(c, row + 1, col, rows - row, sheet.wide, &p);
    }
}

/* ---- pointing ---- */

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    struct chain chain = chain_of(v);
    struct stage s;
    int n = stages_of(v, &chain);
    struct sheet sheet = sheet_of(v, &chain, rows - 1, cols, at->tile);
    at->tile = at->tile < n ? at->tile : n - 1;
    fill_stage(v, &chain, at->tile, &s);
    int row = at->row + down, col = at->col + right;
    int next = row < 0      ? at->tile - sheet.per_row
               : row >= s.h ? at->tile + sheet.per_row
               : col < 0    ? at->tile - 1
               : col >= s.w ? at->tile + 1
                            : at->tile;
    if (next == at->tile) {
        at->row = row;
        at->col = col;
        return true;
    }
    if (next < 0 || next >= n)
        return false;
    at->tile = next;
    fill_stage(v, &chain, next, &s);
    at->row = row < 0 ? s.h - 1 : down ? 0 : at->row < s.h ? at->row : s.h - 1;
    at->col = col < 0 ? s.w - 1 : right ? 0 : at->col < s.w ? at->col : s.w - 1;
    return true;
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    struct chain chain = chain_of(v);
    struct stage s;
    struct sheet sheet = sheet_of(v, &chain, rows - 1, cols, at->tile);
    int line = (row - 1) / (sheet.tall + 1),
        tile = sheet.first + line * sheet.per_row + col / (sheet.wide + 1);
    if (row < 1 || line >= sheet.lines || col / (sheet.wide + 1) >= sheet.per_row ||
        tile >= stages_of(v, &chain))
        return false;
    fill_stage(v, &chain, tile, &s);
    struct heat p = {.h = s.h, .w = s.w, .zoom = sheet.zoom, .tile = tile};
    int top = (row - 1) % (sheet.tall + 1) - 1, left = col % (sheet.wide + 1);
    return top >= 0 && heat_hit(&p, sheet.tall - 1, sheet.wide, top, left, at);
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    struct chain chain = chain_of(v);
    struct stage s;
    if (at.tile >= stages_of(v, &chain))
        return false;
    fill_stage(v, &chain, at.tile, &s);
    *out = s.spot;
    out->row = at.row;
    out->col = at.col;
    return at.row < s.h && at.col < s.w;
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    struct chain chain = chain_of(v);
    struct stage s;
    if (at.tile >= stages_of(v, &chain))
        return;
    fill_stage(v, &chain, at.tile, &s);
    if (!s.v || at.row >= s.h || at.col >= s.w)
        return;
    float value = s.v[at.row * s.w + at.col];
    struct spot spot = s.spot;
    spot.row = at.row;
    spot.col = at.col;
    int first = inputs_of(v, chain.layer[0]) + has_sum(v, chain.layer[0]);
    if (view_is_conv(v->net, chain.layer[0]) && at.tile < first)
        snprintf(text, (size_t)size, "%s at (%d,%d): %.4g; Enter: all terms of %s[%d](%d,%d)",
                 s.label + strspn(s.label, "+= "), at.row, at.col, (double)value,
                 v->net->layer[chain.layer[0]].name, spot.c, at.row, at.col);
    else
        explain_spot(v, &spot, &value, text, size);
}

const struct detail_kind detail_map = {
    .ask = ask, .draw = draw, .move = move, .hit = hit, .spot = spot, .explain = explain};
