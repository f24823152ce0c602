/** The kernel of the stage in view as numbers, the pixels under it, and the sum written out. Lecture items L22, L23, L25, L27, L28, L35. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/panels/stages.h"
#include "tui/widgets/numbers.h"

enum { TEXTS = 6, KINDS = 4, COLS = 34, TELL = 600, ALL = TELL + 160, SUM_COLS = 60 };

static const struct chain_stage *stage_of(const struct view *v)
{
    return v->filtering && v->filtering->asked.stages > 0 ? &v->filtering->asked.stage[v->filtering->stage]
                                                          : NULL;
}

static bool has_kernel(const struct view *v)
{
    return stage_of(v) && !stage_of(v)->type;
}

/* Is what is seen what the stage in view makes? */
static bool is_seen(const struct view *v)
{
    const struct filtering *f = v->filtering;
    return stage_of(v) && !f->stale && f->seen.results > f->stage + 1;
}

/* The output of the stage that the place in view belongs to. */
static struct place output_of(const struct view *v)
{
    const struct filtering *f = v->filtering;
    struct place at = stages_place(v);
    chain_follow(&f->seen, at.tile, f->stage + 1, &at.row, &at.col);
    at.tile = f->stage + 1;
    return at;
}

struct grids {
    struct tiles tiles;
    struct tile_kind kind[KINDS];
};

/* The kernel, and behind it the pixels under it, by channels. */
static void grids_of(const struct view *v, struct grids *g)
{
    const struct filtering *f = v->filtering;
    const struct kernel *k = &stage_of(v)->kernel;
    int rows = (int)k->w.dim[0], cols = (int)k->w.dim[1];
    *g = (struct grids){.tiles = {.h = rows, .w = cols, .mark = -1, .kinds = 1}};
    g->kind[0] = (struct tile_kind){k->w.data, MAP_SIGNED, heat_range(k->w.data, (size_t)(rows * cols))};
    if (is_seen(v)) {
        struct place at = output_of(v);
        struct template_box b = chain_window(&f->seen, at.tile, at.row, at.col);
        int channels = f->seen.result[f->stage].image.shape.c;
        bool positive = f->look[f->stage] != LOOK_SIGNED;
        for (int c = 0; c < channels && c < 3; c++) {
            for (int i = 0; i < rows * cols; i++)
                f->under[c][i] = chain_value(&f->seen, f->stage, c, b.row + i / cols, b.col + i % cols);
            float range = heat_range(f->under[c], (size_t)(rows * cols));
            g->kind[g->tiles.kinds++] =
                (struct tile_kind){f->under[c], positive ? MAP_GREY : MAP_SIGNED, positive ? 1 : range};
        }
    }
    g->tiles.n = g->tiles.kinds;
    g->tiles.kind = g->kind;
}

/* ---- what is said of it ---- */

static void tell_sums(const struct view *v, char *text, int size)
{
    const struct filtering *f = v->filtering;
    const struct kernel *k = &stage_of(v)->kernel;
    double sum, magnitudes, products = f->products[f->stage];
    long rows = k->w.dim[0], cols = k->w.dim[1];
    filtering_sums(k, &sum, &magnitudes);
    if (fabs(sum) < 1e-6 * magnitudes)
        sum = 0;
    int used = snprintf(text, (size_t)size, "sum %.4g  ", sum);
    if (used >= size)
        return;
    if (products < (double)(rows * cols))
        snprintf(text + used, (size_t)(size - used), "separable: %ld + %ld, not %ld  |w| %.4g", rows, cols,
                 rows * cols, magnitudes);
    else
        snprintf(text + used, (size_t)(size - used), "%s%ld products  |w| %.4g",
                 rows > 1 && cols > 1 && rows + cols < rows * cols ? "not separable: " : "", rows * cols,
                 magnitudes);
}

