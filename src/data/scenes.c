#include "data/scenes.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/text.h"

enum { ROWS = SCENE_ROWS, COLS = SCENE_COLS };

struct ink {
    float r, g, b;
};

/* ---- strokes ---- */

static struct ink mix(struct ink a, struct ink b, float share)
{
    return (struct ink){a.r + share * (b.r - a.r), a.g + share * (b.g - a.g), a.b + share * (b.b - a.b)};
}

static struct ink shade(struct ink a, float by)
{
    return (struct ink){fminf(a.r * by, 1), fminf(a.g * by, 1), fminf(a.b * by, 1)};
}

static void dot(struct image *p, int row, int col, struct ink ink, float share)
{
    float *at = p->data + row * COLS + col;
    if (row < 0 || row >= ROWS || col < 0 || col >= COLS)
        return;
    at[0] += share * (ink.r - at[0]);
    at[ROWS * COLS] += share * (ink.g - at[ROWS * COLS]);
    at[2 * ROWS * COLS] += share * (ink.b - at[2 * ROWS * COLS]);
}

static void rect(struct image *p, int row, int col, int rows, int cols, struct ink ink)
{
    for (int i = row; i < row + rows; i++)
        for (int j = col; j < col + cols; j++)
            dot(p, i, j, ink, 1);
}

/* Rows [from, to) from one colour to the other. */
static void gradient(struct image *p, int from, int to, struct ink top, struct ink bottom)
{
    for (int i = from; i < to; i++)
        rect(p, i, 0, 1, COLS, mix(top, bottom, (float)(i - from) / (float)(to - from)));
}

/* A thin line from a point on, `lean` columns sideways to its end `rows` further up. */
static void blade(struct image *p, int row, int col, int rows, float lean, struct ink ink)
{
    for (int i = 0; i < rows; i++)
        dot(p, row - i, col + (int)lrintf(lean * (float)(i * i) / (float)(rows * rows)), ink, 1);
}

/* Light and dark by chance, over everything. */
static void grain(struct image *p, struct rng *rng, float amount)
{
    for (int i = 0; i < ROWS * COLS; i++) {
        float by = amount * rng_normal(rng);
        for (int c = 0; c < 3; c++) {
            float *at = p->data + c * ROWS * COLS + i;
            *at = fminf(fmaxf(*at + by, 0), 1);
        }
    }
}

/* A line of hills: `height` rows at column x, made of three waves. */
static void hills(struct image *p, struct rng *rng, int base, float height, float length, struct ink top,
                  struct ink bottom)
{
    float phase[3];
    for (int k = 0; k < 3; k++)
        phase[k] = rng_between(rng, 0, 6.28f);
    for (int j = 0; j < COLS; j++) {
        float y = 0;
        for (int k = 0; k < 3; k++)
            y += sinf((float)j / length * (float)(1 << k) + phase[k]) / (float)(1 << k);
        int from = base - (int)lrintf(height * y);
        for (int i = from; i < ROWS; i++)
            dot(p, i, j, mix(top, bottom, fminf(1, (float)(i - from) / 50)), 1);
    }
}

/* ---- cities ---- */

/* A block with windows in columns; `glass` where they are lit or dark. */
static void building(struct image *p, int top, int col, int cols, int ground, struct ink wall,
                     struct ink glass)
{
    rect(p, top, col, ground - top, cols, wall);
    rect(p, top, col, ground - top, 1, shade(wall, 0.6f));
    for (int j = col + 2; j + 2 < col + cols; j += 4)
        for (int i = top + 3; i + 2 < ground; i += 5)
            rect(p, i, j, 3, 2, glass);
}

static void draw_towers(struct image *p)
{
    struct rng rng;
    rng_init(&rng, 1);
    gradient(p, 0, ROWS, (struct ink){0.75f, 0.85f, 0.98f}, (struct ink){0.95f, 0.95f, 0.95f});
    for (int col = 2, k = 0; col < COLS - 8; k++) {
        int cols = 10 + (int)rng_below(&rng, 8), top = 8 + (int)rng_below(&rng, 30);
        struct ink wall = shade((struct ink){0.55f, 0.5f, 0.48f}, rng_between(&rng, 0.35f, 0.9f));
        rect(p, top, col, ROWS - top, cols, wall);
        for (int j = col + 2; j + 1 < col + cols; j += 4) /* glass from the top to the ground */
            rect(p, top + 3, j, ROWS - top, 2, mix(wall, (struct ink){0.9f, 0.93f, 0.97f}, 0.55f));
        col += cols + 1 + (int)rng_below(&rng, 4);
    }
    rect(p, ROWS - 4, 0, 4, COLS, (struct ink){0.3f, 0.3f, 0.32f});
}

