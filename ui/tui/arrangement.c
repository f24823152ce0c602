#include "tui/arrangement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "tui/app.h"

enum { FILE_MOST = 1 << 16, NARROW = 100, MIDDLE = 150, KEY_MOST = 64 };

/* Only these: whoever writes to the file must not be able to have anything done. */
static const char *const arranging[] = {"panels", "page"};

/* ---- the text ---- */

const char *arrangement_width(int cols)
{
    return cols < NARROW ? "narrow" : cols < MIDDLE ? "middle" : "wide";
}

static bool arranges(const char *actions)
{
    for (const char *at = actions; at;) {
        at += strspn(at, " ");
        size_t length = strcspn(at, " ;");
        bool known = false;
        for (int i = 0; i < ARRAY_LEN(arranging) && !known; i++)
            known = strlen(arranging[i]) == length && strncmp(at, arranging[i], length) == 0;
        if (!known)
            return false;
        at = strchr(at, ';');
        at = at ? at + 1 : NULL;
    }
    return true;
}

/* The next line, without its end; NULL: none. `text` moves behind it. */
static char *next_line(const char **text)
{
    const char *begin = *text;
    if (!begin || !*begin)
        return NULL;
    size_t length = strcspn(begin, "\n");
    *text = begin + length + (begin[length] == '\n');
    return strndup(begin, length);
}

/* Is it the line of that key, or NULL for any? Points behind the colon. */
static const char *actions_of(const char *line, const char *key)
{
    const char *colon = strstr(line, ": ");
    if (!colon || (key && (strlen(key) != (size_t)(colon - line) || strncmp(line, key, strlen(key)) != 0)))
        return NULL;
    return colon + 2;
}

char *arrangement_get(const char *text, const char *lab, const char *width, bool *good)
{
    char key[KEY_MOST], *found = NULL;
    snprintf(key, sizeof key, "%s %s", lab, width);
    *good = true;
    for (char *line; *good && (line = next_line(&text)); free(line)) {
        const char *actions = actions_of(line, key);
        if (*line == '#' || !*line)
            continue;
        *good = actions_of(line, NULL) && (!actions || arranges(actions));
        if (*good && actions && !found)
            found = text_copy(actions);
    }
    if (*good)
        return found;
    free(found);
    return NULL;
}

char *arrangement_set(const char *text, const char *lab, const char *width, const char *actions)
{
    char key[KEY_MOST];
    struct text out = {0};
    snprintf(key, sizeof key, "%s %s", lab, width);
    for (char *line; (line = next_line(&text)); free(line))
        if (!actions_of(line, key))
            text_format(&out, "%s\n", line);
    text_format(&out, "%s: %s\n", key, actions);
    return text_take(&out);
}

/* ---- the file ---- */

char *arrangement_path(void)
{
    static const char name[] = "fovea/arrangement";
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    struct text path = {0};
    if (state && *state == '/') /* one that isn't absolute is to be ignored, says the specification */
        text_format(&path, "%s/%s", state, name);
    else if (home && *home == '/')
        text_format(&path, "%s/.local/state/%s", home, name);
    return path.length > 0 ? text_take(&path) : NULL;
}

/* Every folder above the file. The specification wants them to be the person's own. */
static void make_folders(const char *path)
{
    char *folder = text_copy(path);
    for (char *slash = folder ? strchr(folder + 1, '/') : NULL; slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        (void)mkdir(folder, 0700);
        *slash = '/';
    }
    free(folder);
}

static char *read_file(const char *path)
{
    struct bytes bytes = {0};
    if (!path || !file_exists(path) || file_read(path, FILE_MOST, &bytes, NULL))
        return NULL;
    if (strlen((char *)bytes.data) == bytes.size)
        return (char *)bytes.data;
    bytes_free(&bytes); /* there are zeros in it: no text */
    return text_copy("damaged");
}

/* How a lab's panels are now, as it would be written. free() it. */
static char *arrangement_now(const struct app *app, const struct lab *lab)
{
    const struct arranged *left = &app->arranged[lab_index(lab)];
    bool in_view = lab == app_lab(app);
    const struct panel_type *alone = in_view ? app->alone : left->alone;
    struct text out = {0};
    text_add(&out, "panels ");
    panels_list_shown(lab->panels, in_view ? app->hidden : left->hidden, &out);
    text_format(&out, "; page %s", alone ? alone->name : "overview");
    return text_take(&out);
}

void arrangement_recall(struct app *app)
{
    const struct lab *lab = app_lab(app);
    struct arranged *arranged = &app->arranged[lab_index(lab)];
    if (!app->remembers || arranged->recalled)
        return;
    char *path = arrangement_path(), *text = read_file(path);
    bool good = true;
    char *actions = arrangement_get(text, lab->name, arrangement_width(app->canvas.cols), &good);
    app->undoing = true; /* not a change that the person made */
    good = good && (!actions || app_do(app, actions));
    app->undoing = false;
    app->message_until = 0;
    if (!good)
        app_say(app, "%s isn't an arrangement of panels: it is ignored", path);
    else if (app->hidden || app->alone)
        app_say(app, "arranged as you left it: X shows all panels, 1 the overview");
    arranged->recalled = arrangement_now(app, lab);
    free(actions);
    free(text);
    free(path);
}

/* The file's text with the lab's panels as they are now, where that has changed; else the text as it came. */
static char *keep_lab(const struct app *app, const struct lab *lab, char *text, bool *changed)
{
    const char *was = app->arranged[lab_index(lab)].recalled;
    char *now = was ? arrangement_now(app, lab) : NULL, *with = NULL;
    if (now && strcmp(now, was) != 0) {
        const char *width = arrangement_width(app->canvas.cols);
        bool good = true;
        free(arrangement_get(text, lab->name, width, &good));
        with = arrangement_set(good ? text : NULL, lab->name, width, now);
    }
    free(now);
    if (!with)
        return text;
    *changed = true;
    free(text);
    return with;
}

void arrangement_keep(const struct app *app)
{
    char *path = app->remembers ? arrangement_path() : NULL;
    if (!path)
        return;
    char *text = read_file(path);
    bool changed = false;
    for (int i = 0; all_labs[i]; i++)
        text = keep_lab(app, all_labs[i], text, &changed);
    if (changed) {
        make_folders(path);
        enum err unheard = file_write(path, text, strlen(text), NULL);
        (void)unheard; /* a comfort that can't be had is no reason for words behind the screen */
    }
    free(text);
    free(path);
}
