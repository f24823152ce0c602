/**
 * The adversarial strip: clean, perturbation, result, and random noise of the same size, with what the network says of each. Lecture L75, L76.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/panels/panels.h"
#include "tui/widgets/legend.h"
#include "tui/widgets/numbers.h"

static const double flip_most = 1e7; /* multiply-adds */

enum { LANES = 4, GAP = 1, CAPTION = 2 /* rows */, CAPTION_COLS = 17, TWO = 2, TOLD = LANES - TWO };

/* What one picture of the strip shows. */
struct lane {
    const char *title;
    const char *picture;       /* part of the answer */
    const char *probabilities; /* what the network says of it; NULL: nothing to say */
};
static const struct lane lanes[LANES] = {
    {"clean", "clean", "p_clean"},
    {"perturbation", "perturbation", NULL},
    {"result", "adversarial", "p_adversarial"},
    {"random, same size", "noisy", "p_noisy"},
};

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    struct shape in = v->net->in;
    int count = 0, two = heat_cols(in.w, 1) < CAPTION_COLS ? CAPTION_COLS : heat_cols(in.w, 1);
    out[count++] = (struct panel_size){heat_rows(in.h, 1) + CAPTION + 2, 2 * (two + GAP) - GAP, 0.7f};
    for (int zoom = 1; zoom <= 4; zoom++) {
        int wide = heat_cols(in.w, zoom), tall = heat_rows(in.h, zoom) + CAPTION;
        wide = wide < CAPTION_COLS ? CAPTION_COLS : wide;
        out[count++] = (struct panel_size){tall, LANES * (wide + GAP) - GAP, (float)zoom};
        out[count++] = (struct panel_size){2 * tall, 2 * (wide + GAP) - GAP, (float)zoom};
    }
    return count;
}

/* Some sixty forward runs: not for a network that takes long for one. */
static bool flips_cheaply(const struct view *v)
{
    return v->attack_type->direction && net_multiply_adds(v->net) < flip_most;
}

static int ask(const struct view *v, struct question *out, int room)
{
    int count = 0;
    if (count < room)
        out[count++] = view_question(v, "attack", 0);
    if (count < room && flips_cheaply(v))
        out[count++] = view_question(v, "flip", 0);
    return count;
}

static int says(const struct part *p)
{
    return argmax((int)shape_count(p->shape), p->data);
}

/* "flips from 11.2 of 255", when it's known. */
static void flip_text(const struct view *v, char *text, int size)
{
    const struct answer *a = view_answer(v, "flip", 0);
    *text = 0;
    if (!a)
        return;
    double epsilon = 255 * (double)answer_part(a, "epsilon")->data[0];
    if (!(answer_part(a, "found")->data[0] > 0))
        snprintf(text, (size_t)size, "  no flip up to %.0f", epsilon);
    else if (epsilon > 0)
        snprintf(text, (size_t)size, "  flips at %.1f", epsilon);
}

static void title_text(const struct view *v, char *text, int size)
{
    double eps = (double)v->attack.eps;
    char flip[40];
    flip_text(v, flip, sizeof flip);
    snprintf(text, (size_t)size, "attack %s %s  epsilon %.3f = %.1f of 255%s", v->attack_type->name,
             norm_names[v->attack.norm], eps, 255 * eps, flip);
}

/* Whether that is right, where the truth is known; else whether it is what is said of the clean picture. */
static const char *verdict_of(int is, int was, int label, bool clean)
{
    if (label < 0 && clean)
        return "";
    if (label < 0)
        return is == was ? "stays" : "FOOLED";
    return is == label ? "right" : !clean && was == label ? "FOOLED" : "wrong";
}

/* "✗'7' 99.8 % FOOLED  '8' 0.1 %": what it says and whether that is right, by a sign and a word, and what is left of the truth. */
static void draw_caption(const struct view *v, struct canvas *c, int row, int width, const struct part *p,
                         const struct part *clean)
{
    char number[16], other[16], text[160];
    int is = says(p), was = says(clean), label = v->answers->sample.label;
    int truth = label >= 0 && label < (int)shape_count(p->shape) ? label : was;
    int used = snprintf(text, sizeof text, "%s'%s' %.1f %% %s", is == truth ? "\u2713" : "\u2717",
                        class_text(v, is, number), 100 * (double)p->data[is],
                        verdict_of(is, was, label, p == clean));
    if (is != truth && used < (int)sizeof text)
        snprintf(text + used, sizeof text - (size_t)used, "  '%s' %.1f %%", class_text(v, truth, other),
                 100 * (double)p->data[truth]);
    parts_fit(text, width);
    canvas_text_width(c, row, 0, width, is == truth ? ROLE_GOOD : ROLE_BAD, text);
}

