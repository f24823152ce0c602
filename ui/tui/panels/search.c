/** Where a piece lies in the series: its response at every place, the best ones numbered. Lecture L31. */
#include <math.h>
#include <stdio.h>

#include "tui/panels/series.h"

enum { BESIDE = 90 /* columns with room for the piece */, PIECE_COLS = 34 };

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    static const struct panel_size offered[] = {
        {6, 60, 0.6f},
        {8, 78, 1},
        {12, 100, 2},
        {16, 120, 3},
    };
    (void)s;
    if (v->listening && !v->listening->piece) { /* a sentence: the room is for the others */
        out[0] = (struct panel_size){2, 60, 3};
        return 1;
    }
    return sizes_listed(v->listening, offered, ARRAY_LEN(offered), out);
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct listening *l = v->listening;
    char place[60];
    if (!l || !l->piece)
        return;
    const struct listener_result *r = l->result;
    int used = snprintf(text, (size_t)size, "search %s", l->plain ? "plain" : "normalised");
    if (r && r->search_done && r->serial == l->serial && r->peaks == 0)
        used += snprintf(text + used, (size_t)(size - used), "  found nowhere");
    else if (r && r->search_done && r->serial == l->serial) {
        series_place(l, r->peak[0].col, place, sizeof place);
        used += snprintf(text + used, (size_t)(size - used), "  %s%d place%s: %.3f at %s",
                         r->peaks == LISTENER_PEAKS ? "the best " : "", r->peaks, r->peaks == 1 ? "" : "s",
                         (double)r->peak[0].score, place);
    } else
        used += snprintf(text + used, (size_t)(size - used), "  searching, %.0f %%",
                         r && r->serial == l->serial ? 100 * r->searched : 0);
    if (used < size)
        snprintf(text + used, (size_t)(size - used), "  a piece of %ld samples %s%s", l->piece_length,
                 *l->piece_name ? "from " : "cut here", l->piece_name);
}

static void draw_piece(const struct listening *l, struct canvas *c)
{
    static struct plot_point points[2 * LISTENING_PIECE];
    int count = 0;
    double unit = l->signal.rate;
    for (int k = 0; k < l->piece_columns; k++) {
        double x = (k + 0.5) * (double)l->piece_length / l->piece_columns / unit;
        points[count++] = (struct plot_point){x, l->piece_low[k]};
        points[count++] = (struct plot_point){x, l->piece_high[k]};
    }
    struct plot p = {.x_high = (double)l->piece_length / unit, .x_unit = listening_unit(l)};
    p.series[p.count++] = (struct plot_series){points, count, LINE_TRAIN_ACCURACY, NULL, false};
    plot_draw(c, &p);
}

static struct rect curves(const struct view *v, int rows, int cols)
{
    bool beside = cols >= BESIDE && v->listening && v->listening->piece;
    return (struct rect){0, 0, rows, beside ? cols - PIECE_COLS : cols};
}

static void draw(const struct view *v, struct canvas *c)
{
    static struct plot_point points[SERIES_POINTS];
    const struct listening *l = v->listening;
    if (!l) {
        series_note(c);
        return;
    }
    if (!l->piece) {
        draw_note(c, l->cut >= 0
                         ? "the piece begins at the mark: c again where it ends"
                         : "cut a piece out of the series, and all places like it are found: c where it "
                           "begins, c again where it ends");
        return;
    }
    const struct listener_result *r = l->result;
    const struct stretch *s = series_stretch(l);
    struct rect left = curves(v, c->clip.rows, c->clip.cols);
    struct plot p = series_axis(l);
    double cross = series_cross(l), peak[LISTENER_PEAKS];
    if (!l->plain)
        p.y_low = -1, p.y_high = 1;
    if (s) {
        bool near = s == &r->near;
        p.series[p.count++] = (struct plot_series){
            .point = points,
            .count = series_points(l, s, near ? r->near_low : r->response_low,
                                   near ? r->near_high : r->response_high, points),
            .line = LINE_TRAIN_LOSS,
            .name = "response",
        };
        p.peaks = r->peaks;
        for (int i = 0; i < r->peaks; i++)
            peak[i] = listening_time(l, r->peak[i].col);
        p.peak = peak;
    }
    p.cross = panel_cursor(v, &panel_search) ? &cross : NULL;
    struct canvas part = canvas_part(c, left);
    plot_draw(&part, &p);
    part = canvas_part(c, (struct rect){0, left.cols + 1, c->clip.rows, c->clip.cols - left.cols - 1});
    if (left.cols < c->clip.cols)
        draw_piece(l, &part);
}

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    return series_move(v, curves(v, rows, cols), at, down, right);
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    return series_hit(v, curves(v, rows, cols), row, col, at);
}

/* The places that were found, the best first. */
static void explain(const struct view *v, struct place at, char *text, int size)
{
    const struct listening *l = v->listening;
    const struct listener_result *r = l->result;
    int used = series_place(l, at.col, text, size);
    for (int i = 0; r && i < r->peaks && used < size; i++)
        used += snprintf(text + used, (size_t)(size - used), "  %d: %.3f at %.6g %s", i + 1,
                         (double)r->peak[i].score, listening_time(l, r->peak[i].col), listening_unit(l));
}

static bool press(const struct view *v, struct place at, bool click, char *line, int size)
{
    (void)at;
    if (click || !v->listening || !v->listening->piece)
        return false;
    snprintf(line, (size_t)size, "found next");
    return true;
}

static void numbers(const struct view *v, struct text *out)
{
    const struct listener_result *r = v->listening ? v->listening->result : NULL;
    if (!r || r->peaks == 0)
        return;
    text_add(out, "place,sample,score\n");
    for (int i = 0; i < r->peaks; i++) {
        text_format(out, "%d,%d,", i + 1, r->peak[i].col + 1);
        text_real_exact(out, (double)r->peak[i].score);
        text_add(out, "\n");
    }
}

const struct panel_type panel_search = {
    .name = "search",
    .title = "search",
    .help = "the response of a piece at every place of the series, the best places numbered",
    .lecture = "L31",
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
