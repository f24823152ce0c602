#include "tui/style.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

#include "base/err.h"
#include "tui/colormap.h"
#include "tui/theme.h"

const float style_gammas[] = {0.5f, 0.6f, 0.7f, 0.8f, 0.9f, 1, 1.25f, 1.5f, 2, 0};

bool style_large(const struct style *s)
{
    return s->theme == THEME_PROJECTOR;
}

bool style_has_signs(const struct style *s, enum map map)
{
    return s->rung < RUNG_256 || (s->theme == THEME_MONO && map == MAP_LINE);
}

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

float style_lift(const struct style *s, float share)
{
    return s->gamma > 0 && s->gamma != 1 ? powf(share, s->gamma) : share;
}

int style_shown(const struct style *s, enum map map, float v, float range)
{
    if (!(s->gamma > 0) || s->gamma == 1 || !isfinite(v) || !isfinite(range) || range <= 0)
        return style_level(map, v, range);
    float share = fabsf(v) < range ? fabsf(v) / range : 1;
    return style_level(map, copysignf(style_lift(s, share), v), 1);
}

int style_levels(enum map map)
{
    return map == MAP_COLOUR ? COLOUR_STEPS * COLOUR_STEPS * COLOUR_STEPS
           : map == MAP_LINE ? LINE_KINDS
                             : LEVELS;
}

/* In none of the maps, and far from all their colours: a magenta. */
enum { CURSOR_RGB = 0xff00ff, CURSOR_256 = 201 };

uint32_t style_rgb(enum theme theme, enum map map, int level)
{
    if (level == LEVEL_CURSOR)
        return CURSOR_RGB;
    return level & LEVEL_DIM ? colormap_rgb_dim(theme, map, level & ~LEVEL_DIM)
                             : colormap_rgb(theme, map, level);
}

int style_256(enum theme theme, enum map map, int level)
{
    if (level == LEVEL_CURSOR)
        return CURSOR_256;
    return level & LEVEL_DIM ? colormap_256_dim(theme, map, level & ~LEVEL_DIM)
                             : colormap_256(theme, map, level);
}

/* Glyphs from nothing to full, each in two columns. */
static const char *const shades[] = {"  ", "░░", "▒▒", "▓▓", "██"};
static const char *const ramp[] = {"  ", "..", "::", "--", "==", "++", "**", "##", "%%", "@@"};
static const char *const ramp_positive[] = {"  ", "..", "++", "**", "##", "@@"};
static const char *const ramp_negative[] = {"  ", ",,", "--", "~~", "oo", "OO"};

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
    if (map == MAP_SIGNED && (s->rung == RUNG_MONO || s->theme == THEME_MONO))
        return level < LEVEL_ZERO ? ramp_negative[magnitude(map, level, dim, ARRAY_LEN(ramp_negative))]
                                  : ramp_positive[magnitude(map, level, dim, ARRAY_LEN(ramp_positive))];
    if (s->utf8 && s->rung != RUNG_MONO)
        return shades[magnitude(map, level, dim, ARRAY_LEN(shades))];
    return ramp[magnitude(map, level, dim, ARRAY_LEN(ramp))];
}

struct look style_role(const struct style *s, enum role role)
{
    return theme_role(s, role);
}

/* A glyph of style_shade() on 8 colours: black where images are black, whatever the paper. */
static struct look shade_look(const struct style *s, enum map map, int level)
{
    struct look look = {COLOR_7_WHITE, COLOR_0_BLACK, 0};

    if (map == MAP_SIGNED && s->theme != THEME_MONO) {
        look = (struct look){theme_sign(s, level >= LEVEL_ZERO), theme_paper(s), 0};
        if (look.bg == COLOR_OWN)
            look.bg = COLOR_0_BLACK;
        if (!s->utf8) { /* thin glyphs */
            look.attrs = LOOK_BOLD;
            if (look.fg == COLOR_4_BLUE && look.bg == COLOR_0_BLACK)
                look.fg = COLOR_6_CYAN;
        }
    }
    return look;
}

/* A curve that is dimmed recedes into the paper. */
static int32_t line_color(const struct style *s, enum line line, bool dim)
{
    int32_t color = theme_line(s, line), paper = theme_paper(s);

    if (!dim)
        return color;
    if (s->rung == RUNG_DIRECT)
        return (int32_t)colormap_dim((uint32_t)color, paper < 0 ? 0 : (uint32_t)paper);
    return colormap_nearest_256(
        colormap_dim(colormap_256_rgb(color), paper < 0 ? 0 : colormap_256_rgb(paper)));
}

struct look style_pixel(const struct style *s, enum map map, int level)
{
    struct look look = {COLOR_OWN, theme_paper(s), 0};
    bool dim = level != LEVEL_NONE && level & LEVEL_DIM;

    if (level == LEVEL_NONE || (map == MAP_LINE && (level & ~LEVEL_DIM) == LINE_NONE))
        return look;
    if (level == LEVEL_CURSOR && s->rung < RUNG_256)
        return style_role(s, ROLE_CURSOR);
    if (s->rung == RUNG_MONO)
        look.attrs = dim ? LOOK_DIM : 0;
    else if (style_has_signs(s, map) && map == MAP_LINE && level != LEVEL_CURSOR)
        look.fg = theme_line(s, (enum line)(level & ~LEVEL_DIM));
    else if (s->rung == RUNG_8)
        look = shade_look(s, map, level & ~LEVEL_DIM);
    else if (map == MAP_LINE && level != LEVEL_CURSOR)
        look.fg = look.bg = line_color(s, (enum line)(level & ~LEVEL_DIM), dim);
    else
        look.fg = look.bg = s->rung == RUNG_DIRECT ? (int32_t)style_rgb(s->theme, map, level)
                                                   : style_256(s->theme, map, level);
    if (s->rung == RUNG_8 && dim)
        look.attrs = LOOK_DIM;
    return look;
}

struct look style_on_level(const struct style *s, enum map map, int level)
{
    struct look look = theme_role(s, ROLE_TEXT);
    bool bright;

    if (level == LEVEL_NONE || map == MAP_LINE || s->rung < RUNG_256)
        return look;
    look = style_pixel(s, map, level);
    /* 0.18: where black and white text have the same contrast by the formula of WCAG 2. */
    bright = colormap_luminance(s->rung == RUNG_DIRECT
                                    ? style_rgb(s->theme, map, level)
                                    : colormap_256_rgb(style_256(s->theme, map, level))) > 0.18f;
    if (s->rung == RUNG_DIRECT)
        look.fg = bright ? 0x000000 : 0xffffff;
    else
        look.fg = bright ? 16 : 231;
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
