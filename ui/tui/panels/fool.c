/**
 * Draw to fool: the learner changes pixels of the sample by hand within a budget, the network answers at once, and an attack with the same budget is what he is measured by.
 * Lecture L77, L79.
 */
#include <stdio.h>
#include <string.h>

#include "nn/loss.h"
#include "tui/fooling.h"
#include "tui/panels/panels.h"
#include "tui/widgets/bars.h"
#include "tui/widgets/numbers.h"

enum { TEXT_COLS = 30, TEXT_ROWS = 5, GAP = 1, CLASSES_MOST = 4096, BARS_MOST = 16 };

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    struct shape in = v->net->in;
    int count = 0;
    (void)s;
    if (!v->fooling)
        return 0;
    out[count++] = (struct panel_size){12, 40, 0.4f};
    for (int zoom = 1; zoom <= 4; zoom++) {
        int tall = heat_rows(in.h, zoom), wide = heat_cols(in.w, zoom);
        int classes = net_classes(v->net) < BARS_MOST ? net_classes(v->net) : BARS_MOST;
        out[count++] = (struct panel_size){tall < TEXT_ROWS + classes ? TEXT_ROWS + classes : tall,
                                           wide + GAP + TEXT_COLS, (float)zoom};
        out[count++] =
            (struct panel_size){tall + TEXT_ROWS, wide < TEXT_COLS ? TEXT_COLS : wide, (float)zoom};
    }
    return count;
}

static int ask(const struct view *v, struct question *out, int room)
{
    int count = 0;
    if (!v->fooling)
        return 0;
    if (count < room)
        out[count++] = view_question(v, "change", 0);
    if (count < room)
        out[count++] = view_question(v, "probabilities", 0);
    if (count < room)
        out[count++] = fooling_rival(v);
    return count;
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct fooling *f = v->fooling;
    if (!f)
        return;
    int marked = fooling_marked(f);
    if (f->budget == BUDGET_PIXELS)
        snprintf(text, (size_t)size, "fool  %d of %d pixels left", f->pixels - marked, f->pixels);
    else
        snprintf(text, (size_t)size, "fool  each pixel by at most %.1f of 255", 255 * (double)f->epsilon);
}

/* The picture beside the texts, or above them. */
struct lay {
    struct rect picture, text;
};

static struct lay lay_of(const struct view *v, int rows, int cols)
{
    struct shape in = v->net->in;
    int text = cols >= heat_cols(in.w, 1) + GAP + TEXT_COLS - 6 ? TEXT_COLS : 0;
    int zoom = heat_zoom(in.h, in.w, rows, cols - text - GAP, 8), wide = heat_cols(in.w, zoom);
    if (text > 0) {
        wide = v->numbers || wide > cols - text - GAP ? cols - text - GAP : wide;
        return (struct lay){{0, 0, rows, wide}, {0, wide + GAP, rows, cols - wide - GAP}};
    }
    int below = rows > 2 * TEXT_ROWS ? TEXT_ROWS : rows > 4 ? 2 : 0;
    return (struct lay){{0, 0, rows - below, cols}, {rows - below, 0, below, cols}};
}

static struct tiles tiles_of(const struct view *v)
{
    const struct fooling *f = v->fooling;
    struct shape in = v->net->in;
    bool changes = f->changes;
    struct tiles t = {.v = changes ? f->changes_drawn : f->x,
                      .n = 1,
                      .h = in.h,
                      .w = in.w,
                      .map = in.c == 3 ? MAP_COLOUR
                             : changes ? MAP_SIGNED
                                       : MAP_GREY,
                      .range = 1,
                      .mark = -1,
                      .cursor = panel_cursor(v, &panel_fool)};
    if (changes)
        t.range = f->gain > 0 ? 0.5f / f->gain : view_range(t.v, shape_count(in));
    return t;
}

