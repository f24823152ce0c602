/**
 * A picture of numbers: h x w pixels at a whole-number zoom, never resampled.
 *
 * A pixel at zoom z is z columns wide and z half rows tall, so that it is about square: with half blocks a 28x28 picture at
 * zoom 1 takes 28 columns and 14 rows. Where half blocks can't be had, even zooms are as exact, and at odd ones a cell shows the mean of the
 * two pixels that it holds. What is larger than the canvas is shown in part, its middle.
 */
#ifndef FOVEA_UI_HEAT_H
#define FOVEA_UI_HEAT_H

#include "tui/canvas.h"

/** What is lit, all else being dimmed: of the tiles (or channels) [from, to) the pixels from (row, col) on, rows x cols of them, so many apart. */
struct light {
    int from, to;
    int row, col, rows, cols;
    int row_step, col_step; /* 1: all of them; more: a lattice */
};

struct heat {
    const float *v; /* [h][w]; colour pictures: [3][h][w] in 0..1 */
    int h, w;
    enum map map; /* MAP_COLOUR: v is red, green and blue */
    float range;  /* what the end of the colour map stands for; see style_level() */
    int zoom;     /* >= 1 */
};

/** Cells that a picture takes. */
int heat_rows(int h, int zoom);
int heat_cols(int w, int zoom);

/** Largest zoom from `most` down at which an h x w picture fits; at least 1, whether that fits or not. */
int heat_zoom(int h, int w, int rows, int cols, int most);

/** Draws with the corner at (row, col), at most rows x cols cells. */
void heat_draw(struct canvas *c, int row, int col, int rows, int cols, const struct heat *p);

#endif
