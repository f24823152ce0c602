/**
 * The test set in the background: a thread of low priority that evaluates copies of the weights, one after another.
 *
 * Whoever trains hands over a copy and goes on; it is never waited for. One caller for all functions.
 */
#ifndef FOVEA_TRAIN_TESTER_H
#define FOVEA_TRAIN_TESTER_H

#include <stdbool.h>

#include "base/err.h"
#include "data/dataset.h"
#include "nn/net.h"

enum { TESTER_SAMPLE = 2000 }; /* images of an evaluation that isn't full */

struct tester;

struct test_result {
    long step;
    int images;
    double loss, accuracy; /* means over those images; accuracy in [0,1] */
    double seconds;        /* it took */
};

/** @param told  called from the tester's thread when there is a result; the data set must have test images */
MUST_USE enum err tester_new(const struct net *net, const struct dataset *data, const struct loss_type *loss,
                             void (*told)(void *arg), void *arg, struct tester **out, struct diag *diag);
void tester_free(struct tester *t); /* stops what is under way; accepts NULL */

/**
 * Wants these weights evaluated: on all test images when `full`, else on TESTER_SAMPLE of them spread evenly over the split, always the same ones.
 * A full one that comes while the thread is busy waits its turn (and takes the place of one that waits); another is left out.
 * Copies the weights and returns.
 */
void tester_ask(struct tester *t, const struct weights *weights, long step, bool full);

/** The oldest result that wasn't taken yet. @return false: there is none */
bool tester_take(struct tester *t, struct test_result *out);

/** The step that is being evaluated, waits for it, or whose result wasn't taken yet; -1: all is done. */
long tester_step(struct tester *t);

/** Forgets everything: what is under way, what waits, and results that weren't taken. */
void tester_cancel(struct tester *t);

#endif
