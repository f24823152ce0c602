/**
 * Characters that are areas, not letters: block elements, quadrants, shades, thin lines and braille, as rectangles within a cell. So pictures that are
 * made of them look the same everywhere, whatever font there is.
 */
#ifndef FOVEA_UI_BLOCK_H
#define FOVEA_UI_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

enum { BLOCK_COLS = 16, BLOCK_ROWS = 32 /* units of a cell */, BLOCK_RECTS = 8 };

struct block {
    int count;
    struct block_rect {
        int x, y, w, h;
    } rect[BLOCK_RECTS]; /* they don't overlap */
    int ink;             /* quarters of the foreground in them: 4, less for shades */
};

/** @return false: a letter, or something else that only a font knows */
bool block_of(uint32_t ch, struct block *out);

#endif
