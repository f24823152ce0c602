/**
 * Several pictures of one size in rows, as large as they can be.
 *
 * When not all have room, as many rows of them are shown as have, among them the one with the cursor (else the first that is lit, else the one with the mark).
 */
#ifndef FOVEA_UI_TILES_H
#define FOVEA_UI_TILES_H

#include "tui/widgets/heat.h"

/** One of several kinds of pictures of the same things, each with its own scale: activations, and their gradients beside them. */
struct tile_kind {
    const float *v; /* [n / kinds][h][w] */
    enum map map;
    float range; /* 0: each picture has its own */
};

struct tiles {
    const float *v; /* [n][h][w], or [n][3][h][w] for MAP_COLOUR */
    int n, h, w;
    enum map map;
    float range;
    int most; /* largest zoom; 0: 8 */
    int mark; /* tile to mark; -1: none */

    /* Each of these is off when it is 0. */
    const struct tile_kind
        *kind; /* tile k shows kind k % kinds of thing k / kinds, instead of v, map and range */
    int kinds;
    const struct light *light;   /* dims everything else */
    const struct place *cursor;  /* the pixel to mark */
    const uint8_t *keep;         /* [n or n / kinds][h][w]: dims pixels that are 0 here */
    const char *const *label;    /* [n][label_rows] texts; NULL, or a NULL among them: left to the caller */
    int label_rows, label_above; /* rows of text of a tile: so many stand above the picture, the rest below */
    int label_cols;              /* the least columns that a tile takes, so that texts have room */

    /* How they are written as numbers (numbers.h). */
    const uint8_t *sign;                  /* [n][h][w] enum number_sign */
    const struct light *outline;          /* lines around these */
    int wide;                             /* columns that a number takes; 0: six, or five */
    int first_tile, first_row, first_col; /* what the first ones are called */
};

/** How tiles are laid out in a space: what tiles_draw() does, and titles tell. */
struct tiles_fit {
    int zoom, per_row, rows;
    int first; /* tile that is shown first: the first of a row */
    int shown; /* <= n */
};
struct tiles_fit tiles_fit(const struct tiles *t, int rows, int cols);

/** Cells for a row of `per_row` tiles at a zoom, and for all rows; a blank between neighbours. */
int tiles_cols(const struct tiles *t, int zoom, int per_row);
int tiles_rows(const struct tiles *t, int zoom, int per_row);

/** One of them, as a picture; without its numbers where the tiles have none yet. */
struct heat tiles_picture(const struct tiles *t, int tile, int zoom);

/** Where a tile stands, its texts included. false: it isn't shown. */
bool tiles_place(const struct tiles *t, int rows, int cols, int tile, struct rect *out);

/** Fills the canvas; what doesn't fit is counted in the last row ("+56"). */
void tiles_draw(struct canvas *c, const struct tiles *t);

/**
 * Moves a place by so many pixels in the space of rows x cols cells where the tiles are drawn: over an edge to the neighbour there, and no
 * further than the outermost. A place that isn't there is brought inside first. false: it is where it was.
 */
bool tiles_move(const struct tiles *t, int rows, int cols, struct place *at, int down, int right);

/** The same for a grid of `per_row` tiles in a row, however they are drawn. */
bool tiles_step(const struct tiles *t, int per_row, struct place *at, int down, int right);

/** The pixel in a cell, of two the upper one. false: between tiles, or none there. */
bool tiles_hit(const struct tiles *t, int rows, int cols, int row, int col, struct place *at);

#endif
