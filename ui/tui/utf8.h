/**
 * UTF-8 to characters and back, and how wide they are on a terminal. Own tables: no locale plays a part.
 */
#ifndef FOVEA_UI_UTF8_H
#define FOVEA_UI_UTF8_H

#include <stdint.h>

enum { UTF8_MAX = 4, UTF8_BAD = 0xfffd };

/** The next character, and `*text` moves behind it; 0 at the end. A byte that is no UTF-8, and a control character, gives UTF8_BAD. */
uint32_t utf8_next(const char **text);

/** Writes ch in up to UTF8_MAX bytes, without a NUL; returns how many. */
int utf8_write(uint32_t ch, char *out);

/** Bytes of the sequence that begins with this byte: 1..4, or 0 for a byte that begins none. */
int utf8_length(unsigned char first);

/** Puts characters together from bytes that come one at a time; {0} to begin. */
struct utf8_reader {
    char bytes[UTF8_MAX + 1];
    int have;
};
/** The character that `byte` completes (UTF8_BAD for one that there isn't), or -1: more are to come, or it belongs to none. */
int utf8_feed(struct utf8_reader *r, unsigned char byte);

/** Columns: 0 for combining marks and other characters without a width, 2 for East Asian wide ones and emoji, else 1. */
int utf8_columns(uint32_t ch);

#endif
