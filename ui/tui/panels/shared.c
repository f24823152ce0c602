/** What several panels share. */
#include <stdio.h>
#include <string.h>

#include "tui/panels/panels.h"

enum { SHAPES_MOST = 6, HALVES_MOST = 4 };
static const float half = 0.6f;

/* The first half of many pictures, with a row for how many more there are: better than a panel that isn't there. */
static int half_sizes(const struct tiles *t, struct panel_size *out)
{
    int shown = (t->n + 1) / 2, count = 0;
    for (int lines = 1; lines <= shown && count < HALVES_MOST && t->n >= 4; lines++) {
        int per_row = (shown + lines - 1) / lines;
        if (shown % per_row && per_row > 1)
            continue;
        struct tiles part = *t;
        part.n = shown;
        out[count++] =
            (struct panel_size){tiles_rows(&part, 1, per_row) + 1, tiles_cols(&part, 1, per_row), half};
    }
    return count;
}

int sizes_listed(bool some, const struct panel_size *list, int count, struct panel_size *out)
{
    for (int i = 0; i < count && some; i++)
        out[i] = list[i];
    return some ? count : 0;
}

int tiles_sizes(const struct tiles *t, struct panel_size *out)
{
    static const int zooms[] = {1, 2, 3, 4, 6, 8};
    int count = half_sizes(t, out);
    for (int z = 0; z < ARRAY_LEN(zooms); z++) {
        if (t->most > 0 && zooms[z] > t->most)
            break;
        int shapes = 0, last = 0;
        for (int lines = 1; lines <= t->n && shapes < SHAPES_MOST && count < PANEL_SIZES; lines++) {
            int per_row = (t->n + lines - 1) / lines;
            if (per_row == last || (t->n % per_row && per_row > 1 && t->n <= 64))
                continue; /* the same as before, or a ragged last row */
            last = per_row;
            int rows = tiles_rows(t, zooms[z], per_row), cols = tiles_cols(t, zooms[z], per_row);
            out[count++] = (struct panel_size){rows, cols < 15 ? 15 : cols, (float)zooms[z]};
            shapes++;
        }
    }
    return count;
}

void changes_in_colour(struct tiles *t)
{
    enum { MOST = 3 * 128 * 128 };
    static float shifted[MOST];
    int count = 3 * t->h * t->w;
    if (count > MOST || !(t->range > 0) || !t->v)
        return;
    for (int i = 0; i < count; i++)
        shifted[i] = 0.5f + 0.5f * t->v[i] / t->range;
    t->v = shifted;
}

void draw_hidden(const struct view *v, struct canvas *c)
{
    char text[160];
    snprintf(text, sizeof text, "Will %s %s? First predict: Y it will, S it won't.", v->attack_type->name,
             v->attack.targeted ? "reach its target" : "fool the network");
    draw_note(c, text);
}

void draw_note(struct canvas *c, const char *text)
{
    int row = 0;
    for (const char *at = text; *at && row < c->clip.rows; row++) {
        int length = (int)strlen(at), cols = c->clip.cols;
        if (length > cols) {
            length = cols;
            while (length > 0 && at[length] != ' ')
                length--;
            length = length > 0 ? length : cols;
        }
        canvas_format(c, row, 0, ROLE_FAINT, "%.*s", length, at);
        at += length;
        at += strspn(at, " ");
    }
}

const char *class_text(const struct view *v, int index, char number[16])
{
    snprintf(number, 16, "%d", index);
    return index >= 0 && index < v->data->classes ? v->data->class_name[index] : number;
}

void asked_text(const struct view *v, char *text, int size)
{
    const struct neuron *n = v->neuron;
    *text = 0;
    if (!n || n->unit.layer < 0)
        return;
    const char *name =
        nicknames_find(&n->names, v->model ? v->model : "", v->net->layer[v->layer].name, n->unit.channel);
    int used = snprintf(text, (size_t)size, "%s[%d]", v->net->layer[n->unit.layer].name, n->unit.channel);
    if (name && used < size)
        snprintf(text + used, (size_t)(size - used), " '%s'", name);
}
