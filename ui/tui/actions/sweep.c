/** The attack lab over the test set: how many images, with how many threads, and which network stands beside those in training. */
#include <string.h>

#include "base/clock.h"
#include "base/team.h"
#include "base/text.h"
#include "tui/app.h"
#include "tui/panels/panels.h"
#include "tui/state.h"
#include "tui/sweeping.h"

static const double look_again = 0.5; /* seconds between two looks at the branch that isn't in view */

static const struct panel_type *const panels[] = {&panel_robustness, &panel_grid, &panel_transfer};

static bool on_screen(const struct app *app)
{
    bool some = false;
    for (int i = 0; i < ARRAY_LEN(panels); i++)
        some |= app_placed(app, panels[i]) != NULL;
    return some;
}

/* One of the weights that come with the program, where it is for such images; not those that are being looked at. */
static void choose_rival(struct app *app, struct sweeping *s)
{
    static const char *const usual[] = {"lenet-digits", "resnet-digits"};
    const char *begun = app->options.weights;
    const char *name = usual[begun && strcmp(begun, usual[0]) == 0];
    if (!sweeping_set_rival(s, name, NULL))
        strcpy(s->usual_rival, name);
}

bool app_open_sweeping(struct app *app)
{
    struct sweeping *s = NULL;
    struct diag diag = {0};
    enum split split = app->data && app->data->count[SPLIT_TEST] > 0 ? SPLIT_TEST : SPLIT_TRAIN;
    if (app->view.sweeping)
        return true;
    if (sweeping_new(app->data, split, app_wake, app, &s, &diag)) {
        app_say(app, "%s", diag.text);
        return false;
    }
    choose_rival(app, s);
    app->view.sweeping = s;
    atomic_store(&app->swept, s->sweep);
    return true;
}

void app_leave_sweeping(struct app *app)
{
    if (app->view.sweeping)
        sweep_run(app->view.sweeping->sweep, false);
}

void app_close_sweeping(struct app *app)
{
    atomic_store(&app->swept, NULL);
    sweeping_free(app->view.sweeping);
    app->view.sweeping = NULL;
}

/* A branch that came or went: its letter tells. */
static void follow_branches(struct app *app, struct sweeping *s)
{
    for (int i = 0; i < BRANCHES; i++) {
        const struct branch *b = &app->branch[i];
        char name[2] = {b->letter, 0};
        if (strcmp(name, s->name[i]) == 0)
            continue;
        strcpy(s->name[i], name);
        if (sweep_enter(s->sweep, i, b->letter ? b->net : NULL, NULL))
            *s->name[i] = 0;
        app->dirty = true;
    }
}

/* Its observer sleeps, and with it who tells of new weights. */
static void look_at(struct app *app, struct sweeping *s, int place)
{
    const struct branch *b = &app->branch[place];
    const struct trainer_report *r = b->letter ? b->report : NULL;
    double now = clock_now();
    if (!r || sweep_newest(s->sweep, place) == r->step || now - s->looked < look_again)
        return;
    s->looked = now;
    observer_poke(b->observer);
}

void app_take_sweeping(struct app *app)
{
    struct sweeping *s = app->view.sweeping;
    const struct view *v = &app->view;
    if (!s || !app->observer)
        return;
    bool running = v->report && v->report->state == TRAINER_RUNNING;
    sweep_run(s->sweep, on_screen(app));
    sweep_threads(s->sweep, running ? 1 : s->threads);
    follow_branches(app, s);
    for (int i = 0; i < BRANCHES; i++)
        look_at(app, s, i);
    sweeping_ask(s, (struct sweep_task){v->attack_type, v->attack, 0, app->in_view});
    app->dirty |= sweeping_take(s);
}

bool app_sweeping_settled(const struct app *app)
{
    const struct sweeping *s = app->view.sweeping;
    if (!s || !on_screen(app))
        return true;
    for (int i = 0; i < BRANCHES; i++) {
        const struct branch *b = &app->branch[i];
        bool still = b->letter && b->report && b->report->state != TRAINER_RUNNING;
        if (still && sweep_newest(s->sweep, i) != b->report->step)
            return false;
    }
    return sweeping_settled(s);
}

void app_state_sweeping(const struct app *app, struct text *out)
{
    const struct sweeping *s = app->view.sweeping;
    if (s && s->images != SWEEPING_IMAGES) {
        state_begin_part(out);
        text_format(out, "images %d", s->images);
    }
    if (s && strcmp(s->rival, s->usual_rival) != 0) {
        state_begin_part(out);
        text_add(out, "rival ");
        state_add_encoded(out, *s->rival ? s->rival : "off", ";'%");
    }
}

static struct sweeping *sweeping_of(struct app *app)
{
    if (!app->view.sweeping)
        app_say(app, "nothing is measured yet: lab attack");
    return app->view.sweeping;
}

static bool set_images(struct app *app, const char *argument)
{
    static const int steps[] = {100, 200, 500, 1000, 2000, 5000, 10000};
    struct sweeping *s = sweeping_of(app);
    long value = 0;
    int at = 0;
    if (!s)
        return true;
    while (at < ARRAY_LEN(steps) - 1 && steps[at] < s->images)
        at++;
    at = argument_turn(argument, at, ARRAY_LEN(steps));
    if (at >= 0)
        value = steps[at];
    else if (!text_int(argument, 1, 1000000, &value))
        return false;
    app_undoable(app, "images %d", s->images);
    s->images = (int)value;
    app_say(app, "measured on the first %ld test images", value);
    return true;
}

static bool set_threads(struct app *app, const char *argument)
{
    struct sweeping *s = sweeping_of(app);
    long value = 0;
    if (!s)
        return true;
    if (!text_int(argument, 1, TEAM_MAX, &value))
        return false;
    app_undoable(app, "sweepers %d", s->threads);
    s->threads = (int)value;
    app_say(app, "%ld threads measure while nothing trains", value);
    return true;
}

static bool set_rival(struct app *app, const char *argument)
{
    struct sweeping *s = sweeping_of(app);
    struct diag diag = {0};
    if (!s)
        return true;
    if (!*argument)
        return false;
    app_undoable(app, "rival %s", *s->rival ? s->rival : "off");
    if (sweeping_set_rival(s, argument_is(argument, "off") ? NULL : argument, &diag))
        app_refuse(app, &diag);
    else if (*s->rival)
        app_say(app, "transfer to and from %s", s->name[SWEEPING_RIVAL]);
    else
        app_say(app, "transfer between the branches alone");
    return true;
}

const struct action sweep_actions[] = {
    {"images", "more|less|NUMBER", "How many test images the attack is measured on", set_images},
    {"rival", "off|NAME", "Weights beside those in training, from a file or built in", set_rival},
    {"sweepers", "NUMBER", "Threads that measure while nothing trains", set_threads},
    {NULL, NULL, NULL, NULL},
};
