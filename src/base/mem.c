#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PROBABLE = 1 << 28 }; /* bytes that any machine has: nobody is asked */

/* Bytes of the machine's memory. */
static size_t machine(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    size_t bytes;

    if (pages <= 0 || page <= 0 || __builtin_mul_overflow((size_t)pages, (size_t)page, &bytes))
        return SIZE_MAX;
    return bytes;
}

void *mem_new(size_t count, size_t size)
{
    size_t bytes;
    void *p;

    if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX - MEM_ALIGN ||
        (bytes > PROBABLE && bytes > machine()))
        return NULL;
    /* Whole cache lines: two arrays never share one, and a vector read at the end stays inside. */
    bytes = bytes ? (bytes + MEM_ALIGN - 1) / MEM_ALIGN * MEM_ALIGN : MEM_ALIGN;
    p = aligned_alloc(MEM_ALIGN, bytes);
    if (p)
        memset(p, 0, bytes);
    return p;
}

float *mem_floats(size_t count)
{
    return mem_new(count, sizeof(float));
}
