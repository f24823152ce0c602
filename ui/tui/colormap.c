#include "tui/colormap.h"

#include <assert.h>
#include <math.h>

static const uint32_t grey_points[] = {0x000000, 0xffffff};
static const uint32_t viridis_points[] = {0x440154, 0x482475, 0x414487, 0x355f8d, 0x2a788e, 0x21918c,
                                          0x22a884, 0x44bf70, 0x7ad151, 0xbddf26, 0xfde725};
static const uint32_t signed_points[] = {0x1f5fd0, 0x5b8fe8, 0x9dbdf3, 0xd5e1f6, 0xf4f4f4,
                                         0xfbdcb8, 0xf5b36b, 0xe8842b, 0xc65102};

static const uint32_t signed_dark_points[] = {0x58b8ff, 0x2f8fe6, 0x1c68b4, 0x12406f, 0x0a0a0a,
                                              0x5c300a, 0x9e5408, 0xdd7c10, 0xffae42};
static const uint32_t signed_grey_points[] = {0x000000, 0x808080, 0xffffff};

static const uint8_t grey_ramp[] = {16,  232, 233, 234, 235, 236, 237, 238, 239, 240,
                                    59,  241, 242, 243, 244, 102, 245, 246, 247, 248,
                                    145, 249, 250, 251, 252, 188, 253, 254, 255, 231};
static const uint8_t viridis_ramp[] = {53, 54, 24, 30, 36, 71, 42, 77, 113, 148, 184, 220};
static const uint8_t signed_ramp[] = {26, 69, 111, 153, 189, 255, 223, 216, 209, 202, 166};
static const uint8_t signed_dark_ramp[] = {117, 75, 33, 26, 18, 16, 52, 94, 166, 208, 215};
static const uint8_t signed_grey_ramp[] = {16, 233, 236, 239, 242, 244, 247, 250, 252, 254, 231};

/* There are few dark colours to choose from: these keep the hue. */
static const uint8_t grey_dim[] = {16,  16,  16,  232, 232, 232, 233, 233, 233, 234, 234, 234, 235, 235, 235,
                                   236, 236, 236, 237, 237, 237, 238, 238, 238, 239, 239, 239, 240, 240, 240};
static const uint8_t viridis_dim[] = {16, 16, 17, 17, 23, 23, 22, 22, 22, 58, 58, 58};
static const uint8_t signed_dim[] = {17, 17, 18, 60, 60, 241, 95, 95, 58, 52, 52};
static const uint8_t signed_dark_dim[] = {23, 17, 17, 17, 16, 16, 16, 16, 52, 58, 58};
static const uint8_t signed_grey_dim[] = {16, 232, 232, 233, 234, 235, 236, 237, 238, 239, 240};

static_assert(ARRAY_LEN(grey_dim) == ARRAY_LEN(grey_ramp) &&
                  ARRAY_LEN(viridis_dim) == ARRAY_LEN(viridis_ramp) &&
                  ARRAY_LEN(signed_dim) == ARRAY_LEN(signed_ramp) &&
                  ARRAY_LEN(signed_dark_dim) == ARRAY_LEN(signed_dark_ramp) &&
                  ARRAY_LEN(signed_grey_dim) == ARRAY_LEN(signed_grey_ramp),
              "a dimmed colour for each");

struct palette {
    const uint32_t *points;
    int count;
    const uint8_t *ramp, *dim_ramp;
    int steps;
};

#define PALETTE(name)                                                                                        \
    {                                                                                                        \
        name##_points, ARRAY_LEN(name##_points), name##_ramp, name##_dim, ARRAY_LEN(name##_ramp)             \
    }

static const struct palette grey = PALETTE(grey), viridis = PALETTE(viridis), signed_light = PALETTE(signed),
                            signed_dark = PALETTE(signed_dark), signed_grey = PALETTE(signed_grey);

static const struct palette *palette_of(enum theme theme, enum map map)
{
    if (map == MAP_SIGNED)
        return theme == THEME_MONO ? &signed_grey : theme == THEME_NIGHT ? &signed_dark : &signed_light;
    return map == MAP_GREY || theme == THEME_MONO ? &grey : &viridis;
}

/* Share of the light that is left of a dimmed colour: dark enough to fall back, bright enough to stay a picture. */
enum { DIM_PERCENT = 32 };

static uint32_t mix(uint32_t a, uint32_t b, float t)
{
    uint32_t out = 0;

    for (int shift = 16; shift >= 0; shift -= 8) {
        float x = (float)((a >> shift) & 255), y = (float)((b >> shift) & 255);
        out |= (uint32_t)lrintf(x + (y - x) * t) << shift;
    }
    return out;
}

