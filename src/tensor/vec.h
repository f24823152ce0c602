/**
 * Sixteen images side by side, and the processor's vectors: the one place where vector types and vector instructions are named.
 *
 * A block of LANES images holds every number sixteen times, one lane an image. A `vec` is one register of the instruction set that the file is compiled for:
 * all sixteen lanes with AVX-512, PARTS of them otherwise, and lane-wise code does one part after the other. How many results a loop can keep
 * in registers follows from VEC_REGISTERS.
 */
#ifndef FOVEA_TENSOR_VEC_H
#define FOVEA_TENSOR_VEC_H

#include <string.h>

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

#if defined(__AVX512F__)
enum { VEC = 16, VEC_REGISTERS = 32 };
#elif defined(__AVX__)
enum { VEC = 8, VEC_REGISTERS = 16 };
#elif defined(__aarch64__)
enum { VEC = 4, VEC_REGISTERS = 32 };
#else
enum { VEC = 4, VEC_REGISTERS = 16 };
#endif

enum { LANES = 16, PARTS = LANES / VEC, DVEC = VEC / 2 };

typedef float vec __attribute__((vector_size(VEC * 4))); /* VEC floats, aligned to their size */
typedef float vec_loose __attribute__((vector_size(VEC * 4), aligned(4), may_alias)); /* anywhere */
typedef int vecmask __attribute__((vector_size(VEC * 4))); /* what comparing gives: -1 or 0 in each lane */
typedef double dvec __attribute__((vector_size(VEC * 4))); /* DVEC doubles */
typedef double dvec_loose __attribute__((vector_size(VEC * 4), aligned(8), may_alias));

/**
 * VEC_UNROLL stands before a loop over registers: the compiler must unroll it whole, or the registers become memory. VEC_INLINE makes a function whose constant
 * arguments shape its loops. Sanitizers look at every access: with both, compiling would take minutes.
 */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define VEC_UNROLL
#define VEC_INLINE static inline
#else
#if defined(__clang__)
#define VEC_UNROLL _Pragma("unroll")
#else
#define VEC_UNROLL _Pragma("GCC unroll 32")
#endif
#define VEC_INLINE static inline __attribute__((always_inline))
#endif
/** The usual case of one: i = 0..n-1. */
#define VEC_FOR(i, n) VEC_UNROLL for (int i = 0; i < (n); i++)

/** a * b + c, fused where the processor can. */
VEC_INLINE vec vec_fma(vec a, vec b, vec c)
{
#if defined(__AVX512F__)
    return _mm512_fmadd_ps(a, b, c);
#elif defined(__FMA__) && defined(__AVX__)
    return _mm256_fmadd_ps(a, b, c);
#elif defined(__aarch64__) && defined(__ARM_NEON)
    return vfmaq_f32(c, a, b);
#else
    return a * b + c;
#endif
}

VEC_INLINE vec vec_all(float x)
{
    return x - (vec){0}; /* "- 0" changes no number, so the compiler drops it */
}

VEC_INLINE dvec dvec_fma(dvec a, dvec b, dvec c)
{
#if defined(__AVX512F__)
    return _mm512_fmadd_pd(a, b, c);
#elif defined(__FMA__) && defined(__AVX__)
    return _mm256_fmadd_pd(a, b, c);
#elif defined(__aarch64__) && defined(__ARM_NEON)
    return vfmaq_f64(c, a, b);
#else
    return a * b + c;
#endif
}

VEC_INLINE dvec dvec_all(double x)
{
    return x - (dvec){0};
}

VEC_INLINE dvec dvec_load(const double *p)
{
    return *(const dvec_loose *)p;
}

VEC_INLINE void dvec_store(double *p, dvec v)
{
    *(dvec_loose *)p = v;
}

VEC_INLINE vec vec_load(const float *p)
{
    return *(const vec_loose *)p;
}

VEC_INLINE void vec_store(float *p, vec v)
{
    *(vec_loose *)p = v;
}

