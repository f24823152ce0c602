/** What the tests of src/observe share: moments of small networks, images from a formula, a data set of them, and a pass of their own. */
#ifndef OBSERVING_H
#define OBSERVING_H

#include "data/dataset.h"
#include "nn/net.h"
#include "nn/pass.h"
#include "observe/question.h"

/** Small built-in models, and one that is none: a padded pool over overlapping windows, groups, no bias, two branches, a softmax at its end. */
int observed_models(void);
struct net *observed_net(int model); /* free with net_free */

/** Drawn from the seed: weights as for training, gradients and running statistics that are no zeros. */
void observed_moment(struct moment *m, const struct net *net, uint64_t seed);

/** Pixels in [0.3, 0.7], so that an eps of 0.2 never meets 0 or 1. */
void observed_pixels(struct shape shape, int index, float *x);

/** A data set of such images (rounded to bytes), `count` in each split; the label of image i is i % classes. */
void observed_data(struct dataset *data, const struct net *net, int count);

/** The image's run in a pass of its own: keeps, one lane, with gradients of the cross-entropy of `label`. free with pass_free. */
struct pass *observed_pass(const struct moment *m, const float *x, int label);

/** Memory or a criterion failure. */
float *observed_floats(size_t count);

#endif
