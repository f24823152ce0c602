/**
 * The curves are drawn into a plane of pixels first, two a cell. A column takes the span of all samples that fall into it, and is joined to its
 * neighbour by a vertical line, so that a steep curve has no gaps.
 */
#include "tui/widgets/plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/widgets/plot_axis.h"

enum { COLS_MOST = 512, ROWS_MOST = 128, LABEL = PLOT_LABEL, NONE = LINE_NONE, DASH = 3, DASHES = 5 };

struct plane {
    int cols, rows; /* pixels */
    int thick;      /* more pixels below each that is on a line */
    uint8_t at[COLS_MOST * ROWS_MOST * 2];
};

/* Columns and rows of cells for the curves. */
static int plane_cols(int cols)
{
    cols -= LABEL + 1;
    return cols < COLS_MOST ? cols : COLS_MOST;
}

static int plane_rows(int rows)
{
    return rows - 1 < ROWS_MOST ? rows - 1 : ROWS_MOST;
}

static double span_of(const struct plot *p)
{
    return p->x_high > p->x_low ? p->x_high - p->x_low : 1;
}

static void vertical(struct plane *plane, int x, int from, int to, const struct plot_series *s)
{
    if (from > to) {
        int swap = from;
        from = to, to = swap;
    }
    if (s->dashed && x % DASHES >= DASH)
        return;
    to += plane->thick;
    for (int y = from < 0 ? 0 : from; y <= to && y < plane->rows; y++)
        plane->at[y * plane->cols + x] = (uint8_t)s->line;
}

/* A sample, or where a line crosses an edge: shares of both axes. */
struct spot_on {
    double x, y;
};

static int row_of(const struct plane *plane, double y)
{
    y = y < 0 ? 0 : y > 1 ? 1 : y;
    return (int)lrint((1 - y) * (plane->rows - 1));
}

static double on_line(struct spot_on a, struct spot_on b, double x)
{
    return b.x > a.x ? a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x) : b.y;
}

/* The straight line between two samples, at its columns: what of it lies between the edges. */
static void draw_piece(struct plane *plane, const struct plot_series *s, struct spot_on a, struct spot_on b)
{
    struct spot_on from = a, to = b;
    if (b.x < 0 || a.x > 1)
        return;
    if (a.x < 0)
        from = (struct spot_on){0, on_line(a, b, 0)};
    if (b.x > 1)
        to = (struct spot_on){1, on_line(a, b, 1)};
    int x0 = (int)lrint(from.x * (plane->cols - 1)), x1 = (int)lrint(to.x * (plane->cols - 1));
    int y0 = row_of(plane, from.y), y1 = row_of(plane, to.y);
    if (x0 == x1) {
        vertical(plane, x1, y0, y1, s);
        return;
    }
    for (int k = x0 + 1; k <= x1; k++)
        vertical(plane, k, y0 + (y1 - y0) * (k - 1 - x0) / (x1 - x0), y0 + (y1 - y0) * (k - x0) / (x1 - x0),
                 s);
    if (a.x < 0)
        vertical(plane, x0, y0, y0, s);
}

static void draw_series(struct plane *plane, const struct plot *p, const struct plot_series *s, struct axis a)
{
    struct spot_on last = {NAN, NAN};
    for (int i = 0; i < s->count; i++) {
        struct spot_on at = {(s->point[i].x - p->x_low) / span_of(p), axis_part(a, (double)s->point[i].y)};
        if (isnan(at.y)) {
            last.x = NAN;
            continue;
        }
        if (!isnan(last.x))
            draw_piece(plane, s, last, at);
        else if (at.x >= 0 && at.x <= 1)
            draw_piece(plane, s, at, at);
        last = at;
    }
}

static void flat(struct plane *plane, int x, int y, int line)
{
    for (int k = x - 1; k <= x + 1; k++)
        if (k >= 0 && k < plane->cols && y >= 0 && y < plane->rows)
            plane->at[y * plane->cols + k] = (uint8_t)line;
}

/* From end to end, each end three columns wide. */
static void draw_bar(struct plane *plane, const struct plot *p, const struct plot_bar *b, struct axis a)
{
    struct plot_series solid = {.line = b->line};
    double x = (b->x - p->x_low) / span_of(p);
    double low = axis_part(a, (double)b->low), high = axis_part(a, (double)b->high);
    if (isnan(low) || isnan(high) || !(x >= 0 && x <= 1))
        return;
    int col = (int)lrint(x * (plane->cols - 1)), top = row_of(plane, high), bottom = row_of(plane, low);
    vertical(plane, col, top, bottom, &solid);
    flat(plane, col, top, b->line);
    flat(plane, col, bottom, b->line);
}

