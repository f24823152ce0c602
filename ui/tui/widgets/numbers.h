/**
 * Tiles as the numbers that they are: a value takes six columns and a row (five columns where all of a row have room then), on
 * the colour of its level; a pixel of a picture in colour takes three rows: red, green, blue.
 *
 * Rows and columns are numbered at the edges, and where there are several tiles their numbers stand in the corner. What has no
 * room is scrolled: the cursor is in sight, else the first pixel that is lit. Places are those of tiles.h.
 */
#ifndef FOVEA_UI_NUMBERS_H
#define FOVEA_UI_NUMBERS_H

#include <stddef.h>

#include "tui/widgets/tiles.h"

/** What a number is beside its value: struct tiles' `sign`. */
enum number_sign {
    NUMBER_HIDDEN, /* not known yet: a point in its place. 0, so that the same array is `keep` for pixels */
    NUMBER_SHOWN,
    NUMBER_PADDING /* a zero around a picture: faint, in brackets */
};

/**
 * A number in at most `columns` (>= 1) columns, with as many digits as have room: "0.127", "-1.34", "12.5", "3e-07", "0" for exactly 0 (".000"
 * for what is nearly). What is too long even so is "+" or "-".
 */
void number_text(char *text, size_t size, float value, int columns);

/**
 * Cells for so many tiles beside each other, all of it: with rows and columns numbered, the place of an outline, and with `apart` a blank row between
 * rows.
 */
int numbers_rows(const struct tiles *t, int per_row, bool apart);
int numbers_cols(const struct tiles *t, int per_row);

/** Fills the canvas. Rows are apart where an outline has room for it. Below 256 colours: plain text, strong where it is lit. */
void numbers_draw(struct canvas *c, const struct tiles *t);

/** As tiles_move() and tiles_hit(), for what numbers_draw() shows. */
bool numbers_move(const struct tiles *t, int rows, int cols, struct place *at, int down, int right);
bool numbers_hit(const struct tiles *t, int rows, int cols, int row, int col, struct place *at);

#endif
