/**
 * A run in one row: from step 0 to the furthest that there is, with the moment in view, so that one sees where in it one is.
 */
#ifndef FOVEA_UI_TIME_STRIP_H
#define FOVEA_UI_TIME_STRIP_H

#include "tui/canvas.h"

struct time_strip {
    long end; /* the furthest step, >= 0 */
    long at;  /* the moment in view, 0..end: what came before it is drawn strong, what comes after it thin */
    long
        epoch; /* steps of an epoch: ticks at their ends, or at every 2nd, 5th, 10th ... where they are close; 0: none */
    const long *fork;  /* where another branch of the run leaves this one; NULL: nowhere */
    const long *cross; /* a step that is pointed at; NULL: none */
};

/** One row of any width; the ends are named where there is room. */
void time_strip_draw(struct canvas *c, int row, int col, int cols, const struct time_strip *s);

/** The step of a column of a strip that is `cols` wide. false: it is beside the line. */
bool time_strip_hit(const struct time_strip *s, int cols, int col, long *step);

#endif
