/** Class purity of the top nine, layer by layer: does what units answer to become more of one class with depth? Lecture L57. */
#include <math.h>
#include <stdio.h>

#include "tui/panels/panels.h"
#include "tui/widgets/bars.h"

enum { ROWS_MOST = 24, COLS = 34, NAME = 96 };

static const struct purities_result *result_of(const struct view *v)
{
    return v->neuron ? v->neuron->purity : NULL;
}

static int layers_of(const struct view *v)
{
    int count = 0;
    for (int i = 0; i < v->net->layers; i++)
        count += view_learns(v->net, i);
    return count;
}

/* All layers and a line for what chance gives, or a few of many. */
static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    int all = layers_of(v) + 1, rows = all < ROWS_MOST ? all : ROWS_MOST, few = rows < 5 ? rows : 5;
    (void)s;
    if (!v->neuron)
        return 0;
    out[0] = (struct panel_size){few, COLS, 0.6f};
    out[1] = (struct panel_size){rows, COLS, 1};
    out[2] = (struct panel_size){rows, COLS + COLS / 2, 2};
    return 3;
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct purities_result *r = result_of(v);
    char of[32] = "";
    if (!r)
        return;
    if (r->seen < r->total)
        snprintf(of, sizeof of, "/%d", r->total);
    snprintf(text, (size_t)size, "purity of top nines by layer  of %d%s", r->seen, of);
}

/* The first row that is shown, of so many layers with room for `room`. */
static int first_of(const struct view *v, const struct purities_result *r, int room)
{
    const struct place *cursor = panel_cursor(v, &panel_purity);
    int middle = cursor ? cursor->row : 0;
    for (int i = 0; i < r->layers && !cursor; i++)
        if (r->layer[i].learns == v->layer)
            middle = i;
    return heat_scroll(r->layers, room, middle);
}

/* Rows for layers: the last one is what chance gives. */
static int room_for(int rows)
{
    return rows > 1 ? rows - 1 : rows;
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct purities_result *r = result_of(v);
    const struct place *cursor = panel_cursor(v, &panel_purity);
    struct bar bar[ROWS_MOST + 1];
    char name[ROWS_MOST + 1][NAME];
    if (!r) {
        draw_note(c, "looking through the images");
        return;
    }
    int room = room_for(c->clip.rows), count = 0;
    room = room < ROWS_MOST ? room : ROWS_MOST;
    int first = first_of(v, r, room);
    for (int i = first; i < r->layers && count < room; i++, count++) {
        const struct purity_layer *l = &r->layer[i];
        snprintf(name[count], NAME, l->silent == l->units ? "%s silent" : "%s", v->net->layer[l->layer].name);
        bar[count] = (struct bar){.name = name[count],
                                  .value = isnan(l->purity) ? 0 : (float)l->purity,
                                  .chosen = l->learns == v->layer,
                                  .pointed = cursor && cursor->row == i};
    }
    bar[count++] = (struct bar){.name = "by chance", .value = (float)r->chance};
    bars_draw(c, bar, count);
}

/* ---- pointing: at a layer ---- */

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    const struct purities_result *r = result_of(v);
    (void)rows, (void)cols, (void)right;
    int to = at->row + down;
    if (!r || to < 0 || to >= r->layers)
        return false;
    *at = (struct place){.row = to};
    return down != 0;
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    const struct purities_result *r = result_of(v);
    (void)cols, (void)col;
    int room = room_for(rows) < ROWS_MOST ? room_for(rows) : ROWS_MOST;
    if (!r || row >= room || first_of(v, r, room) + row >= r->layers)
        return false;
    *at = (struct place){.row = first_of(v, r, room) + row};
    return true;
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    const struct purities_result *r = result_of(v);
    if (!r || at.row >= r->layers)
        return false;
    *out = (struct spot){.kind = SPOT_LAYER, .layer = r->layer[at.row].learns};
    return true;
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    const struct purities_result *r = result_of(v);
    if (!r || at.row >= r->layers)
        return;
    const struct purity_layer *l = &r->layer[at.row];
    const char *name = v->net->layer[l->layer].name;
    int channels = v->net->layer[l->layer].out.c, used = 0;
    if (l->silent == l->units)
        used = snprintf(text, (size_t)size, "%s: none of %d units answers to nine images", name, l->units);
    else
        used = snprintf(text, (size_t)size,
                        "%s: %.1f %% of a top nine are of one class, mean of %d of %d units "
                        "(%.0f to %.0f %%)",
                        name, 100 * l->purity, l->units - l->silent, channels, 100 * l->low, 100 * l->high);
    if (l->silent > 0 && l->silent < l->units && used < size)
        snprintf(text + used, (size_t)(size - used), "  %d silent", l->silent);
}

static bool press(const struct view *v, struct place at, bool click, char *line, int size)
{
    const struct purities_result *r = result_of(v);
    if (click || !r || at.row >= r->layers)
        return false;
    snprintf(line, (size_t)size, "layer %s", v->net->layer[r->layer[at.row].learns].name);
    return true;
}

static void numbers(const struct view *v, struct text *out)
{
    const struct purities_result *r = result_of(v);
    if (!r)
        return;
    text_add(out, "layer,units,silent,purity,least,most\n");
    for (int i = 0; i < r->layers; i++) {
        const struct purity_layer *l = &r->layer[i];
        text_format(out, "%s,%d,%d,%.9g,%.9g,%.9g\n", v->net->layer[l->layer].name, l->units, l->silent,
                    l->purity, l->low, l->high);
    }
    text_format(out, "by chance,,,%.9g,,\n", r->chance);
}

const struct panel_type panel_purity = {
    .name = "purity",
    .title = "purity of top nines by layer",
    .help = "for each layer the mean share of the most frequent class among the nine images that a unit "
            "answers to most",
    .lecture = "L57",
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
