/**
 * Text: a growing buffer, and numbers read the strict way (whole word or nothing, the C locale's point).
 */
#ifndef FOVEA_BASE_TEXT_H
#define FOVEA_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/** A growing string. {0} is empty; text_str() is never NULL. When memory runs out `failed` is set and adding stops. */
struct text {
    char *data;
    size_t length, capacity;
    bool failed;
};

void text_add(struct text *t, const char *s);
void text_add_n(struct text *t, const char *s, size_t n);
void text_format(struct text *t, const char *format, ...) PRINTF_LIKE(2, 3);
const char *text_str(const struct text *t);
char *
text_take(struct text *t); /* the string, owned by the caller; `t` is empty after. NULL when it failed */
void text_free(struct text *t);

/** Adds a name to a list as a sentence has it: "sgd", then ", adam", and the last as " and adamw". */
void text_listed(struct text *t, const char *name, bool last);

/**
 * The error for a name that isn't in its table: "no optimizer 'x'; there are sgd, adam and adamw".
 *
 * @param what   what the names are names of, in the singular
 * @param known  the names there are, from text_listed(); freed here
 * @return ERR_UNKNOWN
 */
enum err text_unknown(struct diag *diag, const char *path, int line, const char *what, const char *name,
                      struct text *known);

/** Whole-word numbers, surrounding blanks refused. false leaves *out alone. NaN and infinity are refused. */
bool text_int(const char *s, long low, long high, long *out);
bool text_u64(const char *s, uint64_t *out);
bool text_real(const char *s, double *out);

/** "3,1416" never: writes a float so that it reads back to the same bits ("%.9g" with a point in every locale). */
void text_real_exact(struct text *t, double value);

/** The same for a double ("%.17g"). */
void text_double_exact(struct text *t, double value);

/** strdup that works on any system; NULL when there is no memory. */
char *text_copy(const char *s);

#endif
