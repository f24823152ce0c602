/**
 * The curves are drawn into a plane of pixels first, two a cell. A column takes the span of all samples that fall into it, and is joined to its
 * neighbour by a vertical line, so that a steep curve has no gaps.
 */
#include "tui/widgets/plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COLS_MOST = 512, ROWS_MOST = 128, LABEL = 6, NONE = LINE_NONE };

struct plane {
    int cols, rows; /* pixels */
    uint8_t at[COLS_MOST * ROWS_MOST * 2];
};

struct axis {
    double low, high;
};

/* 1, 2 or 5 times a power of ten: about `parts` steps in the span. */
static double step_of(double span, int parts)
{
    double raw = span / (parts > 0 ? parts : 1), power = pow(10, floor(log10(raw)));
    double part = raw / power;
    return power * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
}

static struct axis axis_y(const struct plot *p)
{
    struct axis a = {p->y_low, p->y_high};
    if (a.low < a.high)
        return a;
    a = (struct axis){INFINITY, -INFINITY};
    for (int s = 0; s < p->count; s++)
        for (int i = 0; i < p->series[s].count; i++) {
            double y = (double)p->series[s].point[i].y;
            if (isfinite(y)) {
                a.low = fmin(a.low, y);
                a.high = fmax(a.high, y);
            }
        }
    if (!(a.low <= a.high))
        return (struct axis){0, 1};
    a.low = a.low >= 0 ? 0 : a.low;
    a.high = a.high > a.low ? a.high : a.low + fmax(1, fabs(a.low) / 2);
    return a;
}

static void vertical(struct plane *plane, int x, int from, int to, int line)
{
    if (from > to) {
        int swap = from;
        from = to, to = swap;
    }
    for (int y = from < 0 ? 0 : from; y <= to && y < plane->rows; y++)
        plane->at[y * plane->cols + x] = (uint8_t)line;
}

static int row_of(const struct plane *plane, struct axis a, double y)
{
    double part = (y - a.low) / (a.high - a.low);
    part = part < 0 ? 0 : part > 1 ? 1 : part;
    return (int)lrint((1 - part) * (plane->rows - 1));
}

static void draw_series(struct plane *plane, const struct plot *p, const struct plot_series *s, struct axis a)
{
    double span = p->x_high > p->x_low ? p->x_high - p->x_low : 1;
    int last_x = -1, last_y = 0;
    for (int i = 0; i < s->count; i++) {
        double part = (s->point[i].x - p->x_low) / span;
        if (!isfinite((double)s->point[i].y) || part < 0 || part > 1) {
            last_x = -1;
            continue;
        }
        int x = (int)lrint(part * (plane->cols - 1)), y = row_of(plane, a, (double)s->point[i].y);
        if (last_x < 0)
            vertical(plane, x, y, y, s->line);
        for (int k = last_x < 0 ? x + 1 : last_x + (x > last_x); k <= x; k++) {
            /* the straight line between two samples, at its columns */
            int at = x == last_x ? y : last_y + (y - last_y) * (k - last_x) / (x - last_x);
            int before = x == last_x ? last_y : last_y + (y - last_y) * (k - 1 - last_x) / (x - last_x);
            vertical(plane, k, before, at, s->line);
        }
        last_x = x, last_y = y;
    }
}

/* A multiple of the step in at most LABEL columns: "0.05", "100 %", "30000", "1200k". */
static void write_label(char *text, size_t size, double y, double step, bool percent)
{
    static const char *const units[] = {"", "k", "M", "G"};
    int unit = 0, digits = step < 0.001 ? 4 : step < 0.01 ? 3 : step < 0.1 ? 2 : step < 1 ? 1 : 0;
    if (percent) {
        snprintf(text, size, "%.0f %%", 100 * y);
        return;
    }
    for (double share = fabs(y); share >= 1e5 && unit < ARRAY_LEN(units); share /= 1000)
        unit++;
    if (unit < ARRAY_LEN(units) && (step >= 0.0001 || y == 0))
        snprintf(text, size, "%.*f%s", digits, y / pow(1000, unit), units[unit]);
    else
        snprintf(text, size, "%.0e", y);
}

