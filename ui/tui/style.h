/**
 * What things are drawn for: roles of text, colour maps of pictures, and the rung of the ladder that a terminal reaches.
 */
#ifndef FOVEA_UI_STYLE_H
#define FOVEA_UI_STYLE_H

#include <stdbool.h>
#include <stdint.h>

/** Colours are named by what they are for, in one table (theme.c). */
enum role {
    ROLE_TEXT,
    ROLE_FAINT,
    ROLE_STRONG,
    ROLE_TITLE,
    ROLE_FRAME,
    ROLE_FOCUS, /* frame and title of the focused panel */
    ROLE_STATUS,
    ROLE_STATUS_KEY,
    ROLE_GOOD,
    ROLE_BAD,
    ROLE_WARN,
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
    MAP_COLOUR, /* pictures in colour: levels are a cube of COLOUR_STEPS a channel, 25 red + 5 green + blue */
    MAP_LINE,   /* curves: level k is the colour of line k (enum line), 0 none */
    MAPS,
};

/**
 * Levels 0..64 of a colour map; 32 is the zero of MAP_SIGNED. What takes a level for drawing also takes
 * `level | LEVEL_DIM`, the same colour much darker (what lies outside of a receptive field), and LEVEL_NONE,
 * nothing: the background (the lower half of the last row of a picture of odd height). LEVEL_CURSOR is the pixel that
 * is pointed at, a magenta that no other level has (but magenta itself in pictures in colour).
 */
enum {
    LEVELS = 65,
    LEVEL_ZERO = 32,
    LEVEL_CURSOR = 0x7e,
    LEVEL_NONE = 0x7f,
    LEVEL_DIM = 0x80,
    COLOUR_STEPS = 5
};

/** Lines of plots: the levels of MAP_LINE. */
enum line {
    LINE_NONE,
    LINE_TRAIN_LOSS,
    LINE_TEST_LOSS,
    LINE_TRAIN_ACCURACY,
    LINE_TEST_ACCURACY,
    LINE_RAW,
    LINE_OTHER_TRAIN_LOSS, /* of the other branch of a run: colours akin to those above */
    LINE_OTHER_TEST_LOSS,
    LINE_OTHER_TRAIN_ACCURACY,
    LINE_OTHER_TEST_ACCURACY,
    LINE_KINDS
};

/** How many levels a map has: LEVELS, but for MAP_COLOUR and MAP_LINE. */
int style_levels(enum map map);

enum rung { RUNG_MONO, RUNG_8, RUNG_256, RUNG_DIRECT, RUNGS };

enum theme { THEME_DARK, THEME_NIGHT, THEME_LIGHT, THEME_PROJECTOR, THEME_MONO, THEMES };
const char *theme_name(enum theme theme); /* "dark" */
const char *theme_help(enum theme theme); /* what it looks like, in a few words */
bool theme_find(const char *name, enum theme *out);

struct style {
    enum rung rung;
    bool utf8;
    enum theme theme;
    float
        gamma; /* values are raised to it before they become levels: below 1 lifts what is small. 0 or 1: as they are */
};

extern const float style_gammas[]; /* the gammas to choose from, rising, 1 among them; 0 ends them */

/** Are frames and curves drawn thick, and numbers that matter in large digits? */
bool style_large(const struct style *s);

/** Is this map drawn with signs instead of colours? Everything below 256 colours, and curves in a theme without hues. */
bool style_has_signs(const struct style *s, enum map map);

/** Can two pixels share a cell (half blocks)? 256 colours or more and UTF-8. */
bool style_half_blocks(const struct style *s);

/**
 * Level of v on a scale of +-range (MAP_SIGNED) or 0..range (else), the ends clamped, infinities too. A NaN, and any v where the
 * range is 0, negative, NaN or infinite, gives the zero level: 0, or 32 for MAP_SIGNED. Pure.
 */
int style_level(enum map map, float v, float range);

/** A share 0..1 of a range with the style's gamma. */
float style_lift(const struct style *s, float share);

/** The level that v is drawn with: the same with the style's gamma, which keeps zero, the sign and the ends. */
int style_shown(const struct style *s, enum map map, float v, float range);

/** 0xRRGGBB of a level (LEVEL_DIM and LEVEL_CURSOR allowed), and the xterm-256 colour for it. */
uint32_t style_rgb(enum theme theme, enum map map, int level);
int style_256(enum theme theme, enum map map, int level);

/**
 * Without enough colours: the glyph written twice for a level, in two columns (8 colours: shades, or a ramp of ASCII; mono:
 * ramps, one for each sign). A dimmed level has the faintest glyph at most, since few terminals show dim text. NUL-terminated
 * UTF-8, the same glyph twice.
 */
const char *style_shade(const struct style *s, enum map map, int level);

/** How a cell looks on a rung. Colours are 0xRRGGBB (RUNG_DIRECT), 16..255 (RUNG_256), 0..7 (RUNG_8) or none (RUNG_MONO). */
enum { LOOK_BOLD = 1, LOOK_DIM = 2, LOOK_REVERSE = 4, LOOK_UNDERLINE = 8 };
struct look {
    int32_t fg, bg; /* -1: the terminal's own; of a theme that paints its paper never */
    unsigned attrs; /* LOOK_BOLD ... */
};
struct look style_role(const struct style *s, enum role role);

/** A pixel: `bg` is the level's colour where a blank shows it; where there are signs `fg` is that of style_shade's glyph. */
struct look style_pixel(const struct style *s, enum map map, int level);

/** Text that stands on a level's colour: black or white, whichever can be read. */
struct look style_on_level(const struct style *s, enum map map, int level);

/** The ASCII character that stands for ch where the terminal has no UTF-8; ch itself when it is ASCII, '?' when there is none. */
uint32_t style_ascii(uint32_t ch);

#endif
