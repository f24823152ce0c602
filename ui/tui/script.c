/**
 * Scripts: keys and shots without a terminal and without a clock. The screens of the tests are made by it.
 *
 *     steps 20          train exactly 20 batches, and wait for all answers
 *     key Right         one key, by the name that the help gives it
 *     do epsilon 0.2    an action and its argument, as `:` takes them
 *     size 24x80        rows and columns
 *     colors mono       direct, 256, 8 or mono; "mono ascii" for a terminal without UTF-8
 *     shot FILE         the screen as text; FILE.ans in colour, FILE.svg and FILE.png as pictures
 *
 * Training is paused, and every line waits until what it has caused is there: the order obeyed, the steps trained, their test images
 * evaluated, all questions answered. The same script gives the same screens. (After `key Space`, which lets it run freely, that can't be.)
 *
 * The same lines, typed, are what a person has on a terminal that can only print.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "tui/app.h"
#include "tui/export.h"
#include "tui/keys.h"

static const double limit = 60;

/* Has all that was ordered happened, is everything known about where it led, and is that what the answers are about? */
static bool is_settled(const struct app *app)
{
    const struct trainer_report *r = app->view.report;
    const struct answers *a = app->view.answers;
    if (app->pending || app->looking_for)
        return false;
    if (!branch_settled(app) || !r || !a || a->serial != app->inquiry.serial)
        return false;
    if (app_lab(app)->settled && !app_lab(app)->settled(app))
        return false;
    return r->state == TRAINER_RUNNING || a->moment == r->moment;
}

static bool settle(struct app *app)
{
    double until = clock_now() + limit;
    while (clock_now() < until) {
        app_take(app);
        app_look(app);
        if (is_settled(app))
            return true;
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return false;
}

static enum err shot(struct app *app, const char *path, struct diag *diag)
{
    app->message_until = 0;
    app_draw(app);
    return export_screen(&app->canvas, path, diag);
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

static enum err set_colors(struct app *app, const char *colors, const char *path, int line, struct diag *diag)
{
    static const char *const names[RUNGS] = {
        [RUNG_MONO] = "mono", [RUNG_8] = "8", [RUNG_256] = "256", [RUNG_DIRECT] = "direct"};
    size_t length = strcspn(colors, " ");
    const char *rest = colors + length;
    bool ascii = strcmp(rest, " ascii") == 0;
    for (int rung = 0; rung < RUNGS; rung++)
        if (strlen(names[rung]) == length && strncmp(names[rung], colors, length) == 0 && (ascii || !*rest)) {
            app->style.rung = (enum rung)rung;
            app->style.utf8 = !ascii;
            app->lay_out = true;
            return ERR_NONE;
        }
    return diag_fail(diag, ERR_FORMAT, path, line,
                     "colors are direct, 256, 8 or mono, with 'ascii' behind it or not, not '%.40s'", colors);
}

static enum err run_line(struct app *app, const char *word, const char *rest, const char *path, int line,
                         struct diag *diag)
{
    long steps = 0;
    enum err err = ERR_NONE;
    if (strcmp(word, "shot") == 0 && *rest)
        return shot(app, rest, diag);
    if (strcmp(word, "steps") == 0 && text_int(rest, 1, 1000000, &steps)) {
        app->ordered = trainer_send(app->trainer, TRAINER_STEPS, (double)steps);
    } else if (strcmp(word, "key") == 0 && key_named(rest)) {
        app_key(app, key_named(rest));
    } else if (strcmp(word, "do") == 0) {
        if (!app_do(app, rest) || app->failed)
            return diag_fail(diag, ERR_FORMAT, path, line, "%s", app->message);
    } else if (strcmp(word, "size") == 0) {
        err = resize(app, rest, path, line, diag);
    } else if (strcmp(word, "colors") == 0) {
        err = set_colors(app, rest, path, line, diag);
    } else {
        return diag_fail(
            diag, ERR_FORMAT, path, line,
            "'%.40s %.40s' isn't steps N, key NAME, do LINE, size ROWSxCOLUMNS, colors NAME or shot FILE",
            word, rest);
    }
    if (!err && !settle(app))
        err = diag_fail(diag, ERR_IO, path, line, "no answer within %.0f seconds", limit);
    return err;
}

static void print_screen(struct app *app)
{
    app->message_until = 0;
    app_draw(app);
    char *text = canvas_dump(&app->canvas);
    fputs(text ? text : "no memory for a screen\n", stdout);
    free(text);
    fputs("> ", stdout);
    fflush(stdout);
}

/* One typed line; what is wrong with it is said, and forgotten. */
static void run_typed(struct app *app, char *line)
{
    struct diag diag = {0};
    char *rest = line + strcspn(line, " ");
    if (*rest)
        *rest++ = 0;
    if (run_line(app, *line ? line : "steps", *line ? rest : "100", "this line", 0, &diag))
        printf("%s\n", diag.text);
}

enum err app_lines(struct app *app, struct diag *diag)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    printf(
        "This terminal cannot move its cursor: the screen is printed as text after each line that you type.\n"
        "Enter alone trains 100 batches. Else type steps N, key NAME (key ? shows the keys), do LINE, size\n"
        "ROWSxCOLUMNS or shot FILE; quit leaves.\n");
    if (!settle(app))
        return diag_fail(diag, ERR_IO, NULL, 0, "no answer within %.0f seconds", limit);
    print_screen(app);
    while (!app->quit && (length = getline(&line, &size, stdin)) >= 0) {
        line[strcspn(line, "\r\n")] = 0;
        if (strcmp(line, "quit") == 0)
            break;
        run_typed(app, line);
        if (!app->quit)
            print_screen(app);
    }
    free(line);
    return ERR_NONE;
}

enum err app_script(struct app *app, const char *path, struct diag *diag)
{
    struct bytes bytes = {0};
    enum err err = file_read(path, 1 << 20, &bytes, diag);
    char *text = (char *)bytes.data, *line;
    if (!err && !settle(app))
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