static float value_at(const struct plot_series *s, double x)
{
    int low = 0, high = s->count; /* points before `low` are at or before x, those from `high` on behind it */
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (s->point[middle].x <= x)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? s->point[low - 1].y : NAN;
}

void plot_read(const struct plot *p, double x, float out[PLOT_SERIES])
{
    for (int s = 0; s < PLOT_SERIES; s++)
        out[s] = s < p->count ? value_at(&p->series[s], x) : NAN;
}

enum { ENTRY = 48 };

/* What stands in the legend for a series: its name, and its value at the cross-hair. */
static int legend_entry(const struct plot *p, int s, char text[ENTRY])
{
    char value[24];
    if (!p->series[s].name)
        return 0;
    snprintf(text, ENTRY, "%s", p->series[s].name);
    if (p->cross) {
        axis_value(p, (double)value_at(&p->series[s], *p->cross), value, sizeof value);
        snprintf(text, ENTRY, "%s %s", p->series[s].name, value);
    }
    return text_columns(text) + 4;
}

/* The names of the lines, in the middle of the axis below; returns where they begin. */
static int draw_legend(struct canvas *c, const struct plot *p, int row, int cols)
{
    int width = 0, col;
    char text[ENTRY];
    for (int s = 0; s < p->count; s++)
        width += legend_entry(p, s, text);
    if (width > cols + 2) /* the last two are blank */
        return 0;
    width = width < cols ? width : cols;
    col = LABEL + 1 + (cols - width) / 2;
    for (int s = 0; s < p->count; s++) {
        int wide = legend_entry(p, s, text);
        if (wide == 0)
            continue;
        canvas_pixels(c, row, col, MAP_LINE, p->series[s].line, p->series[s].line);
        canvas_text(c, row, col + 2, ROLE_TEXT, text);
        col += wide;
    }
    return (cols - width) / 2;
}

/* "1240", or "3.25 s": decimals so that a hundredth of the axis can be told. */
static void x_text(const struct plot *p, double x, char *text, size_t size)
{
    int digits = (int)ceil(2 - log10(span_of(p)));
    digits = digits < 0 ? 0 : digits > 9 ? 9 : digits;
    if (p->x_unit)
        snprintf(text, size, "%.*f %s", digits, x, p->x_unit);
    else
        snprintf(text, size, "%.0f", x);
}

/* First and last x, as far as the legend leaves room for them. */
static void draw_x_axis(struct canvas *c, const struct plot *p, int row, int cols)
{
    char low[48], value[48], high[80];
    int room = draw_legend(c, p, row, cols);
    x_text(p, p->x_low, low, sizeof low);
    x_text(p, p->x_high, value, sizeof value);
    snprintf(high, sizeof high, "%s%s%s", p->x_name ? p->x_name : "", p->x_name || !p->x_unit ? " " : "",
             value);
    if (text_columns(high) >= room)
        snprintf(high, sizeof high, "%s", value);
    if (text_columns(low) < room)
        canvas_text(c, row, LABEL + 1, ROLE_FAINT, low);
    if (text_columns(high) < room)
        canvas_text(c, row, LABEL + 1 + cols - text_columns(high), ROLE_FAINT, high);
}

static int column_of(const struct plot *p, double x, int cols)
{
    return (int)lrint((x - p->x_low) / span_of(p) * (cols - 1));
}

static void draw_mark(struct canvas *c, const struct plot *p, int rows, int cols)
{
    if (!(p->mark > p->x_low && p->mark < p->x_high))
        return;
    for (int r = 0; r < rows; r++)
        canvas_put(c, r, LABEL + 1 + column_of(p, p->mark, cols), ROLE_FOCUS, 0x2502);
}

/* A column of the axis; those beyond its ends are the end's. */
static int clamped_column(const struct plot *p, double x, int cols)
{
    x = fmin(fmax(x, p->x_low), p->x_high);
    return LABEL + 1 + column_of(p, x, cols);
}

static void draw_outline(struct canvas *c, const struct plot *p, int rows, int cols)
{
    const double *x = p->outline;
    if (!x || x[1] < p->x_low || x[0] > p->x_high || rows < 2)
        return;
    int left = clamped_column(p, x[0], cols), right = clamped_column(p, x[1], cols);
    struct rect r = {0, left, rows, right - left + 1};
    if (r.cols >= 2)
        canvas_frame(c, r, ROLE_FOCUS, NULL);
    for (int row = 0; row < rows && r.cols < 2; row++)
        canvas_put(c, row, left, ROLE_FOCUS, c->style->utf8 ? 0x2502 : '|');
}

