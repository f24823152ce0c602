#include "tui/colormap.h"

#include <assert.h>
#include <math.h>

static const uint32_t grey_points[] = {0x000000, 0xffffff};
static const uint32_t viridis_points[] = {0x440154, 0x482475, 0x414487, 0x355f8d, 0x2a788e, 0x21918c,
                                          0x22a884, 0x44bf70, 0x7ad151, 0xbddf26, 0xfde725};
static const uint32_t signed_points[] = {0x1f5fd0, 0x5b8fe8, 0x9dbdf3, 0xd5e1f6, 0xf4f4f4,
                                         0xfbdcb8, 0xf5b36b, 0xe8842b, 0xc65102};

static const uint8_t grey_ramp[] = {16,  232, 233, 234, 235, 236, 237, 238, 239, 240,
                                    59,  241, 242, 243, 244, 102, 245, 246, 247, 248,
                                    145, 249, 250, 251, 252, 188, 253, 254, 255, 231};
static const uint8_t viridis_ramp[] = {53, 54, 24, 30, 36, 71, 42, 77, 113, 148, 184, 220};
static const uint8_t signed_ramp[] = {26, 69, 111, 153, 189, 255, 223, 216, 209, 202, 166};

/* There are few dark colours to choose from: these keep the hue. */
static const uint8_t grey_dim[] = {16,  16,  16,  232, 232, 232, 233, 233, 233, 234, 234, 234, 235, 235, 235,
                                   236, 236, 236, 237, 237, 237, 238, 238, 238, 239, 239, 239, 240, 240, 240};
static const uint8_t viridis_dim[] = {16, 16, 17, 17, 23, 23, 22, 22, 22, 58, 58, 58};
static const uint8_t signed_dim[] = {17, 17, 18, 60, 60, 241, 95, 95, 58, 52, 52};

static_assert(ARRAY_LEN(grey_dim) == ARRAY_LEN(grey_ramp) &&
                  ARRAY_LEN(viridis_dim) == ARRAY_LEN(viridis_ramp) &&
                  ARRAY_LEN(signed_dim) == ARRAY_LEN(signed_ramp),
              "a dimmed colour for each");

static const struct {
    const uint32_t *points;
    int count;
    const uint8_t *ramp, *dim_ramp;
    int steps;
} maps[MAPS] = {
    [MAP_GREY] = {grey_points, ARRAY_LEN(grey_points), grey_ramp, grey_dim, ARRAY_LEN(grey_ramp)},
    [MAP_HEAT] = {viridis_points, ARRAY_LEN(viridis_points), viridis_ramp, viridis_dim,
                  ARRAY_LEN(viridis_ramp)},
    [MAP_SIGNED] = {signed_points, ARRAY_LEN(signed_points), signed_ramp, signed_dim, ARRAY_LEN(signed_ramp)},
};

/* Curves: the colours of Okabe and Ito (2008), and a grey; of the other branch two more of theirs, and two between. */
static const struct {
    uint32_t rgb;
    uint8_t x256;
} lines[LINE_KINDS] = {
    [LINE_TRAIN_LOSS] = {0xe69f00, 178},
    [LINE_TEST_LOSS] = {0x56b4e9, 74},
    [LINE_TRAIN_ACCURACY] = {0x009e73, 36},
    [LINE_TEST_ACCURACY] = {0xcc79a7, 175},
    [LINE_RAW] = {0x585858, 240},
    [LINE_OTHER_TRAIN_LOSS] = {0xd55e00, 166},
    [LINE_OTHER_TEST_LOSS] = {0x0072b2, 25},
    [LINE_OTHER_TRAIN_ACCURACY] = {0xb3de69, 149},
    [LINE_OTHER_TEST_ACCURACY] = {0x9467bd, 98},
};

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

uint32_t colormap_rgb(enum map map, int level)
{
    int last, i;
    float at;

    assert(map > MAP_NONE && map < MAPS && level >= 0 && level < style_levels(map));
    if (map == MAP_LINE)
        return lines[level].rgb;
    if (map == MAP_COLOUR) {
        uint32_t rgb = 0;
        for (int part = COLOUR_STEPS * COLOUR_STEPS; part > 0; part /= COLOUR_STEPS)
            rgb = rgb << 8 | (uint32_t)(level / part % COLOUR_STEPS * 255 / (COLOUR_STEPS - 1));
        return rgb;
    }
    last = maps[map].count - 1;
    at = (float)(level * last) / (float)(LEVELS - 1);
    i = (int)at;
    return i >= last ? maps[map].points[last]
                     : mix(maps[map].points[i], maps[map].points[i + 1], at - (float)i);
}

uint32_t colormap_rgb_dim(enum map map, int level)
{
    return mix(0x000000, colormap_rgb(map, level), (float)DIM_PERCENT / 100);
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

static int nearest_256(uint32_t want)
{
    int best = 16;

    for (int i = 17; i < 256; i++) {
        if (distance(colormap_256_rgb(i), want) < distance(colormap_256_rgb(best), want))
            best = i;
    }
    return best;
}

static int ramp_step(enum map map, const uint8_t *ramp, int level)
{
    int last = maps[map].steps - 1;

    if (map == MAP_SIGNED) {
        /* From the middle outwards, so that +v and -v are always the same number of steps away from zero. */
        int half = last / 2, off = level - LEVEL_ZERO;
        int steps = ((off < 0 ? -off : off) * half + LEVEL_ZERO / 2) / LEVEL_ZERO;
        return ramp[off < 0 ? half - steps : half + steps];
    }
    return ramp[(level * last + (LEVELS - 1) / 2) / (LEVELS - 1)];
}

int colormap_256(enum map map, int level)
{
    assert(map > MAP_NONE && map < MAPS && level >= 0 && level < style_levels(map));
    if (map == MAP_LINE)
        return lines[level].x256;
    if (map == MAP_COLOUR)
        return nearest_256(colormap_rgb(map, level));
    return ramp_step(map, maps[map].ramp, level);
}

uint32_t colormap_256_rgb(int colour)
{
    static const uint8_t cube[6] = {0, 95, 135, 175, 215, 255};
    uint32_t grey;

    assert(colour >= 16 && colour < 256);
    if (colour < 232) {
        int i = colour - 16;
        return (uint32_t)(cube[i / 36] << 16 | cube[i / 6 % 6] << 8 | cube[i % 6]);
    }
    grey = (uint32_t)(8 + 10 * (colour - 232));
    return grey << 16 | grey << 8 | grey;
}

int colormap_256_dim(enum map map, int level)
{
    assert(map > MAP_NONE && map < MAPS && level >= 0 && level < style_levels(map));
    if (map == MAP_LINE || map == MAP_COLOUR)
        return nearest_256(colormap_rgb_dim(map, level));
    return ramp_step(map, maps[map].dim_ramp, level);
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
