/**
 * Files are taken whole: what reads them afterwards works on memory and can check every length before it trusts one.
 *
 * Writing goes to a temporary name in the same folder (a rename is atomic only within a file system), is synced before the
 * rename, so that the new name can't come to stand for data that never reached the disk, and then the folder is
 * synced too. Symbolic links are followed, so that a link to a checkpoint stays one; what isn't a regular file
 * (a pipe, /dev/null) can't be replaced and is written straight to.
 */
#include "base/file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/text.h"

#define LIMIT_DEFAULT ((size_t)8 << 30)

enum { CHUNK = 1 << 16, PIECE = 1 << 30 };

/** A growing array of bytes that never gets larger than `limit`. */
struct growing {
    unsigned char *data;
    size_t size, capacity, limit;
};

/** Room for at least `want` more bytes and the final 0; on ERR_RANGE there are `limit` bytes already. */
static enum err grow(struct growing *g, size_t want)
{
    size_t capacity;
    unsigned char *data;

    if (g->capacity - g->size > want)
        return ERR_NONE;
    if (g->size > g->limit)
        return ERR_RANGE;
    capacity = g->capacity * 2 > g->size + want + 1 ? g->capacity * 2 : g->size + want + 1;
    /* One byte above the limit is enough to find out that there are more. */
    if (capacity > g->limit + 2)
        capacity = g->limit + 2;
    data = realloc(g->data, capacity);
    if (!data)
        return ERR_MEMORY;
    g->data = data;
    g->capacity = capacity;
    return ERR_NONE;
}

static enum err too_large(struct diag *diag, const char *path, size_t limit)
{
    return diag_fail(diag, ERR_RANGE, path, 0, "larger than the %zu bytes that are read at most", limit);
}

static void hand_over(struct growing *g, struct bytes *out)
{
    g->data[g->size] = 0;
    *out = (struct bytes){g->data, g->size};
}

static enum err read_all(int fd, const char *path, struct growing *g, struct diag *diag)
{
    for (;;) {
        ssize_t got;
        size_t room;
        /* a regular file's size was known: the byte that is left over is enough to find its end */
        enum err err = grow(g, g->capacity - g->size > 1 ? 1 : CHUNK);
        if (err == ERR_MEMORY)
            return diag_fail(diag, err, path, 0, "not enough memory to read it");
        if (err || g->size > g->limit)
            return too_large(diag, path, g->limit);
        room = g->capacity - g->size - 1;
        got = read(fd, g->data + g->size, room < PIECE ? room : PIECE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return diag_errno(diag, path, "read");
        if (got == 0)
            return ERR_NONE;
        g->size += (size_t)got;
    }
}

enum err file_read(const char *path, size_t limit, struct bytes *out, struct diag *diag)
{
    struct growing g = {.limit = limit ? limit : LIMIT_DEFAULT};
    bool standard = strcmp(path, "-") == 0;
    const char *shown = standard ? "standard input" : path;
    struct stat st;
    enum err err;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return diag_errno(diag, path, "open");
    if (fstat(fd, &st) != 0) {
        err = diag_errno(diag, shown, "read");
        goto out;
    }
    if (S_ISDIR(st.st_mode)) {
        err = diag_fail(diag, ERR_IO, shown, 0, "is a directory, expected a file");
        goto out;
    }
    if (S_ISREG(st.st_mode)) {
        if ((uintmax_t)st.st_size > g.limit) {
            err = too_large(diag, shown, g.limit);
            goto out;
        }
        if (grow(&g, (size_t)st.st_size + 1) == ERR_MEMORY) {
            err = diag_fail(diag, ERR_MEMORY, shown, 0, "not enough memory to read it");
            goto out;
        }
    }
    err = read_all(fd, shown, &g, diag);
    if (!err) {
        hand_over(&g, out);
        g.data = NULL;
    }
out:
    free(g.data);
    if (!standard)
        close(fd);
    return err;
}

/** One gzip file may be several members, one behind the other; all are unpacked. */
static enum err unpack(const struct bytes *in, const char *path, struct growing *g, struct diag *diag)
{
    z_stream z = {.next_in = in->data};
    size_t left = in->size;
    enum err err = ERR_NONE;
    int result = Z_OK;

    if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
        return diag_memory(diag, "unpacking gzip");
    while (!err) {
        size_t room, given;
        err = grow(g, CHUNK);
        if (err == ERR_MEMORY) {
            err = diag_fail(diag, err, path, 0, "not enough memory to unpack it");
            break;
        }
        if (err || g->size > g->limit) {
            err = too_large(diag, path, g->limit);
            break;
        }
        room = g->capacity - g->size - 1;
        z.avail_out = room < PIECE ? (uInt)room : PIECE;
        z.next_out = g->data + g->size;
        z.avail_in = left < PIECE ? (uInt)left : PIECE;
        given = z.avail_in;
        result = inflate(&z, Z_NO_FLUSH);
        left -= given - z.avail_in;
        g->size = (size_t)(z.next_out - g->data);
        if (result == Z_STREAM_END) {
            if (left < 2 || z.next_in[0] != 0x1f || z.next_in[1] != 0x8b)
                break;
            inflateReset(&z);
        } else if (result == Z_BUF_ERROR || (result == Z_OK && left == 0 && z.avail_out > 0)) {
            err = diag_fail(diag, ERR_FORMAT, path, 0, "gzip data ends early, after %zu unpacked bytes",
                            g->size);
        } else if (result != Z_OK) {
            err = diag_fail(diag, ERR_FORMAT, path, 0, "corrupt gzip data after %zu unpacked bytes (%s)",
                            g->size, z.msg ? z.msg : "zlib gives no reason");
        }
    }
    inflateEnd(&z);
    if (!err && g->size > g->limit) /* the last member ended with the byte too much */
        err = too_large(diag, path, g->limit);
    return err;
}

enum err file_read_gzip(const char *path, size_t limit, struct bytes *out, struct diag *diag)
{
    struct growing g = {.limit = limit ? limit : LIMIT_DEFAULT};
    struct bytes packed;
    enum err err = file_read(path, limit, &packed, diag);

