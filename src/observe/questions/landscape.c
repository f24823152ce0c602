/**
 * The loss around the sample, as far as twice the attack's epsilon.
 *
 * Parts: "corridor", one for each direction, {points, 1, 1}: the loss from -reach to reach along it; the first direction is the gradient's (its signs in L-infinity), the
 * others are random, of the same length. "plane" {1, side, side}: the loss where the first two span a plane, the gradient to the right; "class" likewise:
 * what the network says there. "reach" {1, 1, 1}. A network that takes long gets fewer points, never fewer directions.
 */
#include <math.h>

#include "attack/landscape.h"
#include "base/rng.h"
#include "observe/questions/questions.h"

enum { CORRIDOR, PLANE, CLASS, REACH, DIRECTIONS = 21, POINTS_MOST = 33, SIDE_MOST = 33, SIDE_LEAST = 9 };
static const double work = 1e10; /* multiply-adds that one answer may cost: a second or two */

struct extent {
    int points, side;
};

/* As much as there is time for, and odd numbers, so that the sample is in the middle. Of the directions none is left out. */
static struct extent extent_of(const struct net *net)
{
    struct extent e = {POINTS_MOST, SIDE_MOST};
    double cost = net_multiply_adds(net);
    while (cost * (DIRECTIONS * e.points + e.side * e.side) > work && e.side > SIDE_LEAST) {
        e.points -= 4;
        e.side -= 4;
    }
    return e;
}

static bool fits(const struct net *net, int layer)
{
    (void)net, (void)layer;
    return true;
}

static void shape(const struct net *net, const struct question *q, struct answer *out)
{
    struct extent e = extent_of(net);
    (void)q;
    answer_add(out, "corridor", DIRECTIONS, (struct shape){e.points, 1, 1});
    answer_add(out, "plane", 1, (struct shape){1, e.side, e.side});
    answer_add(out, "class", 1, (struct shape){1, e.side, e.side});
    answer_add(out, "reach", 1, (struct shape){1, 1, 1});
}

static void answer(const struct probe *probe, const struct question *q, struct answer *out)
{
    const struct net *net = probe->net;
    const struct weights *w = &probe->moment->weights;
    struct extent e = extent_of(net);
    size_t count = shape_count(net->in);
    float *u = probe->scratch[2], *v = probe->scratch[3];
    int says[SIDE_MOST * SIDE_MOST] = {0};
    enum norm norm = q->options.norm;
    float reach = isfinite(q->options.eps) ? 2 * q->options.eps : 1;
    struct landscape l = {
        .x = probe->sample->x, .u = v, .reach = reach, .across = e.points, .down = 1, .until = &q->options};
    pass_read_gradient(probe->pass, NET_INPUT, 0, probe->scratch[0]);
    landscape_uphill(norm, count, probe->scratch[0], u);
    for (int d = 0; d < DIRECTIONS; d++) {
        landscape_random(norm, count, rng_key(q->options.seed, (uint64_t)probe->sample->index, (uint64_t)d),
                         v);
        l.u = d == 0 ? u : v;
        landscape_run(&l, net, w, probe->side, PROBE_SIDE, probe->label,
                      out->part[CORRIDOR].data + (size_t)d * (size_t)e.points, NULL, probe->scratch[1]);
    }
    l = (struct landscape){probe->sample->x, u, v, reach, e.side, e.side, &q->options};
    landscape_random(norm, count, rng_key(q->options.seed, (uint64_t)probe->sample->index, 1), v);
    landscape_run(&l, net, w, probe->side, PROBE_SIDE, probe->label, out->part[PLANE].data, says,
                  probe->scratch[1]);
    for (int i = 0; i < e.side * e.side; i++)
        out->part[CLASS].data[i] = (float)says[i];
    *out->part[REACH].data = reach;
}

const struct question_type question_landscape = {
    .name = "landscape",
    .help = "the loss around the sample: uphill, along random directions, and over a plane of both",
    .lecture = "L77, L78",
    .needs_attack = true,
    .fits = fits,
    .shape = shape,
    .answer = answer,
};
