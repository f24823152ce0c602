/** Where images come from: the table of sources, and files good and bad. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/file.h"
#include "data/dataset.h"
#include "data/image.h"

static struct dataset *open_good(const char *spec, uint64_t seed)
{
    struct dataset *d = NULL;
    struct diag diag = {0};
    cr_assert_eq(dataset_open(spec, seed, &d, &diag), ERR_NONE, "%s", diag.text);
    return d;
}

/* ---- the table ---- */

Test(data, every_source_is_described)
{
    for (int i = 0; source_types[i]; i++) {
        const struct source_type *s = source_types[i];
        cr_assert_eq(strncmp(s->usage, s->name, strlen(s->name)), 0, "%s", s->usage);
        cr_assert_gt(strlen(s->help), 10);
        for (int k = 0; k < i; k++)
            cr_assert_str_neq(s->name, source_types[k]->name);
    }
}

Test(data, unknown_names_list_the_known)
{
    struct dataset *d = NULL;
    struct diag diag = {0};
    cr_assert_eq(dataset_open("mnits:x", 1, &d, &diag), ERR_UNKNOWN);
    for (int i = 0; source_types[i]; i++)
        cr_assert_not_null(strstr(diag.text, source_types[i]->usage), "%s", diag.text);
}

/* ---- files ---- */

static char dir[] = "/tmp/fovea-data-XXXXXX";

static void make_dir(void)
{
    cr_assert_not_null(mkdtemp(dir));
    cr_assert_eq(chdir(dir), 0);
}

static void remove_dir(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", dir);
    cr_assert_eq(system(command), 0);
}

static void refused(const char *spec, enum err err, const char *part)
{
    struct dataset *d = NULL;
    struct diag diag = {0};
    cr_assert_eq(dataset_open(spec, 1, &d, &diag), err, "%s: '%s'", spec, diag.text);
    cr_assert_not_null(strstr(diag.text, part), "'%s' doesn't say '%s'", diag.text, part);
    cr_assert_null(d);
}

static void put(const char *path, const void *data, size_t size)
{
    cr_assert_eq(file_write(path, data, size, NULL), ERR_NONE);
}

static void put_gzip(const char *path, const void *data, size_t size)
{
    gzFile f = gzopen(path, "wb");
    cr_assert_eq(gzwrite(f, data, (unsigned)size), (int)size);
    gzclose(f);
}

TestSuite(idx, .init = make_dir, .fini = remove_dir);
TestSuite(cifar10, .init = make_dir, .fini = remove_dir);
TestSuite(folder, .init = make_dir, .fini = remove_dir);

/* ---- IDX: three images of 2x3 and their labels, pixel k of image i is 10 i + k ---- */

#define IMAGES "train-images-idx3-ubyte"
#define LABELS "train-labels-idx1-ubyte"
enum { IDX_IMAGES = 16 + 18, IDX_LABELS = 8 + 3 };
static unsigned char images[IDX_IMAGES] = {0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 3};
static unsigned char labels[IDX_LABELS] = {0, 0, 8, 1, 0, 0, 0, 3, 4, 9, 0};

static void put_idx(void)
{
    for (int i = 0; i < 18; i++)
        images[16 + i] = (unsigned char)(i / 6 * 10 + i % 6);
    put(IMAGES, images, sizeof images);
    put(LABELS, labels, sizeof labels);
}

static void check_idx(const char *spec, enum split split)
{
    struct dataset *d = open_good(spec, 1);
    uint8_t pixels[6];
    cr_assert(shape_equal(d->shape, (struct shape){1, 2, 3}));
    cr_assert_eq(d->count[split], 3);
    cr_assert_eq(d->count[1 - split], 0);
    cr_assert_eq(d->classes, 10);
    for (int i = 2; i >= 0; i--) {
        cr_assert_eq(dataset_read(d, split, i, pixels), labels[8 + i]);
        for (int k = 0; k < 6; k++)
            cr_assert_eq(pixels[k], 10 * i + k);
    }
    dataset_close(d);
}

