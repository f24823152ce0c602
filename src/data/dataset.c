#include "data/dataset.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "data/sources/sources.h"

const struct source_type *const source_types[] = {&source_digits, &source_mnist, &source_idx, &source_cifar10,
                                                  &source_folder, &source_noise, NULL};

static void close_all(struct dataset *d)
{
    if (d->source)
        d->source->close(d);
    for (int i = 0; i < d->classes && d->class_name; i++)
        free(d->class_name[i]);
    free(d->class_name);
    free(d->spec);
    free(d);
}

static enum err find_source(const char *spec, const struct source_type **out, const char **where,
                            struct diag *diag)
{
    size_t length = strcspn(spec, ":");
    for (int i = 0; source_types[i]; i++)
        if (strlen(source_types[i]->name) == length && strncmp(source_types[i]->name, spec, length) == 0) {
            *out = source_types[i];
            *where = spec[length] ? spec + length + 1 : "";
            return ERR_NONE;
        }
    struct text known = {0};
    for (int i = 0; source_types[i]; i++)
        text_listed(&known, source_types[i]->usage, !source_types[i + 1]);
    return text_unknown(diag, NULL, 0, "data source", spec, &known);
}

enum err dataset_open(const char *spec, uint64_t seed, struct dataset **out, struct diag *diag)
{
    const struct source_type *source = NULL;
    const char *where = NULL;
    enum err err = find_source(spec, &source, &where, diag);
    if (err)
        return err;
    struct dataset *d = calloc(1, sizeof *d);
    if (!d || !(d->spec = text_copy(spec))) {
        free(d);
        return diag_memory(diag, "a data set");
    }
    d->source = source;
    err = source->open(d, where, seed, diag);
    if (err) {
        close_all(d);
        return err;
    }
    *out = d;
    return ERR_NONE;
}

void dataset_close(struct dataset *d)
{
    if (d)
        close_all(d);
}

int dataset_read(const struct dataset *d, enum split split, int index, uint8_t *pixels)
{
    assert(index >= 0 && index < d->count[split]);
    return d->source->read(d, split, index, pixels);
}

int dataset_read_floats(const struct dataset *d, enum split split, int index, float *x)
{
    /* the bytes go to the last quarter of the floats' own memory, and are widened from the front: nothing is overtaken */
    size_t count = shape_count(d->shape);
    uint8_t *pixels = (uint8_t *)x + count * (sizeof *x - 1);
    int label = dataset_read(d, split, index, pixels);
    for (size_t i = 0; i < count; i++) {
        float value = (float)pixels[i] / 255.0f;
        memcpy(&x[i], &value, sizeof value);
    }
    return label;
}

int image_store_read(const struct dataset *d, enum split split, int index, uint8_t *pixels)
{
    const struct image_store *store = d->state;
    size_t count = shape_count(d->shape);
    memcpy(pixels, store->pixels[split] + (size_t)index * count, count);
    return store->labels[split][index];
}

void image_store_close(struct dataset *d)
{
    struct image_store *store = d->state;
    for (int s = 0; s < SPLITS && store; s++) {
        free(store->pixels[s]);
        free(store->labels[s]);
    }
    free(store);
    d->state = NULL;
}

enum err dataset_set_classes(struct dataset *d, int classes, const char *const *names, struct diag *diag)
{
    for (int i = 0; i < d->classes && d->class_name; i++)
        free(d->class_name[i]);
    free(d->class_name);
    d->classes = 0;
    d->class_name = calloc((size_t)classes + 1, sizeof *d->class_name);
    if (!d->class_name)
        return diag_memory(diag, "class names");
    d->classes = classes;
    for (int i = 0; i < classes; i++) {
        struct text number = {0};
        if (!names)
            text_format(&number, "%d", i);
        d->class_name[i] = names ? text_copy(names[i]) : text_take(&number);
        if (!d->class_name[i])
            return diag_memory(diag, "class names");
    }
    return ERR_NONE;
}
