/**
 * Curves over a common axis: two pixels a cell, so that lines stay solid and two of them can share a cell.
 */
#ifndef FOVEA_UI_PLOT_H
#define FOVEA_UI_PLOT_H

#include "tui/canvas.h"

enum { PLOT_SERIES = 24 };

struct plot_point {
    double x;
    float y; /* NaN: a gap */
};

struct plot_series {
    const struct plot_point *point; /* in the order of x */
    int count;
    int line;         /* level of MAP_LINE: its colour, and its sign where there is no colour */
    const char *name; /* for the legend; NULL: none */
    bool dashed;      /* of another family: the other branch of a run */
};

/** A bar from one y to another: how far a point may be wrong. */
struct plot_bar {
    double x;
    float low, high;
    int line; /* as of the series that it belongs to */
};

struct plot {
    struct plot_series series[PLOT_SERIES]; /* drawn in this order: the last lies on top */
    int count;
    double x_low, x_high; /* what lies outside isn't seen; a line that comes from there is cut at the edge */
    double y_low, y_high; /* equal: chosen from what is seen; then 0 belongs to it when no y is negative */
    const char *x_name;   /* "step" */
    const char *x_unit; /* "s": x is a quantity, with as many decimals as its axis asks for. NULL: a count */
    double mark;        /* a vertical line at this x, where one stands; not drawn at or beyond the ends */
    bool percent;       /* y is a share: its ticks are percentages */
    bool tight;         /* the axis of y covers what is seen, and nothing else */
    bool log_y; /* logarithmic; what isn't positive is a gap, and y_low <= 0 is chosen from what is seen */
    const double *outline; /* two x: a frame around what lies between them, both included; NULL: none */
    const double *peak;    /* x of places that are numbered from 1 on at the top; NULL: none */
    int peaks;
    const struct plot_bar *bar; /* [bars], below all series; in the order of drawing */
    int bars;
    const double *cross; /* a cross-hair at this x, with the values there behind the names; NULL: none */
};

void plot_draw(struct canvas *c, const struct plot *p);

/** The value of each series at x: of its last point at or before x. NaN where there is none (or it is a gap). */
void plot_read(const struct plot *p, double x, float out[PLOT_SERIES]);

/** How far apart columns are in x, in a space of so many columns; 0 where there is no room for a plot. */
double plot_column(const struct plot *p, int cols);

/** The x of a cell in a space of rows x cols where the plot is drawn. false: beside the curves. */
bool plot_hit(const struct plot *p, int rows, int cols, int row, int col, double *x);

#endif
