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

const struct conv_kernel *conv_kernel_pick(enum isa isa, const struct layer *layer, int lanes)
{
    for (int i = 0; kernels[isa][i]; i++)
        if (kernels[isa][i]->fits(layer, lanes))
            return kernels[isa][i];
    assert(!"the reference fits everything");
    return NULL;
}
