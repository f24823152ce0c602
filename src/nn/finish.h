/** What is done to results before they are written, in the place of layers that follow: `struct finish` of layer.h, for the hot files. */
#ifndef FOVEA_NN_FINISH_H
#define FOVEA_NN_FINISH_H

#include "nn/layer.h"
#include "tensor/vec.h"

/** max(v, 0) that lets a NaN through: it has to be seen. */
VEC_INLINE vec vec_relu(vec v)
{
    return vec_above(vec_all(0), v);
}

/** A vector of results that all belong to one channel. */
VEC_INLINE vec finish_vec(const struct finish *f, int channel, vec v)
{
    if (f->scale)
        v = vec_fma(v, vec_all(f->scale[channel]), vec_all(f->shift[channel]));
    return f->relu ? vec_relu(v) : v;
}

/** The same for `count` numbers of one channel that lie in memory already. */
static inline void finish_plane(const struct layer_io *io, int channel, float *y, size_t count)
{
    size_t i = 0;
    for (; i + VEC <= count; i += VEC)
        vec_store(y + i, finish_vec(&io->finish, channel, vec_load(y + i)));
    for (; i < count; i++)
        y[i] = finish_vec(&io->finish, channel, vec_all(y[i]))[0];
}

#endif
