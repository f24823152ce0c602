/**
 * A vector as a list: a row a number, on the colour of its level, and beside it the numbers of other kinds (its gradients). As many columns
 * of rows as have room.
 *
 * Places: tile is the kind, row the number, col 0.
 */
#ifndef FOVEA_UI_VECTOR_H
#define FOVEA_UI_VECTOR_H

#include "tui/widgets/tiles.h"

struct vector {
    const struct tile_kind *kind; /* v: [count]; a range of 0 is the vector's own largest */
    const char *const *name;      /* [kinds], above the numbers */
    int kinds, count;
    const struct light *light;  /* rows of it; NULL: nothing is dimmed */
    const struct place *cursor; /* NULL: none */
};

/** Cells for so many blocks beside each other. */
int vector_rows(const struct vector *v, int blocks);
int vector_cols(const struct vector *v, int blocks);

void vector_draw(struct canvas *c, const struct vector *v);
bool vector_move(const struct vector *v, int rows, int cols, struct place *at, int down, int right);
bool vector_hit(const struct vector *v, int rows, int cols, int row, int col, struct place *at);

#endif
