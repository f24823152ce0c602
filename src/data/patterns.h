/**
 * Test pictures, drawn by the program: each shows well what one kind of filter does. Lecture items L29, L31, L34, L35.
 */
#ifndef FOVEA_DATA_PATTERNS_H
#define FOVEA_DATA_PATTERNS_H

#include "data/image.h"

struct pattern {
    const char *name, *help;
    struct shape shape; /* of the picture; 1 or 3 channels */
    void (*draw)(const struct image *picture);
};
extern const struct pattern patterns[]; /* the last has no name */

int patterns_count(void);

/** Draws number `index`: the same pixels every time, in [0,1]. image_fini() it. */
MUST_USE enum err pattern_picture(int index, struct image *out, struct diag *diag);

#endif
