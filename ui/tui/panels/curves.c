/** Loss and accuracy over the steps of the run, and where in it one is. Lecture L80. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/panels/curves.h"
#include "tui/panels/panels.h"
#include "tui/widgets/time_strip.h"

enum { STRIP_ROWS = 8 /* rows of a panel that has one for the strip */ };

/* What a place's tile says here; its col is a step then. */
enum { AT_NOW, AT_STEP, IN_STRIP };

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)v, (void)s;
    static const struct panel_size offered[] = {
        {7, 30, 0.5f},  {14, 32, 0.9f}, {7, 62, 0.9f}, {20, 40, 1.2f},
        {10, 80, 1.2f}, {26, 60, 2},    {14, 110, 2},  {36, 80, 3},
    };
    return sizes_listed(true, offered, ARRAY_LEN(offered), out);
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct trainer_report *r = v->report;
    if (!r)
        return;
    int used = snprintf(text, (size_t)size, "curves");
    if (v->curves.log)
        used += snprintf(text + used, (size_t)(size - used), "  log");
    if (v->curves.recent) {
        double low, high;
        curves_window(v, &low, &high);
        used += snprintf(text + used, (size_t)(size - used), "  last %.0f steps", high - low);
    }
    if (isfinite(r->loss))
        used +=
            snprintf(text + used, (size_t)(size - used), "  train %.3f, %.1f %%", r->loss, 100 * r->accuracy);
    if (isfinite(r->test_accuracy) && used < size)
        snprintf(text + used, (size_t)(size - used), "  test %.3f, %.1f %%", r->test_loss,
                 100 * r->test_accuracy);
}

/* Where the plots stand: loss, accuracy (no rows: too small for both), and the strip below them (no rows: none). */
struct areas {
    struct rect plot[2], strip;
};

static struct areas areas_of(int rows, int cols)
{
    struct areas a = {0};
    if (rows >= STRIP_ROWS)
        a.strip = (struct rect){--rows, 0, 1, cols};
    bool beside = cols >= 5 * rows || (rows < 12 && cols >= 60);
    a.plot[0] = beside ? (struct rect){0, 0, rows, cols / 2} : (struct rect){0, 0, rows / 2, cols};
    a.plot[1] = beside ? (struct rect){0, cols / 2 + 1, rows, cols - cols / 2 - 1}
                       : (struct rect){rows / 2, 0, rows - rows / 2, cols};
    if (rows < 12 && !beside)
        a.plot[0].rows = rows, a.plot[1].rows = 0;
    return a;
}

/* The step at a place; -1: there is none. */
static long step_at(const struct view *v, struct place at)
{
    if (!v->report || at.tile < AT_NOW || at.tile > IN_STRIP)
        return -1;
    if (at.tile == AT_NOW)
        return v->report->step;
    return at.col >= 0 && at.col <= v->report->furthest ? at.col : -1;
}

static struct time_strip strip_of(const struct view *v)
{
    return (struct time_strip){.end = v->report->furthest,
                               .at = v->report->step,
                               .epoch = v->report->per_epoch,
                               .fork = v->other ? &v->forked : NULL};
}

static void draw(const struct view *v, struct canvas *c)
{
    if (!v->report)
        return;
    struct areas a = areas_of(c->clip.rows, c->clip.cols);
    const struct place *cursor = panel_cursor(v, &panel_curves);
    long step = cursor ? step_at(v, *cursor) : -1;
    double x = (double)step;
    for (int k = 0; k < 2 && a.plot[k].rows > 0; k++) {
        struct canvas part = canvas_part(c, a.plot[k]);
        struct plot p;
        curves_plot(v, k == 1, &p);
        p.cross = step >= 0 ? &x : NULL;
        for (int s = 0; s < p.count && p.cross && v->curves.smooth > 0; s++)
            if (p.series[s].line == LINE_TRAIN_LOSS || p.series[s].line == LINE_TRAIN_ACCURACY)
                p.series[s].name = "mean"; /* not what the step itself had */
        plot_draw(&part, &p);
    }
    struct time_strip strip = strip_of(v);
    strip.cross = step >= 0 ? &step : NULL;
    if (a.strip.rows > 0)
        time_strip_draw(c, a.strip.row, a.strip.col, a.strip.cols, &strip);
}

