/**
 * Whole files: read in one go, written so that a crash leaves the old file or the new one, never half of one.
 */
#ifndef FOVEA_BASE_FILE_H
#define FOVEA_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct bytes {
    unsigned char *data; /* size bytes and a 0 behind them; owned */
    size_t size;
};

/**
 * Reads a whole file ("-" is standard input). A directory, or a file of more than `limit` bytes (0: 8 GiB), is refused.
 * @param out  filled only on success; bytes_free() it
 */
MUST_USE enum err file_read(const char *path, size_t limit, struct bytes *out, struct diag *diag);

/** As file_read, and unpacks gzip (RFC 1952) when the first two bytes say so; `limit` holds for the unpacked size too. */
MUST_USE enum err file_read_gzip(const char *path, size_t limit, struct bytes *out, struct diag *diag);
void bytes_free(struct bytes *bytes);

/**
 * A file under way: written to "PATH.tmp-PID-N" beside its target, synced and renamed by file_commit(); file_abandon() removes it.
 */
struct file_writer {
    char *path, *temporary; /* owned */
    int fd;
    bool failed;
};

MUST_USE enum err file_create(struct file_writer *w, const char *path, struct diag *diag);
MUST_USE enum err file_put(struct file_writer *w, const void *data, size_t size, struct diag *diag);
MUST_USE enum err file_commit(struct file_writer *w,
                              struct diag *diag); /* after it `w` is empty, success or not */
void file_abandon(struct file_writer *w);         /* harmless on an empty or zeroed one */

/** file_create, file_put, file_commit in one. */
MUST_USE enum err file_write(const char *path, const void *data, size_t size, struct diag *diag);

bool file_exists(const char *path); /* a regular file (or pipe) that can be opened for reading */

#endif
