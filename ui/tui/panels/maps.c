/**
 * Feature maps of one layer: what the panels of activations and of pooling are made of. Beside each map may stand what it was before the non-linearity,
 * and the gradients of both: kinds of pictures of the same thing. A vector, whose numbers have no place beside each other, is a list of
 * numbers, or where it is long pixels in rows of 32.
 */
#include <stdio.h>
#include <string.h>

#include "tui/panels/panels.h"
#include "tui/widgets/vector.h"

enum { KINDS = 4, GRID_COLS = 32, GRID_MOST = 4096, LIST_MOST = 40, TITLE_COLS = 26, MASK_MOST = 1 << 18 };

struct maps {
    struct {
        int layer;
        bool gradient;
        const char *name;
    } kind[KINDS];
    int count; /* numbers of a vector; 0: it isn't one */
    struct tiles tiles;
    struct tile_kind look[KINDS];
    struct light light;
    struct place mark;
};

static void add_kind(const struct view *v, struct maps *m, int layer)
{
    const char *name = v->net->layer[layer].name;
    m->kind[m->tiles.kinds].layer = layer;
    m->kind[m->tiles.kinds++].name = name;
    if (v->gradients && layer <= net_logits(v->net)) {
        m->kind[m->tiles.kinds].layer = layer;
        m->kind[m->tiles.kinds].gradient = true;
        m->kind[m->tiles.kinds++].name = "gradient";
    }
}

static bool is_list(const struct maps *m)
{
    return m->count > 0 && m->count <= LIST_MOST;
}

/* What is shown of a layer, without its numbers. */
static struct maps maps_of(const struct view *v, int layer)
{
    struct shape s = v->net->layer[layer].out;
    struct maps m = {.tiles = {.n = s.c, .h = s.h, .w = s.w, .mark = -1}};
    int before = layer == view_activation(v) ? view_before(v) : layer;
    if (before != layer && v->show != SHOW_AFTER)
        add_kind(v, &m, before);
    if (before == layer || v->show != SHOW_BEFORE)
        add_kind(v, &m, layer);
    if (s.h == 1 && s.w == 1) {
        m.count = s.c;
        m.tiles.w = s.c <= LIST_MOST ? 1 : GRID_COLS;
        m.tiles.h = (s.c + m.tiles.w - 1) / m.tiles.w;
        if (m.tiles.h * m.tiles.w > GRID_MOST)
            m.tiles.h = GRID_MOST / m.tiles.w;
        m.tiles.n = 1;
    }
    m.tiles.n *= m.tiles.kinds;
    return m;
}

static struct vector vector_of(const struct maps *m, const char *names[KINDS])
{
    for (int k = 0; k < m->tiles.kinds; k++)
        names[k] = m->kind[k].name;
    return (struct vector){.kind = m->look,
                           .name = names,
                           .kinds = m->tiles.kinds,
                           .count = m->count,
                           .light = m->tiles.light,
                           .cursor = m->tiles.cursor};
}

/* In a vector the channels are the places. */
static void fold_light(const struct tiles *t, struct light *l)
{
    int from = l->from, last = l->to - 1;
    *l = (struct light){
        .row = from / t->w, .rows = last / t->w - from / t->w + 1, .row_step = 1, .col_step = 1};
    l->to = last >= from;
    l->col = l->rows == 1 ? from % t->w : 0;
    l->cols = l->rows == 1 ? last - from + 1 : t->w;
}

/* The number that won the window of the pooling that is pointed at. */
static bool winner_of(const struct view *v, int layer, struct place *out)
{
    const struct spot *s = &v->spot;
    if (s->kind != SPOT_NUMBER || s->layer < 0 || v->net->layer[s->layer].in[0] != layer)
        return false;
    const struct part *winner = view_part(v, "activation", s->layer, "winner");
    int w = v->net->layer[layer].out.w;
    if (!winner || s->c >= winner->shape.c || s->row >= winner->shape.h || s->col >= winner->shape.w)
        return false;
    int place = (int)winner->data[(s->c * winner->shape.h + s->row) * winner->shape.w + s->col];
    *out = (struct place){s->c, place / w, place % w};
    return true;
}

