/**
 * What things are drawn for: roles of text, colour maps of pictures, and the rung of the ladder that a terminal reaches.
 */
#ifndef FOVEA_UI_STYLE_H
#define FOVEA_UI_STYLE_H

#include <stdbool.h>
#include <stdint.h>

/** Colours are named by what they are for, in one table (style.c). */
enum role {
    ROLE_TEXT,
    ROLE_FAINT,
    ROLE_STRONG,
    ROLE_TITLE,
    ROLE_FRAME,
    ROLE_FOCUS, /* focus: the frame and title of the focused panel */
    ROLE_STATUS,
    ROLE_STATUS_KEY,
    ROLE_GOOD,
    ROLE_BAD,
    ROLE_WARN,
    ROLE_LINE_1,
    ROLE_LINE_2,
    ROLE_LINE_3,
    ROLE_LINE_4, /* curves: train loss, test loss, train accuracy, test accuracy */
    ROLE_BAR,
    ROLE_BAR_TRUE,
    ROLE_CURSOR,
    ROLES,
};

enum map {
    MAP_NONE,
    MAP_GREY,   /* images: 0 black .. 1 white */
    MAP_HEAT,   /* activations >= 0: viridis, zero dark */
    MAP_SIGNED, /* filters, gradients, perturbations: blue negative, orange positive, zero the same for all */
    MAPS,
};
enum { LEVELS = 65, LEVEL_ZERO = 32 }; /* levels 0..64; 32 is the zero of MAP_SIGNED */

enum rung { RUNG_MONO, RUNG_8, RUNG_256, RUNG_DIRECT, RUNGS };

struct style {
    enum rung rung;
    bool utf8;
};

/** Can two pixels share a cell (half blocks)? 256 colours or more and UTF-8. */
bool style_half_blocks(const struct style *s);

/** Level of v on a scale of +-range (MAP_SIGNED) or 0..range (else); range <= 0 or NaN gives the zero level. Pure. */
int style_level(enum map map, float v, float range);

/** Red, green, blue 0..255 of a level, and the xterm-256 colour for it. */
uint32_t style_rgb(enum map map, int level);
int style_256(enum map map, int level);

/** Without colour: what is written for a level in two columns (8 colours: shades; mono: ramps). NUL-terminated UTF-8. */
const char *style_shade(const struct style *s, enum map map, int level);

#endif
