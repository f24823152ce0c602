/** The picture and what stands behind every stage of the chain, side by side. Lecture items L26 to L31, L35, L38, L40. */
#include "tui/panels/stages.h"

#include <stdio.h>

#include "tui/widgets/legend.h"
#include "tui/widgets/numbers.h"

enum { ROWS_NUMBERS = 5, ROWS_LEGEND = 7, ZOOM_MOST = 8, TELL = 64 };

static bool has_results(const struct view *v)
{
    return v->filtering && v->filtering->seen.results > 0;
}

void stages_bring_inside(const struct filtering *f, struct place *at)
{
    int last = f->seen.results - 1;
    at->tile = at->tile < 0 ? 0 : at->tile > last ? last : at->tile;
    struct shape s = f->seen.result[at->tile].image.shape;
    at->row = at->row < 0 ? 0 : at->row >= s.h ? s.h - 1 : at->row;
    at->col = at->col < 0 ? 0 : at->col >= s.w ? s.w - 1 : at->col;
}

struct place stages_place(const struct view *v)
{
    bool picture = v->focus == &panel_picture;
    struct place at = v->place[panel_index(picture ? &panel_picture : &panel_stages)];
    if (!has_results(v))
        return (struct place){0};
    at.tile = picture ? 0 : at.tile;
    stages_bring_inside(v->filtering, &at);
    return at;
}

/* ---- one of them ---- */

/* Rows below the title that are left for pixels. */
static int pixel_rows(const struct view *v, int rows)
{
    int left = rows - 1 - (rows >= ROWS_NUMBERS) - (v->legend && rows >= ROWS_LEGEND);
    return left > 0 ? left : 1;
}

/* The place in view in this result; `mark` stands in the tile only while something points. */
static struct place place_in(const struct view *v, int result)
{
    struct place at = stages_place(v);
    bool points = v->pointing && (v->focus == &panel_stages || v->focus == &panel_picture);
    chain_follow(&v->filtering->seen, at.tile, result, &at.row, &at.col);
    at.tile = points ? 0 : -1;
    return at;
}

/* The box that is being cut out. */
static bool light_of(const struct view *v, int result, struct light *out)
{
    const struct filtering *f = v->filtering;
    if (!f->cutting || result > 0)
        return false;
    struct place at = stages_place(v);
    chain_follow(&f->seen, at.tile, 0, &at.row, &at.col);
    struct template_box b = filtering_cut(f, at.row, at.col);
    *out = (struct light){.to = 1, .row = b.row, .col = b.col, .rows = b.rows, .cols = b.cols};
    return true;
}

static void draw_peaks(const struct view *v, int result, const struct heat *p, struct canvas *c)
{
    const struct chain *chain = &v->filtering->seen;
    int from = 0, y, x;
    for (int i = 1; i < chain->results; i++)
        from = chain->result[i].peaks > 0 ? i : from;
    if (from == 0 || (result != from && result != 0))
        return;
    for (int k = chain->result[from].peaks - 1; k >= 0; k--) {
        int row = chain->result[from].peak[k].row, col = chain->result[from].peak[k].col;
        chain_follow(chain, from, result, &row, &col);
        if (heat_find(p, c->clip.rows, c->clip.cols, row, col, &y, &x))
            canvas_put(c, y, x, ROLE_CURSOR, (uint32_t)(k < 9 ? '1' + k : 'a' + k - 9));
    }
}

static void draw_title(const struct view *v, int result, struct canvas *c)
{
    const struct filtering *f = v->filtering;
    bool chosen = result > 0 && result == f->stage + 1;
    char text[160], brief[120];
    if (result == 0) {
        struct shape s = f->seen.result[0].image.shape;
        snprintf(text, sizeof text, "%.60s %s %d x %d", f->source, s.c == 3 ? "colour" : "grey", s.h, s.w);
    } else {
        filtering_brief(&f->seen.stage[result - 1], brief, sizeof brief);
        snprintf(text, sizeof text, "%s%d %s", chosen ? ">" : " ", result, brief);
    }
    canvas_text_width(c, 0, 0, c->clip.cols, chosen ? ROLE_FOCUS : ROLE_TITLE, text);
}

