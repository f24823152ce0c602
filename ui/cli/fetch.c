#include "cli/fetch.h"

#include <stddef.h>
#include <string.h>

const struct fetch_set fetch_sets[] = {
    {.name = "mnist",
     .url = "https://ossci-datasets.s3.amazonaws.com/mnist/",
     .source = "mnist",
     .file =
         {{"train-images-idx3-ubyte.gz", "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
           "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
          {"train-labels-idx1-ubyte.gz", "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
           "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"},
          {"t10k-images-idx3-ubyte.gz", "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
           "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"},
          {"t10k-labels-idx1-ubyte.gz", "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
           "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"}}},
    {.name = "fashion-mnist",
     .url = "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
     .source = "mnist",
     .file = {{"train-images-idx3-ubyte.gz",
               "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84", NULL},
              {"train-labels-idx1-ubyte.gz",
               "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845", NULL},
              {"t10k-images-idx3-ubyte.gz",
               "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073", NULL},
              {"t10k-labels-idx1-ubyte.gz",
               "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5", NULL}}},
    {.name = "cifar10",
     .url = "https://www.cs.toronto.edu/~kriz/",
     .source = "cifar10",
     .file = {{"cifar-10-binary.tar.gz", "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
               NULL}},
     .member = {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
                "data_batch_5.bin", "test_batch.bin"}},
    {.name = NULL},
};

const struct fetch_set *fetch_find(const char *name)
{
    for (const struct fetch_set *set = fetch_sets; set->name; set++)
        if (strcmp(set->name, name) == 0)
            return set;
    return NULL;
}

#if FOVEA_FETCH

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <curl/curl.h>
#include <openssl/evp.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "data/tar.h"

static const size_t most_bytes = (size_t)1 << 30;
static const double progress_every = 0.1;

struct checksum {
    char s[2 * EVP_MAX_MD_SIZE + 1];
};

struct download {
    struct file_writer file;
    EVP_MD_CTX *digest;
    size_t got;
    bool progress;
    double shown;
    const char *name;
    enum err err; /* of writing, which goes before what libcurl makes of it */
    struct diag *diag;
};

static struct checksum finish(EVP_MD_CTX *digest)
{
    struct checksum sum = {""};
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    if (EVP_DigestFinal_ex(digest, bytes, &length) == 1)
        for (unsigned i = 0; i < length; i++)
            snprintf(sum.s + 2 * i, 3, "%02x", bytes[i]);
    return sum;
}

static struct checksum checksum_of(const struct bytes *bytes)
{
    struct checksum sum = {""};
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    if (digest && EVP_DigestInit_ex(digest, EVP_sha256(), NULL) == 1 &&
        EVP_DigestUpdate(digest, bytes->data, bytes->size) == 1)
        sum = finish(digest);
    EVP_MD_CTX_free(digest);
    return sum;
}

/* Is the file there, and what was published, or what that unpacks to? */
static bool file_good(const char *path, const struct fetch_file *file)
{
    struct bytes bytes = {0};
    struct diag ignored = {0};
    bool good = false;
    if (file_exists(path) && !file_read(path, most_bytes, &bytes, &ignored))
        good = strcmp(checksum_of(&bytes).s, file->sha256) == 0;
    bytes_free(&bytes);
    if (!good && file->plain && file_exists(path) && !file_read_gzip(path, most_bytes, &bytes, &ignored)) {
        good = strcmp(checksum_of(&bytes).s, file->plain) == 0;
        bytes_free(&bytes);
    }
    return good;
}

/* ---- one file over the wire ---- */

static size_t take(char *data, size_t size, size_t count, void *arg)
{
    struct download *d = arg;
    size *= count;
    d->got += size;
    if (d->got > most_bytes)
        d->err = diag_fail(d->diag, ERR_RANGE, d->name, 0, "more than %zu bytes came, which is too much",
                           most_bytes);
    else
        d->err = file_put(&d->file, data, size, d->diag);
    if (!d->err && EVP_DigestUpdate(d->digest, data, size) != 1)
        d->err = diag_memory(d->diag, "a checksum");
    return d->err ? 0 : size;
}

static int on_progress(void *arg, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up_now)
{
    struct download *d = arg;
    (void)up_total;
    (void)up_now;
    double time = clock_now();
    if (d->progress && time - d->shown > progress_every) {
        fprintf(stderr, "\r\033[K%s: %.1f", d->name, (double)now / 1e6);
        if (total > 0)
            fprintf(stderr, " of %.1f", (double)total / 1e6);
        fprintf(stderr, " MB");
        fflush(stderr);
        d->shown = time;
    }
    return command_signal != 0;
}

static enum err transfer(struct download *d, const char *url)
{
    char error[CURL_ERROR_SIZE] = "";
    CURL *curl = curl_easy_init();
    if (!curl)
        return diag_memory(d->diag, "a download");
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, d);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, d);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 10L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 20L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L); /* give up after a minute of silence */
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, 60L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "fovea/" FOVEA_VERSION);
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https,file");
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#endif
    CURLcode code = curl_easy_perform(curl);
    curl_easy_cleanup(curl);
    if (d->progress)
        fprintf(stderr, "\r\033[K");
    if (d->err || code == CURLE_OK)
        return d->err;
    if (command_signal)
        return diag_fail(d->diag, ERR_IO, url, 0, "interrupted; nothing was kept of this file");
    return diag_fail(d->diag, ERR_IO, url, 0, "cannot download: %s; --from URL names another place",
                     *error ? error : curl_easy_strerror(code));
}

