#include "nn/conv.h"

#include <assert.h>

#include "nn/conv_kernels.h"

#define CONV_ROW(name, isa) &conv_##name##_##isa,
#define CONVS_ROW(isa)      {CONV_KERNELS(CONV_ROW, isa) NULL},

enum { MOST_KERNELS = 16 };
static const struct conv_kernel *const kernels[ISAS][MOST_KERNELS] = {EACH_ISA(CONVS_ROW)};

const struct conv_kernel *const *conv_kernels(enum isa isa)
{
    return kernels[isa];
}

/* Counts of numbers that the fast kernels may rely on: everything that they add up or multiply stays inside an int. */
static bool ordinary(const struct layer *l)
{
    const double most = 1 << 28;
    struct window r = l->options.rows, c = l->options.cols;
    struct shape in = l->in_shape[0], out = l->out;
    double weights = (double)out.c * in.c / l->options.groups * r.size * c.size;
    double padded = (double)in.c * ((double)in.h + 2.0 * r.pad) * ((double)in.w + 2.0 * c.pad);
    double back = (double)out.c * (out.h + 2.0 * r.size) * (out.w + 2.0 * c.size);
    double reach = ((double)r.size * r.dilation + r.stride) * ((double)c.size * c.dilation + c.stride);
    return weights < most && padded < most && back < most && reach < most;
}

const struct conv_kernel *conv_kernel_pick(enum isa isa, const struct layer *layer, int lanes)
{
    for (int i = 0; kernels[isa][i]; i++)
        if (!kernels[isa][i + 1] || (ordinary(layer) && kernels[isa][i]->fits(layer, lanes)))
            return kernels[isa][i];
    assert(!"the reference fits everything");
    return NULL;
}
