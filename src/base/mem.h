/**
 * Memory for numbers: zeroed, aligned to a cache line (and so to the widest vector), sizes checked for overflow.
 */
#ifndef FOVEA_BASE_MEM_H
#define FOVEA_BASE_MEM_H

#include <stddef.h>

enum { MEM_ALIGN = 64 };

/** @return count * size zeroed bytes aligned to MEM_ALIGN, never NULL for a count of 0; NULL when there is no memory,
 * or more is asked for than the machine has: systems that promise memory freely would end the program later. free() it. */
void *mem_new(size_t count, size_t size) __attribute__((malloc, alloc_size(1, 2)));

/** Like mem_new for floats. */
float *mem_floats(size_t count) __attribute__((malloc));

#endif
