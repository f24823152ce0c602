#include "tui/style.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

#include "base/err.h"
#include "tui/colormap.h"

/* Colours 0..7 as terminals number them. */
enum { OWN = -1, BLACK = 0, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE };

/**
 * What each role looks like on each rung. The colours are those of Okabe and Ito (2008) that can be told apart with any kind of
 * colour vision, and of them the ones that can be read on a black and on a white background. Only the foreground is coloured:
 * the background is the terminal's own, and bars are reversed.
 */
static const struct {
    int32_t rgb;
    int16_t x256, x8;
    unsigned attrs, attrs_few; /* with 256 colours and more; with less */
} roles[ROLES] = {
    [ROLE_TEXT] = {OWN, OWN, OWN, 0, 0},
    [ROLE_FAINT] = {0x8a8a8a, 245, OWN, 0, LOOK_DIM},
    [ROLE_STRONG] = {OWN, OWN, OWN, LOOK_BOLD, LOOK_BOLD},
    [ROLE_TITLE] = {OWN, OWN, OWN, LOOK_BOLD, LOOK_BOLD},
    [ROLE_FRAME] = {0x767676, 243, OWN, 0, 0},
    [ROLE_FOCUS] = {0x56b4e9, 74, CYAN, LOOK_BOLD, LOOK_BOLD},
    [ROLE_STATUS] = {OWN, OWN, OWN, LOOK_REVERSE, LOOK_REVERSE},
    [ROLE_STATUS_KEY] = {OWN, OWN, OWN, LOOK_REVERSE | LOOK_BOLD, LOOK_REVERSE | LOOK_BOLD},
    [ROLE_GOOD] = {0x009e73, 36, GREEN, 0, 0},
    [ROLE_BAD] = {0xd55e00, 166, RED, LOOK_BOLD, LOOK_BOLD},
    [ROLE_WARN] = {0xe69f00, 178, YELLOW, 0, LOOK_BOLD},
    [ROLE_BAR] = {0x56b4e9, 74, CYAN, 0, 0},
    [ROLE_BAR_TRUE] = {0xe69f00, 178, YELLOW, LOOK_BOLD, LOOK_BOLD},
    [ROLE_CURSOR] = {OWN, OWN, OWN, LOOK_REVERSE | LOOK_BOLD, LOOK_REVERSE | LOOK_BOLD},
};

bool style_half_blocks(const struct style *s)
{
    return s->utf8 && s->rung >= RUNG_256;
}

int style_level(enum map map, float v, float range)
{
    int zero = map == MAP_SIGNED ? LEVEL_ZERO : 0, top = LEVELS - 1;
    float share;

    if (isnan(v) || !isfinite(range) || range <= 0)
        return zero;
    /* Clamped before the division: a tiny range must not make an infinity, nor an infinite v a NaN. */
    if (v >= range)
        return top;
    if (v <= -range || (v <= 0 && map != MAP_SIGNED))
        return 0;
    share = v / range;
    return zero + (int)lrintf(share * (float)(top - zero));
}

int style_levels(enum map map)
{
    return map == MAP_COLOUR ? COLOUR_STEPS * COLOUR_STEPS * COLOUR_STEPS
           : map == MAP_LINE ? LINE_KINDS
                             : LEVELS;
}

/* In none of the maps, and far from all their colours: a magenta. */
enum { CURSOR_RGB = 0xff00ff, CURSOR_256 = 201 };

uint32_t style_rgb(enum map map, int level)
{
    if (level == LEVEL_CURSOR)
        return CURSOR_RGB;
    return level & LEVEL_DIM ? colormap_rgb_dim(map, level & ~LEVEL_DIM) : colormap_rgb(map, level);
}

int style_256(enum map map, int level)
{
    if (level == LEVEL_CURSOR)
        return CURSOR_256;
    return level & LEVEL_DIM ? colormap_256_dim(map, level & ~LEVEL_DIM) : colormap_256(map, level);
}

/* Glyphs from nothing to full, each in two columns. */
static const char *const shades[] = {"  ", "░░", "▒▒", "▓▓", "██"};
static const char *const ramp[] = {"  ", "..", "::", "--", "==", "++", "**", "##", "%%", "@@"};
static const char *const ramp_positive[] = {"  ", "..", "++", "**", "##", "@@"};
static const char *const ramp_negative[] = {"  ", ",,", "--", "~~", "oo", "OO"};

