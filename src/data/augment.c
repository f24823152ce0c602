#include "data/augment.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum kind { SHIFT, FLIP, ROTATE, SKEW, ZOOM, DARKEN, LIGHTEN, CONTRAST, COLOUR, NOISE };

const struct augment_type augment_types[] = {
    [SHIFT] = {"shift", "pixels", "moved by whole pixels, up to so many each way", 2, 0, 64},
    [FLIP] = {"flip", "", "left and right exchanged, with this probability", 0.5f, 0, 1},
    [ROTATE] = {"rotate", "degrees", "turned about the middle, up to so far either way", 10, 0, 180},
    [SKEW] = {"skew", "degrees", "leaning, up to so far either way", 10, 0, 60},
    [ZOOM] = {"zoom", "", "larger or smaller by up to this share", 0.1f, 0, 1},
    [DARKEN] = {"darken", "", "nearer to black by up to this share", 0.3f, 0, 1},
    [LIGHTEN] = {"lighten", "", "nearer to white by up to this share", 0.3f, 0, 1},
    [CONTRAST] = {"contrast", "", "nearer to its mean or away from it by up to this share", 0.3f, 0, 1},
    [COLOUR] = {"colour", "", "each of three channels stronger or weaker by up to this share", 0.2f, 0, 1},
    [NOISE] = {"noise", "", "normal noise of this standard deviation on every value", 0.05f, 0, 1},
    {NULL, NULL, NULL, 0, 0, 0},
};

/* ---- the list ---- */

static int find_type(const char *name, size_t length)
{
    for (int i = 0; augment_types[i].name; i++)
        if (strlen(augment_types[i].name) == length && strncmp(augment_types[i].name, name, length) == 0)
            return i;
    return -1;
}

static enum err unknown(const char *name, size_t length, struct diag *diag)
{
    struct text known = {0};
    for (int i = 0; augment_types[i].name; i++)
        text_format(&known, " %s", augment_types[i].name);
    enum err err = diag_fail(diag, ERR_UNKNOWN, NULL, 0, "no augmentation '%.*s'; there are%s",
                             (int)(length < 60 ? length : 60), name, text_str(&known));
    text_free(&known);
    return err;
}

/* "name" or "name=amount" */
static enum err parse_step(const char *word, size_t length, struct augment *out, struct diag *diag)
{
    size_t name = strcspn(word, ",=");
    int type = find_type(word, name);
    if (type < 0)
        return unknown(word, name, diag);
    for (int i = 0; i < out->count; i++)
        if (out->step[i].type == type)
            return diag_fail(diag, ERR_USAGE, NULL, 0, "augmentation '%s' stands there twice",
                             augment_types[type].name);
    const struct augment_type *t = &augment_types[type];
    double amount = (double)t->amount;
    char number[32];
    if (name < length) {
        size_t digits = length - name - 1;
        snprintf(number, sizeof number, "%.*s", (int)(digits < 31 ? digits : 31), word + name + 1);
        if (digits > 31 || !text_real(number, &amount) || amount < (double)t->low || amount > (double)t->high)
            return diag_fail(diag, ERR_RANGE, NULL, 0,
                             "augmentation '%s=%s': a number from %g to %g%s%s was expected", t->name, number,
                             (double)t->low, (double)t->high, *t->unit ? " " : "", t->unit);
    }
    out->step[out->count++] = (struct augment_step){type, (float)amount};
    return ERR_NONE;
}

enum err augment_parse(const char *list, struct augment *out, struct diag *diag)
{
    struct augment made = {0};
    for (const char *at = list; at && *at;) {
        size_t length = strcspn(at, ",");
        enum err err = parse_step(at, length, &made, diag);
        if (err)
            return err;
        at += length;
        if (*at && !*++at)
            return diag_fail(diag, ERR_USAGE, NULL, 0, "the list of augmentations ends with a comma");
    }
    *out = made;
    return ERR_NONE;
}

/* ---- where things lie: from a place in the new image to one in the old, both from the middle ---- */

struct map {
    float xx, xy, yx, yy, x, y;
};
static const struct map identity = {1, 0, 0, 1, 0, 0};

/* First b, then a. */
static struct map compose(struct map a, struct map b)
{
    return (struct map){
        .xx = a.xx * b.xx + a.xy * b.yx,
        .xy = a.xx * b.xy + a.xy * b.yy,
        .yx = a.yx * b.xx + a.yy * b.yx,
        .yy = a.yx * b.xy + a.yy * b.yy,
        .x = a.xx * b.x + a.xy * b.y + a.x,
        .y = a.yx * b.x + a.yy * b.y + a.y,
    };
}

static float radians(float degrees)
{
    return degrees * 0.017453292f;
}

static struct map draw_map(enum kind kind, float amount, struct rng *rng)
{
    struct map m = identity;
    float angle, factor;
    int most = (int)amount;
    switch (kind) {
    case SHIFT:
        m.x = (float)((int)rng_below(rng, 2 * (uint32_t)most + 1) - most);
        m.y = (float)((int)rng_below(rng, 2 * (uint32_t)most + 1) - most);
        break;
    case FLIP:
        m.xx = rng_uniform(rng) < amount ? -1 : 1;
        break;
    case ROTATE:
        angle = radians(rng_between(rng, -amount, amount));
        m.xx = m.yy = cosf(angle);
        m.yx = sinf(angle);
        m.xy = -m.yx;
        break;
    case SKEW:
        m.xy = tanf(radians(rng_between(rng, -amount, amount)));
        break;
    case ZOOM: /* as often larger as smaller */
        factor = log1pf(amount);
        m.xx = m.yy = expf(rng_between(rng, -factor, factor));
        break;
    default:
        break;
    }
    return m;
}

