#include "tui/widgets/plot_axis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LABEL = PLOT_LABEL };

/* 1, 2 or 5 times a power of ten: about `parts` steps in the span. */
static double step_of(double span, int parts)
{
    double raw = span / (parts > 0 ? parts : 1), power = pow(10, floor(log10(raw)));
    double part = raw / power;
    return power * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
}

/* Lowest and highest of what is seen. */
static struct axis seen(const struct plot *p)
{
    struct axis a = {INFINITY, -INFINITY, p->log_y};
    for (int s = 0; s < p->count; s++)
        for (int i = 0; i < p->series[s].count; i++) {
            const struct plot_point *at = &p->series[s].point[i];
            double y = p->log_y ? log10((double)at->y) : (double)at->y;
            if (!isfinite(y) || at->x < p->x_low || at->x > p->x_high)
                continue;
            a.low = fmin(a.low, y);
            a.high = fmax(a.high, y);
        }
    return a;
}

static struct axis log_axis(const struct plot *p)
{
    struct axis a = seen(p);
    if (!(a.low <= a.high))
        a.low = -1, a.high = 0;
    if (p->y_low < p->y_high && !p->tight) {
        a.high = p->y_high > 0 ? log10(p->y_high) : a.high;
        a.low = p->y_low > 0 ? log10(p->y_low) : a.low;
    }
    if (a.high - a.low < 0.01) { /* one value */
        a.low -= 0.5;
        a.high = a.low + 1;
    }
    return a;
}

struct axis axis_of(const struct plot *p)
{
    if (p->log_y)
        return log_axis(p);
    struct axis a = {p->y_low, p->y_high, false};
    if (a.low < a.high && !p->tight)
        return a;
    a = seen(p);
    if (!(a.low <= a.high))
        return (struct axis){0, 1, false};
    if (!p->tight)
        a.low = a.low >= 0 ? 0 : a.low;
    a.high = a.high > a.low ? a.high : a.low + fmax(p->tight ? 0.01 : 1, fabs(a.low) / 2);
    return a;
}

double axis_part(struct axis a, double y)
{
    y = a.log ? log10(y) : y;
    return isfinite(y) ? (y - a.low) / (a.high - a.low) : (double)NAN;
}

/* A multiple of the step in at most LABEL columns: "0.05", "100 %", "30000", "1200k". */
static void write_label(char *text, size_t size, double y, double step, bool percent)
{
    static const char *const units[] = {"", "k", "M", "G"};
    int unit = 0, digits = step < 0.001 ? 4 : step < 0.01 ? 3 : step < 0.1 ? 2 : step < 1 ? 1 : 0;
    if (percent) {
        for (digits = digits > 2 ? digits - 2 : 0; digits >= 0; digits--) {
            snprintf(text, size, digits ? "%.*f%%" : "%.*f %%", digits, 100 * y);
            if (text_columns(text) <= LABEL)
                return;
        }
        return;
    }
    for (double share = fabs(y); share >= 1e5 && unit < ARRAY_LEN(units); share /= 1000)
        unit++;
    if (unit < ARRAY_LEN(units) && (step >= 0.0001 || y == 0)) {
        for (; digits >= 0; digits--) {
            snprintf(text, size, "%.*f%s", digits, y / pow(1000, unit), units[unit]);
            if (text_columns(text) <= LABEL)
                return;
        }
    }
    snprintf(text, size, "%.0e", y);
}

static void draw_tick(struct canvas *c, const struct plot *p, struct axis a, int rows, double y, double step)
{
    char text[24];
    write_label(text, sizeof text, y, step, p->percent);
    int row = (int)lrint((1 - axis_part(a, y)) * (2 * rows - 1)) / 2;
    canvas_text(c, row, LABEL - text_columns(text), ROLE_FAINT, text);
    canvas_put(c, row, LABEL, ROLE_FRAME, c->style->utf8 ? 0x2524 : '+');
}

static void draw_log_ticks(struct canvas *c, const struct plot *p, struct axis a, int rows)
{
    static const int fine[] = {1, 2, 5}, coarse[] = {1};
    double decades = a.high - a.low;
    int most = rows / 3 > 1 ? rows / 3 : 1;
    bool many = 3 * decades <= most + 1;
    int every = many ? 1 : (int)ceil(decades / most);
    for (int power = (int)floor(a.low); power <= (int)ceil(a.high); power++)
        for (int k = 0; k < (many ? ARRAY_LEN(fine) : ARRAY_LEN(coarse)); k++) {
            double y = (many ? fine[k] : coarse[k]) * pow(10, power), part = axis_part(a, y);
            if (part >= -1e-9 && part <= 1 + 1e-9 && power % every == 0)
                draw_tick(c, p, a, rows, y, pow(10, power));
        }
}

void axis_draw(struct canvas *c, const struct plot *p, struct axis a, int rows)
{
    for (int r = 0; r < rows; r++)
        canvas_put(c, r, LABEL, ROLE_FRAME, c->style->utf8 ? 0x2502 : '|');
    if (a.log && a.high - a.low >= 1) { /* else there may be no such number */
        draw_log_ticks(c, p, a, rows);
        return;
    }
    double low = a.log ? pow(10, a.low) : a.low, high = a.log ? pow(10, a.high) : a.high;
    double step = step_of(high - low, rows / 3 > 1 ? rows / 3 : 1);
    for (double y = ceil(low / step - 1e-9) * step; y <= high + 1e-9 * step; y += step)
        draw_tick(c, p, a, rows, fabs(y) < step / 2 ? 0 : y, step);
}

void axis_value(const struct plot *p, double y, char *text, size_t size)
{
    if (isnan(y))
        snprintf(text, size, "-");
    else if (p->percent)
        snprintf(text, size, "%.1f %%", 100 * y);
    else
        snprintf(text, size, fabs(y) >= 0.001 || y == 0 ? "%.3f" : "%.1e", y);
}
