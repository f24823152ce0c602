/**
 * Numbers in files, as one tensor: CSV, a picture as grey, or a tensor of a safetensors file.
 */
#ifndef FOVEA_DATA_TABLE_H
#define FOVEA_DATA_TABLE_H

#include <stdbool.h>

#include "base/err.h"
#include "tensor/tensor.h"

/** How a vector was written: a row or a column of a CSV file. Beside a matrix that matters, beside a vector it doesn't. */
enum table_line { TABLE_NONE, TABLE_ROW, TABLE_COLUMN };

struct table {
    struct tensor tensor; /* owned */
    enum table_line line; /* NONE: the rank is what the file says */
};

/**
 * CSV text: one row a line, numbers apart by commas, semicolons or blanks; `#` begins a comment, empty lines don't count. One row or
 * one column gives a vector, anything else a matrix.
 * @param path  for messages
 */
MUST_USE enum err table_parse(const char *text, const char *path, struct table *out, struct diag *diag);

/**
 * What `path` names: FILE.png as a matrix of grey values in [0,1]; FILE.safetensors its first floating-point tensor and
 * FILE.safetensors:NAME the one of that name; everything else, and "-" for standard input, is CSV.
 */
MUST_USE enum err table_read(const char *path, struct table *out, struct diag *diag);

/** The picture in a PNG file: [h][w] grey values, or with `color` [h][w][3]. */
MUST_USE enum err table_read_picture(const char *path, bool color, struct table *out, struct diag *diag);

/** A PNG of [h][w], [h][w][1] or [h][w][3] numbers, clipped to [0,1]; ERR_SHAPE for others. */
MUST_USE enum err table_write_picture(const char *path, const struct tensor *t, struct diag *diag);
void table_fini(struct table *t);

/** Makes the CSV row or column that stands beside a matrix a matrix of one row or one column; leaves all else alone. */
void table_pair(struct table *a, struct table *b);

#endif