    if (err)
        return err;
    if (packed.size < 2 || packed.data[0] != 0x1f || packed.data[1] != 0x8b) {
        *out = packed;
        return ERR_NONE;
    }
    err = unpack(&packed, path, &g, diag);
    bytes_free(&packed);
    if (err)
        free(g.data);
    else
        hand_over(&g, out);
    return err;
}

void bytes_free(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){0};
}

/** The file that a rename must replace: what `path` links to, or `path` itself. NULL: no memory. */
static char *target_of(const char *path)
{
    struct stat st;

    if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode)) {
        char *real = realpath(path, NULL);
        if (real)
            return real;
    }
    return text_copy(path);
}

enum err file_create(struct file_writer *w, const char *path, struct diag *diag)
{
    static atomic_uint counter;
    struct text temporary = {0};
    struct stat st;
    mode_t mode = 0666;
    bool there;

    *w = (struct file_writer){.fd = -1};
    there = stat(path, &st) == 0;
    if (there && S_ISDIR(st.st_mode))
        return diag_fail(diag, ERR_IO, path, 0, "is a directory, expected a file to write");
    w->path = target_of(path);
    if (!w->path)
        return diag_memory(diag, "a file name");
    if (there && !S_ISREG(st.st_mode)) {
        w->fd = open(path, O_WRONLY | O_CLOEXEC);
    } else {
        text_format(&temporary, "%s.tmp-%ld-%u", w->path, (long)getpid(), atomic_fetch_add(&counter, 1));
        w->temporary = text_take(&temporary);
        if (!w->temporary) {
            file_abandon(w);
            return diag_memory(diag, "a file name");
        }
        w->fd = open(w->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (w->fd >= 0 && there)
            /* Best effort: a file keeps the permissions that somebody gave it. */
            (void)!fchmod(w->fd, st.st_mode & 07777);
    }
    if (w->fd < 0) {
        enum err err = diag_errno(diag, path, "create");
        free(w->temporary); /* not ours to remove: it wasn't made */
        w->temporary = NULL;
        file_abandon(w);
        return err;
    }
    return ERR_NONE;
}

enum err file_put(struct file_writer *w, const void *data, size_t size, struct diag *diag)
{
    const char *p = data;

    assert(w->path);
    while (size > 0) {
        ssize_t put = write(w->fd, p, size < PIECE ? size : PIECE);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0) {
            w->failed = true;
            return diag_errno(diag, w->path, "write");
        }
        p += put;
        size -= (size_t)put;
    }
    return ERR_NONE;
}

/** Makes the rename last: it is the folder that holds the name. Not every file system can; then it is left to it. */
static void sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash == path ? text_copy("/")
                   : slash       ? strndup(path, (size_t)(slash - path))
                                 : text_copy(".");
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
    free(folder);
}

enum err file_commit(struct file_writer *w, struct diag *diag)
{
    enum err err = ERR_NONE;

    assert(w->path);
    if (w->failed) {
        err = diag_fail(diag, ERR_IO, w->path, 0, "not written, because writing to it failed before");
        goto out;
    }
    if (w->temporary && fsync(w->fd) != 0 && errno != EINVAL && errno != ENOSYS) {
        err = diag_errno(diag, w->path, "write");
        goto out;
    }
    if (close(w->fd) != 0 && errno != EINTR) {
        w->fd = -1;
        err = diag_errno(diag, w->path, "write");
        goto out;
    }
    w->fd = -1;
    if (w->temporary) {
        if (rename(w->temporary, w->path) != 0) {
            err = diag_errno(diag, w->path, "replace");
            goto out;
        }
        free(w->temporary);
        w->temporary = NULL;
        sync_folder(w->path);
    }
out:
    file_abandon(w);
    return err;
}

void file_abandon(struct file_writer *w)
{
    if (w->path && w->fd >= 0)
        close(w->fd);
    if (w->temporary)
        unlink(w->temporary);
    free(w->temporary);
    free(w->path);
    *w = (struct file_writer){.fd = -1};
}

enum err file_write(const char *path, const void *data, size_t size, struct diag *diag)
{
    struct file_writer w;
    enum err err = file_create(&w, path, diag);

    if (!err)
        err = file_put(&w, data, size, diag);
    if (!err)
        return file_commit(&w, diag);
    file_abandon(&w);
    return err;
}

bool file_exists(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && !S_ISDIR(st.st_mode) && access(path, R_OK) == 0;
}
