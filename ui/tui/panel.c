#include "tui/panel.h"

#include <stdio.h>
#include <string.h>

#include "tui/panels/panels.h"

const struct panel_type *const panel_types[] = {
    &panel_input,
    &panel_filters,
    &panel_activations,
    &panel_probabilities,
    &panel_curves,
    &panel_pooling,
    &panel_attack,
    &panel_network,
    &panel_flip,
    &panel_drawing,
    &panel_detail,
    &panel_top,
    &panel_maximise,
    &panel_bottom,
    &panel_stepin,
    &panel_kernel,
    &panel_output,
    &panel_expression,
    &panel_arithmetic,
    &panel_lanes,
    &panel_film,
    &panel_corridor,
    &panel_plane,
    &panel_fool,
    &panel_wave,
    &panel_average,
    &panel_spectrum,
    &panel_search,
    &panel_match,
    &panel_robustness,
    &panel_grid,
    &panel_transfer,
    &panel_stages,
    &panel_chain,
    &panel_taps,
    &panel_picture,
    &panel_template,
    &panel_city,
    &panel_hog,
    &panel_eye,
    &panel_census,
    &panel_purity,
    &panel_histogram,
    &panel_saliency,
    &panel_climbing,
    &panel_weights,
    NULL,
};

const struct panel_type *panel_find(const char *name)
{
    for (int i = 0; panel_types[i]; i++)
        if (strcmp(panel_types[i]->name, name) == 0)
            return panel_types[i];
    return NULL;
}

int panel_index(const struct panel_type *type)
{
    int i = 0;
    while (panel_types[i] != type)
        i++;
    return i;
}

bool panel_hidden(const struct panel_type *type, uint64_t hidden)
{
    return hidden >> panel_index(type) & 1U;
}

void panels_list_shown(const struct panel_type *const *list, uint64_t hidden, struct text *out)
{
    bool all = true;
    size_t begin = out->length;
    for (int i = 0; list[i]; i++)
        all = all && !panel_hidden(list[i], hidden);
    if (all)
        text_add(out, "all");
    for (int i = 0; list[i] && !all; i++)
        if (!panel_hidden(list[i], hidden))
            text_format(out, "%s%s", out->length > begin ? "," : "", list[i]->name);
}

const struct place *panel_cursor(const struct view *v, const struct panel_type *type)
{
    return v->pointing && v->focus == type ? &v->place[panel_index(type)] : NULL;
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

void panel_draw(const struct panel_type *type, const struct view *v, struct canvas *c, struct rect r)
{
    static const char waits[] = "... ";
    bool old = v->stale && type->ask, focused = v->focus == type;
    char title[160];
    int used = old ? snprintf(title, sizeof title, waits) : 0;
    snprintf(title + used, sizeof title - (size_t)used, "%s", type->title);
    if (type->title_text)
        type->title_text(v, title + used, (int)sizeof title - used);
    parts_fit(title, r.cols - 4);
    canvas_frame(c, r, old ? ROLE_FAINT : focused ? ROLE_FOCUS : ROLE_FRAME, title);
    struct canvas inner = canvas_part(c, (struct rect){r.row + 1, r.col + 1, r.rows - 2, r.cols - 2});
    type->draw(v, &inner);
}
