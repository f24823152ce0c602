/** The loss along the gradient's sign (in L2: along the gradient) and along twenty random directions of the same length. Lecture L76 to L78. */
#include <math.h>
#include <stdio.h>

#include "tui/fooling.h"
#include "tui/panels/panels.h"
#include "tui/widgets/plot.h"

enum { GREYS = 255, LINES_MOST = PLOT_SERIES, POINTS_MOST = 64 };

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    static const struct panel_size offered[] = {
        {6, 30, 0.5f}, {10, 40, 1}, {14, 60, 1.5f}, {20, 80, 2.2f}, {30, 110, 3}};
    return sizes_listed(v->fooling, offered, ARRAY_LEN(offered), out);
}

static int ask(const struct view *v, struct question *out, int room)
{
    if (room < 1 || !v->fooling)
        return 0;
    out[0] = view_question(v, "landscape", 0);
    return 1;
}

/* What the loss is an epsilon away: three quarters of the way through a line. */
static float at_epsilon(const struct part *lines, int which)
{
    int points = lines->shape.c;
    return lines->data[which * points + (points - 1) * 3 / 4];
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct part *lines = view_part(v, "landscape", 0, "corridor");
    double eps = GREYS * (double)v->attack.eps;
    if (!lines || fooling_hides(v)) {
        snprintf(text, (size_t)size, "corridor %s", norm_names[v->attack.norm]);
        return;
    }
    float low = INFINITY, high = -INFINITY;
    for (int d = 1; d < lines->n; d++) {
        low = fminf(low, at_epsilon(lines, d));
        high = fmaxf(high, at_epsilon(lines, d));
    }
    snprintf(text, (size_t)size, "corridor  loss %.3g, at %s %.1f: gradient %.3g, random %.2g to %.2g",
             (double)lines->data[(lines->shape.c - 1) / 2], norm_names[v->attack.norm], eps,
             (double)at_epsilon(lines, 0), (double)low, (double)high);
}

static void draw(const struct view *v, struct canvas *c)
{
    static struct plot_point point[LINES_MOST][POINTS_MOST];
    const struct part *lines = view_part(v, "landscape", 0, "corridor"),
                      *reach = view_part(v, "landscape", 0, "reach");
    if (fooling_hides(v)) {
        draw_hidden(v, c);
        return;
    }
    if (!lines || !reach || lines->shape.c > POINTS_MOST)
        return;
    int points = lines->shape.c;
    double far = GREYS * (double)*reach->data;
    if (!(far > 0)) {
        draw_note(c, "epsilon is 0: there is no way to go");
        return;
    }
    struct plot p = {.x_low = -far, .x_high = far, .x_name = "of 255", .mark = far / 2};
    for (int d = 0; d < lines->n && d < LINES_MOST; d++) { /* the gradient comes last, on top */
        int which = (d + 1) % lines->n;
        for (int i = 0; i < points; i++)
            point[d][i] = (struct plot_point){points > 1 ? far * (2.0 * i / (points - 1) - 1) : 0,
                                              lines->data[which * points + i]};
        p.series[p.count++] = (struct plot_series){.point = point[d],
                                                   .count = points,
                                                   .line = which == 0 ? LINE_TRAIN_LOSS : LINE_TEST_LOSS,
                                                   .name = which == 0   ? "gradient"
                                                           : which == 1 ? "random"
                                                                        : NULL};
    }
    plot_draw(c, &p);
}

/* A line of numbers a point: where it is, and the loss along each direction. */
static void numbers(const struct view *v, struct text *out)
{
    const struct part *lines = view_part(v, "landscape", 0, "corridor"),
                      *reach = view_part(v, "landscape", 0, "reach");
    if (!lines || !reach)
        return;
    text_add(out, "epsilon,gradient");
    for (int d = 1; d < lines->n; d++)
        text_format(out, ",random%d", d);
    for (int i = 0; i < lines->shape.c; i++) {
        text_format(out, "\n%.9g", (double)*reach->data * (2.0 * i / (lines->shape.c - 1) - 1));
        for (int d = 0; d < lines->n; d++)
            text_format(out, ",%.9g", (double)lines->data[d * lines->shape.c + i]);
    }
    text_add(out, "\n");
}

const struct panel_type panel_corridor = {
    .name = "corridor",
    .title = "corridor",
    .help = "the loss along the gradient and along twenty random directions, as far as twice epsilon",
    .lecture = "L76 to L78",
    .flexible = true,
    .sizes = sizes,
    .ask = ask,
    .title_text = title_text,
    .draw = draw,
    .numbers = numbers,
};