Test(idx, is_read)
{
    put_idx();
    check_idx("mnist:.", SPLIT_TRAIN);
    check_idx("idx:.", SPLIT_TRAIN);
    cr_assert_eq(rename(IMAGES, "t10k-images.idx3-ubyte"), 0);
    cr_assert_eq(rename(LABELS, "t10k-labels.idx1-ubyte"), 0);
    check_idx("mnist:.", SPLIT_TEST);
}

Test(idx, gzip_is_read)
{
    put_idx();
    remove(IMAGES);
    put_gzip(IMAGES ".gz", images, sizeof images);
    check_idx("mnist:.", SPLIT_TRAIN);
    remove(LABELS);
    put_gzip(LABELS ".gz", labels, sizeof labels);
    check_idx("mnist:.", SPLIT_TRAIN);
}

Test(idx, what_is_missing_is_said)
{
    refused("mnist:", ERR_USAGE, "mnist:DIR");
    refused("mnist", ERR_USAGE, "mnist:DIR");
    refused("idx:no/such", ERR_IO, "no/such");
    refused("mnist:.", ERR_IO, IMAGES);
    put_idx();
    remove(LABELS);
    refused("mnist:.", ERR_IO, LABELS);
    put_idx();
    remove(IMAGES);
    refused("mnist:.", ERR_IO, IMAGES);
    cr_assert_eq(mkdir(IMAGES, 0700), 0);
    refused("mnist:.", ERR_IO, IMAGES);
}

Test(idx, every_shorter_file_is_refused)
{
    put_idx();
    for (size_t size = 0; size < sizeof images; size++) {
        put(IMAGES, images, size);
        refused("mnist:.", ERR_FORMAT, "./" IMAGES);
    }
    put_idx();
    for (size_t size = 0; size < sizeof labels; size++) {
        put(LABELS, labels, size);
        refused("mnist:.", ERR_FORMAT, "./" LABELS);
    }
}

Test(idx, longer_files_are_refused)
{
    unsigned char longer[IDX_IMAGES + 1] = {0};
    put_idx();
    memcpy(longer, images, sizeof images);
    put(IMAGES, longer, sizeof longer);
    refused("mnist:.", ERR_FORMAT, "35 bytes");
}

/* One wrong byte of the head each: magic numbers, counts, sizes that don't fit or are absurd. */
Test(idx, wrong_heads_are_refused)
{
    unsigned char bad[IDX_IMAGES];
    for (int i = 0; i < 16; i++)
        for (int value = 0; value < 256; value += 51) {
            put_idx();
            memcpy(bad, images, sizeof bad);
            if (bad[i] == value)
                continue;
            bad[i] = (unsigned char)value;
            put(IMAGES, bad, sizeof bad);
            refused("mnist:.", ERR_FORMAT, "./" IMAGES);
        }
    for (int i = 0; i < 8; i++) {
        put_idx();
        memcpy(bad, labels, sizeof labels);
        bad[i] ^= 0x81;
        put(LABELS, bad, sizeof labels);
        refused("mnist:.", ERR_FORMAT, "./" LABELS);
    }
}

Test(idx, labels_are_counted_and_checked)
{
    static const unsigned char two[] = {0, 0, 8, 1, 0, 0, 0, 2, 4, 9};
    unsigned char large[IDX_LABELS];
    put_idx();
    put(LABELS, two, sizeof two);
    refused("mnist:.", ERR_FORMAT, "2 labels for 3 images");
    memcpy(large, labels, sizeof large);
    large[9] = 10;
    put(LABELS, large, sizeof large);
    refused("mnist:.", ERR_FORMAT, "label 10 of image 1");
    struct dataset *d = open_good("idx:.", 1);
    cr_assert_eq(d->classes, 11, "more than ten classes are for idx");
    dataset_close(d);
}

