/** The input of the step lab, with its padding. Lecture L22, L24. */
#include <stdio.h>

#include "tui/panels/step_grids.h"

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    return step_grid_sizes(v, STEP_IN, out);
}

static void title_text(const struct view *v, char *text, int size)
{
    step_grid_title(v, STEP_IN, "input", text, size);
}

static void draw(const struct view *v, struct canvas *c)
{
    step_grid_draw(v, STEP_IN, c);
}

static void numbers(const struct view *v, struct text *out)
{
    step_grid_numbers(v, STEP_IN, out);
}

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    return step_grid_move(v, STEP_IN, rows, cols, at, down, right);
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    return step_grid_hit(v, STEP_IN, rows, cols, row, col, at);
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    if (v->stepping)
        stepping_explain(v->stepping, STEP_IN, at, text, (size_t)size);
}

const struct panel_type panel_stepin = {
    .name = "stepin",
    .title = "input",
    .help = "what the window of the step lab slides over, its padding in brackets, the window outlined",
    .lecture = "L22, L24",
    .sizes = sizes,
    .ask = step_ask,
    .title_text = title_text,
    .draw = draw,
    .numbers = numbers,
    .move = move,
    .hit = hit,
    .spot = step_grid_spot,
    .explain = explain,
};
