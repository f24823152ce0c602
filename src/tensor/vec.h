/**
 * Sixteen floats side by side: the one place where the portable vector types are named.
 *
 * The compiler turns them into AVX-512, AVX2, SSE or NEON; there are no intrinsics elsewhere.
 */
#ifndef FOVEA_TENSOR_VEC_H
#define FOVEA_TENSOR_VEC_H

enum { LANES = 16 };

typedef float vec __attribute__((vector_size(64))); /* 16 floats, aligned to 64 bytes */
typedef int vecmask
    __attribute__((vector_size(64))); /* what comparing two `vec` gives: -1 or 0 in each lane */

#endif
