/** Images in rows, as everybody else has them, and images side by side in lanes, as layers have them. */
#ifndef FOVEA_NN_LANES_H
#define FOVEA_NN_LANES_H

#include <stddef.h>

/**
 * @param x      [live][count]
 * @param lanes  1 or LANES
 * @param block  [count][lanes]; lanes beyond `live` become 0
 */
void lanes_pack(const float *x, size_t count, int lanes, int live, float *block);

/** The other way; lanes beyond `live` are left out. */
void lanes_unpack(const float *block, size_t count, int lanes, int live, float *x);

#endif
