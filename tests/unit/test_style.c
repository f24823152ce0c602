/** style and colormap: levels of any number, colours that rise, and something to see on every rung. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "tui/canvas.h"
#include "tui/colormap.h"
#include "tui/style.h"

static struct style on(enum rung rung, bool utf8)
{
    return (struct style){.rung = rung, .utf8 = utf8};
}

Test(style, levels_of_numbers)
{
    cr_assert_eq(style_level(MAP_GREY, 0, 1), 0);
    cr_assert_eq(style_level(MAP_GREY, 1, 1), 64);
    cr_assert_eq(style_level(MAP_GREY, 0.5f, 1), 32);
    cr_assert_eq(style_level(MAP_HEAT, 7, 2), 64);
    cr_assert_eq(style_level(MAP_HEAT, -7, 2), 0);
    cr_assert_eq(style_level(MAP_SIGNED, 0, 1), LEVEL_ZERO);
    cr_assert_eq(style_level(MAP_SIGNED, -0.0f, 1), LEVEL_ZERO);
    cr_assert_eq(style_level(MAP_SIGNED, 1, 1), 64);
    cr_assert_eq(style_level(MAP_SIGNED, -1, 1), 0);
    cr_assert_eq(style_level(MAP_SIGNED, -0.5f, 1), 16);
}

Test(style, levels_of_what_is_no_number)
{
    const float ranges[] = {0, -1, NAN, INFINITY, -INFINITY, 1e-45f, 1e38f, 1};

    for (enum map map = MAP_GREY; map <= MAP_SIGNED; map++) {
        int zero = map == MAP_SIGNED ? LEVEL_ZERO : 0;

        for (int i = 0; i < ARRAY_LEN(ranges); i++) {
            bool sane = ranges[i] > 0 && isfinite(ranges[i]);

            cr_assert_eq(style_level(map, NAN, ranges[i]), zero);
            cr_assert_eq(style_level(map, INFINITY, ranges[i]), sane ? 64 : zero);
            cr_assert_eq(style_level(map, -INFINITY, ranges[i]), sane ? 0 : zero);
            cr_assert_eq(style_level(map, 0, ranges[i]), zero);
        }
    }
}

Test(style, levels_rise_with_values_and_mirror)
{
    for (enum map map = MAP_GREY; map <= MAP_SIGNED; map++) {
        int before = 0;

        for (int i = -1000; i <= 1000; i++) {
            float v = (float)i / 700;
            int level = style_level(map, v, 1.25f);

            cr_assert(level >= before && level < LEVELS);
            before = level;
            if (map == MAP_SIGNED)
                cr_assert_eq(level + style_level(map, -v, 1.25f), 64);
        }
    }
}

Test(colormap, control_points_are_met)
{
    cr_assert_eq(style_rgb(THEME_DARK, MAP_GREY, 0), 0x000000);
    cr_assert_eq(style_rgb(THEME_DARK, MAP_GREY, 32), 0x808080);
    cr_assert_eq(style_rgb(THEME_DARK, MAP_GREY, 64), 0xffffff);
    cr_assert_eq(style_rgb(THEME_DARK, MAP_HEAT, 0), 0x440154);
    cr_assert_eq(style_rgb(THEME_DARK, MAP_HEAT, 32), 0x21918c);
    cr_assert_eq(style_rgb(THEME_DARK, MAP_HEAT, 64), 0xfde725);
    cr_assert_eq(style_rgb(THEME_DARK, MAP_SIGNED, 0), 0x1f5fd0);
    cr_assert_eq(style_rgb(THEME_DARK, MAP_SIGNED, 8), 0x5b8fe8);
    cr_assert_eq(style_rgb(THEME_DARK, MAP_SIGNED, LEVEL_ZERO), 0xf4f4f4);
    cr_assert_eq(style_rgb(THEME_DARK, MAP_SIGNED, 64), 0xc65102);
    cr_assert_eq(style_rgb(THEME_DARK, MAP_SIGNED, 4), 0x3d77dc); /* half way between two */
    cr_assert_eq(style_256(THEME_DARK, MAP_GREY, 0), 16);
    cr_assert_eq(style_256(THEME_DARK, MAP_GREY, 64), 231);
    cr_assert_eq(style_256(THEME_DARK, MAP_HEAT, 0), 53);
    cr_assert_eq(style_256(THEME_DARK, MAP_HEAT, 64), 220);
    cr_assert_eq(style_256(THEME_DARK, MAP_SIGNED, 0), 26);
    cr_assert_eq(style_256(THEME_DARK, MAP_SIGNED, LEVEL_ZERO), 255);
    cr_assert_eq(style_256(THEME_DARK, MAP_SIGNED, 64), 166);
}

