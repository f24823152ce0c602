/**
 * A canvas taken away from the terminal: as text that `cat` shows in colour, as a drawing, as a picture. Pure but for the file that is written.
 *
 * Text keeps to the rung of the canvas's style, since it goes to a terminal. Drawings and pictures are in 24-bit colour on every rung: they are made of
 * what the cells mean, and where pixels share a cell, of the mean that it shows.
 */
#ifndef FOVEA_UI_EXPORT_H
#define FOVEA_UI_EXPORT_H

#include "tui/canvas.h"

/** SGR sequences between the characters, every line ends in the terminal's own colours; trailing blanks are cut. free() it. NULL: no memory. */
char *export_ansi(const struct canvas *c);

/**
 * SVG 1.1: a rectangle a run of equal cells, two for the halves of a cell, a <text> a run of letters in one look. What a block element, a line or braille
 * covers is rectangles too (block.h), so no font plays a part in pictures. A cell is 10 x 20 user units. free() it. NULL: no memory.
 */
char *export_svg(const struct canvas *c);

enum { EXPORT_ZOOM_MOST = 64, EXPORT_ZOOM_TEXT = 6, EXPORT_ZOOM_SCREEN = 8 };
/**
 * A PNG in which half a cell, a pixel of a picture, is zoom x zoom pixels. Letters are drawn from EXPORT_ZOOM_TEXT on, with a small font of ASCII; below it
 * there is no room for them.
 * @param zoom  1..EXPORT_ZOOM_MOST
 * @return ERR_RANGE when it would have more than 100 million pixels, ERR_MEMORY, ERR_IO
 */
MUST_USE enum err export_png(const struct canvas *c, int zoom, const char *path, struct diag *diag);

/** Writes what the name asks for: FILE.svg, FILE.ans (text in colour), FILE.png (at EXPORT_ZOOM_SCREEN), anything else plain text. */
MUST_USE enum err export_screen(const struct canvas *c, const char *path, struct diag *diag);

/** What a cell looks like in 24-bit colour: the terminal's own colours filled in, reversal and dimness carried out. Not for the right half of a wide character. */
struct export_look {
    uint32_t ch;
    uint32_t ink, paper; /* 0xRRGGBB */
    bool bold, underline;
};
/** The style with all colours and characters. */
struct style export_style(const struct style *s);
struct glyphs;
/** @param g  of a style of RUNG_DIRECT with UTF-8 */
struct export_look export_look(const struct glyphs *g, const struct cell *cell);
enum { EXPORT_INK = 0xd8d8d8, EXPORT_PAPER = 0x000000 }; /* for the terminal's own colours */

#endif
