/**
 * Losses: from the logits of one image and its label to a number and a gradient.
 */
#ifndef FOVEA_NN_LOSS_H
#define FOVEA_NN_LOSS_H

#include <stddef.h>

struct loss_type {
    const char *name; /* "cross-entropy", "mse" */
    const char *help;
    /**
     * @param z  [k] logits
     * @param scale  the gradient is multiplied by it (1/n for the mean over a batch)
     * @param dz  [k] gradient with respect to z, or NULL
     * @return the loss of this image
     */
    float (*value)(int k, const float *z, int label, float scale, float *dz);
};

/** NULL-terminated: cross-entropy first. */
extern const struct loss_type *const loss_types[];
const struct loss_type *loss_find(const char *name); /* NULL: no such loss */

extern const struct loss_type
    loss_cross_entropy;                 /* softmax and cross-entropy in one, stable for any finite logits */
extern const struct loss_type loss_mse; /* mean over classes of (z - onehot(label))^2 */

/** p = softmax(z) over k numbers, stable; p may be z. */
void softmax(int k, const float *z, float *p);

/** mean over count of (x - target)^2, and its gradient (NULL: not wanted). */
double mse(size_t count, const float *x, const float *target, float *dx);

/** Index of the largest of k numbers; the first of equals. NaN never wins. */
int argmax(int k, const float *z);

#endif
