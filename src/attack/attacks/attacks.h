/** Every attack, one file each, and what they share. */
#ifndef FOVEA_ATTACKS_H
#define FOVEA_ATTACKS_H

#include "attack/attack.h"

extern const struct attack_type attack_fgsm, attack_pgd, attack_mifgsm, attack_deepfool, attack_cw,
    attack_noise;

/** Gradient of the summed loss with respect to the pixels: [n][c][h][w]. Afterwards the pass has the logits and losses. Lecture item L78. */
void attack_gradient(const struct net *net, const struct weights *w, struct pass *pass, int n, const float *x,
                     const int *label, const struct loss_type *loss, float *gradient);

enum { ATTACK_LOOK = 64 };
/** Runs n <= ATTACK_LOOK images forward: the pass has their logits, and the cross-entropy of each with the one label. */
void attack_look(const struct net *net, const struct weights *w, struct pass *pass, int n, const float *x,
                 int label);

/** Not for training: z[label], and z[label] - max of the others. */
extern const struct loss_type attack_loss_logit, attack_loss_margin;

/** The class with the largest logit but for `label`; -1 where there is no other. */
int attack_runner_up(int k, const float *z, int label);

/** Moves one image along its gradient: by size * sign (L-infinity) or size * gradient / ||gradient|| (L2); size < 0 goes down. */
void attack_step(enum norm norm, float size, size_t count, const float *gradient, float *adv);

#endif