/* What is lit and marked; the same for drawing and for pointing, since what is seen is scrolled to it. */
static void point_out(const struct view *v, int layer, const struct place *cursor, struct maps *m)
{
    struct tiles *t = &m->tiles;
    t->light = view_light(v, layer, &m->light) ? &m->light : NULL;
    if (t->light && m->count)
        fold_light(t, &m->light);
    if (t->light) {
        m->light.from *= t->kinds;
        m->light.to *= t->kinds;
    }
    t->cursor = cursor;
    if (cursor)
        return;
    int kind = 0;
    bool marked = view_mark(v, layer, &m->mark);
    for (int k = 0; k < t->kinds && !marked; k++)
        if (!m->kind[k].gradient && winner_of(v, m->kind[k].layer, &m->mark))
            marked = true, kind = k;
    if (!marked)
        return;
    if (m->count)
        m->mark = (struct place){0, m->mark.tile / t->w, m->mark.tile % t->w};
    m->mark.tile = m->mark.tile * t->kinds + kind;
    t->cursor = &m->mark;
}

bool maps_move(const struct view *v, int layer, int rows, int cols, struct place *at, int down, int right)
{
    struct maps m = maps_of(v, layer);
    const char *names[KINDS];
    struct vector list = vector_of(&m, names);
    return is_list(&m) ? vector_move(&list, rows, cols, at, down, right)
                       : pictures_move(v, &m.tiles, rows, cols, at, down, right);
}

bool maps_hit(const struct view *v, int layer, const struct place *cursor, int rows, int cols, int row,
              int col, struct place *at)
{
    struct maps m = maps_of(v, layer);
    const char *names[KINDS];
    point_out(v, layer, cursor, &m);
    struct vector list = vector_of(&m, names);
    return is_list(&m) ? vector_hit(&list, rows, cols, row, col, at)
                       : pictures_hit(v, &m.tiles, rows, cols, row, col, at);
}

bool maps_spot(const struct view *v, int layer, struct place at, struct spot *out)
{
    struct maps m = maps_of(v, layer);
    const struct tiles *t = &m.tiles;
    if (at.tile >= t->n || at.row >= t->h || at.col >= t->w)
        return false;
    *out = (struct spot){.kind = SPOT_NUMBER,
                         .layer = m.kind[at.tile % t->kinds].layer,
                         .c = at.tile / t->kinds,
                         .row = at.row,
                         .col = at.col};
    if (m.count) {
        out->c = at.row * t->w + at.col;
        out->row = out->col = 0;
    }
    return out->c < v->net->layer[layer].out.c;
}

void maps_explain(const struct view *v, int layer, struct place at, char *text, int size)
{
    struct maps m = maps_of(v, layer);
    struct spot s;
    view_explain(v, text, size);
    if (!m.kind[at.tile % m.tiles.kinds].gradient || !maps_spot(v, layer, at, &s))
        return;
    const struct part *dy = view_part(v, "activation", s.layer, "gradient");
    if (dy && s.c < dy->shape.c && s.row < dy->shape.h && s.col < dy->shape.w)
        snprintf(text, (size_t)size, "%s %s %d (%d,%d): the loss changes by %.3g for each 1 that it grows",
                 v->net->layer[s.layer].name, m.count ? "unit" : "map", s.c, s.row, s.col,
                 (double)dy->data[(s.c * dy->shape.h + s.row) * dy->shape.w + s.col]);
}

int maps_sizes(const struct view *v, int layer, struct panel_size *out)
{
    struct maps m = maps_of(v, layer);
    const char *names[KINDS];
    struct vector list = vector_of(&m, names);
    if (!is_list(&m))
        return pictures_sizes(v, &m.tiles, out);
    for (int k = 0; k < 3; k++) {
        int cols = vector_cols(&list, 3 - k);
        out[k] = (struct panel_size){vector_rows(&list, 3 - k), cols > TITLE_COLS ? cols : TITLE_COLS,
                                     (float)(k + 1)};
    }
    return 3;
}

int maps_ask(const struct view *v, int layer, struct question *out, int room)
{
    int count = 0, pool = view_pool(v);
    if (layer < 0)
        return 0;
    struct maps m = maps_of(v, layer);
    for (int k = 0; k < m.tiles.kinds && count < room; k++)
        if (k == 0 || m.kind[k].layer != m.kind[k - 1].layer)
            out[count++] = view_question(v, "activation", m.kind[k].layer);
    if (v->winners && pool >= 0 && pool != layer && count < room)
        out[count++] = view_question(v, "activation", pool);
    if (v->scale == SCALE_NETWORK && count < room)
        out[count++] = view_question(v, "network", 0);
    return count;
}

