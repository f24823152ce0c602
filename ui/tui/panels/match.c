/** Match the convolution: x and w, and four outputs to choose from. Lecture L21. */
#include <math.h>
#include <stdio.h>

#include "tui/matching.h"
#include "tui/panels/panels.h"
#include "tui/widgets/numbers.h"
#include "tui/widgets/plot.h"

enum { TITLE = 1 /* row above each picture */, GAP = 1, ZOOM = 6, POINTS = 1024 };

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    static const struct panel_size offered[] = {{44, 150, 1}} /* a page of its own, else */;
    (void)s;
    return sizes_listed(v->matching, offered, ARRAY_LEN(offered), out);
}

/* The first convolution: its filters read the picture itself. */
int match_layer(const struct net *net)
{
    for (int l = 0; l < net->layers; l++)
        if (view_is_conv(net, l))
            return l;
    return -1;
}

static int ask(const struct view *v, struct question *out, int room)
{
    if (room < 1 || !v->matching || v->matching->kind != MATCHING_FILTERS || match_layer(v->net) < 0)
        return 0;
    out[0] = view_question(v, "filters", match_layer(v->net));
    return 1;
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct matching *m = v->matching;
    if (!m)
        return;
    int used =
        snprintf(text, (size_t)size, "match  question %ld about %s", m->number + 1, matching_names[m->kind]);
    if (m->answered > 0 && used < size)
        used += snprintf(text + used, (size_t)(size - used), "  %ld of %ld right", m->right, m->answered);
    if (m->row > 1 && used < size)
        snprintf(text + used, (size_t)(size - used), "  %ld in a row", m->row);
}

/* The title of output i: its number, and once it is answered what it is. */
static void draw_title(const struct matching *m, struct canvas *c, int i)
{
    char text[160];
    const struct match *q = &m->question;
    enum role role = ROLE_STRONG;
    int used = snprintf(text, sizeof text, "%d", i + 1);
    if (m->guess >= 0) {
        const struct match_choice *choice = &m->choice[q->shown[i]];
        snprintf(text + used, sizeof text - (size_t)used, " %s%s",
                 i == q->right   ? "right: "
                 : i == m->guess ? "wrong: "
                                 : "",
                 choice->help ? choice->help : choice->name);
        role = i == q->right ? ROLE_GOOD : i == m->guess ? ROLE_BAD : ROLE_TEXT;
    }
    canvas_text_width(c, 0, 0, c->clip.cols, role, text);
}

/* "w -1 0 1", with its name when that doesn't tell too much any more. */
static void draw_weights_title(const struct matching *m, struct canvas *c)
{
    const struct match_choice *choice = &m->choice[m->question.shown[m->question.right]];
    const struct tensor *w = &choice->w;
    char text[200], number[24];
    int used = snprintf(text, sizeof text, "w ");
    for (long i = 0, same; w->rank == 1 && i < w->dim[0] && used < 170; i += same) {
        for (same = 1; i + same < w->dim[0] && w->data[i + same] == w->data[i];)
            same++;
        same = same > 2 ? same : 1;
        snprintf(number, sizeof number, "%.3g", (double)w->data[i]);
        used += snprintf(text + used, sizeof text - (size_t)used, " %s", number);
        if (same > 1)
            used += snprintf(text + used, sizeof text - (size_t)used, " (%ld times)", same);
    }
    if (w->rank == 2)
        snprintf(text + used, sizeof text - (size_t)used, " %ld x %ld%s%s", w->dim[0], w->dim[1],
                 m->guess >= 0 ? ": " : "", m->guess >= 0 ? choice->name : "");
    canvas_text_width(c, 0, 0, c->clip.cols, ROLE_STRONG, text);
}

static struct canvas below(const struct canvas *c)
{
    return canvas_part(c, (struct rect){TITLE, 0, c->clip.rows - TITLE, c->clip.cols});
}

/* ---- series ---- */

static void draw_series(const struct matching *m, const struct tensor *y, int line, struct canvas *c)
{
    static struct plot_point point[POINTS];
    int count = (int)(y->dim[0] < POINTS ? y->dim[0] : POINTS);
    for (int i = 0; i < count; i++)
        point[i] = (struct plot_point){i + 1, y->data[i]};
    struct plot p = {.x_low = 1,
                     .x_high = count,
                     .y_low = -1.05 * (double)m->range[0],
                     .y_high = 1.05 * (double)m->range[0],
                     .x_name = "sample"};
    p.series[p.count++] = (struct plot_series){point, count, line, NULL, false};
    plot_draw(c, &p);
}

/* A step for each weight. */
static void draw_row(const struct tensor *w, struct canvas *c)
{
    static struct plot_point point[POINTS];
    int count = 0;
    for (int i = 0; i < w->dim[0] && count + 2 < POINTS; i++) {
        point[count++] = (struct plot_point){i + 0.5, w->data[i]};
        point[count++] = (struct plot_point){i + 1.5, w->data[i]};
    }
    struct plot p = {
        .x_low = 0.5, .x_high = (double)w->dim[0] + 0.5, .y_low = -1.1, .y_high = 1.1, .x_name = "weight"};
    for (int i = 0; i < w->dim[0]; i++)
        p.y_high = fmax(p.y_high, fabs((double)w->data[i])), p.y_low = -p.y_high;
    p.series[p.count++] = (struct plot_series){point, count, LINE_TRAIN_ACCURACY, NULL, false};
    plot_draw(c, &p);
}