/* What the network says of the drawing. @return false: nothing yet */
static bool say(const struct view *v, float *p, int *now, int *clean)
{
    const struct part *z = view_part(v, "change", 0, "logits"), *was = view_part(v, "probabilities", 0, "p");
    int classes = net_classes(v->net);
    if (!z || !was || classes > CLASSES_MOST)
        return false;
    softmax(classes, z->data, p);
    *now = argmax(classes, p);
    *clean = argmax(classes, was->data);
    return true;
}

static void draw_budget(const struct fooling *f, struct canvas *c, int row)
{
    int marked = fooling_marked(f);
    if (f->budget == BUDGET_EPSILON)
        canvas_format(c, row, 0, ROLE_TEXT, "%d changed by %.1f of 255", marked, 255 * (double)f->epsilon);
    else if (marked > f->pixels)
        canvas_format(c, row, 0, ROLE_BAD, "%d pixels too many", marked - f->pixels);
    else
        canvas_format(c, row, 0, ROLE_TEXT, "%d pixels changed, %d left", marked, f->pixels - marked);
}

/* How the attack with the same budget does. */
static void rival_text(const struct view *v, int clean, char *text, int size)
{
    const struct fooling *f = v->fooling;
    struct question q = fooling_rival(v);
    const struct answer *a = v->answers ? answers_find(v->answers, &q) : NULL;
    char number[16];
    *text = 0;
    if (!a || !a->ready)
        return;
    const struct part *p = answer_part(a, f->budget == BUDGET_PIXELS ? "p" : "p_adversarial");
    int says = argmax((int)shape_count(p->shape), p->data);
    if (f->budget == BUDGET_PIXELS)
        snprintf(text, (size_t)size, "attack: %s  %d pixels  '%.20s' %.1f %%",
                 fooling_verdict(v, says, clean, NULL), (int)*answer_part(a, "used")->data,
                 class_text(v, says, number), 100 * (double)p->data[says]);
    else
        snprintf(text, (size_t)size, "%s: %s  '%.20s' %.1f %%", v->attack_type->name,
                 fooling_verdict(v, says, clean, NULL), class_text(v, says, number),
                 100 * (double)p->data[says]);
}

/* Whose change is the smaller one, once both have fooled it. */
static void score_text(const struct view *v, bool fooled, bool already, char *text, int size)
{
    const struct fooling *f = v->fooling;
    struct question q = fooling_rival(v);
    const struct answer *a = v->answers ? answers_find(v->answers, &q) : NULL;
    int marked = fooling_marked(f);
    *text = 0;
    if (!a || !a->ready || f->budget != BUDGET_PIXELS || !fooled || already)
        return;
    int used = (int)*answer_part(a, "used")->data;
    bool found = *answer_part(a, "fooled")->data > 0;
    if (marked > f->pixels)
        snprintf(text, (size_t)size, "over the budget");
    else if (!found || marked < used)
        snprintf(text, (size_t)size, "you beat the attack");
    else
        snprintf(text, (size_t)size, marked == used ? "as few as the attack" : "%d more than the attack",
                 marked - used);
}

static void draw_bars(const struct view *v, struct canvas *c, const float *p, int now)
{
    struct bar bars[BARS_MOST];
    char number[BARS_MOST][16];
    int classes = net_classes(v->net), count = 0;
    int room = c->clip.rows < BARS_MOST ? c->clip.rows : BARS_MOST;
    for (int k = 0; k < classes && count < room; k++) {
        int larger = 0;
        for (int i = 0; i < classes; i++)
            larger += p[i] > p[k] || (!(p[i] < p[k]) && i < k);
        bool kept = k == v->answers->sample.label;
        if (classes > room && !kept && larger >= room - 1)
            continue;
        bars[count] = (struct bar){
            .name = class_text(v, k, number[count]), .value = p[k], .marked = kept, .chosen = k == now};
        count++;
    }
    bars_draw(c, bars, count);
}

