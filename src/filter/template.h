/**
 * Finding a pattern: a piece cut out of a picture (or of a series, as a picture of one row) slides over another, and the best places are marked.
 * Lecture items L31 and L34.
 */
#ifndef FOVEA_FILTER_TEMPLATE_H
#define FOVEA_FILTER_TEMPLATE_H

#include <stdbool.h>

#include "base/team.h"
#include "data/image.h"
#include "tensor/tensor.h"

struct template_box {
    int row, col, rows, cols;
};

/** A copy of the part under a box. ERR_RANGE when it isn't wholly inside. image_fini() it. */
MUST_USE enum err template_cut(const struct image *picture, struct template_box box, struct image *out,
                               struct diag *diag);

/**
 * How alike the pattern and the piece under it are, at every place where it lies wholly inside: response [h - rows + 1][w - cols + 1].
 *
 *     plain        sum x * t over rows, columns and channels: brighter pieces answer more, alike or not
 *     normalised   sum (x - mean x) (t - mean t) / (|x - mean x| |t - mean t|), in -1..1; 0 where the piece or the pattern is flat
 *
 * Means and sizes are taken over all channels together, so a colour pattern asks for the colour too.
 * @param pattern  as many channels as the picture. @param response  made here. @return ERR_SHAPE when it doesn't fit
 * Source: Lewis 1995, Fast Normalized Cross-Correlation.
 */
MUST_USE enum err template_match(const struct image *picture, const struct image *pattern, bool normalised,
                                 struct team *team, struct tensor *response, struct diag *diag);

struct peak {
    int row, col; /* upper left corner of the piece */
    float score;
};

/**
 * The best local maxima of a response, highest first, of two that are less than `apart` away from each other (both in rows and in columns)
 * only the better one (non-maximum suppression).
 * @param least  lower scores don't count. @return how many were written to peak[], at most `most`; -1: no memory
 */
int template_peaks(const struct tensor *response, int apart_rows, int apart_cols, float least, int most,
                   struct peak *peak);

#endif
