/**
 * CIFAR-10 in its binary form: records of a label and 3 x 32 x 32 bytes, planes of red, green and blue. Krizhevsky 2009.
 *
 * data_batch_1.bin to data_batch_5.bin, those that are there, make the training split; test_batch.bin the other.
 */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "data/sources/sources.h"

enum { PIXELS = 3 * 32 * 32, RECORD = 1 + PIXELS, BATCHES = 5, CLASSES = 10 };

static const char *const names[CLASSES] = {"airplane", "automobile", "bird",  "cat",  "deer",
                                           "dog",      "frog",       "horse", "ship", "truck"};

static enum err append(struct dataset *d, enum split split, const char *path, struct diag *diag)
{
    struct image_store *store = d->state;
    struct bytes bytes = {0};
    enum err err = file_read(path, (size_t)1 << 30, &bytes, diag);
    if (err)
        return err;
    size_t records = bytes.size / RECORD, old = (size_t)d->count[split];
    if (bytes.size == 0 || bytes.size % RECORD)
        err =
            diag_fail(diag, ERR_FORMAT, path, 0, "%zu bytes aren't whole records of %d", bytes.size, RECORD);
    uint8_t *pixels = err ? NULL : realloc(store->pixels[split], (old + records) * PIXELS);
    store->pixels[split] = pixels ? pixels : store->pixels[split];
    uint8_t *labels = err ? NULL : realloc(store->labels[split], old + records);
    store->labels[split] = labels ? labels : store->labels[split];
    if (!err && (!pixels || !labels))
        err = diag_memory(diag, "images");
    for (size_t i = 0; i < records && !err; i++) {
        const unsigned char *record = bytes.data + i * RECORD;
        if (record[0] >= CLASSES)
            err = diag_fail(diag, ERR_FORMAT, path, 0, "label %d of image %zu, but labels are 0 to %d",
                            record[0], i, CLASSES - 1);
        labels[old + i] = record[0];
        memcpy(pixels + (old + i) * PIXELS, record + 1, PIXELS);
    }
    if (!err)
        d->count[split] += (int)records;
    bytes_free(&bytes);
    return err;
}

static enum err open_batch(struct dataset *d, enum split split, const char *dir, const char *name, int number,
                           struct diag *diag)
{
    struct text path = {0};
    text_format(&path, "%s/%s", dir, name);
    if (number)
        text_format(&path, "_%d", number);
    text_add(&path, ".bin");
    enum err err = path.failed ? diag_memory(diag, "a path") : ERR_NONE;
    if (!err && file_exists(text_str(&path)))
        err = append(d, split, text_str(&path), diag);
    text_free(&path);
    return err;
}

static enum err open(struct dataset *d, const char *where, uint64_t seed, struct diag *diag)
{
    (void)seed;
    if (!*where)
        return diag_fail(diag, ERR_USAGE, NULL, 0, "cifar10 wants a directory: %s", d->source->usage);
    if (!(d->state = calloc(1, sizeof(struct image_store))))
        return diag_memory(diag, "a data set");
    d->shape = (struct shape){3, 32, 32};
    enum err err = ERR_NONE;
    for (int i = 1; i <= BATCHES && !err; i++)
        err = open_batch(d, SPLIT_TRAIN, where, "data_batch", i, diag);
    if (!err)
        err = open_batch(d, SPLIT_TEST, where, "test_batch", 0, diag);
    if (!err && d->count[SPLIT_TRAIN] + d->count[SPLIT_TEST] == 0)
        err = diag_fail(diag, ERR_IO, where, 0,
                        "no CIFAR-10 batches: data_batch_1.bin and test_batch.bin were expected");
    return err ? err : dataset_set_classes(d, CLASSES, names, diag);
}

const struct source_type source_cifar10 = {
    "cifar10", "cifar10:DIR", "CIFAR-10 in binary batches", open, image_store_close, image_store_read,
};
