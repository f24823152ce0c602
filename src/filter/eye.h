/**
 * A colour picture as the cells of the retina catch it: rods, which take all light, and three kinds of cones. Lecture item L41. A toy: what a screen's
 * three colours tell of the light.
 *
 * sRGB values are made linear (IEC 61966-2-1) and brought to XYZ. Cones: the matrix of Hunt, Pointer and Estevez, white being 1 for each. Rods: the scotopic
 * luminance Y (1.33 (1 + (Y + Z) / X) - 1.68) of Larson, Rushmeier & Piatko 1997, white being 1. What comes out is encoded as sRGB grey again, clipped to [0,1].
 */
#ifndef FOVEA_FILTER_EYE_H
#define FOVEA_FILTER_EYE_H

#include "data/image.h"

enum eye_cell { EYE_ROD, EYE_LONG, EYE_MIDDLE, EYE_SHORT, EYE_CELLS };
extern const char *const eye_cell_names[EYE_CELLS + 1]; /* NULL-terminated */

/** @param picture  1 or 3 channels. @param out  1 channel, made here; image_fini() it */
MUST_USE enum err eye_view(const struct image *picture, enum eye_cell cell, struct image *out,
                           struct diag *diag);

#endif
