/**
 * The eye: what a bar at an angle makes a filter of the layer in view answer, and at every other angle, its tuning curve, as Hubel and Wiesel measured it; and a picture as rods and
 * cones catch it. Lecture L41 to L43.
 */
#include <stdio.h>

#include "filter/tuning.h"
#include "tui/panels/panels.h"
#include "tui/scenery.h"
#include "tui/widgets/plot.h"

enum { MOST = 1024, LABEL = 16, HEAD = 1, GAP = 1, PLOT_ROWS = 7, LABEL_COLS = 4 };

/* Where everything stands; rows of 0 where there is no room. */
struct places {
    struct rect bar, filter, plot, filters, retina;
    const struct scene_view *view;
};

static const char *const cells[EYE_CELLS] = {"rods: all light", "long cones", "middle cones", "short cones"};

static struct question asked(const struct view *v)
{
    return view_question(v, "tuning", v->layer);
}

static const struct answer *answer_of(const struct view *v)
{
    return view_answer(v, "tuning", v->layer);
}

static int kernel_of(const struct view *v)
{
    return v->net->layer[v->layer].param[0].dim[2];
}

static struct tiles tiles_of(const struct view *v, const struct answer *a)
{
    const struct part *filter = answer_part(a, "filter");
    int k = kernel_of(v), count = filter->n < MOST ? filter->n : MOST;
    return (struct tiles){.v = filter->data,
                          .n = count,
                          .h = k,
                          .w = k,
                          .map = MAP_SIGNED,
                          .label_rows = 1,
                          .label_cols = LABEL_COLS,
                          .mark = v->scenery->unit < count ? v->scenery->unit : count - 1,
                          .range = view_range(filter->data, (size_t)(filter->n * k * k))};
}

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    static const struct panel_size offered[] = {{18, 76, 0.8f}, {24, 76, 1}, {34, 110, 2}, {44, 150, 3}};
    (void)s;
    return sizes_listed(v->scenery, offered, ARRAY_LEN(offered), out);
}

static int ask(const struct view *v, struct question *out, int room)
{
    struct question q = asked(v);
    if (room < 1 || !question_fits(v->net, &q))
        return 0;
    out[0] = q;
    return 1;
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct scenery *s = v->scenery;
    if (s)
        snprintf(text, (size_t)size, "eye %s  a bar at %.0f degrees%s", v->net->layer[v->layer].name,
                 s->angle, s->turning ? ", turning" : "");
}

/* The retina below, as large as a third of the room lets it be; the filters above it; bar, filter and curve in what is left. */
static struct places places_in(const struct view *v, const struct answer *a, int rows, int cols)
{
    const struct scenery *s = v->scenery;
    struct places p = {0};
    int left = rows - HEAD;
    for (int k = 0; k < SHRINKS && !p.view; k++) {
        const struct scene_view *at = &s->view[k];
        int tall = heat_rows(at->h, 1) + 1, wide = EYE_CELLS * (heat_cols(at->w, 1) + GAP) - GAP;
        if (wide <= cols && tall <= (rows + 2) / 3) {
            p.view = at;
            p.retina = (struct rect){rows - tall, 0, tall, cols};
            left -= tall;
        }
    }
    if (!a)
        return p;
    struct tiles t = tiles_of(v, a);
    int zoom = 1, per_row = cols / (LABEL_COLS + 1 > t.w + 1 ? LABEL_COLS + 1 : t.w + 1), wanted;
    per_row = per_row < 1 ? 1 : per_row;
    wanted = tiles_rows(&t, zoom, per_row < t.n ? per_row : t.n);
    if (left - PLOT_ROWS >= heat_rows(t.h, 1) + 1) {
        int tall = wanted < left - PLOT_ROWS ? wanted : left - PLOT_ROWS;
        p.filters = (struct rect){HEAD + left - tall, 0, tall, cols};
        left -= tall;
    }
    zoom = heat_zoom(t.h, t.w, left, cols / 6, 8);
    int side = heat_cols(t.w, zoom) > cols / 4 ? cols / 4 : heat_cols(t.w, zoom);
    p.bar = (struct rect){HEAD, 0, left, side};
    p.filter = (struct rect){HEAD, side + 2 * GAP, left, side};
    p.plot = (struct rect){HEAD, 2 * side + 4 * GAP, left, cols - 2 * side - 4 * GAP};
    return p;
}

