/**
 * One image in three lanes with the same budget: as it is, with the best of a thousand random perturbations, and with the one that an attack finds along the gradient.
 * Lecture L75 to L77.
 */
#include <stdio.h>
#include <string.h>

#include "attack/robustness.h"
#include "tui/fooling.h"
#include "tui/panels/panels.h"
#include "tui/widgets/bars.h"
#include "tui/widgets/legend.h"
#include "tui/widgets/numbers.h"

enum {
    LANES = 3,
    GAP = 1,
    TITLE = 1,
    TEXTS = 2,   /* rows of a lane: verdict and size */
    SUMMARY = 1, /* row below all */
    BARS_MOST = 10,
    BARS_LEAST = 3,
    COLS_LEAST = 25,
    ROWS_SMALL = 20,
    TITLE_WIDE = 32, /* columns for the word "random" before its numbers */
    ZOOM_MOST = 8
};
enum { CLEAN, RANDOM, ATTACK };

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static int bars_wanted(const struct view *v, int most)
{
    int classes = net_classes(v->net);
    return classes < most ? classes : most;
}

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    struct shape in = v->net->in;
    int count = 0, texts = TITLE + TEXTS + SUMMARY + bars_wanted(v, BARS_LEAST),
        more = bars_wanted(v, BARS_MOST) - bars_wanted(v, BARS_LEAST);
    (void)s;
    if (!v->fooling)
        return 0;
    if (heat_rows(in.h, 1) + texts > ROWS_SMALL) /* a part of each picture, in a small window */
        out[count++] = (struct panel_size){ROWS_SMALL, LANES * (COLS_LEAST + GAP) - GAP, 0.4f};
    out[count++] = (struct panel_size){heat_rows(in.h, 1) + texts, LANES * (COLS_LEAST + GAP) - GAP, 0.8f};
    for (int zoom = 1; zoom <= 3; zoom++) {
        int wide = LANES * (larger(heat_cols(in.w, zoom), COLS_LEAST) + GAP) - GAP,
            tall = heat_rows(in.h, zoom);
        out[count++] = (struct panel_size){tall + texts + more, wide, (float)zoom};
        out[count++] = (struct panel_size){2 * tall + texts + 1, wide, (float)zoom + 0.5f};
    }
    return count;
}

static int ask(const struct view *v, struct question *out, int room)
{
    int count = 0;
    if (!v->fooling)
        return 0;
    if (count < room)
        out[count++] = view_question(v, "attack", 0);
    if (count < room)
        out[count++] = view_question(v, "trials", 0);
    if (count < room)
        out[count++] =
            view_question(v, "input", 0); /* its gradient stands where the clean picture has no change */
    return count;
}

static void title_text(const struct view *v, char *text, int size)
{
    double eps = (double)v->attack.eps;
    char target[48] = "", steps[32] = "", number[16];
    if (v->attack.targeted)
        snprintf(target, sizeof target, "  to '%.24s'", class_text(v, v->target, number));
    if (v->attack.iterations > 0)
        snprintf(steps, sizeof steps, "  iterations %d", v->attack.iterations);
    snprintf(text, (size_t)size, "lanes %s %s  epsilon %.3f = %.1f of 255%s%s", v->attack_type->name,
             norm_names[v->attack.norm], eps, 255 * eps, target, steps);
}

/* How the lanes stand. Where both have room, what was added stands below each picture. */
struct lay {
    int wide, zoom, pictures; /* columns of a lane; pictures below each other: 1 or 2 */
    int tall;                 /* rows of one */
    int bars, summary;        /* rows */
};

static struct lay lay_of(const struct view *v, int rows, int cols)
{
    struct shape in = v->net->in;
    struct lay l = {.wide = (cols + GAP) / LANES - GAP, .summary = rows > TITLE + TEXTS ? SUMMARY : 0};
    l.wide = larger(l.wide, 1);
    rows -= TITLE + TEXTS + l.summary;
    for (l.pictures = 2; l.pictures > 0; l.pictures--) {
        int room = (rows - bars_wanted(v, BARS_LEAST) - (l.pictures - 1)) / l.pictures;
        if (heat_rows(in.h, 1) > room && l.pictures > 1)
            continue;
        l.zoom = heat_zoom(in.h, in.w, room, l.wide, ZOOM_MOST);
        break;
    }
    l.tall = heat_rows(in.h, l.zoom);
    if (l.pictures == 1 && l.tall > rows - bars_wanted(v, 1)) /* a part of it, and one bar */
        l.tall = larger(rows - bars_wanted(v, 1), 1);
    if (v->numbers && l.pictures == 1)
        l.tall = larger(rows - bars_wanted(v, BARS_LEAST), 1);
    l.bars = larger(rows - l.pictures * l.tall - (l.pictures - 1), 0);
    return l;
}

