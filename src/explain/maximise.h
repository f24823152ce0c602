/**
 * Activation maximisation: the input that a unit answers to most strongly, found by gradient ascent, in portions that can be looked at. Lecture item L56.
 *
 * Source: Erhan et al. 2009, "Visualizing higher-layer features of a deep network". The switches are those of explain/regularise.h.
 * Everything is a function of the options (with their seed), the start and the weights; portions of other sizes give the same bits.
 */
#ifndef FOVEA_EXPLAIN_MAXIMISE_H
#define FOVEA_EXPLAIN_MAXIMISE_H

#include <stdint.h>

#include "explain/field.h"
#include "explain/regularise.h"
#include "nn/pass.h"

struct maximise_options {
    float step;     /* length of a step: the gradient is divided by its L2 norm; 0: maximise_step() */
    float decay;    /* share of x - ground that each step takes away, 0..1 */
    float blur;     /* sigma in pixels, at most BLUR_MOST; 0: none */
    int blur_every; /* steps from one blur to the next; 0 or 1: each */
    int jitter;     /* each gradient is that of the picture rolled by up to so many pixels, either way */
    float clip;     /* share of the pixels, those of smallest norm, that each step sets to ground, 0..1 */
    float ground;   /* pixel that means "nothing": 0 is black */
    uint64_t seed;  /* of the noise and the jitter */
};

/** A moment of the ascent: what the step saw that was taken from there (jittered, where there is jitter). */
struct maximise_frame {
    int step; /* steps taken before */
    float activation,
        norm;             /* L2, of the gradient; NaN for the newest picture, from which no step was taken */
    const float *picture; /* [c][h][w] */
};

struct maximiser;

/** A step that crosses a grey picture in some dozens: a 50th of the root of the number of pixels. */
float maximise_step(const struct net *net);

/** The unit itself, or with row or col < 0 the one in the middle of its map: there nothing is cut off by the border. */
struct unit maximise_place(const struct net *net, struct unit unit);

/** All memory that ascents in this net need, with films of at most `frames` (>= 2) pictures. net is borrowed. */
MUST_USE enum err maximise_new(const struct net *net, int frames, struct maximiser **out, struct diag *diag);
void maximise_free(struct maximiser *m); /* accepts NULL */

/**
 * Begins at `start`, or with NULL in grey noise of the seed, in which nothing can be seen yet.
 * @param unit  see maximise_place()
 */
void maximise_begin(struct maximiser *m, const struct maximise_options *options, struct unit unit,
                    const float *start);
/** Other switches from the next step on. */
void maximise_change(struct maximiser *m, const struct maximise_options *options);
/**
 * Takes so many steps (0: only looks): uphill, then decay, blur, clip, and each pixel cut to [0,1]. A gradient of 0 (a dead unit) moves
 * nothing uphill. Allocates nothing.
 */
void maximise_more(struct maximiser *m, const struct weights *weights, int steps);

struct unit maximise_unit(const struct maximiser *m);
int maximise_steps(const struct maximiser *m);            /* taken since the beginning */
const float *maximise_picture(const struct maximiser *m); /* [c][h][w] */
float maximise_activation(const struct maximiser *m);     /* of that picture, after maximise_more() */
float maximise_norm(const struct maximiser *m); /* of the last step's gradient; NaN before the first */

/** The film: pictures from the start to the newest, evenly thinned. Valid until the next call that climbs. */
int maximise_frames(const struct maximiser *m);
struct maximise_frame maximise_frame(const struct maximiser *m, int i);

enum { MAXIMISE_CURVE = 256 };
/** The same without pictures and with more of them, at most MAXIMISE_CURVE. @return how many */
int maximise_curve(const struct maximiser *m, struct maximise_frame *out);

/** The layer before the ReLU that `layer` is, where a unit of the same place has a gradient even when the ReLU is off; -1 for any other layer. */
int maximise_before(const struct net *net, int layer);

/** One sentence about a gradient of norm 0: why there is no way up, and what to do. "" for any other norm. */
void maximise_explain(const struct net *net, struct unit unit, float norm, char *text, size_t size);

#endif
