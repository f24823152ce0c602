/**
 * Feature maps of a layer: the activations behind the layer in view, and the pooling that follows. Lecture L46, L50, L51.
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

static int sizes_of(const struct view *v, int layer, struct panel_size *out)
{
    struct tiles t = tiles_of(v, layer);
    return tiles_sizes(&t, out);
}

static int ask_for(const struct view *v, int layer, struct question *out, int room)
{
    if (room < 1 || layer < 0)
        return 0;
    out[0] = view_question(v, "activation", layer);
    return 1;
}

static void title_of(const struct view *v, const char *what, int layer, char *text, int size)
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

static void draw_maps(const struct view *v, int layer, struct canvas *c)
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
    tiles_draw(c, &t);
}

static int activation_sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    return sizes_of(v, view_activation(v), out);
}

static int activation_ask(const struct view *v, struct question *out, int room)
{
    return ask_for(v, view_activation(v), out, room);
}

static void activation_title(const struct view *v, char *text, int size)
{
    title_of(v, "activations", view_activation(v), text, size);
}

static void activation_draw(const struct view *v, struct canvas *c)
{
    draw_maps(v, view_activation(v), c);
}

const struct panel_type panel_activations = {
    .name = "activations",
    .title = "activations",
    .help = "what each filter answers to the sample, behind the non-linearity; one scale for all maps",
    .lecture = "L46, L50",
    .sizes = activation_sizes,
    .ask = activation_ask,
    .title_text = activation_title,
    .draw = activation_draw,
};

static int pooling_sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    int layer = view_pool(v);
    return layer < 0 ? 0 : sizes_of(v, layer, out);
}

static int pooling_ask(const struct view *v, struct question *out, int room)
{
    return ask_for(v, view_pool(v), out, room);
}

static void pooling_title(const struct view *v, char *text, int size)
{
    title_of(v, "pooling", view_pool(v), text, size);
}

static void pooling_draw(const struct view *v, struct canvas *c)
{
    int layer = view_pool(v);
    if (layer < 0)
        draw_note(c, "no pooling follows the layer in view");
    else
        draw_maps(v, layer, c);
}

const struct panel_type panel_pooling = {
    .name = "pooling",
    .title = "pooling",
    .help = "the maps after pooling: fewer numbers, smoother, less moved by shifts",
    .lecture = "L51",
    .sizes = pooling_sizes,
    .ask = pooling_ask,
    .title_text = pooling_title,
    .draw = pooling_draw,
};
