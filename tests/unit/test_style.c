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
    return (struct style){rung, utf8};
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
    cr_assert_eq(style_rgb(MAP_GREY, 0), 0x000000);
    cr_assert_eq(style_rgb(MAP_GREY, 32), 0x808080);
    cr_assert_eq(style_rgb(MAP_GREY, 64), 0xffffff);
    cr_assert_eq(style_rgb(MAP_HEAT, 0), 0x440154);
    cr_assert_eq(style_rgb(MAP_HEAT, 32), 0x21918c);
    cr_assert_eq(style_rgb(MAP_HEAT, 64), 0xfde725);
    cr_assert_eq(style_rgb(MAP_SIGNED, 0), 0x1f5fd0);
    cr_assert_eq(style_rgb(MAP_SIGNED, 8), 0x5b8fe8);
    cr_assert_eq(style_rgb(MAP_SIGNED, LEVEL_ZERO), 0xf4f4f4);
    cr_assert_eq(style_rgb(MAP_SIGNED, 64), 0xc65102);
    cr_assert_eq(style_rgb(MAP_SIGNED, 4), 0x3d77dc); /* half way between two */
    cr_assert_eq(style_256(MAP_GREY, 0), 16);
    cr_assert_eq(style_256(MAP_GREY, 64), 231);
    cr_assert_eq(style_256(MAP_HEAT, 0), 53);
    cr_assert_eq(style_256(MAP_HEAT, 64), 220);
    cr_assert_eq(style_256(MAP_SIGNED, 0), 26);
    cr_assert_eq(style_256(MAP_SIGNED, LEVEL_ZERO), 255);
    cr_assert_eq(style_256(MAP_SIGNED, 64), 166);
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

static float light(bool direct, enum map map, int level)
{
    return colormap_luminance(direct ? style_rgb(map, level) : colormap_256_rgb(style_256(map, level)));
}

Test(colormap, lightness_is_monotone)
{
    cr_assert_float_eq(colormap_luminance(0xffffff), 1, 1e-5);
    cr_assert_float_eq(colormap_luminance(0x00ff00), 0.7152f, 1e-5);
    for (int direct = 0; direct < 2; direct++) {
        for (int level = 1; level < LEVELS; level++) {
            for (enum map map = MAP_GREY; map <= MAP_SIGNED; map++) {
                float step = light(direct, map, level) - light(direct, map, level - 1);

                if (map == MAP_SIGNED && level > LEVEL_ZERO)
                    step = -step;
                cr_assert_geq(step, direct ? 1e-6f : 0, "map %d level %d direct %d: %g", map, level, direct,
                              (double)step);
            }
        }
    }
}

