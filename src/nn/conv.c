#include "nn/conv.h"

#include <assert.h>
#include <string.h>

#include "nn/conv_kernels.h"

const struct conv_kernel *const conv_kernels[] = {&conv_lanes, &conv_im2col, &conv_reference, NULL};

const struct conv_kernel *conv_kernel_pick(const struct layer *layer, int lanes)
{
    for (int i = 0; conv_kernels[i]; i++)
        if (conv_kernels[i]->fits(layer, lanes))
            return conv_kernels[i];
    assert(!"the reference fits everything");
    return NULL;
}

const struct conv_kernel *conv_kernel_find(const char *name)
{
    for (int i = 0; conv_kernels[i]; i++)
        if (strcmp(conv_kernels[i]->name, name) == 0)
            return conv_kernels[i];
    return NULL;
}
