#include "tui/panel.h"

#include <stdio.h>
#include <string.h>

#include "tui/panels/panels.h"

const struct panel_type *const panel_types[] = {
    &panel_input,         &panel_filters, &panel_activations, &panel_pooling, &panel_attack,
    &panel_probabilities, &panel_curves,  &panel_network,     NULL,
};

const struct panel_type *panel_find(const char *name)
{
    for (int i = 0; panel_types[i]; i++)
        if (strcmp(panel_types[i]->name, name) == 0)
            return panel_types[i];
    return NULL;
}

int panels_ask(const struct view *v, const struct panel_type *const *panel, int count, struct question *out)
{
    int asked = 0;
    for (int p = 0; p < count; p++) {
        struct question own[QUESTIONS_MAX];
        int n = panel[p]->ask ? panel[p]->ask(v, own, QUESTIONS_MAX) : 0;
        for (int k = 0; k < n; k++) {
            bool known = false;
            for (int i = 0; i < asked && !known; i++)
                known = question_equal(&out[i], &own[k]);
            if (!known && asked < QUESTIONS_MAX)
                out[asked++] = own[k];
        }
    }
    return asked;
}

void parts_fit(char *text, int columns)
{
    while (text_columns(text) > columns) {
        char *last = NULL;
        for (char *at = text + strspn(text, " "); (at = strstr(at, "  ")); at += strspn(at, " "))
            last = at;
        if (!last)
            return;
        *last = 0;
    }
}

void panel_draw(const struct panel_type *type, const struct view *v, struct canvas *c, struct rect r,
                bool focused)
{
    char title[160];
    snprintf(title, sizeof title, "%s", type->title);
    if (type->title_text)
        type->title_text(v, title, sizeof title);
    parts_fit(title, r.cols - 4);
    canvas_frame(c, r, focused ? ROLE_FOCUS : ROLE_FRAME, title);
    struct canvas inner = canvas_part(c, (struct rect){r.row + 1, r.col + 1, r.rows - 2, r.cols - 2});
    type->draw(v, &inner);
}
