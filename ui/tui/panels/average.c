/** The average under the cursor, close up: its samples, its weights, the sum in full, and the point that it gives. Lecture L20, L25, L26, L28. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/panels/series.h"

enum {
    LINES_MOST = 5,
    PLOT_LEAST = 5,
    BESIDE = 90 /* columns with room for the weights */,
    WEIGHT_COLS = 34
};

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    static const struct panel_size offered[] = {
        {8, 60, 0.5f}, {10, 60, 0.9f}, {11, 78, 1.2f}, {16, 100, 2}, {20, 120, 3},
    };
    (void)s;
    return sizes_listed(v->listening, offered, ARRAY_LEN(offered), out);
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct listening *l = v->listening;
    if (!l)
        return;
    int weights = listening_weights(l), used = snprintf(text, (size_t)size, "average");
    long outputs = listening_outputs(l);
    if (outputs > 0)
        used += snprintf(text + used, (size_t)(size - used), "  output %ld of %ld = %ld - %d + 1",
                         listening_output(l) + 1, outputs, l->signal.count, weights);
    if (l->choice.average == AVERAGE_GAUSSIAN && used < size)
        snprintf(text + used, (size_t)(size - used), "  gaussian, %d weights, sigma %g%s%s", weights,
                 l->choice.sigma, l->choice.bell == BELL_LECTURE ? "" : ", ",
                 l->choice.bell == BELL_LECTURE ? "" : bell_names[l->choice.bell]);
    else if (used < size)
        snprintf(text + used, (size_t)(size - used), "  %s, %d weight%s", average_names[l->choice.average],
                 weights, weights == 1 ? "" : "s");
}

/* Rows for the sum: as many as it takes when it is complete, so that nothing moves while it grows. */
static int lines_of(const struct listening *l, int rows, int cols)
{
    int term = l->choice.average == AVERAGE_UNIFORM ? 10 : 17, room = rows - PLOT_LEAST - 1;
    int wanted = 1 + listening_weights(l) * term / cols;
    wanted = wanted < LINES_MOST ? wanted : LINES_MOST;
    return room < 1 ? 1 : wanted < room ? wanted : room;
}

/* Where the close-up is. */
static struct rect close_up(const struct listening *l, int rows, int cols)
{
    int row = lines_of(l, rows, cols) + 1;
    return (struct rect){row, 0, rows - row, cols >= BESIDE ? cols - WEIGHT_COLS : cols};
}

static struct plot close_up_axis(const struct listening *l)
{
    return (struct plot){.x_low = listening_time(l, (double)l->near_from),
                         .x_high = listening_time(l, (double)(l->near_from + l->near_count - 1)),
                         .x_unit = listening_unit(l)};
}

/* The last lines of a sum that is too long. */
static const char *last_part(const char *sum, int columns)
{
    for (int left = text_columns(sum); left > columns;) {
        const char *plus = strstr(sum + 1, "+ ");
        if (!plus)
            break;
        for (; sum < plus; sum++)
            left -= ((unsigned char)*sum & 0xc0) != 0x80;
    }
    return sum;
}

static void draw_expression(const struct listening *l, struct canvas *c, int most)
{
    char line[512], text[LISTENING_TEXT];
    int cols = c->clip.cols < 250 ? c->clip.cols : 250, row = 0, length = 0;
    const char *from = last_part(l->expression, cols * most - most * 14);     /* lines break between terms */
    for (const char *at = from; *at && length < (int)sizeof text - 8; at++) { /* the sign of a product */
        bool dot = (unsigned char)at[0] == 0xc2 && (unsigned char)at[1] == 0xb7;
        if (dot && !c->style->utf8) {
            text[length++] = '*';
            at++;
        } else {
            text[length++] = *at;
        }
    }
    text[length] = 0;
    const char *at = text;
    while (*at && row < most) {
        int used = snprintf(line, sizeof line, "%s", row == 0 && from != l->expression ? "... " : "");
        do {
            const char *plus = strstr(at + 1, " + ");
            int term = plus ? (int)(plus - at) : (int)strlen(at);
            if (used + term >= (int)sizeof line ||
                (used > 4 && text_columns(line) + term > cols && row < most - 1))
                break;
            at += at[0] == ' ' && used == 0;
            term = plus ? (int)(plus - at) : (int)strlen(at);
            used += snprintf(line + used, sizeof line - (size_t)used, "%.*s", term, at);
            at += term;
        } while (*at);
        canvas_text_width(c, row++, 0, cols, ROLE_STRONG, line);
    }
}

/* What there is to say about the weights, or the product that is next. */
static void draw_remark(const struct listening *l, struct canvas *c, int row)
{
    char text[200];
    int weights = listening_weights(l), done = l->products;
    const struct kernel *k = &l->kernel;
    double sum = 0;
    for (int j = 0; j < weights; j++)
        sum += (double)k->w.data[j];
    if (done > 0 && done < weights) {
        const float *x = l->near + (listening_output(l) - l->near_from);
        snprintf(text, sizeof text, "product %d of %d: %.3g %s %.3g = %.3g  so far %.4g", done, weights,
                 (double)x[done - 1], c->style->utf8 ? "\u00b7" : "*", (double)k->w.data[done - 1],
                 (double)x[done - 1] * (double)k->w.data[done - 1], l->sum);
    } else if (l->choice.average == AVERAGE_GAUSSIAN && l->choice.bell == BELL_PRINTED) {
        snprintf(text, sizeof text,
                 "the weights add up to %.4g  without its minus sign the formula makes the ends heaviest",
                 sum);
    } else if (l->choice.average == AVERAGE_GAUSSIAN && k->narrow) {
        snprintf(text, sizeof text,
                 "%d weights are fewer than 2 sigma = %g: only %.1f %% of the bell is kept", weights,
                 2 * l->choice.sigma, 100 * k->kept);
        parts_fit(text, c->clip.cols);
        canvas_text_width(c, row, 0, c->clip.cols, ROLE_WARN, text);
        return;
    } else if (l->choice.average == AVERAGE_GAUSSIAN) {
        snprintf(text, sizeof text, "the weights add up to %.4g  %.1f %% of the bell is kept", sum,
                 100 * k->kept);
    } else {
        snprintf(text, sizeof text, "the weights add up to %.4g", sum);
    }
    parts_fit(text, c->clip.cols);
    canvas_text_width(c, row, 0, c->clip.cols, ROLE_FAINT, text);
}

