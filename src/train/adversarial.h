/**
 * Adversarial training: images of each batch are replaced by what an attack makes of them with the weights as they are, and the network learns from those.
 * Goodfellow, Shlens & Szegedy 2014 (arXiv:1412.6572), section 6, with FGSM; Madry et al. 2017 (arXiv:1706.06083) with PGD from a random start. Lecture item L79.
 *
 * "fgsm:0.1", "pgd:0.1,steps=7,share=1": an attack that makes perturbations of a given size, its epsilon (L-infinity, in pixels of [0,1]), its steps
 * (default the attack's own) and the share of the batch that is replaced (default 0.5, the
 * weighting of the first paper; with 1, as in the second, a small network may never leave the constant answer that it begins with). What is made depends on the weights, the seed and the step alone,
 * so a run can be replayed and resumed to the bit.
 */
#ifndef FOVEA_TRAIN_ADVERSARIAL_H
#define FOVEA_TRAIN_ADVERSARIAL_H

#include "attack/attack.h"

struct adversarial {
    const struct attack_type *type; /* NULL: none */
    struct attack_options options;
    float share; /* of each batch, (0, 1] */
};

/** "" and NULL give none. An unknown attack lists those that will do. `out` is written only on success. */
MUST_USE enum err adversarial_parse(const char *text, struct adversarial *out, struct diag *diag);

/** Floats of scratch that adversarial_apply needs for batches of so many images; 0 where there is none. */
size_t adversarial_scratch(const struct adversarial *a, const struct net *net, int batch);

/**
 * Replaces the first `share` of the n images (in a batch they lie in random order), in inference mode. Allocates nothing.
 * @param pass  of capacity >= n, with room for gradients
 * @param key   of the step: what chance comes from
 * @param x, label  [n][c][h][w], [n]
 */
void adversarial_apply(const struct adversarial *a, const struct net *net, const struct weights *w,
                       struct pass *pass, uint64_t key, int n, float *x, const int *label, float *scratch);

#endif
