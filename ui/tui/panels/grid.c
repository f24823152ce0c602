/**
 * Which images can be led to which class: each of some test images is attacked towards each target with the epsilon in view. Lecture L77.
 */
#include <stdio.h>
#include <string.h>

#include "tui/panels/panels.h"
#include "tui/sweeping.h"
#include "tui/widgets/heat.h"

enum { LABEL = 7 /* columns of a row's name */, SHARE = 6 /* of how many targets a row reaches */, FOOT = 1 };

/* Paler than what was reached, which is what one looks for. */
#define MISSED -0.35f

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    int count = 0, classes = net_classes(v->net) < SWEEP_CLASSES ? net_classes(v->net) : SWEEP_CLASSES;
    if (!v->sweeping)
        return 0;
    out[count++] = (struct panel_size){SWEEP_IMAGES / 2 + 1 + FOOT, LABEL + 2 * classes + SHARE, 0.6f};
    out[count++] = (struct panel_size){SWEEP_IMAGES + 1 + FOOT, LABEL + 2 * classes + SHARE, 1};
    out[count++] = (struct panel_size){SWEEP_IMAGES + 1 + FOOT, LABEL + 4 * classes + SHARE, 1.3f};
    out[count++] = (struct panel_size){2 * SWEEP_IMAGES + 1 + FOOT, LABEL + 4 * classes + SHARE, 2};
    return count;
}

static const struct sweep_grid *grid_of(const struct view *v)
{
    const struct sweep_result *r = v->sweeping ? v->sweeping->found : NULL;
    return r && r->grid.done > 0 && *v->sweeping->name[r->grid.subject] ? &r->grid : NULL;
}

static bool is_reached(const struct sweep_grid *g, int row, int target)
{
    return target != g->label[row] && g->cell[row][target].says == target;
}

static int reached_of(const struct sweep_grid *g, int row)
{
    int reached = 0;
    for (int k = 0; k < g->classes; k++)
        reached += is_reached(g, row, k);
    return reached;
}

static int targets_of(const struct sweep_grid *g, int row)
{
    return g->label[row] < g->classes ? g->classes - 1 : g->classes;
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct sweep_grid *g = grid_of(v);
    const struct sweep_result *r = g ? v->sweeping->found : NULL;
    int reached = 0, all = 0;
    if (!g)
        return;
    for (int i = 0; i < g->done; i++) {
        reached += reached_of(g, i);
        all += targets_of(g, i);
    }
    int used = snprintf(text, (size_t)size, "grid %s", r->task.type->name);
    if (!r->task.type->smallest && used < size)
        used += snprintf(text + used, (size_t)(size - used), " %s  epsilon %.3g",
                         norm_names[r->task.options.norm], (double)r->task.options.eps);
    if (used < size)
        used += snprintf(text + used, (size_t)(size - used), "  %d of %d reached", reached, all);
    if (used < size)
        snprintf(text + used, (size_t)(size - used), "  step %ld%s", g->step,
                 g->done < g->rows ? "  going on" : "");
}

/* How the grid lies in a space: cells of `zoom` columns, as many rows as have room around the cursor. */
struct fit {
    int zoom, first, shown, tall; /* tall: rows of cells of one row of the grid */
};

static struct fit fit_of(const struct view *v, const struct sweep_grid *g, int rows, int cols)
{
    struct fit f = {.zoom = 2};
    int at = v->place[panel_index(&panel_grid)].row;
    rows -= 1 + FOOT;
    if (rows >= 2 * g->rows && cols >= LABEL + 4 * g->classes)
        f.zoom = 4;
    f.tall = f.zoom / 2;
    f.shown = rows / f.tall < g->rows ? rows / f.tall : g->rows;
    f.shown = f.shown < 1 ? 1 : f.shown;
    f.first = heat_scroll(g->rows, f.shown, at);
    return f;
}

/* 1: the target was reached; MISSED: it wasn't; 0: there is nothing to reach, or it wasn't tried yet. */
static void values_of(const struct sweep_grid *g, float *v)
{
    for (int i = 0; i < g->rows; i++)
        for (int k = 0; k < g->classes; k++)
            v[i * g->classes + k] = i >= g->done || k == g->label[i] ? 0
                                    : is_reached(g, i, k)            ? 1.0f
                                                                     : MISSED;
}

/* The names of the targets, as far as each has room over its cells. */
static void draw_head(const struct view *v, const struct sweep_grid *g, const struct fit *f, struct canvas *c)
{
    char number[16];
    canvas_text(c, 0, 0, ROLE_FAINT, "is\\to");
    for (int k = 0; k < g->classes; k++)
        canvas_text_width(c, 0, LABEL + k * f->zoom, f->zoom, ROLE_STRONG, class_text(v, k, number));
}

static void draw_rows(const struct view *v, const struct sweep_grid *g, const struct fit *f, struct canvas *c)
{
    char text[32], number[16];
    for (int i = f->first; i < f->first + f->shown; i++) {
        int row = 1 + (i - f->first) * f->tall;
        bool right = i < g->done && g->clean[i] == g->label[i];
        snprintf(text, sizeof text, "%s", class_text(v, g->label[i], number));
        canvas_text_width(c, row, 0, LABEL - 1, i < g->done && !right ? ROLE_BAD : ROLE_TEXT, text);
        if (i < g->done)
            canvas_format(c, row, LABEL + g->classes * f->zoom + 1, ROLE_FAINT, "%d/%d", reached_of(g, i),
                          targets_of(g, i));
    }
}

