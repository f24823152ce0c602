/**
 * A grid of cells off screen. Panels and widgets draw here; term.c alone copies it to the terminal, and tests read it as text.
 *
 * A canvas knows what is meant (a role, a colour map and two levels), not how a terminal shows it: style.c decides that for the
 * rung of the fall-back ladder that the terminal reaches. Drawing is clipped to the canvas's current rectangle; nothing can be out of range.
 *
 * Text is UTF-8 from anywhere: what isn't UTF-8 and control characters become U+FFFD, combining marks and other characters without a
 * width are left out, East Asian wide characters take two columns. The tables are fovea's own, so that the locale plays no part.
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

enum {
    CELL_HALVES = 0x2580, /* ch of a cell that shows two levels, one above the other */
    CELL_BLANK = 0xa0,    /* of a blank in text that stands on a level: it is no pixel */
};

/** What stands in one cell. */
struct cell {
    uint32_t ch;  /* Unicode; ' ' when empty; 0: the right half of a wide character */
    uint8_t map;  /* enum map; MAP_NONE: a cell of text in a role */
    uint8_t role; /* enum role, when map is MAP_NONE */
    uint8_t top,
        bottom; /* levels (LEVEL_DIM, LEVEL_NONE allowed) of the upper and lower half, when map isn't MAP_NONE; */
    /* ch is CELL_HALVES, or ' ' for half of a wide pixel, or a character that stands on level `top`: a blank is CELL_BLANK then */
};

struct canvas {
    int rows, cols;    /* of the grid, shared by all views of it; a panel's size is clip.rows and clip.cols */
    struct cell *cell; /* [rows][cols], owned */
    const struct style *style; /* borrowed; decides glyphs and zooms */
    struct rect clip;          /* of the grid: what this view may draw on */
    int row0,
        col0; /* cell of the grid where drawing coordinates begin: the corner of clip, unless that was cut away */
};

/** A canvas of blanks. @return ERR_MEMORY, and `c` is as after canvas_fini */
MUST_USE enum err canvas_init(struct canvas *c, int rows, int cols, const struct style *style);
void canvas_fini(struct canvas *c);
/** Another size, at least 0x0; keeps nothing, and makes the views useless. @return ERR_MEMORY, and `c` is as it was */
MUST_USE enum err canvas_resize(struct canvas *c, int rows, int cols);
/** Blanks in ROLE_TEXT over the whole view. */
void canvas_clear(struct canvas *c);

/** Makes what was drawn in the view recede: text becomes faint, pixels much darker. */
void canvas_dim(struct canvas *c);

/** A view of a part of `c` that shares its cells: row 0, column 0 is the corner of `r` (itself relative to c's view), clipped to it. Never fini it. */
struct canvas canvas_part(const struct canvas *c, struct rect r);

/** UTF-8 text from (row, col); returns the columns it took, clipped or not. */
int canvas_text(struct canvas *c, int row, int col, enum role role, const char *text);
/** The same; what was formatted is cut after some 2000 bytes. */
int canvas_format(struct canvas *c, int row, int col, enum role role, const char *format, ...)
    PRINTF_LIKE(5, 6);
/** At most `width` columns, cut with an ellipsis where it is longer; returns the columns it took. */
int canvas_text_width(struct canvas *c, int row, int col, int width, enum role role, const char *text);
/** One character, wide or not. */
void canvas_put(struct canvas *c, int row, int col, enum role role, uint32_t ch);
/** `r` full of a narrow character. */
void canvas_fill(struct canvas *c, struct rect r, enum role role, uint32_t ch);

/** A frame around `r` with a title (or NULL) in its top edge; drawn with the terminal's lines or + - |. Nothing where `r` is smaller than 2x2. */
void canvas_frame(struct canvas *c, struct rect r, enum role role, const char *title);

/** One cell of a raster: two pixels of a colour map, one above the other. The caller has asked the style whether half blocks are to be had. */
void canvas_pixels(struct canvas *c, int row, int col, enum map map, int top, int bottom);

/** One pixel as two columns of one level (zoom >= 2, and every rung without half blocks). */
void canvas_pixel_wide(struct canvas *c, int row, int col, enum map map, int level);

/** Text on the colour of a level: numbers in a magnified picture. Returns the columns it took; plain text below 256 colours. */
int canvas_text_level(struct canvas *c, int row, int col, enum map map, int level, const char *text);

int text_columns(const char *utf8); /* columns that text takes */
int char_columns(uint32_t ch);      /* columns of one character: 0, 1 or 2 */

/**
 * The view as UTF-8 text, a line a row, trailing blanks cut: what tests compare. free() it. NULL: no memory.
 *
 * Pixels are written as ` .:-=+*#%@` from level 0 to 64, both halves of a cell as the mean of the two; those of MAP_SIGNED as
 * ` .+*#@` above zero and ` ,-~oO` below it. LEVEL_NONE is a blank, of dimmed pixels no more than dots are left (a lit one beside them
 * has the cell for itself), and LEVEL_CURSOR is `^` in the upper half, `v` in the lower and `X` in both. A style without UTF-8 gives ASCII.
 */
char *canvas_dump(const struct canvas *c);

#endif
