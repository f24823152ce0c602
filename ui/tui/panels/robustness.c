/**
 * Accuracy against epsilon over the test set, of the attack in view and of random noise of the same size, with 95 % intervals that get narrower as images come in; of the other
 * branch too, dashed. Lecture L75, L76.
 */
#include <math.h>
#include <stdio.h>

#include "attack/robustness.h"
#include "tui/panels/panels.h"
#include "tui/sweeping.h"
#include "tui/widgets/plot.h"

enum { GREYS = 255, KINDS = 2 };

/* The curves as the widget wants them. */
struct drawn {
    struct plot_point point[SWEEP_BRANCHES][KINDS][SWEEP_EPSILONS];
    struct plot_bar bar[SWEEP_BRANCHES * KINDS * SWEEP_EPSILONS];
    char name[SWEEP_BRANCHES][KINDS][48];
};

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    static const struct panel_size offered[] = {
        {8, 36, 0.5f}, {11, 44, 1}, {15, 60, 1.5f}, {20, 80, 2.2f}, {30, 110, 3}};
    return sizes_listed(v->sweeping, offered, ARRAY_LEN(offered), out);
}

/* The result that is about the attack in view; NULL: it is on the way. */
static const struct sweep_result *result_of(const struct view *v)
{
    const struct sweep_result *r = v->sweeping ? v->sweeping->found : NULL;
    return r && r->task.type == v->attack_type && r->task.options.norm == v->attack.norm ? r : NULL;
}

static const struct sweep_curve *curve_of(const struct view *v, int branch)
{
    const struct sweep_result *r = result_of(v);
    const struct sweep_curve *c = r ? &r->curve[branch] : NULL;
    return c && c->seen > 0 && *v->sweeping->name[branch] ? c : NULL;
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct sweep_result *r = result_of(v);
    const struct sweep_curve *c = r ? curve_of(v, r->task.subject) : NULL;
    char count[40];
    int used =
        snprintf(text, (size_t)size, "robustness %s %s", v->attack_type->name, norm_names[v->attack.norm]);
    if (!c || used >= size)
        return;
    sweeping_count_text(v->sweeping, c->seen, c->total, count, sizeof count);
    snprintf(text + used, (size_t)(size - used), "  step %ld  %s", c->step, count);
}

static const char *name_in(char room[48], const struct view *v, int branch, const char *what, bool two)
{
    snprintf(room, 48, "%s%s%s", two ? v->sweeping->name[branch] : "", two ? " " : "", what);
    return room;
}

/* A line of the plot, and a bar at each of its points. */
static void add(const struct view *v, const struct sweep_curve *c, const int *right, int line, bool dashed,
                struct plot_point *point, const char *name, struct drawn *d, struct plot *p)
{
    for (int e = 0; e < SWEEP_EPSILONS; e++) {
        double low, high, x = GREYS * (double)sweep_epsilon(v->attack.norm, e);
        wilson_interval(right[e], c->seen, &low, &high);
        point[e] = (struct plot_point){x, (float)right[e] / (float)c->seen};
        d->bar[p->bars++] = (struct plot_bar){x, (float)low, (float)high, line};
    }
    p->series[p->count++] = (struct plot_series){
        .point = point, .count = SWEEP_EPSILONS, .line = line, .name = name, .dashed = dashed};
}

/* The branch in view last, so that it lies on top. */
static void plot_of(const struct view *v, struct drawn *d, struct plot *p)
{
    const struct sweep_result *r = result_of(v);
    bool two = curve_of(v, 0) && curve_of(v, 1);
    *p = (struct plot){.x_low = 0,
                       .x_high = GREYS * (double)sweep_epsilon(v->attack.norm, SWEEP_EPSILONS - 1),
                       .y_low = 0,
                       .y_high = 1,
                       .percent = true,
                       .bar = d->bar,
                       .x_name = "epsilon of 255:",
                       .mark = GREYS * (double)v->attack.eps};
    for (int i = 1; r && i >= 0; i--) {
        int k = (r->task.subject + i) % SWEEP_BRANCHES;
        const struct sweep_curve *c = curve_of(v, k);
        if (!c)
            continue;
        add(v, c, c->noise, i ? LINE_OTHER_TEST_LOSS : LINE_TEST_LOSS, i, d->point[k][0],
            name_in(d->name[k][0], v, k, "noise", two), d, p);
        add(v, c, c->attack, i ? LINE_OTHER_TRAIN_LOSS : LINE_TRAIN_LOSS, i, d->point[k][1],
            name_in(d->name[k][1], v, k, v->attack_type->name, two), d, p);
    }
}

