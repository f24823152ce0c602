/**
 * DeepFool: were the network linear, the nearest wall of the class would be a step away; take it, and again, until the class changes. Moosavi-Dezfooli, Fawzi
 * and Frossard 2015, algorithm 2.
 *
 *     for every other class k:   w_k = gradient of z_k - z_y,   f_k = z_k - z_y
 *     the nearest wall:          the k of the smallest |f_k| / ||w_k||_2          (L-infinity: ||w_k||_1, section 3.3)
 *     the step to it:            |f_k| / ||w_k||_2^2 * w_k                        (L-infinity: |f_k| / ||w_k||_1 * sign(w_k))
 *     x + (1 + overshoot) * sum of the steps, brought back into [0,1]
 *
 * The nine classes that come next after the first one are looked at, as they stand for the clean image. Targeted: only the wall to the target.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "attack/attacks/attacks.h"

enum { ITERATIONS = 50, OTHERS = 9, CHUNK = 32 };
static const float overshoot_own = 0.02f, nudge = 1e-4f; /* beyond a wall, not onto it */

struct job {
    const struct attack_options *o;
    const struct net *net;
    const struct weights *w;
    struct pass *pass;
    int n, classes, others;
    size_t count;
    const float *x;
    float *adv, *sum, *own, *theirs,
        *nearest; /* each [n][count]: the result, the steps, gradients of z_y and z_k, the nearest wall's w */
    int from[CHUNK];                         /* class to leave */
    int other[OTHERS][CHUNK];                /* classes to go to */
    float own_logit[CHUNK], distance[CHUNK]; /* z_y; to the nearest wall */
    bool there[CHUNK];                       /* the class has changed */
};

/* The other classes of each image, the likeliest first; targeted: from what the network says to the target. */
static void choose_classes(struct job *j, const int *label)
{
    net_forward(j->net, j->w, j->pass, j->n, j->x, MODE_INFER);
    for (int i = 0; i < j->n; i++) {
        const float *z = pass_logits(j->pass) + (size_t)i * (size_t)j->classes;
        int says = argmax(j->classes, z);
        j->from[i] = j->o->targeted ? says : label[i];
        j->there[i] = j->o->targeted ? says == label[i] : says != label[i];
        for (int k = 0; k < j->others; k++) {
            int best = -1;
            for (int c = 0; c < j->classes; c++) {
                bool taken = c == j->from[i];
                for (int before = 0; before < k; before++)
                    taken = taken || c == j->other[before][i];
                if (!taken && (best < 0 || z[c] > z[best]))
                    best = c;
            }
            j->other[k][i] = j->o->targeted ? label[i] : best;
        }
    }
}

static double length_of(enum norm norm, size_t count, const float *w)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += norm == NORM_L2 ? (double)w[i] * (double)w[i] : fabs((double)w[i]);
    return norm == NORM_L2 ? sqrt(sum) : sum;
}

/* Keeps w_k of the class whose wall is nearest so far. */
static void compare_wall(struct job *j, int i, float logit)
{
    float *own = j->own + (size_t)i * j->count, *theirs = j->theirs + (size_t)i * j->count;
    for (size_t p = 0; p < j->count; p++)
        theirs[p] -= own[p];
    double length = length_of(j->o->norm, j->count, theirs);
    float distance = length > 0 ? (float)(fabs((double)(logit - j->own_logit[i])) / length) : INFINITY;
    if (distance < j->distance[i]) {
        j->distance[i] = distance;
        memcpy(j->nearest + (size_t)i * j->count, theirs, j->count * sizeof *theirs);
    }
}

static void step_over(struct job *j, int i, float overshoot)
{
    const float *w = j->nearest + (size_t)i * j->count, *x = j->x + (size_t)i * j->count;
    float *sum = j->sum + (size_t)i * j->count, *adv = j->adv + (size_t)i * j->count;
    if (!isfinite(j->distance[i])) /* every gradient is dead: no way from here */
        return;
    attack_step(j->o->norm, j->distance[i] + nudge, j->count, w, sum);
    for (size_t p = 0; p < j->count; p++)
        adv[p] = fminf(fmaxf(x[p] + (1 + overshoot) * sum[p], 0), 1);
}

/* One step for every image whose class hasn't changed; false when there is none. */
static bool iterate(struct job *j, const int *label, float overshoot)
{
    attack_gradient(j->net, j->w, j->pass, j->n, j->adv, j->from, &attack_loss_logit, j->own);
    bool any = false;
    for (int i = 0; i < j->n; i++) {
        const float *z = pass_logits(j->pass) + (size_t)i * (size_t)j->classes;
        int says = argmax(j->classes, z);
        j->there[i] = j->there[i] || (j->o->targeted ? says == label[i] : says != label[i]);
        j->own_logit[i] = z[j->from[i]];
        j->distance[i] = INFINITY;
        any = any || !j->there[i];
    }
    for (int k = 0; k < j->others && any; k++) {
        attack_gradient(j->net, j->w, j->pass, j->n, j->adv, j->other[k], &attack_loss_logit, j->theirs);
        for (int i = 0; i < j->n; i++)
            if (!j->there[i])
                compare_wall(j, i, pass_losses(j->pass)[i]);
    }
    for (int i = 0; i < j->n; i++)
        if (!j->there[i])
            step_over(j, i, overshoot);
    return any;
}

static void run(const struct attack_options *o, const struct net *net, const struct weights *w,
                struct pass *pass, int n, const float *x, const int *label, long first, float *adv,
                float *scratch)
{
    (void)first;
    size_t count = shape_count(net->in);
    int classes = net_classes(net), iterations = o->iterations > 0 ? o->iterations : ITERATIONS;
    float overshoot = o->overshoot > 0 ? o->overshoot : overshoot_own;
    for (int at = 0; at < n; at += CHUNK) {
        struct job j = {.o = o, .net = net, .w = w, .pass = pass, .classes = classes, .count = count};
        j.n = n - at < CHUNK ? n - at : CHUNK;
        j.others = o->targeted ? 1 : classes - 1 < OTHERS ? classes - 1 : OTHERS;
        size_t all = (size_t)j.n * count;
        j.x = x + (size_t)at * count;
        j.adv = adv + (size_t)at * count;
        j.sum = scratch + 4 * (size_t)at * count;
        j.own = j.sum + all, j.theirs = j.own + all, j.nearest = j.theirs + all;
        memcpy(j.adv, j.x, all * sizeof *adv);
        memset(j.sum, 0, all * sizeof *scratch);
        choose_classes(&j, label + at);
        attack_show(o, j.n, j.adv);
        for (int k = 0; k < iterations && !attack_stopped(o) && iterate(&j, label + at, overshoot); k++)
            attack_show(o, j.n, j.adv);
        for (size_t i = 0; i < all; i += count)
            attack_project(o->norm, o->eps, count, j.x + i, j.adv + i);
    }
}

const struct attack_type attack_deepfool = {
    "deepfool", "the smallest change, by steps to the nearest wall", "arXiv:1511.04599", 4, true, run, NULL};