static void draw_weights(const struct listening *l, struct canvas *c)
{
    static struct plot_point points[STRETCH_WEIGHTS];
    int weights = listening_weights(l);
    for (int j = 0; j < weights; j++)
        points[j] = (struct plot_point){j + 1, l->kernel.w.data[j]};
    double next[2] = {l->products, l->products};
    struct plot p = {.x_low = 1, .x_high = weights, .x_name = "weight"};
    if (l->products > 0 && l->products < weights)
        p.outline = next;
    p.series[p.count++] = (struct plot_series){points, weights, LINE_TRAIN_ACCURACY, NULL, false};
    plot_draw(c, &p);
}

/* Results up to the one that is being taken; that one when its sum is complete. */
static int results(const struct listening *l, struct plot_point *out)
{
    int weights = listening_weights(l), half = (weights - 1) / 2;
    long last = listening_output(l) + half - (l->products < weights);
    for (int i = 0; i < l->near_count; i++) {
        float y = l->near_from + i <= last ? l->near_smooth[i] : NAN;
        out[i] = (struct plot_point){listening_time(l, (double)(l->near_from + i)), y};
    }
    return l->near_count;
}

static void draw_close_up(const struct view *v, struct canvas *c)
{
    static struct plot_point noisy[LISTENING_NEAR], clean[LISTENING_NEAR], smoothed[LISTENING_NEAR];
    const struct listening *l = v->listening;
    int weights = listening_weights(l);
    double window[2], middle = listening_time(l, (double)(listening_output(l) + (weights - 1) / 2));
    for (int i = 0; i < l->near_count; i++) {
        double x = listening_time(l, (double)(l->near_from + i));
        noisy[i] = (struct plot_point){x, l->near[i]};
        clean[i] = (struct plot_point){x, l->near_clean[i]};
    }
    struct plot p = close_up_axis(l);
    if (l->noise > 0)
        p.series[p.count++] = (struct plot_series){clean, l->near_count, LINE_TEST_LOSS, NULL, false};
    p.series[p.count++] = (struct plot_series){noisy, l->near_count, LINE_RAW, NULL, false};
    p.series[p.count++] =
        (struct plot_series){smoothed, results(l, smoothed), LINE_TRAIN_LOSS, "smoothed", false};
    if (series_window(l, window))
        p.outline = window;
    if (l->products == weights)
        p.cross = &middle;
    plot_draw(c, &p);
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct listening *l = v->listening;
    int rows = c->clip.rows, cols = c->clip.cols;
    if (!l) {
        series_note(c);
        return;
    }
    if (listening_outputs(l) == 0) {
        draw_note(c, "the window is wider than the series: < makes it narrower");
        return;
    }
    struct rect r = close_up(l, rows, cols);
    struct canvas part = canvas_part(c, r);
    draw_expression(l, c, r.row - 1);
    draw_remark(l, c, r.row - 1);
    draw_close_up(v, &part);
    part = canvas_part(c, (struct rect){r.row, r.cols + 1, r.rows, cols - r.cols - 1});
    if (r.cols < cols)
        draw_weights(l, &part);
}

/* Sample by sample, whichever way. */
static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    (void)rows, (void)cols;
    int was = at->col;
    if (!v->listening)
        return false;
    long to = was + right + down, last = v->listening->signal.count - 1;
    at->col = (int)(to < 0 ? 0 : to > last ? last : to);
    return at->col != was;
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    const struct listening *l = v->listening;
    double x;
    if (!l || l->near_count == 0)
        return false;
    struct rect r = close_up(l, rows, cols);
    struct plot p = close_up_axis(l);
    if (!plot_hit(&p, r.rows, r.cols, row - r.row, col, &x))
        return false;
    long sample = lrint(listening_sample(l, x));
    *at = (struct place){.col = (int)sample};
    return sample >= 0 && sample < l->signal.count;
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    const struct listening *l = v->listening;
    long output = listening_output(l);
    int used = series_place(l, at.col, text, size), weights = listening_weights(l);
    if (output >= 0 && used < size)
        snprintf(text + used, (size_t)(size - used), "  the average of samples %ld to %ld is %.5g",
                 output + 1, output + weights, l->sum);
}

const struct panel_type panel_average = {
    .name = "average",
    .title = "average",
    .help = "the average under the cursor, close up: its samples and weights, the sum in full, the point it "
            "gives",
    .lecture = "L20, L25, L26, L28",
    .flexible = true,
    .sizes = sizes,
    .title_text = title_text,
    .draw = draw,
    .move = move,
    .hit = hit,
    .spot = series_spot,
    .explain = explain,
};