Test(idx, both_splits_have_one_shape)
{
    unsigned char turned[IDX_IMAGES];
    put_idx();
    memcpy(turned, images, sizeof turned);
    turned[11] = 3;
    turned[15] = 2;
    put("t10k-images-idx3-ubyte", turned, sizeof turned);
    put("t10k-labels-idx1-ubyte", labels, sizeof labels);
    refused("mnist:.", ERR_SHAPE, "t10k-images-idx3-ubyte");
}

/* ---- CIFAR-10: records whose pixels count on from the label ---- */

enum { RECORD = 3073 };

static void put_cifar(const char *path, int records, int first_label, size_t less)
{
    unsigned char *data = malloc((size_t)records * RECORD + 1);
    for (int i = 0; i < records; i++) {
        data[(size_t)i * RECORD] = (unsigned char)(first_label + i);
        for (int k = 1; k < RECORD; k++)
            data[(size_t)i * RECORD + (size_t)k] = (unsigned char)(first_label + i + k - 1);
    }
    put(path, data, (size_t)records * RECORD - less);
    free(data);
}

Test(cifar10, batches_are_read_in_their_order)
{
    put_cifar("data_batch_4.bin", 1, 9, 0);
    put_cifar("data_batch_1.bin", 2, 3, 0);
    put_cifar("test_batch.bin", 3, 0, 0);
    struct dataset *d = open_good("cifar10:.", 1);
    static const int expected[] = {3, 4, 9};
    uint8_t pixels[RECORD - 1];
    cr_assert(shape_equal(d->shape, (struct shape){3, 32, 32}));
    cr_assert_eq(d->count[SPLIT_TRAIN], 3);
    cr_assert_eq(d->count[SPLIT_TEST], 3);
    cr_assert_str_eq(d->class_name[9], "truck");
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(dataset_read(d, SPLIT_TRAIN, i, pixels), expected[i]);
        for (int k = 0; k < RECORD - 1; k++)
            cr_assert_eq(pixels[k], (expected[i] + k) % 256);
        cr_assert_eq(dataset_read(d, SPLIT_TEST, i, pixels), i);
    }
    dataset_close(d);
}

Test(cifar10, what_is_wrong_is_said)
{
    refused("cifar10", ERR_USAGE, "cifar10:DIR");
    refused("cifar10:.", ERR_IO, "data_batch_1.bin");
    put_cifar("data_batch_1.bin", 2, 8, 1);
    refused("cifar10:.", ERR_FORMAT, "data_batch_1.bin");
    put_cifar("data_batch_1.bin", 0, 0, 0);
    refused("cifar10:.", ERR_FORMAT, "data_batch_1.bin");
    put_cifar("data_batch_1.bin", 2, 8, 0);
    put_cifar("test_batch.bin", 3, 8, 0);
    refused("cifar10:.", ERR_FORMAT, "test_batch.bin: label 10 of image 2");
}

/* ---- a directory of PNG a class ---- */

/* One flat grey (c 1) or colour (c 3: level, 0, 0) picture. */
static void put_png(const char *path, int c, int h, int w, int level)
{
    size_t plane = (size_t)h * (size_t)w;
    float *x = calloc(plane * (size_t)c, sizeof *x);
    for (size_t i = 0; i < plane; i++)
        x[i] = (float)level / 255.0f;
    cr_assert_eq(image_write_png(path, (struct shape){c, h, w}, x, NULL), ERR_NONE);
    free(x);
}

static void put_class(const char *path, int c, int pictures, int level)
{
    char name[128];
    cr_assert_eq(mkdir(path, 0700), 0);
    for (int i = 0; i < pictures; i++) {
        snprintf(name, sizeof name, "%s/%02d.png", path, i);
        put_png(name, c, 4, 6, level + i);
    }
}

/* ---- noise ---- */

