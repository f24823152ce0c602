/** Whole files in and out, gzip, and what hostile ones get. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
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

static void *write_to_pipe(void *text)
{
    int fd = open("pipe", O_WRONLY);

    cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    return NULL;
}

Test(file, pipes_are_read_to_their_end)
{
    static char *const texts[] = {"", "a", "something"};
    pthread_t writer;
    struct bytes got;

    cr_assert_eq(mkfifo("pipe", 0600), 0);
    cr_assert(file_exists("pipe"));
    for (int i = 0; i < ARRAY_LEN(texts); i++) {
        cr_assert_eq(pthread_create(&writer, NULL, write_to_pipe, texts[i]), 0);
        cr_assert_eq(file_read_gzip("pipe", 0, &got, NULL), ERR_NONE);
        cr_assert_eq(pthread_join(writer, NULL), 0);
        cr_assert_str_eq((char *)got.data, texts[i]);
        cr_assert_eq(got.size, strlen(texts[i]));
        bytes_free(&got);
    }
}

static void *read_from_pipe(void *out)
{
    int fd = open("pipe", O_RDONLY);

    for (char *at = out; read(fd, at, 1) == 1;)
        at++;
    close(fd);
    return NULL;
}

Test(file, a_pipe_is_written_to_and_stays_one)
{
    char got[16] = "";
    pthread_t reader;
    struct stat st;

    cr_assert_eq(mkfifo("pipe", 0600), 0);
    cr_assert_eq(pthread_create(&reader, NULL, read_from_pipe, got), 0);
    cr_assert_eq(file_write("pipe", "something", 9, NULL), ERR_NONE);
    cr_assert_eq(pthread_join(reader, NULL), 0);
    cr_assert_str_eq(got, "something");
    cr_assert_eq(stat("pipe", &st), 0);
    cr_assert(S_ISFIFO(st.st_mode));
    cr_assert_eq(count_files(), 1);
}

Test(file, a_full_disk)
{
    struct file_writer w;
    struct diag d = {0};

    if (access("/dev/full", W_OK) != 0)
        cr_skip_test("there is no /dev/full");
    cr_assert_eq(file_write("/dev/full", "x", 1, &d), ERR_IO);
    cr_assert_str_eq(d.text, "/dev/full: cannot write: No space left on device");
    cr_assert_eq(file_create(&w, "/dev/full", NULL), ERR_NONE);
    cr_assert_eq(file_put(&w, "x", 1, NULL), ERR_IO);
    cr_assert_eq(file_commit(&w, &d), ERR_IO, "what failed before isn't committed");
    cr_assert_eq(access("/dev/full", F_OK), 0);
}

Test(file, permissions)
{
    struct diag d = {0};
    struct bytes got = {0};

    cr_assert_eq(file_write("secret", "x", 1, NULL), ERR_NONE);
    cr_assert_eq(chmod("secret", 0), 0);
    cr_assert_eq(mkdir("locked", 0555), 0);
    cr_assert_eq(chmod(".", 0755), 0);
    if (geteuid() == 0)
        cr_assert_eq(seteuid(65534), 0);
    cr_assert_eq(file_read("secret", 0, &got, &d), ERR_IO);
    cr_assert_str_eq(d.text, "secret: cannot open: Permission denied");
    cr_assert_eq(file_write("locked/a", "x", 1, &d), ERR_IO);
    cr_assert_str_eq(d.text, "locked/a: cannot create: Permission denied");
    if (getuid() == 0)
        cr_assert_eq(seteuid(0), 0);
}

Test(file, paths_that_lead_nowhere)
{
    char name[5000];
    struct diag d = {0};
    struct bytes got = {0};

    cr_assert_eq(symlink("loop", "loop"), 0);
    cr_assert_eq(file_read("loop", 0, &got, &d), ERR_IO);
    cr_assert_eq(file_write("plain", "x", 1, NULL), ERR_NONE);
    cr_assert_eq(file_read("plain/inside", 0, &got, &d), ERR_IO);
    cr_assert_str_eq(d.text, "plain/inside: cannot open: Not a directory");
    cr_assert_eq(file_write("plain/inside", "x", 1, &d), ERR_IO);
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    cr_assert_eq(file_read(name, 0, &got, &d), ERR_IO);
    cr_assert_not_null(strstr(d.text, "File name too long"), "%s", d.text);
    cr_assert_eq(file_write(name, "x", 1, &d), ERR_IO);
    cr_assert_eq(file_read("", 0, &got, &d), ERR_IO);
    cr_assert_eq(file_write("", "x", 1, &d), ERR_IO);
    cr_assert_eq(count_files(), 2, "no temporary file is left");
    cr_assert_null(got.data);
}

Test(file, no_more_memory_than_the_file_needs)
{
    enum { SIZE = 3000000 };
    struct diag d = {0};
    struct bytes got = {0};
    int fd = open("large", O_WRONLY | O_CREAT, 0666);

    cr_assert_eq(ftruncate(fd, SIZE), 0);
    cr_assert_eq(file_read("large", 0, &got, NULL), ERR_NONE);
    cr_assert_eq(got.size, SIZE);
    cr_assert_lt(malloc_usable_size(got.data), SIZE + SIZE / 10);
    bytes_free(&got);
    /* larger than what is read at most: refused by its size alone */
    if (ftruncate(fd, (off_t)9 << 30) == 0) {
        cr_assert_eq(file_read("large", 0, &got, &d), ERR_RANGE);
        cr_assert_not_null(strstr(d.text, "larger than the 8589934592 bytes"), "%s", d.text);
    }
    close(fd);
}

Test(file, gzip_that_ends_a_byte_beyond_the_limit)
{
    unsigned char data[1001] = {0}, packed[200];
    struct bytes got = {0};
    size_t n = pack(data, 1000, packed, sizeof packed);

    cr_assert_eq(file_write("a.gz", packed, n, NULL), ERR_NONE);
    cr_assert_eq(file_read_gzip("a.gz", 1000, &got, NULL), ERR_NONE);
    cr_assert_eq(got.size, 1000);
    bytes_free(&got);
    n = pack(data, 1001, packed, sizeof packed);
    cr_assert_eq(file_write("a.gz", packed, n, NULL), ERR_NONE);
    cr_assert_eq(file_read_gzip("a.gz", 1000, &got, NULL), ERR_RANGE);
    cr_assert_null(got.data);
}
