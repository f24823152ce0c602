#include "tui/export.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"

static bool ends_with(const char *path, const char *suffix)
{
    size_t length = strlen(path), tail = strlen(suffix);
    return length > tail && strcmp(path + length - tail, suffix) == 0;
}

enum err export_screen(const struct canvas *c, const char *path, struct diag *diag)
{
    if (ends_with(path, ".png"))
        return export_png(c, EXPORT_ZOOM_SCREEN, path, diag);
    char *text = ends_with(path, ".svg")   ? export_svg(c)
                 : ends_with(path, ".ans") ? export_ansi(c)
                                           : canvas_dump(c);
    enum err err = text ? file_write(path, text, strlen(text), diag) : diag_memory(diag, "a screen");
    free(text);
    return err;
}