Test(data, noise_is_the_same_noise)
{
    static const char *const wrong[] = {
        "noise", "noise:3x64", "noise:0x8x8", "noise:3x8x8,classes=0", "noise:3x8x8x", "noise:3x8x8,size=2"};
    struct dataset *d = open_good("noise:3x20x30,classes=4", 5);
    enum { PIXELS = 3 * 20 * 30 };
    uint8_t a[PIXELS], b[PIXELS];
    int seen[4] = {0};
    double sum = 0;
    cr_assert(shape_equal(d->shape, (struct shape){3, 20, 30}) && d->classes == 4);
    cr_assert(d->count[SPLIT_TRAIN] > 0 && d->count[SPLIT_TEST] > 0);
    for (int i = 0; i < d->count[SPLIT_TEST]; i++) {
        int label = dataset_read(d, SPLIT_TEST, i, a);
        cr_assert(label >= 0 && label < 4);
        seen[label]++;
        cr_assert_eq(dataset_read(d, SPLIT_TEST, i, b), label);
        cr_assert_eq(memcmp(a, b, PIXELS), 0);
        for (int k = 0; k < PIXELS; k++)
            sum += a[k];
    }
    for (int k = 0; k < 4; k++)
        cr_assert_gt(seen[k], 0, "class %d", k);
    cr_assert_float_eq(sum / PIXELS / d->count[SPLIT_TEST], 127.5, 1);
    dataset_read(d, SPLIT_TRAIN, 0, b);
    cr_assert_neq(memcmp(a, b, PIXELS), 0);
    dataset_close(d);
    for (int i = 0; i < ARRAY_LEN(wrong); i++)
        refused(wrong[i], ERR_USAGE, "noise:CxHxW");
}

Test(folder, every_fifth_is_for_testing)
{
    put_class("b-dogs", 1, 11, 100);
    put_class("a-cats", 1, 5, 50);
    put("a-cats/notes.txt", "x", 1);
    put("readme", "x", 1);
    cr_assert_eq(mkdir(".hidden", 0700), 0);
    struct dataset *d = open_good("folder:.", 1);
    uint8_t pixels[24];
    static const int train[] = {50, 51, 52, 53, 100, 101, 102, 103, 105, 106, 107, 108, 110};
    static const int test[] = {54, 104, 109};
    cr_assert(shape_equal(d->shape, (struct shape){1, 4, 6}));
    cr_assert_eq(d->classes, 2);
    cr_assert_str_eq(d->class_name[0], "a-cats");
    cr_assert_str_eq(d->class_name[1], "b-dogs");
    cr_assert_eq(d->count[SPLIT_TRAIN], ARRAY_LEN(train));
    cr_assert_eq(d->count[SPLIT_TEST], ARRAY_LEN(test));
    for (int i = 0; i < ARRAY_LEN(train); i++) {
        cr_assert_eq(dataset_read(d, SPLIT_TRAIN, i, pixels), train[i] >= 100);
        cr_assert(pixels[0] == train[i] && pixels[23] == train[i]);
    }
    for (int i = 0; i < ARRAY_LEN(test); i++) {
        cr_assert_eq(dataset_read(d, SPLIT_TEST, i, pixels), test[i] >= 100);
        cr_assert(pixels[0] == test[i] && pixels[23] == test[i]);
    }
    dataset_close(d);
}

Test(folder, train_and_test_are_the_splits)
{
    cr_assert_eq(mkdir("train", 0700), 0);
    cr_assert_eq(mkdir("test", 0700), 0);
    put_class("train/x", 1, 6, 10);
    put_class("train/y", 1, 1, 20);
    put_class("test/y", 1, 2, 30);
    struct dataset *d = open_good("folder:.", 1);
    uint8_t pixels[24];
    cr_assert_eq(d->count[SPLIT_TRAIN], 7);
    cr_assert_eq(d->count[SPLIT_TEST], 2);
    cr_assert_eq(dataset_read(d, SPLIT_TEST, 1, pixels), 1);
    cr_assert_eq(pixels[5], 31);
    dataset_close(d);
    put_class("test/z", 1, 1, 30);
    refused("folder:.", ERR_FORMAT, "./test/z");
}