Test(colormap, xterm_colours_by_their_definition)
{
    cr_assert_eq(colormap_256_rgb(16), 0x000000);
    cr_assert_eq(colormap_256_rgb(17), 0x00005f);
    cr_assert_eq(colormap_256_rgb(67), 0x5f87af);
    cr_assert_eq(colormap_256_rgb(231), 0xffffff);
    cr_assert_eq(colormap_256_rgb(232), 0x080808);
    cr_assert_eq(colormap_256_rgb(255), 0xeeeeee);
}

static float light(enum theme theme, bool direct, enum map map, int level)
{
    return colormap_luminance(direct ? style_rgb(theme, map, level)
                                     : colormap_256_rgb(style_256(theme, map, level)));
}

/* Of a signed map away from its zero, up or down by the theme; in greys from one end to the other. */
Test(colormap, lightness_is_monotone)
{
    cr_assert_float_eq(colormap_luminance(0xffffff), 1, 1e-5);
    cr_assert_float_eq(colormap_luminance(0x00ff00), 0.7152f, 1e-5);
    for (enum theme theme = 0; theme < THEMES; theme++)
        for (int direct = 0; direct < 2; direct++)
            for (int level = 1; level < LEVELS; level++)
                for (enum map map = MAP_GREY; map <= MAP_SIGNED; map++) {
                    float step = light(theme, direct, map, level) - light(theme, direct, map, level - 1);

                    if (map == MAP_SIGNED && theme != THEME_MONO &&
                        (level > LEVEL_ZERO) == (theme != THEME_NIGHT))
                        step = -step;
                    cr_assert_geq(step, direct ? 1e-6f : 0, "theme %d map %d level %d direct %d: %g", theme,
                                  map, level, direct, (double)step);
                }
}

Test(colormap, dimmed_is_much_darker_and_keeps_its_order)
{
    for (enum theme theme = 0; theme < THEMES; theme++)
        for (enum map map = MAP_GREY; map <= MAP_SIGNED; map++) {
            for (int level = 0; level < LEVELS; level++) {
                float direct = light(theme, true, map, level), of_256 = light(theme, false, map, level);

                cr_assert_leq(light(theme, true, map, level | LEVEL_DIM), 0.4f * direct);
                cr_assert_leq(light(theme, false, map, level | LEVEL_DIM), fmaxf(0.5f * of_256, 0.02f),
                              "theme %d map %d level %d", theme, map, level);
                if (map == MAP_GREY && level)
                    cr_assert_geq(light(theme, false, map, level | LEVEL_DIM),
                                  light(theme, false, map, (level - 1) | LEVEL_DIM));
            }
        }
}

Test(style, shades_are_two_narrow_columns_and_grow)
{
    for (enum rung rung = RUNG_MONO; rung < RUNGS; rung++) {
        for (int utf8 = 0; utf8 < 2; utf8++) {
            struct style s = on(rung, utf8);

            for (enum map map = MAP_GREY; map <= MAP_SIGNED; map++) {
                for (int level = 0; level < LEVELS; level++) {
                    const char *shade = style_shade(&s, map, level);
                    size_t half = strlen(shade) / 2;

                    cr_assert_eq(text_columns(shade), 2);
                    cr_assert_eq(memcmp(shade, shade + half, half), 0);
                    cr_assert(utf8 || half == 1, "ASCII only without UTF-8");
                }
                cr_assert_str_eq(style_shade(&s, map, map == MAP_SIGNED ? LEVEL_ZERO : 0), "  ");
                cr_assert_str_neq(style_shade(&s, map, 64), "  ");
            }
        }
    }
}

