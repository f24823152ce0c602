/** How what is seen is shown: as pixels or numbers, and with what explains their colours. */
#include "tui/app.h"

/* A setting that is on or off, and turns where the argument says neither. */
static bool turn(struct app *app, const char *word, bool *flag, const char *argument)
{
    bool on = argument_is(argument, "on");
    if (*argument && !on && !argument_is(argument, "off"))
        return false;
    app_undoable(app, "%s %s", word, *flag ? "on" : "off");
    *flag = *argument ? on : !*flag;
    return true;
}

static bool numbers(struct app *app, const char *argument)
{
    return turn(app, "numbers", &app->view.numbers, argument);
}

static bool legend(struct app *app, const char *argument)
{
    return turn(app, "legend", &app->view.legend, argument);
}

const struct action showing_actions[] = {
    {"numbers", "on|off", "Pictures as numbers, or as pixels; alone: the other way", numbers},
    {"legend", "on|off", "A strip of its colours with their range in each picture panel", legend},
    {NULL, NULL, NULL, NULL},
};
