/**
 * A strip of a colour map with the numbers that its ends stand for: one row of any width.
 */
#ifndef FOVEA_UI_LEGEND_H
#define FOVEA_UI_LEGEND_H

#include "tui/canvas.h"

struct legend {
    enum map map;
    float
        range; /* of the end: 0..range, for MAP_SIGNED -range..range with 0 in the middle. MAP_COLOUR has no strip, but a line of text */
    const char *unit; /* behind the number at the end; NULL: none */
};

void legend_draw(struct canvas *c, int row, int col, int cols, const struct legend *l);

#endif