static void draw_texts(const struct view *v, struct canvas *c)
{
    static float p[CLASSES_MOST];
    const struct fooling *f = v->fooling;
    int now, clean, rows = c->clip.rows, cols = c->clip.cols;
    char number[16], text[160];
    bool fooled = false;
    if (rows < 1 || cols < 1)
        return;
    if (!say(v, p, &now, &clean))
        return;
    const char *verdict = fooling_verdict(v, now, clean, &fooled);
    snprintf(text, sizeof text, "%s  '%.20s' %.1f %%", verdict, class_text(v, now, number),
             100 * (double)p[now]);
    parts_fit(text, cols);
    canvas_text_width(c, 0, 0, cols, fooled ? ROLE_BAD : ROLE_STRONG, text);
    draw_budget(f, c, 1);
    rival_text(v, clean, text, sizeof text);
    parts_fit(text, cols);
    canvas_text_width(c, 2, 0, cols, ROLE_FAINT, text);
    bool already = v->attack.targeted ? clean == v->target
                                      : v->answers->sample.label >= 0 && clean != v->answers->sample.label;
    score_text(v, fooled, already, text, sizeof text);
    canvas_text_width(c, 3, 0, cols, ROLE_STRONG, text);
    if (rows > TEXT_ROWS) {
        struct canvas part = canvas_part(c, (struct rect){TEXT_ROWS, 0, rows - TEXT_ROWS, cols});
        draw_bars(v, &part, p, now);
    }
}

static void draw(const struct view *v, struct canvas *c)
{
    if (!v->fooling)
        return;
    struct lay l = lay_of(v, c->clip.rows, c->clip.cols);
    struct canvas picture = canvas_part(c, l.picture), text = canvas_part(c, l.text);
    struct tiles t = tiles_of(v);
    if (v->fooling->changes && t.map == MAP_COLOUR && !v->numbers)
        changes_in_colour(&t);
    if (v->numbers)
        numbers_draw(&picture, &t);
    else
        tiles_draw(&picture, &t);
    draw_texts(v, &text);
}

/* ---- pointing ---- */

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    struct lay l = lay_of(v, rows, cols);
    if (!v->fooling)
        return false;
    struct tiles t = tiles_of(v);
    return v->numbers ? numbers_move(&t, l.picture.rows, l.picture.cols, at, down, right)
                      : tiles_move(&t, l.picture.rows, l.picture.cols, at, down, right);
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    struct lay l = lay_of(v, rows, cols);
    if (!v->fooling || row >= l.picture.rows || col >= l.picture.cols)
        return false;
    struct tiles t = tiles_of(v);
    return v->numbers ? numbers_hit(&t, l.picture.rows, l.picture.cols, row, col, at)
                      : tiles_hit(&t, l.picture.rows, l.picture.cols, row, col, at);
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    struct shape in = v->net->in;
    *out = (struct spot){.kind = SPOT_OTHER};
    return v->fooling && at.row >= 0 && at.row < in.h && at.col >= 0 && at.col < in.w;
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    const struct fooling *f = v->fooling;
    size_t i = (size_t)(at.row * f->in.w + at.col), plane = (size_t)(f->in.h * f->in.w);
    int used = snprintf(text, (size_t)size, "pixel (%d,%d)", at.row, at.col);
    for (int c = 0; c < f->in.c && c < 3 && used < size; c++)
        used += snprintf(text + used, (size_t)(size - used), "  %.3f", (double)f->x[i + (size_t)c * plane]);
    if (fooling_mark_at(f, at.row, at.col) != MARK_NONE && used < size)
        used += snprintf(text + used, (size_t)(size - used), "  was %.3f", (double)f->clean[i]);
    if (used < size)
        snprintf(text + used, (size_t)(size - used), "  Enter changes it, + lighter, - darker, 0 as it was");
}

/* Where a click has drawn already there is nothing more to do. */
static bool press(const struct view *v, struct place at, bool click, char *line, int size)
{
    (void)v, (void)at;
    snprintf(line, (size_t)size, "fool next");
    return !click;
}

const struct panel_type panel_fool = {
    .name = "fool",
    .title = "fool",
    .help =
        "draw to fool: pixels changed by hand within a budget, what the network says, and an attack to beat",
    .lecture = "L77, L79",
    .flexible = true,
    .sizes = sizes,
    .ask = ask,
    .title_text = title_text,
    .draw = draw,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
    .press = press,
};
