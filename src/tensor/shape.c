#include "tensor/shape.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>

struct shape_text shape_text(struct shape s)
{
    struct shape_text text;

    snprintf(text.s, sizeof text.s, "%dx%dx%d", s.c, s.h, s.w);
    return text;
}

enum err window_extent(int in, struct window win, int *out)
{
    long long reach, room;

    assert(in > 0 && win.size >= 1 && win.stride >= 1 && win.pad >= 0 && win.dilation >= 1);
    reach = (long long)win.dilation * (win.size - 1) + 1;
    room = (long long)in + 2LL * win.pad - reach;
    if (room < 0 || room / win.stride + 1 > INT_MAX)
        return ERR_SHAPE;
    *out = (int)(room / win.stride) + 1;
    return ERR_NONE;
}
