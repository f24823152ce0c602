#include "tui/state.h"
#include "tui/stepping.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* In place; a % that two hexadecimal digits don't follow stays one. */
static void decode(char *value)
{
    char *to = value;
    for (const char *at = value; *at; at++) {
        unsigned byte = 0;
        if (*at == '%' && isxdigit((unsigned char)at[1]) && isxdigit((unsigned char)at[2]) &&
            sscanf(at + 1, "%2x", &byte) == 1 && byte != 0) {
            *to++ = (char)byte;
            at += 2;
        } else {
            *to++ = *at;
        }
    }
    *to = 0;
}

bool state_leaves_out(const char *name)
{
    static const char *const names[] = {"--threads", "--speed",  "--memory", "--paused",
                                        "--colors",  "--script", "--state",  "--theme"};
    for (int i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* ---- reading ---- */

static const struct option_row *row_of(const struct option_row *rows, const char *word)
{
    for (; rows->name; rows++)
        if (strcmp(rows->name + 2, word) == 0 &&
            (!state_leaves_out(rows->name) || strcmp(word, "speed") == 0))
            return rows;
    return NULL;
}

enum err state_read(const char *line, struct app_options *o, char **kept, char **rest, struct diag *diag)
{
    struct option_row rows[APP_OPTION_ROWS];
    struct text lines = {0};
    enum err err = ERR_NONE;
    app_option_rows(o, rows);
    *kept = text_copy(line);
    *rest = NULL;
    for (char *left = *kept, *part; !err && left && (part = strsep(&left, ";"));) {
        part += strspn(part, " ");
        size_t end = strlen(part), length = strcspn(part, " ");
        while (end > length && part[end - 1] == ' ')
            part[--end] = 0;
        if (!*part)
            continue;
        char *value = part + length + strspn(part + length, " "), word[32];
        snprintf(word, sizeof word, "%.*s", (int)length, part);
        const struct option_row *row = row_of(rows, word);
        if (row) {
            decode(value);
            if (!option_store(row, value))
                err = diag_fail(diag, ERR_USAGE, NULL, 0, "in --state, '%.60s' isn't a value for '%s'", value,
                                word);
        } else if (action_find(word)) {
            text_format(&lines, "%s%s", lines.length > 0 ? ";" : "", part);
        } else {
            err = diag_fail(diag, ERR_USAGE, NULL, 0, "in --state, '%s' is neither an option nor an action",
                            word);
        }
    }
    if (!err && (!*kept || lines.failed))
        err = diag_memory(diag, "the state");
    *rest = err ? NULL : text_copy(text_str(&lines));
    text_free(&lines);
    return err;
}

/* ---- carrying out ---- */

void state_begin(struct app *app, const char *rest)
{
    app->pending = rest && *rest ? text_copy(rest) : NULL;
    app->pending_at = app->pending;
}

void state_end(struct app *app)
{
    free(app->pending);
    app->pending = app->pending_at = NULL;
}

/* Does training stand, with every order obeyed and the test images seen, and is a layer that is to be stepped there? Then the next part builds on what the one before has made. */
static bool stands(const struct app *app)
{
    const struct trainer_report *r = app->view.report;
    const struct stepping *s = app->view.stepping;
    return r && !app->forking && !(s && s->waits) && r->obeyed >= app->ordered &&
           r->state != TRAINER_RUNNING && r->testing < 0;
}

void state_go_on(struct app *app)
{
    if (!app->pending || !stands(app))
        return;
    char *part = strsep(&app->pending_at, ";");
    decode(part);
    if (app->lay_out)
        app_look(app); /* focus goes to what is on the screen */
    bool done = app_do(app, part);
    app->message_until = done ? 0 : app->message_until;
    if (app->pending_at && done) {
        app_wake(app); /* for the next, also where nothing else happens */
        return;
    }
    app_tell(app, TRAINER_SPEED, app->speed);
    state_end(app);
}