static const int line_x8[LINE_KINDS] = {OWN, YELLOW, CYAN, GREEN, MAGENTA, OWN, RED, BLUE, GREEN, MAGENTA};
static const char *const line_signs[LINE_KINDS] = {"  ", "**", "oo", "++", "xx",
                                                   "..", "##", "&&", "==", "%%"};

/** The brightness of a colour of the cube as a level of MAP_GREY. */
static int grey_of(int level)
{
    int red = level / (COLOUR_STEPS * COLOUR_STEPS), green = level / COLOUR_STEPS % COLOUR_STEPS;
    int blue = level % COLOUR_STEPS;

    return (299 * red + 587 * green + 114 * blue) * (LEVELS - 1) / (1000 * (COLOUR_STEPS - 1));
}

/** Step 0..steps-1 of a level by its distance from zero; of a dimmed one 0, or 1 from a quarter of the way on. */
static int magnitude(enum map map, int level, bool dim, int steps)
{
    int full = map == MAP_SIGNED ? LEVEL_ZERO : LEVELS - 1;
    int off = map == MAP_SIGNED ? level - LEVEL_ZERO : level;

    off = off < 0 ? -off : off;
    return dim ? 4 * off >= full : (off * (steps - 1) + full / 2) / full;
}

const char *style_shade(const struct style *s, enum map map, int level)
{
    bool dim = level & LEVEL_DIM;

    if (level == LEVEL_NONE)
        return shades[0];
    if (level == LEVEL_CURSOR)
        return "XX";
    level &= ~LEVEL_DIM;
    assert(map > MAP_NONE && map < MAPS && level < style_levels(map));
    if (map == MAP_LINE)
        return line_signs[level];
    if (map == MAP_COLOUR)
        level = grey_of(level);
    if (s->rung == RUNG_MONO && map == MAP_SIGNED)
        return level < LEVEL_ZERO ? ramp_negative[magnitude(map, level, dim, ARRAY_LEN(ramp_negative))]
                                  : ramp_positive[magnitude(map, level, dim, ARRAY_LEN(ramp_positive))];
    if (s->utf8 && s->rung != RUNG_MONO)
        return shades[magnitude(map, level, dim, ARRAY_LEN(shades))];
    return ramp[magnitude(map, level, dim, ARRAY_LEN(ramp))];
}

struct look style_role(const struct style *s, enum role role)
{
    struct look look = {OWN, OWN, 0};

    assert(role >= 0 && role < ROLES);
    look.attrs = s->rung >= RUNG_256 ? roles[role].attrs : roles[role].attrs_few;
    if (s->rung == RUNG_DIRECT)
        look.fg = roles[role].rgb;
    else if (s->rung == RUNG_256)
        look.fg = roles[role].x256;
    else if (s->rung == RUNG_8)
        look.fg = roles[role].x8;
    return look;
}

struct look style_pixel(const struct style *s, enum map map, int level)
{
    struct look look = {OWN, OWN, 0};

    if (level == LEVEL_NONE || (s->rung == RUNG_MONO && level != LEVEL_CURSOR) ||
        (map == MAP_LINE && level == LINE_NONE)) {
        if (level != LEVEL_NONE && level & LEVEL_DIM)
            look.attrs = LOOK_DIM;
        return look;
    }
    if (level == LEVEL_CURSOR && s->rung < RUNG_256)
        return style_role(s, ROLE_CURSOR);
    if (s->rung == RUNG_DIRECT) {
        look.fg = look.bg = (int32_t)style_rgb(map, level);
    } else if (s->rung == RUNG_256) {
        look.fg = look.bg = style_256(map, level);
    } else {
        look.bg = BLACK;
        look.fg = WHITE;
        if (map == MAP_LINE)
            look = (struct look){line_x8[level & ~LEVEL_DIM], OWN, 0};
        else if (map == MAP_SIGNED)
            look.fg = (level & ~LEVEL_DIM) >= LEVEL_ZERO ? YELLOW : s->utf8 ? BLUE : CYAN;
        if (level & LEVEL_DIM)
            look.attrs = LOOK_DIM;
        else if (map == MAP_SIGNED && !s->utf8)
            look.attrs = LOOK_BOLD; /* thin glyphs need it */
    }
    return look;
}