/* The map of a kind of pictures and what its end stands for. */
static void scale_kind(const struct view *v, bool gradient, size_t count, struct tile_kind *kind)
{
    bool negative = gradient;
    for (size_t i = 0; i < count && !negative; i++)
        negative = kind->v[i] < 0;
    kind->map = negative ? MAP_SIGNED : MAP_HEAT;
    kind->range = view_scale(v, gradient ? "activation gradient" : "activation", kind->v, count);
}

/* The numbers of all kinds. @return false: they aren't there yet */
static bool fill(const struct view *v, struct maps *m)
{
    static float padded[KINDS][GRID_MOST]; /* vectors, whose last row of pixels isn't full */
    for (int k = 0; k < m->tiles.kinds; k++) {
        const char *name = m->kind[k].gradient ? "gradient" : "y";
        const struct part *p = view_part(v, "activation", m->kind[k].layer, name);
        if (!p)
            return false;
        size_t count = shape_count(p->shape), room = (size_t)m->tiles.h * (size_t)m->tiles.w;
        m->look[k].v = p->data;
        scale_kind(v, m->kind[k].gradient, count, &m->look[k]);
        if (m->count > 0 && room != count) {
            memset(padded[k], 0, room * sizeof *padded[k]);
            memcpy(padded[k], p->data, (count < room ? count : room) * sizeof *padded[k]);
            m->look[k].v = padded[k];
        }
    }
    m->tiles.kind = m->look;
    return true;
}

/* "conv1|relu1  8x24x24  max 4.32|±6.1", as far as it is known. */
void maps_title(const struct view *v, const char *what, int layer, char *text, int size)
{
    snprintf(text, (size_t)size, "%s", what);
    if (layer < 0)
        return;
    struct maps m = maps_of(v, layer);
    char names[96] = "", ranges[96] = "", part[48];
    bool known = fill(v, &m);
    for (int k = 0; k < m.tiles.kinds; k++) {
        const char *bar = k ? "|" : "";
        snprintf(names + strlen(names), sizeof names - strlen(names), "%s%.20s", bar, m.kind[k].name);
        if (known) {
            view_range_text(&m.look[k], part, sizeof part);
            snprintf(ranges + strlen(ranges), sizeof ranges - strlen(ranges), "%s%s", bar, part);
        }
    }
    snprintf(text, (size_t)size, "%s %s  %s%s%s", what, names, shape_text(v->net->layer[layer].out).s,
             known ? "  " : "", v->scale == SCALE_UNIT && known ? "each its own scale" : ranges);
    if (v->scale == SCALE_NETWORK && known)
        snprintf(text + strlen(text), (size_t)size - strlen(text), "  of all layers");
}

/* Which activations win a window of the pooling behind them. NULL: it isn't known, or there is none. */
static const uint8_t *winners_of(const struct view *v, const struct maps *m, int layer)
{
    static uint8_t mask[MASK_MOST];
    int pool = view_pool(v);
    struct shape s = v->net->layer[layer].out;
    if (!v->winners || pool < 0 || pool == layer || m->count || shape_count(s) > MASK_MOST ||
        !shape_equal(s, v->net->layer[pool].in_shape[0]))
        return NULL;
    const struct part *winner = view_part(v, "activation", pool, "winner");
    if (!winner)
        return NULL;
    int each = winner->shape.h * winner->shape.w;
    memset(mask, 0, shape_count(s));
    for (int i = 0; i < winner->shape.c * each; i++)
        mask[i / each * s.h * s.w + (int)winner->data[i]] = 1;
    return mask;
}

void maps_draw(const struct view *v, int layer, const struct place *cursor, struct canvas *c)
{
    struct maps m = maps_of(v, layer);
    const char *names[KINDS];
    if (!fill(v, &m))
        return;
    point_out(v, layer, cursor, &m);
    m.tiles.keep = winners_of(v, &m, layer);
    struct vector list = vector_of(&m, names);
    if (is_list(&m))
        vector_draw(c, &list);
    else
        pictures_draw(v, &m.tiles, c);
}