static void draw_night(struct image *p)
{
    struct rng rng;
    rng_init(&rng, 2);
    gradient(p, 0, ROWS, (struct ink){0.02f, 0.02f, 0.08f}, (struct ink){0.15f, 0.1f, 0.2f});
    for (int col = 0; col < COLS;) {
        int cols = 12 + (int)rng_below(&rng, 10), top = 20 + (int)rng_below(&rng, 35);
        rect(p, top, col, ROWS - top, cols, (struct ink){0.05f, 0.05f, 0.07f});
        for (int j = col + 2; j + 2 < col + cols; j += 4)
            for (int i = top + 3; i + 2 < ROWS; i += 4)
                if (rng_uniform(&rng) < 0.55f)
                    rect(p, i, j, 3, 2, (struct ink){0.95f, 0.85f, 0.5f});
        col += cols + (int)rng_below(&rng, 3);
    }
}

static void draw_street(struct image *p)
{
    gradient(p, 0, ROWS, (struct ink){0.7f, 0.8f, 0.95f}, (struct ink){0.9f, 0.9f, 0.9f});
    for (int j = 0; j < COLS; j++) { /* two fronts that run away to the middle */
        float near = fabsf((float)j - 72) / 72;
        int top = (int)(48 - 46 * near), ground = (int)(56 + 38 * near);
        bool pillar = fmodf(14 / (near + 0.08f), 2) < 0.7f;
        struct ink wall = j < 72 ? (struct ink){0.75f, 0.6f, 0.45f} : (struct ink){0.45f, 0.36f, 0.3f};
        rect(p, top, j, ground - top, 1, pillar ? shade(wall, 0.45f) : wall);
        rect(p, ground, j, ROWS - ground, 1, (struct ink){0.4f, 0.4f, 0.42f});
    }
}

static void draw_harbour(struct image *p)
{
    struct rng rng;
    rng_init(&rng, 4);
    gradient(p, 0, 60, (struct ink){0.6f, 0.75f, 0.95f}, (struct ink){0.95f, 0.85f, 0.75f});
    gradient(p, 60, ROWS, (struct ink){0.35f, 0.5f, 0.6f}, (struct ink){0.15f, 0.3f, 0.4f});
    for (int col = 4; col < COLS - 10;) {
        int cols = 9 + (int)rng_below(&rng, 9), top = 18 + (int)rng_below(&rng, 26);
        struct ink wall = shade((struct ink){0.75f, 0.55f, 0.45f}, rng_between(&rng, 0.5f, 1));
        building(p, top, col, cols, 60, wall, (struct ink){0.2f, 0.22f, 0.3f});
        for (int i = 60; i < 60 + (60 - top) * 2 / 3 && i < ROWS; i++)
            for (int j = col; j < col + cols; j++)
                dot(p, i, j, wall, 0.4f);
        col += cols + 2 + (int)rng_below(&rng, 5);
    }
}

static void draw_old_town(struct image *p)
{
    struct rng rng;
    rng_init(&rng, 5);
    gradient(p, 0, ROWS, (struct ink){0.65f, 0.8f, 0.95f}, (struct ink){0.9f, 0.95f, 1});
    for (int col = 2; col < COLS - 20; col += 24) {
        int eaves = 40 + (int)rng_below(&rng, 12);
        struct ink beam = {0.25f, 0.15f, 0.1f};
        rect(p, eaves, col, ROWS - 6 - eaves, 22, (struct ink){0.93f, 0.88f, 0.76f});
        for (int j = 0; j < 22; j++) /* the roof */
            rect(p, eaves - (11 - abs(j - 11)) * 2, col + j, (11 - abs(j - 11)) * 2, 1,
                 (struct ink){0.65f, 0.25f, 0.15f});
        for (int j = 0; j < 22; j += 7)
            rect(p, eaves, col + j, ROWS - 6 - eaves, 1, beam);
        for (int i = eaves; i < ROWS - 6; i += 15)
            rect(p, i, col, 1, 22, beam);
    }
    rect(p, ROWS - 6, 0, 6, COLS, (struct ink){0.5f, 0.5f, 0.5f});
}

