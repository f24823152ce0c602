/** A series as it came, with noise, and smoothed; the window of the average at the cursor outlined. Lecture L17, L20, L26. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/panels/series.h"

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    static const struct panel_size offered[] = {
        {6, 60, 0.5f}, {8, 60, 0.9f}, {10, 78, 1.2f}, {14, 100, 2}, {18, 120, 3},
    };
    (void)s;
    return sizes_listed(v->listening, offered, ARRAY_LEN(offered), out);
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct listening *l = v->listening;
    if (!l)
        return;
    const struct listener_result *r = l->result;
    int used = snprintf(text, (size_t)size, "wave");
    if (r && r->whole_done && r->error.count > 0 && r->error.square[STRETCH_NOISY] > 0 && used < size)
        used +=
            snprintf(text + used, (size_t)(size - used), "  RMSE %.3g \u2192 %.3g  SNR %.1f \u2192 %.1f dB",
                     stretch_rmse(&r->error, STRETCH_NOISY), stretch_rmse(&r->error, STRETCH_SMOOTH),
                     stretch_snr(&r->error, STRETCH_NOISY), stretch_snr(&r->error, STRETCH_SMOOTH));
    else if (r && r->whole_done && r->error.count > 0 && used < size)
        used += snprintf(text + used, (size_t)(size - used), "  smoothing changes it by %.3g (RMSE)",
                         stretch_rmse(&r->error, STRETCH_SMOOTH));
    else if (r && !r->whole_done && used < size)
        used += snprintf(text + used, (size_t)(size - used), "  listening ...");
    if (l->span < l->signal.count && used < size)
        snprintf(text + used, (size_t)(size - used), "  %.3g %% of it in view",
                 100 * (double)l->span / (double)l->signal.count);
}

static void draw(const struct view *v, struct canvas *c)
{
    static struct plot_point points[STRETCH_CURVES][SERIES_POINTS];
    const struct listening *l = v->listening;
    const struct stretch *s = l ? series_stretch(l) : NULL;
    if (!l) {
        series_note(c);
        return;
    }
    bool noise = l->noise > 0;
    static const struct {
        enum stretch_curve curve;
        int line;
    } order[] = {
        {STRETCH_NOISY, LINE_RAW}, {STRETCH_CLEAN, LINE_TEST_LOSS}, {STRETCH_SMOOTH, LINE_TRAIN_LOSS}};
    struct plot p = series_axis(l);
    double window[2], cross = series_cross(l), peak[LISTENER_PEAKS];
    for (int k = 0; k < ARRAY_LEN(order) && s; k++) {
        enum stretch_curve curve = order[k].curve;
        if (curve == STRETCH_CLEAN && !noise)
            continue;
        p.series[p.count++] = (struct plot_series){
            .point = points[curve],
            .count = series_points(l, s, s->low[curve], s->high[curve], points[curve]),
            .line = order[k].line,
            .name = curve == STRETCH_SMOOTH  ? "smoothed"
                    : curve == STRETCH_CLEAN ? "clean"
                    : noise                  ? "noisy"
                                             : "series",
        };
    }
    if (series_window(l, window))
        p.outline = window;
    if (l->cut >= 0) { /* the piece that is being cut */
        p.outline = window;
        window[0] = listening_time(l, (double)(l->cut < l->sample ? l->cut : l->sample));
        window[1] = listening_time(l, (double)(l->cut < l->sample ? l->sample : l->cut));
    }
    p.cross = panel_cursor(v, &panel_wave) ? &cross : NULL;
    p.peaks = l->result ? l->result->peaks : 0;
    for (int i = 0; i < p.peaks; i++)
        peak[i] = listening_time(l, l->result->peak[i].col);
    p.peak = peak;
    plot_draw(c, &p);
}

static struct rect all(int rows, int cols)
{
    return (struct rect){0, 0, rows, cols};
}

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    return series_move(v, all(rows, cols), at, down, right);
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    return series_hit(v, all(rows, cols), row, col, at);
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    const struct listening *l = v->listening;
    int i = (int)(at.col - l->near_from);
    int used = series_place(l, at.col, text, size);
    if (i < 0 || i >= l->near_count || used >= size)
        return;
    used += snprintf(text + used, (size_t)(size - used), "  %.4g", (double)l->near[i]);
    if (l->noise > 0 && used < size)
        used += snprintf(text + used, (size_t)(size - used), "  clean %.4g", (double)l->near_clean[i]);
    if (!isnan(l->near_smooth[i]) && used < size)
        used += snprintf(text + used, (size_t)(size - used), "  smoothed %.4g", (double)l->near_smooth[i]);
    if (l->cut >= 0 && used < size)
        snprintf(text + used, (size_t)(size - used), "  c cuts the piece here");
}

/* Enter does what c does while a piece is cut, a click nothing more than point. */
static bool press(const struct view *v, struct place at, bool click, char *line, int size)
{
    (void)at;
    if (click || !v->listening || v->listening->cut < 0)
        return false;
    snprintf(line, (size_t)size, "cut");
    return true;
}

/* What is in view, column by column. */
static void numbers(const struct view *v, struct text *out)
{
    const struct stretch *s = v->listening ? series_stretch(v->listening) : NULL;
    if (!s)
        return;
    text_add(out, "sample,low,high,clean_low,clean_high,smoothed_low,smoothed_high\n");
    for (int c = 0; c < s->columns; c++) {
        static const enum stretch_curve curves[] = {STRETCH_NOISY, STRETCH_CLEAN, STRETCH_SMOOTH};
        long sample = stretch_first(s, c);
        if (sample < v->listening->from || sample >= v->listening->from + v->listening->span)
            continue;
        text_format(out, "%ld", sample + 1);
        for (int k = 0; k < ARRAY_LEN(curves); k++)
            for (int high = 0; high < 2; high++) {
                float y = high ? s->high[curves[k]][c] : s->low[curves[k]][c];
                text_add(out, ",");
                if (!isnan(y))
                    text_real_exact(out, (double)y);
            }
        text_add(out, "\n");
    }
}

const struct panel_type panel_wave = {
    .name = "wave",
    .title = "wave",
    .help = "the series over time: as it came, with noise, smoothed; the window of the average outlined",
    .lecture = "L17, L20, L26",
    .flexible = true,
    .sizes = sizes,
    .title_text = title_text,
    .draw = draw,
    .numbers = numbers,
    .move = move,
    .hit = hit,
    .spot = series_spot,
    .explain = explain,
    .press = press,
};
