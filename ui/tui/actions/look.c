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

/* The place of the argument among names, or the one behind `now` for "next"; -1: it is neither. */
static int choice(const char *argument, const char *const *names, int count, int now)
{
    if (argument_is(argument, "next"))
        return (now + 1) % count;
    for (int i = 0; i < count; i++)
        if (argument_is(argument, names[i]))
            return i;
    return -1;
}

static bool choose_scale(struct app *app, const char *argument)
{
    static const char *const said[SCALE_KINDS] = {"each picture its own", "one for all of a panel",
                                                  "one for the whole network"};
    struct view *v = &app->view;
    int scale = choice(argument, scale_names, SCALE_KINDS, (int)v->scale);
    if (scale < 0)
        return false;
    app_undoable(app, "scale %s", scale_names[v->scale]);
    v->scale = (enum scale)scale;
    app_say(app, "scale of colours: %s", said[scale]);
    return true;
}

static bool choose_show(struct app *app, const char *argument)
{
    static const char *const said[SHOWS] = {"behind the non-linearity", "before the non-linearity",
                                            "before and behind the non-linearity"};
    struct view *v = &app->view;
    int show = choice(argument, show_names, SHOWS, (int)v->show);
    if (show < 0)
        return false;
    app_undoable(app, "show %s", show_names[v->show]);
    v->show = (enum show)show;
    app->lay_out = true;
    app_say(app, "activations: %s", said[show]);
    return true;
}

static bool gradients(struct app *app, const char *argument)
{
    bool *flag = &app->view.gradients, on = argument_is(argument, "on");
    if (*argument && !on && !argument_is(argument, "off"))
        return false;
    app_undoable(app, "gradients %s", *flag ? "on" : "off");
    *flag = *argument ? on : !*flag;
    app->lay_out = true;
    app_say(app, *flag ? "each picture with its gradient on the right" : "no gradients");
    return true;
}

static bool winners(struct app *app, const char *argument)
{
    bool *flag = &app->view.winners, on = argument_is(argument, "on");
    if (*argument && !on && !argument_is(argument, "off"))
        return false;
    app_undoable(app, "winners %s", *flag ? "on" : "off");
    *flag = *argument ? on : !*flag;
    app_say(app, *flag ? "bright: the activations that win their window of the pooling" : "all activations");
    return true;
}

const struct action look_actions[] = {
    {"theme", "next|NAME", "Other colours: dark, night, light, projector or mono", choose_theme},
    {"gamma", "more|less|VALUE", "How values become colours: below 1 lifts what is small", change_gamma},
    {"scale", "next|unit|layer|network", "What colours are scaled to: a picture, a panel, or all layers",
     choose_scale},
    {"show", "next|after|before|both", "Activations behind the non-linearity, before it, or both",
     choose_show},
    {"gradients", "on|off", "The gradient beside each filter and activation; alone: the other way",
     gradients},
    {"winners", "on|off", "Dims activations that don't win the maximum pooling; alone: the other way",
     winners},
    {NULL, NULL, NULL, NULL},
};
