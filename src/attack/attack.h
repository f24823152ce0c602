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

/** 0 (or less) in a field: the attack's own choice. */
struct attack_options {
    enum norm norm;
    float
        eps; /* >= 0, in pixels of [0,1]; INFINITY: no bound (for attacks that look for the smallest perturbation) */
    float step; /* size of one step: fgsm eps; pgd and mifgsm 2.5 * eps / iterations; cw Adam's rate, 0.1 */
    int iterations;    /* pgd and mifgsm 10, deepfool 50, cw 100 (for each constant) */
    bool random_start; /* pgd */
    bool targeted;     /* the labels are targets to reach, not truths to leave */
    float momentum;    /* mifgsm 1 */
    float overshoot;   /* deepfool 0.02 */
    float confidence;  /* cw: by how much the logit must win; 0 */
    float constant;    /* cw: first weight of the logits against the distance; 0.01 */
    int searches;      /* cw: constants tried, one after the other; 9 */
    uint64_t seed;
    /** Called with every iterate of the images under way, [n][c][h][w], from where the attack begins; NULL: nobody looks. */
    void (*seen)(void *arg, int n, const float *adv);
    void *arg;
    /** Asked before every iterate: is it to end with what it has? What it returns then is of no use. NULL: it runs to its end. */
    bool (*stop)(void *stop_arg);
    void *stop_arg;
};

enum { ATTACK_SCRATCH = 6 }; /* images of scratch at most that an attack needs for each image */

struct attack_type {
    const char *name; /* fgsm, pgd, mifgsm, deepfool, cw, noise */
    const char *help;
    const char *source; /* paper */
    int scratch;        /* images of scratch for each image, 1..ATTACK_SCRATCH */
    bool smallest; /* looks for the smallest perturbation that fools, not the most foolish one of size eps */
    /**
     * @param n, x, label  [n][c][h][w] images and their labels (or targets)
     * @param first  index of x[0] in the whole set: image i draws from (seed, first + i), so results don't depend on the batches
     * @param adv  [n][c][h][w] result; never x itself
     * @param scratch  [type->scratch][n][c][h][w]
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

/** For those who write attacks: shows an iterate to whoever looks. */
void attack_show(const struct attack_options *o, int n, const float *adv);

/** For whoever runs long: is it to end? */
bool attack_stopped(const struct attack_options *o);

/** Pulls adv back to the ball of radius eps around x, then into [0,1]; per image of `count` numbers. */
void attack_project(enum norm norm, float eps, size_t count, const float *x, float *adv);

/** Norms of b - a over count numbers. */
double distance_linf(size_t count, const float *a, const float *b);
double distance_l2(size_t count, const float *a, const float *b);

#endif
