/**
 * Fields: which numbers of a network belong together. Backwards, the part of an earlier layer's output (or of the input) that numbers of a layer can
 * see; forwards, the part of a later layer's output that they can reach; and which numbers one weight multiplies (weight sharing, lecture item L48).
 *
 * All of it follows from the shapes alone, and nothing here allocates.
 */
#ifndef FOVEA_EXPLAIN_FIELD_H
#define FOVEA_EXPLAIN_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "nn/net.h"

/** A place in the output of a layer, before whatever follows it; layer NET_INPUT: a pixel. All count from 0. */
struct unit {
    int layer, channel, row, col;
};

/** Rows [top, bottom) and columns [left, right) of the network's input. */
struct box {
    int top, left, bottom, right;
};

/** first, first + step, ... `count` of them. step >= 1, and 1 where count < 2. */
struct steps {
    int first, count, step;
};

/** A part of a layer's output: these channels at these rows and columns. Empty: all counts are 0. */
struct field {
    struct steps channels, rows, cols;
};

struct field field_of_unit(struct unit u);
struct field field_whole(struct shape s);
bool field_empty(const struct field *f);
bool field_holds(const struct field *f, int channel, int row, int col);
size_t field_count(const struct field *f); /* numbers in it */

/**
 * What the numbers `f` of layer `from` can see of the output of layer `to` (NET_INPUT: of the input), to <= from. Each axis is the coarsest sequence that holds all of
 * it: it lacks none that is seen, and where ways of unequal strides meet (in `add`, say) it may hold a few between first and last that aren't. Empty when there is no way
 * from one to the other, or when they see nothing but padding.
 */
struct field field_back(const struct net *net, int from, struct field f, int to);

/** What of the output of layer `to` the numbers `f` of layer `from` (NET_INPUT: pixels) can change, to >= from. As above. */
struct field field_forward(const struct net *net, int from, struct field f, int to);

/** One step: what the numbers `f` of a layer's output read of its input k (back), or what of its output reads the numbers `f` of its input k. Of one number this is exact. */
struct field field_through(const struct layer *layer, int k, const struct field *f, bool back);

/** The part of the input that a unit sees: field_back() to the input as a box. A unit that sees nothing but padding gives an empty box. */
struct box receptive_field(const struct net *net, struct unit unit);

/** One number of a convolution's or a dense layer's weights: [out][in][row][col]; row and col are 0 in a dense layer. `in` counts within the group. */
struct tap {
    int out, in, row, col;
};

/** The numbers of the output of layer->in[0] that the weight multiplies, padding left out: it meets each of them once. */
struct field weight_inputs(const struct layer *layer, struct tap w);

/** The numbers of the layer's own output that these products go into, as many as above. */
struct field weight_outputs(const struct layer *layer, struct tap w);

#endif
