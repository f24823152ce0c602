#include "explain/maximise.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/strip.h"

enum { NUMBERS = 3 }; /* of a moment: step, activation, gradient norm */
enum chance { CHANCE_START, CHANCE_JITTER };

struct maximiser {
    const struct net *net;
    size_t count; /* numbers of a picture */
    struct pass *pass;
    struct maximise_options options;
    struct unit unit;
    int steps;
    float activation, norm;
    float *x, *dx;       /* the picture, and the gradient there */
    float *seen, *dseen; /* the same as the network sees it: jittered */
    float *map;          /* the widest layer's output */
    float *plane;        /* scratch of the switches */
    float *pictures, *numbers;
    struct strip film, captions; /* in step with each other; the film has one place more, for the newest */
    struct strip curve;
    float curve_numbers[MAXIMISE_CURVE * NUMBERS];
};

float maximise_step(const struct net *net)
{
    return sqrtf((float)shape_count(net->in)) / 50;
}

struct unit maximise_place(const struct net *net, struct unit unit)
{
    struct shape out = net->layer[unit.layer].out;
    if (unit.row < 0 || unit.col < 0) {
        unit.row = out.h / 2;
        unit.col = out.w / 2;
    }
    return unit;
}

enum err maximise_new(const struct net *net, int frames, struct maximiser **out, struct diag *diag)
{
    size_t count = shape_count(net->in);
    assert(frames >= 2);
    struct maximiser *m = calloc(1, sizeof *m);
    if (!m)
        return diag_memory(diag, "gradient ascent");
    *m = (struct maximiser){.net = net, .count = count};
    m->x = mem_floats(count);
    m->dx = mem_floats(count);
    m->seen = mem_floats(count);
    m->dseen = mem_floats(count);
    m->map = mem_floats(net_widest(net));
    m->plane = mem_floats(2 * (size_t)net->in.h * (size_t)net->in.w);
    m->pictures = mem_floats((size_t)frames * count);
    m->numbers = mem_floats((size_t)frames * NUMBERS);
    m->film.most = frames - 1;
    bool room = m->x && m->dx && m->seen && m->dseen && m->map && m->plane && m->pictures && m->numbers;
    enum err err = room ? ERR_NONE : diag_memory(diag, "gradient ascent");
    if (!err)
        err = pass_new(net, (struct pass_options){.capacity = 1, .lanes = 1, .keep = true, .backward = true},
                       &m->pass, diag);
    if (err) {
        maximise_free(m);
        return err;
    }
    *out = m;
    return ERR_NONE;
}

void maximise_free(struct maximiser *m)
{
    if (!m)
        return;
    pass_free(m->pass);
    free(m->x);
    free(m->dx);
    free(m->seen);
    free(m->dseen);
    free(m->map);
    free(m->plane);
    free(m->pictures);
    free(m->numbers);
    free(m);
}

void maximise_change(struct maximiser *m, const struct maximise_options *options)
{
    m->options = *options;
    if (!(m->options.step > 0))
        m->options.step = maximise_step(m->net);
}

void maximise_begin(struct maximiser *m, const struct maximise_options *options, struct unit unit,
                    const float *start)
{
    struct rng rng;
    assert(unit.layer >= 0 && unit.layer < m->net->layers);
    m->unit = maximise_place(m->net, unit);
    struct shape out = m->net->layer[unit.layer].out;
    assert(unit.channel >= 0 && unit.channel < out.c && m->unit.row < out.h && m->unit.col < out.w);
    maximise_change(m, options);
    m->steps = 0;
    m->activation = m->norm = NAN;
    strip_begin(&m->film, m->count, m->film.most, m->pictures);
    strip_begin(&m->captions, NUMBERS, m->film.most, m->numbers);
    strip_begin(&m->curve, NUMBERS, MAXIMISE_CURVE - 1, m->curve_numbers);
    rng_init(&rng, rng_key(options->seed, 0, CHANCE_START));
    for (size_t i = 0; i < m->count; i++)
        m->x[i] = start ? start[i] : rng_between(&rng, 0.45f, 0.55f);
}

/* ---- a step ---- */

static size_t place_of(const struct maximiser *m)
{
    struct shape out = m->net->layer[m->unit.layer].out;
    return ((size_t)m->unit.channel * (size_t)out.h + (size_t)m->unit.row) * (size_t)out.w +
           (size_t)m->unit.col;
}

static float answer_to(struct maximiser *m, const struct weights *w, const float *x)
{
    net_forward(m->net, w, m->pass, 1, x, MODE_INFER);
    pass_read(m->pass, m->unit.layer, 0, m->map);
    return m->map[place_of(m)];
}

