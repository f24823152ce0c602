/**
 * What was state of the art before networks learned their features: histograms of oriented gradients (filter/hog.h) of a data set's training images, a linear classifier
 * fitted on them (filter/linear.h), and how many of the first test images that gets right. A thread of low priority does it, and tells how far it is. Lecture item L44.
 */
#ifndef FOVEA_OBSERVE_HANDMADE_H
#define FOVEA_OBSERVE_HANDMADE_H

#include "data/dataset.h"
#include "filter/hog.h"

enum {
    HANDMADE_BINS = 9,
    HANDMADE_TRAIN = 20000,   /* images it learns from, where there are as many; the first ones */
    HANDMADE_TEST = 10000,    /* and is tested on */
    HANDMADE_FEATURES = 2048, /* no more: the fit grows with their square */
};

enum handmade_stage {
    HANDMADE_NONE,
    HANDMADE_READS,  /* training images; done of total */
    HANDMADE_SOLVES, /* for the weights */
    HANDMADE_TESTS,  /* test images; done of total */
    HANDMADE_DONE,
    HANDMADE_FAILED
};

struct handmade_result {
    unsigned long serial; /* of the fit: what handmade_begin() returned */
    enum handmade_stage stage;
    struct hog hog;
    int done, total;
    int trained, tested, right; /* images; right of tested */
    double seconds;             /* since it began */
    struct diag diag;           /* HANDMADE_FAILED: why */
};

struct handmade;

/** Cells for which there are features, and no more than HANDMADE_FEATURES. */
bool handmade_fits(struct shape shape, int cell);
/** The cell to begin with: a quarter of the image. 0: the images are too small for any */
int handmade_cell(struct shape shape);

/** data, which has images of both splits, is borrowed; wake is called from the thread after each publication and may be NULL. */
MUST_USE enum err handmade_new(const struct dataset *data, void (*wake)(void *arg), void *arg,
                               struct handmade **out, struct diag *diag);
void handmade_free(struct handmade *h); /* leaves what is under way; accepts NULL */

/** Fits anew with such cells, for which handmade_fits(); what is under way is left. @return its serial, from 1 */
unsigned long handmade_begin(struct handmade *h, int cell);
/** The asker's thread: the newest result, or NULL when there is no new one. Valid until a call returns another. */
const struct handmade_result *handmade_result(struct handmade *h);

#endif
