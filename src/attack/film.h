/**
 * An attack as a film strip: every iterate of one image, with what the network says of it. Lecture item L77.
 */
#ifndef FOVEA_ATTACK_FILM_H
#define FOVEA_ATTACK_FILM_H

#include "attack/attack.h"

/** What stands under one picture of the strip. */
struct film_frame {
    float loss;              /* cross-entropy with the label (of a targeted attack: with the target) */
    float linf, l2;          /* of its perturbation, in pixels of [0,1] */
    int first, second;       /* the two likeliest classes; second is -1 where there is only one */
    float p_first, p_second; /* their probabilities */
};

/**
 * Runs the attack on one image and keeps its iterates, the clean image first; when there are more than `most`, the first, the last, and some evenly between.
 * A cw frame is the closest success after each constant. Allocates nothing.
 * @param pass     as attacks want it, capacity >= 1
 * @param frame    [most], most >= 2
 * @param picture  [most][c][h][w] the iterates themselves
 * @param scratch  [type->scratch][c][h][w]
 * @param crossed  the first kept frame that is fooled (targeted: at the target), or -1
 * @return frames kept, 2..most (1 where the attack shows only the clean image)
 */
int film_run(const struct attack_type *type, const struct attack_options *options, const struct net *net,
             const struct weights *w, struct pass *pass, const float *x, int label, long index, int most,
             struct film_frame *frame, float *picture, float *scratch, int *crossed);

#endif