/* What part of it is seen, first, since that is what can't be seen otherwise. */
static void draw_numbers(const struct view *v, int result, const struct rect *seen, int row, struct canvas *c)
{
    char text[200] = "", range[32], numbers[120];
    struct shape s = v->filtering->seen.result[result].image.shape;
    filtering_range(v->filtering, result, range, sizeof range);
    filtering_numbers(v->filtering, result, numbers, sizeof numbers);
    if (seen && (seen->rows < s.h || seen->cols < s.w))
        snprintf(text, sizeof text, "%d..%d, %d..%d  of %dx%d  %s  %s", seen->row, seen->row + seen->rows - 1,
                 seen->col, seen->col + seen->cols - 1, s.h, s.w, range, numbers);
    else
        snprintf(text, sizeof text, "%s  %s", range, numbers);
    parts_fit(text, c->clip.cols);
    canvas_text_width(c, row, 0, c->clip.cols, ROLE_FAINT, text);
}

void stages_draw_one(const struct view *v, int result, int zoom, struct canvas *c)
{
    struct place at = place_in(v, result);
    struct light light;
    int rows = pixel_rows(v, c->clip.rows), cols = c->clip.cols;
    struct canvas part = canvas_part(c, (struct rect){1, 0, rows, cols});
    struct tiles t = filtering_tile(v->filtering, result, v->numbers);
    t.cursor = &at;
    t.light = light_of(v, result, &light) ? &light : NULL;
    draw_title(v, result, c);
    struct heat p = tiles_picture(&t, 0, zoom);
    struct rect seen = heat_seen(&p, rows, cols);
    if (v->numbers) {
        numbers_draw(&part, &t);
    } else {
        heat_draw(&part, 0, 0, rows, cols, &p);
        draw_peaks(v, result, &p, &part);
    }
    if (v->legend && c->clip.rows >= ROWS_LEGEND)
        legend_draw(c, c->clip.rows - 2, 0, cols, &(struct legend){t.map, t.range, NULL});
    if (c->clip.rows >= ROWS_NUMBERS) {
        int below = heat_rows(t.h, zoom) + 1; /* close to a picture that is smaller */
        bool legend = v->legend && c->clip.rows >= ROWS_LEGEND;
        draw_numbers(v, result, v->numbers ? NULL : &seen,
                     v->numbers || legend || below >= c->clip.rows ? c->clip.rows - 1 : below, c);
    }
}

bool stages_hit_one(const struct view *v, int result, int zoom, int rows, int cols, int row, int col,
                    struct place *at)
{
    struct place now = place_in(v, result);
    struct light light;
    struct tiles t = filtering_tile(v->filtering, result, v->numbers);
    rows = pixel_rows(v, rows);
    t.cursor = &now;
    t.light = light_of(v, result, &light) ? &light : NULL;
    struct heat p = tiles_picture(&t, 0, zoom);
    bool there = v->numbers ? numbers_hit(&t, rows, cols, row - 1, col, at)
                            : heat_hit(&p, rows, cols, row - 1, col, at);
    at->tile = there ? result : at->tile;
    return there;
}

int stages_zoom(const struct view *v, int from, int to, int rows, int cols)
{
    int h = 1, w = 1;
    for (int i = from; i < to; i++) {
        struct shape s = v->filtering->seen.result[i].image.shape;
        h = s.h > h ? s.h : h;
        w = s.w > w ? s.w : w;
    }
    return heat_zoom(h, w, pixel_rows(v, rows), cols, ZOOM_MOST);
}

