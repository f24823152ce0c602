/** What the parts of `fovea excite` share. */
#ifndef FOVEA_UI_EXCITE_H
#define FOVEA_UI_EXCITE_H

#include <stdbool.h>
#include <stdint.h>

#include "explain/maximise.h"

struct excite {
    const char *model, *weights, *layer, *unit_text, *data, *split_name, *start; /* may be NULL */
    const char *out, *sheet, *film;                                              /* files, NULL: none */
    int top, count, threads, iterations;
    double step, decay, blur, clip, ground;
    bool json;
    struct maximise_options climb;
    struct unit unit; /* row and col -1: not named */
    struct net *net;
    struct weights w;
};

/** Ranks the images of j->data and prints them; saves the sheet. */
MUST_USE enum err excite_rank(const struct excite *j, struct diag *diag);
/** Climbs and prints what came of it; saves the picture and the film. */
MUST_USE enum err excite_climb(const struct excite *j, struct diag *diag);

#endif