/* How large the change is, in grey levels: "max 25.5  L2 500 of 255". */
static void draw_norms(struct canvas *c, int row, const float *norms)
{
    char text[96];
    snprintf(text, sizeof text, "max %.1f of 255  L2 %.0f", 255 * (double)norms[0], 255 * (double)norms[1]);
    parts_fit(text, c->clip.cols);
    canvas_text_width(c, row, 0, c->clip.cols, ROLE_FAINT, text);
}

/* How the pictures stand: `count` of them from `first`, so many in a row, each with its texts in tall x wide cells. */
struct strip {
    int first, count, per_row, tall, wide, zoom;
};

/* As many in a row as make them largest; where not even one has room, the perturbation and the result, and words for the others. */
static struct strip strip_of(const struct view *v, int rows, int cols)
{
    struct shape in = v->net->in;
    struct strip s = {.count = LANES};
    for (int n = LANES; n >= 1; n /= 2) {
        int tall = rows / (LANES / n) - CAPTION, wide = (cols + GAP) / n - GAP;
        int zoom = heat_zoom(in.h, in.w, tall, wide, 8);
        if (heat_rows(in.h, zoom) <= tall && heat_cols(in.w, zoom) <= wide && zoom > s.zoom)
            s.zoom = zoom, s.per_row = n;
    }
    if (s.zoom == 0) {
        s = (struct strip){1, TWO, TWO, rows - TOLD, (cols + GAP) / TWO - GAP, 0};
        s.zoom = heat_zoom(in.h, in.w, s.tall - CAPTION, s.wide, 8);
        return s;
    }
    s.wide = (cols + GAP) / s.per_row - GAP;
    s.tall = rows / (LANES / s.per_row);
    int taken = heat_cols(in.w, s.zoom);
    if (!v->numbers && taken < s.wide && taken >= CAPTION_COLS)
        s.wide = taken + (s.wide - taken < 4 ? s.wide - taken : 4);
    return s;
}

static struct rect lane_rect(const struct strip *s, int which)
{
    int k = which - s->first;
    return (struct rect){k / s->per_row * s->tall, k % s->per_row * (s->wide + GAP), s->tall, s->wide};
}

/* A picture of the strip and what is pointed at in it: tiles of one. */
struct picture {
    struct tiles tiles;
    struct light light;
    struct place cursor;
};

static void picture_of(const struct view *v, const struct strip *s, int which, struct picture *out)
{
    struct shape in = v->net->in;
    const struct place *cursor = panel_cursor(v, &panel_attack);
    *out = (struct picture){.tiles = {.n = 1,
                                      .h = in.h,
                                      .w = in.w,
                                      .map = in.c == 3                    ? MAP_COLOUR
                                             : lanes[which].probabilities ? MAP_GREY
                                                                          : MAP_SIGNED,
                                      .range = 1,
                                      .most = s->zoom,
                                      .mark = -1}};
    if (cursor) { /* the others scroll with it; in one that isn't drawn it would be lost */
        int lane = cursor->tile < s->first || cursor->tile >= s->first + s->count ? s->first : cursor->tile;
        out->cursor = (struct place){lane == which ? 0 : -1, cursor->row, cursor->col};
        out->tiles.cursor = &out->cursor;
    }
    if (view_light(v, NET_INPUT, &out->light))
        out->tiles.light = &out->light;
}

static void draw_lane(const struct view *v, struct canvas *c, const struct answer *a, const struct strip *s,
                      int which)
{
    const struct lane *lane = &lanes[which];
    const struct part *x = answer_part(a, lane->picture), *norms = answer_part(a, "norms");
    const struct part *p = lane->probabilities ? answer_part(a, lane->probabilities) : NULL;
    int cols = c->clip.cols, rows = c->clip.rows;
    struct picture picture;
    if (!x)
        return;
    bool difference = !lane->probabilities;
    float range = difference ? view_range(x->data, shape_count(x->shape)) : 1;
    if (difference)
        canvas_format(c, 0, 0, ROLE_TITLE, "%s x%.1f", lane->title, range > 0 ? 0.5 / (double)range : 1);
    else
        canvas_text_width(c, 0, 0, cols, ROLE_TITLE, lane->title);
    picture_of(v, s, which, &picture);
    picture.tiles.v = x->data;
    picture.tiles.range = range;
    if (difference && x->shape.c == 3 && !v->numbers)
        changes_in_colour(&picture.tiles);
    struct canvas part = canvas_part(c, (struct rect){1, 0, rows - CAPTION, cols});
    if (v->numbers)
        numbers_draw(&part, &picture.tiles);
    else
        tiles_draw(&part, &picture.tiles);
    int row = v->numbers ? rows - 1 : 1 + heat_rows(x->shape.h, s->zoom);
    row = row < rows ? row : rows - 1;
    if (p && answer_part(a, "p_clean")) {
        draw_caption(v, c, row, cols, p, answer_part(a, "p_clean"));
    } else if (v->legend && x->shape.c != 3) {
        legend_draw(c, row, 0, cols, &(struct legend){MAP_SIGNED, range, NULL});
    } else if (norms) {
        draw_norms(c, row, norms->data);
    }
}

