/** Which pixels of the sample change the unit, and which way: its gradient with respect to the input, beside the input, where in its map it answers most. Lecture L54, L56. */
#include <stdio.h>

#include "tui/panels/panels.h"

enum { GAP = 2, NAME = 96, ZOOM_MOST = 8 };

/* The unit where it is largest for the sample. */
static struct question asked(const struct view *v)
{
    struct question q = view_question(v, "unit", v->neuron->unit.layer);
    q.unit = v->neuron->unit.channel;
    q.row = v->neuron->unit.row;
    q.col = v->neuron->unit.col;
    return q;
}

const struct answer *unit_answer(const struct view *v)
{
    if (!v->neuron || v->neuron->unit.layer < 0 || !v->answers)
        return NULL;
    struct question q = asked(v);
    const struct answer *a = answers_find(v->answers, &q);
    return a && a->ready ? a : NULL;
}

int unit_ask(const struct view *v, struct question *out, int room)
{
    if (room < 1 || !v->neuron || v->neuron->unit.layer < 0)
        return 0;
    out[0] = asked(v);
    return 1;
}

/* Where in its map it was asked about. */
static struct unit unit_of(const struct answer *a)
{
    const float *place = answer_part(a, "place")->data;
    return (struct unit){a->question.layer, a->question.unit, (int)place[0], (int)place[1]};
}

/* The input (none of two channels, or of more than three) and the gradient, of a picture in colour that of its brightness. */
struct sides {
    struct tiles input, gradient;
    struct rect left, right;
};

/* Are all of them there, at that zoom? */
static bool fits(const struct tiles *tiles, int zoom, int rows, int cols)
{
    struct tiles t = *tiles;
    t.most = zoom;
    struct tiles_fit fit = tiles_fit(&t, rows, cols);
    return fit.zoom == zoom && fit.shown == t.n && tiles_cols(&t, zoom, fit.per_row) <= cols &&
           tiles_rows(&t, zoom, fit.per_row) <= rows;
}

/* Beside each other or one above the other, whichever makes them larger; where there isn't room for both, the gradient alone. */
static void place_sides(struct sides *s, int rows, int cols)
{
    int zoom = s->input.n ? ZOOM_MOST : 0;
    bool beside = false, above = false;
    for (; zoom > 0; zoom--) {
        int wide = heat_cols(s->input.w, zoom), tall = heat_rows(s->input.h, zoom);
        beside = fits(&s->input, zoom, rows, wide) && fits(&s->gradient, zoom, rows, cols - wide - GAP);
        above = fits(&s->input, zoom, tall, cols) && fits(&s->gradient, zoom, rows - tall - 1, cols);
        if (beside || above)
            break;
    }
    s->input.most = s->gradient.most = zoom;
    int wide = heat_cols(s->input.w, zoom > 0 ? zoom : 1), tall = heat_rows(s->input.h, zoom > 0 ? zoom : 1);
    s->left = (struct rect){0, 0, zoom > 0 ? tall : 0, zoom > 0 ? wide : 0};
    s->right = beside  ? (struct rect){0, wide + GAP, rows, cols - wide - GAP}
               : above ? (struct rect){tall + 1, 0, rows - tall - 1, cols}
                       : (struct rect){0, 0, rows, cols};
    if (beside)
        s->left.rows = rows;
}

static struct sides sides_of(const struct view *v, const struct answer *a, int rows, int cols)
{
    struct shape in = v->net->in;
    bool colour = in.c == 3;
    const struct part *g = a ? answer_part(a, "brightness") : NULL;
    struct sides s = {.input = {.v = v->answers ? v->answers->sample.x : NULL,
                                .n = in.c == 1 || colour,
                                .h = in.h,
                                .w = in.w,
                                .map = colour ? MAP_COLOUR : MAP_GREY,
                                .range = 1,
                                .mark = -1},
                      .gradient = {.v = g ? g->data : NULL,
                                   .n = 1,
                                   .h = in.h,
                                   .w = in.w,
                                   .map = MAP_SIGNED,
                                   .range = g ? view_range(g->data, shape_count(g->shape)) : 0,
                                   .mark = -1}};
    place_sides(&s, rows, cols);
    return s;
}

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    if (!v->neuron)
        return 0;
    struct tiles t = sides_of(v, NULL, 1, 1).gradient;
    t.n += v->net->in.c == 1 || v->net->in.c == 3;
    t.most = 0;
    int count = pictures_sizes(v, &t, out);
    for (int i = 0; i < count; i++)
        out[i].cols += GAP;
    return count;
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct answer *a = unit_answer(v);
    char name[NAME];
    if (!a)
        return;
    struct unit u = unit_of(a);
    const struct part *g = answer_part(a, "brightness");
    float range = view_range(g->data, shape_count(g->shape));
    asked_text(v, name, sizeof name);
    snprintf(text, (size_t)size, "saliency %s = %.4g at (%d,%d)  gradient \xc2\xb1%.3g", name,
             (double)answer_part(a, "value")->data[0], u.row, u.col, (double)range);
}

