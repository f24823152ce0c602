/** From one operation to another: what it needs besides the input. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "tui/stepping.h"

enum { RANK = CORRELATE_RANK, UNITS = 3, SIDE = 2 };

/* The slide's kernel, for every plane of a deep input. */
static enum err usual_kernel(struct step_source *s, struct diag *diag)
{
    static const float slide[9] = {0, 1, 2, 2, 2, 0, 0, 1, 2}, line[3] = {1, 0, -1};
    int rank = s->x.rank;
    long planes = rank == 3 ? s->x.dim[0] : 1, dim[RANK] = {planes, 3, 3}, three = 3;
    if (rank == 1)
        return step_source_set(&s->w, 1, &three, line, diag);
    float *w = mem_floats((size_t)planes * 9);
    if (!w)
        return diag_memory(diag, "a kernel");
    for (long i = 0; i < planes * 9; i++)
        w[i] = slide[i % 9];
    enum err err = step_source_set(&s->w, rank, dim + RANK - rank, w, diag);
    free(w);
    return err;
}

/* Small whole numbers, for three units. */
static enum err usual_units(struct step_source *s, struct diag *diag)
{
    long n = (long)tensor_count(&s->x), dim[2] = {UNITS, n};
    float *w = mem_floats((size_t)(UNITS * n));
    s->bias = mem_floats(UNITS);
    enum err err = w && s->bias ? ERR_NONE : diag_memory(diag, "weights");
    for (long i = 0; i < UNITS * n && !err; i++)
        w[i] = (float)((i * 7 + i / n * 3) % 5 - 2);
    for (int u = 0; u < UNITS && !err; u++)
        s->bias[u] = (float)(u - 1);
    if (!err)
        err = step_source_set(&s->w, 2, dim, w, diag);
    free(w);
    return err;
}

enum err step_source_operate(struct step_source *s, enum step_operation operation, struct diag *diag)
{
    bool pools = operation == STEP_MAX || operation == STEP_MEAN, was = s->operation == STEP_DENSE;
    struct trace_options options = {.mode = CORRELATE_VALID};
    s->operation = operation;
    if (operation == STEP_CORRELATE && !was && s->w.rank == s->x.rank)
        return ERR_NONE;
    for (int a = 0; a < s->x.rank && pools; a++) {
        bool slides = a >= s->x.rank - 2;
        s->side[a] = options.stride[a] = slides && s->x.dim[a] >= SIDE ? SIDE : 1;
    }
    s->options = options;
    s->kept = 0;
    *s->kernel = 0;
    s->narrow = false;
    free(s->bias);
    s->bias = NULL;
    return operation == STEP_CORRELATE ? usual_kernel(s, diag)
           : operation == STEP_DENSE   ? usual_units(s, diag)
                                       : ERR_NONE;
}

static enum step_operation behind(enum step_operation operation)
{
    static const enum step_operation next[STEP_OPERATIONS] = {
        [STEP_CORRELATE] = STEP_RELU, [STEP_RELU] = STEP_MAX,      [STEP_MAX] = STEP_DENSE,
        [STEP_MEAN] = STEP_DENSE,     [STEP_DENSE] = STEP_SOFTMAX, [STEP_SOFTMAX] = STEP_SOFTMAX};
    return next[operation];
}

enum err step_source_carry(const struct stepping *s, struct step_source *out, struct diag *diag)
{
    long dim[RANK] = {s->out.c, s->out.h, s->out.w};
    int missing = 0;
    while (missing < RANK - 1 && dim[missing] == 1)
        missing++;
    if (s->whole || (missing == 1 && dim[2] == 1)) { /* a column is a vector */
        dim[2] = s->outputs;
        missing = 2;
    }
    *out = (struct step_source){.filters = 1, .edited = STEP_EDITED_ALL, .operation = s->source.operation};
    enum err err = step_source_set(&out->x, RANK - missing, dim + missing, s->y, diag);
    if (!err)
        err = step_source_operate(out, behind(s->source.operation), diag);
    snprintf(out->title, sizeof out->title, "what came out of %s", step_operation_names[s->source.operation]);
    if (err)
        step_source_fini(out);
    return err;
}
