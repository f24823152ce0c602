/** The step lab: going on and back, playing, how the window slides, and the pencil. */
#include <stdio.h>
#include <string.h>

#include "tui/actions/step_shared.h"
#include "base/clock.h"
#include "base/text.h"
#include "tui/app.h"
#include "tui/panels/panels.h"

static const struct panel_type *const grids[STEP_GRIDS] = {&panel_stepin, &panel_kernel, &panel_output};

struct stepping *step_of(struct app *app)
{
    if (!app->view.stepping)
        app_say(app, "nothing is stepped yet: lab step");
    return app->view.stepping;
}

bool step_begin(struct app *app, struct step_source *next)
{
    struct diag diag = {0};
    struct stepping *s = step_of(app);
    if (!s)
        return false;
    if (!step_source_copy(next, &s->source, &diag))
        return true;
    app_say(app, "%s", diag.text);
    return false;
}

bool step_change(struct app *app, struct step_source *next)
{
    struct stepping *s = app->view.stepping;
    struct diag diag = {0};
    app->lay_out = true;
    if (stepping_take(s, next, &diag)) {
        app_say(app, "%s", diag.text);
        return false;
    }
    app_undoable(app, "recall %lu", s->serial);
    app_follow_stepping(app);
    return true;
}

/* ---- the lab's doing by itself ---- */

void app_follow_stepping(struct app *app)
{
    struct view *v = &app->view;
    struct stepping *s = v->stepping;
    if (!s)
        return;
    enum step_grid watched = STEP_GRIDS;
    for (int g = 0; g < STEP_GRIDS; g++)
        if (v->pointing && v->focus == grids[g] && s->shown[g].n > 0)
            watched = (enum step_grid)g;
    if (watched != s->watched)
        stepping_watch(s, watched);
    for (int g = 0; g < STEP_GRIDS; g++) {
        const struct place *at = &v->place[panel_index(grids[g])], *seen = &s->seen[g];
        if (watched != (enum step_grid)g ||
            (at->tile == seen->tile && at->row == seen->row && at->col == seen->col))
            continue;
        stepping_point(s, (enum step_grid)g, *at);
        s->playing = false;
        app->dirty = true;
    }
    for (int g = 0; g < STEP_GRIDS; g++)
        v->place[panel_index(grids[g])] = s->seen[g] = s->place[g];
}

bool app_open_stepping(struct app *app)
{
    struct diag diag = {0};
    if (!app->view.stepping && stepping_new(&app->view.stepping, &diag)) {
        app_say(app, "%s", diag.text);
        return false;
    }
    app_follow_stepping(app);
    return true;
}

/* One thing that is due, again and again; @return when the next one is, 0: none. */
static double play_on(struct app *app, struct stepping *s, double now)
{
    if (!s->playing)
        return 0;
    s->due = s->due > 0 ? s->due : now;
    bool moved = false;
    for (int k = 0; s->due <= now && k < 1000; k++, s->due += 1 / s->tempo) {
        if (!stepping_walk(s, STRIDE_PRODUCT, 1))
            s->playing = false;
        moved = true;
    }
    if (s->due <= now)
        s->due = now;
    app->dirty |= moved;
    return s->playing ? s->due : 0;
}

static double blink_on(struct app *app, struct stepping *s, double now)
{
    static const double half = 0.2;
    if (s->blinks > 0 && s->blink_due <= now) {
        s->blinks -= s->blink_due > 0;
        s->blink_due = now + half;
        app->dirty = true;
    }
    return s->blinks > 0 ? s->blink_due : 0;
}

static double turn_on(struct app *app, struct stepping *s, double now)
{
    static const double pause = 0.4;
    if (s->turning > 0 && s->turn_due <= now) {
        s->turning -= s->turn_due > 0;
        s->turn_due = now + pause;
        app->dirty = true;
        stepping_refresh(s);
    }
    return s->turning > 0 ? s->turn_due : 0;
}

double app_tick_stepping(struct app *app, double now)
{
    struct stepping *s = app->view.stepping;
    if (!s)
        return -1;
    const double due[] = {play_on(app, s, now), blink_on(app, s, now), turn_on(app, s, now)};
    double next = 0;
    for (int i = 0; i < ARRAY_LEN(due); i++)
        next = due[i] > 0 && (next <= 0 || due[i] < next) ? due[i] : next;
    app_follow_stepping(app);
    return next <= 0 ? -1 : next > now ? next - now : 0;
}

