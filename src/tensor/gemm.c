#include "tensor/gemm.h"

#include <cblas.h>

#include <assert.h>

void gemm(bool transpose_a, bool transpose_b, int m, int n, int k, float alpha, const float *a, int lda,
          const float *b, int ldb, float beta, float *c, int ldc)
{
    assert(m >= 0 && n >= 0 && k >= 0);
    if (m == 0 || n == 0)
        return;
    if (k == 0) {
        /* An empty sum: only beta * C is left. BLAS would ask for strides that an empty matrix hasn't got. */
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                float *p = c + (long)i * ldc + j;
                *p = beta == 0.0f ? 0.0f : beta * *p;
            }
        }
        return;
    }
    cblas_sgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans,
                transpose_b ? CblasTrans : CblasNoTrans, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

void gemm_setup(void)
{
    openblas_set_num_threads(1);
}

const char *gemm_version(void)
{
    return openblas_get_config();
}