static void draw_peaks(struct canvas *c, const struct plot *p, int cols)
{
    for (int i = 0; i < p->peaks && p->peak; i++)
        if (p->peak[i] >= p->x_low && p->peak[i] <= p->x_high)
            canvas_format(c, 0, LABEL + 1 + column_of(p, p->peak[i], cols), ROLE_STRONG, "%d", i + 1);
}

static bool is_crossed(const struct plot *p)
{
    return p->cross && *p->cross >= p->x_low && *p->cross <= p->x_high;
}

static void draw_cross(struct canvas *c, const struct plot *p, int rows, int cols)
{
    for (int r = 0; is_crossed(p) && r < rows; r++)
        canvas_put(c, r, LABEL + 1 + column_of(p, *p->cross, cols), ROLE_STRONG,
                   c->style->utf8 ? 0x2503 : '!');
}

/* Over the curves: where the cross-hair meets those that have a name, and its x beside it. */
static void draw_read_out(struct canvas *c, const struct plot *p, struct axis a, int rows, int cols)
{
    char text[64];
    if (!is_crossed(p))
        return;
    float values[PLOT_SERIES];
    int col = column_of(p, *p->cross, cols), row = 0;
    plot_read(p, *p->cross, values);
    for (int s = 0; s < p->count; s++) {
        double part = axis_part(a, (double)values[s]);
        if (p->series[s].name && part > 0.7) /* the x is written below, then, so that it hides no curve */
            row = rows - 1;
        if (p->series[s].name && part >= 0 && part <= 1)
            canvas_put(c, (int)lrint((1 - part) * (2 * rows - 1)) / 2, LABEL + 1 + col, ROLE_STRONG,
                       c->style->utf8 ? 0x25cf : 'O');
    }
    char x[48];
    x_text(p, *p->cross, x, sizeof x);
    int wide = snprintf(text, sizeof text, " %s%s%s ",
                        p->x_name   ? p->x_name
                        : p->x_unit ? ""
                                    : "x",
                        p->x_name || !p->x_unit ? " " : "", x);
    if (col + 1 + wide <= cols)
        canvas_text(c, row, LABEL + 1 + col + 1, ROLE_STRONG, text);
    else if (wide <= col)
        canvas_text(c, row, LABEL + 1 + col - wide, ROLE_STRONG, text);
}

void plot_draw(struct canvas *c, const struct plot *p)
{
    struct plane plane;
    struct axis a = axis_of(p);
    int rows = c->clip.rows - 1, cols = plane_cols(c->clip.cols);
    if (rows < 1 || cols < 2)
        return;
    plane.cols = cols;
    plane.rows = 2 * plane_rows(c->clip.rows);
    plane.thick = style_large(c->style);
    memset(plane.at, NONE, (size_t)plane.cols * (size_t)plane.rows);
    for (int i = 0; i < p->bars; i++)
        draw_bar(&plane, p, &p->bar[i], a);
    for (int s = 0; s < p->count; s++)
        draw_series(&plane, p, &p->series[s], a);
    axis_draw(c, p, a, rows);
    draw_mark(c, p, rows, cols);
    draw_cross(c, p, rows, cols);
    for (int y = 0; y < plane.rows; y += 2)
        for (int x = 0; x < plane.cols; x++) {
            int top = plane.at[y * plane.cols + x], bottom = plane.at[(y + 1) * plane.cols + x];
            if (!style_half_blocks(c->style))
                top = bottom = top != NONE ? top : bottom;
            if (top != NONE || bottom != NONE)
                canvas_pixels(c, y / 2, LABEL + 1 + x, MAP_LINE, top, bottom);
        }
    draw_outline(c, p, rows, cols); /* over the curves: it may be one column wide */
    draw_peaks(c, p, cols);
    draw_read_out(c, p, a, rows, cols);
    draw_x_axis(c, p, rows, cols);
}

double plot_column(const struct plot *p, int cols)
{
    cols = plane_cols(cols);
    return cols < 2 ? 0 : span_of(p) / (cols - 1);
}

bool plot_hit(const struct plot *p, int rows, int cols, int row, int col, double *x)
{
    int k = col - LABEL - 1;
    if (row < 0 || row >= rows - 1 || k < 0 || k >= plane_cols(cols) || plane_cols(cols) < 2)
        return false;
    *x = p->x_low + k * plot_column(p, cols);
    return true;
}
