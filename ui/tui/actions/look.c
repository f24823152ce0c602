/** How things look: colours, and how values become colours. */
#include "base/text.h"
#include "tui/app.h"

static bool choose_theme(struct app *app, const char *argument)
{
    const struct style *s = &app->style;
    enum theme theme = (enum theme)((s->theme + 1) % THEMES);
    if (!argument_is(argument, "next") && !theme_find(argument, &theme))
        return false;
    app_undoable(app, "theme %s", theme_name(s->theme));
    app_set_look(app, theme, s->gamma);
    app_say(app, "theme: %s, %s", theme_name(theme), theme_help(theme));
    return true;
}

static bool change_gamma(struct app *app, const char *argument)
{
    const struct style *s = &app->style;
    float now = s->gamma > 0 ? s->gamma : 1;
    double value = 0;
    int at = 0, count = 0;
    while (style_gammas[count] > 0)
        count++;
    while (at < count - 1 && style_gammas[at] < now)
        at++;
    at = argument_turn(argument, at, count);
    if (at >= 0)
        value = (double)style_gammas[at];
    else if (!text_real(argument, &value) || value < 0.1 || value > 10)
        return false;
    app_undoable(app, "gamma %g", (double)now);
    app_set_look(app, s->theme, (float)value);
    app_say(app, "gamma: %g%s", value,
            value < 1   ? ", what is small is brighter"
            : value > 1 ? ", what is small is darker"
                        : ", values as they are");
    return true;
}

const struct action look_actions[] = {
    {"theme", "next|NAME", "Other colours: dark, night, light, projector or mono", choose_theme},
    {"gamma", "more|less|VALUE", "How values become colours: below 1 lifts what is small", change_gamma},
    {NULL, NULL, NULL, NULL},
};