/* The formula, and of a Gaussian what of it lies in the kernel. */
static void tell_formula(const struct kernel *k, char *text, int size)
{
    static const char *const bell[] = {"w ~ exp(-d^2/sigma^2), the lecture's",
                                       "w ~ exp(-d^2/(2 sigma^2)), the usual",
                                       "w ~ exp(+d^2/sigma^2), as printed: no blur"};
    *text = 0;
    if (strcmp(k->type->name, "uniform") == 0)
        snprintf(text, (size_t)size, "w = 1/(%ld*%ld) = %.4g", k->w.dim[0], k->w.dim[1],
                 (double)k->w.data[0]);
    else if (strcmp(k->type->name, "gaussian") == 0)
        snprintf(text, (size_t)size, "%s  keeps %.1f %%%s", bell[(int)k->value[4]], 100 * k->kept,
                 k->narrow ? ": k < 2 sigma" : "");
}

static int say(struct canvas *c, int row, enum role role, const char *text)
{
    char line[ALL];
    snprintf(line, sizeof line, "%s", text);
    parts_fit(line, c->clip.cols);
    if (*line)
        canvas_text_width(c, row, 0, c->clip.cols, role, line);
    return row + (*line != 0);
}

/* The number that the cursor's place has behind the stage, as a sum; of a picture in colour that of its red, and the others' results. */
/* @param room  columns that the sum may take */
static void tell_output(const struct view *v, bool plain, int room, char *text, int size)
{
    const struct filtering *f = v->filtering;
    char sum[TELL];
    struct place at = output_of(v);
    bool colour = f->seen.result[at.tile].image.shape.c == 3;
    chain_tell(&f->seen, at.tile, 0, at.row, at.col, plain, sum,
               room < SUM_COLS ? SUM_COLS
               : room < TELL   ? room
                               : TELL);
    snprintf(text, (size_t)size, "(%d,%d)%s: %s", at.row, at.col, colour ? " red" : "", sum);
    size_t length = strlen(text);
    if (colour)
        snprintf(text + length, (size_t)size - length, ", green %.4g, blue %.4g",
                 (double)chain_value(&f->seen, at.tile, 1, at.row, at.col),
                 (double)chain_value(&f->seen, at.tile, 2, at.row, at.col));
}

static void draw_texts(const struct view *v, struct canvas *c)
{
    char text[ALL];
    int row = 0;
    if (has_kernel(v)) {
        const struct kernel *k = &stage_of(v)->kernel;
        tell_sums(v, text, sizeof text);
        row = say(c, row, ROLE_TEXT, text);
        tell_formula(k, text, sizeof text);
        row = say(c, row, k->narrow ? ROLE_WARN : ROLE_TEXT, text);
    } else {
        row = say(c, row, ROLE_TEXT, stage_of(v)->type->help);
    }
    if (!is_seen(v) || row >= c->clip.rows)
        return;
    struct canvas rest = canvas_part(c, (struct rect){row, 0, c->clip.rows - row, c->clip.cols});
    int room = (c->clip.rows - row) * c->clip.cols * 4 / 5; /* lines break between words */
    tell_output(v, !c->style->utf8, room, text, sizeof text);
    draw_note(&rest, text);
}

/* ---- the panel ---- */

static int grid_rows(const struct view *v, int rows)
{
    int left = rows - TEXTS, whole = (int)stage_of(v)->kernel.w.dim[0] + 1;
    if (left >= whole)
        return whole;
    return left > 2 ? left : rows > 3 ? rows / 2 : rows;
}

/* The same for all kernels: nothing jumps when one is turned or another stage comes into view. */
static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    out[0] = (struct panel_size){TEXTS + 4, COLS, 0.5f};
    out[1] = (struct panel_size){TEXTS + 6, COLS, 1};
    out[2] = (struct panel_size){TEXTS + 8, COLS + 14, 2.5f};
    out[3] = (struct panel_size){TEXTS + 10, 2 * COLS, 4};
    return v->filtering ? 4 : 0;
}