/* ---- what becomes of it ---- */

static char *join(const char *folder, const char *name)
{
    struct text t = {0};
    size_t length = strlen(folder);
    text_format(&t, "%s%s%s", folder, length > 0 && folder[length - 1] == '/' ? "" : "/", name);
    return text_take(&t);
}

static bool wanted(const struct fetch_set *set, const char *name)
{
    for (int i = 0; i < FETCH_MEMBERS && set->member[i]; i++)
        if (strcmp(set->member[i], name) == 0)
            return true;
    return false;
}

/* Only files of the names that the set lists, without their folders: nothing can be written elsewhere. */
static enum err unpack(const struct fetch_set *set, const char *archive, const char *name, const char *to,
                       struct diag *diag)
{
    struct bytes bytes = {0};
    size_t at = 0;
    int found = 0, expected = 0;
    while (expected < FETCH_MEMBERS && set->member[expected])
        expected++;
    enum err err = file_read_gzip(archive, most_bytes, &bytes, diag);
    while (!err) {
        struct tar_entry entry;
        err = tar_next(bytes.data, bytes.size, name, &at, &entry, diag);
        if (err || !entry.data)
            break;
        const char *slash = strrchr(entry.name, '/'), *base = slash ? slash + 1 : entry.name;
        if (!wanted(set, base))
            continue;
        char *path = join(to, base);
        err = path ? file_write(path, entry.data, entry.size, diag) : diag_memory(diag, "a path");
        free(path);
        found++;
    }
    if (!err && found != expected)
        err = diag_fail(diag, ERR_FORMAT, name, 0, "%d of the %d files that belong to %s are in it", found,
                        expected, set->name);
    bytes_free(&bytes);
    return err;
}

/* An archive stays under its temporary name and goes away; anything else takes its place. */
static enum err keep(struct download *d, const struct fetch_set *set, const struct fetch_file *file,
                     const char *url, const char *to)
{
    struct checksum sum = finish(d->digest);
    if (strcmp(sum.s, file->sha256) != 0 && !(file->plain && file_good(d->file.temporary, file)))
        return diag_fail(
            d->diag, ERR_FORMAT, url, 0,
            "its SHA-256 is %.16s..., but the published one %.16s...: another file, or a damaged one; "
            "it wasn't kept",
            sum.s, file->sha256);
    return set->member[0] ? unpack(set, d->file.temporary, file->name, to, d->diag)
                          : file_commit(&d->file, d->diag);
}

static enum err fetch_file(const struct fetch_set *set, const struct fetch_file *file, const char *url,
                           const char *path, const char *to, bool progress, struct diag *diag)
{
    struct download d = {.progress = progress, .name = file->name, .diag = diag, .digest = EVP_MD_CTX_new()};
    enum err err = d.digest && EVP_DigestInit_ex(d.digest, EVP_sha256(), NULL) == 1
                       ? file_create(&d.file, path, diag)
                       : diag_memory(diag, "a checksum");
    if (!err)
        err = transfer(&d, url);
    if (!err)
        err = keep(&d, set, file, url, to);
    file_abandon(&d.file);
    EVP_MD_CTX_free(d.digest);
    return err;
}

static bool all_there(const struct fetch_set *set, const char *path, const struct fetch_file *file,
                      const char *to)
{
    bool there = true;
    if (!set->member[0])
        return file_good(path, file);
    for (int i = 0; i < FETCH_MEMBERS && set->member[i] && there; i++) {
        char *member = join(to, set->member[i]);
        there = member && file_exists(member);
        free(member);
    }
    return there;
}

enum err fetch_set(const struct fetch_set *set, const char *from, const char *to, bool progress, int *fetched,
                   struct diag *diag)
{
    struct stat s;
    enum err err = ERR_NONE;
    *fetched = 0;
    bool made = mkdir(to, 0777) == 0;
    if (!made && (stat(to, &s) != 0 || !S_ISDIR(s.st_mode)))
        return diag_errno(diag, to, "make the directory");
    for (int i = 0; i < FETCH_FILES && set->file[i].name && !err; i++) {
        const struct fetch_file *file = &set->file[i];
        char *url = join(from ? from : set->url, file->name), *path = join(to, file->name);
        if (!url || !path)
            err = diag_memory(diag, "a path");
        else if (!all_there(set, path, file, to)) {
            err = fetch_file(set, file, url, path, to, progress, diag);
            *fetched += !err;
        }
        free(url);
        free(path);
    }
    if (err && made)
        rmdir(to); /* only when it is still empty */
    return err;
}

#else

enum err fetch_set(const struct fetch_set *set, const char *from, const char *to, bool progress, int *fetched,
                   struct diag *diag)
{
    (void)progress;
    *fetched = 0;
    return diag_fail(
        diag, ERR_IO, NULL, 0,
        "this fovea was built without libcurl, so it can't download: put the files of %s into %s yourself",
        from ? from : set->url, to);
}

#endif
