#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/fetch.h"
#include "data/dataset.h"
#include "data/tar.h"

/* GNU tar's ustar archive, packed by gzip: set/, set/a.bin (one), set/c.bin (a link), set/other (evil), set/sub/, set/sub/b.bin (700 a). */
static const unsigned char archive[] = {
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xed, 0xd7, 0x4d, 0x0a, 0x83, 0x30, 0x10,
    0x05, 0xe0, 0x1c, 0xc5, 0x13, 0xb4, 0x93, 0xbf, 0x99, 0xf3, 0x68, 0x09, 0x54, 0x28, 0x0a, 0x46, 0x7b,
    0xfe, 0x46, 0x57, 0xc5, 0xd2, 0x96, 0x96, 0x26, 0x45, 0x7c, 0xdf, 0x26, 0xe2, 0xca, 0xf0, 0x98, 0x97,
    0x18, 0xc3, 0x78, 0x54, 0x99, 0x51, 0x22, 0xde, 0x2f, 0x6b, 0xb2, 0x5e, 0x97, 0x67, 0x6d, 0x99, 0x8c,
    0x30, 0xb9, 0xf9, 0xbd, 0x26, 0xb2, 0x5e, 0x55, 0x5e, 0x15, 0x30, 0xc5, 0xb1, 0x1e, 0xd2, 0xa7, 0xfc,
    0x62, 0x93, 0xf7, 0x9b, 0xdb, 0x88, 0x98, 0xf2, 0xaf, 0x0f, 0x4d, 0xdb, 0x65, 0xce, 0x9f, 0x9d, 0x7b,
    0x91, 0xbf, 0x5d, 0xe7, 0x2f, 0x8e, 0x54, 0x45, 0xc8, 0x3f, 0xbb, 0xbe, 0x0b, 0x0a, 0xf6, 0x6b, 0x9e,
    0xff, 0x53, 0x81, 0xf9, 0x17, 0x91, 0x0f, 0xfa, 0x5f, 0x33, 0xa7, 0xf9, 0x37, 0xb9, 0x8b, 0x09, 0xf3,
    0xbf, 0xe4, 0xdf, 0x8f, 0xe7, 0x30, 0xfc, 0xb5, 0xff, 0xdd, 0x3a, 0x7f, 0x12, 0x8b, 0xfe, 0x2f, 0x21,
    0x5c, 0xdb, 0x0b, 0x5a, 0x70, 0xdf, 0xfd, 0x1f, 0xa7, 0x26, 0xeb, 0x3f, 0xc0, 0x17, 0xf7, 0x7f, 0x36,
    0x8c, 0xfb, 0x7f, 0xc9, 0xfc, 0x9b, 0x8c, 0x47, 0xed, 0x9b, 0xfe, 0xd7, 0x46, 0x1e, 0xfa, 0xdf, 0x3b,
    0x8f, 0xfe, 0x2f, 0xa1, 0x06, 0xd8, 0x28, 0x9c, 0xde, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0xcf, 0xdd, 0x00, 0x42, 0x36, 0xd8, 0xdd, 0x00, 0x28, 0x00, 0x00,
};
static const char archive_sha256[] = "c0dba541c9bf99b47ce3988979e04ffe220702ef5d3a3ac87c4e2cebed532bc2";

/* "abc" packed by gzip, the sum of that, and the well-known one of "abc" itself. */
static const unsigned char packed[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x03, 0x4b, 0x4c,
                                       0x4a, 0x06, 0x00, 0xc2, 0x41, 0x24, 0x35, 0x03, 0x00, 0x00, 0x00};