/* Dim text can't be relied on: what is left of a dimmed picture are its faintest glyphs. */
Test(style, dimmed_shades_are_the_faintest)
{
    for (enum rung rung = RUNG_MONO; rung <= RUNG_8; rung++)
        for (int utf8 = 0; utf8 < 2; utf8++)
            for (enum map map = MAP_GREY; map <= MAP_SIGNED; map++) {
                struct style s = on(rung, utf8);
                int zero = map == MAP_SIGNED ? LEVEL_ZERO : 0;

                cr_assert_str_eq(style_shade(&s, map, zero | LEVEL_DIM), "  ");
                for (int level = 0; level < LEVELS; level++) {
                    const char *shade = style_shade(&s, map, level | LEVEL_DIM);

                    if (strcmp(shade, "  ") != 0)
                        cr_assert(strcmp(shade, "..") == 0 || strcmp(shade, ",,") == 0 ||
                                      strcmp(shade, "\u2591\u2591") == 0,
                                  "level %d: '%s'", level, shade);
                    if (2 * abs(level - zero) > LEVELS)
                        cr_assert_str_neq(shade, "  ");
                }
            }
}

Test(style, the_cursor_is_like_no_level)
{
    for (enum map map = MAP_GREY; map <= MAP_SIGNED; map++)
        for (int level = 0; level < style_levels(map); level++) {
            struct style s = on(RUNG_256, true);
            uint32_t a = style_rgb(THEME_DARK, map, level), b = style_rgb(THEME_DARK, map, LEVEL_CURSOR);
            int apart = 0;

            for (int place = 0; place <= 16; place += 8)
                apart += abs((int)(a >> place & 255) - (int)(b >> place & 255));
            cr_assert(apart > 100, "map %d level %d", map, level);
            cr_assert_neq(style_pixel(&s, map, level).bg, style_pixel(&s, map, LEVEL_CURSOR).bg,
                          "map %d level %d", map, level);
        }
    for (enum rung rung = RUNG_MONO; rung <= RUNG_8; rung++) {
        struct style s = on(rung, false);

        cr_assert(style_pixel(&s, MAP_HEAT, LEVEL_CURSOR).attrs & LOOK_REVERSE);
        cr_assert_str_eq(style_shade(&s, MAP_HEAT, LEVEL_CURSOR), "XX");
    }
}

Test(style, signs_can_be_told_apart_on_every_rung)
{
    for (enum theme theme = 0; theme < THEMES; theme++)
        for (enum rung rung = RUNG_MONO; rung < RUNGS; rung++)
            for (int utf8 = 0; utf8 < 2; utf8++) {
                struct style s = {rung, utf8, theme, 0};

                for (int off = 7; off <= LEVEL_ZERO; off++) {
                    struct look less = style_pixel(&s, MAP_SIGNED, LEVEL_ZERO - off);
                    struct look more = style_pixel(&s, MAP_SIGNED, LEVEL_ZERO + off);

                    cr_assert(less.fg != more.fg ||
                                  strcmp(style_shade(&s, MAP_SIGNED, LEVEL_ZERO - off),
                                         style_shade(&s, MAP_SIGNED, LEVEL_ZERO + off)) != 0,
                              "theme %d rung %d, %d from zero", theme, rung, off);
                }
            }
}