/** Lanes [from, to) of what lies at p, zero in the others, whose memory isn't touched: it may not exist. */
VEC_INLINE vec vec_load_lanes(const float *p, int from, int to)
{
    from = from < 0 ? 0 : from > VEC ? VEC : from;
    to = to < from ? from : to > VEC ? VEC : to;
#if defined(__AVX512F__)
    return _mm512_maskz_loadu_ps((__mmask16)((1u << to) - (1u << from)), p);
#else
    float lane[VEC] = {0};
    for (int i = from; i < to; i++)
        lane[i] = p[i];
    return vec_load(lane);
#endif
}

/** Writes the first `count` lanes only. */
VEC_INLINE void vec_store_lanes(float *p, int count, vec v)
{
#if defined(__AVX512F__)
    _mm512_mask_storeu_ps(p, (__mmask16)((1u << count) - 1), v);
#else
    memcpy(p, &v, (size_t)count * sizeof(float));
#endif
}

/** In each lane a where the mask is set, else b. */
VEC_INLINE vec vec_pick(vecmask mask, vec a, vec b)
{
    return (vec)((mask & (vecmask)a) | (~mask & (vecmask)b));
}

/** In each lane a where a > b, else b: also when one of them is a NaN. That is x86's own instruction. */
VEC_INLINE vec vec_above(vec a, vec b)
{
#if defined(__AVX512F__)
    return _mm512_max_ps(a, b);
#elif defined(__AVX__)
    return _mm256_max_ps(a, b);
#elif defined(__SSE__)
    return _mm_max_ps(a, b);
#else
    return vec_pick(a > b, a, b);
#endif
}

/** The sum of the lanes, added in halves. */
VEC_INLINE float vec_sum(vec v)
{
    float lane[VEC];
    memcpy(lane, &v, sizeof lane);
    for (int half = VEC / 2; half > 0; half /= 2)
        for (int i = 0; i < half; i++)
            lane[i] += lane[i + half];
    return lane[0];
}

/* For lane j of a step of vec_transpose that exchanges blocks of h: where it comes from, VEC + i being lane i of the second vector. */
#define VEC_UPPER(j, h) ((j) & (h) ? VEC + (j) - (h) : (j))
#define VEC_LOWER(j, h) ((j) & (h) ? VEC + (j) : (j) + (h))
#define VEC_4(f, j, h)  f(j, h), f((j) + 1, h), f((j) + 2, h), f((j) + 3, h)
#if defined(__AVX512F__)
#define VEC_EACH(f, h) VEC_4(f, 0, h), VEC_4(f, 4, h), VEC_4(f, 8, h), VEC_4(f, 12, h)
#elif defined(__AVX__)
#define VEC_EACH(f, h) VEC_4(f, 0, h), VEC_4(f, 4, h)
#else
#define VEC_EACH(f, h) VEC_4(f, 0, h)
#endif
#define VEC_EXCHANGE(row, h)                                                                                 \
    VEC_FOR (i, VEC)                                                                                         \
        if (!(i & (h))) {                                                                                    \
            vec upper = row[i], lower = row[i + (h)];                                                        \
            row[i] = __builtin_shufflevector(upper, lower, VEC_EACH(VEC_UPPER, h));                          \
            row[i + (h)] = __builtin_shufflevector(upper, lower, VEC_EACH(VEC_LOWER, h));                    \
        }

/** A square of VEC x VEC numbers, its rows and columns exchanged: ever smaller blocks beside the diagonal change places. */
VEC_INLINE void vec_transpose(vec row[VEC])
{
#if defined(__AVX512F__)
    VEC_EXCHANGE(row, 8)
#endif
#if defined(__AVX__)
    VEC_EXCHANGE(row, 4)
#endif
    VEC_EXCHANGE(row, 2)
    VEC_EXCHANGE(row, 1)
}

#define VEC_EVEN(j, h) (2 * (j))
#define VEC_ODD(j, h)  (2 * (j) + 1)

/** Of 2 * VEC numbers in a row, those at even places, and those at odd ones. */
VEC_INLINE vec vec_even(vec first, vec second)
{
    return __builtin_shufflevector(first, second, VEC_EACH(VEC_EVEN, 0));
}

VEC_INLINE vec vec_odd(vec first, vec second)
{
    return __builtin_shufflevector(first, second, VEC_EACH(VEC_ODD, 0));
}

#endif