/* Ticks at round numbers up the left side. */
static void draw_y_axis(struct canvas *c, const struct plot *p, struct axis a, int rows)
{
    double step = step_of(a.high - a.low, rows / 3 > 1 ? rows / 3 : 1);
    for (int r = 0; r < rows; r++)
        canvas_put(c, r, LABEL, ROLE_FRAME, c->style->utf8 ? 0x2502 : '|');
    for (double y = ceil(a.low / step - 1e-9) * step; y <= a.high + 1e-9 * step; y += step) {
        char text[24];
        write_label(text, sizeof text, fabs(y) < step / 2 ? 0 : y, step, p->percent);
        int row = (int)lrint((a.high - y) / (a.high - a.low) * (2 * rows - 1)) / 2;
        canvas_text(c, row, LABEL - text_columns(text), ROLE_FAINT, text);
        canvas_put(c, row, LABEL, ROLE_FRAME, c->style->utf8 ? 0x2524 : '+');
    }
}

/* The names of the lines, in the middle of the axis below; returns where they begin. */
static int draw_legend(struct canvas *c, const struct plot *p, int row, int cols)
{
    int width = 0, col;
    for (int s = 0; s < p->count; s++)
        width += p->series[s].name ? text_columns(p->series[s].name) + 4 : 0;
    if (width > cols)
        return 0;
    col = LABEL + 1 + (cols - width) / 2;
    for (int s = 0; s < p->count; s++) {
        const struct plot_series *series = &p->series[s];
        if (!series->name)
            continue;
        canvas_pixels(c, row, col, MAP_LINE, series->line, series->line);
        canvas_text(c, row, col + 2, ROLE_TEXT, series->name);
        col += text_columns(series->name) + 4;
    }
    return (cols - width) / 2;
}

/* First and last x, as far as the legend leaves room for them. */
static void draw_x_axis(struct canvas *c, const struct plot *p, int row, int cols)
{
    char low[48], high[48];
    int room = draw_legend(c, p, row, cols);
    snprintf(low, sizeof low, "%.0f", p->x_low);
    snprintf(high, sizeof high, "%s %.0f", p->x_name ? p->x_name : "", p->x_high);
    if (text_columns(high) >= room)
        snprintf(high, sizeof high, "%.0f", p->x_high);
    if (text_columns(low) < room)
        canvas_text(c, row, LABEL + 1, ROLE_FAINT, low);
    if (text_columns(high) < room)
        canvas_text(c, row, LABEL + 1 + cols - text_columns(high), ROLE_FAINT, high);
}

static void draw_mark(struct canvas *c, const struct plot *p, int rows, int cols)
{
    if (!(p->mark > p->x_low && p->mark < p->x_high))
        return;
    int col = (int)lrint((p->mark - p->x_low) / (p->x_high - p->x_low) * (cols - 1));
    for (int r = 0; r < rows; r++)
        canvas_put(c, r, LABEL + 1 + col, ROLE_FOCUS, 0x2502);
}

void plot_draw(struct canvas *c, const struct plot *p)
{
    struct plane plane;
    struct axis a = axis_y(p);
    int rows = c->clip.rows - 1, cols = c->clip.cols - LABEL - 1;
    if (rows < 1 || cols < 2)
        return;
    plane.cols = cols < COLS_MOST ? cols : COLS_MOST;
    plane.rows = 2 * (rows < ROWS_MOST ? rows : ROWS_MOST);
    memset(plane.at, NONE, (size_t)plane.cols * (size_t)plane.rows);
    for (int s = 0; s < p->count; s++)
        draw_series(&plane, p, &p->series[s], a);
    draw_y_axis(c, p, a, rows);
    draw_mark(c, p, rows, plane.cols);
    for (int y = 0; y < plane.rows; y += 2)
        for (int x = 0; x < plane.cols; x++) {
            int top = plane.at[y * plane.cols + x], bottom = plane.at[(y + 1) * plane.cols + x];
            if (!style_half_blocks(c->style))
                top = bottom = top != NONE ? top : bottom;
            if (top != NONE || bottom != NONE)
                canvas_pixels(c, y / 2, LABEL + 1 + x, MAP_LINE, top, bottom);
        }
    draw_x_axis(c, p, rows, plane.cols);
}