/* Sideways by columns of the plot, up and down by single steps; within what is seen. */
static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    double low, high;
    if (!v->report)
        return false;
    struct plot p;
    curves_plot(v, false, &p);
    curves_window(v, &low, &high);
    long column = lrint(plot_column(&p, areas_of(rows, cols).plot[0].cols)), was = step_at(v, *at);
    long step = (was < 0 ? v->report->step : was) + right * (column > 1 ? column : 1) + down;
    high = fmin(high, (double)v->report->furthest);
    step = (double)step < low ? (long)low : step;
    step = (double)step > high ? (long)high : step;
    *at = (struct place){AT_STEP, 0, (int)step};
    return step != was;
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    struct areas a = areas_of(rows, cols);
    if (!v->report || row < 0 || col < 0 || row >= rows || col >= cols)
        return false;
    for (int k = 0; k < 2; k++) {
        struct rect r = a.plot[k];
        struct plot p;
        double x;
        curves_plot(v, k == 1, &p);
        if (plot_hit(&p, r.rows, r.cols, row - r.row, col - r.col, &x)) {
            long step = lrint(x), last = v->report->furthest;
            *at = (struct place){AT_STEP, 0, (int)(step < last ? step : last)};
            return true;
        }
    }
    struct time_strip strip = strip_of(v);
    long step;
    if (a.strip.rows == 0 || row != a.strip.row || !time_strip_hit(&strip, a.strip.cols, col, &step))
        return false;
    *at = (struct place){IN_STRIP, 0, (int)step};
    return true;
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    *out = (struct spot){.kind = SPOT_STEP, .step = step_at(v, at)};
    return out->step >= 0;
}

/* A loss and an accuracy as they were at a step; "-" where nothing was recorded by then. */
static int write_pair(const struct history *h, enum history_series loss, enum history_series accuracy,
                      long step, const char *what, char *text, int size)
{
    const struct history_point *a = history_at(h, loss, step), *b = history_at(h, accuracy, step);
    if (!a || !b)
        return snprintf(text, (size_t)size, "  %s -", what);
    return snprintf(text, (size_t)size, "  %s %.3f, %.1f %%", what, (double)a->mean, 100 * (double)b->mean);
}

/* What the smoothed curve has there; NaN: nothing. */
static double mean_at(const struct view *v, bool percent, long step)
{
    struct plot p;
    float values[PLOT_SERIES];
    curves_plot(v, percent, &p);
    plot_read(&p, (double)step, values);
    for (int s = 0; s < p.count; s++)
        if (p.series[s].line == (percent ? LINE_TRAIN_ACCURACY : LINE_TRAIN_LOSS))
            return (double)values[s];
    return (double)NAN;
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    const struct trainer_report *r = v->report, *of[] = {r, v->other};
    long step = step_at(v, at);
    int per_point = r ? r->history.series[HISTORY_TRAIN_LOSS].per_point : 0;
    *text = 0;
    if (step < 0)
        return;
    int used = snprintf(text, (size_t)size, "step %ld", step);
    if (r->per_epoch > 0)
        used +=
            snprintf(text + used, (size_t)(size - used), ", epoch %.2f", (double)step / (double)r->per_epoch);
    for (int k = 0; k < 2 && of[k] && used < size; k++) {
        used += write_pair(&of[k]->history, HISTORY_TRAIN_LOSS, HISTORY_TRAIN_ACCURACY, step,
                           k ? "other: training" : "training", text + used, size - used);
        if (used < size)
            used += write_pair(&of[k]->history, HISTORY_TEST_LOSS, HISTORY_TEST_ACCURACY, step, "test",
                               text + used, size - used);
    }
    double mean = mean_at(v, false, step);
    if (used < size)
        used += snprintf(text + used, (size_t)(size - used), "  Enter goes there");
    if (v->curves.smooth > 0 && isfinite(mean) && used < size)
        used += snprintf(text + used, (size_t)(size - used), "  mean %.3f, %.1f %%", mean,
                         100 * mean_at(v, true, step));
    if (per_point > 1 && used < size)
        snprintf(text + used, (size_t)(size - used), "  %d steps a point", per_point);
}

/* Enter goes to the step of the cross-hair, a click to one in the strip. */
static bool press(const struct view *v, struct place at, bool click, char *line, int size)
{
    long step = step_at(v, at);
    if (step < 0 || (click && at.tile != IN_STRIP))
        return false;
    snprintf(line, (size_t)size, "seek near %ld", step);
    return true;
}

static void numbers(const struct view *v, struct text *out)
{
    if (v->report)
        history_csv(&v->report->history, out);
}

const struct panel_type panel_curves = {
    .name = "curves",
    .title = "curves",
    .help =
        "loss and accuracy of the training batches (faint: each; strong: their mean) and of the test images",
    .lecture = "L80",
    .flexible = true,
    .phases = 1 << PHASE_LOSS | 1 << PHASE_UPDATE,
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
