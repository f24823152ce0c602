/**
 * Receptive fields: the part of the input that a unit can see.
 */
#ifndef FOVEA_EXPLAIN_FIELD_H
#define FOVEA_EXPLAIN_FIELD_H

#include "nn/net.h"

/** A place in the output of a layer, before whatever follows it. */
struct unit {
    int layer, channel, row, col;
};

/** Rows [top, bottom) and columns [left, right) of the network's input. */
struct box {
    int top, left, bottom, right;
};

/**
 * The box around all pixels that can change the unit, clipped to the input. Through `add` it is the box around both
 * ways. A window makes it grow, a layer that reads everything (dense, globalavgpool) makes it the whole input.
 * A unit that sees nothing but padding gives an empty box.
 */
struct box receptive_field(const struct net *net, struct unit unit);

#endif
