/** Data sets in damaged files: IDX, plain and packed, and CIFAR-10. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "data/dataset.h"
#include "fuzz.h"

/* Opens what lies in the folder of the file, and reads every image. */
static enum err read_data(const char *spec, struct diag *diag)
{
    struct dataset *d = NULL;
    enum err err = dataset_open(spec, 1, &d, diag);
    if (err)
        return err;
    size_t count = shape_count(d->shape);
    uint8_t *pixels = malloc(count);
    for (int s = 0; s < SPLITS && pixels; s++)
        for (int i = 0; i < d->count[s]; i++) {
            int label = dataset_read(d, (enum split)s, i, pixels);
            if (label < 0 || label >= d->classes)
                fuzz_fail("label %d of %d classes", label, d->classes);
        }
    free(pixels);
    dataset_close(d);
    return ERR_NONE;
}

static enum err read_idx(const char *path, struct diag *diag)
{
    (void)path;
    return read_data("idx:idx", diag);
}

static enum err read_mnist(const char *path, struct diag *diag)
{
    (void)path;
    return read_data("mnist:idx", diag);
}

static enum err read_cifar(const char *path, struct diag *diag)
{
    (void)path;
    return read_data("cifar10:cifar", diag);
}

static void number(unsigned char *p, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        p[i] = (unsigned char)(value >> (24 - 8 * i));
}

static void idx(void)
{
    enum { COUNT = 3, ROWS = 4, COLS = 5, IMAGES = 16 + COUNT * ROWS * COLS, LABELS = 8 + COUNT };
    static const char images_path[] = "idx/train-images-idx3-ubyte",
                      labels_path[] = "idx/train-labels-idx1-ubyte";
    const struct fuzz_reader any = {read_idx}, mnist = {read_mnist};
    unsigned char images[IMAGES] = {0, 0, 8, 3}, labels[LABELS] = {0, 0, 8, 1};
    number(images + 4, COUNT);
    number(images + 8, ROWS);
    number(images + 12, COLS);
    number(labels + 4, COUNT);
    memcpy(labels + 8, "\1\2\3", COUNT);
    fuzz_expect(any, images_path, images, IMAGES, false, "beside the images", "images alone");
    fuzz_expect(any, labels_path, labels, LABELS, true, NULL, "both");
    fuzz_mutate(any, images_path, images, IMAGES, 4000, "images");
    (void)fuzz_try(any, images_path, images, IMAGES, "images again");
    fuzz_mutate(any, labels_path, labels, LABELS, 1000, "labels");
    (void)fuzz_try(any, labels_path, labels, LABELS, "labels again");
    labels[8] = 10;
    fuzz_expect(mnist, labels_path, labels, LABELS, false, "label 10 of image 0", "a label too large");
    fuzz_expect(any, labels_path, labels, LABELS, true, NULL, "for idx it isn't");

    static const uint32_t sizes[][3] = {{0, 4, 5},
                                        {3, 0, 5},
                                        {0xffffffff, 0xffffffff, 0xffffffff},
                                        {0x80000000, 1, 1},
                                        {0x10000, 0x10000, 1},
                                        {1u << 30, 2, 2},
                                        {1, 0x7fffffff, 2},
                                        {60, 1, 1},
                                        {1, 60, 1},
                                        {4, 4, 5}};
    for (int i = 0; i < ARRAY_LEN(sizes); i++) {
        for (int k = 0; k < 3; k++)
            number(images + 4 + 4 * k, sizes[i][k]);
        fuzz_expect(any, images_path, images, IMAGES, false, NULL, "sizes that aren't so");
    }
}

static void cifar(void)
{
    enum { RECORD = 3073 };
    static unsigned char records[2 * RECORD];
    const struct fuzz_reader reader = {read_cifar};
    for (int i = 0; i < ARRAY_LEN(records); i++)
        records[i] = (unsigned char)(i % 7);
    records[0] = records[RECORD] = 9;
    fuzz_mutate(reader, "cifar/data_batch_2.bin", records, sizeof records, 1000, "a batch");
    (void)fuzz_try(reader, "cifar/data_batch_2.bin", records, sizeof records, "it again");
    records[RECORD] = 10;
    fuzz_expect(reader, "cifar/test_batch.bin", records, sizeof records, false, "label 10 of image 1",
                "a label too large");
    fuzz_expect(reader, "cifar/test_batch.bin", records, sizeof records - 1, false, "aren't whole records",
                "half a record");
    fuzz_expect(reader, "cifar/test_batch.bin", records, 0, false, "0 bytes", "nothing");
    fuzz_expect(reader, "cifar/test_batch.bin", records, RECORD, true, NULL, "one record");
}

int main(void)
{
    static const char *const nowhere[] = {"",
                                          ":",
                                          "idx",
                                          "idx:",
                                          "mnist:/nowhere",
                                          "cifar10:",
                                          "cifar10:/dev/null",
                                          "idx:/dev/null",
                                          "noise:",
                                          "\x01\xff"};
    struct dataset *d = NULL;
    fuzz_begin();
    for (int i = 0; i < ARRAY_LEN(nowhere); i++) {
        struct diag diag = {0};
        if (!dataset_open(nowhere[i], 1, &d, &diag) || strlen(diag.text) < 10)
            fuzz_fail("'%s' opened, or without a sentence: '%s'", nowhere[i], diag.text);
    }
    if (mkdir("idx", 0777) || mkdir("cifar", 0777))
        fuzz_fail("no folders");
    idx();
    cifar();
    return fuzz_end();
}
