/**
 * Does what fools one network fool the others? Accuracy of each network of the session on what was made for each of them. Lecture L79.
 */
#include <math.h>
#include <stdio.h>

#include "attack/robustness.h"
#include "tui/panels/panels.h"
#include "tui/sweeping.h"

enum { HEAD = 15 /* columns of a row's name */, CELL = 9, CELL_MOST = 16, ROWS = SWEEP_NETS + 2 };

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    static const struct panel_size offered[] = {{ROWS, HEAD + SWEEP_NETS * CELL, 1},
                                                {ROWS + 1, HEAD + SWEEP_NETS * CELL_MOST, 1.5f}};
    return sizes_listed(v->sweeping, offered, ARRAY_LEN(offered), out);
}

static const struct sweep_transfer *transfer_of(const struct view *v)
{
    const struct sweep_result *r = v->sweeping ? v->sweeping->found : NULL;
    return r && r->transfer.seen > 0 ? &r->transfer : NULL;
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct sweep_transfer *t = transfer_of(v);
    const struct sweep_result *r = t ? v->sweeping->found : NULL;
    char count[40];
    if (!t)
        return;
    int used = snprintf(text, (size_t)size, "transfer %s", r->task.type->name);
    if (!r->task.type->smallest && used < size)
        used += snprintf(text + used, (size_t)(size - used), " %s  epsilon %.3g",
                         norm_names[r->task.options.norm], (double)r->task.options.eps);
    sweeping_count_text(v->sweeping, t->seen, t->total, count, sizeof count);
    if (used < size)
        snprintf(text + used, (size_t)(size - used), "  %s", count);
}

/* The networks that are there, in the order of the table. */
static int nets_of(const struct view *v, const struct sweep_transfer *t, int net[SWEEP_NETS])
{
    int count = 0;
    for (int k = 0; k < SWEEP_NETS; k++)
        if (t->there[k] && *v->sweeping->name[k])
            net[count++] = k;
    return count;
}

static int cell_of(int cols, int count)
{
    int wide = count > 0 ? (cols - HEAD) / count : CELL;
    return wide < CELL ? CELL : wide > CELL_MOST ? CELL_MOST : wide;
}

/* A share on its colour: dark is fooled, bright is right. Its own network's in brackets. */
static void draw_share(struct canvas *c, int row, int col, int right, int seen, bool own)
{
    char text[CELL_MOST];
    float share = (float)right / (float)seen;
    snprintf(text, sizeof text, own ? "[%5.1f]" : " %5.1f ", 100 * (double)share);
    canvas_text_level(c, row, col, MAP_HEAT, style_level(MAP_HEAT, share, 1), text);
}

/* The row and column with the cursor: row 0 is without an attack. */
static const struct place *cursor_of(const struct view *v)
{
    return panel_cursor(v, &panel_transfer);
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct sweep_transfer *t = transfer_of(v);
    const struct place *cursor = cursor_of(v);
    int net[SWEEP_NETS];
    if (!t) {
        draw_note(c, "trying what was made for one network on the others");
        return;
    }
    int count = nets_of(v, t, net), wide = cell_of(c->clip.cols, count);
    canvas_text(c, 0, 0, ROLE_FAINT, "made \\ tried on");
    for (int on = 0; on < count; on++)
        canvas_text_width(c, 0, HEAD + on * wide + 1, wide - 2, ROLE_STRONG, v->sweeping->name[net[on]]);
    for (int made = -1; made < count; made++) {
        int row = made + 2;
        canvas_text_width(c, row, 0, HEAD - 1, made < 0 ? ROLE_FAINT : ROLE_STRONG,
                          made < 0 ? "clean" : v->sweeping->name[net[made]]);
        for (int on = 0; on < count; on++) {
            int right = made < 0 ? t->clean[net[on]] : t->right[net[made]][net[on]], col = HEAD + on * wide;
            draw_share(c, row, col, right, t->seen, made == on);
            if (cursor && cursor->row == row - 1 && cursor->col == on)
                canvas_put(c, row, col + 7, ROLE_CURSOR, '<');
        }
    }
    canvas_text_width(c, count + 2, 0, c->clip.cols, ROLE_FAINT,
                      "% right on what the row was made for; [its own]");
}

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    const struct sweep_transfer *t = transfer_of(v);
    struct place was = *at;
    int net[SWEEP_NETS], count = t ? nets_of(v, t, net) : 0;
    (void)rows, (void)cols;
    if (count == 0)
        return false;
    at->row += down;
    at->col += right;
    at->row = at->row < 0 ? 0 : at->row > count ? count : at->row;
    at->col = at->col < 0 ? 0 : at->col >= count ? count - 1 : at->col;
    return at->row != was.row || at->col != was.col;
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    const struct sweep_transfer *t = transfer_of(v);
    int net[SWEEP_NETS], count = t ? nets_of(v, t, net) : 0, on = (col - HEAD) / cell_of(cols, count);
    (void)rows;
    if (count == 0 || row < 1 || row > count + 1 || col < HEAD || on >= count)
        return false;
    *at = (struct place){0, row - 1, on};
    return true;
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    const struct sweep_transfer *t = transfer_of(v);
    int net[SWEEP_NETS], count = t ? nets_of(v, t, net) : 0;
    *out = (struct spot){.kind = SPOT_OTHER, .row = at.row, .col = at.col};
    return count > 0 && at.row >= 0 && at.row <= count && at.col >= 0 && at.col < count;
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    const struct sweep_transfer *t = transfer_of(v);
    int net[SWEEP_NETS], count = t ? nets_of(v, t, net) : 0;
    *text = 0;
    if (at.row < 0 || at.row > count || at.col < 0 || at.col >= count)
        return;
    int on = net[at.col], right = at.row == 0 ? t->clean[on] : t->right[net[at.row - 1]][on];
    double low, high;
    wilson_interval(right, t->seen, &low, &high);
    int used =
        snprintf(text, (size_t)size, "%s is right on %d of %d images", v->sweeping->name[on], right, t->seen);
    if (at.row > 0 && used < size)
        used += snprintf(text + used, (size_t)(size - used), " made for %s, without the attack on %d",
                         at.row - 1 == at.col ? "itself" : v->sweeping->name[net[at.row - 1]], t->clean[on]);
    if (used < size)
        snprintf(text + used, (size_t)(size - used), "  %.1f to %.1f %% with 95 %%", 100 * low, 100 * high);
}

static void numbers(const struct view *v, struct text *out)
{
    const struct sweep_transfer *t = transfer_of(v);
    int net[SWEEP_NETS], count = t ? nets_of(v, t, net) : 0;
    if (count > 0)
        text_add(out, "made_for,tested_on,images,right,right_clean\n");
    for (int made = 0; made < count; made++)
        for (int on = 0; on < count; on++)
            text_format(out, "%s,%s,%d,%d,%d\n", v->sweeping->name[net[made]], v->sweeping->name[net[on]],
                        t->seen, t->right[net[made]][net[on]], t->clean[net[on]]);
}

const struct panel_type panel_transfer = {
    .name = "transfer",
    .title = "transfer",
    .help = "accuracy of each network of the session on what was made to fool each of them",
    .lecture = "L79",
    .sizes = sizes,
    .title_text = title_text,
    .draw = draw,
    .numbers = numbers,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
};