/* What is left of a colour for each kind of colour blindness, in linear light: Machado, Oliveira and Fernandes 2009, severity 1. */
static const float seen_by[4][3][3] = {
    {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
    {{0.152286f, 1.052583f, -0.204868f},
     {0.114503f, 0.786281f, 0.099216f},
     {-0.003882f, -0.048116f, 1.051998f}},
    {{0.367322f, 0.860646f, -0.227968f},
     {0.280085f, 0.672501f, 0.047413f},
     {-0.011820f, 0.042940f, 0.968881f}},
    {{1.255528f, -0.076749f, -0.178779f},
     {-0.078411f, 0.930809f, 0.147602f},
     {0.004733f, 0.691367f, 0.303900f}},
};

/* OKLab (Ottosson 2020) of what such an eye sees with a tenth of stray light on the screen. */
static void seen(uint32_t rgb, int eye, float lab[3])
{
    static const float to_lms[3][3] = {{0.4122214708f, 0.5363325363f, 0.0514459929f},
                                       {0.2119034982f, 0.6806995451f, 0.1073969566f},
                                       {0.0883024619f, 0.2817188376f, 0.6299787005f}};
    static const float to_lab[3][3] = {{0.2104542553f, 0.7936177850f, -0.0040720468f},
                                       {1.9779984951f, -2.4285922050f, 0.4505937099f},
                                       {0.0259040371f, 0.7827717662f, -0.8086757660f}};
    float linear[3], left[3], lms[3];

    for (int i = 0; i < 3; i++) {
        float x = (float)(rgb >> (16 - 8 * i) & 255) / 255;
        linear[i] = 0.9f * (x <= 0.04045f ? x / 12.92f : powf((x + 0.055f) / 1.055f, 2.4f)) + 0.1f;
    }
    for (int i = 0; i < 3; i++)
        left[i] = fminf(fmaxf(seen_by[eye][i][0] * linear[0] + seen_by[eye][i][1] * linear[1] +
                                  seen_by[eye][i][2] * linear[2],
                              0),
                        1);
    for (int i = 0; i < 3; i++)
        lms[i] = cbrtf(to_lms[i][0] * left[0] + to_lms[i][1] * left[1] + to_lms[i][2] * left[2]);
    for (int i = 0; i < 3; i++)
        lab[i] = to_lab[i][0] * lms[0] + to_lab[i][1] * lms[1] + to_lab[i][2] * lms[2];
}

static float apart(uint32_t a, uint32_t b, int eye)
{
    float one[3], two[3];

    seen(a, eye, one);
    seen(b, eye, two);
    return hypotf(hypotf(one[0] - two[0], one[1] - two[1]), one[2] - two[2]);
}

/* 0.02 is a difference that is just seen. */
Test(colormap, both_signs_and_their_zero_for_every_eye)
{
    for (enum theme theme = 0; theme < THEMES; theme++)
        for (int direct = 0; direct < 2; direct++)
            for (int eye = 0; eye < ARRAY_LEN(seen_by); eye++) {
                uint32_t at[3];

                for (int i = 0; i < 3; i++)
                    at[i] = direct ? style_rgb(theme, MAP_SIGNED, LEVEL_ZERO * i)
                                   : colormap_256_rgb(style_256(theme, MAP_SIGNED, LEVEL_ZERO * i));
                for (int i = 0; i < 3; i++)
                    cr_assert_geq(apart(at[i], at[(i + 1) % 3], eye), 0.17f, "theme %d eye %d direct %d: %d",
                                  theme, eye, direct, i);
            }
}

Test(colormap, steps_of_heat_for_every_eye)
{
    for (int eye = 0; eye < ARRAY_LEN(seen_by); eye++)
        for (int level = 8; level < LEVELS; level += 8)
            cr_assert_geq(apart(style_rgb(THEME_DARK, MAP_HEAT, level - 8),
                                style_rgb(THEME_DARK, MAP_HEAT, level), eye),
                          0.03f, "eye %d level %d", eye, level);
}

Test(style, roles_keep_to_the_colours_of_their_rung)
{
    static const int32_t most[RUNGS] = {-1, 7, 255, 0xffffff};

    for (enum theme theme = 0; theme < THEMES; theme++)
        for (enum rung rung = RUNG_MONO; rung < RUNGS; rung++) {
            struct style s = {rung, true, theme, 0};

            for (enum role role = 0; role < ROLES; role++) {
                struct look look = style_role(&s, role);

                cr_assert(look.fg >= -1 && look.fg <= most[rung] && look.bg >= -1 && look.bg <= most[rung]);
                cr_assert(rung != RUNG_256 || look.fg < 0 || look.fg >= 16);
            }
            cr_assert(style_role(&s, ROLE_CURSOR).attrs & LOOK_REVERSE);
        }
}

/* Colours 0 to 7 as xterm has them; 0xRRGGBB of a look's colour, `own` for the terminal's. */
static uint32_t rgb_of(enum rung rung, int32_t color, uint32_t own)
{
    static const uint32_t xterm[8] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00,
                                      0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5};

    if (color < 0)
        return own;
    return rung == RUNG_DIRECT ? (uint32_t)color : rung == RUNG_256 ? colormap_256_rgb(color) : xterm[color];
}

/* By the formula of WCAG 2, on a terminal of light grey on black. */
static float contrast(const struct style *s, int32_t fg, int32_t bg)
{
    float a = colormap_luminance(rgb_of(s->rung, fg, 0xd0d0d0)) + 0.05f;
    float b = colormap_luminance(rgb_of(s->rung, bg, 0x000000)) + 0.05f;

    return fmaxf(a, b) / fminf(a, b);
}

