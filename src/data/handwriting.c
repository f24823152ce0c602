/**
 * From joints to pixels. The hands of a glyph are blended with random shares and every joint is moved a little; a spline through them gives the
 * path of the pen; slow waves bend the paper; slant, aspect and a turn make the writer; pressure and a broad nib make the ink.
 * Then what MNIST's makers did: scaled to a box of 20 pixels, centred by its mass. Ink is the distance to the path, with a soft edge.
 *
 * The spreads below were chosen so that means and deviations of ink, slant, extent and stroke width come out, digit by digit, close to those
 * of MNIST's training images; a network that has only seen these digits then reads people's.
 */
#include "data/handwriting.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/rng.h"
#include "data/glyphs.h"
#include "data/pen.h"

enum { SIDE = HANDWRITING_SIDE, SPAN = 4, PATH_MAX_POINTS = SPAN * GLYPH_JOINTS + 1, WAVES = 3 };
/* The box is smaller by half a soft edge either side; a pixel's middle is half a pixel from its corner. */
static const float box = 19.4f, middle_of_mass = SIDE / 2 + 0.5f, turn = 6.2831853f;

/* The path of the pen; `down` where a stroke begins. */
struct path {
    int n;
    float x[PATH_MAX_POINTS], y[PATH_MAX_POINTS], radius[PATH_MAX_POINTS];
    bool down[PATH_MAX_POINTS];
};

/* ---- the joints ---- */

static const struct glyph *choose_glyph(const struct glyph *list, struct rng *rng)
{
    int sum = 0;
    for (const struct glyph *g = list; g->pen; g++)
        sum += g->weight;
    int at = (int)rng_below(rng, (uint32_t)sum);
    while (at >= list->weight)
        at -= (list++)->weight;
    return list;
}

/* Shares of the hands, evenly from all that add up to 1, and then a little beyond the hands themselves. */
static void blend(const struct glyph *g, int joints, struct rng *rng, float *x, float *y)
{
    float share[GLYPH_HANDS], sum = 0;
    static const float beyond = 1.25f;
    for (int h = 0; h < g->hands; h++)
        sum += share[h] = -logf(1 - rng_uniform(rng));
    for (int j = 0; j < joints; j++)
        x[j] = y[j] = 0;
    for (int h = 0; h < g->hands; h++) {
        float s = beyond * share[h] / sum + (1 - beyond) / (float)g->hands;
        for (int j = 0; j < joints; j++) {
            x[j] += s * 0.01f * (float)g->at[h][2 * j];
            y[j] += s * 0.01f * (float)g->at[h][2 * j + 1];
        }
    }
}

/* Hands aren't steady, and least so where a stroke begins or ends. */
static void shake(const char *pen, int joints, struct rng *rng, float *x, float *y)
{
    float much = rng_between(rng, 0.008f, 0.04f);
    for (int j = 0; j < joints; j++) {
        bool end = pen[j] == 'd' || j + 1 == joints || pen[j + 1] == 'd';
        float s = end ? 1.5f * much : much;
        x[j] += s * rng_normal(rng);
        y[j] += s * rng_normal(rng);
    }
}

/* ---- the path ---- */

static void add_point(struct path *p, float x, float y, bool down)
{
    assert(p->n < PATH_MAX_POINTS);
    p->x[p->n] = x;
    p->y[p->n] = y;
    p->down[p->n++] = down;
}