/* ---- going ---- */

static bool walk(struct app *app, enum step_stride stride, const char *argument)
{
    struct stepping *s = app->view.stepping;
    int by = argument_is(argument, "on") ? 1 : argument_is(argument, "back") ? -1 : 0;
    if (by == 0)
        return false;
    s->playing = false;
    if (!stepping_walk(s, stride, by))
        app_say(app, by > 0 ? "that was the last one" : "nothing was multiplied before");
    app_follow_stepping(app);
    return true;
}

static void jump(struct app *app, long done)
{
    struct stepping *s = app->view.stepping;
    app_undoable(app, "multiply %ld", s->done);
    s->playing = false;
    stepping_go(s, done);
    app_follow_stepping(app);
}

static bool multiply(struct app *app, const char *argument)
{
    struct stepping *s = step_of(app);
    long number = 0;
    if (!s)
        return true;
    long all = s->outputs * s->terms;
    if (argument_is(argument, "start"))
        jump(app, 0);
    else if (argument_is(argument, "end"))
        jump(app, all);
    else if (text_int(argument, 0, 1L << 40, &number) && s->waits)
        s->wanted = number;
    else if (text_int(argument, 0, all, &number))
        jump(app, number);
    else
        return walk(app, STRIDE_PRODUCT, argument);
    return true;
}

static bool output(struct app *app, const char *argument)
{
    struct stepping *s = step_of(app);
    long number = 0;
    if (!s)
        return true;
    if (!text_int(argument, 1, s->outputs, &number))
        return walk(app, STRIDE_OUTPUT, argument);
    jump(app, number * s->terms);
    return true;
}

static bool row(struct app *app, const char *argument)
{
    return !step_of(app) || walk(app, STRIDE_ROW, argument);
}

int step_turned(const char *argument, bool now)
{
    return !*argument ? !now : argument_is(argument, "on") ? 1 : argument_is(argument, "off") ? 0 : -1;
}

static bool play(struct app *app, const char *argument)
{
    struct stepping *s = step_of(app);
    int on = s ? step_turned(argument, s->playing) : 0;
    if (!s || on < 0)
        return on >= 0;
    if (on && s->pencil) {
        app_say(app, "the pencil is yours: p lets the machine finish, Escape puts it down");
        return true;
    }
    if (on && s->done == s->outputs * s->terms)
        stepping_go(s, 0);
    s->playing = on == 1;
    s->due = clock_now() + 1 / s->tempo;
    if (on)
        app_say(app, "%g multiplications a second: + and - change that", s->tempo);
    else
        app_say(app, "paused");
    return true;
}

static bool tempo(struct app *app, const char *argument)
{
    static const double tempi[] = {0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512};
    struct stepping *s = step_of(app);
    double value = 0;
    int at = 0;
    if (!s)
        return true;
    while (at < ARRAY_LEN(tempi) - 1 && tempi[at] < s->tempo)
        at++;
    int to = argument_turn(argument, at, ARRAY_LEN(tempi));
    if (to >= 0)
        value = tempi[to];
    else if (!text_real(argument, &value) || value < 0.1 || value > 10000)
        return false;
    app_undoable(app, "tempo %g", s->tempo);
    s->tempo = value;
    s->due = 0;
    app_say(app, "%g multiplications a second", value);
    return true;
}

static bool reveal(struct app *app, const char *argument)
{
    struct stepping *s = step_of(app);
    int on = s ? step_turned(argument, s->reveal) : 0;
    if (!s || on < 0)
        return on >= 0;
    app_undoable(app, "reveal %s", s->reveal ? "on" : "off");
    s->reveal = on == 1;
    stepping_refresh(s);
    return true;
}

const struct action step_actions[] = {
    {"multiply", "on|back|start|end|NUMBER", "One multiplication on or back, or to where so many are done",
     multiply},
    {"output", "on|back|NUMBER", "One output on or back, or to that one", output},
    {"row", "on|back", "A row of outputs on or back", row},
    {"play", "on|off", "Multiplies by itself, or pauses", play},
    {"tempo", "more|less|VALUE", "Multiplications a second while it plays", tempo},
    {"reveal", "on|off", "Shows all outputs, also those that weren't made yet", reveal},
    {NULL, NULL, NULL, NULL},
};
