/**
 * Leaving: at once, unless that would lose what nothing can bring back; then one line says what, and `q` again leaves.
 *
 * Training as such isn't lost: the same options train the same weights, and the state line (state.h) comes back to any step. What it can't repeat is
 * work of the person's hand in the middle of a run.
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

/* Steps since the weights were saved, of a run with more learning rates than a state line tells. */
static void add_steps(const struct app *app, struct text *out)
{
    const struct trainer_report *r = app->view.report;
    if (!r || r->rates >= 0 || r->furthest - app->saved_step < STEPS_LEAST)
        return;
    add_number(out, r->furthest - app->saved_step);
    text_format(out, " steps at more than %d learning rates", TRAINER_RATES);
}

void app_quit(struct app *app)
{
    struct text lost = {0};
    add_steps(app, &lost);
    app->leaving = lost.length > 0;
    app->quit = !app->leaving;
    if (app->leaving)
        snprintf(app->question, sizeof app->question, "%s aren't saved: q again leaves, s saves the weights",
                 text_str(&lost));
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
        app_prompt(app, "save weights");
    return key == 'q' || key == 's' || key == KEY_ESCAPE_;
}

bool app_leaving_draw(const struct app *app, struct canvas *c)
{
    if (app->leaving)
        canvas_text_width(c, c->rows - 1, 1, c->cols - 2, ROLE_WARN, app->question);
    return app->leaving;
}
