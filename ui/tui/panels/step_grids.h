/** What the panels of input, kernel and output in the step lab share (step_grids.c). */
#ifndef FOVEA_UI_STEP_GRIDS_H
#define FOVEA_UI_STEP_GRIDS_H

#include "tui/panels/panels.h"
#include "tui/stepping.h"

/** While a layer of the network is waited for, the questions about it: every panel asks them, so that one alone is enough. */
int step_ask(const struct view *v, struct question *out, int room);
int step_grid_sizes(const struct view *v, enum step_grid grid, struct panel_size *out);
void step_grid_title(const struct view *v, enum step_grid grid, const char *name, char *text, int size);
void step_grid_draw(const struct view *v, enum step_grid grid, struct canvas *c);
void step_grid_numbers(const struct view *v, enum step_grid grid, struct text *out);
bool step_grid_move(const struct view *v, enum step_grid grid, int rows, int cols, struct place *at, int down,
                    int right);
bool step_grid_hit(const struct view *v, enum step_grid grid, int rows, int cols, int row, int col,
                   struct place *at);
bool step_grid_spot(const struct view *v, struct place at, struct spot *out);

#endif