/* What the unit sees from there is bright. */
static struct light sight_of(const struct view *v, const struct answer *a)
{
    struct box b = receptive_field(v->net, unit_of(a));
    return (struct light){
        .to = v->net->in.c, .row = b.top, .col = b.left, .rows = b.bottom - b.top, .cols = b.right - b.left};
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct answer *a = unit_answer(v);
    const struct place *cursor = panel_cursor(v, &panel_saliency);
    char note[200];
    if (!a) {
        draw_note(c, v->neuron ? "waiting for the network" : "lab neuron asks a unit");
        return;
    }
    struct sides s = sides_of(v, a, c->clip.rows, c->clip.cols);
    struct light light = sight_of(v, a);
    s.input.light = s.gradient.light = &light;
    s.input.cursor = s.gradient.cursor = cursor;
    struct canvas left = canvas_part(c, s.left), right = canvas_part(c, s.right);
    if (s.input.n && s.left.cols > 0)
        pictures_draw(v, &s.input, &left);
    if (s.gradient.range > 0) {
        pictures_draw(v, &s.gradient, &right);
        return;
    }
    maximise_explain(v->net, unit_of(a), 0, note, sizeof note);
    draw_note(&right, note);
}

/* ---- pointing: at a pixel of the gradient ---- */

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    struct sides s = sides_of(v, unit_answer(v), rows, cols);
    return unit_answer(v) && pictures_move(v, &s.gradient, s.right.rows, s.right.cols, at, down, right);
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    struct sides s = sides_of(v, unit_answer(v), rows, cols);
    if (!unit_answer(v))
        return false;
    if (row >= s.right.row && col >= s.right.col)
        return pictures_hit(v, &s.gradient, s.right.rows, s.right.cols, row - s.right.row, col - s.right.col,
                            at);
    return row < s.left.rows && col < s.left.cols &&
           pictures_hit(v, &s.input, s.left.rows, s.left.cols, row, col, at);
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    struct shape in = v->net->in;
    *out = (struct spot){.kind = SPOT_NUMBER, .layer = NET_INPUT, .c = 0, .row = at.row, .col = at.col};
    return unit_answer(v) && at.tile == 0 && at.row < in.h && at.col < in.w;
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    const struct answer *a = unit_answer(v);
    struct shape in = v->net->in;
    struct spot s;
    if (!a || !spot(v, at, &s))
        return;
    size_t i = (size_t)at.row * (size_t)in.w + (size_t)at.col, pixels = (size_t)in.h * (size_t)in.w;
    const float *each = answer_part(a, "gradient")->data;
    double g = (double)answer_part(a, "brightness")->data[i];
    int used =
        snprintf(text, (size_t)size,
                 "pixel (%d,%d): one grey level of 255 more changes the unit by about %.2g  gradient %.4g",
                 at.row, at.col, g / 255, g);
    if (in.c == 3 && used < size)
        snprintf(text + used, (size_t)(size - used), " = %.3g red %+.3g green %+.3g blue", (double)each[i],
                 (double)each[i + pixels], (double)each[i + 2 * pixels]);
}

const struct panel_type panel_saliency = {
    .name = "saliency",
    .title = "saliency",
    .help =
        "the sample, and beside it the unit's gradient with respect to each pixel, where the unit answers "
        "most; blue is negative, orange positive",
    .lecture = "L54, L56",
    .sizes = sizes,
    .ask = unit_ask,
    .title_text = title_text,
    .draw = draw,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
};
