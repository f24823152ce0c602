/** Horizontal bars with a name and a number each: probabilities. */
#ifndef FOVEA_UI_BARS_H
#define FOVEA_UI_BARS_H

#include "tui/canvas.h"

struct bar {
    const char *name;
    float value;  /* 0..1 */
    bool marked;  /* the true one: a sign before it, not colour alone */
    bool chosen;  /* the largest one */
    bool pointed; /* the cursor is on it */
};

/** A row a bar; when there are more bars than rows the caller has sorted them by what matters. */
void bars_draw(struct canvas *c, const struct bar *bar, int count);

#endif
