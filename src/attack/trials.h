/**
 * Random perturbations of one image, many of them, all of the same size: how many change what the network says? Lecture item L76.
 */
#ifndef FOVEA_ATTACK_TRIALS_H
#define FOVEA_ATTACK_TRIALS_H

#include "attack/attack.h"

struct trials {
    int target;          /* of a targeted attack; else it isn't looked at */
    long tried, flipped; /* flipped: the network says another class than `label` */
    long hit;            /* it says the target */
    long
        best; /* the trial of the largest loss (targeted: of the smallest to the target); -1 before the first */
    float best_loss;
};

/**
 * Tries perturbations from..to-1 of the norm and size in `options` (its seed too); each is a function of (seed, index of the image, its own number) alone, so that
 * tries can be added in any portions. Allocates nothing.
 * @param pass     capacity >= batch
 * @param t        {.best = -1} and the target before the first; added to
 * @param best     [c][h][w] the image of the best trial, written when there is a better one
 * @param scratch  [batch][c][h][w]
 */
void trials_run(const struct attack_options *options, const struct net *net, const struct weights *w,
                struct pass *pass, int batch, const float *x, int label, long index, long from, long to,
                struct trials *t, float *best, float *scratch);

#endif