/* Nothing between the pixels is asked for: flips and shifts stay exact. */
static bool is_whole(const struct map *m)
{
    return fabsf(m->xx) == 1 && m->xy == 0 && m->yx == 0 && m->yy == 1;
}

static void sample_whole(const struct map *m, struct shape s, const float *from, float *to)
{
    int dx = (int)m->x + (m->xx < 0 ? s.w - 1 : 0), dy = (int)m->y, step = (int)m->xx;
    for (int c = 0; c < s.c; c++)
        for (int i = 0; i < s.h; i++) {
            bool inside = i + dy >= 0 && i + dy < s.h;
            const float *row = from + (size_t)(c * s.h + (inside ? i + dy : 0)) * (size_t)s.w;
            for (int j = 0; j < s.w; j++) {
                int at = dx + step * j;
                *to++ = inside && at >= 0 && at < s.w ? row[at] : 0;
            }
        }
}

static float pixel(const float *plane, struct shape s, int i, int j)
{
    return i >= 0 && i < s.h && j >= 0 && j < s.w ? plane[(size_t)i * (size_t)s.w + (size_t)j] : 0;
}

static void sample_bilinear(const struct map *m, struct shape s, const float *from, float *to)
{
    float mx = 0.5f * (float)(s.w - 1), my = 0.5f * (float)(s.h - 1);
    size_t plane = (size_t)s.h * (size_t)s.w;
    for (int i = 0; i < s.h; i++)
        for (int j = 0; j < s.w; j++, to++) {
            float u = (float)j - mx, v = (float)i - my;
            float x = m->xx * u + m->xy * v + m->x + mx, y = m->yx * u + m->yy * v + m->y + my;
            bool near = x > -1 && x < (float)s.w && y > -1 && y < (float)s.h;
            int left = near ? (int)floorf(x) : 0, top = near ? (int)floorf(y) : 0;
            float a = x - (float)left, b = y - (float)top;
            for (int c = 0; c < s.c; c++) {
                const float *p = from + (size_t)c * plane;
                to[(size_t)c * plane] =
                    near ? (1 - b) * ((1 - a) * pixel(p, s, top, left) + a * pixel(p, s, top, left + 1)) +
                               b * ((1 - a) * pixel(p, s, top + 1, left) + a * pixel(p, s, top + 1, left + 1))
                         : 0;
            }
        }
}

/* ---- how bright things are ---- */

static float mean(const float *x, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)x[i];
    return (float)(sum / (double)count);
}

/* x * factor + offset, for what is one line from the old value to the new */
static void scale(float *x, size_t count, float factor, float offset)
{
    for (size_t i = 0; i < count; i++)
        x[i] = factor * x[i] + offset;
}

static void change_tone(enum kind kind, float amount, struct shape s, struct rng *rng, float *x)
{
    size_t count = shape_count(s), plane = (size_t)s.h * (size_t)s.w;
    float factor;
    switch (kind) {
    case DARKEN:
        scale(x, count, 1 - amount * rng_uniform(rng), 0);
        break;
    case LIGHTEN:
        factor = 1 - amount * rng_uniform(rng);
        scale(x, count, factor, 1 - factor);
        break;
    case CONTRAST:
        factor = 1 + rng_between(rng, -amount, amount);
        scale(x, count, factor, (1 - factor) * mean(x, count));
        break;
    case COLOUR:
        for (int c = 0; c < s.c && s.c == 3; c++)
            scale(x + (size_t)c * plane, plane, 1 + rng_between(rng, -amount, amount), 0);
        break;
    case NOISE:
        for (size_t i = 0; i < count; i++)
            x[i] += amount * rng_normal(rng);
        break;
    default:
        return;
    }
    for (size_t i = 0; i < count; i++)
        x[i] = x[i] < 0 ? 0 : x[i] > 1 ? 1 : x[i];
}

/* ---- together ---- */

size_t augment_scratch(struct shape shape)
{
    return shape_count(shape) * sizeof(float);
}

/* Each kind has a stream of its own, so that what it draws doesn't depend on what else is in the list. */
static struct rng stream(uint64_t key, int type)
{
    struct rng rng;
    rng_init(&rng, rng_key(key, (uint64_t)type, 0));
    return rng;
}

void augment_apply(const struct augment *a, struct shape shape, uint64_t key, float *x, float *scratch)
{
    struct map m = identity;
    for (int i = 0; i < a->count; i++)
        if (a->step[i].amount > 0 && a->step[i].type < DARKEN) {
            struct rng rng = stream(key, a->step[i].type);
            m = compose(m, draw_map((enum kind)a->step[i].type, a->step[i].amount, &rng));
        }
    bool whole = is_whole(&m);
    if (!whole || m.xx < 0 || m.x != 0 || m.y != 0) {
        memcpy(scratch, x, augment_scratch(shape));
        if (whole)
            sample_whole(&m, shape, scratch, x);
        else
            sample_bilinear(&m, shape, scratch, x);
    }
    for (int i = 0; i < a->count; i++)
        if (a->step[i].amount > 0 && a->step[i].type >= DARKEN) {
            struct rng rng = stream(key, a->step[i].type);
            change_tone((enum kind)a->step[i].type, a->step[i].amount, shape, &rng, x);
        }
}
