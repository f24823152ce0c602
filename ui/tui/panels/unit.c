/** One unit in numbers: its value for the sample, what pixels change it, and the weights that lead to it. Lecture L54. */
#include <stdio.h>
#include <string.h>

#include "tui/panels/panels.h"

enum { COLS = 24 };

/* The unit's place: what its ascent has, in the middle of its map. */
static struct question asked(const struct view *v)
{
    struct question q = view_question(v, "unit", v->neuron->unit.layer);
    struct unit u = maximise_place(v->net, v->neuron->unit);
    q.unit = u.channel;
    q.row = u.row;
    q.col = u.col;
    return q;
}

static const struct answer *answer_of(const struct view *v)
{
    if (!v->neuron || v->neuron->unit.layer < 0 || !v->answers)
        return NULL;
    struct question q = asked(v);
    const struct answer *a = answers_find(v->answers, &q);
    return a && a->ready ? a : NULL;
}

static struct tiles gradient_of(const struct view *v, const struct answer *a)
{
    struct shape in = v->net->in;
    const struct part *g = a ? answer_part(a, "gradient") : NULL;
    return (struct tiles){.v = g ? g->data : NULL,
                          .n = in.c,
                          .h = in.h,
                          .w = in.w,
                          .map = MAP_SIGNED,
                          .range = g ? view_range(g->data, shape_count(in)) : 0,
                          .mark = -1};
}

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    if (!v->neuron)
        return 0;
    struct tiles t = gradient_of(v, NULL);
    int count = tiles_sizes(&t, out);
    for (int i = 0; i < count; i++) {
        out[i].rows += 2 + out[i].rows / 2; /* two lines, and the weights below */
        out[i].cols = out[i].cols < COLS ? COLS : out[i].cols;
    }
    return count;
}

static int ask(const struct view *v, struct question *out, int room)
{
    if (room < 1 || !v->neuron || v->neuron->unit.layer < 0)
        return 0;
    out[0] = asked(v);
    return 1;
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct answer *a = answer_of(v);
    if (!a)
        return;
    const struct question *q = &a->question;
    snprintf(text, (size_t)size, "unit %s[%d] (%d,%d) = %.4g", v->net->layer[q->layer].name, q->unit, q->row,
             q->col, (double)answer_part(a, "value")->data[0]);
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct answer *a = answer_of(v);
    if (!a)
        return;
    int rows = c->clip.rows, cols = c->clip.cols, upper = rows > 4 ? (rows - 2) * 2 / 3 : rows - 1;
    const struct part *w = answer_part(a, "incoming"), *bias = answer_part(a, "bias");
    struct tiles g = gradient_of(v, a);
    struct canvas part = canvas_part(c, (struct rect){1, 0, upper, cols});
    canvas_format(c, 0, 0, ROLE_FAINT, "gradient, \xc2\xb1%.3g", (double)g.range);
    tiles_draw(&part, &g);
    if (!w || rows - upper < 3)
        return;
    struct tiles t = {.v = w->data,
                      .n = w->shape.c,
                      .h = w->shape.h,
                      .w = w->shape.w,
                      .map = MAP_SIGNED,
                      .range = view_range(w->data, shape_count(w->shape)),
                      .mark = -1};
    int used = canvas_format(c, 1 + upper, 0, ROLE_FAINT, "weights %s, \xc2\xb1%.3g", shape_text(w->shape).s,
                             (double)t.range);
    if (bias)
        canvas_format(c, 1 + upper, used, ROLE_FAINT, ", bias %.3g", (double)bias->data[0]);
    part = canvas_part(c, (struct rect){2 + upper, 0, rows - upper - 2, cols});
    tiles_draw(&part, &t);
}

const struct panel_type panel_unit = {
    .name = "unit",
    .title = "unit",
    .help = "the unit's value for the sample, its gradient with respect to the pixels, and the weights that "
            "lead to it",
    .lecture = "L54, L56",
    .sizes = sizes,
    .ask = ask,
    .title_text = title_text,
    .draw = draw,
};