static bool there(const struct view *v)
{
    return curve_of(v, 0) || curve_of(v, 1);
}

static void draw(const struct view *v, struct canvas *c)
{
    struct drawn drawn;
    struct plot p;
    const struct place *cursor = panel_cursor(v, &panel_robustness);
    if (!there(v)) {
        draw_note(c, "attacking the test images, at one epsilon after the other");
        return;
    }
    plot_of(v, &drawn, &p);
    double x = cursor ? GREYS * (double)sweep_epsilon(v->attack.norm, cursor->col) : 0;
    p.cross = cursor ? &x : NULL;
    plot_draw(c, &p);
}

/* A place's col is an epsilon of the curves. */
static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    (void)rows, (void)cols;
    int to = at->col + right - down;
    to = to < 0 ? 0 : to >= SWEEP_EPSILONS ? SWEEP_EPSILONS - 1 : to;
    bool moved = there(v) && to != at->col;
    *at = (struct place){.col = to};
    return moved;
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    struct drawn drawn;
    struct plot p;
    double x;
    int best = 0;
    if (!there(v))
        return false;
    plot_of(v, &drawn, &p);
    if (!plot_hit(&p, rows, cols, row, col, &x))
        return false;
    for (int e = 1; e < SWEEP_EPSILONS; e++)
        if (fabs(GREYS * (double)sweep_epsilon(v->attack.norm, e) - x) <
            fabs(GREYS * (double)sweep_epsilon(v->attack.norm, best) - x))
            best = e;
    *at = (struct place){.col = best};
    return true;
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    *out = (struct spot){.kind = SPOT_OTHER, .col = at.col};
    return there(v) && at.col >= 0 && at.col < SWEEP_EPSILONS;
}

/* "fgsm 58.9 % (55.8 to 61.9)" */
static int write_share(const char *what, int right, int seen, char *text, int size)
{
    double low, high;
    wilson_interval(right, seen, &low, &high);
    return size <= 0 ? 0
                     : snprintf(text, (size_t)size, "  %s %.1f %% (%.1f to %.1f)", what, 100.0 * right / seen,
                                100 * low, 100 * high);
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    const struct sweep_result *r = result_of(v);
    *text = 0;
    if (!r || at.col < 0 || at.col >= SWEEP_EPSILONS)
        return;
    double eps = (double)sweep_epsilon(v->attack.norm, at.col);
    int used = snprintf(text, (size_t)size, "epsilon %.3g = %.1f of 255", eps, GREYS * eps);
    for (int i = 0; i < SWEEP_BRANCHES && used < size; i++) {
        int k = (r->task.subject + i) % SWEEP_BRANCHES;
        const struct sweep_curve *c = curve_of(v, k);
        char name[48];
        if (!c)
            continue;
        used += write_share(name_in(name, v, k, v->attack_type->name, i > 0), c->attack[at.col], c->seen,
                            text + used, size - used);
        used += write_share("noise", c->noise[at.col], c->seen, text + used, size - used);
    }
}

static bool press(const struct view *v, struct place at, bool click, char *line, int size)
{
    snprintf(line, (size_t)size, "epsilon %.9g", (double)sweep_epsilon(v->attack.norm, at.col));
    return !click && there(v);
}

static void numbers(const struct view *v, struct text *out)
{
    const struct sweep_result *r = result_of(v);
    for (int k = 0; k < SWEEP_BRANCHES && r; k++) {
        const struct sweep_curve *c = curve_of(v, k);
        if (c && out->length == 0)
            text_add(out, "branch,step,norm,epsilon,images,attack,right_attack,right_noise\n");
        for (int e = 0; e < SWEEP_EPSILONS && c; e++)
            text_format(out, "%s,%ld,%s,%g,%d,%s,%d,%d\n", v->sweeping->name[k], c->step,
                        norm_names[v->attack.norm], (double)sweep_epsilon(v->attack.norm, e), c->seen,
                        v->attack_type->name, c->attack[e], c->noise[e]);
    }
}

const struct panel_type panel_robustness = {
    .name = "robustness",
    .title = "robustness",
    .help = "accuracy on the test set against epsilon, under the attack and under noise, with 95 % intervals",
    .lecture = "L75, L76",
    .flexible = true,
    .sizes = sizes,
    .title_text = title_text,
    .draw = draw,
    .numbers = numbers,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
    .press = press,
};
