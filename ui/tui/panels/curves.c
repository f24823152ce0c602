/** Loss and accuracy over the steps of the run. Lecture L80. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/panels/panels.h"
#include "tui/widgets/plot.h"

enum { POINTS_MOST = TRAINER_POINTS };

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)v, (void)s;
    static const struct panel_size offered[] = {
        {7, 30, 0.5f},  {14, 32, 0.9f}, {7, 62, 0.9f}, {20, 40, 1.2f},
        {10, 80, 1.2f}, {26, 60, 2},    {14, 110, 2},  {36, 80, 3},
    };
    memcpy(out, offered, sizeof offered);
    return ARRAY_LEN(offered);
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct trainer_report *r = v->report;
    if (!r)
        return;
    int used = snprintf(text, (size_t)size, "curves");
    if (isfinite(r->loss))
        used +=
            snprintf(text + used, (size_t)(size - used), "  train %.3f, %.1f %%", r->loss, 100 * r->accuracy);
    if (isfinite(r->test_accuracy) && used < size)
        snprintf(text + used, (size_t)(size - used), "  test %.3f, %.1f %%", r->test_loss,
                 100 * r->test_accuracy);
}

static int points_of(const struct series *s, struct plot_point *out)
{
    int count = s->count < POINTS_MOST ? s->count : POINTS_MOST;
    for (int i = 0; i < count; i++)
        out[i] = (struct plot_point){(double)s->point[i].last, s->point[i].mean};
    return count;
}

/* The mean of a span of neighbours: a batch alone says little. */
static void smooth(const struct plot_point *raw, int count, struct plot_point *out)
{
    int reach = count / 40 < 2 ? 2 : count / 40;
    double sum = 0;
    for (int i = 0; i < count; i++) {
        int from = i - reach;
        sum += (double)raw[i].y;
        if (from >= 0)
            sum -= (double)raw[from].y;
        out[i] = (struct plot_point){raw[i].x, (float)(sum / (from >= 0 ? reach : i + 1))};
    }
}

/* One plot: the raw training line faint, its mean over it, the test line on top. */
static void draw_pair(const struct view *v, struct canvas *c, enum history_series train,
                      enum history_series test, bool percent)
{
    static struct plot_point raw[POINTS_MOST], mean[POINTS_MOST], tested[POINTS_MOST];
    const struct history *h = &v->report->history;
    int count = points_of(&h->series[train], raw), tests = points_of(&h->series[test], tested);
    smooth(raw, count, mean);
    struct plot p = {.count = 3,
                     .x_low = 0,
                     .x_high = v->report->furthest > 10 ? (double)v->report->furthest : 10,
                     .mark = (double)v->report->step,
                     .y_high = percent ? 1 : 0,
                     .x_name = "step",
                     .percent = percent};
    p.series[0] = (struct plot_series){.point = raw, .count = count, .line = LINE_RAW};
    p.series[1] = (struct plot_series){.point = mean,
                                       .count = count,
                                       .line = percent ? LINE_TRAIN_ACCURACY : LINE_TRAIN_LOSS,
                                       .name = percent ? "accuracy" : "loss"};
    p.series[2] = (struct plot_series){.point = tested,
                                       .count = tests,
                                       .line = percent ? LINE_TEST_ACCURACY : LINE_TEST_LOSS,
                                       .name = "test"};
    plot_draw(c, &p);
}

static void draw(const struct view *v, struct canvas *c)
{
    if (!v->report)
        return;
    int rows = c->clip.rows, cols = c->clip.cols;
    bool beside = cols >= 5 * rows || (rows < 12 && cols >= 60);
    struct rect one = beside ? (struct rect){0, 0, rows, cols / 2} : (struct rect){0, 0, rows / 2, cols};
    struct rect two = beside ? (struct rect){0, cols / 2 + 1, rows, cols - cols / 2 - 1}
                             : (struct rect){rows / 2, 0, rows - rows / 2, cols};
    if (rows < 12 && !beside) /* too small for both */
        one.rows = rows, two.rows = 0;
    struct canvas loss = canvas_part(c, one), accuracy = canvas_part(c, two);
    draw_pair(v, &loss, HISTORY_TRAIN_LOSS, HISTORY_TEST_LOSS, false);
    if (two.rows > 0)
        draw_pair(v, &accuracy, HISTORY_TRAIN_ACCURACY, HISTORY_TEST_ACCURACY, true);
}

const struct panel_type panel_curves = {
    .name = "curves",
    .title = "curves",
    .help =
        "loss and accuracy of the training batches (faint: each; strong: their mean) and of the test images",
    .lecture = "L80",
    .flexible = true,
    .sizes = sizes,
    .title_text = title_text,
    .draw = draw,
};
