/**
 * What can go wrong in the world outside, and the one sentence that says it.
 *
 * A wrong call (a NULL where none is allowed, an index out of range) is a bug and an assert. A wrong world (a file,
 * an option, a shape, memory) is a returned `enum err` that must be looked at, with a `struct diag` that says where,
 * what was found and what was expected. Nothing in src/ prints or exits: the caller shows `diag.text`.
 */
#ifndef FOVEA_BASE_ERR_H
#define FOVEA_BASE_ERR_H

#define MUST_USE          __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define ARRAY_LEN(a)      ((int)(sizeof(a) / sizeof((a)[0])))

enum err {
    ERR_NONE = 0,
    ERR_MEMORY,  /* no memory, or more asked for than can be addressed */
    ERR_IO,      /* a file can't be opened, read, written or renamed */
    ERR_FORMAT,  /* a file was read, but it isn't what it should be */
    ERR_SHAPE,   /* sizes that don't fit together */
    ERR_UNKNOWN, /* a name that isn't in its table; the sentence lists the ones that are */
    ERR_RANGE,   /* a number outside its range */
    ERR_USAGE,   /* a command line that can't be understood */
    ERR_NUMBERS, /* NaN, infinity or divergence where a finite number was needed */
};

enum { DIAG_TEXT = 640 };

/** One error in one sentence: "PATH:LINE: sentence". Plain memory, nothing to free; {0} is "no error". */
struct diag {
    enum err err;
    char text[DIAG_TEXT];
};

/**
 * Fills `diag` (which may be NULL) and returns `err`, so that a failing function ends in `return diag_fail(...)`.
 *
 * @param path  file the sentence is about, or NULL
 * @param line  line in it from 1, or 0 when lines mean nothing there
 * @param format  the sentence, without a full stop and without the path: what was found, what was expected
 */
enum err diag_fail(struct diag *diag, enum err err, const char *path, int line, const char *format, ...)
    PRINTF_LIKE(5, 6);

/** The sentence for "no memory"; `what` names what the memory was for. */
enum err diag_memory(struct diag *diag, const char *what);

/** "cannot open"-style sentence made from errno: "PATH: cannot VERB: No such file or directory". */
enum err diag_errno(struct diag *diag, const char *path, const char *verb);

#endif
