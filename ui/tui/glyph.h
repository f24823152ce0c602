/**
 * From cells to what a terminal is told: a character, two colours, attributes. Pure: term.c sends it, tests read it.
 */
#ifndef FOVEA_UI_GLYPH_H
#define FOVEA_UI_GLYPH_H

#include <stdint.h>

#include "tui/canvas.h"
#include "tui/style.h"

struct glyph {
    uint32_t ch;      /* may still be beyond ASCII where the style has no UTF-8 (style_ascii) */
    struct look look; /* colours of the style's rung */
};

/** Looks of everything on one rung, worked out once. */
struct glyphs {
    struct style style;
    struct look role[ROLES];
    struct look pixel[MAPS][256], text[MAPS][256]; /* by level, as it stands in a cell */
};

void glyphs_init(struct glyphs *g, const struct style *style);

/** How a cell is drawn (not the right half of a wide character). What looks the same is the same: equal halves are a blank. */
struct glyph glyph_of(const struct glyphs *g, const struct cell *cell);

#endif
