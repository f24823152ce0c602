/**
 * Feature maps of one layer: what the panels of activations and of pooling are made of.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/panels/panels.h"

enum { VECTOR_COLS = 32 };

/* Maps as they are; a vector, whose numbers have no place beside each other, in rows of 32. */
static struct tiles tiles_of(const struct view *v, int layer)
{
    struct shape s = v->net->layer[layer].out;
    struct tiles t = {.n = s.c, .h = s.h, .w = s.w, .mark = -1};
    if (s.h == 1 && s.w == 1) {
        t.w = s.c < VECTOR_COLS ? s.c : VECTOR_COLS;
        t.h = (s.c + t.w - 1) / t.w;
        t.n = 1;
    }
    return t;
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

/* What is lit and marked; the same for drawing and for pointing, since what is seen is scrolled to it. */
static void point_out(const struct view *v, int layer, const struct place *cursor, struct tiles *t,
                      struct light *light, struct place *mark)
{
    struct shape s = v->net->layer[layer].out;
    bool vector = s.h == 1 && s.w == 1;
    t->light = view_light(v, layer, light) ? light : NULL;
    if (t->light && vector)
        fold_light(t, light);
    t->cursor = cursor;
    if (cursor || !view_mark(v, layer, mark))
        return;
    if (vector)
        *mark = (struct place){0, mark->tile / t->w, mark->tile % t->w};
    t->cursor = mark;
}

bool maps_move(const struct view *v, int layer, int rows, int cols, struct place *at, int down, int right)
{
    struct tiles t = tiles_of(v, layer);
    return pictures_move(v, &t, rows, cols, at, down, right);
}

bool maps_hit(const struct view *v, int layer, const struct place *cursor, int rows, int cols, int row,
              int col, struct place *at)
{
    struct tiles t = tiles_of(v, layer);
    struct light light;
    struct place mark;
    point_out(v, layer, cursor, &t, &light, &mark);
    return pictures_hit(v, &t, rows, cols, row, col, at);
}

bool maps_spot(const struct view *v, int layer, struct place at, struct spot *out)
{
    struct shape s = v->net->layer[layer].out;
    struct tiles t = tiles_of(v, layer);
    *out = (struct spot){.kind = SPOT_NUMBER, .layer = layer, .c = at.tile, .row = at.row, .col = at.col};
    if (s.h == 1 && s.w == 1)
        *out = (struct spot){.kind = SPOT_NUMBER, .layer = layer, .c = at.row * t.w + at.col};
    return at.tile < t.n && at.row < t.h && at.col < t.w && out->c < s.c;
}

int maps_sizes(const struct view *v, int layer, struct panel_size *out)
{
    struct tiles t = tiles_of(v, layer);
    return pictures_sizes(v, &t, out);
}

int maps_ask(const struct view *v, int layer, struct question *out, int room)
{
    if (room < 1 || layer < 0)
        return 0;
    out[0] = view_question(v, "activation", layer);
    return 1;
}

void maps_title(const struct view *v, const char *what, int layer, char *text, int size)
{
    if (layer < 0) {
        snprintf(text, (size_t)size, "%s", what);
        return;
    }
    const struct layer *l = &v->net->layer[layer];
    const struct part *y = view_part(v, "activation", layer, "y");
    int used = snprintf(text, (size_t)size, "%s %s  %s", what, l->name, shape_text(l->out).s);
    if (y && used < size)
        snprintf(text + used, (size_t)(size - used), "  max %.2f",
                 (double)view_range(y->data, shape_count(y->shape)));
}

void maps_draw(const struct view *v, int layer, const struct place *cursor, struct canvas *c)
{
    const struct part *y = view_part(v, "activation", layer, "y");
    if (!y)
        return;
    struct tiles t = tiles_of(v, layer);
    size_t count = shape_count(y->shape);
    float padded[4096];
    t.v = y->data;
    if ((size_t)t.h * (size_t)t.w * (size_t)t.n != count) { /* the last row of a vector isn't full */
        if ((size_t)t.h * (size_t)t.w > ARRAY_LEN(padded))
            t.h = ARRAY_LEN(padded) / t.w;
        size_t room = (size_t)t.h * (size_t)t.w;
        memset(padded, 0, room * sizeof *padded);
        memcpy(padded, y->data, (count < room ? count : room) * sizeof *padded);
        t.v = padded;
    }
    bool negative = false;
    for (size_t i = 0; i < count && !negative; i++)
        negative = y->data[i] < 0;
    t.map = negative ? MAP_SIGNED : MAP_HEAT;
    t.range = view_range(y->data, count);
    struct light light;
    struct place mark;
    point_out(v, layer, cursor, &t, &light, &mark);
    pictures_draw(v, &t, c);
}