/* 4.5 is level AA for text, 3 for large or bold text and for lines, 7 level AAA. */
Test(style, every_role_can_be_read)
{
    for (enum theme theme = 0; theme < THEMES; theme++)
        for (enum rung rung = RUNG_8; rung < RUNGS; rung++) {
            struct style s = {rung, true, theme, 0};

            for (enum role role = 0; role < ROLES; role++) {
                struct look look = style_role(&s, role);
                bool bold = look.attrs & LOOK_BOLD;
                float least = theme == THEME_PROJECTOR && rung == RUNG_DIRECT  ? 7
                              : role == ROLE_FRAME || (rung == RUNG_8 && bold) ? 3
                                                                               : 4.5f;

                cr_assert_geq(contrast(&s, look.fg, look.bg), least, "theme %d rung %d role %d: %g", theme,
                              rung, role, (double)contrast(&s, look.fg, look.bg));
            }
            for (int line = LINE_NONE + 1; line < LINE_KINDS;
                 line++) /* single batches are faint on purpose */
                cr_assert_geq(line == LINE_RAW ? 3
                                               : contrast(&s, style_pixel(&s, MAP_LINE, line).fg,
                                                          style_pixel(&s, MAP_GREY, LEVEL_NONE).bg),
                              3, "theme %d rung %d line %d", theme, rung, line);
        }
}

/* What a theme paints, it paints everywhere: no cell is left with a background of the terminal's. */
Test(style, a_paper_is_everywhere)
{
    for (enum theme theme = 0; theme < THEMES; theme++)
        for (enum rung rung = RUNG_8; rung < RUNGS; rung++) {
            struct style s = {rung, true, theme, 0};
            int32_t paper = style_pixel(&s, MAP_GREY, LEVEL_NONE).bg;

            for (enum role role = 0; role < ROLES; role++) {
                cr_assert_eq(style_role(&s, role).bg, paper);
                cr_assert(paper < 0 || style_role(&s, role).fg >= 0);
            }
            for (enum map map = MAP_GREY; map < MAPS; map++)
                cr_assert_eq(style_pixel(&s, map, LEVEL_NONE).bg, paper);
            cr_assert_eq(style_pixel(&s, MAP_LINE, LINE_NONE).bg, paper);
        }
}

Test(style, themes_by_name)
{
    enum theme found;

    for (enum theme theme = 0; theme < THEMES; theme++) {
        cr_assert(theme_find(theme_name(theme), &found) && found == theme);
        cr_assert(theme_help(theme)[0]);
    }
    cr_assert_not(theme_find("beige", &found));
}

Test(style, gamma_lifts_what_is_small)
{
    struct style s = {RUNG_DIRECT, true, THEME_DARK, 0.5f}, plain = {RUNG_DIRECT, true, THEME_DARK, 1};

    cr_assert_eq(style_shown(&s, MAP_GREY, 0.25f, 1), 32);
    cr_assert_eq(style_shown(&s, MAP_SIGNED, -0.5f, 2), LEVEL_ZERO - 16);
    for (enum map map = MAP_GREY; map <= MAP_SIGNED; map++)
        for (int i = 0; style_gammas[i] > 0; i++) {
            int before = 0;

            s.gamma = style_gammas[i];
            cr_assert(i == 0 || style_gammas[i] > style_gammas[i - 1]);
            for (int k = -40; k <= 40; k++) {
                int level = style_shown(&s, map, (float)k / 10, 3);

                cr_assert(level >= before && level < LEVELS);
                before = level;
                if (k == 0 || k <= -30 || k >= 30) /* zero and the ends stay */
                    cr_assert_eq(level, style_level(map, (float)k / 10, 3));
                cr_assert_eq(style_shown(&plain, map, (float)k / 10, 3), style_level(map, (float)k / 10, 3));
            }
            cr_assert_eq(style_shown(&s, map, NAN, 1), style_level(map, NAN, 1));
            cr_assert_eq(style_shown(&s, map, INFINITY, 1), style_level(map, INFINITY, 1));
            cr_assert_eq(style_shown(&s, map, 1, 0), style_level(map, 1, 0));
        }
}

Test(style, half_blocks_need_colours_and_characters)
{
    for (enum rung rung = RUNG_MONO; rung < RUNGS; rung++) {
        struct style utf8 = on(rung, true), ascii = on(rung, false);

        cr_assert_eq(style_half_blocks(&utf8), rung >= RUNG_256);
        cr_assert_not(style_half_blocks(&ascii));
    }
}

Test(style, text_on_levels_can_be_read)
{
    for (enum theme theme = 0; theme < THEMES; theme++)
        for (enum map map = MAP_GREY; map <= MAP_SIGNED; map++)
            for (int level = 0; level < LEVELS; level++) {
                struct style s = {RUNG_DIRECT, true, theme, 0};
                struct look look = style_on_level(&s, map, level);

                cr_assert_eq((uint32_t)look.bg, style_rgb(theme, map, level));
                cr_assert_geq(contrast(&s, look.fg, look.bg), 4.5f, "theme %d map %d level %d", theme, map,
                              level); /* WCAG 2, level AA */
            }
}