static int angle_index(const struct scenery *s)
{
    return (int)(s->angle * TUNING_ANGLES / 180 + 0.5) % TUNING_ANGLES;
}

static void draw_curve(const struct view *v, const struct answer *a, int unit, struct canvas *c)
{
    static struct plot_point point[TUNING_ANGLES + 1];
    const float *curve = answer_part(a, "curve")->data + (size_t)unit * TUNING_ANGLES;
    double at = v->scenery->angle;
    for (int i = 0; i <= TUNING_ANGLES; i++) /* half a turn further it is the same bar */
        point[i] = (struct plot_point){180.0 * i / TUNING_ANGLES, curve[i % TUNING_ANGLES]};
    struct plot p = {.count = 1,
                     .x_low = 0,
                     .x_high = 180,
                     .x_name = "degrees",
                     .mark = (double)answer_part(a, "preferred")->data[unit],
                     .cross = &at};
    p.series[0] = (struct plot_series){
        .point = point, .count = TUNING_ANGLES + 1, .line = LINE_TRAIN_LOSS, .name = "answer"};
    plot_draw(c, &p);
}

static void draw_filters(const struct view *v, const struct answer *a, struct canvas *c)
{
    static char text[MOST][LABEL];
    static const char *label[MOST];
    struct tiles t = tiles_of(v, a);
    for (int f = 0; f < t.n; f++) {
        bool fires = answer_part(a, "peak")->data[f] > 0;
        snprintf(text[f], LABEL, fires ? "%.0f%s" : "-", (double)answer_part(a, "preferred")->data[f],
                 c->style->utf8 ? "\u00b0" : "");
        label[f] = text[f];
    }
    t.label = label;
    t.most = 1;
    t.cursor = panel_cursor(v, &panel_eye);
    tiles_draw(c, &t);
}

static void draw_unit(const struct view *v, const struct answer *a, const struct places *p, struct canvas *c)
{
    struct tiles t = tiles_of(v, a);
    int unit = t.mark, k = kernel_of(v), at = angle_index(v->scenery);
    const float *curve = answer_part(a, "curve")->data + (size_t)unit * TUNING_ANGLES;
    canvas_format(c, 0, 0, ROLE_STRONG, "filter %d answers %.3g; most %.3g at %.0f degrees; selectivity %.2f",
                  unit, (double)curve[at], (double)answer_part(a, "peak")->data[unit],
                  (double)answer_part(a, "preferred")->data[unit],
                  (double)answer_part(a, "selectivity")->data[unit]);
    int zoom = heat_zoom(k, k, p->bar.rows, p->bar.cols, 8);
    struct heat bar = {.v = answer_part(a, "bar")->data + (size_t)(at * k * k),
                       .h = k,
                       .w = k,
                       .map = MAP_GREY,
                       .range = 1,
                       .zoom = zoom};
    struct heat filter = tiles_picture(&t, unit, zoom);
    struct canvas left = canvas_part(c, p->bar), middle = canvas_part(c, p->filter),
                  right = canvas_part(c, p->plot);
    heat_draw(&left, 0, 0, p->bar.rows, p->bar.cols, &bar);
    heat_draw(&middle, 0, 0, p->filter.rows, p->filter.cols, &filter);
    draw_curve(v, a, unit, &right);
    if (p->filters.rows > 0) {
        struct canvas below = canvas_part(c, p->filters);
        draw_filters(v, a, &below);
    }
}

