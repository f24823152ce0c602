#include "explain/maximise.h"

#include <assert.h>
#include <math.h>
#include <string.h>

void maximise(const struct maximise_options *o, const struct net *net, const struct weights *w,
              struct pass *pass, struct unit unit, float *x, float *dy, float *dx, float *activation)
{
    struct shape out = net->layer[unit.layer].out;
    size_t count = shape_count(net->in),
           at = ((size_t)unit.channel * (size_t)out.h + (size_t)unit.row) * (size_t)out.w + (size_t)unit.col;
    assert(unit.layer >= 0 && unit.layer < net->layers && unit.channel >= 0 && unit.channel < out.c);
    assert(unit.row >= 0 && unit.row < out.h && unit.col >= 0 && unit.col < out.w);
    for (int k = 0; k < o->iterations; k++) {
        net_forward(net, w, pass, 1, x, MODE_INFER);
        if (activation) {
            pass_read(pass, unit.layer, 0, dy);
            activation[k] = dy[at];
        }
        memset(dy, 0, shape_count(out) * sizeof *dy);
        dy[at] = 1;
        net_backward(net, w, pass, unit.layer, dy, NULL, dx);
        double squares = 0;
        for (size_t i = 0; i < count; i++)
            squares += (double)dx[i] * (double)dx[i];
        float scale = squares > 0 ? o->step / (float)sqrt(squares) : 0;
        for (size_t i = 0; i < count; i++)
            x[i] = fminf(fmaxf(x[i] + scale * dx[i], 0), 1);
    }
}