static float spline(float a, float b, float c, float d, float t)
{
    return b + 0.5f * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

/* Catmull and Rom 1974 through joints first..last, which the pen passes smoothly; its first point is there already. */
static void add_curve(struct path *p, const float *x, const float *y, int first, int last)
{
    for (int j = first; j < last; j++) {
        int a = j > first ? j - 1 : j, d = j + 2 <= last ? j + 2 : last;
        for (int i = 1; i <= SPAN; i++) {
            float t = (float)i / SPAN;
            add_point(p, spline(x[a], x[j], x[j + 1], x[d], t), spline(y[a], y[j], y[j + 1], y[d], t), false);
        }
    }
}

/* Stroke by stroke, and in each from corner to corner. */
static void trace(struct path *p, const char *pen, int joints, const float *x, const float *y)
{
    p->n = 0;
    for (int first = 0, end; first < joints; first = end) {
        for (end = first + 1; end < joints && pen[end] != 'd';)
            end++;
        add_point(p, x[first], y[first], true);
        for (int from = first, j = first + 1; j < end; j++)
            if (pen[j] == 'c' || j + 1 == end) {
                add_curve(p, x, y, from, j);
                from = j;
            }
    }
}

/* ---- the writer and the pen ---- */

/* The paper isn't flat. */
static void bend(struct path *p, struct rng *rng)
{
    float much = rng_between(rng, 0, 0.03f);
    for (int w = 0; w < WAVES; w++) {
        float fx = turn * rng_between(rng, -1, 1), fy = turn * rng_between(rng, -1, 1),
              phase = turn * rng_uniform(rng), ax = much * rng_normal(rng), ay = much * rng_normal(rng);
        for (int i = 0; i < p->n; i++) {
            float wave = sinf(fx * p->x[i] + fy * p->y[i] + phase);
            p->x[i] += ax * wave;
            p->y[i] += ay * wave;
        }
    }
}

/* The writer: where the waist lies, how much wider the top is than the foot, how wide everything, how it leans and turns. */
static void slant(struct path *p, struct rng *rng)
{
    float waist = 0.27f * rng_normal(rng), side = 0.15f * rng_normal(rng), taper = 0.22f * rng_normal(rng),
          wide = expf(0.23f * rng_normal(rng)), lean = 0.11f + 0.28f * rng_normal(rng),
          angle = 0.1f * rng_normal(rng), c = cosf(angle), s = sinf(angle);
    for (int i = 0; i < p->n; i++) {
        float x = p->x[i] - 0.33f, y = p->y[i];
        y += waist * y * (1 - y);
        x *= wide * (1 + taper * (0.5f - y));
        x += side * y * (1 - y) - lean * y;
        p->x[i] = c * x - s * y;
        p->y[i] = s * x + c * y;
    }
}

/* Half the width of the stroke, in pixels: a slow wave of pressure along the path, and a nib that is broader one way. */
static void ink(struct path *p, struct rng *rng)
{
    float length = 0;
    for (int i = 1; i < p->n; i++)
        length += p->down[i] ? 0 : hypotf(p->x[i] - p->x[i - 1], p->y[i] - p->y[i - 1]);
    float middle = 1.4f * powf(length, -0.2f) * expf(0.28f * rng_normal(rng)),
          press = rng_between(rng, 0, 0.2f), pace = rng_between(rng, 0.03f, 0.25f),
          phase = turn * rng_uniform(rng), broad = rng_between(rng, 0, 0.22f), nib = turn * rng_uniform(rng),
          cn = cosf(nib), sn = sinf(nib);
    for (int i = 0; i < p->n; i++) {
        int a = i > 0 && !p->down[i] ? i - 1 : i, b = i + 1 < p->n && !p->down[i + 1] ? i + 1 : i;
        float dx = p->x[b] - p->x[a], dy = p->y[b] - p->y[a], square = dx * dx + dy * dy + 1e-9f;
        float along =
            ((dx * dx - dy * dy) * cn + 2 * dx * dy * sn) / square; /* cos of twice the angle to the nib */
        float r = middle * (1 + press * sinf(pace * (float)i + phase) + broad * along);
        p->radius[i] = r > 0.5f ? r : 0.5f;
    }
}

/* ---- the paper ---- */

static void place(struct path *p, struct rng *rng)
{
    float left = 1e9f, right = -1e9f, top = 1e9f, bottom = -1e9f, thick = 0;
    for (int i = 0; i < p->n; i++) {
        left = fminf(left, p->x[i]);
        right = fmaxf(right, p->x[i]);
        top = fminf(top, p->y[i]);
        bottom = fmaxf(bottom, p->y[i]);
        thick += p->radius[i] / (float)p->n;
    }
    float size = box * (1 + 0.03f * rng_normal(rng)),
          scale = (size - 2 * thick) / fmaxf(right - left, bottom - top);
    float mass = 1e-9f, mx = 0, my = 0;
    for (int i = 1; i < p->n; i++) {
        if (p->down[i])
            continue;
        float m = hypotf(p->x[i] - p->x[i - 1], p->y[i] - p->y[i - 1]) * (p->radius[i] + p->radius[i - 1]);
        mass += m;
        mx += m * 0.5f * (p->x[i] + p->x[i - 1]);
        my += m * 0.5f * (p->y[i] + p->y[i - 1]);
    }
    float dx = middle_of_mass + 0.4f * rng_normal(rng), dy = middle_of_mass + 0.4f * rng_normal(rng);
    for (int i = 0; i < p->n; i++) {
        p->x[i] = (p->x[i] - mx / mass) * scale + dx;
        p->y[i] = (p->y[i] - my / mass) * scale + dy;
    }
}

static struct nib nib_at(const struct path *p, int i)
{
    return (struct nib){p->x[i], p->y[i], p->radius[i]};
}

static void draw(const struct path *p, struct rng *rng, uint8_t *pixels)
{
    float ink_at[SIDE * SIDE] = {0}, soft = rng_between(rng, 0.9f, 1.4f);
    for (int i = 1; i < p->n; i++)
        if (!p->down[i])
            pen_piece(ink_at, SIDE, SIDE, nib_at(p, i - 1), nib_at(p, i), soft, false);
    for (int i = 0; i < SIDE * SIDE; i++)
        pixels[i] = (uint8_t)(255 * ink_at[i] + 0.5f);
}

int handwriting_label(uint64_t key)
{
    struct rng rng;
    rng_init(&rng, key);
    return (int)rng_below(&rng, GLYPH_DIGITS);
}

void handwriting_draw(uint64_t key, uint8_t pixels[SIDE * SIDE])
{
    struct rng rng;
    rng_init(&rng, key);
    const struct glyph *g = choose_glyph(glyphs[rng_below(&rng, GLYPH_DIGITS)], &rng);
    int joints = (int)strlen(g->pen);
    float x[GLYPH_JOINTS], y[GLYPH_JOINTS];
    struct path path;
    blend(g, joints, &rng, x, y);
    shake(g->pen, joints, &rng, x, y);
    trace(&path, g->pen, joints, x, y);
    bend(&path, &rng);
    slant(&path, &rng);
    ink(&path, &rng);
    place(&path, &rng);
    draw(&path, &rng, pixels);
}
