/**
 * Fools with few pixels, changed altogether: one after the other becomes black or white, each time the one that, to first order, raises the loss most. The number of
 * pixels is the norm ("L0"). Greedy, as the saliency map of Papernot et al. 2015 (arXiv:1511.07528) is, one pixel at a time and by the loss. Lecture item L77.
 */
#ifndef FOVEA_ATTACK_PIXELS_H
#define FOVEA_ATTACK_PIXELS_H

#include "attack/attack.h"

/**
 * Changes pixels (all channels of one place alike) until the network is fooled or `most` of them are changed. Allocates nothing.
 * @param options  targeted and stop are looked at
 * @param pass     as attacks want it, capacity >= 1
 * @param label    the truth, or the target
 * @param adv      [c][h][w] result; never x itself
 * @param scratch  [2][c][h][w]
 * @param fooled   does the network say another class than the label (targeted: the target)?
 * @return how many are changed, 0..most
 */
int pixels_run(const struct attack_options *options, const struct net *net, const struct weights *w,
               struct pass *pass, const float *x, int label, int most, float *adv, float *scratch,
               bool *fooled);

#endif
