/**
 * The smallest epsilon at which an attack changes what a network says of one image. Lecture L75, L77.
 *
 * It is looked for among `steps` multiples of limit / steps. An attack whose perturbation is epsilon times a direction (attack_type.direction) is tried
 * at every FLIP_STRIDE-th of them until one flips, then between that one and the one before: what flips there and back again within
 * FLIP_STRIDE of them can be missed. An attack that looks for the smallest perturbation itself (attack_type.smallest) is run once, without a bound, and what it
 * finds is measured. Any other is run in full at each epsilon, so it is bisected, as if what flips at one epsilon flips at every larger one.
 */
#ifndef FOVEA_ATTACK_FLIP_H
#define FOVEA_ATTACK_FLIP_H

#include "attack/attack.h"

enum { FLIP_STEPS = 512, FLIP_STRIDE = 32, FLIP_STEPS_RUN = 128 };

struct flip {
    bool found;
    float eps; /* 0 when it is so without any perturbation; the limit when none was found */
    float
        precision; /* at eps less this it wasn't so, unless eps is 0; 0: it isn't known, the attack has found no smaller one */
};

struct flip_task {
    const struct attack_type *type;
    struct attack_options options; /* eps isn't looked at; targeted: flipped is what is taken for the label */
    float limit;                   /* flip_limit(), or less */
    const struct net *net;
    const struct weights *weights;
    struct pass *pass; /* made for backward */
    int capacity;      /* its images */
    const float *x;    /* [c][h][w] */
    int label;         /* the truth, or the target */
    long index;        /* of the image, as for attack_type.run */
    float *images;     /* [capacity][c][h][w] */
    float *scratch[2]; /* [type->scratch][c][h][w], [c][h][w] */
};

/** A perturbation that leaves little of an image: half the range of each pixel, and the L2 norm of that. */
float flip_limit(enum norm norm, size_t count);

/** Allocates nothing. */
struct flip flip_find(const struct flip_task *task);

#endif
