/** The attack lab: how a network is fooled. */
#include "tui/app.h"
#include "tui/fooling.h"
#include "tui/labs/labs.h"
#include "tui/panels/panels.h"
#include "tui/state.h"

static const struct panel_type *const panels[] = {&panel_lanes, &panel_film,       &panel_corridor,
                                                  &panel_plane, &panel_robustness, &panel_grid,
                                                  &panel_fool,  &panel_transfer,   NULL};
static const struct panel_type *const pages[] = {&panel_input, &panel_probabilities, &panel_flip,
                                                 &panel_curves, NULL};

const struct binding attack_keys[] = {
    {'a', "lab attack", "attack next", "a", "another attack", "attack"},
    {'e', "lab attack", "epsilon less", "e", "a smaller perturbation", "epsilon"},
    {'n', "lab attack", "sample next", "n", "the next sample", "sample"},
    {'t', "lab attack", "target next", "t", "another target, or none", "target"},
    {'I', "lab attack", "iterations more", "I", "more iterations", NULL},
    {'H', "lab attack", "iterations less", "H", "fewer iterations", NULL},
    {'D', "lab attack", "changes", "D", "what was added, or pictures", "added"},
    {'}', "lab attack", "magnify more", "}", "magnify changes more", NULL},
    {'{', "lab attack", "magnify less", "{", "magnify them less", NULL},
    {'V', "lab attack", "predict next", "V", "predict first, or don't", "predict"},
    {'Y', "lab attack", "predict fooled", "Y", "predict: it is fooled", NULL},
    {'S', "lab attack", "predict right", "S", "predict: it is still right", NULL},
    {KEY_ENTER_, "fool", "press", "Enter", "in fool: change the pixel", "change"},
    {'+', "fool", "fool lighter", "+", "in fool: lighter", "lighter"},
    {'=', "fool", "fool lighter", NULL, NULL, NULL},
    {'-', "fool", "fool darker", "-", "in fool: darker", "darker"},
    {'0', "fool", "fool none", "0", "in fool: as it was", NULL},
    {KEY_BACKSPACE_, "fool", "fool none", NULL, NULL, NULL},
    {'C', "fool", "fool clear", "C", "in fool: take all back", NULL},
    {'b', "fool", "budget next", "b", "in fool: pixels or epsilon", "budget"},
    {'E', "fool", "budget more", "E", "in fool: a larger budget", NULL},
    {'e', "fool", "budget less", "e", "in fool: a smaller budget", NULL},
    {'Z', "lab attack", "fork adversarial", "Z", "a branch trained on attacks", "harden"},
    {'O', "lab attack", "prompt rival", "O", "another network beside", NULL},
    {'}', "robustness", "images more", "}", "in robustness: more images", NULL},
    {'{', "robustness", "images less", "{", "in robustness: fewer", NULL},
    {'}', "transfer", "images more", "}", "in transfer: more images", NULL},
    {'{', "transfer", "images less", "{", "in transfer: fewer", NULL},
    {KEY_ENTER_, "robustness", "press", "Enter", "in robustness: that epsilon", "epsilon"},
    {KEY_ENTER_, "grid", "press", "Enter", "in grid: look at that image", "image"},
    {0, NULL, NULL, NULL, NULL, NULL},
};

static bool enter(struct app *app)
{
    if (!app->view.fooling && !(app->view.fooling = fooling_new(app->net->in)))
        app_say(app, "there is no memory for the attack lab");
    return app->view.fooling && app_open_sweeping(app);
}

static void close_lab(struct app *app)
{
    fooling_free(app->view.fooling);
    app->view.fooling = NULL;
}

/* A prediction is judged when the answer that it is about has come. */
static void take(struct app *app)
{
    const struct view *v = &app->view;
    struct fooling *f = v->fooling;
    app_take_sweeping(app);
    if (!f || !v->answers || v->answers->serial != app->inquiry.serial || !fooling_judge(f, v))
        return;
    app->dirty = true;
    app_say(app, "predicted right %d of %d times", f->right, f->judged);
}

static void add_rows(const struct fooling *f, struct text *out)
{
    for (int row = 0; row < f->in.h; row++) {
        bool some = false;
        for (int col = 0; col < f->in.w; col++)
            some = some || fooling_mark_at(f, row, col) != MARK_NONE;
        if (!some)
            continue;
        state_begin_part(out);
        text_format(out, "fool row %d ", row);
        fooling_row(f, row, out);
    }
}

static void state(const struct app *app, struct text *out)
{
    const struct fooling *f = app->view.fooling;
    app_state_sweeping(app, out);
    if (f->changes) {
        state_begin_part(out);
        text_add(out, "changes on");
    }
    if (f->gain > 0) {
        state_begin_part(out);
        text_format(out, "magnify %.9g", (double)f->gain);
    }
    if (!fooling_usual_budget(f)) {
        state_begin_part(out);
        text_format(out, "budget pixels %d; budget epsilon %.9g; budget %s", f->pixels, (double)f->epsilon,
                    budget_names[f->budget]);
    }
    add_rows(f, out);
    if (f->predicting) {
        state_begin_part(out);
        text_format(out, "predict on; predict score %d %d", f->right, f->judged);
        if (!fooling_hides(&app->view) && f->prediction.judged)
            text_format(out, "; predict %s; predict score %d %d", f->prediction.fooled ? "fooled" : "right",
                        f->right, f->judged);
    }
}

const struct lab lab_attack = {.name = "attack",
                               .title = "attack lab",
                               .help = "Fool the network, and see how little it takes",
                               .lecture = "L53 to L57, L75 to L79",
                               .panels = panels,
                               .pages = pages,
                               .enter = enter,
                               .leave = app_leave_sweeping,
                               .close = close_lab,
                               .take = take,
                               .settled = app_sweeping_settled,
                               .state = state};
