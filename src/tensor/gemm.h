/**
 * The one door to BLAS: C = alpha * op(A) * op(B) + beta * C, row-major, and OpenBLAS held at one thread.
 */
#ifndef FOVEA_TENSOR_GEMM_H
#define FOVEA_TENSOR_GEMM_H

#include <stdbool.h>

/**
 * @param m,n,k  op(A) is m x k, op(B) is k x n, C is m x n; 0 is allowed
 * @param lda,ldb,ldc  floats from one stored row to the next
 */
void gemm(bool transpose_a, bool transpose_b, int m, int n, int k, float alpha, const float *a, int lda,
          const float *b, int ldb, float beta, float *c, int ldc);

/** Call once at start: fovea's own team shares out the work, so BLAS must not. */
void gemm_setup(void);

/** What BLAS says of itself, for --version. */
const char *gemm_version(void);

#endif
