#include "tui/apart.h"

#include <stdio.h>
#include <string.h>

#include "tui/panel.h"

enum { CRUMB = 96, VECTOR_COLS = 8 };

const struct apart_level *apart_top(const struct view *v)
{
    return v->apart.depth > 0 ? &v->apart.level[v->apart.depth - 1] : NULL;
}

bool apart_is_pointwise(const struct layer *l)
{
    return inspect_form(l) >= FORM_SCALED && shape_equal(l->in_shape[0], l->out);
}

struct shape apart_table(const struct net *net, struct unit u)
{
    struct shape w = inspect_window(net, u);
    const struct layer *l = &net->layer[u.layer], *below = l->in[0] >= 0 ? &net->layer[l->in[0]] : NULL;
    if (w.h > 1 || w.w > 1)
        return w;
    if (w.c > 1 && l->inputs == 1 && below && strcmp(below->type->name, "flatten") == 0)
        return below->in_shape[0];
    return (struct shape){1, (w.c + VECTOR_COLS - 1) / VECTOR_COLS, w.c < VECTOR_COLS ? w.c : VECTOR_COLS};
}

/* The first term that comes from an input channel. */
static struct place first_of(const struct net *net, const struct spot *s)
{
    struct unit u = {s->layer, s->c, s->row, s->col};
    if (s->layer < 0)
        return (struct place){0};
    struct shape w = inspect_window(net, u), table = apart_table(net, u);
    int term = s->in * w.h * w.w, plane = table.h * table.w;
    return (struct place){term / plane, term / table.w % table.h, term % table.w};
}

/* Where the cursor of the panel that shows the path stands. */
static struct place *cursor(struct view *v)
{
    return &v->place[panel_index(panel_find("detail"))];
}

bool apart_push(struct view *v, enum apart_kind kind, struct spot spot)
{
    struct apart *a = &v->apart;
    if (a->depth == APART_LEVELS)
        return false;
    if (a->depth > 0)
        a->level[a->depth - 1].at = *cursor(v);
    *cursor(v) = kind == APART_MAP      ? (struct place){spot.in, spot.row, spot.col}
                 : kind == APART_NUMBER ? first_of(v->net, &spot)
                                        : (struct place){0};
    spot.kind = SPOT_NUMBER;
    spot.in = 0;
    a->level[a->depth++] = (struct apart_level){.kind = kind, .spot = spot};
    return true;
}

bool apart_pop(struct view *v)
{
    struct apart *a = &v->apart;
    if (a->depth == 0)
        return false;
    if (--a->depth > 0)
        *cursor(v) = a->level[a->depth - 1].at;
    return true;
}

bool apart_trim(struct view *v)
{
    for (int k = 0; k < v->apart.depth; k++) {
        const struct spot *s = &v->apart.level[k].spot;
        struct shape shape =
            s->layer < 0 ? v->net->in : v->net->layer[s->layer < v->net->layers ? s->layer : 0].out;
        if (s->layer >= v->net->layers || s->c >= shape.c || s->row >= shape.h || s->col >= shape.w) {
            v->apart.depth = k;
            return true;
        }
    }
    return false;
}

static bool same_map(const struct spot *a, const struct spot *b)
{
    return a->layer == b->layer && a->c == b->c;
}

/* One level in words, the shorter where the level before says the rest. */
static void crumb(const struct view *v, int k, char *text, size_t size)
{
    const struct apart_level *l = &v->apart.level[k], *before = k > 0 ? l - 1 : NULL;
    const struct spot *s = &l->spot;
    bool known = before && same_map(&before->spot, s);
    bool number =
        known && before->kind == APART_NUMBER && before->spot.row == s->row && before->spot.col == s->col;
    char unit[CRUMB - 16];
    unit_text(v->net, (struct unit){s->layer, s->c, s->row, s->col}, unit, sizeof unit);
    if (l->kind == APART_MAP)
        snprintf(text, size, "%s map %d", s->layer < 0 ? "input" : v->net->layer[s->layer].name, s->c);
    else if (l->kind == APART_FEEDS)
        snprintf(text, size, "%s%sfeeds", number ? "" : unit, number ? "" : " ");
    else if (known && before->kind == APART_MAP)
        snprintf(text, size, "(%d,%d)", s->row, s->col);
    else
        snprintf(text, size, "%s", unit);
}

void apart_crumbs(const struct view *v, char *text, int size, int columns)
{
    static const char between[] = " > ", dots[] = "... > ";
    char one[CRUMB];
    int first = v->apart.depth, used = (int)sizeof dots - 1;
    *text = 0;
    while (first > 0) {
        crumb(v, first - 1, one, sizeof one);
        int more = text_columns(one) + (int)sizeof between - 1;
        if (used + more - (first == 1 ? (int)sizeof dots - 1 : 0) > columns && first < v->apart.depth)
            break;
        used += more;
        first--;
    }
    used = snprintf(text, (size_t)size, "%s", first > 0 ? dots : "");
    for (int k = first; k < v->apart.depth && used < size; k++) {
        crumb(v, k, one, sizeof one);
        used += snprintf(text + used, (size_t)(size - used), "%s%s", k > first ? between : "", one);
    }
}
