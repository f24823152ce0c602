#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A sentence that was cut says so, and isn't cut within a character. */
static void end_with_dots(char text[DIAG_TEXT])
{
    int end = DIAG_TEXT - 4;

    while (end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80)
        end--;
    memcpy(text + end, "...", 4);
}

enum err diag_fail(struct diag *diag, enum err err, const char *path, int line, const char *format, ...)
{
    int used = 0;
    va_list args;

    if (!diag)
        return err;
    diag->err = err;
    diag->text[0] = '\0';
    /* A path may be of any length: it gets at most half of the room, its end (the file's name) being what counts. */
    if (path) {
        size_t length = strlen(path);
        const char *tail = length > DIAG_TEXT / 2 ? path + length - DIAG_TEXT / 2 + 3 : path;
        const char *dots = tail == path ? "" : "...";
        if (line > 0)
            used = snprintf(diag->text, sizeof diag->text, "%s%s:%d: ", dots, tail, line);
        else
            used = snprintf(diag->text, sizeof diag->text, "%s%s: ", dots, tail);
    }
    va_start(args, format);
    used += vsnprintf(diag->text + used, sizeof diag->text - (size_t)used, format, args);
    va_end(args);
    if (used >= DIAG_TEXT)
        end_with_dots(diag->text);
    /* One sentence on one line, whatever a hostile file or name put into it: no control characters, nor UTF-8's own. */
    for (char *p = diag->text; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = '?';
        else if (*p == '\xc2' && (unsigned char)p[1] >= 0x80 && (unsigned char)p[1] < 0xa0)
            p[0] = p[1] = '?';
    }
    return err;
}

enum err diag_memory(struct diag *diag, const char *what)
{
    return diag_fail(diag, ERR_MEMORY, NULL, 0, "not enough memory for %s", what);
}

enum err diag_errno(struct diag *diag, const char *path, const char *verb)
{
    return diag_fail(diag, ERR_IO, path, 0, "cannot %s: %s", verb, strerror(errno));
}
