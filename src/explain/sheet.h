/**
 * A contact sheet: the images that excite a unit as one picture, with what the unit sees of each. Lecture item L55.
 */
#ifndef FOVEA_EXPLAIN_SHEET_H
#define FOVEA_EXPLAIN_SHEET_H

#include "data/image.h"
#include "explain/exciters.h"

enum {
    SHEET_ACROSS = 9,
    SHEET_SIDE = 84,
    SHEET_GAP = 4
}; /* images in a row; their least size, and the grey between, in pixels */

/**
 * In colour; each image magnified by a whole number to SHEET_SIDE pixels or a little less (never shrunk), with a frame of one pixel around the unit's receptive
 * field; below it that part alone, as large as fits. In the order of the list, SHEET_ACROSS in a row.
 * @param unit  its layer and channel; the places are those of the list
 * @param out   image_fini() it
 * @return ERR_SHAPE when images are neither grey nor in colour
 */
MUST_USE enum err sheet_make(const struct net *net, const struct dataset *data, enum split split,
                             struct unit unit, const struct exciter *list, int found, struct image *out,
                             struct diag *diag);

#endif
