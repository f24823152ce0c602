#include "nn/layer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "nn/layers/layers.h"

#define LAYER_ROW(name, isa) &layer_##name##_##isa,
#define LAYERS_ROW(isa)      {LAYERS(LAYER_ROW, isa)},

const struct layer_type *const layer_types[] = {LAYERS(LAYER_ROW, baseline) NULL};

/* The same types with the code for each set of instructions. */
static const struct layer_type *const for_isa[ISAS][ARRAY_LEN(layer_types) - 1] = {EACH_ISA(LAYERS_ROW)};

const struct layer_type *layer_type_fastest(const struct layer_type *type)
{
    for (int i = 0; layer_types[i]; i++)
        if (layer_types[i] == type)
            return for_isa[isa_best()][i];
    return type;
}

enum err build_same_shape(struct layer *layer, struct diag *diag)
{
    (void)diag;
    layer->out = layer->in_shape[0];
    return ERR_NONE;
}

const struct layer_type *layer_type_find(const char *name)
{
    for (int i = 0; layer_types[i]; i++)
        if (strcmp(layer_types[i]->name, name) == 0)
            return layer_types[i];
    return NULL;
}

void layer_spell_params(const struct layer *layer, const char *plus, char *text, size_t size)
{
    size_t used = 0;
    text[0] = 0;
    for (int p = 0; p < layer->params && used < size; p++)
        for (int d = 0; d < layer->param[p].rank && used < size; d++) {
            const char *sign = d > 0 ? "*" : p > 0 ? plus : "";
            used += (size_t)snprintf(text + used, size - used, "%s%d", sign, layer->param[p].dim[d]);
        }
}

void layer_type_names(struct text *list)
{
    for (int i = 0; layer_types[i]; i++)
        text_listed(list, layer_types[i]->name, !layer_types[i + 1]);
}

static void fill_array(struct layer_array *a, const char *suffix, int rank, const int *dim)
{
    bool overflow = false;
    *a = (struct layer_array){.suffix = suffix, .rank = rank, .count = 1};
    for (int i = 0; i < rank; i++) {
        a->dim[i] = dim[i];
        overflow |= __builtin_mul_overflow(a->count, (size_t)dim[i], &a->count);
    }
    if (overflow) /* more than can be counted is more than a net may have: net_build() refuses it */
        a->count = SIZE_MAX;
}

void layer_add_param(struct layer *layer, const char *suffix, int rank, const int *dim)
{
    fill_array(&layer->param[layer->params++], suffix, rank, dim);
}

void layer_add_buffer(struct layer *layer, const char *suffix, int rank, const int *dim)
{
    fill_array(&layer->buffer[layer->buffers++], suffix, rank, dim);
}

/* No option needs a larger number, and products of four of them still fit a double exactly. */
static const long most_option = 1 << 24;

enum err option_int(const char *name, const char *value, int low, int *out, struct diag *diag)
{
    long whole = 0;
    if (!value || !text_int(value, low, most_option, &whole))
        return diag_fail(diag, ERR_FORMAT, NULL, 0, "%s is '%s', but must be a whole number from %d to %ld",
                         name, value ? value : "", low, most_option);
    *out = (int)whole;
    return ERR_NONE;
}

enum err option_pair(const char *name, const char *value, int low, int *rows, int *cols, struct diag *diag)
{
    char first[32];
    const char *x = value ? strchr(value, 'x') : NULL;
    if (!x) {
        enum err err = option_int(name, value, low, rows, diag);
        if (!err)
            *cols = *rows;
        return err;
    }
    snprintf(first, sizeof first, "%.*s", (int)(x - value), value);
    enum err err = option_int(name, first, low, rows, diag);
    return err ? err : option_int(name, x + 1, low, cols, diag);
}

enum err option_real(const char *name, const char *value, double low, double high, float *out,
                     struct diag *diag)
{
    double real = 0;
    /* compared as floats: the largest rate, 0.999f, lies above 0.999 and must still read back */
    if (!value || !text_real(value, &real) || (float)real < (float)low || (float)real > (float)high)
        return diag_fail(diag, ERR_FORMAT, NULL, 0, "%s is '%s', but must be a number from %g to %g", name,
                         value ? value : "", low, high);
    *out = (float)real;
    return ERR_NONE;
}

int option_write_real(char *text, size_t size, const char *before, float value)
{
    struct text number = {0};
    text_real_exact(&number, (double)value);
    int used = snprintf(text, size, "%s%s", before, text_str(&number));
    text_free(&number);
    return used;
}

enum err option_unknown(const char *name, const struct layer_type *type, struct diag *diag)
{
    return diag_fail(diag, ERR_UNKNOWN, NULL, 0, "'%s' isn't an option of %s; it is written: %s", name,
                     type->name, type->usage);
}