static void draw_retina(const struct places *p, struct canvas *c)
{
    const struct scene_view *at = p->view;
    int wide = heat_cols(at->w, 1);
    for (int k = 0; k < EYE_CELLS; k++) {
        struct heat h = {.v = at->eye[k], .h = at->h, .w = at->w, .map = MAP_GREY, .range = 1, .zoom = 1};
        int col = k * (wide + GAP);
        canvas_text_width(c, p->retina.row, col, wide, ROLE_TITLE, cells[k]);
        heat_draw(c, p->retina.row + 1, col, p->retina.rows - 1, wide, &h);
    }
}

static void draw(const struct view *v, struct canvas *c)
{
    if (!v->scenery) {
        draw_note(c, "a bar that turns, and what filters answer to it: in the filter lab");
        return;
    }
    struct question q = asked(v);
    const struct answer *a = answer_of(v);
    struct places p = places_in(v, a, c->clip.rows, c->clip.cols);
    if (a)
        draw_unit(v, a, &p, c);
    else
        draw_note(c, question_fits(v->net, &q)
                         ? "filters are shown the bar"
                         : "The layer in view has no square kernels from 3 x 3 on; ) and ( go to others.");
    if (p.view)
        draw_retina(&p, c);
}

static void numbers(const struct view *v, struct text *out)
{
    const struct answer *a = v->scenery ? answer_of(v) : NULL;
    if (a)
        text_add(out, "filter,degrees,answer\n");
    for (int i = 0; a && i < answer_part(a, "curve")->n * TUNING_ANGLES; i++)
        text_format(out, "%d,%g,%.9g\n", i / TUNING_ANGLES, 180.0 * (i % TUNING_ANGLES) / TUNING_ANGLES,
                    (double)answer_part(a, "curve")->data[i]);
}

/* ---- pointing: at a pixel of a filter ---- */

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    const struct answer *a = v->scenery ? answer_of(v) : NULL;
    if (!a)
        return false;
    struct tiles t = tiles_of(v, a);
    struct places p = places_in(v, a, rows, cols);
    return tiles_move(&t, p.filters.rows, p.filters.cols, at, down, right);
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    const struct answer *a = v->scenery ? answer_of(v) : NULL;
    if (!a)
        return false;
    struct tiles t = tiles_of(v, a);
    struct places p = places_in(v, a, rows, cols);
    t.most = 1;
    t.cursor = panel_cursor(v, &panel_eye);
    return tiles_hit(&t, p.filters.rows, p.filters.cols, row - p.filters.row, col - p.filters.col, at);
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    const struct answer *a = v->scenery ? answer_of(v) : NULL;
    int k = a ? kernel_of(v) : 0;
    *out = (struct spot){.kind = SPOT_WEIGHT, .layer = v->layer, .c = at.tile, .row = at.row, .col = at.col};
    return a && at.tile >= 0 && at.tile < tiles_of(v, a).n && at.row < k && at.col < k;
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    const struct answer *a = answer_of(v);
    if (!a)
        return;
    size_t f = (size_t)at.tile;
    snprintf(
        text, (size_t)size,
        "%s[%d], its channels added up  likes a bar at %.0f degrees: %.3g  selectivity %.2f, 1 being nothing "
        "across",
        v->net->layer[v->layer].name, at.tile, (double)answer_part(a, "preferred")->data[f],
        (double)answer_part(a, "peak")->data[f], (double)answer_part(a, "selectivity")->data[f]);
}

const struct panel_type panel_eye = {
    .name = "eye",
    .title = "eye",
    .help = "a bar at any angle, what each filter of the layer in view answers to it, and to all others, as "
            "Hubel and "
            "Wiesel measured cells; a picture as rods and cones catch it",
    .lecture = "L41, L42, L43",
    .sizes = sizes,
    .ask = ask,
    .title_text = title_text,
    .draw = draw,
    .numbers = numbers,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
};
