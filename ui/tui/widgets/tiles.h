/**
 * Several pictures of one size in rows, as large as they can be.
 */
#ifndef FOVEA_UI_TILES_H
#define FOVEA_UI_TILES_H

#include "tui/widgets/heat.h"

/** A pixel of one of the tiles. */
struct place {
    int tile, row, col;
};

struct tiles {
    const float *v; /* [n][h][w], or [n][3][h][w] for MAP_COLOUR */
    int n, h, w;
    enum map map;
    float range;
    int most;                   /* largest zoom; 0: 8 */
    int mark;                   /* tile to mark; -1: none */
    const struct light *light;  /* NULL: nothing is dimmed */
    const struct place *cursor; /* NULL: none */
};

/** How tiles are laid out in a space: what tiles_draw() does, and titles tell. */
struct tiles_fit {
    int zoom, per_row, rows;
    int shown; /* <= n */
};
struct tiles_fit tiles_fit(const struct tiles *t, int rows, int cols);

/** Cells for a row of `per_row` tiles at a zoom, and for all rows; a blank between neighbours. */
int tiles_cols(const struct tiles *t, int zoom, int per_row);
int tiles_rows(const struct tiles *t, int zoom, int per_row);

/** Moves a place by pixels, over the edge of a tile into its neighbour; false where it can't move. */
bool tiles_move(const struct tiles *t, int rows, int cols, struct place *at, int down, int right);
/** The pixel that is drawn at a cell; false: none. */
bool tiles_hit(const struct tiles *t, int rows, int cols, int row, int col, struct place *at);

/** Fills the canvas; what doesn't fit is counted in the last row ("+56"). */
void tiles_draw(struct canvas *c, const struct tiles *t);

#endif
