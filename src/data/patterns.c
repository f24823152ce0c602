#include "data/patterns.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "data/handwriting.h"

enum { RAYS = 9, GLYPH = HANDWRITING_SIDE, SHAPE = 20, SHAPES_DOWN = 3, SHAPES_ACROSS = 5, INSIDE = 4 };

static const float pi = 3.14159265f;

/* Bright and dark sectors: every angle has its edge. */
static void draw_star(const struct image *p)
{
    int h = p->shape.h, w = p->shape.w;
    for (int i = 0; i < h; i++)
        for (int j = 0; j < w; j++) {
            float y = (float)i - (float)(h - 1) / 2, x = (float)j - (float)(w - 1) / 2;
            float wave = sinf(RAYS * atan2f(y, x)), r = hypotf(x, y);
            bool outside = r > (float)h * 0.46f;
            p->data[i * w + j] = outside ? 0.5f : 0.5f + 0.4f * fminf(fmaxf(wave * r / 4, -1), 1);
        }
}

/* Rings that get finer outwards, up to as fine as pixels can show: what a blur takes away first. */
static void draw_rings(const struct image *p)
{
    int h = p->shape.h, w = p->shape.w;
    for (int i = 0; i < h; i++)
        for (int j = 0; j < w; j++) {
            float y = (float)i - (float)(h - 1) / 2, x = (float)j - (float)(w - 1) / 2;
            p->data[i * w + j] = 0.5f + 0.5f * cosf(pi * (x * x + y * y) / (float)h);
        }
}

/* One white pixel: what a filter makes of it is the filter itself, turned by half a turn. */
static void draw_point(const struct image *p)
{
    int h = p->shape.h, w = p->shape.w;
    memset(p->data, 0, shape_count(p->shape) * sizeof *p->data);
    p->data[h / 2 * w + w / 2] = 1;
}

/* A digit always looks the same, as in print; each row is darker than the one above. */
static void draw_page(const struct image *p)
{
    static const char digits[] = "314159265358979";
    uint8_t glyph[GLYPH * GLYPH];
    int across = p->shape.w / GLYPH;
    for (int k = 0; k < p->shape.h / GLYPH * across; k++) {
        uint64_t hand = 0;
        while (handwriting_label(rng_key(3, hand, 0)) != digits[k] - '0')
            hand++;
        handwriting_draw(rng_key(3, hand, 0), glyph);
        for (int i = 0; i < GLYPH; i++)
            for (int j = 0; j < GLYPH; j++)
                p->data[(k / across * GLYPH + i) * p->shape.w + k % across * GLYPH + j] =
                    (float)glyph[i * GLYPH + j] / 255 * (1 - 0.3f * (float)(k / across));
    }
}

/* Is the pixel inside of a ring, a square or a cross that fills SHAPE less a margin? */
static bool inside(int kind, int i, int j)
{
    float y = (float)i - (float)(SHAPE - 1) / 2, x = (float)j - (float)(SHAPE - 1) / 2;
    float far = fmaxf(fabsf(x), fabsf(y)), r = hypotf(x, y);
    return kind == 0 ? r < 7 && r > 3 : kind == 1 ? far < 6 : far < 7 && fminf(fabsf(x), fabsf(y)) < 2.5f;
}

/* The same shapes in colours of the same luma: a grey template can't tell them apart. */
static void draw_shapes(const struct image *p)
{
    static const char inks[] = "012301210323021";
    static const float ink[INSIDE][3] = {
        {0.9f, 0.2f, 0.2f}, {0.15f, 0.565f, 0.285f}, {0.3f, 0.4f, 0.741f}, {0.409f, 0.409f, 0.409f}};
    int w = p->shape.w, plane = p->shape.h * w;
    for (int i = 0; i < p->shape.h; i++)
        for (int j = 0; j < w; j++) {
            int k = i / SHAPE * SHAPES_ACROSS + j / SHAPE, colour = inks[k] - '0';
            bool in = inside(k % 3, i % SHAPE, j % SHAPE);
            for (int c = 0; c < 3; c++)
                p->data[c * plane + i * w + j] = in ? ink[colour][c] : 0.1f;
        }
}

const struct pattern patterns[] = {
    {"star", "sectors: an edge at every angle", {1, 64, 64}, draw_star},
    {"rings", "rings that get finer outwards", {1, 64, 64}, draw_rings},
    {"shapes",
     "the same shapes in colours that are equally bright",
     {3, SHAPES_DOWN *SHAPE, SHAPES_ACROSS *SHAPE},
     draw_shapes},
    {"page", "rows of digits, each darker than the one above", {1, 3 * GLYPH, 5 * GLYPH}, draw_page},
    {"point", "one white pixel: shows the filter itself", {1, 31, 31}, draw_point},
    {NULL, NULL, {0}, NULL},
};

int patterns_count(void)
{
    int count = 0;
    while (patterns[count].name)
        count++;
    return count;
}

enum err pattern_picture(int index, struct image *out, struct diag *diag)
{
    assert(index >= 0 && index < patterns_count());
    *out = (struct image){patterns[index].shape, mem_floats(shape_count(patterns[index].shape))};
    if (!out->data)
        return diag_memory(diag, "a picture");
    patterns[index].draw(out);
    return ERR_NONE;
}