static uint32_t cube_rgb(enum theme theme, int level)
{
    uint32_t rgb = 0;

    for (int part = COLOUR_STEPS * COLOUR_STEPS; part > 0; part /= COLOUR_STEPS)
        rgb = rgb << 8 | (uint32_t)(level / part % COLOUR_STEPS * 255 / (COLOUR_STEPS - 1));
    if (theme == THEME_MONO) /* as bright as it is, by the weights of ITU-R BT.601 */
        rgb = 0x010101 * ((299 * (rgb >> 16) + 587 * (rgb >> 8 & 255) + 114 * (rgb & 255)) / 1000);
    return rgb;
}

uint32_t colormap_rgb(enum theme theme, enum map map, int level)
{
    const struct palette *p = palette_of(theme, map);
    int last = p->count - 1, i;
    float at;

    assert(map > MAP_NONE && map < MAP_LINE && level >= 0 && level < style_levels(map));
    if (map == MAP_COLOUR)
        return cube_rgb(theme, level);
    at = (float)(level * last) / (float)(LEVELS - 1);
    i = (int)at;
    return i >= last ? p->points[last] : mix(p->points[i], p->points[i + 1], at - (float)i);
}

uint32_t colormap_dim(uint32_t rgb, uint32_t behind)
{
    return mix(behind, rgb, (float)DIM_PERCENT / 100);
}

uint32_t colormap_rgb_dim(enum theme theme, enum map map, int level)
{
    return colormap_dim(colormap_rgb(theme, map, level), 0x000000);
}

static int distance(uint32_t a, uint32_t b)
{
    static const int weight[3] = {2, 4, 3}; /* blue, green and red matter about so much to the eye */
    int sum = 0;

    for (int i = 0; i < 3; i++) {
        int d = (int)((a >> 8 * i) & 255) - (int)((b >> 8 * i) & 255);
        sum += weight[i] * d * d;
    }
    return sum;
}

int colormap_nearest_256(uint32_t want)
{
    int best = 16;

    for (int i = 17; i < 256; i++) {
        if (distance(colormap_256_rgb(i), want) < distance(colormap_256_rgb(best), want))
            best = i;
    }
    return best;
}

static int ramp_step(enum map map, const uint8_t *ramp, int steps_in_all, int level)
{
    int last = steps_in_all - 1;

    if (map == MAP_SIGNED) {
        /* From the middle outwards, so that +v and -v are always the same number of steps away from zero. */
        int half = last / 2, off = level - LEVEL_ZERO;
        int steps = ((off < 0 ? -off : off) * half + LEVEL_ZERO / 2) / LEVEL_ZERO;
        return ramp[off < 0 ? half - steps : half + steps];
    }
    return ramp[(level * last + (LEVELS - 1) / 2) / (LEVELS - 1)];
}

int colormap_256(enum theme theme, enum map map, int level)
{
    const struct palette *p = palette_of(theme, map);

    assert(map > MAP_NONE && map < MAP_LINE && level >= 0 && level < style_levels(map));
    if (map == MAP_COLOUR)
        return colormap_nearest_256(colormap_rgb(theme, map, level));
    return ramp_step(map, p->ramp, p->steps, level);
}

uint32_t colormap_256_rgb(int colour)
{
    static const uint8_t cube[6] = {0, 95, 135, 175, 215, 255};
    uint32_t step;

    assert(colour >= 16 && colour < 256);
    if (colour < 232) {
        int i = colour - 16;
        return (uint32_t)(cube[i / 36] << 16 | cube[i / 6 % 6] << 8 | cube[i % 6]);
    }
    step = (uint32_t)(8 + 10 * (colour - 232));
    return step << 16 | step << 8 | step;
}

int colormap_256_dim(enum theme theme, enum map map, int level)
{
    const struct palette *p = palette_of(theme, map);

    assert(map > MAP_NONE && map < MAP_LINE && level >= 0 && level < style_levels(map));
    if (map == MAP_COLOUR)
        return colormap_nearest_256(colormap_rgb_dim(theme, map, level));
    return ramp_step(map, p->dim_ramp, p->steps, level);
}

float colormap_luminance(uint32_t rgb)
{
    static const float weight[3] = {0.0722f, 0.7152f, 0.2126f};
    float sum = 0;

    for (int i = 0; i < 3; i++) {
        float x = (float)((rgb >> 8 * i) & 255) / 255;
        sum += weight[i] * (x <= 0.04045f ? x / 12.92f : powf((x + 0.055f) / 1.055f, 2.4f));
    }
    return sum;
}
