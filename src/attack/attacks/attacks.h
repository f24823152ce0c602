/** Every attack, one file each, and what they share. */
#ifndef FOVEA_ATTACKS_H
#define FOVEA_ATTACKS_H

#include "attack/attack.h"

extern const struct attack_type attack_fgsm, attack_pgd, attack_noise;

/** Gradient of the summed cross-entropy with respect to the pixels: [n][c][h][w]. Lecture item L78. */
void attack_gradient(const struct net *net, const struct weights *w, struct pass *pass, int n, const float *x,
                     const int *label, float *gradient);

/** Moves one image along its gradient: by size * sign (L-infinity) or size * gradient / ||gradient|| (L2); size < 0 goes down. */
void attack_step(enum norm norm, float size, size_t count, const float *gradient, float *adv);

#endif
