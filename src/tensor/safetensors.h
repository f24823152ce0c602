/**
 * Files of named tensors in the safetensors format: 8 bytes of little-endian header length, a JSON header, the data.
 *
 * Reading trusts nothing: the header's length, every offset, overlaps, gaps past the end, counts that overflow and names that come
 * twice are checked before a number is touched. F64, F32, F16 and BF16 come out as floats; integer tensors are kept as
 * they are (they count labels and steps) and converted only by safetensors_ints().
 * Source: https://github.com/huggingface/safetensors#format
 */
#ifndef FOVEA_TENSOR_SAFETENSORS_H
#define FOVEA_TENSOR_SAFETENSORS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "tensor/tensor.h"

struct safetensors; /* an open, checked file, whole in memory */

enum dtype {
    DTYPE_F64,
    DTYPE_F32,
    DTYPE_F16,
    DTYPE_BF16,
    DTYPE_I64,
    DTYPE_I32,
    DTYPE_I16,
    DTYPE_I8,
    DTYPE_U8,
    DTYPE_OTHER
};

struct safetensors_entry {
    const char *name; /* owned by the file */
    enum dtype dtype;
    int rank;
    long dim[TENSOR_RANK];
};

MUST_USE enum err safetensors_open(const char *path, struct safetensors **out, struct diag *diag);
void safetensors_close(struct safetensors *file);

int safetensors_count(const struct safetensors *file);
const struct safetensors_entry *safetensors_entry(const struct safetensors *file,
                                                  int index); /* in the order of their data */
const struct safetensors_entry *safetensors_find(const struct safetensors *file,
                                                 const char *name);                /* NULL: not there */
const char *safetensors_metadata(const struct safetensors *file, const char *key); /* NULL: not there */
bool safetensors_is_float(const struct safetensors_entry *entry);

/** Copies a floating-point tensor into out[], which has room for the product of its dimensions. */
void safetensors_floats(const struct safetensors *file, const struct safetensors_entry *entry, float *out);

/** Copies an integer tensor into out[] (I64, I32, I16, I8, U8). */
void safetensors_ints(const struct safetensors *file, const struct safetensors_entry *entry, int64_t *out);

/** A floating-point tensor by name, allocated; ERR_UNKNOWN lists the names there are, ERR_FORMAT: it holds whole numbers. tensor_fini() it. */
MUST_USE enum err safetensors_tensor(const struct safetensors *file, const char *name, struct tensor *out,
                                     struct diag *diag);

/** What to write: borrowed. `data` is rank/dim F32 numbers, or int64 when dtype is DTYPE_I64. */
struct safetensors_item {
    const char *name;
    enum dtype dtype; /* DTYPE_F32 or DTYPE_I64 */
    int rank;
    long dim[TENSOR_RANK];
    const void *data;
};

struct safetensors_meta {
    const char *key, *value;
};

/** Writes a whole file (atomically, see base/file.h). Keys and names, distinct and in UTF-8, in the order given. */
MUST_USE enum err safetensors_write(const char *path, const struct safetensors_item *items, int count,
                                    const struct safetensors_meta *meta, int metas, struct diag *diag);

#endif
