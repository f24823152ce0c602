/**
 * Text in pieces of roles of their own, one behind the other, broken into lines between them: a long expression.
 */
#ifndef FOVEA_UI_FLOW_H
#define FOVEA_UI_FLOW_H

#include "tui/canvas.h"

/** Drawn are lines [top, top + rows) from (row, column) on. {.cols = ...} only counts lines: `line` + 1 at the end. */
struct flow {
    struct canvas *c; /* NULL: only counts */
    int top, rows, cols;
    int row, column; /* where line `top` begins on the canvas */
    int line, col;   /* where the next piece begins */
};

/** The next piece. A sign that it begins with (" + ", ", ") stands between terms: it is plain text whatever the role. */
void flow_put(struct flow *f, enum role role, const char *text);

/** On to the next line, unless this one is empty. */
void flow_break(struct flow *f);

#endif