/* Where a picture stands: of lane k, in row 0 the image and in row 1 what was added, if there are two. */
static struct rect picture_rect(const struct lay *l, int lane, int below)
{
    return (struct rect){TITLE + below * (l->tall + 1), lane * (l->wide + GAP), l->tall, l->wide};
}

static bool shows_changes(const struct view *v, const struct lay *l, int below)
{
    return l->pictures == 2 ? below == 1 : v->fooling->changes;
}

/* The largest change of both: lanes are magnified alike. */
static float range_of(const struct view *v, const struct answer *attack, const struct part *best)
{
    static const char *const parts[] = {"perturbation"};
    float gain = v->fooling->gain;
    if (gain > 0)
        return 0.5f / gain;
    const struct part *p = answer_part(attack, parts[0]), *clean = answer_part(attack, "clean");
    float range = fooling_hides(v) ? 0 : view_range(p->data, shape_count(p->shape));
    for (size_t i = 0; best && i < shape_count(clean->shape); i++) {
        float d = best->data[i] - clean->data[i];
        range = d > range ? d : -d > range ? -d : range;
    }
    return range;
}

/* What was added in the lane of chance or of the attack. Its numbers hold until the next call. */
static const float *changes_of(const struct answer *attack, const struct part *best, int lane)
{
    enum { MOST = 3 * 128 * 128 };
    static float difference[MOST];
    const struct part *clean = answer_part(attack, "clean");
    size_t count = shape_count(clean->shape);
    if (lane == ATTACK)
        return answer_part(attack, "perturbation")->data;
    if (count > MOST || !best)
        return NULL;
    for (size_t i = 0; i < count; i++)
        difference[i] = best->data[i] - clean->data[i];
    return difference;
}

/* A picture and what is pointed at in it: tiles of one. */
struct picture {
    struct tiles tiles;
    struct light light;
    struct place cursor;
};

static void picture_of(const struct view *v, const struct lay *l, int lane, int below, struct picture *out)
{
    struct shape in = v->net->in;
    const struct place *cursor = panel_cursor(v, &panel_lanes);
    bool changes = shows_changes(v, l, below);
    enum map map = in.c == 3 ? MAP_COLOUR : changes ? MAP_SIGNED : MAP_GREY;
    *out = (struct picture){
        .tiles = {.n = 1, .h = in.h, .w = in.w, .map = map, .range = 1, .most = l->zoom, .mark = -1}};
    if (cursor) { /* all scroll together */
        bool here =
            cursor->tile == lane + LANES * below || (cursor->tile >= l->pictures * LANES && lane == 0);
        out->cursor = (struct place){here ? 0 : -1, cursor->row, cursor->col};
        out->tiles.cursor = &out->cursor;
    }
    if (view_light(v, NET_INPUT, &out->light))
        out->tiles.light = &out->light;
}

static void draw_picture(const struct view *v, struct canvas *c, const struct lay *l, int lane, int below,
                         const struct answer *attack, const struct part *best)
{
    struct picture p;
    struct canvas part = canvas_part(c, picture_rect(l, lane, below));
    bool changes = shows_changes(v, l, below);
    const struct part *gradient = view_part(v, "input", 0, "gradient");
    picture_of(v, l, lane, below, &p);
    p.tiles.v = changes && lane == CLEAN ? (gradient ? gradient->data : NULL)
                : changes                ? changes_of(attack, best, lane)
                : lane == CLEAN          ? answer_part(attack, "clean")->data
                : lane == ATTACK         ? answer_part(attack, "adversarial")->data
                : best                   ? best->data
                                         : NULL;
    if (!p.tiles.v)
        return;
    if (changes)
        p.tiles.range =
            lane == CLEAN ? view_range(p.tiles.v, shape_count(v->net->in)) : range_of(v, attack, best);
    if (changes && p.tiles.map == MAP_COLOUR && !v->numbers)
        changes_in_colour(&p.tiles);
    if (v->numbers)
        numbers_draw(&part, &p.tiles);
    else
        tiles_draw(&part, &p.tiles);
}

