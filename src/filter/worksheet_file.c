#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "filter/worksheet.h"

static bool ends_with(const char *path, const char *end)
{
    size_t length = strlen(path), tail = strlen(end);
    return length >= tail && strcmp(path + length - tail, end) == 0;
}

static enum err write_text(const char *path, const char *end, const struct text *t, struct diag *diag)
{
    struct text whole = {0};
    text_format(&whole, "%s%s", path, end);
    enum err err = whole.failed || t->failed ? diag_memory(diag, "a worksheet")
                                             : file_write(text_str(&whole), text_str(t), t->length, diag);
    text_free(&whole);
    return err;
}

enum err worksheet_write(const struct tensor *x, const struct tensor *w, const struct trace_options *options,
                         bool plain, const char *path, struct diag *diag)
{
    struct text sheet = {0}, printed = {0};
    bool text = ends_with(path, ".txt"), postscript = ends_with(path, ".ps");
    bool both = !text && !postscript;
    enum err err = worksheet_text(x, w, options, plain, &sheet, diag);
    if (!err && (both || text))
        err = write_text(path, both ? ".txt" : "", &sheet, diag);
    if (!err && (both || postscript)) {
        worksheet_postscript(text_str(&sheet), &printed);
        err = write_text(path, both ? ".ps" : "", &printed, diag);
    }
    text_free(&sheet);
    text_free(&printed);
    return err;
}
