/** The pictures of the filter lab: each in a window of its own, all at one zoom and around one place. */
#ifndef FOVEA_UI_PANELS_STAGES_H
#define FOVEA_UI_PANELS_STAGES_H

#include "tui/filtering.h"
#include "tui/panels/panels.h"

/** The place that all its panels look at: what the cursor of `stages` or `picture` points at. {0, ...} where there are no results. */
struct place stages_place(const struct view *v);
/** Brings a place to a result that there is, and inside of it. */
void stages_bring_inside(const struct filtering *f, struct place *at);

/** Draws one result with its title and its numbers over the whole canvas, and finds the pixel at a cell of it. */
void stages_draw_one(const struct view *v, int result, int zoom, struct canvas *c);
bool stages_hit_one(const struct view *v, int result, int zoom, int rows, int cols, int row, int col,
                    struct place *at);
/** The zoom at which the largest of results [from, to) is whole, at least 1. */
int stages_zoom(const struct view *v, int from, int to, int rows, int cols);

/** One line about a number of a result. */
void stages_explain(const struct view *v, struct place at, char *text, int size);

#endif
