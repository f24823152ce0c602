/**
 * A grid of cells off screen. Panels and widgets draw here; term.c alone copies it to the terminal, and tests read it as text.
 *
 * A canvas knows what is meant (a role, a colour map and two levels), not how a terminal shows it: style.c decides that for the
 * rung of the fall-back ladder that the terminal reaches. Drawing is clipped to the canvas's current rectangle; nothing can be out of range.
 */
#ifndef FOVEA_UI_CANVAS_H
#define FOVEA_UI_CANVAS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "tui/style.h"

struct rect {
    int row, col, rows, cols;
};

/** What stands in one cell. */
struct cell {
    uint32_t ch;         /* Unicode; ' ' when empty; 0: the right half of a wide character */
    uint8_t map;         /* enum map; MAP_NONE: a cell of text in a role */
    uint8_t role;        /* enum role, when map is MAP_NONE */
    uint8_t top, bottom; /* levels 0..LEVELS-1 of the upper and lower half, when map isn't MAP_NONE */
};

struct canvas {
    int rows, cols;
    struct cell *cell;         /* [rows][cols], owned */
    const struct style *style; /* borrowed; decides glyphs and zooms */
    struct rect clip;          /* of the whole canvas; drawing coordinates are relative to its corner */
};

MUST_USE enum err canvas_init(struct canvas *c, int rows, int cols, const struct style *style);
void canvas_fini(struct canvas *c);
MUST_USE enum err canvas_resize(struct canvas *c, int rows, int cols);
void canvas_clear(struct canvas *c);

/** A view of a part of `c` that shares its cells: row 0, column 0 is the corner of `r` (itself relative to c's view), clipped to it. Never fini it. */
struct canvas canvas_part(const struct canvas *c, struct rect r);

/** UTF-8 text from (row, col); returns the columns it took, clipped or not. */
int canvas_text(struct canvas *c, int row, int col, enum role role, const char *text);
int canvas_format(struct canvas *c, int row, int col, enum role role, const char *format, ...)
    PRINTF_LIKE(5, 6);
/** At most `width` columns, cut with an ellipsis where it is longer. */
int canvas_text_width(struct canvas *c, int row, int col, int width, enum role role, const char *text);
void canvas_put(struct canvas *c, int row, int col, enum role role, uint32_t ch);
void canvas_fill(struct canvas *c, struct rect r, enum role role, uint32_t ch);

/** A frame around `r` with a title in its top edge; drawn with the terminal's lines or + - |. */
void canvas_frame(struct canvas *c, struct rect r, enum role role, const char *title);

/** One cell of a raster: two pixels of a colour map, one above the other. The caller has asked the style whether half blocks are to be had. */
void canvas_pixels(struct canvas *c, int row, int col, enum map map, int top, int bottom);

/** One pixel as two columns of one level (zoom >= 2, and every rung without half blocks). */
void canvas_pixel_wide(struct canvas *c, int row, int col, enum map map, int level);

int text_columns(const char *utf8); /* columns that text takes */

/** The canvas as UTF-8 text, a line a row, trailing blanks cut: what tests compare. free() it. NULL: no memory. */
char *canvas_dump(const struct canvas *c);

#endif
