/**
 * The library's strtod and printf write and read the point of the user's locale. The program sets only LC_CTYPE, but a
 * program that embeds the engine may have set more; so numbers pass through here, and here the point is a point.
 */
#include "base/text.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** Makes room for n more bytes and the final 0. */
static bool grow(struct text *t, size_t n)
{
    size_t need, capacity;
    char *data;

    if (t->failed)
        return false;
    if (__builtin_add_overflow(t->length, n, &need) || need >= SIZE_MAX / 2)
        goto failed;
    if (need < t->capacity)
        return true;
    capacity = t->capacity ? t->capacity : 64;
    while (capacity <= need)
        capacity *= 2;
    data = realloc(t->data, capacity);
    if (!data)
        goto failed;
    t->data = data;
    t->capacity = capacity;
    return true;
failed:
    t->failed = true;
    return false;
}

void text_add_n(struct text *t, const char *s, size_t n)
{
    if (!grow(t, n))
        return;
    if (n)
        memcpy(t->data + t->length, s, n);
    t->length += n;
    t->data[t->length] = '\0';
}

void text_add(struct text *t, const char *s)
{
    text_add_n(t, s, strlen(s));
}

void text_format(struct text *t, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0) {
        t->failed = true;
        return;
    }
    if (!grow(t, (size_t)n))
        return;
    va_start(args, format);
    vsnprintf(t->data + t->length, (size_t)n + 1, format, args);
    va_end(args);
    t->length += (size_t)n;
}

const char *text_str(const struct text *t)
{
    return t->data ? t->data : "";
}

char *text_take(struct text *t)
{
    char *s = NULL;

    if (!t->failed)
        s = t->data ? t->data : text_copy("");
    else
        free(t->data);
    *t = (struct text){0};
    return s;
}

void text_free(struct text *t)
{
    free(t->data);
    *t = (struct text){0};
}

void text_listed(struct text *t, const char *name, bool last)
{
    text_format(t, "%s%s", t->length == 0 ? "" : last ? " and " : ", ", name);
}

enum err text_unknown(struct diag *diag, const char *path, int line, const char *what, const char *name,
                      struct text *known)
{
    const char *list = text_str(known);
    const char *are = !*list ? "there are none" : strpbrk(list, ", ") ? "there are " : "there is only ";
    enum err err = diag_fail(diag, ERR_UNKNOWN, path, line, "no %s '%.60s'; %s%s", what, name, are, list);

    text_free(known);
    return err;
}

bool text_int(const char *s, long low, long high, long *out)
{
    char *end;
    long value;

    if (!isdigit((unsigned char)*s) && !((*s == '-' || *s == '+') && isdigit((unsigned char)s[1])))
        return false;
    errno = 0;
    value = strtol(s, &end, 10);
    if (errno || *end || value < low || value > high)
        return false;
    *out = value;
    return true;
}

bool text_u64(const char *s, uint64_t *out)
{
    char *end;
    unsigned long long value;

    if (!isdigit((unsigned char)*s))
        return false;
    errno = 0;
    value = strtoull(s, &end, 10);
    if (errno || *end)
        return false;
    *out = value;
    return true;
}

bool text_real(const char *s, double *out)
{
    char copy[128], *end;
    size_t length = strlen(s);
    const char *point = localeconv()->decimal_point;
    double value;

    /* Only what a decimal number is made of: this refuses blanks, hexadecimal, "nan" and "inf", and a comma. */
    if (length == 0 || length >= sizeof copy || strspn(s, "0123456789+-.eE") != length)
        return false;
    memcpy(copy, s, length + 1);
    if (strcmp(point, ".") != 0) {
        char *dot = strchr(copy, '.');
        if (dot && strlen(point) == 1)
            *dot = *point;
    }
    value = strtod(copy, &end);
    if (end == copy || *end || !isfinite(value))
        return false;
    *out = value;
    return true;
}

static void add_real(struct text *t, int digits, double value)
{
    size_t start = t->length;
    const char *point = localeconv()->decimal_point;

    text_format(t, "%.*g", digits, value);
    if (!t->failed && strcmp(point, ".") != 0) {
        char *found = strstr(t->data + start, point);
        if (found) {
            size_t extra = strlen(point) - 1;
            *found = '.';
            memmove(found + 1, found + 1 + extra, strlen(found + 1 + extra) + 1);
            t->length -= extra;
        }
    }
}

void text_real_exact(struct text *t, double value)
{
    add_real(t, 9, value);
}

void text_double_exact(struct text *t, double value)
{
    add_real(t, 17, value);
}

char *text_copy(const char *s)
{
    size_t size = strlen(s) + 1;
    char *copy = malloc(size);

    if (copy)
        memcpy(copy, s, size);
    return copy;
}
