/**
 * A tile is RUNS vectors along a line, held in registers while all products of the kernel are added: one weight is broadcast and meets RUNS
 * vectors of the input, read from wherever they begin.
 */
#include "filter/pass.h"

#include "tensor/vec.h"

enum { RUNS = 8 };
_Static_assert(RUNS *DVEC <= PASS_TILE, "a tile sticks out of the block");

VEC_INLINE void tile(const struct pass *p, double *at)
{
    const double *w = p->w;
    dvec sum[RUNS] = {0};
    for (long a = 0; a < p->k[0]; a++)
        for (long b = 0; b < p->k[1]; b++) {
            const double *x = at + (a * p->lines + b) * p->line;
            for (long c = 0; c < p->k[2]; c++, x++) {
                dvec weight = dvec_all(*w++);
                VEC_FOR (i, RUNS)
                    sum[i] = dvec_fma(weight, dvec_load(x + i * DVEC), sum[i]);
            }
        }
    VEC_FOR (i, RUNS)
        dvec_store(at + i * DVEC, sum[i]);
}

void FOR_ISA(pass_run)(const struct pass *p)
{
    for (long a = 0; a < p->out[0]; a++)
        for (long b = 0; b < p->out[1]; b++)
            for (long c = 0; c < p->out[2]; c += RUNS * DVEC)
                tile(p, p->x + (a * p->lines + b) * p->line + c);
}