/* ---- what is said of each ---- */

/* What the three lanes have; parts of them are NULL until they are known. */
struct told {
    const struct answer *attack;
    const struct part *p[LANES], *best, *tried, *flipped, *hit, *norms, *noise;
    int says[LANES];
};

static bool tell(const struct view *v, struct told *t)
{
    const struct answer *trials = view_answer(v, "trials", 0);
    *t = (struct told){.attack = view_answer(v, "attack", 0)};
    if (!t->attack)
        return false;
    t->p[CLEAN] = answer_part(t->attack, "p_clean");
    t->p[ATTACK] = answer_part(t->attack, "p_adversarial");
    t->norms = answer_part(t->attack, "norms");
    if (trials) {
        t->p[RANDOM] = answer_part(trials, "p_best");
        t->best = answer_part(trials, "best");
        t->tried = answer_part(trials, "tried");
        t->flipped = answer_part(trials, "flipped");
        t->hit = answer_part(trials, "hit");
        t->noise = answer_part(trials, "norms");
    }
    for (int k = 0; k < LANES; k++)
        t->says[k] = t->p[k] ? argmax((int)shape_count(t->p[k]->shape), t->p[k]->data) : -1;
    return true;
}

/* "7/1000 flip  0.3-1.4 %": how many do, and where the share of all that could be drawn lies with 95 %. */
static void count_text(const struct view *v, const struct told *t, char *text, size_t size)
{
    double low, high;
    bool wrong = v->answers->sample.label >= 0 && t->says[CLEAN] != v->answers->sample.label;
    const char *what = v->attack.targeted ? "hit" : wrong ? "wrong" : "flip";
    long tried = (long)*t->tried->data, hits = (long)*(v->attack.targeted ? t->hit : t->flipped)->data;
    wilson_interval(hits, tried, &low, &high);
    snprintf(text, size, "%ld/%ld %s  %.1f-%.1f %%", hits, tried, what, 100 * low, 100 * high);
}

static void draw_verdict(const struct view *v, struct canvas *c, int row, const struct lay *l, int lane,
                         const struct told *t)
{
    char number[16], text[160];
    int col = lane * (l->wide + GAP), label = v->answers->sample.label, says = t->says[lane];
    bool fooled = false;
    const char *verdict = lane == CLEAN ? (label < 0       ? ""
                                           : says == label ? "right"
                                                           : "WRONG")
                                        : fooling_verdict(v, says, t->says[CLEAN], &fooled);
    bool bad = lane == CLEAN ? label >= 0 && says != label : fooled || strncmp(verdict, "wrong", 5) == 0;
    snprintf(text, sizeof text, "%s'%.24s' %.1f %%  %s", bad ? "\u2717" : "\u2713",
             class_text(v, says, number), 100 * (double)t->p[lane]->data[says], verdict);
    parts_fit(text, l->wide);
    canvas_text_width(c, row, col, l->wide, bad ? ROLE_BAD : ROLE_GOOD, text);
}

static void draw_size(const struct view *v, struct canvas *c, int row, const struct lay *l, int lane,
                      const struct told *t)
{
    char text[120];
    const float *norms = lane == ATTACK ? t->norms->data : lane == RANDOM ? t->noise->data : NULL;
    if (norms)
        snprintf(text, sizeof text, "max %.1f of 255  L2 %.0f", 255 * (double)norms[0],
                 255 * (double)norms[1]);
    else
        snprintf(text, sizeof text, v->answers->sample.label < 0 ? "truth unknown" : "the sample");
    parts_fit(text, l->wide);
    canvas_text_width(c, row, lane * (l->wide + GAP), l->wide, ROLE_FAINT, text);
}

