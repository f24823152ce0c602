/**
 * Tar archives in memory: walking over the files in one, as data sets are published. Source: POSIX.1-1988, ustar.
 */
#ifndef FOVEA_DATA_TAR_H
#define FOVEA_DATA_TAR_H

#include <stddef.h>

#include "base/err.h"

struct tar_entry {
    char name[101];            /* as the archive says it, folders included */
    const unsigned char *data; /* lent from the archive; NULL: there are no more files */
    size_t size;
};

/**
 * The next regular file at or behind *at, which begins with 0 and is moved on. Folders, links and the rest are passed over.
 * @param path  for messages
 * @return ERR_FORMAT when a header is damaged or a file ends behind the archive
 */
MUST_USE enum err tar_next(const unsigned char *archive, size_t size, const char *path, size_t *at,
                           struct tar_entry *entry, struct diag *diag);

#endif
