/**
 * Hostile files: what every reader of the engine must survive, with the same mutations in every run.
 *
 * A reader gets a file and either succeeds or fails with an error and one sentence. It never crashes (the sanitizers look on in CI),
 * takes less than a second, and asks for no more memory than FUZZ_MEMORY, whatever the file claims.
 */
#ifndef FOVEA_TESTS_FUZZ_H
#define FOVEA_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/rng.h"
#include "base/text.h"

enum { FUZZ_MEMORY = 512 << 20 /* bytes */, FUZZ_MOST = 1 << 16 /* bytes that an input is kept to */ };

/** Reads the file, uses all that it got, and lets it go. Must not leave anything behind. */
struct fuzz_reader {
    enum err (*run)(const char *path, struct diag *diag);
};

/** Goes to a folder of its own, and limits memory. */
void fuzz_begin(void);

/** One input, which is written to `path` (NULL: "input"). @return what the reader said */
enum err fuzz_try(struct fuzz_reader reader, const char *path, const void *data, size_t size,
                  const char *what);

/** As fuzz_try, and it is a failure when the outcome isn't as expected, or the sentence lacks `word` (NULL: any). */
void fuzz_expect(struct fuzz_reader reader, const char *path, const void *data, size_t size, bool good,
                 const char *word, const char *what);

/** Every truncation, flipped bits, and `rounds` random splices of an input that must be good itself. */
void fuzz_mutate(struct fuzz_reader reader, const char *path, const void *data, size_t size, int rounds,
                 const char *what);

/** Adds one of the words of a list, which stand between strokes: "a|b|c". */
void fuzz_add_one_of(struct text *t, struct rng *rng, const char *list);

/** A failure that the caller found out itself. */
void fuzz_fail(const char *format, ...) PRINTF_LIKE(1, 2);

/** Says what was done and removes the folder. @return the exit status */
int fuzz_end(void);

#endif