static void draw_haze(struct image *p)
{
    struct rng rng;
    rng_init(&rng, 6);
    gradient(p, 0, ROWS, (struct ink){0.8f, 0.8f, 0.82f}, (struct ink){0.75f, 0.72f, 0.7f});
    for (int far = 0; far < 2; far++)
        for (int col = far * 6; col < COLS;) {
            int cols = 8 + (int)rng_below(&rng, 8), top = 20 + 18 * far + (int)rng_below(&rng, 25);
            struct ink wall = shade((struct ink){0.66f, 0.66f, 0.7f}, 1.03f - 0.16f * (float)far);
            rect(p, top, col, ROWS - top, cols, wall);
            col += cols + 5 + (int)rng_below(&rng, 6);
        }
}

/* ---- landscapes ---- */

static void draw_meadow(struct image *p)
{
    struct rng rng;
    rng_init(&rng, 7);
    gradient(p, 0, 16, (struct ink){0.5f, 0.7f, 0.95f}, (struct ink){0.8f, 0.9f, 1});
    gradient(p, 16, ROWS, (struct ink){0.3f, 0.5f, 0.15f}, (struct ink){0.1f, 0.25f, 0.05f});
    for (int k = 0; k < 5200; k++) { /* short blades, light before dark */
        int row = 18 + (int)rng_below(&rng, ROWS - 16), col = (int)rng_below(&rng, COLS);
        float light = rng_uniform(&rng);
        struct ink ink =
            mix((struct ink){0.02f, 0.1f, 0}, (struct ink){0.85f, 1, 0.45f}, light > 0.5f ? 1 : 0);
        blade(p, row, col, 3 + (int)rng_below(&rng, 3), rng_between(&rng, -2.5f, 2.5f), ink);
    }
}

static void draw_mountains(struct image *p)
{
    struct rng rng;
    rng_init(&rng, 8);
    gradient(p, 0, ROWS, (struct ink){0.35f, 0.55f, 0.9f}, (struct ink){0.85f, 0.9f, 1});
    for (int k = 0; k < 5; k++) {
        int peak = 10 + (int)rng_below(&rng, 25), at = 10 + 30 * k + (int)rng_below(&rng, 10);
        for (int j = 0; j < COLS; j++) {
            int top = peak + (int)(1.3f * (float)abs(j - at) + 2 * rng_uniform(&rng));
            struct ink rock = j < at ? (struct ink){0.45f, 0.42f, 0.45f} : (struct ink){0.28f, 0.27f, 0.32f};
            for (int i = top; i < ROWS; i++)
                dot(p, i, j, i < peak + 16 ? mix((struct ink){1, 1, 1}, rock, j < at ? 0.1f : 0.4f) : rock,
                    1);
        }
    }
    hills(p, &rng, 84, 4, 18, (struct ink){0.15f, 0.3f, 0.15f}, (struct ink){0.1f, 0.2f, 0.1f});
}

static void draw_sea(struct image *p)
{
    struct rng rng;
    rng_init(&rng, 9);
    gradient(p, 0, 40, (struct ink){0.45f, 0.65f, 0.95f}, (struct ink){0.95f, 0.9f, 0.85f});
    gradient(p, 40, ROWS, (struct ink){0.15f, 0.4f, 0.55f}, (struct ink){0.05f, 0.2f, 0.35f});
    for (int k = 0; k < 420; k++) {
        int row = 41 + (int)rng_below(&rng, ROWS - 41), length = 4 + (row - 40) / 4;
        int col = (int)rng_below(&rng, COLS);
        for (int j = 0; j < length; j++)
            dot(p, row, col + j, (struct ink){0.8f, 0.9f, 0.95f}, 0.6f);
    }
}