struct look style_on_level(const struct style *s, enum map map, int level)
{
    struct look look = {OWN, OWN, 0};
    bool dark;

    if (level == LEVEL_NONE || map == MAP_LINE || s->rung < RUNG_256)
        return look;
    look = style_pixel(s, map, level);
    /* 0.18: where black and white text have the same contrast by the formula of WCAG 2. */
    dark = colormap_luminance(s->rung == RUNG_DIRECT ? style_rgb(map, level)
                                                     : colormap_256_rgb(style_256(map, level))) > 0.18f;
    if (s->rung == RUNG_DIRECT)
        look.fg = dark ? 0x000000 : 0xffffff;
    else
        look.fg = dark ? 16 : 231;
    return look;
}

uint32_t style_ascii(uint32_t ch)
{
    static const struct {
        uint32_t first, last;
        char ascii;
    } table[] = {
        {0x00a0, 0x00a0, ' '}, {0x00b0, 0x00b0, 'o'},  {0x00b1, 0x00b1, '+'}, {0x00b2, 0x00b2, '2'},
        {0x00b7, 0x00b7, '.'}, {0x00d7, 0x00d7, 'x'},  {0x0394, 0x0394, 'D'}, {0x03a3, 0x03a3, 'S'},
        {0x03b1, 0x03b1, 'a'}, {0x03b2, 0x03b2, 'b'},  {0x03b4, 0x03b4, 'd'}, {0x03b5, 0x03b5, 'e'},
        {0x03b7, 0x03b7, 'n'}, {0x03bb, 0x03bb, 'l'},  {0x03bc, 0x03bc, 'u'}, {0x03c3, 0x03c3, 's'},
        {0x2010, 0x2015, '-'}, {0x2018, 0x2019, '\''}, {0x201c, 0x201d, '"'}, {0x2022, 0x2022, '*'},
        {0x2026, 0x2026, '~'}, {0x2190, 0x2190, '<'},  {0x2191, 0x2191, '^'}, {0x2192, 0x2192, '>'},
        {0x2193, 0x2193, 'v'}, {0x2207, 0x2207, 'V'},  {0x2211, 0x2211, 'S'}, {0x2212, 0x2212, '-'},
        {0x221e, 0x221e, '8'}, {0x2248, 0x2248, '~'},  {0x2264, 0x2264, '<'}, {0x2265, 0x2265, '>'},
        {0x2500, 0x2501, '-'}, {0x2502, 0x2503, '|'},  {0x2504, 0x250b, ':'}, {0x250c, 0x254b, '+'},
        {0x2550, 0x2550, '='}, {0x2551, 0x2551, '|'},  {0x2552, 0x256c, '+'}, {0x256d, 0x2570, '+'},
        {0x2580, 0x258b, '#'}, {0x258c, 0x258f, '|'},  {0x2590, 0x2590, '#'}, {0x2591, 0x2591, '.'},
        {0x2592, 0x2592, ':'}, {0x2593, 0x2593, '#'},  {0x2594, 0x2594, '-'}, {0x2595, 0x2595, '|'},
        {0x2596, 0x259f, '#'}, {0x25a0, 0x25a0, '#'},  {0x25a1, 0x25a1, 'o'}, {0x25b2, 0x25b2, '^'},
        {0x25b6, 0x25b8, '>'}, {0x25bc, 0x25bc, 'v'},  {0x25c0, 0x25c2, '<'}, {0x25c6, 0x25c6, '*'},
        {0x25cb, 0x25cb, 'o'}, {0x25cf, 0x25cf, '*'},  {0x2713, 0x2714, '*'}, {0x2717, 0x2718, 'x'},
        {0x2800, 0x2800, ' '}, {0x2801, 0x28ff, '.'},
    };

    if (ch >= 0x20 && ch < 0x7f)
        return ch;
    for (int i = 0; i < ARRAY_LEN(table); i++) {
        if (ch >= table[i].first && ch <= table[i].last)
            return (uint32_t)table[i].ascii;
    }
    return '?';
}
