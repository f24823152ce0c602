/** The step lab: layers of the network in training. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/actions/step_shared.h"
#include "tui/lab.h"
#include "tui/panels/step_grids.h"

static bool is_answered(const struct app *app)
{
    const struct trainer_report *r = app->view.report;
    const struct answers *a = app->view.answers;
    return r && a && r->obeyed >= app->ordered && r->state != TRAINER_RUNNING && a->moment == r->moment &&
           a->serial == app->inquiry.serial;
}

void app_take_stepping(struct app *app)
{
    struct stepping *s = app->view.stepping;
    struct step_source next;
    struct diag diag = {0};
    app_follow_stepping(app);
    if (!s || !s->waits || !is_answered(app))
        return;
    enum err err = step_layer_make(&app->view, s->layer, s->unit, &next, &diag);
    if (err == ERR_UNKNOWN)
        return;
    s->waits = false;
    app->dirty = true;
    if (err) {
        app_say(app, "%s", diag.text);
        return;
    }
    bool there = step_change(app, &next);
    if (there && s->wanted >= 0)
        stepping_go(s, s->wanted);
    app_follow_stepping(app);
}

/* The moment on the screen: training has gone on since then, perhaps. */
static void go_back_to(struct app *app, const struct answers *seen)
{
    const struct trainer_report *r = app->view.report;
    if (!r || !seen || (r->state != TRAINER_RUNNING && r->step == seen->step) || seen->step < r->first)
        return;
    app_tell(app, TRAINER_SEEK, (double)seen->step);
    app->sought = seen->step;
    app->seeking = app->ordered;
}

static int layer_beside(const struct net *net, int layer, int by)
{
    int to = layer;
    do
        to += by;
    while (to >= 0 && to < net->layers && step_layer_operation(net, to) == STEP_OPERATIONS);
    return to < 0 || to >= net->layers ? layer : to;
}

static void wait_for(struct app *app, int layer, int unit)
{
    struct stepping *s = app->view.stepping;
    int channels = app->net->layer[layer].out.c;
    s->waits = true;
    s->layer = layer;
    s->unit = unit < 0 ? 0 : unit >= channels ? channels - 1 : unit;
    s->wanted = -1;
    if (app->alone && app->alone->ask != step_ask) { /* a page that doesn't ask for it */
        app->alone = NULL;
        app->lay_out = true;
    }
}

/* "LAYER CHANNEL". @return -1: there is no such layer, -2: it can't be stepped, which was said */
static int layer_named(struct app *app, const char *argument, int *unit)
{
    char name[LAYER_NAME], channel[16], end;
    long value = 0;
    int words = sscanf(argument, "%31s %15s %c", name, channel, &end);
    int layer = words == 1 || words == 2 ? net_find(app->net, name) : -1;
    if (layer < 0 || (words == 2 && !text_int(channel, 0, app->net->layer[layer].out.c - 1, &value)))
        return -1;
    *unit = (int)value;
    if (step_layer_operation(app->net, layer) != STEP_OPERATIONS)
        return layer;
    app_say(app, "%s can't be stepped: convolutions, dense layers, ReLU, pooling and softmax can", name);
    return -2;
}

static bool live(struct app *app, const char *argument)
{
    const struct view *v = &app->view;
    const struct lab *lab = lab_find("step"), *was = app_lab(app);
    const struct answers *seen = v->answers;
    bool beside = argument_is(argument, "next") || argument_is(argument, "before");
    int unit = 0, layer = v->layer;
    if (!app->net)
        return true;
    struct spot spot = v->spot;
    if (!*argument && spot.kind == SPOT_NUMBER && view_filter(v, layer) >= 0)
        unit = view_filter(v, layer);
    if (beside && v->stepping) {
        bool known = v->stepping->layer > 0 || v->stepping->unit > 0 || v->stepping->waits ||
                     strncmp(v->stepping->source.line, "live", 4) == 0;
        layer = known ? layer_beside(app->net, v->stepping->layer, argument_is(argument, "next") ? 1 : -1)
                      : layer;
        unit = v->stepping->unit;
    } else if (*argument) {
        layer = layer_named(app, argument, &unit);
        if (layer < 0)
            return layer == -2;
    }
    long step = seen ? seen->step : -1;
    if (!app_enter(app, lab))
        return true;
    if (was != lab) {
        app_undoable(app, "lab %s", was->name);
        if (step >= 0)
            go_back_to(app, seen);
    }
    wait_for(app, layer, unit);
    app_say(app, "%s of the network, as it is on the screen", app->net->layer[layer].name);
    return true;
}

static bool channel(struct app *app, const char *argument)
{
    struct stepping *s = step_of(app);
    long to = -1;
    if (!s)
        return true;
    int channels = app->net->layer[s->layer].out.c;
    bool live = s->waits || strncmp(s->source.line, "live ", 5) == 0;
    if (argument_is(argument, "next"))
        to = (s->unit + 1) % channels;
    else if (argument_is(argument, "before"))
        to = (s->unit + channels - 1) % channels;
    else if (!text_int(argument, 0, live ? channels - 1 : INT_MAX, &to))
        return false;
    if (!live) {
        app_say(app, "no layer of the network is stepped: PageDown takes one");
        return true;
    }
    wait_for(app, s->layer, (int)to);
    s->wanted = s->done;
    return true;
}

const struct action live_actions[] = {
    {"live", "next|before|LAYER CHANNEL", "Steps a layer of the network, at the moment on the screen", live},
    {"channel", "next|before|NUMBER", "Another channel of the layer that is stepped", channel},
    {NULL, NULL, NULL, NULL},
};