static void title_text(const struct view *v, char *text, int size)
{
    char brief[100];
    if (!stage_of(v))
        return;
    filtering_brief(stage_of(v), brief, sizeof brief);
    if (has_kernel(v))
        snprintf(text, (size_t)size, "taps  %d %s  %ldx%ld", v->filtering->stage + 1, brief,
                 stage_of(v)->kernel.w.dim[0], stage_of(v)->kernel.w.dim[1]);
    else
        snprintf(text, (size_t)size, "taps  %d %s: no kernel", v->filtering->stage + 1, brief);
}

static void draw(const struct view *v, struct canvas *c)
{
    int rows = c->clip.rows, cols = c->clip.cols, above = 0;
    if (!stage_of(v)) {
        draw_note(c,
                  v->filtering ? "no stage: > puts one in" : "a filter's numbers: there in the filter lab");
        return;
    }
    if (has_kernel(v)) {
        struct grids g;
        grids_of(v, &g);
        g.tiles.cursor = panel_cursor(v, &panel_taps);
        above = grid_rows(v, rows);
        struct canvas part = canvas_part(c, (struct rect){0, 0, above, cols});
        numbers_draw(&part, &g.tiles);
    }
    struct canvas texts = canvas_part(c, (struct rect){above, 0, rows - above, cols});
    if (above < rows)
        draw_texts(v, &texts);
}

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    struct grids g;
    if (!has_kernel(v))
        return false;
    grids_of(v, &g);
    return numbers_move(&g.tiles, grid_rows(v, rows), cols, at, down, right);
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    struct grids g;
    if (!has_kernel(v))
        return false;
    grids_of(v, &g);
    g.tiles.cursor = panel_cursor(v, &panel_taps);
    int above = grid_rows(v, rows);
    return row < above && numbers_hit(&g.tiles, above, cols, row, col, at);
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    if (!has_kernel(v))
        return false;
    const struct tensor *w = &stage_of(v)->kernel.w;
    int kinds = 1 + (is_seen(v) ? v->filtering->seen.result[v->filtering->stage].image.shape.c : 0);
    *out = (struct spot){.kind = SPOT_OTHER, .c = at.tile, .row = at.row, .col = at.col};
    return at.tile < kinds && at.row < w->dim[0] && at.col < w->dim[1];
}

/* The weight and the pixel that it meets. */
static void explain(const struct view *v, struct place at, char *text, int size)
{
    const struct filtering *f = v->filtering;
    const struct kernel *k = &stage_of(v)->kernel;
    double w = (double)k->w.data[at.row * k->w.dim[1] + at.col];
    int used = snprintf(text, (size_t)size, "w(%d,%d) = %.6g", at.row, at.col, w);
    if (!is_seen(v) || used >= size)
        return;
    struct place out = output_of(v);
    struct template_box b = chain_window(&f->seen, out.tile, out.row, out.col);
    double x = (double)chain_value(&f->seen, f->stage, at.tile > 0 ? at.tile - 1 : 0, b.row + at.row,
                                   b.col + at.col);
    snprintf(text + used, (size_t)(size - used), "  times the pixel (%d,%d) = %.4g is %.4g", b.row + at.row,
             b.col + at.col, x, w * x);
}

static void numbers(const struct view *v, struct text *out)
{
    if (!has_kernel(v))
        return;
    const struct tensor *w = &stage_of(v)->kernel.w;
    text_add(out, "row,column,weight\n");
    for (long i = 0; i < w->dim[0] * w->dim[1]; i++) {
        text_format(out, "%ld,%ld,", i / w->dim[1], i % w->dim[1]);
        text_real_exact(out, (double)w->data[i]);
        text_add(out, "\n");
    }
}

const struct panel_type panel_taps = {
    .name = "taps",
    .title = "taps",
    .help = "the numbers of the kernel in view, their sum, whether it is separable, the pixels under it "
            "where the cursor "
            "of stages stands, and the products of the two",
    .lecture = "L22, L23, L25, L27, L28, L35",
    .sizes = sizes,
    .title_text = title_text,
    .draw = draw,
    .numbers = numbers,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
};
