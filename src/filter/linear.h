/**
 * A linear classifier on features, by least squares: one score a class, the highest wins.
 */
#ifndef FOVEA_FILTER_LINEAR_H
#define FOVEA_FILTER_LINEAR_H

#include "base/err.h"

struct linear {
    int features, classes;
    double *weight; /* [classes][features + 1], the bias last; owned */
};

/**
 * Fits every class's score to 1 for its own examples and 0 for the others, with `ridge` times the mean square of the weights added (of
 * features brought to deviation 1), by the normal equations and Cholesky's factors.
 * @param x      [n][features]. @param label 0..classes-1
 * @param ridge  > 0: the equations then always have one solution
 */
MUST_USE enum err linear_fit(int n, int features, const float *x, const int *label, int classes, double ridge,
                             struct linear *out, struct diag *diag);
void linear_fini(struct linear *l);

/**
 * The same, some examples at a time: for more than are held at once, and for a fit that is to be left half-way. What is kept is sums, features * features of them.
 */
struct linear_sums;
MUST_USE enum err linear_sums_new(int features, int classes, struct linear_sums **out, struct diag *diag);
void linear_sums_free(struct linear_sums *s); /* accepts NULL */
void linear_sums_add(struct linear_sums *s, int n, const float *x, const int *label);
/** Once, after at least one example: the sums are used up. */
MUST_USE enum err linear_sums_fit(struct linear_sums *s, double ridge, struct linear *out, struct diag *diag);

/** The class with the highest score; scores[classes] too unless NULL. */
int linear_predict(const struct linear *l, const float *x, double *score);

/** How many of n examples it gets right. */
int linear_right(const struct linear *l, int n, const float *x, const int *label);

#endif
