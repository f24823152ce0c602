/**
 * Curves over a common axis: two pixels a cell, so that lines stay solid and two of them can share a cell.
 */
#ifndef FOVEA_UI_PLOT_H
#define FOVEA_UI_PLOT_H

#include "tui/canvas.h"

enum { PLOT_SERIES = 6 };

struct plot_point {
    double x;
    float y; /* NaN: a gap */
};

struct plot_series {
    const struct plot_point *point; /* in the order of x */
    int count;
    int line;         /* level of MAP_LINE: its colour, and its sign where there is no colour */
    const char *name; /* for the legend; NULL: none */
};

struct plot {
    struct plot_series series[PLOT_SERIES]; /* drawn in this order: the last lies on top */
    int count;
    double x_low, x_high;
    double y_low, y_high; /* equal: chosen from the data */
    const char *x_name;   /* "step" */
    double mark;          /* a vertical line at this x, where one stands; not drawn at or beyond the ends */
    bool percent;         /* y is a share: its ticks are percentages */
};

void plot_draw(struct canvas *c, const struct plot *p);

#endif
