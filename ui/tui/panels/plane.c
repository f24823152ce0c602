/**
 * The class map: what the network says over the plane that the gradient and a random direction of the same length span, around the sample. A sign a class, so that it can be
 * read without colour. Lecture L77, L78.
 */
#include <stdio.h>
#include <string.h>

#include "tui/fooling.h"
#include "tui/panels/panels.h"

enum { GREYS = 255, CELL = 2 /* columns */, LEGEND_COLS = 22, CLASSES_MOST = 4096 };

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    static const struct panel_size offered[] = {{9, 40, 0.5f}, {17, 58, 1}, {17, 88, 1.3f}, {33, 90, 2.2f}};
    return sizes_listed(v->fooling, offered, ARRAY_LEN(offered), out);
}

static int ask(const struct view *v, struct question *out, int room)
{
    if (room < 1 || !v->fooling)
        return 0;
    out[0] = view_question(v, "landscape", 0);
    return 1;
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct part *reach = view_part(v, "landscape", 0, "reach");
    if (!reach)
        return;
    snprintf(text, (size_t)size, "plane %s  gradient to the right, random down, to %.1f of 255",
             norm_names[v->attack.norm], GREYS * (double)*reach->data);
}

/* One sign for each class, as far as there are signs. */
static char sign_of(int class)
{
    static const char signs[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return class >= 0 && class < (int)sizeof signs - 1 ? signs[class] : '*';
}

static int level_of(const struct view *v, int class)
{
    int classes = net_classes(v->net);
    return classes > 1 ? class * (LEVELS - 1) / (classes - 1) : 0;
}

/* How the map stands: every so many points each way, the sample's always among them. */
struct lay {
    int side, down,
        across;     /* points of the answer; every `down`th row of them and `across`th column is shown */
    int rows, cols; /* cells that this takes */
};

static struct lay lay_of(const struct part *map, int rows, int cols)
{
    struct lay l = {.side = map->shape.w, .down = 1, .across = 1};
    int half = (l.side - 1) / 2;
    while (l.down < half && 2 * (half / l.down) + 1 > rows)
        l.down++;
    while (l.across < half && CELL * (2 * (half / l.across) + 1) > cols)
        l.across++;
    l.rows = 2 * (half / l.down) + 1;
    l.cols = CELL * (2 * (half / l.across) + 1);
    return l;
}

/* Which point of the answer stands in a cell of the map. */
static int point_at(const struct lay *l, int row, int col)
{
    int half = (l->side - 1) / 2;
    int y = half + (row - (l->rows - 1) / 2) * l->down,
        x = half + (col / CELL - (l->cols / CELL - 1) / 2) * l->across;
    return y * l->side + x;
}

static void draw_map(const struct view *v, struct canvas *c, const struct part *map, const struct lay *l)
{
    const struct place *cursor = panel_cursor(v, &panel_plane);
    int middle = l->side * l->side / 2;
    for (int row = 0; row < l->rows; row++)
        for (int col = 0; col < l->cols; col += CELL) {
            int at = point_at(l, row, col), class = (int)map->data[at];
            char text[] = {sign_of(class), at == middle ? '<' : ' ', 0};
            if (cursor && cursor->row * l->side + cursor->col == at)
                canvas_text(c, row, col, ROLE_CURSOR, text);
            else if (at == middle)
                canvas_text(c, row, col, ROLE_STRONG, text);
            else
                canvas_text_level(c, row, col, MAP_HEAT, level_of(v, class), text);
        }
}

/* The classes of the map, the largest first: their sign, their name, their share of it. */
static void draw_legend(const struct view *v, struct canvas *c, const struct part *map)
{
    static int count[CLASSES_MOST];
    int classes = net_classes(v->net), label = v->answers->sample.label, row = 0;
    size_t points = shape_count(map->shape);
    classes = classes < CLASSES_MOST ? classes : CLASSES_MOST;
    memset(count, 0, sizeof count);
    for (size_t i = 0; i < points; i++)
        if ((int)map->data[i] < classes)
            count[(int)map->data[i]]++;
    for (; row < c->clip.rows; row++) {
        char number[16], text[] = {' ', ' ', ' ', 0};
        int best = 0;
        for (int k = 1; k < classes; k++)
            best = count[k] > count[best] ? k : best;
        if (count[best] == 0)
            break;
        text[1] = sign_of(best);
        canvas_text_level(c, row, 0, MAP_HEAT, level_of(v, best), text);
        canvas_format(c, row, 4, best == label ? ROLE_STRONG : ROLE_TEXT, "%5.1f %% %s'%.24s'",
                      100.0 * count[best] / (double)points, best == label ? "truth " : "",
                      class_text(v, best, number));
        count[best] = 0;
    }
    if (row + 1 < c->clip.rows)
        canvas_text(c, row + 1, 1, ROLE_FAINT, "< the sample");
    if (row + 2 < c->clip.rows)
        canvas_format(c, row + 2, 1, ROLE_FAINT, "epsilon %.1f:", GREYS * (double)v->attack.eps);
    if (row + 3 < c->clip.rows)
        canvas_text(c, row + 3, 1, ROLE_FAINT, "half way to an edge");
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct part *map = view_part(v, "landscape", 0, "class");
    int cols = c->clip.cols, rows = c->clip.rows, legend = cols >= 2 * LEGEND_COLS ? LEGEND_COLS : 0;
    if (fooling_hides(v)) {
        draw_hidden(v, c);
        return;
    }
    if (!map)
        return;
    struct lay l = lay_of(map, rows, cols - legend);
    draw_map(v, c, map, &l);
    if (legend > 0) {
        struct canvas part = canvas_part(c, (struct rect){0, l.cols + 1, rows, cols - l.cols - 1});
        draw_legend(v, &part, map);
    }
}

/* ---- pointing: a place's row and column are a point of the answer ---- */

static int width_of_map(int cols)
{
    return cols - (cols >= 2 * LEGEND_COLS ? LEGEND_COLS : 0);
}

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    const struct part *map = view_part(v, "landscape", 0, "class");
    struct place was = *at;
    if (!map)
        return false;
    struct lay l = lay_of(map, rows, width_of_map(cols));
    int half = (l.side - 1) / 2, y = (at->row - half) / l.down + down,
        x = (at->col - half) / l.across + right;
    int far_y = half / l.down, far_x = half / l.across;
    y = y < -far_y ? -far_y : y > far_y ? far_y : y;
    x = x < -far_x ? -far_x : x > far_x ? far_x : x;
    *at = (struct place){0, half + y * l.down, half + x * l.across};
    return at->row != was.row || at->col != was.col;
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    const struct part *map = view_part(v, "landscape", 0, "class");
    if (!map)
        return false;
    struct lay l = lay_of(map, rows, width_of_map(cols));
    if (row < 0 || col < 0 || row >= l.rows || col >= l.cols || row >= rows || col >= cols)
        return false;
    int point = point_at(&l, row, col);
    *at = (struct place){0, point / l.side, point % l.side};
    return true;
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    const struct part *map = view_part(v, "landscape", 0, "class");
    *out = (struct spot){.kind = SPOT_OTHER};
    return map && at.row >= 0 && at.col >= 0 && at.row < map->shape.h && at.col < map->shape.w;
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    const struct part *map = view_part(v, "landscape", 0, "class"),
                      *loss = view_part(v, "landscape", 0, "plane"),
                      *reach = view_part(v, "landscape", 0, "reach");
    char number[16];
    *text = 0;
    if (!map || !loss || !reach || fooling_hides(v))
        return;
    int side = map->shape.w, i = at.row * side + at.col;
    double far = GREYS * (double)*reach->data;
    snprintf(text, (size_t)size, "%+.1f of 255 along the gradient, %+.1f at random: says '%s'  loss %.3f",
             far * (2.0 * at.col / (side - 1) - 1), far * (2.0 * at.row / (side - 1) - 1),
             class_text(v, (int)map->data[i], number), (double)loss->data[i]);
}

const struct panel_type panel_plane = {
    .name = "plane",
    .title = "plane",
    .help = "what the network says over the plane that the gradient and a random direction span",
    .lecture = "L77, L78",
    .flexible = true,
    .sizes = sizes,
    .ask = ask,
    .title_text = title_text,
    .draw = draw,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
};
