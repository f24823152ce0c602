/** Weights in the order in which a register-blocked loop wants them: for the kernels that compute a few output channels at a time. */
#ifndef FOVEA_NN_CONV_PACK_H
#define FOVEA_NN_CONV_PACK_H

#include <stdbool.h>
#include <stddef.h>

#include "tensor/shape.h"

enum { CONV_OUTS = 6 }; /* output channels at a time, at most */

/** How many at a time leave the fewest over at the end; 1..CONV_OUTS. */
int conv_outs(int cout);

/**
 * One group's weights as [cout / outs][cin][tap][outs], outs from conv_outs(); the last run may be shorter.
 * @param w     [cout][cin][taps], or with `turn` [cin][cout][taps], whose kernel is then turned round: for the gradient of the input
 * @param to    [cout * cin * taps]
 */
void conv_pack(int cin, int cout, int taps, const float *w, bool turn, float *to);

/** The window with which dy becomes dx, when the stride is 1: pad may come out < 0, and then it can't be done so. */
static inline struct window conv_turned(struct window win)
{
    win.pad = (win.size - 1) * win.dilation - win.pad;
    return win;
}

/** Is dx a convolution of dy with the kernel turned round? */
static inline bool conv_turns(struct window rows, struct window cols)
{
    return rows.stride == 1 && cols.stride == 1 && conv_turned(rows).pad >= 0 && conv_turned(cols).pad >= 0;
}

#endif