/* The classes that matter in any lane, in their order; the truth and the target among them. */
static int choose_classes(const struct view *v, const struct told *t, int room, int *out)
{
    int classes = net_classes(v->net),
        kept[] = {v->answers->sample.label, v->attack.targeted ? v->target : -1};
    int count = 0;
    room = room < BARS_MOST ? room : BARS_MOST;
    room = room < classes ? room : classes;
    while (count < room) {
        int best = -1;
        float most = -1;
        for (int k = 0; k < classes; k++) {
            bool taken = false;
            float p = k == kept[0] || k == kept[1] ? 2 : 0;
            for (int i = 0; i < count; i++)
                taken = taken || out[i] == k;
            for (int lane = 0; lane < LANES; lane++)
                if (t->p[lane] && (lane != ATTACK || !fooling_hides(v)) && t->p[lane]->data[k] > p)
                    p = t->p[lane]->data[k];
            if (!taken && p > most)
                best = k, most = p;
        }
        int at = count++;
        for (; at > 0 && out[at - 1] > best; at--)
            out[at] = out[at - 1];
        out[at] = best;
    }
    return count;
}

static void draw_bars(const struct view *v, struct canvas *c, int row, const struct lay *l, int lane,
                      const struct told *t)
{
    struct bar bars[BARS_MOST];
    char number[BARS_MOST][16];
    int class[BARS_MOST], count = choose_classes(v, t, l->bars, class);
    struct canvas part = canvas_part(c, (struct rect){row, lane * (l->wide + GAP), count, l->wide});
    for (int i = 0; i < count; i++)
        bars[i] = (struct bar){.name = class_text(v, class[i], number[i]),
                               .value = t->p[lane]->data[class[i]],
                               .marked = class[i] == v->answers->sample.label,
                               .chosen = class[i] == t->says[lane]};
    bars_draw(&part, bars, count);
}

/* What the lower pictures are, or, where there is no room for two, those that stand for them. */
static void draw_gain(const struct view *v, struct canvas *c, const struct lay *l, int lane,
                      const struct told *t)
{
    bool two = l->pictures == 2;
    float range = range_of(v, t->attack, t->best);
    int row = two ? TITLE + l->tall : 0, col = lane * (l->wide + GAP) + (two ? 0 : 8);
    if ((!two && !v->fooling->changes) || (!two && lane == RANDOM))
        return;
    if (lane == CLEAN)
        canvas_text_width(c, row, col, l->wide - (two ? 0 : 8), ROLE_FAINT, "gradient of the loss");
    else
        canvas_format(c, row, col, ROLE_FAINT, "added x%.3g", range > 0 ? 0.5 / (double)range : 1);
}

static void draw_lane(const struct view *v, struct canvas *c, const struct lay *l, int lane,
                      const struct told *t)
{
    static const char *const names[] = {"clean", "random", NULL};
    int col = lane * (l->wide + GAP), below = TITLE + l->pictures * l->tall + l->pictures - 1;
    char text[96];
    int used = snprintf(text, sizeof text, lane == RANDOM ? "%s  " : "%s",
                        names[lane] ? names[lane] : v->attack_type->name);
    if (lane == RANDOM && t->tried && l->wide >= TITLE_WIDE)
        count_text(v, t, text + used, sizeof text - (size_t)used);
    else if (lane == RANDOM && t->tried)
        count_text(v, t, text, sizeof text);
    parts_fit(text, l->wide);
    canvas_text_width(c, 0, col, l->wide, ROLE_TITLE, text);
    if (lane == ATTACK && fooling_hides(v)) {
        struct canvas part = canvas_part(c, (struct rect){TITLE, col, c->clip.rows - TITLE, l->wide});
        draw_hidden(v, &part);
        return;
    }
    if (!t->p[lane])
        return;
    for (int k = 0; k < l->pictures; k++)
        draw_picture(v, c, l, lane, k, t->attack, t->best);
    draw_gain(v, c, l, lane, t);
    draw_verdict(v, c, below, l, lane, t);
    draw_size(v, c, below + 1, l, lane, t);
    if (l->bars > 0)
        draw_bars(v, c, below + TEXTS, l, lane, t);
}

