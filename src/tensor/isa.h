/**
 * Which of the processor's vector instructions are used.
 *
 * The hot files (the lists nn_hot_src in src/nn/meson.build and filter_hot_src in src/filter/meson.build) are compiled once for every set of instructions, each time with ISA defined as the set's name, and give
 * what they export a name of its own with FOR_ISA(). A net when it is built, and a large correlation, take the copies for the best set that this processor has.
 * The environment variable FOVEA_ISA (baseline, avx2, avx512) caps the choice. The sets may differ in the last bits of a result.
 */
#ifndef FOVEA_TENSOR_ISA_H
#define FOVEA_TENSOR_ISA_H

#include <stdbool.h>

/** Every set that was compiled, worst first. FOVEA_ISA_LEVELS comes from src/meson.build, which knows the compiler's options for each. */
#if FOVEA_ISA_LEVELS == 3
#define EACH_ISA(X) X(baseline) X(avx2) X(avx512)
#else
#define EACH_ISA(X) X(baseline)
#endif

#define ISA_ENUMERATOR(name) ISA_##name
#define ISA_LISTED(name)     ISA_ENUMERATOR(name),
enum isa { EACH_ISA(ISA_LISTED) ISAS };

/** In a hot file that is compiled for avx2: name_avx2, and the enumerator ISA_avx2. */
#define FOR_ISA(name)             ISA_JOIN(name, ISA)
#define ISA_HERE                  ISA_ENUMERATOR_OF(ISA)
#define ISA_ENUMERATOR_OF(isa)    ISA_ENUMERATOR(isa)
#define ISA_JOIN(name, isa)       ISA_JOIN_NAMES(name, isa)
#define ISA_JOIN_NAMES(name, isa) name##_##isa

const char *isa_name(enum isa isa);
bool isa_runs(enum isa isa); /* on this processor */
enum isa isa_best(void); /* the best that runs and that FOVEA_ISA allows; an unknown name there allows all */

#endif
