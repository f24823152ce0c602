/** The pencil of the step lab: typing what comes next, and being told what was wrong. */
#include <stdio.h>
#include <string.h>

#include "tui/actions/step_shared.h"
#include "base/text.h"

static const char mode[] = "pencil";

void app_drop_pencil(struct app *app)
{
    struct stepping *s = app->view.stepping;
    if (s && s->pencil)
        stepping_pencil(s, PENCIL_OFF);
    if (app->mode && strcmp(app->mode, mode) == 0)
        app->mode = NULL;
}

static bool choose(struct app *app, const char *argument)
{
    static const char *const said[PENCILS] = {"", "type each product", "type the sum after each product",
                                              "type each output"};
    struct stepping *s = step_of(app);
    int to = s && argument_is(argument, "next") ? ((int)s->pencil + 1) % PENCILS : -1;
    if (!s)
        return true;
    for (int i = 0; i < PENCILS; i++)
        to = argument_is(argument, step_pencil_names[i]) ? i : to;
    if (to < 0)
        return false;
    app_undoable(app, "pencil %s", step_pencil_names[s->pencil]);
    stepping_pencil(s, (enum step_pencil)to);
    app->mode = to ? mode : NULL;
    app->lay_out = true;
    if (to)
        app_say(app, "%s, then Enter; p finishes it, Tab asks otherwise, Escape ends", said[to]);
    return true;
}

/* One character of the answer. */
static bool type(struct app *app, const char *argument)
{
    struct stepping *s = step_of(app);
    size_t length = s ? strlen(s->typed) : 0;
    if (!s)
        return true;
    if (argument_is(argument, "back")) {
        s->typed[length > 0 ? length - 1 : 0] = 0;
        return true;
    }
    if (strlen(argument) != 1 || !strchr("0123456789.-", *argument))
        return false;
    if (!s->pencil)
        app_say(app, "there is no pencil: p takes it");
    else if (length + 1 < sizeof s->typed)
        memcpy(s->typed + length, argument, 2);
    return true;
}

static bool answer(struct app *app, const char *argument)
{
    struct stepping *s = step_of(app);
    double value = 0;
    const char *given = s && !*argument ? s->typed : argument;
    if (!s)
        return true;
    if (!s->pencil || !*given) {
        app_say(app, s->pencil ? "type a number first" : "there is no pencil: p takes it");
        return true;
    }
    if (!text_real(given, &value)) {
        app_say(app, "'%s' isn't a number", given);
        *s->typed = 0;
        return !*argument;
    }
    bool good = stepping_answer(s, value);
    if (good && s->done == s->outputs * s->terms)
        app_say(app, "all done: %ld of %ld right", s->right, s->asked);
    return true;
}

static bool finish(struct app *app, const char *argument)
{
    struct stepping *s = step_of(app);
    (void)argument;
    if (s)
        stepping_finish(s);
    return true;
}

const struct action pencil_actions[] = {
    {"pencil", "next|off|product|sum|output",
     "Takes a pencil: one types the products, sums or outputs oneself", choose},
    {"type", "back|CHARACTER", "A character of the answer, or takes one back", type},
    {"answer", "VALUE", "Gives this answer, or what was typed", answer},
    {"finish", NULL, "Lets the machine finish the output at hand", finish},
    {NULL, NULL, NULL, NULL},
};