Test(colormap, dimmed_is_much_darker_and_keeps_its_order)
{
    for (enum map map = MAP_GREY; map <= MAP_SIGNED; map++) {
        for (int level = 0; level < LEVELS; level++) {
            uint32_t bright = style_rgb(map, level), dim = style_rgb(map, level | LEVEL_DIM);
            float of_256 = colormap_luminance(colormap_256_rgb(style_256(map, level | LEVEL_DIM)));

            cr_assert_leq(colormap_luminance(dim), 0.4f * colormap_luminance(bright));
            cr_assert_leq(of_256, fmaxf(0.5f * light(false, map, level), 0.02f), "map %d level %d", map,
                          level);
            if (map == MAP_GREY && level)
                cr_assert_geq(of_256,
                              colormap_luminance(colormap_256_rgb(style_256(map, (level - 1) | LEVEL_DIM))));
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
            uint32_t a = style_rgb(map, level), b = style_rgb(map, LEVEL_CURSOR);
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
    for (enum rung rung = RUNG_MONO; rung < RUNGS; rung++) {
        for (int utf8 = 0; utf8 < 2; utf8++) {
            struct style s = on(rung, utf8);

            for (int off = 7; off <= LEVEL_ZERO; off++) {
                struct look less = style_pixel(&s, MAP_SIGNED, LEVEL_ZERO - off);
                struct look more = style_pixel(&s, MAP_SIGNED, LEVEL_ZERO + off);

                cr_assert(less.fg != more.fg || strcmp(style_shade(&s, MAP_SIGNED, LEVEL_ZERO - off),
                                                       style_shade(&s, MAP_SIGNED, LEVEL_ZERO + off)) != 0,
                          "rung %d, %d from zero", rung, off);
            }
        }
    }
}

Test(style, roles_keep_to_the_colours_of_their_rung)
{
    static const int32_t most[RUNGS] = {-1, 7, 255, 0xffffff};

    for (enum rung rung = RUNG_MONO; rung < RUNGS; rung++) {
        struct style s = on(rung, true);

        for (enum role role = 0; role < ROLES; role++) {
            struct look look = style_role(&s, role);

            cr_assert(look.fg >= -1 && look.fg <= most[rung] && look.bg >= -1 && look.bg <= most[rung]);
        }
        cr_assert(style_role(&s, ROLE_CURSOR).attrs & LOOK_REVERSE);
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
    const struct style s = on(RUNG_DIRECT, true);

    for (enum map map = MAP_GREY; map <= MAP_SIGNED; map++) {
        for (int level = 0; level < LEVELS; level++) {
            struct look look = style_on_level(&s, map, level);
            float a = colormap_luminance((uint32_t)look.fg) + 0.05f;
            float b = colormap_luminance((uint32_t)look.bg) + 0.05f;

            cr_assert_eq((uint32_t)look.bg, style_rgb(map, level));
            cr_assert_geq(fmaxf(a, b) / fminf(a, b), 4.5f, "map %d level %d", map,
                          level); /* WCAG 2, level AA */
        }
    }
}

/* Pictures in colour: a cube of five steps a channel. */
Test(style, levels_of_colour_pictures)
{
    cr_assert_eq(style_levels(MAP_COLOUR), 125);
    for (int red = 0; red < 5; red++)
        for (int green = 0; green < 5; green++)
            for (int blue = 0; blue < 5; blue++) {
                uint32_t rgb = style_rgb(MAP_COLOUR, 25 * red + 5 * green + blue);
                int place[] = {16, 8, 0}, step[] = {red, green, blue};

                for (int k = 0; k < 3; k++) /* evenly from 0 to 255 */
                    cr_assert_float_eq((float)(rgb >> place[k] & 255), 63.75f * (float)step[k], 0.76f,
                                       "%d%d%d: %06x", red, green, blue, rgb);
                if (red == green && green == blue)
                    cr_assert(style_256(MAP_COLOUR, 25 * red + 5 * green + blue) >= 16);
            }
    cr_assert_eq(style_256(MAP_COLOUR, 0), 16);
    cr_assert_eq(style_256(MAP_COLOUR, 124), 231);
}

/* On 256 colours none is far off, and lightness as such survives. */
Test(style, colour_pictures_on_256_colours)
{
    for (int level = 0; level < style_levels(MAP_COLOUR); level++) {
        uint32_t wish = style_rgb(MAP_COLOUR, level), got = colormap_256_rgb(style_256(MAP_COLOUR, level));

        for (int place = 0; place <= 16; place += 8)
            cr_assert_leq(abs((int)(wish >> place & 255) - (int)(got >> place & 255)), 64,
                          "level %d: %06x for %06x", level, got, wish);
        cr_assert_leq(colormap_luminance(style_rgb(MAP_COLOUR, level | LEVEL_DIM)),
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
    for (enum rung rung = RUNG_MONO; rung < RUNGS; rung++)
        for (int utf8 = 0; utf8 < 2; utf8++) {
            struct style s = on(rung, utf8);

            cr_assert_str_eq(style_shade(&s, MAP_LINE, LINE_NONE), "  ");
            cr_assert_eq(style_pixel(&s, MAP_LINE, LINE_NONE).bg, -1,
                         "nothing is the terminal's own background");
            for (int a = LINE_NONE + 1; a < LINE_KINDS; a++) {
                struct look one = style_pixel(&s, MAP_LINE, a);

                cr_assert(rung < RUNG_256 || one.bg >= 0);
                for (int b = LINE_NONE + 1; b < a; b++) {
                    struct look two = style_pixel(&s, MAP_LINE, b);

                    cr_assert_str_neq(style_shade(&s, MAP_LINE, a), style_shade(&s, MAP_LINE, b));
                    cr_assert(rung < RUNG_256 || one.bg != two.bg, "lines %d and %d on rung %d", a, b, rung);
                }
            }
        }
}
