#include "nn/lanes.h"

#include <string.h>

#include "tensor/vec.h"

void lanes_pack(const float *x, size_t count, int lanes, int live, float *block)
{
    size_t k = 0;
    if (lanes == 1) {
        memcpy(block, x, count * sizeof *x);
        return;
    }
    for (; k + VEC <= count; k += VEC)
        for (int part = 0; part < PARTS; part++) {
            vec row[VEC];
            VEC_FOR (i, VEC) {
                int lane = part * VEC + i;
                row[i] = lane < live ? vec_load(x + (size_t)lane * count + k) : vec_all(0);
            }
            vec_transpose(row);
            VEC_FOR (i, VEC)
                vec_store(block + (k + (size_t)i) * LANES + part * VEC, row[i]);
        }
    for (; k < count; k++)
        for (int lane = 0; lane < LANES; lane++)
            block[k * LANES + (size_t)lane] = lane < live ? x[(size_t)lane * count + k] : 0.0f;
}

void lanes_unpack(const float *block, size_t count, int lanes, int live, float *x)
{
    if (lanes == 1) {
        memcpy(x, block, count * sizeof *x);
        return;
    }
    for (int lane = 0; lane < live; lane++)
        for (size_t k = 0; k < count; k++)
            x[(size_t)lane * count + k] = block[k * LANES + (size_t)lane];
}
