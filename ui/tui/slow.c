/** A training step in slow motion on the screen: its sentence, its image, and what has nothing to do with it. */
#include <stdio.h>

#include "tui/app.h"

static bool is_followed(const struct app *app)
{
    const struct view *v = &app->view;
    return app->slow.on && v->own.source == OWN_DATA && v->split == SPLIT_TRAIN &&
           v->index == app->slow.index;
}

void app_follow_phase(struct app *app)
{
    const struct trainer_report *r = app->view.report;
    struct view *v = &app->view;
    if (!r || r->moment == app->slow.moment)
        return;
    app->slow.moment = r->moment;
    if (r->slow.phase == PHASE_FORWARD) {
        if (!is_followed(app) &&
            !own_line(&v->own, v->split, v->index, app->slow.back, sizeof app->slow.back))
            return;
        own_reset(&v->own, OWN_DATA);
        app->slow.on = true;
        app->slow.index = v->index = r->slow.index;
        v->split = SPLIT_TRAIN;
    } else if (r->slow.phase == PHASE_NONE && app->slow.on) {
        bool undoing = app->undoing, back = is_followed(app); /* who has chosen another picture keeps it */
        app->slow.on = false;
        app->undoing = true;
        if (back)
            app_do(app, app->slow.back);
        app->undoing = undoing;
    }
}

bool app_phase_dims(const struct app *app, const struct panel_type *type)
{
    const struct trainer_report *r = app->view.report;
    return r && r->slow.phase != PHASE_NONE && !(type->phases >> r->slow.phase & 1U);
}

static void class_text(const struct app *app, int class, char *text, int size)
{
    if (app->data->class_name)
        snprintf(text, (size_t)size, "%s", app->data->class_name[class]);
    else
        snprintf(text, (size_t)size, "%d", class);
}

/* Each is to fit into 80 columns. */
static void phase_text(const struct app *app, const struct trainer_slow *s, char *text, int size)
{
    char guess[64], label[64];
    size_t room = (size_t)size;
    switch (s->phase) {
    case PHASE_FORWARD:
        class_text(app, s->guess, guess, sizeof guess);
        class_text(app, s->label, label, sizeof label);
        snprintf(text, room, "forward: %d images go through; the first is taken for %s with %.0f %%%s%s",
                 s->images, guess, 100 * s->sure, s->guess == s->label ? ", rightly" : ", but is ",
                 s->guess == s->label ? "" : label);
        break;
    case PHASE_LOSS:
        snprintf(text, room, "loss: on average %.3f over the %d images, of which %d are right", s->loss,
                 s->images, s->correct);
        break;
    case PHASE_BACKWARD:
        snprintf(text, room, "backward: gradient of norm %.3g, largest in %s; no weight has moved yet",
                 s->grad_norm, app->net->layer[s->grad_layer].name);
        break;
    case PHASE_UPDATE:
        snprintf(text, room, "update: w <- w - %.4g %s; %s moves most, by %.2g a weight", s->rate, s->rule,
                 app->net->layer[s->moved_layer].name, s->moved);
        break;
    default:
        *text = 0;
    }
}

bool app_caption(const struct app *app, char *text, int size)
{
    const struct trainer_report *r = app->view.report;
    *text = 0;
    if (!r)
        return false;
    if (r->slow.phase != PHASE_NONE)
        phase_text(app, &r->slow, text, size);
    else if (r->stopped == RULE_EPOCHS)
        snprintf(text, (size_t)size, "stopped: %d epoch%s done, as was asked; Space goes on", r->stop_epochs,
                 r->stop_epochs == 1 ? " is" : "s are");
    else if (r->stopped == RULE_ACCURACY)
        snprintf(
            text, (size_t)size,
            "stopped: %.1f %% of the test images were right at step %ld, %g %% were asked for; Space goes on",
            100 * r->test_accuracy, r->test_step, 100 * r->stop_accuracy);
    return *text;
}