static const char packed_sha256[] = "315e3cc1f26e28df45b91ffef08f45646a3241e5c8dcdd7222ea56614d43f66f";
static const char abc_sha256[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

static char folder[] = "/tmp/fovea-fetch-XXXXXX";

static const char *in_folder(const char *name)
{
    static char path[6][256];
    static int next;
    next = (next + 1) % 6;
    snprintf(path[next], sizeof path[next], "%s/%s", folder, name);
    return path[next];
}

static const char *url_of(const char *name)
{
    static char url[300];
    snprintf(url, sizeof url, "file://%s", in_folder(name));
    return url;
}

static void make_folder(void)
{
    cr_assert(mkdtemp(folder));
    cr_assert_eq(mkdir(in_folder("from"), 0777), 0);
}

static void remove_folder(void)
{
    static const char *const names[] = {"from/abc.gz", "from/set.tar.gz", "to/abc.gz",
                                        "to/a.bin",    "to/b.bin",        "to/c.bin",
                                        "to/other",    "to/set.tar.gz",   "t.tar.gz"};
    for (int i = 0; i < ARRAY_LEN(names); i++)
        unlink(in_folder(names[i]));
    rmdir(in_folder("from"));
    rmdir(in_folder("to"));
    rmdir(folder);
}

static bool holds(const char *name, const void *data, size_t size)
{
    struct bytes bytes = {0};
    if (file_read(in_folder(name), 0, &bytes, NULL))
        return false;
    bool same = bytes.size == size && memcmp(bytes.data, data, size) == 0;
    bytes_free(&bytes);
    return same;
}

Test(fetch, table)
{
    for (const struct fetch_set *set = fetch_sets; set->name; set++) {
        bool source = false;
        for (int i = 0; source_types[i]; i++)
            source |= strcmp(source_types[i]->name, set->source) == 0;
        cr_assert(source, "%s: no data source %s", set->name, set->source);
        cr_assert(strncmp(set->url, "https://", 8) == 0 && set->url[strlen(set->url) - 1] == '/', "%s",
                  set->name);
        cr_assert_eq(fetch_find(set->name), set);
        cr_assert(set->file[0].name, "%s has files", set->name);
        for (int i = 0; i < FETCH_FILES && set->file[i].name; i++) {
            const char *sum = set->file[i].sha256, *plain = set->file[i].plain;
            cr_assert(strlen(sum) == 64 && strspn(sum, "0123456789abcdef") == 64, "%s, file %d", set->name,
                      i);
            cr_assert(!plain || (strlen(plain) == 64 && strspn(plain, "0123456789abcdef") == 64));
        }
    }
    cr_assert_null(fetch_find("nothing"));
}

/* ---- tar ---- */

static struct bytes unpacked(void)
{
    struct bytes bytes = {0};
    cr_assert(!file_write(in_folder("t.tar.gz"), archive, sizeof archive, NULL));
    cr_assert(!file_read_gzip(in_folder("t.tar.gz"), 0, &bytes, NULL));
    return bytes;
}

Test(fetch, tar, .init = make_folder, .fini = remove_folder)
{
    static const struct {
        const char *name;
        size_t size;
        char first;
    } expected[] = {{"set/a.bin", 3, 'o'}, {"set/other", 4, 'e'}, {"set/sub/b.bin", 700, 'a'}};
    struct bytes tar = unpacked();
    struct tar_entry entry;
    struct diag diag = {0};
    size_t at = 0;
    for (int i = 0; i < ARRAY_LEN(expected); i++) {
        cr_assert_eq(tar_next(tar.data, tar.size, "t.tar", &at, &entry, &diag), ERR_NONE, "%s", diag.text);
        cr_assert_str_eq(entry.name, expected[i].name);
        cr_assert(entry.size == expected[i].size && entry.data[0] == (unsigned char)expected[i].first);
    }
    cr_assert(!tar_next(tar.data, tar.size, "t.tar", &at, &entry, &diag) && !entry.data, "the end");

    for (size_t size = 0; size < tar.size;
         size += 100) { /* cut off anywhere: an error or an early end, no stray byte */
        unsigned char *cut = malloc(size + 1);
        memcpy(cut, tar.data, size);
        at = 0;
        do
            entry.data = NULL;
        while (!tar_next(cut, size, "t.tar", &at, &entry, &diag) && entry.data &&
               entry.data + entry.size <= cut + size);
        cr_assert_null(entry.data);
        free(cut);
    }
    tar.data[3] ^= 1;
    at = 0;
    cr_assert_eq(tar_next(tar.data, tar.size, "t.tar", &at, &entry, &diag), ERR_FORMAT, "a damaged header");
    cr_assert(strstr(diag.text, "t.tar"), "%s", diag.text);
    bytes_free(&tar);
}

/* ---- downloads, from file:// ---- */

static struct fetch_set one_file(const char *sum, const char *plain)
{
    return (struct fetch_set){.name = "one",
                              .url = "https://nowhere.invalid/",
                              .source = "mnist",
                              .file = {{"abc.gz", sum, plain}}};
}

Test(fetch, files, .init = make_folder, .fini = remove_folder)
{
    struct fetch_set good = one_file(packed_sha256, NULL), other = one_file(archive_sha256, NULL),
                     repacked = one_file(archive_sha256, abc_sha256);
    char to[256];
    struct diag diag = {0};
    int fetched = -1;
    if (!FOVEA_FETCH)
        cr_skip_test("built without libcurl");
    snprintf(to, sizeof to, "%s", in_folder("to"));
    cr_assert(!file_write(in_folder("from/abc.gz"), packed, sizeof packed, NULL));

    cr_assert_eq(fetch_set(&other, url_of("from"), to, false, &fetched, &diag), ERR_FORMAT);
    cr_assert(strstr(diag.text, "SHA-256") && strstr(diag.text, "abc.gz"), "%s", diag.text);
    cr_assert(access(to, F_OK) != 0, "nothing is left behind");

    cr_assert_eq(fetch_set(&good, url_of("from"), to, false, &fetched, &diag), ERR_NONE, "%s", diag.text);
    cr_assert(fetched == 1 && holds("to/abc.gz", packed, sizeof packed));
    cr_assert_eq(fetch_set(&good, url_of("nowhere"), to, false, &fetched, &diag), ERR_NONE,
                 "it is there already");
    cr_assert_eq(fetched, 0);
    cr_assert_eq(fetch_set(&repacked, url_of("nowhere"), to, false, &fetched, &diag), ERR_NONE, "as good");

    cr_assert(!file_write(in_folder("to/abc.gz"), "rubbish", 7, NULL));
    cr_assert_eq(fetch_set(&good, url_of("nowhere"), to, false, &fetched, &diag), ERR_IO);
    cr_assert(strstr(diag.text, "--from") && holds("to/abc.gz", "rubbish", 7), "the old file stays: %s",
              diag.text);
    cr_assert_eq(fetch_set(&repacked, url_of("from/"), to, false, &fetched, &diag), ERR_NONE, "%s",
                 diag.text);
    cr_assert(fetched == 1 && holds("to/abc.gz", packed, sizeof packed), "it is replaced");
}

Test(fetch, archives, .init = make_folder, .fini = remove_folder)
{
    struct fetch_set set = {.name = "two",
                            .url = "https://nowhere.invalid/",
                            .source = "cifar10",
                            .file = {{"set.tar.gz", archive_sha256, NULL}},
                            .member = {"a.bin", "b.bin"}};
    char as[700];
    struct diag diag = {0};
    int fetched = -1;
    if (!FOVEA_FETCH)
        cr_skip_test("built without libcurl");
    memset(as, 'a', sizeof as);
    cr_assert(!file_write(in_folder("from/set.tar.gz"), archive, sizeof archive, NULL));
    cr_assert_eq(fetch_set(&set, url_of("from"), in_folder("to"), false, &fetched, &diag), ERR_NONE, "%s",
                 diag.text);
    cr_assert(fetched == 1 && holds("to/a.bin", "one", 3) && holds("to/b.bin", as, sizeof as));
    cr_assert(!file_exists(in_folder("to/other")) && !file_exists(in_folder("to/set.tar.gz")),
              "nothing else");
    cr_assert_eq(fetch_set(&set, url_of("nowhere"), in_folder("to"), false, &fetched, &diag), ERR_NONE);
    set.member[2] = "d.bin";
    cr_assert_eq(fetch_set(&set, url_of("from"), in_folder("to"), false, &fetched, &diag), ERR_FORMAT,
                 "one is missing");
}

Test(fetch, says_that_it_cannot)
{
    struct diag diag = {0};
    int fetched = -1;
    if (FOVEA_FETCH)
        cr_skip_test("built with libcurl");
    cr_assert(fetch_set(&fetch_sets[0], NULL, "/tmp/nothing", false, &fetched, &diag) != ERR_NONE);
    cr_assert(strstr(diag.text, "libcurl"), "%s", diag.text);
}
