/**
 * Adversarial examples: max over ||d|| <= eps of loss(x + d), with x + d in [0,1].
 *
 * An attack is a const table of functions in attacks/NAME.c and a row in attack_types[]. It works on a batch, changes nothing but the images it
 * returns, and sees the network only through input gradients in inference mode. Lecture item L77.
 */
#ifndef FOVEA_ATTACK_ATTACK_H
#define FOVEA_ATTACK_ATTACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "nn/net.h"
#include "nn/pass.h"

enum norm { NORM_LINF, NORM_L2, NORMS };
extern const char *const norm_names[NORMS]; /* "linf", "l2" */

struct attack_options {
    enum norm norm;
    float eps;         /* >= 0, in pixels of [0,1] */
    float step;        /* size of one step; <= 0: fgsm eps, pgd 2.5 * eps / iterations */
    int iterations;    /* pgd; <= 0: 10 */
    bool random_start; /* pgd */
    bool targeted;     /* the labels are targets to reach, not truths to leave */
    uint64_t seed;
};

struct attack_type {
    const char *name; /* fgsm, pgd, noise */
    const char *help;
    const char *source; /* paper */
    /**
     * @param n, x, label  [n][c][h][w] images and their labels (or targets)
     * @param first  index of x[0] in the whole set: image i draws from (seed, first + i), so results don't depend on the batches
     * @param adv  [n][c][h][w] result; never x itself
     * @param scratch  [n][c][h][w]
     */
    void (*run)(const struct attack_options *o, const struct net *net, const struct weights *w,
                struct pass *pass, int n, const float *x, const int *label, long first, float *adv,
                float *scratch);
    /**
     * For attacks whose perturbation is eps times something, then cut to [0,1]: that something, of norm 1 where it isn't zero, for one image. NULL: it isn't so.
     * @param direction, scratch  [c][h][w]
     */
    void (*direction)(const struct attack_options *o, const struct net *net, const struct weights *w,
                      struct pass *pass, const float *x, int label, long index, float *direction,
                      float *scratch);
};

extern const struct attack_type *const attack_types[]; /* NULL-terminated */
const struct attack_type *attack_find(const char *name);

/** Pulls adv back to the ball of radius eps around x, then into [0,1]; per image of `count` numbers. */
void attack_project(enum norm norm, float eps, size_t count, const float *x, float *adv);

/** Norms of b - a over count numbers. */
double distance_linf(size_t count, const float *a, const float *b);
double distance_l2(size_t count, const float *a, const float *b);

#endif
