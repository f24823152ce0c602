/** What comes out of the layer in view, behind its non-linearity. Lecture L46, L50. */
#include "tui/panels/panels.h"

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    return maps_sizes(v, view_activation(v), out);
}

/* What comes in too: the line about a number tells both. */
static int ask(const struct view *v, struct question *out, int room)
{
    int count = maps_ask(v, view_activation(v), out, room);
    if (count < room)
        out[count++] = view_question(v, "activation", view_before(v));
    if (count < room)
        out[count++] = view_question(v, "activation", view_activation(v));
    return count;
}

static void title_text(const struct view *v, char *text, int size)
{
    maps_title(v, "activations", view_activation(v), text, size);
}

static void draw(const struct view *v, struct canvas *c)
{
    maps_draw(v, view_activation(v), panel_cursor(v, &panel_activations), c);
}

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    return maps_move(v, view_activation(v), rows, cols, at, down, right);
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    return maps_hit(v, view_activation(v), panel_cursor(v, &panel_activations), rows, cols, row, col, at);
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    return maps_spot(v, view_activation(v), at, out);
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    maps_explain(v, view_activation(v), at, text, size);
}

const struct panel_type panel_activations = {
    .name = "activations",
    .title = "activations",
    .help = "what each filter answers to the sample, behind the non-linearity or before it; a dense layer's "
            "numbers",
    .lecture = "L46, L50",
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