void stages_explain(const struct view *v, struct place at, char *text, int size)
{
    const struct filtering *f = v->filtering;
    stages_bring_inside(f, &at);
    const struct chain *chain = &f->seen;
    float x[3];
    char tell[TELL], name[24] = "picture";
    bool colour = chain->result[at.tile].image.shape.c == 3;
    for (int c = 0; c < 3; c++)
        x[c] = chain_value(chain, at.tile, c, at.row, at.col);
    if (at.tile > 0) {
        const struct chain_stage *s = &chain->stage[at.tile - 1];
        snprintf(name, sizeof name, "%s", s->type ? s->type->name : s->kernel.type->name);
    }
    chain_tell(chain, at.tile, 0, at.row, at.col, true, tell, sizeof tell);
    if (colour)
        snprintf(text, (size_t)size, "%s (%d,%d) red %.3g green %.3g blue %.3g%s%s", name, at.row, at.col,
                 (double)x[0], (double)x[1], (double)x[2], *tell ? "  red: " : "", tell);
    else
        snprintf(text, (size_t)size, "%s (%d,%d) = %.4g%s%s", name, at.row, at.col, (double)x[0],
                 *tell ? "  " : "", tell);
}

/* ---- side by side ---- */

static int count_of(const struct filtering *f)
{
    return f->seen.results + (f->seen.results <= f->seen.stages);
}

/* Of all ways to arrange them the one that shows most, in pieces that are no stripes. */
struct grid {
    int per_row, lines, rows, cols, zoom; /* rows and cols of a window */
};

static double share(int whole, int room)
{
    return whole <= room ? 1 : (double)room / whole;
}

/* How much of all pictures the windows show: cells, times the smaller of the shares of their height and width. */
static double worth(const struct view *v, struct grid g)
{
    const struct filtering *f = v->filtering;
    int room = pixel_rows(v, g.rows);
    double sum = 0;
    for (int i = 0; i < f->seen.results; i++) {
        struct shape s = f->seen.result[i].image.shape;
        int tall = heat_rows(s.h, g.zoom), wide = heat_cols(s.w, g.zoom);
        double down = share(tall, room), across = share(wide, g.cols);
        sum += down * tall * across * wide * (down < across ? down : across);
    }
    return sum;
}

static struct grid grid_of(const struct view *v, int rows, int cols)
{
    const struct filtering *f = v->filtering;
    int n = count_of(f);
    struct grid best = {1, n, rows, cols, 1}; /* no room: the one in view alone */
    double most = -1;
    for (int per_row = n; per_row >= 1; per_row--) {
        struct grid g = {per_row, (n + per_row - 1) / per_row, 0, 0, 1};
        g.rows = rows / g.lines;
        g.cols = (cols + 1) / per_row - 1;
        if (g.rows < 2 || g.cols < 1)
            continue;
        g.zoom = stages_zoom(v, 0, f->seen.results, g.rows, g.cols);
        if (worth(v, g) > most) {
            most = worth(v, g);
            best = g;
        }
    }
    return best;
}

static struct rect rect_of(const struct grid *g, int k)
{
    return (struct rect){k / g->per_row * g->rows, k % g->per_row * (g->cols + 1), g->rows, g->cols};
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct filtering *f = v->filtering;
    if (!has_results(v)) {
        draw_note(c, "a picture and what filters make of it: there in the filter lab");
        return;
    }
    struct grid g = grid_of(v, c->clip.rows, c->clip.cols);
    if (g.lines * g.rows > c->clip.rows) {
        stages_draw_one(v, stages_place(v).tile, 1, c);
        return;
    }
    for (int k = 0; k < count_of(f); k++) {
        struct canvas part = canvas_part(c, rect_of(&g, k));
        if (k < f->seen.results) {
            stages_draw_one(v, k, g.zoom, &part);
        } else {
            canvas_text_width(&part, 0, 0, g.cols, ROLE_BAD, "the chain ends here");
            struct canvas rest = canvas_part(&part, (struct rect){1, 0, g.rows - 1, g.cols});
            draw_note(&rest, f->trouble);
        }
    }
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    if (!has_results(v) || row < 0 || col < 0 || row >= rows || col >= cols)
        return false;
    struct grid g = grid_of(v, rows, cols);
    if (g.lines * g.rows > rows)
        return stages_hit_one(v, stages_place(v).tile, 1, rows, cols, row, col, at);
    for (int k = 0; k < v->filtering->seen.results; k++) {
        struct rect r = rect_of(&g, k);
        if (row >= r.row && row < r.row + r.rows && col >= r.col && col < r.col + r.cols)
            return stages_hit_one(v, k, g.zoom, r.rows, r.cols, row - r.row, col - r.col, at);
    }
    return false;
}

