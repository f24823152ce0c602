/**
 * IDX files, plain or gzip: MNIST, Fashion-MNIST and what is made like them. LeCun, http://yann.lecun.com/exdb/mnist/.
 *
 * Two splits of two files each. A split whose files are both missing is empty; half a split is an error.
 */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "data/sources/sources.h"

enum { MAGIC_LABELS = 0x00000801, MAGIC_IMAGES = 0x00000803 };
static const size_t most_bytes = (size_t)4 << 30;

static const char *const prefixes[SPLITS] = {"train", "t10k"};
static const char *const endings[] = {"", ".gz"};

/* DIR/PREFIX-images-idx3-ubyte[.gz], or with a point before idx3. NULL: none of them is there. */
static char *find_file(const char *dir, const char *prefix, const char *what, const char *idx)
{
    for (int point = 0; point < 2; point++)
        for (int e = 0; e < ARRAY_LEN(endings); e++) {
            struct text path = {0};
            text_format(&path, "%s/%s-%s%c%s-ubyte%s", dir, prefix, what, point ? '.' : '-', idx, endings[e]);
            if (!path.failed && file_exists(text_str(&path)))
                return text_take(&path);
            text_free(&path);
        }
    return NULL;
}

static uint32_t big_endian(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Reads a file and checks its magic number and size: `dims` numbers of 4 bytes, then one byte for each element. */
static enum err read_idx(const char *path, uint32_t magic, int dims, uint32_t *dim, struct bytes *out,
                         struct diag *diag)
{
    enum err err = file_read_gzip(path, most_bytes, out, diag);
    if (err)
        return err;
    size_t head = 4 + 4 * (size_t)dims, want = head;
    if (out->size < head)
        err = diag_fail(diag, ERR_FORMAT, path, 0, "%zu bytes are too few for an IDX file", out->size);
    else if (big_endian(out->data) != magic)
        err = diag_fail(diag, ERR_FORMAT, path, 0, "it begins with 0x%08x, but IDX %s begin with 0x%08x",
                        big_endian(out->data), dims == 1 ? "labels" : "images", magic);
    double elements = 1;
    for (int i = 0; i < dims && !err; i++)
        elements *= (double)(dim[i] = big_endian(out->data + 4 + 4 * i));
    if (!err && (elements < 1 || elements > (double)most_bytes))
        err = diag_fail(diag, ERR_FORMAT, path, 0, "it would hold %.0f bytes of data", elements);
    want += err ? 0 : (size_t)elements;
    if (!err && out->size != want)
        err = diag_fail(diag, ERR_FORMAT, path, 0, "%zu bytes, but its sizes need %zu", out->size, want);
    if (err)
        bytes_free(out);
    return err;
}

static enum err open_images(struct dataset *d, enum split split, const char *path, struct diag *diag)
{
    struct image_store *store = d->state;
    struct bytes bytes = {0};
    uint32_t dim[3];
    enum err err = read_idx(path, MAGIC_IMAGES, 3, dim, &bytes, diag);
    if (err)
        return err;
    struct shape shape = {1, (int)dim[1], (int)dim[2]};
    bool known = d->shape.c > 0;
    if (dim[0] > 1u << 30 || dim[1] > 65535 || dim[2] > 65535)
        err = diag_fail(diag, ERR_FORMAT, path, 0, "%u images of %ux%u are more than can be meant", dim[0],
                        dim[1], dim[2]);
    else if (known && !shape_equal(d->shape, shape))
        err = diag_fail(diag, ERR_SHAPE, path, 0, "its images are %s, but those for training %s",
                        shape_text(shape).s, shape_text(d->shape).s);
    size_t count = err ? 0 : (size_t)dim[0] * shape_count(shape);
    if (!err && !(store->pixels[split] = malloc(count)))
        err = diag_memory(diag, "images");
    if (!err) {
        memcpy(store->pixels[split], bytes.data + 16, count);
        d->shape = shape;
        d->count[split] = (int)dim[0];
    }
    bytes_free(&bytes);
    return err;
}

static enum err open_labels(struct dataset *d, enum split split, const char *path, int most, int *largest,
                            struct diag *diag)
{
    struct image_store *store = d->state;
    struct bytes bytes = {0};
    uint32_t count;
    enum err err = read_idx(path, MAGIC_LABELS, 1, &count, &bytes, diag);
    if (err)
        return err;
    if ((int)count != d->count[split])
        err = diag_fail(diag, ERR_FORMAT, path, 0, "%u labels for %d images", count, d->count[split]);
    for (uint32_t i = 0; i < count && !err; i++) {
        int label = bytes.data[8 + i];
        if (label > most)
            err = diag_fail(diag, ERR_FORMAT, path, 0, "label %d of image %u, but labels are 0 to %d", label,
                            i, most);
        *largest = label > *largest ? label : *largest;
    }
    if (!err && !(store->labels[split] = malloc(count)))
        err = diag_memory(diag, "labels");
    if (!err)
        memcpy(store->labels[split], bytes.data + 8, count);
    bytes_free(&bytes);
    return err;
}

static enum err open_split(struct dataset *d, enum split split, const char *dir, int most, int *largest,
                           struct diag *diag)
{
    char *images = find_file(dir, prefixes[split], "images", "idx3"),
         *labels = find_file(dir, prefixes[split], "labels", "idx1");
    enum err err = ERR_NONE;
    if (!images != !labels)
        err = diag_fail(diag, ERR_IO, dir, 0, "there is no %s-%s file beside the %s", prefixes[split],
                        images ? "labels-idx1-ubyte" : "images-idx3-ubyte", images ? "images" : "labels");
    if (!err && images)
        err = open_images(d, split, images, diag);
    if (!err && labels)
        err = open_labels(d, split, labels, most, largest, diag);
    free(images);
    free(labels);
    return err;
}

static enum err open_idx(struct dataset *d, const char *where, int most, struct diag *diag)
{
    int largest = 9;
    if (!*where)
        return diag_fail(diag, ERR_USAGE, NULL, 0, "%s wants a directory: %s", d->source->name,
                         d->source->usage);
    if (!(d->state = calloc(1, sizeof(struct image_store))))
        return diag_memory(diag, "a data set");
    for (int s = 0; s < SPLITS; s++) {
        enum err err = open_split(d, (enum split)s, where, most, &largest, diag);
        if (err)
            return err;
    }
    if (d->count[SPLIT_TRAIN] + d->count[SPLIT_TEST] == 0)
        return diag_fail(diag, ERR_IO, where, 0,
                         "no IDX files: train-images-idx3-ubyte and the like were expected, plain or .gz");
    return dataset_set_classes(d, largest + 1, NULL, diag);
}

static enum err open_mnist(struct dataset *d, const char *where, uint64_t seed, struct diag *diag)
{
    (void)seed;
    return open_idx(d, where, 9, diag);
}

static enum err open_any(struct dataset *d, const char *where, uint64_t seed, struct diag *diag)
{
    (void)seed;
    return open_idx(d, where, 255, diag);
}

const struct source_type source_mnist = {
    "mnist",    "mnist:DIR",       "handwritten digits in IDX files, ten classes",
    open_mnist, image_store_close, image_store_read,
};
const struct source_type source_idx = {
    "idx", "idx:DIR", "images in IDX files, up to 256 classes", open_any, image_store_close, image_store_read,
};
