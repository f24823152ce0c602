/**
 * Pictures: PNG in and out (the only user of libpng), cropping and scaling, floats in [0,1].
 */
#ifndef FOVEA_DATA_IMAGE_H
#define FOVEA_DATA_IMAGE_H

#include "base/err.h"
#include "tensor/shape.h"

/** [c][h][w] floats in [0,1]; c is 1 (grey) or 3 (red, green, blue); data owned. */
struct image {
    struct shape shape;
    float *data;
};

/** Reads a PNG of any kind (palette, 16 bit, interlaced; alpha laid over black). Grey files give 1 channel, others 3. At most 100 megapixels. */
MUST_USE enum err image_read_png(const char *path, struct image *out, struct diag *diag);

/** Writes an 8-bit PNG; values are clamped to [0,1] and rounded. */
MUST_USE enum err image_write_png(const char *path, struct shape shape, const float *data, struct diag *diag);
void image_fini(struct image *image);

/** Luma to grey: 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601); grey to colour: copied. `image` is changed in place. */
MUST_USE enum err image_set_channels(struct image *image, int channels, struct diag *diag);

/** A part of a picture, in its pixels from its upper left corner; may cut through pixels. */
struct image_part {
    double top, left, rows, cols;
};

/**
 * Scales a part of one plane x [h][w] to out [rows][cols], each axis by itself: by averaging the area under each new pixel when it shrinks, bilinear when it
 * grows (which looks half a pixel beyond the part where there is something).
 * @param scratch  rows * w floats
 */
void image_scale(const float *x, int h, int w, struct image_part part, float *out, int rows, int cols,
                 float *scratch);

/** Moves x [c][h][w] by whole pixels down and right (negative: up, left) into out, another place; zeros come in, what leaves is lost. */
void image_shift(struct shape s, const float *x, int down, int right, float *out);

/**
 * The image as a network wants it: channels converted, the largest centred part of the wanted aspect ratio cut out, and scaled to rows x columns as
 * image_scale does; untouched when the size is right.
 */
MUST_USE enum err image_fit(struct image *image, struct shape want, struct diag *diag);

#endif
