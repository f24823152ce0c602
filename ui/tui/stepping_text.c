/** Numbers of the step lab as text, both ways. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "filter/kernels.h"
#include "tui/stepping.h"

enum { RANK = CORRELATE_RANK, WORD = 32 };

/* ---- reading ---- */

struct reading {
    const char *at;
    float *v;
    long count, row, plane; /* numbers read; the first of this row, of this plane */
    long dim[RANK];         /* planes, rows, columns so far; 0: none is finished */
};

static enum err end_row(struct reading *r, struct diag *diag)
{
    long cols = r->count - r->row;
    if (cols == 0)
        return diag_fail(diag, ERR_FORMAT, NULL, 0, "a row without numbers");
    if (r->dim[2] > 0 && cols != r->dim[2])
        return diag_fail(diag, ERR_SHAPE, NULL, 0, "a row of %ld numbers beside one of %ld", cols, r->dim[2]);
    r->dim[2] = cols;
    r->row = r->count;
    return ERR_NONE;
}

static enum err end_plane(struct reading *r, struct diag *diag)
{
    enum err err = end_row(r, diag);
    if (err)
        return err;
    long rows = (r->count - r->plane) / r->dim[2];
    if (r->dim[1] > 0 && rows != r->dim[1])
        return diag_fail(diag, ERR_SHAPE, NULL, 0, "a plane of %ld rows beside one of %ld", rows, r->dim[1]);
    r->dim[1] = rows;
    r->dim[0]++;
    r->plane = r->count;
    return ERR_NONE;
}

static enum err read_word(struct reading *r, struct diag *diag)
{
    char word[WORD];
    double value = 0;
    size_t length = strcspn(r->at, " ,/");
    if (length >= sizeof word)
        return diag_fail(diag, ERR_FORMAT, NULL, 0, "'%.20s...' isn't a number", r->at);
    memcpy(word, r->at, length);
    word[length] = 0;
    if (!text_real(word, &value) || fabs(value) > 1e30)
        return diag_fail(diag, ERR_FORMAT, NULL, 0, "'%s' isn't a number; rows are apart by /, as 0 1/2 3",
                         word);
    r->v[r->count++] = (float)value;
    r->at += length;
    return ERR_NONE;
}

enum err step_cells_read(const char *text, struct tensor *out, struct diag *diag)
{
    struct reading r = {.at = text, .v = mem_floats(strlen(text) + 1)};
    enum err err = r.v ? ERR_NONE : diag_memory(diag, "numbers");
    while (!err && *r.at) {
        bool plane = strncmp(r.at, "//", 2) == 0;
        if (*r.at == ' ' || *r.at == ',')
            r.at++;
        else if (*r.at == '/') {
            err = plane ? end_plane(&r, diag) : end_row(&r, diag);
            r.at += plane ? 2 : 1;
        } else
            err = read_word(&r, diag);
    }
    if (!err)
        err = end_plane(&r, diag);
    int rank = r.dim[0] > 1 ? 3 : r.dim[1] > 1 ? 2 : 1;
    if (!err)
        err = step_source_set(out, rank, r.dim + RANK - rank, r.v, diag);
    free(r.v);
    return err;
}

static bool by_name(const char *text)
{
    return *text >= 'a' && *text <= 'z';
}

/* A kernel of the library: of a vector it is one row. */
static enum err read_kernel(const char *text, int rank, struct step_source *out, struct diag *diag)
{
    struct kernel k = {0};
    enum err err = kernel_parse(text, &k, diag);
    if (err)
        return err;
    if (rank == 1 && k.w.dim[0] != 1 && k.w.dim[1] != 1)
        err = diag_fail(diag, ERR_SHAPE, NULL, 0,
                        "the kernel has %ld rows and the input is a vector: rows=1 makes it one row",
                        k.w.dim[0]);
    long dim[RANK] = {1, k.w.dim[0], k.w.dim[1]}, line = (long)tensor_count(&k.w);
    if (!err)
        err = step_source_set(&out->w, rank, rank == 1 ? &line : dim + RANK - rank, k.w.data, diag);
    out->kept = k.kept < 1 ? k.kept : 0;
    out->narrow = k.narrow;
    kernel_fini(&k);
    return err;
}

enum err step_weights_read(const char *text, int rank, struct step_source *out, struct diag *diag)
{
    out->kept = 0;
    out->narrow = false;
    snprintf(out->kernel, sizeof out->kernel, "%s",
             by_name(text) && strlen(text) < sizeof out->kernel ? text : "");
    if (by_name(text))
        return read_kernel(text, rank, out, diag);
    enum err err = step_cells_read(text, &out->w, diag);
    for (int missing = rank - out->w.rank; !err && missing > 0; missing--) {
        memmove(out->w.dim + 1, out->w.dim, (size_t)out->w.rank * sizeof *out->w.dim);
        out->w.dim[0] = 1;
        out->w.rank++;
    }
    return err;
}

/* ---- writing ---- */

void step_cells_write(const struct tensor *t, struct text *out)
{
    long cols = t->dim[t->rank - 1], rows = t->rank > 1 ? t->dim[t->rank - 2] : 1;
    for (long i = 0; i < (long)tensor_count(t); i++) {
        text_add(out, i == 0 ? "" : i % (rows * cols) == 0 ? "//" : i % cols == 0 ? "/" : " ");
        text_real_exact(out, (double)t->data[i]);
    }
}
