/** Asking a unit what it likes: which unit, the switches of the ascent, its nickname. */
#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "tui/app.h"
#include "tui/panels/panels.h"

static struct neuron *neuron_of(struct app *app)
{
    return atomic_load(&app->branch[app->in_view].neuron);
}

/* Opened the first time; then it stays, asleep, as long as its branch. */
bool app_open_neuron(struct app *app)
{
    struct neuron *n = NULL;
    struct diag diag = {0};
    char note[160], *path = nicknames_path();
    if (neuron_of(app)) {
        free(path);
        return true;
    }
    enum err err = neuron_new(app->net, app->data, path, app_wake, app, &n, note, sizeof note, &diag);
    free(path);
    if (err)
        app_say(app, "%s", diag.text);
    else if (*note)
        app_say(app, "%s", note);
    if (!err)
        atomic_store(&app->branch[app->in_view].neuron, n);
    return !err;
}

/* All but one, or with NULL all. */
static void let_sleep(struct app *app, const struct neuron *but)
{
    for (int i = 0; i < BRANCHES; i++) {
        struct neuron *n = atomic_load(&app->branch[i].neuron);
        if (n && n != but)
            neuron_sleep(n, true);
    }
}

void app_leave_neuron(struct app *app)
{
    let_sleep(app, NULL);
    app->view.neuron = NULL;
}

/* The layer of the maps in view, where `b` chooses the side of the non-linearity. */
static int layer_asked(const struct view *v)
{
    return v->show == SHOW_BEFORE ? view_before(v) : view_activation(v);
}

/* The unit of the map that the cursor is in, or else the one that was chosen last. */
static struct unit unit_asked(struct app *app)
{
    const struct view *v = &app->view;
    int layer = layer_asked(v), channels = app->net->layer[layer].out.c;
    bool there = v->spot.kind == SPOT_NUMBER && (v->spot.layer == v->layer || v->spot.layer == layer);
    if (there)
        app->unit = v->spot.c;
    return (struct unit){layer, app->unit < channels ? app->unit : channels - 1, -1, -1};
}

void app_take_neuron(struct app *app)
{
    if (!app->observer || !app_open_neuron(app))
        return;
    struct neuron *n = neuron_of(app);
    struct unit unit = unit_asked(app);
    let_sleep(app, n);
    neuron_sleep(n, false);
    neuron_want_purity(n, app_placed(app, &panel_purity));
    if (unit.layer != n->unit.layer || unit.channel != n->unit.channel) {
        neuron_ask(n, unit);
        app->dirty = true;
    }
    neuron_look_through(n, app->view.split);
    if (neuron_take(n))
        app->dirty = true;
    app->lay_out |= app->view.neuron != n;
    app->view.neuron = n;
}

static bool choose_unit(struct app *app, const char *argument)
{
    int channels = app->net->layer[layer_asked(&app->view)].out.c, was = app->unit;
    long to = argument_is(argument, "next") ? was + 1 : argument_is(argument, "before") ? was - 1 : -1;
    if (!argument_is(argument, "next") && !argument_is(argument, "before") &&
        !text_int(argument, 0, channels - 1, &to))
        return false;
    app_undoable(app, "unit %d", was);
    app->unit = (int)(to + channels) % channels;
    app->view.pointing = false; /* else the cursor would choose it */
    app_point_update(app);
    app_say(app, "unit %d of %d", app->unit, channels);
    return true;
}

/* ---- gradient ascent ---- */

static bool climb(struct app *app, const char *argument)
{
    struct neuron *n = neuron_of(app);
    const struct answers *a = app->view.answers;
    int from = 0;
    while (from < CLIMB_STARTS && !argument_is(argument, climb_names[from]))
        from++;
    if (from == CLIMB_STARTS)
        return false;
    if (!app->view.neuron || (from == CLIMB_SAMPLE && !a))
        app_say(app, "there is no ascent yet: lab neuron");
    else if (from == CLIMB_TOP && n->top.count == 0)
        app_say(app, "no image has been looked at yet");
    else {
        app_undoable(app, "climb %s", climb_names[n->from]);
        neuron_climb(n, (enum climb_start)from,
                     from == CLIMB_NOISE    ? NULL
                     : from == CLIMB_SAMPLE ? a->sample.x
                                            : n->top.picture);
        app_say(app, "gradient ascent from %s",
                from == CLIMB_NOISE    ? "noise"
                : from == CLIMB_SAMPLE ? "the sample"
                                       : "the image that the unit answers to most");
    }
    return true;
}

