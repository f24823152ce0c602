/** The series as a picture of its frequencies over time. Lecture L17. */
#include <stdio.h>

#include "tui/panels/series.h"
#include "tui/widgets/legend.h"
#include "tui/widgets/plot_axis.h"

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    static const struct panel_size offered[] = {
        {7, 60, 0.6f},
        {9, 78, 1},
        {14, 100, 2},
        {18, 120, 3},
    };
    (void)s;
    return sizes_listed(v->listening, offered, ARRAY_LEN(offered), out);
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct listening *l = v->listening;
    if (!l)
        return;
    bool timed = l->signal.rate > 1 || l->signal.rate < 1;
    int used = snprintf(text, (size_t)size, "spectrum%s", l->smoothed ? " smoothed" : "");
    used += timed ? snprintf(text + used, (size_t)(size - used), "  0 to %g Hz  window %d samples = %.3g ms",
                             l->signal.rate / 2, l->window, 1000 * l->window / l->signal.rate)
                  : snprintf(text + used, (size_t)(size - used),
                             "  0 to 0.5 waves a sample  window %d samples", l->window);
    if (l->result && l->result->rows > 0 && used < size)
        snprintf(text + used, (size_t)(size - used), "  %.0f dB to %.0f",
                 (double)l->result->loudest - LISTENER_RANGE, (double)l->result->loudest);
}

static struct plot axis(const struct listening *l)
{
    struct plot p = series_axis(l);
    p.y_high = l->signal.rate / 2;
    return p;
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct listening *l = v->listening;
    const struct listener_result *r = l ? l->result : NULL;
    int rows = c->clip.rows - v->legend, cols = c->clip.cols - PLOT_LABEL - 1;
    if (!l) {
        series_note(c);
        return;
    }
    struct plot p = axis(l);
    double window[2], cross = series_cross(l);
    if (r && r->rows > 0 && r->view_from == l->from && r->view_span == l->span) {
        struct heat h = {
            .v = r->picture, .h = r->rows, .w = r->cols, .map = MAP_HEAT, .range = LISTENER_RANGE, .zoom = 1};
        heat_draw(c, 0, PLOT_LABEL + 1, rows - 1, cols, &h);
    }
    if (series_window(l, window))
        p.outline = window;
    p.cross = panel_cursor(v, &panel_spectrum) ? &cross : NULL;
    struct canvas part = canvas_part(c, (struct rect){0, 0, rows, c->clip.cols});
    plot_draw(&part, &p);
    if (v->legend)
        legend_draw(c, rows, 0, c->clip.cols,
                    &(struct legend){MAP_HEAT, LISTENER_RANGE, "dB above the faintest"});
}

void spectrum_room(int rows, int cols, bool legend, int *picture_rows, int *picture_cols)
{
    *picture_rows = 2 * (rows - 1 - legend);
    *picture_cols = cols - PLOT_LABEL - 1;
    if (*picture_rows < 1 || *picture_cols < 1)
        *picture_rows = *picture_cols = 0;
    while ((long)*picture_rows * *picture_cols > LISTENER_PICTURE)
        --*picture_cols;
}

static struct rect all(const struct view *v, int rows, int cols)
{
    return (struct rect){0, 0, rows - v->legend, cols};
}

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    return series_move(v, all(v, rows, cols), at, down, right);
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    return series_hit(v, all(v, rows, cols), row, col, at);
}

/* The strongest frequency at a time. */
static void explain(const struct view *v, struct place at, char *text, int size)
{
    const struct listening *l = v->listening;
    const struct listener_result *r = l->result;
    int used = series_place(l, at.col, text, size);
    if (!r || r->rows == 0 || at.col < r->view_from || at.col >= r->view_from + r->view_span || used >= size)
        return;
    int col = (int)((at.col - r->view_from) * r->cols / r->view_span), best = 0;
    for (int row = 1; row < r->rows; row++)
        if (r->picture[row * r->cols + col] > r->picture[best * r->cols + col])
            best = row;
    double top = l->signal.rate / 2, level = (double)r->picture[best * r->cols + col];
    const char *unit = l->signal.rate > 1 || l->signal.rate < 1 ? "Hz" : "waves a sample";
    snprintf(text + used, (size_t)(size - used), "  strongest %.4g %s \u00b1%.2g: %s%.0f dB",
             (r->rows - best - 0.5) / r->rows * top, unit, top / r->rows / 2, level > 0 ? "" : "below ",
             (double)r->loudest - LISTENER_RANGE + level);
}

const struct panel_type panel_spectrum = {
    .name = "spectrum",
    .title = "spectrum",
    .help = "how strong each frequency is over time, in decibels",
    .lecture = "L17",
    .flexible = true,
    .sizes = sizes,
    .title_text = title_text,
    .draw = draw,
    .move = move,
    .hit = hit,
    .spot = series_spot,
    .explain = explain,
};
