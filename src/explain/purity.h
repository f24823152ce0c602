/**
 * Purity, layer by layer: how much of one class the images are that units answer to most. Lecture item L57: does it grow with depth?
 *
 * One pass over a data set looks at up to PURITY_UNITS units of each layer that learns, spread evenly over its channels, at the output of its non-linearity where it has one;
 * an image counts with the largest activation in a unit's map, as in explain/exciters.h.
 * A unit that answers to fewer than PURITY_KEPT images more strongly than to those it answers to least is silent: which images its top list would hold is chance, and it has no part in
 * the mean.
 */
#ifndef FOVEA_EXPLAIN_PURITY_H
#define FOVEA_EXPLAIN_PURITY_H

#include "explain/exciters.h"

enum { PURITY_UNITS = 16, PURITY_KEPT = 9 };

struct purity_layer {
    int layer;         /* in the net: what was looked at */
    int learns;        /* the layer with weights in front of it, or the same */
    int units, silent; /* looked at; and those of them that are silent */
    double purity;     /* mean of exciters_purity() over the others, 0..1; NaN when there are none */
    double low, high;  /* the least and the most of them; NaN likewise */
};

struct purity; /* a pass and its lists, to be used again and again */

/** The output of a layer that learns as units are looked at there: behind a normalisation, up to the first non-linearity. */
int purity_behind(const struct net *net, int layer);

/** ERR_SHAPE when the images don't fit the net. All but `out` and `diag` are borrowed. */
MUST_USE enum err purity_new(const struct net *net, const struct dataset *data, enum split split,
                             struct purity **out, struct diag *diag);
void purity_free(struct purity *p); /* accepts NULL */

void purity_begin(struct purity *p);
/** Sends the next batch through. @return images seen since the beginning; all there are: it is done. Allocates nothing. */
int purity_more(struct purity *p, const struct weights *weights);

int purity_layers(const struct purity *p);
/** Of the images seen so far; i in the order of the net. */
struct purity_layer purity_layer(const struct purity *p, int i);
/** What nine images picked blindly from those seen have on average (of 1000 such lists, with a seed of its own); 0 before the first. */
double purity_chance(const struct purity *p);

#endif
