/**
 * A pen with a round, soft nib: pieces of stroke on a plane of ink in [0,1].
 */
#ifndef FOVEA_DATA_PEN_H
#define FOVEA_DATA_PEN_H

#include <stdbool.h>

/** Where the nib is, in pixels from the upper left corner, and half its width. */
struct nib {
    float x, y, radius;
};

/**
 * One straight piece, from nib to nib; the same place twice is a dot. Ink doesn't add up where strokes cross: the most counts. An eraser takes away what
 * a pen would give.
 * @param ink   [h][w]; what lies outside is left out
 * @param soft  width of the edge over which ink fades, in pixels, > 0
 */
void pen_piece(float *ink, int h, int w, struct nib a, struct nib b, float soft, bool erase);

#endif
