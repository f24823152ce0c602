/** What belongs to the number or weight that is pointed at: what the panels light for it, and the line that explains it. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "explain/inspect.h"
#include "tui/apart.h"
#include "tui/panel.h"

/* ---- what is lit ---- */

static struct unit unit_of(const struct spot *s)
{
    return (struct unit){s->layer, s->c, s->row, s->col};
}

static struct tap tap_of(const struct spot *s)
{
    return (struct tap){s->c, s->in, s->row, s->col};
}

static struct light light_of(const struct net *net, int layer, struct field f)
{
    bool colour = layer == NET_INPUT && net->in.c == 3;
    struct light l = {.from = f.channels.first,
                      .to = f.channels.first + f.channels.count * f.channels.step,
                      .row = f.rows.first,
                      .col = f.cols.first,
                      .rows = (f.rows.count - 1) * f.rows.step + 1,
                      .cols = (f.cols.count - 1) * f.cols.step + 1,
                      .row_step = f.rows.step,
                      .col_step = f.cols.step};
    if (field_empty(&f))
        return (struct light){.row_step = 1, .col_step = 1};
    if (f.channels.step > 1) /* the last of them, not a step further */
        l.to -= f.channels.step - 1;
    if (colour)
        l.from = 0, l.to = 1;
    return l;
}

/* Backwards through what the weight reads, forwards through what its layer puts out. */
static bool field_of_weight(const struct view *v, const struct spot *s, int layer, struct field *out)
{
    const struct layer *l = &v->net->layer[s->layer];
    if (layer >= s->layer)
        *out = field_forward(v->net, s->layer, weight_outputs(l, tap_of(s)), layer);
    else if (layer <= l->in[0])
        *out = field_back(v->net, l->in[0], weight_inputs(l, tap_of(s)), layer);
    else
        return false;
    return true;
}

static bool in_detail(const struct view *v)
{
    return v->apart.depth > 0 && v->focus == panel_find("detail");
}

/* Of a number that is taken apart: that number, whichever term the cursor is at. */
static const struct spot *lit_for(const struct view *v)
{
    const struct apart_level *top = apart_top(v);
    bool number = top && top->kind == APART_NUMBER && in_detail(v);
    return number || (top && top->kind == APART_FEEDS) ? &top->spot : &v->spot;
}

bool view_light(const struct view *v, int layer, struct light *out)
{
    const struct spot *s = lit_for(v);
    bool forward = s != &v->spot && apart_top(v)->kind == APART_FEEDS;
    struct field f;
    if (s->kind == SPOT_WEIGHT) {
        if (!field_of_weight(v, s, layer, &f))
            return false;
    } else if (s->kind == SPOT_NUMBER) {
        struct field of = field_of_unit(unit_of(s));
        if (layer == s->layer || (layer > s->layer) != forward)
            return false;
        f = forward ? field_forward(v->net, s->layer, of, layer) : field_back(v->net, s->layer, of, layer);
    } else {
        return false;
    }
    *out = light_of(v->net, layer, f);
    return true;
}

int view_filter(const struct view *v, int layer)
{
    const struct spot *s = lit_for(v);
    int at = s->layer;
    if (s->kind != SPOT_NUMBER || s->layer < layer || (s != &v->spot && apart_top(v)->kind == APART_FEEDS))
        return -1;
    while (at > layer && apart_is_pointwise(&v->net->layer[at]))
        at = v->net->layer[at].in[0];
    return at == layer ? s->c : -1;
}

bool view_mark_weight(const struct view *v, int layer, struct place *out)
{
    const struct apart_level *top = apart_top(v);
    if (!in_detail(v) || top->kind != APART_NUMBER || top->spot.layer != layer ||
        !view_is_conv(v->net, layer))
        return false;
    struct unit u = unit_of(&top->spot);
    struct shape window = inspect_window(v->net, u), table = apart_table(v->net, u);
    struct place at = v->place[panel_index(v->focus)];
    int term = (at.tile * table.h + at.row) * table.w + at.col;
    *out = (struct place){u.channel * window.c + term / (window.h * window.w), term / window.w % window.h,
                          term % window.w};
    return true;
}

bool view_mark(const struct view *v, int layer, struct place *out)
{
    const struct spot *s = &v->spot;
    struct unit u = {s->layer, s->c, s->row, s->col};
    if (!in_detail(v) || s->kind != SPOT_NUMBER)
        return false;
    if (layer == NET_INPUT && s->layer >= 0 && v->net->layer[s->layer].in[0] == NET_INPUT &&
        inspect_form(&v->net->layer[s->layer]) == FORM_STANDARD)
        u.layer = NET_INPUT; /* the pixel, in other units */
    *out = (struct place){layer == NET_INPUT && v->net->in.c == 3 ? 0 : u.channel, u.row, u.col};
    return u.layer == layer;
}

/* ---- in words ---- */

/* A line that is put together; what doesn't fit is cut. */
struct sentence {
    char *text;
    int size, used;
};

