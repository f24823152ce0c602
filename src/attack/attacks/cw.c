/**
 * Carlini and Wagner's L2 attack: the smallest perturbation, found by gradient descent on its size and the logits together. Carlini and Wagner 2016, section V.
 *
 *     minimise  ||x' - x||_2^2 + c * max(z_y - max of the others + confidence, 0)      (targeted: the other way round)
 *     where     x' = (tanh(w) + 1) / 2                                                so that x' is in [0,1] whatever w is
 *
 * by Adam on w from the clean image. The constant c is searched: larger where it failed, between the two where it succeeded; the closest success of all is kept.
 * Where there was none the image stays as it is. The size is measured in L2 whatever the norm of eps.
 */
#include <math.h>
#include <string.h>

#include "attack/attacks/attacks.h"

enum { ITERATIONS = 100, SEARCHES = 9, CHUNK = 32 };
static const float rate_own = 0.1f, constant_own = 0.01f;
static const float inside = 0.9999f; /* the ends of [0,1] lie infinitely far away in w */
static const float beta1 = 0.9f, beta2 = 0.999f, adam_eps = 1e-8f;

struct job {
    const struct attack_options *o;
    int n;
    size_t count;
    const float *x;
    float *best, *now, *w, *m, *v, *gradient; /* each [n][count] */
    float constant[CHUNK], low[CHUNK], high[CHUNK];
    double size[CHUNK]; /* of the best so far, squared */
    bool found[CHUNK];  /* with this constant */
};

static void begin_constant(struct job *j)
{
    for (size_t i = 0; i < (size_t)j->n * j->count; i++) {
        j->w[i] = atanhf((2 * j->x[i] - 1) * inside);
        j->m[i] = j->v[i] = 0;
    }
    memset(j->found, 0, sizeof j->found);
}

/* Where the class has changed: is it closer than the best so far? */
static void keep(struct job *j, int i, float loss)
{
    const float *x = j->x + (size_t)i * j->count, *now = j->now + (size_t)i * j->count;
    double far = distance_l2(j->count, x, now);
    if (!(loss < 0))
        return;
    j->found[i] = true;
    if (far * far < j->size[i]) {
        j->size[i] = far * far;
        memcpy(j->best + (size_t)i * j->count, now, j->count * sizeof *now);
    }
}

/* gradient: of the logits' part with respect to x'. */
static void step(struct job *j, int i, bool pulls, int t, float rate)
{
    float c = pulls ? j->constant[i] : 0, way = j->o->targeted ? -1.0f : 1.0f;
    float correct1 = 1 - powf(beta1, (float)t), correct2 = 1 - powf(beta2, (float)t);
    for (size_t k = (size_t)i * j->count; k < (size_t)(i + 1) * j->count; k++) {
        float inner = 2 * (j->now[k] - j->x[k]) + c * way * j->gradient[k];
        float y = 2 * j->now[k] - 1, g = inner * 0.5f * (1 - y * y);
        j->m[k] = beta1 * j->m[k] + (1 - beta1) * g;
        j->v[k] = beta2 * j->v[k] + (1 - beta2) * g * g;
        j->w[k] -= rate * (j->m[k] / correct1) / (sqrtf(j->v[k] / correct2) + adam_eps);
    }
}

static void next_constant(struct job *j, int i)
{
    if (j->found[i])
        j->high[i] = j->constant[i];
    else
        j->low[i] = j->constant[i];
    j->constant[i] = isfinite(j->high[i]) ? 0.5f * (j->low[i] + j->high[i]) : 10 * j->constant[i];
}

static void search(struct job *j, const struct net *net, const struct weights *weights, struct pass *pass,
                   const int *label)
{
    int iterations = j->o->iterations > 0 ? j->o->iterations : ITERATIONS;
    float rate = j->o->step > 0 ? j->o->step : rate_own, confidence = fmaxf(j->o->confidence, 0);
    begin_constant(j);
    for (int t = 1; t <= iterations + 1 && !attack_stopped(j->o); t++) {
        for (size_t k = 0; k < (size_t)j->n * j->count; k++)
            j->now[k] = 0.5f * (tanhf(j->w[k]) + 1);
        attack_gradient(net, weights, pass, j->n, j->now, label, &attack_loss_margin, j->gradient);
        for (int i = 0; i < j->n; i++) {
            float ahead = (j->o->targeted ? -1.0f : 1.0f) * pass_losses(pass)[i];
            keep(j, i, ahead + confidence);
            if (t <= iterations) /* the last turn only looks */
                step(j, i, ahead + confidence > 0, t, rate);
        }
    }
    for (int i = 0; i < j->n; i++)
        next_constant(j, i);
}

/* What fools already is its own smallest perturbation. */
static void leave_fooled(struct job *j, const struct net *net, const struct weights *weights,
                         struct pass *pass, const int *label)
{
    attack_gradient(net, weights, pass, j->n, j->x, label, &attack_loss_margin, j->gradient);
    for (int i = 0; i < j->n; i++) {
        float ahead = (j->o->targeted ? -1.0f : 1.0f) * pass_losses(pass)[i];
        if (ahead + fmaxf(j->o->confidence, 0) < 0)
            j->size[i] = 0;
    }
}

static void run(const struct attack_options *o, const struct net *net, const struct weights *w,
                struct pass *pass, int n, const float *x, const int *label, long first, float *adv,
                float *scratch)
{
    (void)first;
    size_t count = shape_count(net->in);
    int searches = o->searches > 0 ? o->searches : SEARCHES;
    for (int at = 0; at < n; at += CHUNK) {
        struct job j = {.o = o, .n = n - at < CHUNK ? n - at : CHUNK, .count = count};
        size_t all = (size_t)j.n * count;
        j.x = x + (size_t)at * count;
        j.best = adv + (size_t)at * count;
        j.now = scratch + 5 * (size_t)at * count;
        j.w = j.now + all, j.m = j.w + all, j.v = j.m + all, j.gradient = j.v + all;
        memcpy(j.best, j.x, all * sizeof *adv);
        for (int i = 0; i < j.n; i++) {
            j.constant[i] = o->constant > 0 ? o->constant : constant_own;
            j.low[i] = 0;
            j.high[i] = INFINITY;
            j.size[i] = INFINITY;
        }
        leave_fooled(&j, net, w, pass, label + at);
        attack_show(o, j.n, j.best);
        for (int k = 0; k < searches && !attack_stopped(o); k++) {
            search(&j, net, w, pass, label + at);
            attack_show(o, j.n, j.best);
        }
        for (size_t i = 0; i < all; i += count)
            attack_project(o->norm, o->eps, count, j.x + i, j.best + i);
    }
}

const struct attack_type attack_cw = {
    "cw", "the smallest change in L2, by gradient descent", "arXiv:1608.04644", 5, true, run, NULL};