/* One of the switches, by steps of its own or to a value. */
static bool turn(struct app *app, const char *word, const char *argument, float *at, const float *step,
                 int steps, double most)
{
    double value = 0;
    int k = 0;
    if (!app->view.neuron) {
        app_say(app, "there is no ascent yet: lab neuron");
        return true;
    }
    while (k < steps - 1 && step[k] < *at * 0.999f)
        k++;
    int to = argument_is(argument, "next") ? (k + 1) % steps : argument_turn(argument, k, steps);
    if (to >= 0)
        value = (double)step[to];
    else if (!text_real(argument, &value) || value < 0 || value > most)
        return false;
    app_undoable(app, "%s %.9g", word, (double)*at);
    *at = (float)value;
    ascent_change(neuron_of(app)->ascent, &neuron_of(app)->switches);
    app_say(app, "%s: %g", word, value);
    return true;
}

static bool set_decay(struct app *app, const char *argument)
{
    static const float steps[] = {0, 0.005f, 0.01f, 0.02f, 0.05f, 0.1f};
    struct neuron *n = neuron_of(app);
    return turn(app, "decay", argument, n ? &n->switches.decay : NULL, steps, ARRAY_LEN(steps), 1);
}

static bool set_blur(struct app *app, const char *argument)
{
    static const float steps[] = {0, 0.3f, 0.4f, 0.5f, 0.7f, 1};
    struct neuron *n = neuron_of(app);
    return turn(app, "blur", argument, n ? &n->switches.blur : NULL, steps, ARRAY_LEN(steps), BLUR_MOST);
}

static bool set_clip(struct app *app, const char *argument)
{
    static const float steps[] = {0, 0.05f, 0.1f, 0.2f, 0.4f};
    struct neuron *n = neuron_of(app);
    return turn(app, "clip", argument, n ? &n->switches.clip : NULL, steps, ARRAY_LEN(steps), 1);
}

/* Whole pixels. */
static bool set_jitter(struct app *app, const char *argument)
{
    static const float steps[] = {0, 1, 2, 4, 8};
    struct neuron *n = neuron_of(app);
    float at = n ? (float)n->switches.jitter : 0;
    if (!turn(app, "jitter", argument, &at, steps, ARRAY_LEN(steps), 100) || at != truncf(at))
        return false;
    if (app->view.neuron) {
        n->switches.jitter = (int)at;
        ascent_change(n->ascent, &n->switches);
    }
    return true;
}

/* ---- what it is called ---- */

static bool set_name(struct app *app, const char *argument)
{
    struct neuron *n = neuron_of(app);
    struct diag diag = {0};
    if (!app->view.neuron) {
        app_say(app, "no unit is looked at: lab neuron");
        return true;
    }
    if (!*argument) {
        app_prompt(app, "name");
        return true;
    }
    const char *layer = app->net->layer[app->view.layer].name,
               *off = argument_is(argument, "off") ? "" : argument;
    const char *was = nicknames_find(&n->names, app->model_name, layer, n->unit.channel);
    app_undoable(app, "name %s", was ? was : "off");
    if (nicknames_set(&n->names, app->model_name, layer, n->unit.channel, off, &diag))
        app_say(app, "%s", diag.text);
    else if (*off)
        app_say(app, "unit %d of %s is called %s", n->unit.channel, layer, off);
    else
        app_say(app, "unit %d of %s has no name", n->unit.channel, layer);
    return true;
}

const struct action neuron_actions[] = {
    {"unit", "next|before|NUMBER", "Which unit of the layer is asked", choose_unit},
    {"climb", "noise|sample|top",
     "Begins gradient ascent anew: from noise, the sample, or the first of the top", climb},
    {"decay", "next|more|less|VALUE", "Share of the picture that each step of the ascent takes away",
     set_decay},
    {"blur", "next|more|less|VALUE", "Gaussian blur after each step of the ascent, in pixels", set_blur},
    {"jitter", "next|more|less|VALUE", "Shift by up to so many pixels before each gradient of the ascent",
     set_jitter},
    {"clip", "next|more|less|VALUE", "Share of the weakest pixels that each step of the ascent blanks",
     set_clip},
    {"name", "off|TEXT", "Calls the unit so, in later sessions too", set_name},
    {NULL, NULL, NULL, NULL},
};