/* x and w beside each other, the outputs below them two by two. */
static void draw_all_series(const struct matching *m, struct canvas *c)
{
    const struct match *q = &m->question;
    int rows = c->clip.rows / 3, cols = (c->clip.cols - GAP) / 2;
    for (int k = 0; k < 2 + MATCH_OUTPUTS; k++) {
        struct canvas part = canvas_part(c, (struct rect){k / 2 * rows, k % 2 * (cols + GAP), rows, cols});
        struct canvas inner = below(&part);
        if (k == 0) {
            canvas_format(&part, 0, 0, ROLE_STRONG, "x  %s", m->name ? m->name : "");
            draw_series(m, &q->x, LINE_RAW, &inner);
        } else if (k == 1) {
            draw_weights_title(m, &part);
            draw_row(&m->choice[q->shown[q->right]].w, &inner);
        } else {
            draw_title(m, &part, k - 2);
            draw_series(m, &q->y[k - 2], LINE_TRAIN_LOSS, &inner);
        }
    }
}

/* ---- pictures ---- */

/* The largest of the sizes that there are of which three fit side by side and two below each other. @return false: none does */
static bool fit(const struct matching *m, int rows, int cols, int *scale, int *zoom)
{
    rows = rows / 2 - TITLE;
    cols = cols / 3 - GAP;
    for (int s = 0; s < MATCHING_SCALES; s++)
        for (int z = s == 0 ? ZOOM : 1; z >= 1 && m->reduced[s]; z--)
            if (heat_rows(m->rows[s], z) <= rows && heat_cols(m->cols[s], z) <= cols) {
                *scale = s;
                *zoom = z;
                return true;
            }
    return false;
}

static void draw_kernel(const struct view *v, struct canvas *c)
{
    const struct matching *m = v->matching;
    const struct tensor *w = &m->choice[m->question.shown[m->question.right]].w;
    int h = (int)w->dim[0], k = (int)w->dim[1];
    struct tiles t = {.v = w->data,
                      .n = 1,
                      .h = h,
                      .w = k,
                      .map = MAP_SIGNED,
                      .range = heat_range(w->data, tensor_count(w)),
                      .mark = -1};
    if (v->numbers) {
        numbers_draw(c, &t);
        return;
    }
    struct heat p = tiles_picture(&t, 0, heat_zoom(h, k, c->clip.rows, c->clip.cols, ZOOM));
    heat_draw(c, 0, 0, c->clip.rows, c->clip.cols, &p);
}

/* x above w, and beside them the outputs two by two. */
static void draw_all_pictures(const struct view *v, struct canvas *c)
{
    const struct matching *m = v->matching;
    int s = 0, zoom = 1;
    if (!fit(m, c->clip.rows, c->clip.cols, &s, &zoom)) {
        draw_note(c, "a larger window has room for the pictures");
        return;
    }
    int rows = TITLE + heat_rows(m->rows[s], zoom), cols = heat_cols(m->cols[s], zoom);
    size_t pixels = (size_t)m->rows[s] * (size_t)m->cols[s];
    int wide = c->clip.cols / 3;
    for (int k = 0; k < 2 + MATCH_OUTPUTS; k++) {
        struct canvas part = canvas_part(c, (struct rect){k % 2 * rows, k / 2 * wide, rows, wide - GAP});
        struct canvas inner = below(&part);
        struct heat p = {.h = m->rows[s], .w = m->cols[s], .zoom = zoom, .map = MAP_SIGNED, .range = 1};
        if (k == 0) {
            canvas_format(&part, 0, 0, ROLE_STRONG, "x  %s", m->name ? m->name : "");
            p.map = MAP_GREY;
            p.v = m->reduced[s];
        } else if (k == 1) {
            draw_weights_title(m, &part);
            draw_kernel(v, &inner);
            continue;
        } else {
            int output = (k - 2) % 2 * 2 + (k - 2) / 2; /* 1 and 2 above 3 and 4 */
            draw_title(m, &part, output);
            p.v = m->reduced[s] + (size_t)(1 + output) * pixels;
            p.range = m->range[1 + output];
        }
        heat_draw(&inner, 0, 0, rows - TITLE, cols, &p);
    }
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct matching *m = v->matching;
    char text[300];
    if (!m) {
        draw_note(c, "no question was asked yet");
        return;
    }
    matching_explain(m, text, sizeof text);
    if (!m->there) {
        draw_note(c, text);
        return;
    }
    parts_fit(text, c->clip.cols);
    bool right = m->guess == m->question.right;
    canvas_text_width(c, 0, 0, c->clip.cols, m->guess < 0 ? ROLE_STRONG : right ? ROLE_GOOD : ROLE_BAD, text);
    struct canvas rest = canvas_part(c, (struct rect){1, 0, c->clip.rows - 1, c->clip.cols});
    if (m->question.x.rank == 1)
        draw_all_series(m, &rest);
    else
        draw_all_pictures(v, &rest);
}

const struct panel_type panel_match = {
    .name = "match",
    .title = "match",
    .help = "which of four outputs is the input convolved with the kernel? 1 to 4 answer",
    .lecture = "L21",
    .flexible = true,
    .sizes = sizes,
    .ask = ask,
    .title_text = title_text,
    .draw = draw,
};