/* What the colours mean. */
static void draw_foot(struct canvas *c, int row)
{
    static const struct {
        float value;
        const char *text;
    } signs[] = {{1, "reached"}, {MISSED, "not"}, {0, "its own"}};
    int col = 0;
    for (int i = 0; i < ARRAY_LEN(signs); i++) {
        struct heat one = {
            .v = &signs[i].value, .h = 1, .w = 1, .map = MAP_SIGNED, .range = 1, .zoom = 2, .tile = 0};
        heat_draw(c, row, col, 1, 2, &one);
        col += 3 + canvas_text(c, row, col + 3, ROLE_FAINT, signs[i].text) + 2;
    }
}

static void draw(const struct view *v, struct canvas *c)
{
    float values[SWEEP_IMAGES * SWEEP_CLASSES];
    const struct sweep_grid *g = grid_of(v);
    const struct place *cursor = panel_cursor(v, &panel_grid);
    if (!g) {
        draw_note(c, "leading each of some test images to each class, one after the other");
        return;
    }
    struct fit f = fit_of(v, g, c->clip.rows, c->clip.cols);
    struct place at = {0};
    values_of(g, values);
    struct heat h = {.v = values + f.first * g->classes,
                     .h = f.shown,
                     .w = g->classes,
                     .map = MAP_SIGNED,
                     .range = 1,
                     .zoom = f.zoom};
    if (cursor) {
        at = (struct place){0, cursor->row - f.first, cursor->col};
        h.cursor = &at;
    }
    draw_head(v, g, &f, c);
    heat_draw(c, 1, LABEL, c->clip.rows - 1 - FOOT, c->clip.cols - LABEL, &h);
    draw_rows(v, g, &f, c);
    struct canvas foot = canvas_part(c, (struct rect){c->clip.rows - FOOT, 0, FOOT, c->clip.cols});
    if (c->clip.rows > 1 + FOOT)
        draw_foot(&foot, 0);
}

/* A place's row is an image, its col a target. */
static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    const struct sweep_grid *g = grid_of(v);
    struct place was = *at;
    (void)rows, (void)cols;
    if (!g)
        return false;
    at->row += down;
    at->col += right;
    at->row = at->row < 0 ? 0 : at->row >= g->rows ? g->rows - 1 : at->row;
    at->col = at->col < 0 ? 0 : at->col >= g->classes ? g->classes - 1 : at->col;
    return at->row != was.row || at->col != was.col;
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    const struct sweep_grid *g = grid_of(v);
    if (!g)
        return false;
    struct fit f = fit_of(v, g, rows, cols);
    int i = (row - 1) / f.tall, k = (col - LABEL) / f.zoom;
    if (row < 1 || col < LABEL || i >= f.shown || k >= g->classes || row >= rows - FOOT)
        return false;
    *at = (struct place){0, f.first + i, k};
    return true;
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    const struct sweep_grid *g = grid_of(v);
    *out = (struct spot){.kind = SPOT_OTHER, .row = at.row, .col = at.col};
    return g && at.row >= 0 && at.row < g->rows && at.col >= 0 && at.col < g->classes;
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    const struct sweep_grid *g = grid_of(v);
    char label[16], target[16], says[16];
    *text = 0;
    if (!g || at.row < 0 || at.row >= g->rows || at.col < 0 || at.col >= g->classes)
        return;
    const struct sweep_cell *cell = &g->cell[at.row][at.col];
    int used = snprintf(text, (size_t)size, "image %d, a '%s', to '%s': ", g->index[at.row],
                        class_text(v, g->label[at.row], label), class_text(v, at.col, target));
    if (used >= size)
        return;
    if (at.row >= g->done)
        snprintf(text + used, (size_t)(size - used), "not tried yet");
    else
        snprintf(
            text + used, (size_t)(size - used),
            "%s, taken for '%s'  target %.1f %%  largest change %.1f of 255, L2 %.2f  Enter shows the image",
            at.col == g->label[at.row] ? "its own class"
            : cell->says == at.col     ? "reached"
                                       : "not reached",
            class_text(v, cell->says, says), 100 * (double)cell->p, 255 * (double)cell->linf,
            (double)cell->l2);
}

static bool press(const struct view *v, struct place at, bool click, char *line, int size)
{
    const struct sweep_grid *g = grid_of(v);
    if (!g || click || at.row < 0 || at.row >= g->rows)
        return false;
    snprintf(line, (size_t)size, "sample %d", g->index[at.row]);
    return true;
}

static void numbers(const struct view *v, struct text *out)
{
    const struct sweep_grid *g = grid_of(v);
    if (g)
        text_add(out, "image,label,target,says,probability,linf,l2\n");
    for (int i = 0; g && i < g->done; i++)
        for (int k = 0; k < g->classes; k++) {
            const struct sweep_cell *cell = &g->cell[i][k];
            text_format(out, "%d,%d,%d,%d,%.6g,%.6g,%.6g\n", g->index[i], g->label[i], k, cell->says,
                        (double)cell->p, (double)cell->linf, (double)cell->l2);
        }
}

const struct panel_type panel_grid = {
    .name = "grid",
    .title = "grid",
    .help = "some test images, each attacked towards each class: reached, or not",
    .lecture = "L77",
    .sizes = sizes,
    .title_text = title_text,
    .draw = draw,
    .numbers = numbers,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
    .press = press,
};
