/**
 * Themes: the colours of everything that isn't a value, by role and by line of a plot, in one table (theme.c).
 *
 * A theme with a paper of its own paints every cell; the others stand on the terminal's background, in the terminal's colour of text.
 */
#ifndef FOVEA_UI_THEME_H
#define FOVEA_UI_THEME_H

#include "tui/style.h"

/** Colours 0..7 as terminals number them. */
enum {
    COLOR_OWN = -1,
    COLOR_0_BLACK = 0,
    COLOR_1_RED,
    COLOR_2_GREEN,
    COLOR_3_YELLOW,
    COLOR_4_BLUE,
    COLOR_5_MAGENTA,
    COLOR_6_CYAN,
    COLOR_7_WHITE
};

/** One colour on each rung that has colours: 0xRRGGBB, 16..255, 0..7; or COLOR_OWN. */
struct tint {
    int32_t rgb;
    int16_t x256, x8;
};

/* All in the colours of the style's rung, COLOR_OWN where it has none. */

int32_t theme_paper(const struct style *s);
struct look theme_role(const struct style *s, enum role role);
int32_t theme_line(const struct style *s, enum line line);
/** What shades of a signed map are drawn in where there are 8 colours. */
int32_t theme_sign(const struct style *s, bool positive);

#endif