Test(folder, pictures_of_all_kinds_become_one)
{
    put_class("a", 1, 1, 80);
    put_class("b", 3, 1, 120);
    put_png("b/00.png", 3, 9, 30, 120);
    struct dataset *d = open_good("folder:.", 1);
    uint8_t pixels[3 * 24];
    cr_assert(shape_equal(d->shape, (struct shape){3, 4, 6}), "the size of the first, in colour");
    dataset_read(d, SPLIT_TRAIN, 0, pixels);
    cr_assert(pixels[0] == 80 && pixels[24] == 80 && pixels[71] == 80);
    dataset_read(d, SPLIT_TRAIN, 1, pixels);
    cr_assert(pixels[0] == 120 && pixels[23] == 120 && pixels[24] == 0 && pixels[71] == 0);
    dataset_close(d);
    d = open_good("folder:.,size=2x3,channels=1", 1);
    cr_assert(shape_equal(d->shape, (struct shape){1, 2, 3}));
    dataset_read(d, SPLIT_TRAIN, 1, pixels);
    cr_assert(abs(pixels[3] - 36) <= 1, "0.299 of 120, not %d", pixels[3]);
    dataset_close(d);
}

Test(folder, names_may_hold_commas)
{
    cr_assert_eq(mkdir("cats,dogs", 0700), 0);
    put_class("cats,dogs/a", 3, 1, 80);
    struct dataset *d = open_good("folder:cats,dogs", 1);
    dataset_close(d);
    d = open_good("folder:cats,dogs,channels=1", 1);
    cr_assert_eq(d->shape.c, 1);
    dataset_close(d);
}

Test(folder, what_is_wrong_is_said)
{
    refused("folder", ERR_USAGE, "folder:DIR");
    refused("folder:no/such", ERR_IO, "no/such");
    refused("folder:.", ERR_FORMAT, "one for each class");
    cr_assert_eq(mkdir("a", 0700), 0);
    refused("folder:.", ERR_FORMAT, "./a: there is no PNG");
    put_png("a/1.png", 1, 2, 2, 7);
    refused("folder:.,size=4", ERR_USAGE, "size=HxW");
    refused("folder:.,size=0x4", ERR_USAGE, "size=HxW");
    refused("folder:.,size=4x4x4", ERR_USAGE, "size=HxW");
    refused("folder:.,channels=2", ERR_USAGE, "channels=1");
    put("a/2.PNG", "no picture", 10);
    refused("folder:.", ERR_FORMAT, "./a/2.PNG");
    struct bytes good;
    cr_assert_eq(file_read("a/1.png", 0, &good, NULL), ERR_NONE);
    put("a/2.PNG", good.data, good.size / 2);
    refused("folder:.", ERR_FORMAT, "./a/2.PNG");
    bytes_free(&good);
}

/* ---- the real ones, where they are ---- */

Test(data, mnist_is_whole)
{
    const char *real = getenv("FOVEA_TEST_DATA");
    if (!real)
        cr_skip_test("FOVEA_TEST_DATA isn't set");
    char spec[1024];
    enum { PIXELS = 28 * 28 };
    uint8_t pixels[PIXELS];
    double sum = 0;
    snprintf(spec, sizeof spec, "mnist:%s/mnist", real);
    struct dataset *d = open_good(spec, 1);
    cr_assert_eq(d->count[SPLIT_TRAIN], 60000);
    cr_assert_eq(d->count[SPLIT_TEST], 10000);
    cr_assert_eq(dataset_read(d, SPLIT_TRAIN, 0, pixels), 5, "as everybody knows");
    cr_assert_eq(dataset_read(d, SPLIT_TEST, 0, pixels), 7);
    for (int i = 0; i < 60000; i++) {
        dataset_read(d, SPLIT_TRAIN, i, pixels);
        for (int k = 0; k < PIXELS; k++)
            sum += pixels[k];
    }
    cr_assert_float_eq(sum / 60000 / PIXELS / 255, 0.1307, 0.00005, "the mean that everybody subtracts");
    dataset_close(d);
}
