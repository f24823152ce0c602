/**
 * A tensor outside of a network: what files hold and what the definitions of correlation work on. Row-major floats.
 */
#ifndef FOVEA_TENSOR_TENSOR_H
#define FOVEA_TENSOR_TENSOR_H

#include <stddef.h>

#include "base/err.h"

enum { TENSOR_RANK = 8 };

struct tensor {
    int rank;              /* 0 (one number) .. TENSOR_RANK */
    long dim[TENSOR_RANK]; /* each >= 0 */
    float *data;           /* row-major, tensor_count() floats, owned; NULL in an empty {0} */
};

size_t tensor_count(const struct tensor *t);

/** Zeroed tensor; ERR_MEMORY also when the product of the dimensions overflows. tensor_fini() it. */
MUST_USE enum err tensor_init(struct tensor *t, int rank, const long *dim, struct diag *diag);
void tensor_fini(struct tensor *t);

struct tensor_text {
    char s[128];
};
struct tensor_text tensor_text(int rank, const long *dim); /* "[16, 8, 5, 5]" */

#endif
