/** Taking things away: pictures, numbers, the screen, the weights. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/image.h"
#include "filter/worksheet.h"
#include "tui/app.h"
#include "tui/export.h"
#include "tui/state.h"
#include "tui/stepping.h"
#include "tui/take.h"

enum { PATH_MOST = 400 };

/* As it stands, without the line that asked for it. */
static enum err save_screen(struct app *app, const char *path, struct diag *diag)
{
    app->message_until = 0;
    app_draw(app);
    return export_screen(&app->canvas, path, diag);
}

/* "FILE", or "FILE ZOOM": where the last word is a number and not the only one. */
static enum err save_panel(struct app *app, const char *argument, struct diag *diag)
{
    const char *blank = strrchr(argument, ' ');
    char path[PATH_MOST];
    long zoom = TAKE_ZOOM;
    int length = (int)strlen(argument);
    if (blank && text_int(blank + 1, 1, EXPORT_ZOOM_MOST, &zoom))
        length = (int)(blank - argument);
    else if (blank && strspn(blank + 1, "0123456789") == strlen(blank + 1))
        return diag_fail(diag, ERR_RANGE, NULL, 0, "a zoom is 1 to %d, not %s", EXPORT_ZOOM_MOST, blank + 1);
    snprintf(path, sizeof path, "%.*s", length, argument);
    return take_picture(&app->view, app->view.focus, app->canvas.style, (int)zoom, path, diag);
}

static enum err save_weights(struct app *app, const char *path, struct diag *diag)
{
    struct weights weights = {0};
    enum err err = weights_init(&weights, app->net, diag);
    long step = !err && app->observer ? observer_weights(app->observer, &weights) : -1;
    if (!err && step < 0)
        err = diag_fail(diag, ERR_UNKNOWN, path, 0, "there are no weights yet");
    if (!err)
        err = weights_save(&weights, app->net, app->data->class_name, app->data->classes, path, diag);
    if (!err)
        branch_saved(app);
    weights_fini(&weights);
    return err;
}

static enum err save_numbers(struct app *app, const char *path, struct diag *diag)
{
    return take_numbers(&app->view, app->view.focus, path, diag);
}

/* What the network sees, before it is nudged; a drawing so saved is a file that a state line can name. */
static enum err save_image(struct app *app, const char *path, struct diag *diag)
{
    struct view *v = &app->view;
    float *x = mem_floats(shape_count(app->net->in));
    enum err err = x ? ERR_NONE : diag_memory(diag, "an image");
    if (!err && v->own.changed)
        err = own_make(&v->own, v->data, v->split, v->index, diag);
    if (!err && own_used(&v->own))
        memcpy(x, v->own.base, shape_count(app->net->in) * sizeof *x);
    else if (!err)
        dataset_read_floats(v->data, v->split, v->index, x);
    if (!err)
        err = image_write_png(path, app->net->in, x, diag);
    if (!err && v->own.source == OWN_DRAWING && strlen(path) < sizeof app->saved_path) {
        app->saved_drawing = app_drawing(app);
        strcpy(app->saved_path, path);
    }
    free(x);
    return err;
}

/* As a command of the shell. */
static enum err save_state(struct app *app, const char *path, struct diag *diag)
{
    struct text text = {0};
    char *line = state_line(app);
    text_format(&text, "fovea --state '%s'\n", line ? line : "");
    enum err err = line && !text.failed ? file_write(path, text_str(&text), text.length, diag)
                                        : diag_memory(diag, "the state");
    text_free(&text);
    free(line);
    return err;
}

static bool show_state(struct app *app, const char *argument)
{
    (void)argument;
    char *line = state_line(app);
    app->print_state = true;
    bool drawn = app_drawing(app) && app_drawing(app) != app->saved_drawing;
    app_say(app, "%sprinted when you leave: fovea --state '%s'",
            drawn ? "without the drawing, which isn't saved (save image FILE); " : "", line ? line : "");
    free(line);
    return true;
}

static bool save(struct app *app, const char *argument)
{
    static const struct {
        const char *what;
        enum err (*save)(struct app *app, const char *path, struct diag *diag);
        bool of_panel;
    } ways[] = {{"screen", save_screen, false},  {"panel", save_panel, true},
                {"numbers", save_numbers, true}, {"weights", save_weights, false},
                {"image", save_image, false},    {"state", save_state, false}};
    size_t length = strcspn(argument, " ");
    const char *path = argument + length + strspn(argument + length, " ");
    for (int i = 0; *path && i < ARRAY_LEN(ways); i++) {
        struct diag diag = {0};
        if (strncmp(argument, ways[i].what, length) != 0 || ways[i].what[length])
            continue;
        if (!app->view.report || (ways[i].of_panel && !app->view.focus))
            app_say(app, "there is nothing to save yet");
        else if ((app->failed = ways[i].save(app, path, &diag) != ERR_NONE))
            app_say(app, "%s", diag.text);
        else if (ways[i].of_panel)
            app_say(app, "the %s of %s: saved as %s", i == 1 ? "picture" : "numbers", app->view.focus->title,
                    path);
        else
            app_say(app, "the %s: saved as %s", ways[i].what, path);
        return true;
    }
    return false;
}

/* The example of the step lab on paper: with characters that every printer has where the screen has no others. */
static bool worksheet(struct app *app, const char *path)
{
    const struct tensor *x, *w;
    struct trace_options options;
    struct diag diag = {0};
    const struct stepping *s = app->view.stepping;
    if (!*path)
        return false;
    if (!s)
        app_say(app, "there is no example yet: lab step");
    else if (!stepping_example(s, &x, &w, &options))
        app_say(app, "a worksheet is about a correlation: o goes back to one");
    else if ((app->failed =
                  worksheet_write(x, w, &options, !app->canvas.style->utf8, path, &diag) != ERR_NONE))
        app_say(app, "%s", diag.text);
    else
        app_say(app, "a worksheet, with the answers on its last page: saved as %s", path);
    return true;
}

const struct action keep_actions[] = {
    {"save", "screen FILE|panel FILE ZOOM|numbers FILE|weights FILE|image FILE|state FILE",
     "Writes a file: screen, panel, its numbers, weights, image in view, or state", save},
    {"worksheet", "FILE", "Writes the example of the step lab with blanks and an answer key", worksheet},
    {"state", NULL, "Shows the line that starts this view again, and prints it at the end", show_state},
    {NULL, NULL, NULL, NULL},
};
