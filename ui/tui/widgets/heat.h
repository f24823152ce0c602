/**
 * A picture of numbers: h x w pixels at a whole-number zoom, never resampled.
 *
 * A pixel at zoom z is z columns wide and z half rows tall, so that it is about square: with half blocks a 28x28 picture at
 * zoom 1 takes 28 columns and 14 rows. Where half blocks can't be had, even zooms are as exact, and at odd ones a cell shows the mean of the
 * two pixels that it holds (of a lit and a dimmed one, the lit one). What is larger than the canvas is shown in part: around the cursor, else around
 * what is lit, else its middle.
 */
#ifndef FOVEA_UI_HEAT_H
#define FOVEA_UI_HEAT_H

#include <stddef.h>

#include "tui/canvas.h"

/** A pixel of one of several pictures. */
struct place {
    int tile, row, col;
};

/** What is lit while everything else is dimmed; may reach beyond the picture (padding). */
struct light {
    int from, to;             /* tiles [from, to) */
    int row, col, rows, cols; /* pixels [row, row + rows) x [col, col + cols) of each */
    int row_step, col_step;   /* of these every so many, the first among them; 0 or 1: all */
};

/** Is a pixel lit? Everything is where the light is NULL. */
bool light_on(const struct light *l, int tile, int row, int col);

struct heat {
    const float *v; /* [h][w]; colour pictures: [3][h][w] in 0..1 */
    int h, w;
    enum map map; /* MAP_COLOUR: v is red, green and blue */
    float range;  /* what the end of the colour map stands for; see style_shown() */
    int zoom;     /* >= 1 */
    int tile;     /* the number by which light and cursor know it */
    const struct light
        *light; /* NULL: nothing is dimmed. Below 256 colours brackets stand around what is lit */
    const struct light *outline; /* a line around these pixels, over their neighbours; NULL: none */
    const uint8_t *keep;         /* [h][w]: pixels that are 0 here are dimmed too; NULL: none */
    const struct place *cursor;  /* the pixel to mark, where it is one of this picture; NULL: none */
};

/** Cells that a picture takes. */
int heat_rows(int h, int zoom);
int heat_cols(int w, int zoom);

/** Largest zoom from `most` down at which an h x w picture fits; at least 1, whether that fits or not. */
int heat_zoom(int h, int w, int rows, int cols, int most);

/** Largest magnitude of count numbers; 0 when none is finite. */
float heat_range(const float *v, size_t count);

/** Level of a pixel as a style shows it, dimmed where it isn't lit. */
int heat_level(const struct style *s, const struct heat *p, int i, int j);

/** First of `room` cells (pixels, lines) of `all` that are shown so that number `middle` is among them, in their middle where that can be. */
int heat_scroll(int all, int room, int middle);

/**
 * Draws with the corner at (row, col), at most rows x cols cells. Only the brackets around what is lit (below 256 colours) may
 * stand in the columns left and right of that.
 */
void heat_draw(struct canvas *c, int row, int col, int rows, int cols, const struct heat *p);

/** The pixels that heat_draw() shows there, also those cut at an edge. */
struct rect heat_seen(const struct heat *p, int rows, int cols);

/** The first cell of a pixel, from its corner; the reverse of heat_hit(). false: it isn't shown. */
bool heat_find(const struct heat *p, int rows, int cols, int row, int col, int *y, int *x);

/** The pixel of a cell that heat_draw() has drawn at (row, col) of its corner; of two pixels in a cell the upper one. false: none is there. */
bool heat_hit(const struct heat *p, int rows, int cols, int row, int col, struct place *at);

#endif
