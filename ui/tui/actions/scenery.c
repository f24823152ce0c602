/** City or country, histograms of gradients, the eye: what is looked at, what somebody says comes first, how the bar lies. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "tui/app.h"
#include "tui/panels/panels.h"
#include "tui/scenery.h"

static struct scenery *scenery_of(struct app *app)
{
    if (!app->view.scenery)
        app_say(app, "that is in the filter lab: lab filter");
    return app->view.scenery;
}

static int turned(int at, int by, int count)
{
    return (at + by + count) % count;
}

/* "next" and "before" as a step; 0: neither. */
static int step_of(const char *argument)
{
    return argument_is(argument, "next") ? 1 : argument_is(argument, "before") ? -1 : 0;
}

/* ---- city or country ---- */

static void look(struct app *app, int scene)
{
    struct diag diag = {0};
    if (scenery_look(app->view.scenery, scene, &diag))
        app_say(app, "%s", diag.text);
    app->view.place[panel_index(&panel_city)].tile = app->view.scenery->scene; /* the cursor goes along */
}

static bool choose_city(struct app *app, const char *argument)
{
    struct scenery *s = scenery_of(app);
    int order[CITY_MOST], to = 0, by = step_of(argument);
    if (!s)
        return true;
    int count = scenery_order(s, order);
    if (by) {
        while (order[to] != s->scene)
            to++;
        to = order[turned(to, by, count)];
    } else if (scene_find(argument, &to, NULL)) {
        return false;
    }
    app_undoable(app, "city %s", scenes[s->scene].name);
    look(app, to);
    return true;
}

/* Without a name: the one that is looked at, as long as the answer isn't there. */
static bool guess(struct app *app, struct scenery *s, const char *name)
{
    enum ranking r = s->ranking;
    int scene = s->scene, was = s->guess[r];
    if (!*name && s->shown[r]) {
        app_say(app, "the answer is there already: v goes to the next ranking");
        return true;
    }
    if (*name && scene_find(name, &scene, NULL))
        return false;
    if (was >= 0)
        app_undoable(app, "ranking guess %s; ranking %s", scenes[was].name, s->shown[r] ? "show" : "hide");
    else
        app_undoable(app, "ranking forget; ranking %s", s->shown[r] ? "show" : "hide");
    s->guess[r] = scene;
    s->shown[r] = true;
    return true;
}

static bool rank(struct app *app, const char *argument)
{
    struct scenery *s = scenery_of(app);
    static const char guessing[] = "guess";
    int by = step_of(argument), to = s ? turned((int)s->ranking, by, RANKINGS) : 0;
    if (!s)
        return true;
    if (strncmp(argument, guessing, sizeof guessing - 1) == 0)
        return guess(app, s, argument + sizeof guessing - 1 + strspn(argument + sizeof guessing - 1, " "));
    if (argument_is(argument, "forget")) {
        if (s->guess[s->ranking] >= 0)
            app_undoable(app, "ranking guess %s", scenes[s->guess[s->ranking]].name);
        s->guess[s->ranking] = -1;
        return true;
    }
    bool show = argument_is(argument, "show"), hide = argument_is(argument, "hide");
    if (show || hide || !*argument) {
        app_undoable(app, "ranking %s", s->shown[s->ranking] ? "show" : "hide");
        s->shown[s->ranking] = show || (!hide && !s->shown[s->ranking]);
        return true;
    }
    for (int k = 0; !by && k <= RANKINGS; k++)
        if (k == RANKINGS)
            return false;
        else if (argument_is(argument, ranking_names[to = k]))
            break;
    app_undoable(app, "ranking %s", ranking_names[s->ranking]);
    s->ranking = (enum ranking)to;
    return true;
}

/* ---- the eye ---- */

static bool turn_bar(struct app *app, const char *argument)
{
    static const double step = 5;
    struct scenery *s = scenery_of(app);
    double value = 0;
    if (!s)
        return true;
    bool start = argument_is(argument, "turn"), stop = argument_is(argument, "stop");
    if (!*argument)
        start = !s->turning, stop = s->turning;
    if (start || stop) {
        app_undoable(app, "bar %s", s->turning ? "turn" : "stop");
        s->turning = start;
        return true;
    }
    if (argument_is(argument, "more") || argument_is(argument, "less"))
        value = s->angle + (argument_is(argument, "more") ? step : -step);
    else if (!text_real(argument, &value) || !(value >= 0 && value <= 360))
        return false;
    app_undoable(app, s->turning ? "bar %.9g; bar turn" : "bar %.9g", s->angle);
    s->turning = false;
    s->angle = value - 180 * floor(value / 180);
    return true;
}

/* ---- histograms of gradients ---- */

static bool cut_cells(struct app *app, const char *argument)
{
    struct scenery *s = scenery_of(app);
    long to = s ? s->cell : 0;
    if (!s)
        return true;
    struct shape shape = s->data->shape;
    if (argument_is(argument, "more") || argument_is(argument, "less")) {
        int by = argument_is(argument, "more") ? 1 : -1;
        if (s->cell > 0 && handmade_fits(shape, s->cell + by))
            to += by;
    } else if (!text_int(argument, 2, 4096, &to)) {
        return false;
    }
    if (!handmade_fits(shape, (int)to)) {
        app_say(app,
                "cells of %ld pixels: an image of %d x %d has no 2 x 2 of them, or more than %d features", to,
                shape.h, shape.w, HANDMADE_FEATURES);
        return true;
    }
    if (to == s->cell) {
        app_say(app, "cells of %d pixels: with others there would be no 2 x 2, or more than %d features",
                s->cell, HANDMADE_FEATURES);
        return true;
    }
    app_undoable(app, "hog %d", s->cell);
    s->cell = (int)to;
    if (s->handmade)
        s->fit = handmade_begin(s->handmade, s->cell);
    return true;
}

const struct action scenery_actions[] = {
    {"ranking", "next|before|edges|lines|classifier|show|hide|guess|guess NAME|forget",
     "By what the pictures are ranked; what comes first is guessed, then shown", rank},
    {"city", "next|before|NAME", "Which of the pictures of cities and landscapes is looked at", choose_city},
    {"bar", "more|less|turn|stop|DEGREES", "How the bar lies that filters see; alone: it turns, or stops",
     turn_bar},
    {"hog", "more|less|PIXELS", "How large the cells of the histograms of gradients are", cut_cells},
    {NULL, NULL, NULL, NULL},
};