/* Fills dx with the gradient at x, activation and norm with what was found there. */
static void look_uphill(struct maximiser *m, const struct weights *w)
{
    const struct maximise_options *o = &m->options;
    struct shape in = m->net->in;
    struct rng rng;
    int down = 0, right = 0;
    if (o->jitter > 0) {
        rng_init(&rng, rng_key(o->seed, (uint64_t)m->steps, CHANCE_JITTER));
        down = (int)rng_below(&rng, 2 * (uint32_t)o->jitter + 1) - o->jitter;
        right = (int)rng_below(&rng, 2 * (uint32_t)o->jitter + 1) - o->jitter;
    }
    regularise_roll(in, m->x, down, right, m->seen);
    m->activation = answer_to(m, w, m->seen);
    memset(m->map, 0, shape_count(m->net->layer[m->unit.layer].out) * sizeof *m->map);
    m->map[place_of(m)] = 1;
    net_backward(m->net, w, m->pass, m->unit.layer, m->map, NULL, m->dseen);
    regularise_roll(in, m->dseen, -down, -right, m->dx);
    double squares = 0;
    for (size_t i = 0; i < m->count; i++)
        squares += (double)m->dx[i] * (double)m->dx[i];
    m->norm = (float)sqrt(squares);
}

static void climb(struct maximiser *m)
{
    const struct maximise_options *o = &m->options;
    float scale = m->norm > 0 ? o->step / m->norm : 0;
    for (size_t i = 0; i < m->count; i++)
        m->x[i] = fminf(fmaxf(m->x[i] + scale * m->dx[i], 0), 1);
    if (o->decay > 0)
        regularise_decay(m->count, m->x, o->decay, o->ground);
    if (o->blur > 0 && (o->blur_every < 2 || (m->steps + 1) % o->blur_every == 0))
        regularise_blur(m->net->in, m->x, o->blur, m->plane);
    if (o->clip > 0)
        regularise_clip(m->net->in, m->x, o->clip, o->ground, m->plane);
}

void maximise_more(struct maximiser *m, const struct weights *weights, int steps)
{
    for (int k = 0; k < steps; k++) {
        look_uphill(m, weights);
        float moment[NUMBERS] = {(float)m->steps, m->activation, m->norm};
        strip_offer(&m->film, m->x);
        strip_offer(&m->captions, moment);
        strip_offer(&m->curve, moment);
        climb(m);
        m->steps++;
    }
    m->activation = answer_to(m, weights, m->x);
}

/* ---- what came of it ---- */

struct unit maximise_unit(const struct maximiser *m)
{
    return m->unit;
}

int maximise_steps(const struct maximiser *m)
{
    return m->steps;
}

const float *maximise_picture(const struct maximiser *m)
{
    return m->x;
}

float maximise_activation(const struct maximiser *m)
{
    return m->activation;
}

float maximise_norm(const struct maximiser *m)
{
    return m->norm;
}

/* Moment i of a strip, or behind its last one the newest picture. */
static struct maximise_frame moment_of(const struct maximiser *m, const struct strip *numbers, int i)
{
    if (i == numbers->kept)
        return (struct maximise_frame){m->steps, m->activation, NAN, m->x};
    const float *n = numbers->data + (size_t)i * NUMBERS;
    return (struct maximise_frame){(int)n[0], n[1], n[2], NULL};
}

int maximise_frames(const struct maximiser *m)
{
    return m->film.kept + 1;
}

struct maximise_frame maximise_frame(const struct maximiser *m, int i)
{
    assert(i >= 0 && i <= m->film.kept);
    struct maximise_frame f = moment_of(m, &m->captions, i);
    if (i < m->film.kept)
        f.picture = m->pictures + (size_t)i * m->count;
    return f;
}

int maximise_curve(const struct maximiser *m, struct maximise_frame *out)
{
    for (int i = 0; i <= m->curve.kept; i++)
        out[i] = moment_of(m, &m->curve, i);
    return m->curve.kept + 1;
}

int maximise_before(const struct net *net, int layer)
{
    const struct layer *l = &net->layer[layer];
    return strcmp(l->type->name, "relu") == 0 ? l->in[0] : -1;
}

void maximise_explain(const struct net *net, struct unit unit, float norm, char *text, size_t size)
{
    const char *name = net->layer[unit.layer].name;
    int before = maximise_before(net, unit.layer);
    bool relu = false;
    for (int l = 0; l < unit.layer; l++)
        relu |= strcmp(net->layer[l].type->name, "relu") == 0;
    if (norm != 0)
        *text = 0;
    else if (before >= 0)
        snprintf(text, size,
                 "The gradient is 0: the unit stands behind a ReLU that is off. Start before it, at %s.",
                 net->layer[before].name);
    else if (relu)
        snprintf(text, size,
                 "The gradient is 0: no ReLU before %s that is on leads to the unit. Start elsewhere.", name);
    else
        snprintf(text, size, "The gradient is 0: nothing that the unit of %s sees changes it.", name);
}
