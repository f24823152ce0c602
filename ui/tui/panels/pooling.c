/** The pooling that follows the layer in view. Lecture L51. */
#include "tui/panels/panels.h"

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    int layer = view_pool(v);
    return layer < 0 ? 0 : maps_sizes(v, layer, out);
}

static int ask(const struct view *v, struct question *out, int room)
{
    return maps_ask(v, view_pool(v), out, room);
}

static void title_text(const struct view *v, char *text, int size)
{
    maps_title(v, "pooling", view_pool(v), text, size);
}

static void draw(const struct view *v, struct canvas *c)
{
    int layer = view_pool(v);
    if (layer < 0)
        draw_note(c, "no pooling follows the layer in view");
    else
        maps_draw(v, layer, panel_cursor(v, &panel_pooling), c);
}

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    return view_pool(v) >= 0 && maps_move(v, view_pool(v), rows, cols, at, down, right);
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    return view_pool(v) >= 0 &&
           maps_hit(v, view_pool(v), panel_cursor(v, &panel_pooling), rows, cols, row, col, at);
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    return view_pool(v) >= 0 && maps_spot(v, view_pool(v), at, out);
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    if (view_pool(v) >= 0)
        maps_explain(v, view_pool(v), at, text, size);
}

const struct panel_type panel_pooling = {
    .name = "pooling",
    .title = "pooling",
    .help = "the maps after pooling: fewer numbers, smoother, less moved by shifts",
    .lecture = "L51",
    .phases = 1 << PHASE_FORWARD,
    .sizes = sizes,
    .ask = ask,
    .title_text = title_text,
    .draw = draw,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
};
