/** What comes out of the layer in view, behind its non-linearity. Lecture L46, L50. */
#include "tui/panels/panels.h"

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    return maps_sizes(v, view_activation(v), out);
}

static int ask(const struct view *v, struct question *out, int room)
{
    return maps_ask(v, view_activation(v), out, room);
}

static void title_text(const struct view *v, char *text, int size)
{
    maps_title(v, "activations", view_activation(v), text, size);
}

static void draw(const struct view *v, struct canvas *c)
{
    maps_draw(v, view_activation(v), c);
}

const struct panel_type panel_activations = {
    .name = "activations",
    .title = "activations",
    .help = "what each filter answers to the sample, behind the non-linearity; one scale for all maps",
    .lecture = "L46, L50",
    .sizes = sizes,
    .ask = ask,
    .title_text = title_text,
    .draw = draw,
};
