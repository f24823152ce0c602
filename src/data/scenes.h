/**
 * Small pictures of cities and landscapes, drawn by the program: what a filter that looks for cities is tried on. Lecture items L36 to L39.
 */
#ifndef FOVEA_DATA_SCENES_H
#define FOVEA_DATA_SCENES_H

#include <stdbool.h>

#include "data/image.h"

enum { SCENE_ROWS = 96, SCENE_COLS = 144 };

struct scene {
    const char *name, *help;
    bool city;
    void (*draw)(struct image *picture);
};
extern const struct scene scenes[]; /* the last has no name */

int scenes_count(void);

/** The scene called `name`, or ERR_UNKNOWN with the names there are. */
MUST_USE enum err scene_find(const char *name, int *index, struct diag *diag);

/** Draws scene `index`: the same 3 x SCENE_ROWS x SCENE_COLS pixels every time. image_fini() it. */
MUST_USE enum err scene_picture(int index, struct image *out, struct diag *diag);

#endif
