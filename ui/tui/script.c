/**
 * Scripts: keys and shots without a terminal and without a clock. The screens of the tests are made by it.
 *
 *     steps 20          train exactly 20 batches, and wait for all answers
 *     key Right         one key, by the name that the help gives it
 *     size 24x80        rows and columns
 *     shot FILE         the screen as text
 *
 * Training is paused, and every line waits until what it has caused is there: the same script gives the same screens.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "tui/app.h"
#include "tui/keys.h"

static const double limit = 60;

/* Until the trainer stands at `step` (or anywhere, when it is negative), and the answers are about that moment and the last inquiry. */
static bool settle(struct app *app, long step)
{
    double until = clock_now() + limit;
    while (clock_now() < until) {
        app_take(app);
        app_look(app);
        const struct trainer_report *r = app->view.report;
        const struct answers *a = app->view.answers;
        bool still =
            r && r->state != TRAINER_RUNNING && (step < 0 || r->step == step || r->state != TRAINER_PAUSED);
        if (still && a && a->serial == app->inquiry.serial && a->step == r->step)
            return true;
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return false;
}

static enum err shot(struct app *app, const char *path, struct diag *diag)
{
    app->message_until = 0;
    app_draw(app);
    char *text = canvas_dump(&app->canvas);
    enum err err = text ? file_write(path, text, strlen(text), diag) : diag_memory(diag, "a screen");
    free(text);
    return err;
}

static enum err resize(struct app *app, const char *size, const char *path, int line, struct diag *diag)
{
    int rows = 0, cols = 0;
    char end = 0;
    if (sscanf(size, "%dx%d%c", &rows, &cols, &end) != 2 || rows < 1 || cols < 1 || rows > 1000 ||
        cols > 1000)
        return diag_fail(diag, ERR_FORMAT, path, line, "a size is ROWSxCOLUMNS, as 24x80, not '%.40s'", size);
    if (canvas_resize(&app->canvas, rows, cols))
        return diag_memory(diag, "a screen");
    app->lay_out = true;
    return ERR_NONE;
}

static enum err run_line(struct app *app, const char *word, const char *rest, const char *path, int line,
                         struct diag *diag)
{
    long steps = 0, target = -1;
    if (strcmp(word, "shot") == 0 && *rest)
        return shot(app, rest, diag);
    if (strcmp(word, "steps") == 0 && text_int(rest, 1, 1000000, &steps)) {
        target = app->view.report->step + steps;
        trainer_send(app->trainer, TRAINER_STEPS, (double)steps);
    } else if (strcmp(word, "key") == 0 && key_named(rest)) {
        app_key(app, key_named(rest));
    } else if (strcmp(word, "size") == 0) {
        enum err err = resize(app, rest, path, line, diag);
        if (err)
            return err;
    } else {
        return diag_fail(diag, ERR_FORMAT, path, line,
                         "'%.40s %.40s' isn't steps N, key NAME, size ROWSxCOLUMNS or shot FILE", word, rest);
    }
    if (!settle(app, target))
        return diag_fail(diag, ERR_IO, path, line, "no answer within %.0f seconds", limit);
    return ERR_NONE;
}

enum err app_script(struct app *app, const char *path, struct diag *diag)
{
    struct bytes bytes = {0};
    enum err err = file_read(path, 1 << 20, &bytes, diag);
    char *text = (char *)bytes.data, *line;
    if (!err && !settle(app, -1))
        err = diag_fail(diag, ERR_IO, path, 0, "no answer within %.0f seconds", limit);
    for (int number = 1; !err && !app->quit && (line = strsep(&text, "\n")); number++) {
        char *rest = line + strcspn(line, " ");
        if (*rest)
            *rest++ = 0;
        if (*line && *line != '#')
            err = run_line(app, line, rest, path, number, diag);
    }
    bytes_free(&bytes);
    return err;
}