/* Pictures in colour: a cube of five steps a channel. */
Test(style, levels_of_colour_pictures)
{
    cr_assert_eq(style_levels(MAP_COLOUR), 125);
    for (int red = 0; red < 5; red++)
        for (int green = 0; green < 5; green++)
            for (int blue = 0; blue < 5; blue++) {
                uint32_t rgb = style_rgb(THEME_DARK, MAP_COLOUR, 25 * red + 5 * green + blue);
                int place[] = {16, 8, 0}, step[] = {red, green, blue};

                for (int k = 0; k < 3; k++) /* evenly from 0 to 255 */
                    cr_assert_float_eq((float)(rgb >> place[k] & 255), 63.75f * (float)step[k], 0.76f,
                                       "%d%d%d: %06x", red, green, blue, rgb);
                if (red == green && green == blue)
                    cr_assert(style_256(THEME_DARK, MAP_COLOUR, 25 * red + 5 * green + blue) >= 16);
            }
    cr_assert_eq(style_256(THEME_DARK, MAP_COLOUR, 0), 16);
    cr_assert_eq(style_256(THEME_DARK, MAP_COLOUR, 124), 231);
}

/* On 256 colours none is far off, and lightness as such survives. */
Test(style, colour_pictures_on_256_colours)
{
    for (int level = 0; level < style_levels(MAP_COLOUR); level++) {
        uint32_t wish = style_rgb(THEME_DARK, MAP_COLOUR, level),
                 got = colormap_256_rgb(style_256(THEME_DARK, MAP_COLOUR, level));

        for (int place = 0; place <= 16; place += 8)
            cr_assert_leq(abs((int)(wish >> place & 255) - (int)(got >> place & 255)), 64,
                          "level %d: %06x for %06x", level, got, wish);
        cr_assert_leq(colormap_luminance(style_rgb(THEME_DARK, MAP_COLOUR, level | LEVEL_DIM)),
                      0.4f * colormap_luminance(wish) + 1e-6f);
    }
}

Test(style, colour_pictures_without_colours_are_grey)
{
    for (int utf8 = 0; utf8 < 2; utf8++) {
        struct style s = on(RUNG_8, utf8);

        for (int level = 0; level < 125; level++) {
            const char *shade = style_shade(&s, MAP_COLOUR, level);
            bool same = false; /* as some grey */

            for (int grey = 0; grey < LEVELS; grey++)
                same = same || strcmp(shade, style_shade(&s, MAP_GREY, grey)) == 0;
            cr_assert(same, "level %d: '%s'", level, shade);
        }
        cr_assert_str_eq(style_shade(&s, MAP_COLOUR, 0), style_shade(&s, MAP_GREY, 0));
        cr_assert_str_eq(style_shade(&s, MAP_COLOUR, 124), style_shade(&s, MAP_GREY, 64));
    }
}

/* Lines can be told apart on every rung: by colour where there is colour, by sign where there is none. */
Test(style, lines)
{
    cr_assert_eq(style_levels(MAP_LINE), LINE_KINDS);
    for (enum theme theme = 0; theme < THEMES; theme++)
        for (enum rung rung = RUNG_MONO; rung < RUNGS; rung++) {
            struct style s = {rung, true, theme, 0};
            bool colours = !style_has_signs(&s, MAP_LINE);

            cr_assert_str_eq(style_shade(&s, MAP_LINE, LINE_NONE), "  ");
            for (int a = LINE_NONE + 1; a < LINE_KINDS; a++) {
                struct look one = style_pixel(&s, MAP_LINE, a);

                cr_assert(!colours || one.bg >= 0);
                cr_assert_neq(one.fg, style_pixel(&s, MAP_LINE, LINE_NONE).bg + (one.fg < 0));
                for (int b = LINE_NONE + 1; b < a; b++) {
                    struct look two = style_pixel(&s, MAP_LINE, b);

                    cr_assert_str_neq(style_shade(&s, MAP_LINE, a), style_shade(&s, MAP_LINE, b));
                    cr_assert(!colours || one.bg != two.bg, "theme %d: lines %d and %d on rung %d", theme, a,
                              b, rung);
                }
            }
        }
}
