/**
 * Text in large letters, for what is to be read from the back of a room: 3x5 pixels each, half blocks of a role.
 *
 * There are digits, letters (small ones look like capitals) and a few signs; of others the place stays empty. At zoom z a pixel is z columns wide and
 * z half rows tall; without UTF-8 it is z columns by z / 2 rows, one at least.
 */
#ifndef FOVEA_UI_BIG_H
#define FOVEA_UI_BIG_H

#include "tui/canvas.h"

int big_rows(const struct style *s, int zoom);
int big_cols(const char *text, int zoom);

/** The largest zoom from `most` down at which the text fits; 0: none. */
int big_zoom(const struct style *s, const char *text, int rows, int cols, int most);

/** With its corner at (row, col); returns the columns it took. */
int big_draw(struct canvas *c, int row, int col, enum role role, const char *text, int zoom);

#endif
