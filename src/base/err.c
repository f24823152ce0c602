#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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
    vsnprintf(diag->text + used, sizeof diag->text - (size_t)used, format, args);
    va_end(args);
    /* One sentence on one line, whatever a hostile file or name put into it. */
    for (char *p = diag->text; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = '?';
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
