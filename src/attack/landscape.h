/**
 * The loss around an image: along one direction, or over the plane that two of them span. It shows why random steps fail where the gradient's doesn't.
 * Lecture items L76 to L78.
 */
#ifndef FOVEA_ATTACK_LANDSCAPE_H
#define FOVEA_ATTACK_LANDSCAPE_H

#include "attack/attack.h"

/** x + a * u + b * v, a over `across` values from -reach to reach, b over `down` values likewise (down 1: b is 0, and v may be NULL); each within [0,1]. */
struct landscape {
    const float *x, *u, *v; /* [c][h][w], borrowed; u and v of length 1 in the norm that reach is meant in */
    float reach;            /* >= 0, in pixels of [0,1] */
    int across, down;       /* >= 1; odd numbers hold the image itself in the middle */
    const struct attack_options *until; /* whose `stop` ends it; NULL: nothing does */
};

/**
 * @param pass     capacity >= batch
 * @param loss     [down][across] cross-entropy with the label, b rising downwards
 * @param says     [down][across] the class that the network says; or NULL
 * @param scratch  [batch][c][h][w]
 */
void landscape_run(const struct landscape *l, const struct net *net, const struct weights *w,
                   struct pass *pass, int batch, int label, float *loss, int *says, float *scratch);

/** Directions of length 1: of the gradient of the loss (its signs for L-infinity), and one that chance draws from the key. */
void landscape_uphill(enum norm norm, size_t count, const float *gradient, float *u);
void landscape_random(enum norm norm, size_t count, uint64_t key, float *u);

#endif
