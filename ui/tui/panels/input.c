/** The sample in view, pixel for pixel, where it comes from, and what was done with it. */
#include <stdio.h>
#include <string.h>

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

/* Rows that are left for it; all of them in a panel that is too small for words. */
static int picture_rows(const struct view *v, int rows)
{
    int left = rows - own_lines(&v->own);
    return left >= heat_rows(v->net->in.h, 1) ? left : rows;
}

/* What was done with an own picture is told in a few lines below it. */
static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    struct tiles t = tiles_of(v);
    int count = pictures_sizes(v, &t, out);
    for (int i = 0; i < count; i++)
        out[i].rows += own_lines(&v->own);
    return count;
}

static int ask(const struct view *v, struct question *out, int room)
{
    static const char *const types[] = {"input", "probabilities", "change"};
    bool nudged = v->own.down != 0 || v->own.right != 0;
    int count = 0;
    for (int i = 0; i < 2 + nudged && count < room; i++)
        out[count++] = view_question(v, types[i], 0);
    return count;
}

/* "test 12", "drawn", "seven.png": where it comes from. */
static void tell_source(const struct view *v, char *text, int size)
{
    const struct sample *s = &v->answers->sample;
    const char *slash = strrchr(v->own.path, '/');
    if (s->own && v->own.source == OWN_DRAWING)
        snprintf(text, (size_t)size, "drawn");
    else if (s->own && v->own.source == OWN_FILE)
        snprintf(text, (size_t)size, "%.40s", slash ? slash + 1 : v->own.path);
    else
        snprintf(text, (size_t)size, "%s %d", (s->own ? v->split : s->split) == SPLIT_TEST ? "test" : "train",
                 s->own ? v->index : s->index);
}

static void title_text(const struct view *v, char *text, int size)
{
    char number[16], source[48], label[64] = "";
    const struct part *z = view_part(v, "probabilities", 0, "logits");
    if (!v->answers) {
        snprintf(text, (size_t)size, "input");
        return;
    }
    tell_source(v, source, sizeof source);
    int truth = v->answers->sample.label, says = z ? argmax((int)shape_count(z->shape), z->data) : -1;
    if (truth >= 0)
        snprintf(label, sizeof label, ": a '%s'%s", class_text(v, truth, number),
                 says < 0        ? ""
                 : says == truth ? "  right"
                                 : "  WRONG");
    snprintf(text, (size_t)size, "input  %s%s  0..1", source, label);
}

/* Below the picture, whose rows are at the top. */
static void draw_lines(const struct view *v, struct canvas *c)
{
    char text[160];
    int lines = own_lines(&v->own), first = c->clip.rows - lines;
    for (int i = 0; i < lines; i++) {
        own_done(&v->own, i, text, sizeof text);
        parts_fit(text, c->clip.cols);
        canvas_text_width(c, first + i, 0, c->clip.cols, ROLE_FAINT, text);
    }
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
    int rows = picture_rows(v, c->clip.rows);
    struct canvas picture = canvas_part(c, (struct rect){0, 0, rows, c->clip.cols});
    t.v = x->data;
    point_out(v, &t, &light, &mark);
    pictures_draw(v, &t, &picture);
    if (rows < c->clip.rows)
        draw_lines(v, c);
}

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    struct tiles t = tiles_of(v);
    return pictures_move(v, &t, picture_rows(v, rows), cols, at, down, right);
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    struct tiles t = tiles_of(v);
    struct light light;
    struct place mark;
    point_out(v, &t, &light, &mark);
    return pictures_hit(v, &t, picture_rows(v, rows), cols, row, col, at);
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
    .help = "the sample in view, pixel for pixel, and what was done with it",
    .lecture = "L32, L46",
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
