/** How what is seen is shown: pixels or numbers, what explains their colours, and the axes of curves. */
#include "base/text.h"
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
    app->lay_out = true; /* it takes a row */
    return turn(app, "legend", &app->view.legend, argument);
}

static bool log_axis(struct app *app, const char *argument)
{
    return turn(app, "log", &app->view.curves.log, argument);
}

static bool recent(struct app *app, const char *argument)
{
    return turn(app, "recent", &app->view.curves.recent, argument);
}

static bool smooth(struct app *app, const char *argument)
{
    int *strength = &app->view.curves.smooth;
    long value = (*strength + 1) % (CURVES_SMOOTH_MOST + 1);
    if (!argument_is(argument, "next") && !text_int(argument, 0, CURVES_SMOOTH_MOST, &value))
        return false;
    app_undoable(app, "smooth %d", *strength);
    *strength = (int)value;
    app_say(app, value > 0 ? "curves: smoothed, strength %ld of %d" : "curves: each point as it is", value,
            CURVES_SMOOTH_MOST);
    return true;
}

const struct action showing_actions[] = {
    {"numbers", "on|off", "Pictures as numbers, or as pixels; alone: the other way", numbers},
    {"legend", "on|off", "A strip of its colours with their range in each picture panel", legend},
    {"log", "on|off", "The loss by its logarithm", log_axis},
    {"recent", "on|off", "Curves of the last tenth of the run alone", recent},
    {"smooth", "next|0|1|2|3", "How many neighbours a point of the curves is the mean of", smooth},
    {NULL, NULL, NULL, NULL},
};
