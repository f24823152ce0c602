/**
 * What keeps a picture found by gradient ascent from being noise: prior beliefs about pictures, as things done to them between the steps. Lecture item L56.
 *
 * Sources: Yosinski et al. 2015, "Understanding neural networks through deep visualization" (arXiv:1506.06579), section 3: decay, blur, clipping
 * of small pixels; Olah et al. 2017, "Feature visualization" (distill.pub): jitter.
 */
#ifndef FOVEA_EXPLAIN_REGULARISE_H
#define FOVEA_EXPLAIN_REGULARISE_H

#include <stddef.h>

#include "tensor/shape.h"

enum { BLUR_MOST = 16 }; /* largest sigma, in pixels */

/** x <- ground + (1 - decay) (x - ground): the pull of a penalty on the L2 norm. */
void regularise_decay(size_t count, float *x, float decay, float ground);

/**
 * Each channel of x correlated with a Gaussian of so many pixels (0 < sigma <= BLUR_MOST), cut off at 3 sigma, rows then columns. At the border the weights that lie
 * inside are scaled to a sum of 1, so that a flat picture stays flat.
 * @param scratch  h * w floats
 */
void regularise_blur(struct shape s, float *x, float sigma, float *scratch);

/** out[c][r][k] = x[c][r - down][k - right], rows and columns taken around: nothing is lost, and the opposite shift undoes it. out is another place. */
void regularise_roll(struct shape s, const float *x, int down, int right, float *out);

/**
 * Pixels whose norm (over the channels, of x - ground) is smaller than that of `share` of all pixels become ground.
 * @param share    0..1: with 0.3 the 30 percent that matter least; equals of the limit stay
 * @param scratch  2 * h * w floats
 */
void regularise_clip(struct shape s, float *x, float share, float ground, float *scratch);

#endif
