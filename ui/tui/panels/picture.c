/** The picture that the chain begins with, alone: what a template is cut out of. Lecture items L31, L32. */
#include <stdio.h>

#include "tui/panels/stages.h"

static bool has_picture(const struct view *v)
{
    return v->filtering && v->filtering->seen.results > 0;
}

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    if (!has_picture(v))
        return 0;
    out[0] = (struct panel_size){12, 36, 4}; /* stages show it too */
    return 1;
}

static void draw(const struct view *v, struct canvas *c)
{
    if (!has_picture(v))
        draw_note(c, "the picture that filters work on: there in the filter lab");
    else
        stages_draw_one(v, 0, stages_zoom(v, 0, 1, c->clip.rows, c->clip.cols), c);
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    return has_picture(v) && row >= 0 && col >= 0 && row < rows && col < cols &&
           stages_hit_one(v, 0, stages_zoom(v, 0, 1, rows, cols), rows, cols, row, col, at);
}

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    struct place was = *at;
    (void)rows, (void)cols;
    if (!has_picture(v))
        return false;
    *at = (struct place){0, at->row + down, at->col + right};
    stages_bring_inside(v->filtering, at);
    return at->row != was.row || at->col != was.col;
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    return at.tile == 0 && panel_stages.spot(v, at, out);
}

const struct panel_type panel_picture = {
    .name = "picture",
    .title = "picture",
    .help = "the picture that the chain begins with; with t a template is cut out of it, and digits mark "
            "where it was found",
    .lecture = "L31, L32, L34",
    .sizes = sizes,
    .draw = draw,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = stages_explain,
};