PRINTF_LIKE(2, 3) static void add(struct sentence *l, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int wanted = vsnprintf(l->text + l->used, (size_t)(l->size - l->used), format, args);
    va_end(args);
    l->used = l->used + wanted < l->size ? l->used + wanted : l->size - 1;
}

/* "rows 4-8", "row 4", "rows 0-24 by 2". */
static void add_steps(struct sentence *l, const char *what, struct steps s)
{
    int last = s.first + (s.count - 1) * s.step;
    if (s.count == 1)
        add(l, "%s %d", what, s.first);
    else
        add(l, "%ss %d-%d", what, s.first, last);
    if (s.step > 1)
        add(l, " by %d", s.step);
}

/* The number at the spot, if an answer holds it. */
static bool value_at(const struct view *v, const struct spot *s, float *out)
{
    bool weight = s->kind == SPOT_WEIGHT, pixel = s->layer == NET_INPUT;
    const struct part *p = weight  ? view_part(v, "filters", s->layer, "weight")
                           : pixel ? view_part(v, "input", 0, "x")
                                   : view_part(v, "activation", s->layer, "y");
    if (!p)
        return false;
    if (weight && view_is_dense(v->net, s->layer)) { /* a vector, whatever shape it's shown in */
        size_t inputs = shape_count(p->shape);
        *out = (size_t)s->in < inputs ? p->data[(size_t)s->c * inputs + (size_t)s->in] : 0;
        return s->c < p->n && (size_t)s->in < inputs;
    }
    int n = weight ? s->c : 0, c = weight ? s->in : s->c;
    if (n >= p->n || c >= p->shape.c || s->row >= p->shape.h || s->col >= p->shape.w)
        return false;
    *out = p->data[((n * p->shape.c + c) * p->shape.h + s->row) * p->shape.w + s->col];
    return true;
}

static void explain_weight(const struct view *v, const struct spot *s, float value, struct sentence *line)
{
    const struct layer *l = &v->net->layer[s->layer];
    struct field f = weight_inputs(l, tap_of(s));
    size_t count = field_count(&f);
    const struct layer *below = l->in[0] >= 0 ? &v->net->layer[l->in[0]] : NULL;
    bool pixels = !below || (below->in[0] == NET_INPUT && inspect_form(below) == FORM_STANDARD);
    add(line, "weight %s[%d][%d](%d,%d) = %.4g multiplies %zu ", l->name, s->c, s->in, s->row, s->col,
        (double)value, count);
    if (pixels)
        add(line, count == 1 ? "pixel" : "pixels");
    else
        add(line, "number%s of %s", count == 1 ? "" : "s", below->name);
    if (count == 0)
        return;
    add(line, ": ");
    add_steps(line, "row", f.rows);
    add(line, ", ");
    add_steps(line, "column", f.cols);
}

static void add_sight(const struct view *v, const struct spot *s, struct sentence *line)
{
    struct field f = field_back(v->net, s->layer, field_of_unit(unit_of(s)), NET_INPUT);
    if (field_empty(&f)) {
        add(line, "; sees only padding");
    } else if (field_count(&f) == shape_count(v->net->in)) {
        add(line, "; sees the whole input");
    } else {
        add(line, "; sees input ");
        add_steps(line, "row", f.rows);
        add(line, ", ");
        add_steps(line, "column", f.cols);
    }
}

void explain_spot(const struct view *v, const struct spot *s, const float *value, char *text, int size)
{
    struct sentence line = {text, size, 0};
    float found = 0, before = 0;
    *text = 0;
    if ((s->kind != SPOT_NUMBER && s->kind != SPOT_WEIGHT) || (!value && !value_at(v, s, &found)))
        return;
    found = value ? *value : found;
    if (s->kind == SPOT_WEIGHT) {
        explain_weight(v, s, found, &line);
        return;
    }
    struct shape shape = s->layer < 0 ? v->net->in : v->net->layer[s->layer].out;
    add(&line, "%s", s->layer < 0 ? "input" : v->net->layer[s->layer].name);
    if (shape.h == 1 && shape.w == 1)
        add(&line, " unit %d", s->c);
    else if (s->layer >= 0 || shape.c > 1)
        add(&line, " %s %d (%d,%d)", s->layer < 0 ? "channel" : "map", s->c, s->row, s->col);
    else
        add(&line, " (%d,%d)", s->row, s->col);
    add(&line, " = %.4g", (double)found);
    if (s->layer < 0) {
        add(&line, " = %.0f of 255", 255 * (double)found);
        return;
    }
    const struct layer *l = &v->net->layer[s->layer];
    struct spot under = *s;
    under.layer = l->in[0];
    enum form form = inspect_form(l);
    if (form >= FORM_RELU && form <= FORM_TANH && value_at(v, &under, &before))
        add(&line, " before %s %.4g", l->type->name, (double)before);
    add_sight(v, s, &line);
}

void view_explain(const struct view *v, char *text, int size)
{
    explain_spot(v, &v->spot, NULL, text, size);
}
