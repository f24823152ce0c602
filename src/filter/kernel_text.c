/** Kernels as text: "gaussian:k=7,sigma=2" read and written. */
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "data/table.h"
#include "filter/kernels.h"

static enum err unknown_name(const char *name, struct diag *diag)
{
    struct text known = {0};
    for (int i = 0; kernel_types[i]; i++)
        text_listed(&known, kernel_types[i]->name, !kernel_types[i + 1]);
    return text_unknown(diag, NULL, 0, "kernel", name, &known);
}

/* "0 1 2;2 2 0": rows apart by semicolons are lines of a table. */
static enum err read_custom(char *text, struct kernel *out, struct diag *diag)
{
    struct table table = {0};
    for (char *c = text; *c; c++)
        if (*c == ';')
            *c = '\n';
    enum err err = table_parse(text, "custom", &table, diag);
    const struct tensor *t = &table.tensor;
    int rows = 0, cols = 0;
    if (!err && tensor_count(t) <= (size_t)KERNEL_SIDE * KERNEL_SIDE) {
        rows = table.line == TABLE_ROW ? 1 : (int)t->dim[0];
        cols = table.line == TABLE_COLUMN ? 1 : (int)t->dim[t->rank - 1];
    }
    if (!err && (rows < 1 || rows > KERNEL_SIDE || cols > KERNEL_SIDE))
        err =
            diag_fail(diag, ERR_RANGE, NULL, 0, "custom: a kernel has 1 to %d rows and columns", KERNEL_SIDE);
    if (!err)
        err = kernel_custom(rows, cols, t->data, out, diag);
    table_fini(&table);
    return err;
}

/* @param keys  what stands behind the colon, cut up; NULL: nothing */
static enum err read_known(const struct kernel_type *type, char *keys, struct kernel *out, struct diag *diag)
{
    double value[KNOBS];
    enum err err = ERR_NONE;
    if (keys && !type->knob[0].name)
        return read_custom(keys, out, diag);
    knobs_initial(type->knob, value);
    if (keys)
        err = knobs_read(type->name, type->knob, keys, value, diag);
    return err ? err : kernel_make(type, value, out, diag);
}

enum err kernel_parse(const char *text, struct kernel *out, struct diag *diag)
{
    char *copy = text_copy(text), *keys = copy ? strchr(copy, ':') : NULL;
    *out = (struct kernel){0};
    if (!copy)
        return diag_memory(diag, "a kernel's name");
    if (keys)
        *keys++ = 0;
    const struct kernel_type *type = kernel_type_find(copy);
    enum err err = type ? read_known(type, keys, out, diag) : unknown_name(copy, diag);
    free(copy);
    return err;
}

void kernel_spell(const struct kernel *k, struct text *out)
{
    const long rows = k->w.dim[0], cols = k->w.dim[1];
    char number[DECIMAL_ROOM];
    knobs_spell(k->type->name, k->type->knob, k->value, out);
    for (long i = 0; !k->type->knob[0].name && i < rows * cols; i++) {
        text_add(out, i == 0 ? ":" : i % cols ? " " : ";");
        decimal_shortest(k->w.data[i], number);
        text_add(out, number);
    }
}