static void draw(const struct view *v, struct canvas *c)
{
    static const int told[TOLD] = {0, 3};
    const struct answer *a = view_answer(v, "attack", 0);
    int rows = c->clip.rows, cols = c->clip.cols;
    struct strip s = strip_of(v, rows, cols);
    if (!a)
        return;
    for (int k = s.first; k < s.first + s.count; k++) {
        struct canvas part = canvas_part(c, lane_rect(&s, k));
        draw_lane(v, &part, a, &s, k);
    }
    for (int k = 0; k < TOLD && s.count < LANES; k++) {
        const struct lane *lane = &lanes[told[k]];
        const struct part *p = answer_part(a, lane->probabilities), *clean = answer_part(a, "p_clean");
        int col = canvas_format(c, rows - TOLD + k, 0, ROLE_TITLE, "%s: ", lane->title);
        struct canvas rest = canvas_part(c, (struct rect){rows - TOLD + k, col, 1, cols - col});
        if (p && clean)
            draw_caption(v, &rest, 0, cols - col, p, clean);
    }
}

/* A place's tile is a picture of the strip. */
static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    struct strip s = strip_of(v, rows, cols);
    struct tiles t = {.n = s.count, .h = v->net->in.h, .w = v->net->in.w};
    struct place to = {at->tile - s.first, at->row, at->col};
    bool moved = tiles_step(&t, s.per_row, &to, down, right);
    *at = (struct place){to.tile + s.first, to.row, to.col};
    return moved;
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    struct strip s = strip_of(v, rows, cols);
    for (int k = s.first; k < s.first + s.count; k++) {
        struct rect r = lane_rect(&s, k);
        struct picture p;
        picture_of(v, &s, k, &p);
        int y = row - r.row - 1, x = col - r.col, tall = r.rows - CAPTION;
        if (v->numbers ? numbers_hit(&p.tiles, tall, r.cols, y, x, at)
                       : tiles_hit(&p.tiles, tall, r.cols, y, x, at)) {
            at->tile = k;
            return true;
        }
    }
    return false;
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    struct shape in = v->net->in;
    *out = (struct spot){.kind = SPOT_NUMBER, .layer = NET_INPUT, .row = at.row, .col = at.col};
    return at.tile >= 0 && at.tile < LANES && at.row >= 0 && at.row < in.h && at.col >= 0 && at.col < in.w;
}

/* The three numbers of a pixel: what it was, what the attack made of it, and what chance did. */
static void explain(const struct view *v, struct place at, char *text, int size)
{
    static const char *const colours[] = {"red ", "green ", "blue "};
    const struct answer *a = view_answer(v, "attack", 0);
    struct shape in = v->net->in;
    *text = 0;
    if (!a)
        return;
    int used = snprintf(text, (size_t)size, "pixel (%d,%d)", at.row, at.col);
    for (int c = 0; c < (in.c == 3 ? 3 : 1) && used < size; c++) {
        int i = (c * in.h + at.row) * in.w + at.col;
        used += snprintf(text + used, (size_t)(size - used), "  %s%.3f %+.3f = %.3f, random %+.3f",
                         in.c == 3 ? colours[c] : "", (double)answer_part(a, "clean")->data[i],
                         (double)answer_part(a, "perturbation")->data[i],
                         (double)answer_part(a, "adversarial")->data[i],
                         (double)answer_part(a, "noise")->data[i]);
    }
}

const struct panel_type panel_attack = {
    .name = "attack",
    .title = "attack",
    .help =
        "clean, perturbation, result, and random noise of the same size, with what the network says of each",
    .lecture = "L75, L76",
    .sizes = sizes,
    .ask = ask,
    .title_text = title_text,
    .draw = draw,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
};
