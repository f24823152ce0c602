#include "base/asset.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

enum { PLACES = 4 };

/** The folder of the running program, without the final slash; false where the system doesn't tell. */
static bool program_folder(char folder[PATH_MAX])
{
    ssize_t n = readlink("/proc/self/exe", folder, PATH_MAX - 1);
    char *slash;

    if (n < 0)
        return false;
    folder[n] = '\0';
    slash = strrchr(folder, '/');
    if (!slash)
        return false;
    *slash = '\0';
    return true;
}

/** Is the folder in the build tree that this was compiled in? An installed program must not read the sources. */
static bool in_build_tree(const char *folder)
{
    char *root = realpath(FOVEA_BUILD_ROOT, NULL);
    size_t length = root ? strlen(root) : 0;
    bool in = root && strncmp(folder, root, length) == 0 && (folder[length] == '/' || folder[length] == '\0');

    free(root);
    return in;
}

/** Fills in the places to look at, best first; returns how many. `beside` is room for one of them. */
static int places(const char *place[PLACES], char beside[PATH_MAX + 32])
{
    const char *named = getenv("FOVEA_ASSETS");
    char folder[PATH_MAX];
    int n = 0;

    if (named && *named)
        place[n++] = named;
    if (program_folder(folder)) {
        if (in_build_tree(folder)) {
            place[n++] = FOVEA_SOURCE_ASSETS;
        } else {
            /* An installation that was moved, or staged elsewhere, as a whole. */
            char *slash = strrchr(folder, '/');
            snprintf(beside, PATH_MAX + 32, "%.*s/share/fovea", slash ? (int)(slash - folder) : 0, folder);
            if (strcmp(beside, FOVEA_INSTALLED_ASSETS) != 0)
                place[n++] = beside;
        }
    }
    place[n++] = FOVEA_INSTALLED_ASSETS;
    return n;
}

static char *join(const char *folder, const char *name)
{
    struct text t = {0};

    text_format(&t, "%s/%s", folder, name);
    return text_take(&t);
}

/** "not found in A, B": the error that lists where was looked. */
static enum err not_found(struct diag *diag, const char *name, const char *const *place, int n)
{
    struct text list = {0};
    enum err err;

    for (int i = 0; i < n; i++)
        text_format(&list, "%s%s", i ? ", " : "", place[i]);
    err = diag_fail(diag, ERR_IO, name, 0, "no such asset in %s", text_str(&list));
    text_free(&list);
    return err;
}

enum err asset_path(const char *name, char **out, struct diag *diag)
{
    const char *place[PLACES];
    char beside[PATH_MAX + 32];
    int n = places(place, beside);

    for (int i = 0; i < n; i++) {
        char *path = join(place[i], name);
        if (!path)
            return diag_memory(diag, "a file name");
        if (file_exists(path)) {
            *out = path;
            return ERR_NONE;
        }
        free(path);
    }
    return not_found(diag, name, place, n);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/** "lenet.model" with suffix ".model": 5; a name that isn't of the kind: 0. */
static size_t stem_length(const char *name, const char *suffix)
{
    size_t length = strlen(name), tail = strlen(suffix);

    if (name[0] == '.' || length <= tail || strcmp(name + length - tail, suffix) != 0)
        return 0;
    return length - tail;
}

static enum err read_names(DIR *dir, const char *suffix, char ***out, struct diag *diag)
{
    char **names = calloc(1, sizeof *names);
    size_t count = 0, room = 1;
    struct dirent *entry;

    while (names && (entry = readdir(dir))) {
        size_t length = stem_length(entry->d_name, suffix);
        if (!length)
            continue;
        if (count + 2 > room) {
            char **larger = realloc(names, (2 * room + 2) * sizeof *names);
            if (!larger)
                goto failed;
            room = 2 * room + 2;
            names = larger;
        }
        names[count] = strndup(entry->d_name, length);
        names[count + 1] = NULL;
        if (!names[count])
            goto failed;
        count++;
    }
    if (!names)
        return diag_memory(diag, "a list of assets");
    qsort(names, count, sizeof *names, by_name);
    *out = names;
    return ERR_NONE;
failed:
    asset_list_free(names);
    return diag_memory(diag, "a list of assets");
}

enum err asset_list(const char *folder, const char *suffix, char ***out, struct diag *diag)
{
    const char *place[PLACES];
    char beside[PATH_MAX + 32];
    int n = places(place, beside);

    for (int i = 0; i < n; i++) {
        char *path = join(place[i], folder);
        DIR *dir = path ? opendir(path) : NULL;
        if (!path)
            return diag_memory(diag, "a file name");
        free(path);
        if (dir) {
            enum err err = read_names(dir, suffix, out, diag);
            closedir(dir);
            return err;
        }
    }
    return not_found(diag, folder, place, n);
}

void asset_list_free(char **names)
{
    for (char **p = names; p && *p; p++)
        free(*p);
    free(names);
}
