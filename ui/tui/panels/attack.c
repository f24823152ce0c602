/**
 * The adversarial strip: clean, perturbation, result, and random noise of the same size, with what the network says of each. Lecture L75, L76.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/panels/panels.h"

enum { LANES = 4, GAP = 1, CAPTION = 2 /* rows */, CAPTION_COLS = 17, COLOUR_MOST = 3 * 128 * 128 };

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
    int count = 0;
    for (int zoom = 1; zoom <= 4; zoom++) {
        int wide = heat_cols(in.w, zoom), tall = heat_rows(in.h, zoom) + CAPTION;
        wide = wide < CAPTION_COLS ? CAPTION_COLS : wide;
        out[count++] = (struct panel_size){tall, LANES * (wide + GAP) - GAP, (float)zoom};
        out[count++] = (struct panel_size){2 * tall, 2 * (wide + GAP) - GAP, (float)zoom};
    }
    return count;
}

static int ask(const struct view *v, struct question *out, int room)
{
    if (room < 1)
        return 0;
    out[0] = view_question(v, "attack", 0);
    return 1;
}

static int says(const struct part *p)
{
    return argmax((int)shape_count(p->shape), p->data);
}

static void title_text(const struct view *v, char *text, int size)
{
    double eps = (double)v->attack.eps;
    snprintf(text, (size_t)size, "attack %s %s  epsilon %.3f = %.1f of 255", v->attack_type->name,
             norm_names[v->attack.norm], eps, 255 * eps);
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

/* "'7' 99.8 % right": in words, since colours may be missing. */
static void draw_caption(const struct view *v, struct canvas *c, int row, int width, const struct part *p,
                         const struct part *clean)
{
    char number[16], text[96];
    int is = says(p), was = says(clean), label = v->answers->sample.label;
    int truth = label >= 0 ? label : was;
    const char *verdict = verdict_of(is, was, label, p == clean);
    snprintf(text, sizeof text, "'%s' %.1f %% %s", class_text(v, is, number), 100 * (double)p->data[is],
             verdict);
    canvas_text_width(c, row, 0, width, is == truth ? ROLE_GOOD : ROLE_BAD, text);
}

/* A perturbation of a picture in colour: zero in the middle of each channel, its largest change at the end. Larger pictures than that: of the red channel alone. */
static void show_in_colour(struct heat *p)
{
    static float shifted[COLOUR_MOST];
    int count = 3 * p->h * p->w;
    if (count > COLOUR_MOST || !(p->range > 0))
        return;
    for (int i = 0; i < count; i++)
        shifted[i] = 0.5f + 0.5f * p->v[i] / p->range;
    p->v = shifted;
    p->map = MAP_COLOUR;
}

static void draw_lane(const struct view *v, struct canvas *c, const struct answer *a, int which, int zoom)
{
    const struct lane *lane = &lanes[which];
    const struct part *x = answer_part(a, lane->picture), *norms = answer_part(a, "norms");
    const struct part *p = lane->probabilities ? answer_part(a, lane->probabilities) : NULL;
    int cols = c->clip.cols, rows = c->clip.rows;
    if (!x)
        return;
    bool difference = !lane->probabilities;
    float range = difference ? view_range(x->data, shape_count(x->shape)) : 1;
    canvas_text_width(c, 0, 0, cols, ROLE_TITLE, lane->title);
    struct heat picture = {x->data,    x->shape.h,
                           x->shape.w, difference ? MAP_SIGNED : x->shape.c == 3 ? MAP_COLOUR : MAP_GREY,
                           range,      zoom};
    if (difference && x->shape.c == 3)
        show_in_colour(&picture);
    heat_draw(c, 1, 0, rows - CAPTION, cols, &picture);
    int row = 1 + heat_rows(x->shape.h, zoom);
    row = row < rows ? row : rows - 1;
    if (p && answer_part(a, "p_clean")) {
        draw_caption(v, c, row, cols, p, answer_part(a, "p_clean"));
    } else if (norms) {
        char text[96];
        double gain = range > 0 ? 0.5 / (double)range : 1;
        snprintf(text, sizeof text, "x%.1f  L2 %.2f", gain, (double)norms->data[1]);
        canvas_text_width(c, row, 0, cols, ROLE_FAINT, text);
    }
}

/* Too narrow for all four: the perturbation and the result, and in words what the network says of the others. */
static void draw_two(const struct view *v, struct canvas *c, const struct answer *a)
{
    static const int drawn[] = {1, 2}, told[] = {0, 3};
    int cols = c->clip.cols, wide = (cols + GAP) / 2 - GAP, rows = c->clip.rows - ARRAY_LEN(told);
    int zoom = heat_zoom(v->net->in.h, v->net->in.w, rows - CAPTION, wide, 8);
    for (int k = 0; k < ARRAY_LEN(drawn); k++) {
        struct canvas part = canvas_part(c, (struct rect){0, k * (wide + GAP), rows, wide});
        draw_lane(v, &part, a, drawn[k], zoom);
    }
    for (int k = 0; k < ARRAY_LEN(told); k++) {
        const struct lane *lane = &lanes[told[k]];
        const struct part *p = answer_part(a, lane->probabilities), *clean = answer_part(a, "p_clean");
        int col = canvas_format(c, rows + k, 0, ROLE_TITLE, "%s: ", lane->title);
        struct canvas rest = canvas_part(c, (struct rect){rows + k, col, 1, cols - col});
        if (p && clean)
            draw_caption(v, &rest, 0, cols - col, p, clean);
    }
}

/* As many in a row as make them largest. */
static void draw(const struct view *v, struct canvas *c)
{
    const struct answer *a = view_answer(v, "attack", 0);
    struct shape in = v->net->in;
    int rows = c->clip.rows, cols = c->clip.cols, best = 0, per_row = 0;
    if (!a)
        return;
    for (int n = LANES; n >= 1; n /= 2) {
        int tall = rows / (LANES / n) - CAPTION, wide = (cols + GAP) / n - GAP;
        int zoom = heat_zoom(in.h, in.w, tall, wide, 8);
        if (heat_rows(in.h, zoom) <= tall && heat_cols(in.w, zoom) <= wide && zoom > best)
            best = zoom, per_row = n;
    }
    if (best == 0) {
        draw_two(v, c, a);
        return;
    }
    int wide = (cols + GAP) / per_row - GAP, tall = rows / (LANES / per_row);
    int taken = heat_cols(in.w, best);
    if (taken < wide && taken >= CAPTION_COLS)
        wide = taken + (wide - taken < 4 ? wide - taken : 4);
    for (int k = 0; k < LANES; k++) {
        struct rect r = {k / per_row * tall, k % per_row * (wide + GAP), tall, wide};
        struct canvas part = canvas_part(c, r);
        draw_lane(v, &part, a, k, best);
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
};
