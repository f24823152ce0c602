#include "tui/panels/curves.h"

#include <math.h>

enum { POINTS_MOST = TRAINER_POINTS, AXIS_LEAST = 10, RECENT_LEAST = 50, RECENT_PART = 10 };

/* Points of one branch. */
struct points {
    struct plot_point raw[POINTS_MOST], mean[POINTS_MOST], tested[POINTS_MOST];
};

void curves_window(const struct view *v, double *low, double *high)
{
    long end = v->report->furthest, length = end / RECENT_PART;
    if (v->other && v->other->furthest > end)
        end = v->other->furthest;
    length = length > RECENT_LEAST ? length : RECENT_LEAST;
    *high = end > AXIS_LEAST ? (double)end : AXIS_LEAST;
    *low = v->curves.recent && end > length ? (double)(end - length) : 0;
}

static int points_of(const struct series *s, struct plot_point *out)
{
    int count = s->count < POINTS_MOST ? s->count : POINTS_MOST;
    for (int i = 0; i < count; i++)
        out[i] = (struct plot_point){(double)s->point[i].last, s->point[i].mean};
    return count;
}

/* Points that a mean is taken of: none, or a part of all that there are. */
static int reach_of(int smooth, int count)
{
    static const int parts[CURVES_SMOOTH_MOST + 1] = {0, 80, 40, 10};
    int reach = smooth > 0 ? count / parts[smooth] : 1;
    return smooth > 0 && reach < 2 ? 2 : reach;
}

/* The mean of a span of neighbours: a batch alone says little. What is no number has no part in it. */
static void smooth(const struct plot_point *raw, int count, int reach, struct plot_point *out)
{
    double sum = 0;
    int values = 0;
    for (int i = 0; i < count; i++) {
        const struct plot_point *gone = i >= reach ? &raw[i - reach] : NULL;
        if (isfinite(raw[i].y))
            sum += (double)raw[i].y, values++;
        if (gone && isfinite(gone->y))
            sum -= (double)gone->y, values--;
        out[i] = (struct plot_point){raw[i].x, isfinite(raw[i].y) ? (float)(sum / values) : NAN};
    }
}

/* One branch: the mean of training with a colour of its own, and the tests. */
static void add_branch(const struct view *v, const struct trainer_report *r, bool percent, bool other,
                       struct points *points, struct plot *p)
{
    const struct series *s = r->history.series;
    int count = points_of(&s[percent ? HISTORY_TRAIN_ACCURACY : HISTORY_TRAIN_LOSS], points->raw);
    int tests = points_of(&s[percent ? HISTORY_TEST_ACCURACY : HISTORY_TEST_LOSS], points->tested);
    smooth(points->raw, count, reach_of(v->curves.smooth, count), points->mean);
    if (!other && v->curves.smooth > 0)
        p->series[p->count++] = (struct plot_series){.point = points->raw, .count = count, .line = LINE_RAW};
    p->series[p->count++] = (struct plot_series){
        .point = points->mean,
        .count = count,
        .line = other ? (percent ? LINE_OTHER_TRAIN_ACCURACY : LINE_OTHER_TRAIN_LOSS)
                      : (percent ? LINE_TRAIN_ACCURACY : LINE_TRAIN_LOSS),
        .name = other     ? "other"
                : percent ? "accuracy"
                          : "loss",
        .dashed = other,
    };
    p->series[p->count++] = (struct plot_series){
        .point = points->tested,
        .count = tests,
        .line = other ? (percent ? LINE_OTHER_TEST_ACCURACY : LINE_OTHER_TEST_LOSS)
                      : (percent ? LINE_TEST_ACCURACY : LINE_TEST_LOSS),
        .name = other ? "its test" : "test",
        .dashed = other,
    };
}

void curves_plot(const struct view *v, bool percent, struct plot *out)
{
    static struct points own, others;
    *out = (struct plot){
        .mark = (double)v->report->step,
        .y_high = percent ? 1 : 0,
        .x_name = "step",
        .percent = percent,
        .tight = v->curves.recent,
        .log_y = v->curves.log && !percent,
    };
    curves_window(v, &out->x_low, &out->x_high);
    if (v->other)
        add_branch(v, v->other, percent, true, &others, out);
    add_branch(v, v->report, percent, false, &own, out);
}
