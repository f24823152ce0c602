#include "data/tar.h"

#include <stdbool.h>
#include <string.h>

enum { BLOCK = 512, NAME = 100, SIZE_AT = 124, SIZE = 12, SUM_AT = 148, SUM = 8, TYPE_AT = 156 };

/* Octal digits, blanks before and behind them. */
static bool octal(const unsigned char *text, size_t length, size_t *out)
{
    size_t value = 0, i = 0;
    while (i < length && text[i] == ' ')
        i++;
    for (; i < length && text[i] >= '0' && text[i] <= '7'; i++)
        value = value * 8 + (size_t)(text[i] - '0');
    *out = value;
    return i == length || text[i] == ' ' || text[i] == 0;
}

/* The sum of all bytes, with its own place counted as blanks. */
static bool header_good(const unsigned char *block)
{
    size_t sum = 0, said = 0;
    for (int i = 0; i < BLOCK; i++)
        sum += i >= SUM_AT && i < SUM_AT + SUM ? ' ' : block[i];
    return octal(block + SUM_AT, SUM, &said) && said == sum;
}

static bool all_zero(const unsigned char *block)
{
    for (int i = 0; i < BLOCK; i++)
        if (block[i])
            return false;
    return true;
}

enum err tar_next(const unsigned char *archive, size_t size, const char *path, size_t *at,
                  struct tar_entry *entry, struct diag *diag)
{
    *entry = (struct tar_entry){0};
    while (size - *at >= BLOCK) {
        const unsigned char *block = archive + *at;
        size_t length = 0;
        if (all_zero(block))
            return ERR_NONE;
        if (!header_good(block) || !octal(block + SIZE_AT, SIZE, &length))
            return diag_fail(diag, ERR_FORMAT, path, 0, "no tar header at byte %zu, where one was expected",
                             *at);
        *at += BLOCK;
        if (length > size - *at)
            return diag_fail(diag, ERR_FORMAT, path, 0, "the archive ends in the middle of '%.*s'", NAME,
                             (const char *)block);
        size_t padded = (length + BLOCK - 1) / BLOCK * BLOCK;
        const unsigned char *data = archive + *at;
        *at = padded > size - *at ? size : *at + padded;
        if (block[TYPE_AT] == '0' || block[TYPE_AT] == 0) {
            memcpy(entry->name, block, NAME);
            entry->data = data;
            entry->size = length;
            return ERR_NONE;
        }
    }
    return ERR_NONE;
}
