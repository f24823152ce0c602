#include "tensor/tensor.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

size_t tensor_count(const struct tensor *t)
{
    size_t count = 1;

    for (int i = 0; i < t->rank; i++)
        count *= (size_t)t->dim[i];
    return count;
}

enum err tensor_init(struct tensor *t, int rank, const long *dim, struct diag *diag)
{
    size_t count = 1;
    bool overflow = false, empty = false;

    assert(rank >= 0 && rank <= TENSOR_RANK);
    *t = (struct tensor){.rank = rank};
    for (int i = 0; i < rank; i++) {
        assert(dim[i] >= 0);
        t->dim[i] = dim[i];
        empty |= dim[i] == 0;
        overflow |= __builtin_mul_overflow(count, (size_t)dim[i], &count);
    }
    /* A dimension of 0 makes the product 0, but only after the others have been multiplied. */
    if (!overflow || empty)
        t->data = mem_floats(empty ? 0 : count);
    if (!t->data) {
        *t = (struct tensor){0};
        return diag_fail(diag, ERR_MEMORY, NULL, 0, "not enough memory for a tensor of shape %s",
                         tensor_text(rank, dim).s);
    }
    return ERR_NONE;
}

void tensor_fini(struct tensor *t)
{
    free(t->data);
    *t = (struct tensor){0};
}

struct tensor_text tensor_text(int rank, const long *dim)
{
    struct tensor_text text;
    int used = snprintf(text.s, sizeof text.s, "[");

    for (int i = 0; i < rank && used < (int)sizeof text.s; i++)
        used += snprintf(text.s + used, sizeof text.s - (size_t)used, i ? ", %ld" : "%ld", dim[i]);
    if (used < (int)sizeof text.s)
        used += snprintf(text.s + used, sizeof text.s - (size_t)used, "]");
    if (used >= (int)sizeof text.s)
        memcpy(text.s + sizeof text.s - 5, "...]", 5);
    return text;
}
