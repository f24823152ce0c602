/**
 * Downloading published data sets: what there is, where it lies, and the checksums that its publishers' files have.
 *
 * Needs libcurl and OpenSSL's libcrypto (meson option `fetch`); without them fetch_set() says so.
 */
#ifndef FOVEA_UI_FETCH_H
#define FOVEA_UI_FETCH_H

#include <stdbool.h>

#include "base/err.h"

enum { FETCH_FILES = 4, FETCH_MEMBERS = 7 };

struct fetch_file {
    const char *name;
    const char *sha256; /* of the file, in hexadecimal */
    const char *plain;  /* of what it unpacks to: a file packed by another gzip is as good; or NULL */
};

struct fetch_set {
    const char *name;                    /* "mnist" */
    const char *url;                     /* folder, with its final slash */
    const char *source;                  /* of the data set specification: "mnist" in "mnist:DIR" */
    struct fetch_file file[FETCH_FILES]; /* ends with a NULL name */
    const char *member[FETCH_MEMBERS];   /* files kept out of a .tar.gz, which itself isn't; ends with NULL */
};

extern const struct fetch_set fetch_sets[]; /* ends with a NULL name */

const struct fetch_set *fetch_find(const char *name); /* NULL: no such set */

/**
 * Makes the folder `to` if need be and puts the set's files there, each whole and checked or not at all. What is there already isn't
 * fetched again. Stops when command_signal is set.
 * @param from      another folder to take them from (http, https or file), or NULL
 * @param progress  show how far it is on standard error
 * @param fetched   how many files were downloaded
 */
MUST_USE enum err fetch_set(const struct fetch_set *set, const char *from, const char *to, bool progress,
                            int *fetched, struct diag *diag);

#endif
