#include "tensor/isa.h"

#include <stdlib.h>
#include <string.h>

#define ISA_STRING(name) #name,
static const char *const names[] = {EACH_ISA(ISA_STRING)};
#undef ISA_STRING

const char *isa_name(enum isa isa)
{
#if defined(FOVEA_NATIVE)
    (void)names[isa];
    return "native"; /* the only set, and whatever this processor has */
#else
    return names[isa];
#endif
}

bool isa_runs(enum isa isa)
{
#if FOVEA_ISA_LEVELS == 3
    bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                  __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
    return isa == ISA_avx512 ? avx512 : isa == ISA_avx2 ? avx2 : true;
#else
    return isa == ISA_baseline;
#endif
}

enum isa isa_best(void)
{
    int most = ISAS - 1;
    const char *wish = getenv("FOVEA_ISA");
    for (int i = 0; i < ISAS && wish; i++)
        if (strcmp(names[i], wish) == 0)
            most = i;
    while (most > 0 && !isa_runs((enum isa)most))
        most--;
    return (enum isa)most;
}
