/**
 * Activation maximisation: the input that a unit answers to most strongly, found by gradient ascent. Lecture item L56.
 *
 * Source: Erhan et al. 2009, "Visualizing higher-layer features of a deep network".
 */
#ifndef FOVEA_EXPLAIN_MAXIMISE_H
#define FOVEA_EXPLAIN_MAXIMISE_H

#include "explain/field.h"
#include "nn/net.h"
#include "nn/pass.h"

struct maximise_options {
    float step; /* length of each step: the gradient is divided by its L2 norm */
    int iterations;
};

/**
 * Climbs from x, in place; each iterate is clipped to [0,1]. A zero gradient (a dead unit) leaves x where it is.
 * @param pass  lanes 1, keeps, backward, capacity 1
 * @param x     [c][h][w], in and out
 * @param dy    scratch of the layer's output size; @param dx scratch of x's size
 * @param activation  [iterations] the unit's value before each step; or NULL
 */
void maximise(const struct maximise_options *o, const struct net *net, const struct weights *w,
              struct pass *pass, struct unit unit, float *x, float *dy, float *dx, float *activation);

#endif