/* In one line: what the attack has come to, and chance beside it. */
static void draw_summary(const struct view *v, struct canvas *c, const struct told *t)
{
    const struct fooling *f = v->fooling;
    char text[320] = "", was[16], is[16], trials[80] = "";
    int used = 0, size = (int)sizeof text;
    bool fooled = false;
    const char *verdict = fooling_verdict(v, t->says[ATTACK], t->says[CLEAN], &fooled);
    if (fooling_hides(v))
        used = snprintf(text, sizeof text, "predict: Y %s, S still right",
                        v->attack.targeted ? "target hit" : "fooled");
    else
        used = snprintf(text, sizeof text, "%s: %s  '%.24s' %.1f %% becomes '%.24s' %.1f %%",
                        v->attack_type->name, verdict, class_text(v, t->says[CLEAN], was),
                        100 * (double)t->p[CLEAN]->data[t->says[CLEAN]], class_text(v, t->says[ATTACK], is),
                        100 * (double)t->p[ATTACK]->data[t->says[ATTACK]]);
    if (f->predicting && used < size)
        used +=
            snprintf(text + used, (size_t)(size - used), "  predicted right %d of %d", f->right, f->judged);
    if (t->tried && used < size) {
        count_text(v, t, trials, sizeof trials);
        snprintf(text + used, (size_t)(size - used), "  random %s", trials);
    }
    parts_fit(text, c->clip.cols);
    canvas_text_width(c, c->clip.rows - 1, 0, c->clip.cols,
                      fooling_hides(v) || !fooled ? ROLE_STRONG : ROLE_BAD, text);
}

static void draw(const struct view *v, struct canvas *c)
{
    struct told t;
    if (!v->fooling)
        return;
    if (!tell(v, &t)) {
        draw_note(c, "the attack is under way");
        return;
    }
    struct lay l = lay_of(v, c->clip.rows, c->clip.cols);
    for (int lane = 0; lane < LANES; lane++)
        draw_lane(v, c, &l, lane, &t);
    if (l.summary > 0)
        draw_summary(v, c, &t);
}

/* ---- pointing: a place's tile is a lane, and of what was added LANES more ---- */

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    struct lay l = lay_of(v, rows, cols);
    struct tiles t = {.n = LANES * l.pictures, .h = v->net->in.h, .w = v->net->in.w};
    return tiles_step(&t, LANES, at, down, right);
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    struct lay l = lay_of(v, rows, cols);
    if (!v->fooling)
        return false;
    for (int k = 0; k < LANES * l.pictures; k++) {
        struct rect r = picture_rect(&l, k % LANES, k / LANES);
        struct picture p;
        picture_of(v, &l, k % LANES, k / LANES, &p);
        int y = row - r.row, x = col - r.col;
        if (y < 0 || x < 0 || y >= r.rows || x >= r.cols)
            continue;
        if (v->numbers ? numbers_hit(&p.tiles, r.rows, r.cols, y, x, at)
                       : tiles_hit(&p.tiles, r.rows, r.cols, y, x, at)) {
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
    return v->fooling && at.tile >= 0 && at.tile < 2 * LANES && at.row >= 0 && at.row < in.h && at.col >= 0 &&
           at.col < in.w;
}

/* What a pixel was, what the attack adds, and what the best of the random ones does. */
static void explain(const struct view *v, struct place at, char *text, int size)
{
    static const char *const colours[] = {"red ", "green ", "blue "};
    struct told t;
    struct shape in = v->net->in;
    *text = 0;
    if (!tell(v, &t))
        return;
    const float *clean = answer_part(t.attack, "clean")->data,
                *added = answer_part(t.attack, "perturbation")->data;
    int used = snprintf(text, (size_t)size, "pixel (%d,%d)", at.row, at.col);
    for (int c = 0; c < (in.c == 3 ? 3 : 1) && used < size; c++) {
        int i = (c * in.h + at.row) * in.w + at.col;
        used += snprintf(text + used, (size_t)(size - used), "  %s%.3f", in.c == 3 ? colours[c] : "",
                         (double)clean[i]);
        if (!fooling_hides(v) && used < size)
            used += snprintf(text + used, (size_t)(size - used), "  attack %+.3f", (double)added[i]);
        if (t.best && used < size)
            used += snprintf(text + used, (size_t)(size - used), "  random %+.3f",
                             (double)(t.best->data[i] - clean[i]));
    }
}

const struct panel_type panel_lanes = {
    .name = "lanes",
    .title = "lanes",
    .help = "one image with the same budget three times: clean, the best of a thousand random changes, the "
            "attack",
    .lecture = "L75 to L77",
    .flexible = true,
    .sizes = sizes,
    .ask = ask,
    .title_text = title_text,
    .draw = draw,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
};
