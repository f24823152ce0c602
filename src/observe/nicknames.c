#include "observe/nicknames.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"

enum { FILE_MOST = 1 << 20, CHANNEL_MOST = 1 << 28 };

/* A line in its parts; the first two aren't terminated. */
struct entry {
    const char *model, *layer, *name;
    size_t model_length, layer_length;
    long channel;
};

static bool is_name(const char *name)
{
    size_t length = strlen(name);
    for (const char *c = name; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127)
            return false;
    return length > 0 && length <= NICKNAME_MOST && *name != ' ' && name[length - 1] != ' ';
}

static bool parse(const char *line, struct entry *e)
{
    char number[16];
    const char *first = strchr(line, ' '), *second = first ? strchr(first + 1, ' ') : NULL,
               *third = second ? strchr(second + 1, ' ') : NULL;
    if (!third || third - second - 1 >= (long)sizeof number)
        return false;
    memcpy(number, second + 1, (size_t)(third - second - 1));
    number[third - second - 1] = 0;
    *e = (struct entry){.model = line,
                        .layer = first + 1,
                        .name = third + 1,
                        .model_length = (size_t)(first - line),
                        .layer_length = (size_t)(second - first - 1)};
    return e->model_length > 0 && e->layer_length > 0 && text_int(number, 0, CHANNEL_MOST, &e->channel) &&
           is_name(e->name);
}

static void key_of(const char *model, char key[NICKNAME_MODEL])
{
    snprintf(key, NICKNAME_MODEL, "%s", model);
    for (char *c = key; *c; c++)
        if (*c == ' ' || (unsigned char)*c < ' ')
            *c = '_';
}

static bool same(const char *part, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(part, word, length) == 0;
}

/* Index of the unit's line: the last one, if there are several; or -1. */
static int find(const struct nicknames *n, const char *key, const char *layer, int channel)
{
    struct entry e;
    for (int i = n->lines - 1; i >= 0; i--)
        if (parse(n->line[i], &e) && e.channel == channel && same(e.model, e.model_length, key) &&
            same(e.layer, e.layer_length, layer))
            return i;
    return -1;
}

char *nicknames_path(void)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    struct text path = {0};
    if (state && *state == '/')
        text_format(&path, "%s/fovea/nicknames", state);
    else if (home && *home)
        text_format(&path, "%s/.local/state/fovea/nicknames", home);
    else
        return NULL;
    return text_take(&path);
}

static bool add_line(struct nicknames *n, char *line)
{
    char **more = line ? realloc(n->line, ((size_t)n->lines + 1) * sizeof *more) : NULL;
    if (!more) {
        free(line);
        return false;
    }
    n->line = more;
    n->line[n->lines++] = line;
    return true;
}

enum err nicknames_read(struct nicknames *n, const char *path, struct diag *diag)
{
    struct bytes bytes = {0};
    struct entry e;
    struct stat s;
    if (!(n->path = text_copy(path)))
        return diag_memory(diag, "nicknames");
    if (stat(path, &s) != 0)
        return ERR_NONE;
    enum err err = file_read(path, FILE_MOST, &bytes, diag);
    char *rest = (char *)bytes.data, *line;
    while (!err && rest && (line = strsep(&rest, "\n"))) {
        if (!*line && !rest) /* behind the last newline */
            break;
        if (*line && !parse(line, &e) && n->damaged++ == 0)
            n->first_damaged = n->lines + 1;
        if (!add_line(n, text_copy(line)))
            err = diag_memory(diag, "nicknames");
    }
    bytes_free(&bytes);
    return err;
}

void nicknames_free(struct nicknames *n)
{
    for (int i = 0; i < n->lines; i++)
        free(n->line[i]);
    free(n->line);
    free(n->path);
    *n = (struct nicknames){0};
}

void nicknames_complaint(const struct nicknames *n, char *text, int size)
{
    *text = 0;
    if (n->damaged > 0)
        snprintf(text, (size_t)size, "%s:%d: not MODEL LAYER CHANNEL NAME; such lines (%d) are left out",
                 n->path, n->first_damaged, n->damaged);
}

const char *nicknames_find(const struct nicknames *n, const char *model, const char *layer, int channel)
{
    char key[NICKNAME_MODEL];
    struct entry e;
    key_of(model, key);
    int at = find(n, key, layer, channel);
    return at >= 0 && parse(n->line[at], &e) ? e.name : NULL;
}

/* The folder of the file, and those above it. */
static void make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        (void)mkdir(path, 0777); /* whatever goes wrong, writing the file says it */
        *slash = '/';
    }
}

static enum err write_all(const struct nicknames *n, struct diag *diag)
{
    struct text all = {0};
    for (int i = 0; i < n->lines; i++)
        text_format(&all, "%s\n", n->line[i]);
    make_folders(n->path);
    enum err err =
        all.failed ? diag_memory(diag, "nicknames") : file_write(n->path, text_str(&all), all.length, diag);
    text_free(&all);
    return err;
}

enum err nicknames_set(struct nicknames *n, const char *model, const char *layer, int channel,
                       const char *name, struct diag *diag)
{
    char key[NICKNAME_MODEL];
    struct text line = {0};
    if (*name && !is_name(name))
        return diag_fail(diag, ERR_RANGE, NULL, 0,
                         "a nickname has 1 to %d bytes, no control characters, and no blank at its ends",
                         NICKNAME_MOST);
    key_of(model, key);
    for (int at = find(n, key, layer, channel); at >= 0; at = find(n, key, layer, channel)) {
        free(n->line[at]);
        n->lines--;
        memmove(&n->line[at], &n->line[at + 1], (size_t)(n->lines - at) * sizeof *n->line);
    }
    if (*name) {
        text_format(&line, "%s %s %d %s", key, layer, channel, name);
        if (!add_line(n, text_take(&line)))
            return diag_memory(diag, "nicknames");
    }
    return n->path ? write_all(n, diag) : ERR_NONE;
}
