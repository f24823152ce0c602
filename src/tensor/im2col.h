/**
 * The windows of an image unfolded into the columns of a matrix, so that a convolution becomes a matrix product.
 */
#ifndef FOVEA_TENSOR_IM2COL_H
#define FOVEA_TENSOR_IM2COL_H

#include "tensor/shape.h"

/**
 * @param x     [c][h][w], shape `in`
 * @param out   rows and columns of the output, from window_extent(); its c isn't read
 * @param unfolded  [c * rows.size * cols.size][out.h * out.w]; padding reads as 0
 */
void im2col(const float *x, struct shape in, struct window rows, struct window cols, struct shape out,
            float *unfolded);

/** The other way: adds every column's numbers back to where they came from. x is added to. */
void col2im(const float *unfolded, struct shape in, struct window rows, struct window cols, struct shape out,
            float *x);

#endif
