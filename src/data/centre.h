/**
 * A picture of something written, made like the digits of MNIST: sized to a box, centred by its mass.
 *
 * For 28x28 this is what the makers of MNIST did (LeCun, Bottou, Bengio and Haffner 1998, section III.A, and the data set's page): the digit is scaled, its
 * aspect kept, until it just fits 20x20, which turns black and white into grey, and is laid into 28x28 so that its centre of mass comes
 * to lie in the middle. For rows x columns of another size the box is 5/7 of it. The steps:
 *
 *   1. colours become grey;
 *   2. the paper, the median of the pixels along the border, becomes 0 and the most ink 1: a drawing has that already, a photograph doesn't;
 *   3. the box around all ink is cut out; where the border isn't clean, only pixels with more than a quarter of the most ink count;
 *   4. it is scaled as image_scale does, by one factor, to whole numbers of pixels, at least one;
 *   5. it is moved by whole pixels so that its centre of mass comes nearest to the middle (pixel rows/2, columns/2 counted from 0, as in MNIST), but never
 *      so far that ink is lost.
 */
#ifndef FOVEA_DATA_CENTRE_H
#define FOVEA_DATA_CENTRE_H

#include <stdbool.h>

#include "data/image.h"

/** What was done, to be told. */
struct centred {
    bool empty;                   /* there was no ink: everything else is 0, and so is the result */
    float paper, ink;             /* values that became 0 and 1; paper above 0.5 looks like dark on light */
    bool clean;                   /* the whole border was paper */
    int top, left, rows, cols;    /* the box in the picture, in its pixels */
    float scale;                  /* result pixels a picture pixel */
    int scaled_rows, scaled_cols; /* the box in the result */
    int at_row, at_col;           /* its upper left corner there */
    int down, right; /* how far its mass made it move from where the box itself would be centred */
};

/**
 * @param picture  white on black; the picture stays as it is
 * @param out      [want.c][want.h][want.w]; every channel gets the same
 */
MUST_USE enum err centre_picture(const struct image *picture, struct shape want, float *out,
                                 struct centred *did, struct diag *diag);

#endif
