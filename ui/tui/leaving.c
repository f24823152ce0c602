/**
 * Leaving: at once, unless that would lose what nothing can bring back; then one line says what, and `q` again leaves.
 *
 * Training as such isn't lost: the same options train the same weights, and the state line (state.h) comes back to any step. What it can't repeat is
 * work of the person's hand.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/app.h"

enum { STEPS_LEAST = 100 }; /* fewer are no work */

/* "12,345" */
static void add_number(struct text *out, long n)
{
    if (n >= 1000)
        add_number(out, n / 1000);
    text_format(out, n >= 1000 ? ",%03ld" : "%ld", n % 1000);
}

/* Does a state line tell how it was trained? Of a fork of a fork only the last parting is known. */
static bool is_told(const struct app *app)
{
    const struct branch *other = branch_other((struct app *)app), *in_view = &app->branch[app->in_view];
    bool whole = !*in_view->what || (other && !*other->what);
    return whole && (!app->view.report || app->view.report->rates >= 0) &&
           (!other || !other->report || other->report->rates >= 0);
}

/* Steps since the weights in view were saved, of a run that no state line tells; 0: none to speak of. */
static long lost_steps(const struct app *app)
{
    const struct trainer_report *r = app->view.report;
    if (!r || is_told(app) || r->furthest - app->branch[app->in_view].saved < STEPS_LEAST)
        return 0;
    return r->furthest - app->branch[app->in_view].saved;
}

uint64_t app_drawing(const struct app *app)
{
    const struct image *sheet = &app->view.own.sketch.sheet;
    uint64_t key = 14695981039346656037u; /* FNV-1a */
    bool blank = true;
    for (size_t i = 0; sheet->data && i < shape_count(sheet->shape); i++) {
        blank = blank && !(sheet->data[i] > 0);
        key = (key ^ (uint64_t)(sheet->data[i] * 255)) * 1099511628211u;
    }
    return blank ? 0 : key;
}

static void add_losses(long steps, bool drawing, struct text *out)
{
    if (steps > 0) {
        add_number(out, steps);
        text_add(out, " steps that no state line tells");
    }
    text_add(out, steps > 0 && drawing ? " and " : "");
    text_add(out, drawing ? "a drawing" : "");
    text_format(out, " %s saved: q again leaves, s saves", steps > 0 ? "aren't" : "isn't");
    text_add(out, !drawing ? " the weights" : steps > 0 ? "" : " it");
}

void app_quit(struct app *app)
{
    struct text lost = {0};
    uint64_t drawn = app_drawing(app);
    long steps = lost_steps(app);
    app->leaving = steps > 0 || (drawn && drawn != app->saved_drawing);
    app->quit = !app->leaving;
    if (app->leaving)
        add_losses(steps, drawn && drawn != app->saved_drawing, &lost);
    snprintf(app->question, sizeof app->question, "%s", text_str(&lost));
    text_free(&lost);
}

bool app_leaving_key(struct app *app, int key)
{
    if (!app->leaving)
        return false;
    app->leaving = false;
    if (key == 'q')
        app->quit = true;
    else if (key == 's')
        app_prompt(app, lost_steps(app) > 0 ? "save weights" : "save image");
    return key == 'q' || key == 's' || key == KEY_ESCAPE_;
}

bool app_leaving_draw(const struct app *app, struct canvas *c)
{
    if (app->leaving)
        canvas_text_width(c, c->rows - 1, 1, c->cols - 2, ROLE_WARN, app->question);
    return app->leaving;
}
