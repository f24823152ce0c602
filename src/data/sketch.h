/**
 * A drawing made by hand: strokes of a soft round pen or an eraser on a sheet, each of which can be taken back.
 *
 * Ink is white (1) on black (0), as the digits of MNIST are. The sheet is a picture that always shows all that was done; what was done is kept as a list,
 * from which it can be made anew. Nothing here allocates but sketch_init.
 */
#ifndef FOVEA_DATA_SKETCH_H
#define FOVEA_DATA_SKETCH_H

#include <stdbool.h>

#include "base/err.h"
#include "data/image.h"
#include "data/pen.h"

enum { SKETCH_MARKS = 8192 };

enum sketch_tool { SKETCH_PEN, SKETCH_ERASER, SKETCH_CLEAR };

/** One thing done. A stroke is a mark that begins and those after it that don't. */
struct sketch_mark {
    enum sketch_tool tool;
    bool begins;
    struct nib at; /* of pen and eraser; pixels of the sheet */
};

struct sketch {
    struct image sheet;       /* [1][h][w] */
    struct sketch_mark *mark; /* [SKETCH_MARKS], owned */
    int count;                /* marks on the sheet */
    int known;                /* marks that there are: those behind `count` were taken back */
};

/** An empty sheet of h x w pixels. */
MUST_USE enum err sketch_init(struct sketch *s, int h, int w, struct diag *diag);
void sketch_fini(struct sketch *s); /* accepts {0} */

/** Begins a stroke with a dot, or goes on with it to another place. @return false when there is no room for more marks: clear or take back */
bool sketch_press(struct sketch *s, enum sketch_tool tool, struct nib at);
bool sketch_drag(struct sketch *s, struct nib at);

/** The whole sheet black again; an empty list stays empty. */
bool sketch_clear(struct sketch *s);

/** Takes the last stroke (or clearing) back; brings back what was taken back last, until something new is drawn. @return was there one? */
bool sketch_undo(struct sketch *s);
bool sketch_redo(struct sketch *s);

#endif
