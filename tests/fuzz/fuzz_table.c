/** Tables of numbers and tar archives: what is accepted must be whole. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "data/table.h"
#include "data/tar.h"
#include "fuzz.h"

static enum err read_table(const char *path, struct diag *diag)
{
    struct table t = {0};
    enum err err = table_read(path, &t, diag);
    if (err)
        return err;
    size_t count = tensor_count(&t.tensor);
    if (count == 0 || t.tensor.rank < 1 || t.tensor.rank > 2 ||
        (t.tensor.rank == 1) != (t.line != TABLE_NONE))
        fuzz_fail("%zu numbers of rank %d", count, t.tensor.rank);
    for (size_t i = 0; i < count; i++)
        if (!isfinite(t.tensor.data[i]))
            fuzz_fail("number %zu is %g", i, (double)t.tensor.data[i]);
    table_fini(&t);
    return ERR_NONE;
}

static enum err read_tar(const char *path, struct diag *diag)
{
    struct bytes bytes = {0};
    struct tar_entry entry = {0};
    size_t at = 0, sum = 0;
    enum err err = file_read(path, 0, &bytes, diag);
    do {
        if (!err)
            err = tar_next(bytes.data, bytes.size, path, &at, &entry, diag);
        for (size_t i = 0; !err && entry.data && i < entry.size; i++)
            sum += entry.data[i];
        if (!err && strlen(entry.name) > 100)
            fuzz_fail("a name of %zu bytes", strlen(entry.name));
    } while (!err && entry.data);
    bytes_free(&bytes);
    return sum == 1 ? ERR_NONE : err; /* the sum is looked at, so that the bytes are read */
}

static const struct fuzz_reader table = {read_table}, tar = {read_tar};

static void soup(int rounds)
{
    struct rng rng;
    rng_init(&rng, 31);
    for (int i = 0; i < rounds; i++) {
        struct text t = {0};
        for (uint32_t n = rng_below(&rng, 24); n > 0; n--)
            fuzz_add_one_of(&t, &rng,
                            "1|-2.5|3e2|.5|1e39|1e-50|nan|x|0x1|,|,|;| |\t|\n|\n|\r\n|#|# a, b|\xEF\xBB\xBF");
        (void)fuzz_try(table, "input.csv", text_str(&t), t.length, text_str(&t));
        text_free(&t);
    }
}

/* A header as it must be, but for what is mutated afterwards. */
static void add_file(unsigned char *block, const char *name, size_t size)
{
    unsigned sum = 0;
    char octal[13];
    memset(block, 0, 512);
    snprintf((char *)block, 100, "%s", name);
    snprintf(octal, sizeof octal, "%011zo", size);
    memcpy(block + 124, octal, 12);
    memset(block + 148, ' ', 8);
    block[156] = '0';
    for (int i = 0; i < 512; i++)
        sum += block[i];
    snprintf(octal, sizeof octal, "%06o", sum);
    memcpy(block + 148, octal, 7);
    memset(block + 512, 'x', size);
}

int main(void)
{
    static const char csv[] = "# a kernel\n 1 , -2.5;3e2 # the first\n\n.5\t6 7\n8,9,10\n";
    static unsigned char archive[4096];
    fuzz_begin();
    fuzz_mutate(table, "input.csv", csv, sizeof csv - 1, 2000, "CSV");
    soup(2000);
    fuzz_expect(table, "input.csv", "1,2\n3\n", 6, false, "input.csv:2", "rows of different length");
    fuzz_expect(table, "input.csv", "1\0002", 3, false, "zero bytes", "not text");

    add_file(archive, "folder/a", 3);
    add_file(archive + 1024, "folder/b", 512);
    fuzz_mutate(tar, "input.tar", archive, 2048 + 1024, 500, "tar");
    add_file(archive, "folder/a", 3);
    memcpy(archive + 124, "77777777777", 12); /* 8 GiB, with the sum left wrong and then put right */
    fuzz_expect(tar, "input.tar", archive, 1024, false, "header", "a damaged sum");
    return fuzz_end();
}
