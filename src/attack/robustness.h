/**
 * Accuracy of a network under an attack, over a data set and a list of epsilons.
 */
#ifndef FOVEA_ATTACK_ROBUSTNESS_H
#define FOVEA_ATTACK_ROBUSTNESS_H

#include "attack/attack.h"
#include "data/dataset.h"

struct robustness {
    float eps;
    int count;                       /* images attacked */
    double clean_accuracy, accuracy; /* [0,1]; of a targeted attack: how many are still at their label */
    int fooled; /* images that were right, and are not what the network says of them any more (targeted: at the target) */
    double median_linf, median_l2; /* of their perturbations, in pixels of [0,1]; NaN where there are none */
};

/** Where a share of `successes` in `count` tries lies with 95 %: Wilson 1927's interval. 0 tries: from 0 to 1. */
void wilson_interval(long successes, long count, double *low, double *high);

/**
 * Attacks images 0..count-1 of a split (clipped to it) at each epsilon.
 * @param target  the class to reach when options->targeted (images of that class are left out); else ignored
 * @param out  [epsilons]
 * @return ERR_SHAPE when the images or classes aren't the network's, ERR_RANGE for a target that it has not
 */
MUST_USE enum err robustness_run(const struct attack_type *type, const struct attack_options *options,
                                 const struct net *net, const struct weights *weights,
                                 const struct dataset *data, enum split split, int count, int target,
                                 const float *eps, int epsilons, struct team *team, struct robustness *out,
                                 struct diag *diag);

#endif
