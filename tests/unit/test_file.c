/** Whole files in and out, gzip, and what hostile ones get. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/file.h"

static char folder[] = "/tmp/fovea-file-XXXXXX";

static void make_folder(void)
{
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
}

static void remove_folder(void)
{
    char command[128];

    snprintf(command, sizeof command, "rm -r %s", folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(file, .init = make_folder, .fini = remove_folder);

static int count_files(void)
{
    DIR *dir = opendir(".");
    int count = 0;

    for (struct dirent *e; (e = readdir(dir));)
        count += e->d_name[0] != '.';
    closedir(dir);
    return count;
}

/** Packs `size` bytes as gzip into out[]; returns the packed size. */
static size_t pack(const void *data, size_t size, unsigned char *out, size_t room)
{
    z_stream z = {0};

    cr_assert_eq(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (unsigned char *)(uintptr_t)data;
    z.avail_in = (uInt)size;
    z.next_out = out;
    z.avail_out = (uInt)room;
    cr_assert_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    size = z.total_out;
    deflateEnd(&z);
    return size;
}

Test(file, reads_what_was_written)
{
    static const size_t sizes[] = {0, 1, 4095, 4096, 65535, 65536, 65537, 1000003};

    for (int i = 0; i < ARRAY_LEN(sizes); i++) {
        unsigned char *data = malloc(sizes[i] + 1);
        struct bytes got;
        for (size_t k = 0; k < sizes[i]; k++)
            data[k] = (unsigned char)(k * 31 + k / 256);
        cr_assert_eq(file_write("a", data, sizes[i], NULL), ERR_NONE);
        cr_assert_eq(file_read("a", sizes[i] ? sizes[i] : 1, &got, NULL), ERR_NONE);
        cr_assert_eq(got.size, sizes[i]);
        cr_assert_eq(memcmp(got.data, data, sizes[i]), 0);
        cr_assert_eq(got.data[got.size], 0, "a 0 behind the data");
        bytes_free(&got);
        free(data);
    }
    cr_assert_eq(count_files(), 1, "no temporary file is left");
}

Test(file, refuses_what_is_no_file)
{
    struct diag d = {0};
    struct bytes got = {0};

    cr_assert_eq(file_read("none", 0, &got, &d), ERR_IO);
    cr_assert_str_eq(d.text, "none: cannot open: No such file or directory");
    cr_assert_eq(file_read(".", 0, &got, &d), ERR_IO);
    cr_assert_not_null(strstr(d.text, "directory"));
    cr_assert_eq(file_write("a", "12345", 5, NULL), ERR_NONE);
    cr_assert_eq(file_read("a", 4, &got, &d), ERR_RANGE);
    cr_assert_not_null(strstr(d.text, "4 bytes"));
    cr_assert_eq(file_read("/dev/zero", 100000, &got, &d), ERR_RANGE, "an endless file ends at the limit");
    cr_assert_null(got.data, "filled only on success");
}

Test(file, exists)
{
    cr_assert_eq(file_write("a", "", 0, NULL), ERR_NONE);
    cr_assert(file_exists("a"));
    cr_assert_not(file_exists("b"));
    cr_assert_not(file_exists("."));
}

Test(file, unpacks_gzip_and_leaves_the_rest)
{
    unsigned char data[200000], packed[210000];
    struct bytes got;
    size_t n, m;

    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (unsigned char)(i * i >> 7);
    n = pack(data, sizeof data, packed, sizeof packed);
    m = pack("tail", 4, packed + n, sizeof packed - n);
    cr_assert_eq(file_write("a.gz", packed, n + m, NULL), ERR_NONE);
    cr_assert_eq(file_read_gzip("a.gz", 0, &got, NULL), ERR_NONE);
    cr_assert_eq(got.size, sizeof data + 4, "both members");
    cr_assert_eq(memcmp(got.data, data, sizeof data), 0);
    cr_assert_str_eq((char *)got.data + sizeof data, "tail");
    bytes_free(&got);
    cr_assert_eq(file_write("plain", data, 100, NULL), ERR_NONE);
    cr_assert_eq(file_read_gzip("plain", 0, &got, NULL), ERR_NONE);
    cr_assert_eq(got.size, 100);
    bytes_free(&got);
}

Test(file, every_truncation_and_flip_of_gzip)
{
    unsigned char data[600], packed[1000];
    struct bytes got = {0};
    size_t n;

    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (unsigned char)(i * i >> 5);
    n = pack(data, sizeof data, packed, sizeof packed);
    for (size_t cut = 2; cut < n; cut++) {
        struct diag d = {0};
        cr_assert_eq(file_write("a", packed, cut, NULL), ERR_NONE);
        cr_assert_eq(file_read_gzip("a", 0, &got, &d), ERR_FORMAT, "%zu of %zu bytes", cut, n);
        cr_assert_not_null(strstr(d.text, "a: gzip data ends early"), "%s", d.text);
    }
    for (size_t at = 10; at < n; at++) {
        packed[at] ^= 0x01;
        cr_assert_eq(file_write("a", packed, n, NULL), ERR_NONE);
        cr_assert_neq(file_read_gzip("a", 0, &got, NULL), ERR_NONE, "byte %zu is covered by the checksum",
                      at);
        packed[at] ^= 0x01;
    }
}

Test(file, a_gzip_bomb_ends_at_the_limit)
{
    size_t size = 20000000;
    unsigned char *data = calloc(size, 1), packed[100000];
    struct bytes got = {0};
    size_t n = pack(data, size, packed, sizeof packed);

    free(data);
    cr_assert_eq(file_write("bomb", packed, n, NULL), ERR_NONE);
    cr_assert_eq(file_read_gzip("bomb", 1000000, &got, NULL), ERR_RANGE);
    cr_assert_null(got.data);
}

Test(file, the_old_file_stays_until_commit)
{
    struct file_writer w;
    struct bytes got;

    cr_assert_eq(file_write("a", "old", 3, NULL), ERR_NONE);
    cr_assert_eq(file_create(&w, "a", NULL), ERR_NONE);
    cr_assert_eq(file_put(&w, "new", 3, NULL), ERR_NONE);
    cr_assert_eq(count_files(), 2);
    cr_assert_eq(file_read("a", 0, &got, NULL), ERR_NONE);
    cr_assert_str_eq((char *)got.data, "old");
    bytes_free(&got);
    file_abandon(&w);
    file_abandon(&w);
    file_abandon(&(struct file_writer){0});
    cr_assert_eq(count_files(), 1);

    cr_assert_eq(file_create(&w, "a", NULL), ERR_NONE);
    cr_assert_eq(file_put(&w, "newer", 5, NULL), ERR_NONE);
    cr_assert_eq(file_commit(&w, NULL), ERR_NONE);
    cr_assert_null(w.path);
    cr_assert_eq(file_read("a", 0, &got, NULL), ERR_NONE);
    cr_assert_str_eq((char *)got.data, "newer");
    bytes_free(&got);
    cr_assert_eq(count_files(), 1);
}

Test(file, links_and_permissions_are_kept)
{
    struct stat st;
    struct bytes got;

    cr_assert_eq(file_write("real", "1", 1, NULL), ERR_NONE);
    cr_assert_eq(chmod("real", 0600), 0);
    cr_assert_eq(symlink("real", "link"), 0);
    cr_assert_eq(file_write("link", "2", 1, NULL), ERR_NONE);
    cr_assert_eq(lstat("link", &st), 0);
    cr_assert(S_ISLNK(st.st_mode));
    cr_assert_eq(stat("real", &st), 0);
    cr_assert_eq(st.st_mode & 0777, 0600);
    cr_assert_eq(file_read("real", 0, &got, NULL), ERR_NONE);
    cr_assert_str_eq((char *)got.data, "2");
    bytes_free(&got);
}

Test(file, places_that_cannot_be_written)
{
    struct diag d = {0};

    cr_assert_eq(file_write("no/such/folder", "x", 1, &d), ERR_IO);
    cr_assert_str_eq(d.text, "no/such/folder: cannot create: No such file or directory");
    cr_assert_eq(file_write(".", "x", 1, &d), ERR_IO);
    cr_assert_eq(file_write("/dev/null", "x", 1, &d), ERR_NONE,
                 "what is no regular file is written straight to");
    if (access("/dev/full", W_OK) == 0)
        cr_assert_eq(file_write("/dev/full", "x", 1, &d), ERR_IO);
}