static void draw_dunes(struct image *p)
{
    struct rng rng;
    rng_init(&rng, 10);
    gradient(p, 0, ROWS, (struct ink){0.4f, 0.6f, 0.9f}, (struct ink){0.9f, 0.9f, 0.85f});
    for (int k = 0; k < 4; k++)
        hills(p, &rng, 42 + 15 * k, 9, 26 + 6 * (float)k, (struct ink){0.95f, 0.8f - 0.06f * (float)k, 0.5f},
              (struct ink){0.7f, 0.5f, 0.28f});
    grain(p, &rng, 0.015f);
}

static void draw_birches(struct image *p)
{
    struct rng rng;
    rng_init(&rng, 11);
    gradient(p, 0, ROWS, (struct ink){0.35f, 0.5f, 0.25f}, (struct ink){0.3f, 0.4f, 0.15f});
    for (int k = 0; k < 1500; k++)
        dot(p, (int)rng_below(&rng, 60), (int)rng_below(&rng, COLS), (struct ink){0.6f, 0.75f, 0.3f}, 0.7f);
    for (int k = 0; k < 9; k++) {
        int col = 6 + 16 * k + (int)rng_below(&rng, 6), cols = 2 + (int)rng_below(&rng, 3);
        float lean = rng_between(&rng, -8, 8);
        for (int i = 0; i < 92; i++) {
            struct ink bark =
                rng_uniform(&rng) < 0.2f ? (struct ink){0.2f, 0.2f, 0.2f} : (struct ink){0.85f, 0.85f, 0.8f};
            rect(p, i, col + (int)lrintf(lean * (float)i / 92), 1, cols, bark);
        }
    }
}

static void draw_pebbles(struct image *p)
{
    struct rng rng;
    rng_init(&rng, 12);
    gradient(p, 0, ROWS, (struct ink){0.3f, 0.28f, 0.25f}, (struct ink){0.25f, 0.23f, 0.2f});
    for (int k = 0; k < 420; k++) {
        int row = (int)rng_below(&rng, ROWS), col = (int)rng_below(&rng, COLS);
        float a = rng_between(&rng, 3, 7), b = rng_between(&rng, 2, 4),
              light = rng_between(&rng, 0.3f, 0.95f);
        for (int i = -4; i <= 4; i++)
            for (int j = -7; j <= 7; j++) {
                float from = (float)(j * j) / (a * a) + (float)(i * i) / (b * b);
                if (from <= 1)
                    dot(p, row + i, col + j,
                        shade((struct ink){1, 0.95f, 0.88f}, light * (1.1f - 0.35f * from)), 1);
            }
    }
}

/* ---- the table ---- */

const struct scene scenes[] = {
    {"towers", "tall houses with glass from top to bottom, by day", true, draw_towers},
    {"night", "lit windows against the dark", true, draw_night},
    {"street", "two rows of pillared fronts that run away from the eye", true, draw_street},
    {"harbour", "houses with their image in the water", true, draw_harbour},
    {"old-town", "steep roofs and timber frames", true, draw_old_town},
    {"haze", "a skyline that can hardly be made out", true, draw_haze},
    {"meadow", "short blades of grass, light on dark", false, draw_meadow},
    {"mountains", "rock, snow and a wood in front", false, draw_mountains},
    {"sea", "waves up to the horizon", false, draw_sea},
    {"dunes", "sand", false, draw_dunes},
    {"birches", "slim leaning trunks", false, draw_birches},
    {"pebbles", "round stones", false, draw_pebbles},
    {NULL, NULL, false, NULL},
};

int scenes_count(void)
{
    int count = 0;
    while (scenes[count].name)
        count++;
    return count;
}

enum err scene_find(const char *name, int *index, struct diag *diag)
{
    struct text known = {0};
    for (*index = 0; scenes[*index].name; ++*index)
        if (strcmp(scenes[*index].name, name) == 0)
            return ERR_NONE;
    for (int i = 0; scenes[i].name; i++)
        text_listed(&known, scenes[i].name, !scenes[i + 1].name);
    return text_unknown(diag, NULL, 0, "scene", name, &known);
}

enum err scene_picture(int index, struct image *out, struct diag *diag)
{
    assert(index >= 0 && index < scenes_count());
    *out = (struct image){{3, ROWS, COLS}, mem_floats((size_t)3 * ROWS * COLS)};
    if (!out->data)
        return diag_memory(diag, "a picture");
    scenes[index].draw(out);
    return ERR_NONE;
}