/* Over an edge to the neighbour there. */
static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    if (!has_results(v))
        return false;
    const struct filtering *f = v->filtering;
    struct place was = *at;
    stages_bring_inside(f, at);
    struct grid g = grid_of(v, rows, cols);
    struct shape s = f->seen.result[at->tile].image.shape;
    int row = at->row + down, col = at->col + right, to = at->tile;
    to += row < 0 ? -g.per_row : row >= s.h ? g.per_row : 0;
    to += col < 0 ? -1 : col >= s.w ? 1 : 0;
    bool over = to != at->tile && to >= 0 && to < f->seen.results && !f->cutting;
    if (over) {
        struct shape t = f->seen.result[to].image.shape;
        *at = (struct place){to,
                             row < 0      ? t.h - 1
                             : row >= s.h ? 0
                                          : row,
                             col < 0      ? t.w - 1
                             : col >= s.w ? 0
                                          : col};
    } else {
        at->row = row;
        at->col = col;
    }
    stages_bring_inside(f, at);
    return at->tile != was.tile || at->row != was.row || at->col != was.col;
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    if (!has_results(v) || at.tile < 0 || at.tile >= v->filtering->seen.results)
        return false;
    struct shape s = v->filtering->seen.result[at.tile].image.shape;
    *out = (struct spot){.kind = SPOT_OTHER, .c = at.tile, .row = at.row, .col = at.col};
    return at.row < s.h && at.col < s.w;
}

/* Enter chooses the stage; a click only points. */
static bool press(const struct view *v, struct place at, bool click, char *line, int size)
{
    if (click || !has_results(v) || at.tile < 1 || at.tile > v->filtering->asked.stages)
        return false;
    snprintf(line, (size_t)size, "stage %d", at.tile);
    return true;
}

/* Windows can be of any size: wide, square and tall ones in small steps. */
static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    int count = 0;
    (void)s;
    if (!has_results(v))
        return 0;
    for (int k = 0; k < PANEL_SIZES / 3; k++) {
        out[count++] = (struct panel_size){12 + 4 * k, 70 + 12 * k, 0.5f + 0.5f * (float)k};
        out[count++] = (struct panel_size){14 + 5 * k, 62 + 9 * k, 0.5f + 0.5f * (float)k};
        out[count++] = (struct panel_size){18 + 6 * k, 56 + 7 * k, 0.5f + 0.5f * (float)k};
    }
    return count;
}

static void title_text(const struct view *v, char *text, int size)
{
    if (has_results(v))
        snprintf(text, (size_t)size, "stages%s", v->filtering->stale ? "  of before: computing" : "");
}

static void numbers(const struct view *v, struct text *out)
{
    if (!has_results(v))
        return;
    text_add(out, "stage,name,channels,rows,columns,min,max,mean,rmse,psnr\n");
    for (int i = 0; i < v->filtering->seen.results; i++) {
        const struct chain_result *r = &v->filtering->seen.result[i];
        const struct chain_stage *s = i ? &v->filtering->seen.stage[i - 1] : NULL;
        struct shape shape = r->image.shape;
        text_format(out, "%d,%s,%d,%d,%d,", i, s ? s->type ? s->type->name : s->kernel.type->name : "picture",
                    shape.c, shape.h, shape.w);
        text_format(out, "%.9g,%.9g,%.9g,%.9g,%.9g\n", (double)r->min, (double)r->max, r->mean, r->rmse,
                    r->psnr);
    }
}

const struct panel_type panel_stages = {
    .name = "stages",
    .title = "stages",
    .help = "the picture, and what stands behind each stage of the chain on it, all at one zoom around one "
            "place; "
            "in numbers how far each is from the picture",
    .lecture = "L26 to L31, L35, L38, L40",
    .flexible = true,
    .sizes = sizes,
    .title_text = title_text,
    .draw = draw,
    .numbers = numbers,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = stages_explain,
    .press = press,
};
