/** The sample in view, pixel for pixel. */
#include <stdio.h>

#include "tui/panels/panels.h"

static struct tiles tiles_of(const struct view *v)
{
    struct shape in = v->net->in;
    bool colour = in.c == 3;
    return (struct tiles){.n = colour ? 1 : in.c,
                          .h = in.h,
                          .w = in.w,
                          .map = colour ? MAP_COLOUR : MAP_GREY,
                          .range = 1,
                          .mark = -1};
}

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    struct tiles t = tiles_of(v);
    return pictures_sizes(v, &t, out);
}

static int ask(const struct view *v, struct question *out, int room)
{
    if (room < 1)
        return 0;
    out[0] = view_question(v, "input", 0);
    return 1;
}

static void title_text(const struct view *v, char *text, int size)
{
    char number[16];
    int label = v->answers ? v->answers->sample.label : -1;
    if (label < 0)
        snprintf(text, (size_t)size, "input");
    else
        snprintf(text, (size_t)size, "input  %s %d: a '%s'  0..1",
                 v->answers->sample.split == SPLIT_TEST ? "test" : "train", v->answers->sample.index,
                 class_text(v, label, number));
}

/* What is lit and marked; the same for drawing and for pointing, since what is seen is scrolled to it. */
static void point_out(const struct view *v, struct tiles *t, struct light *light, struct place *mark)
{
    t->light = view_light(v, NET_INPUT, light) ? light : NULL;
    t->cursor = panel_cursor(v, &panel_input);
    if (!t->cursor && view_mark(v, NET_INPUT, mark))
        t->cursor = mark;
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct part *x = view_part(v, "input", 0, "x");
    if (!x)
        return;
    struct tiles t = tiles_of(v);
    struct light light;
    struct place mark;
    t.v = x->data;
    point_out(v, &t, &light, &mark);
    pictures_draw(v, &t, c);
}

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    struct tiles t = tiles_of(v);
    return pictures_move(v, &t, rows, cols, at, down, right);
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    struct tiles t = tiles_of(v);
    struct light light;
    struct place mark;
    point_out(v, &t, &light, &mark);
    return pictures_hit(v, &t, rows, cols, row, col, at);
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    struct tiles t = tiles_of(v);
    *out = (struct spot){.kind = SPOT_NUMBER, .layer = NET_INPUT, .c = at.tile, .row = at.row, .col = at.col};
    return at.tile < t.n && at.row < t.h && at.col < t.w;
}

/* A pixel in colour is three numbers. */
static void explain(const struct view *v, struct place at, char *text, int size)
{
    const struct part *x = view_part(v, "input", 0, "x");
    struct shape in = v->net->in;
    if (!x || in.c != 3) {
        view_explain(v, text, size);
        return;
    }
    int plane = in.h * in.w, i = at.row * in.w + at.col;
    snprintf(text, (size_t)size, "input (%d,%d) = red %.3f, green %.3f, blue %.3f", at.row, at.col,
             (double)x->data[i], (double)x->data[plane + i], (double)x->data[2 * plane + i]);
}

const struct panel_type panel_input = {
    .name = "input",
    .title = "input",
    .help = "the sample in view, pixel for pixel",
    .lecture = "L32, L46",
    .sizes = sizes,
    .ask = ask,
    .title_text = title_text,
    .draw = draw,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
};
