/** The kernel of the step lab, as it lies on the input. Lecture L22, L23. */
#include <stdio.h>

#include "tui/panels/step_grids.h"

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    return step_grid_sizes(v, STEP_KERNEL, out);
}

static void title_text(const struct view *v, char *text, int size)
{
    step_grid_title(v, STEP_KERNEL, v->stepping && v->stepping->trace.flip ? "flipped  kernel" : "kernel",
                    text, size);
}

static void draw(const struct view *v, struct canvas *c)
{
    step_grid_draw(v, STEP_KERNEL, c);
}

static void numbers(const struct view *v, struct text *out)
{
    step_grid_numbers(v, STEP_KERNEL, out);
}

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    return step_grid_move(v, STEP_KERNEL, rows, cols, at, down, right);
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    return step_grid_hit(v, STEP_KERNEL, rows, cols, row, col, at);
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    if (v->stepping)
        stepping_explain(v->stepping, STEP_KERNEL, at, text, (size_t)size);
}

const struct panel_type panel_kernel = {
    .name = "kernel",
    .title = "kernel",
    .help = "the weights of the step lab, as they lie on the input",
    .lecture = "L22, L23",
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
