/** The attack in view: which one, in which norm, how far. */
#include <string.h>

#include "base/text.h"
#include "tui/app.h"

static const float epsilons[] = {0,    0.005f, 0.01f, 0.02f, 0.03f, 0.05f, 0.08f,
                                 0.1f, 0.15f,  0.2f,  0.25f, 0.3f,  0.4f,  0.5f};

/* The L2 norm of an image of changes is larger. */
static float scale_of(enum norm norm)
{
    return norm == NORM_L2 ? 10.0f : 1.0f;
}

/* Every attack but the noise, which is always there to compare with. */
static const struct attack_type *attack_behind(const struct attack_type *type)
{
    int at = 0;
    while (attack_types[at] && attack_types[at] != type)
        at++;
    do
        at = attack_types[at] && attack_types[at + 1] ? at + 1 : 0;
    while (strcmp(attack_types[at]->name, "noise") == 0);
    return attack_types[at];
}

static bool choose_attack(struct app *app, const char *argument)
{
    const struct attack_type *was = app->view.attack_type, *type = argument_is(argument, "next")
                                                                       ? attack_behind(was)
                                                                       : attack_find(argument);
    if (!type)
        return false;
    app_undoable(app, "attack %s", was->name);
    app->view.attack_type = type;
    app_say(app, "attack: %s, %s", type->name, type->help);
    return true;
}

static bool choose_norm(struct app *app, const char *argument)
{
    struct attack_options *o = &app->view.attack;
    int norm = argument_is(argument, "next") ? ((int)o->norm + 1) % NORMS : 0;
    if (!argument_is(argument, "next")) {
        while (norm < NORMS && !argument_is(argument, norm_names[norm]))
            norm++;
        if (norm == NORMS)
            return false;
    }
    app_undoable(app, "norm %s; epsilon %.9g", norm_names[o->norm], (double)o->eps);
    o->norm = (enum norm)norm;
    o->eps = o->norm == NORM_L2 ? 1.5f : 0.1f;
    app_say(app, "norm: %s, epsilon %.2f", norm_names[o->norm], (double)o->eps);
    return true;
}

static bool change_epsilon(struct app *app, const char *argument)
{
    float *eps = &app->view.attack.eps, scale = scale_of(app->view.attack.norm);
    double value = 0;
    int at = 0;
    while (at < ARRAY_LEN(epsilons) - 1 && epsilons[at] * scale < *eps * 0.999f)
        at++;
    at = argument_turn(argument, at, ARRAY_LEN(epsilons));
    if (at >= 0)
        value = (double)(epsilons[at] * scale);
    else if (!text_real(argument, &value) || value < 0 || value > 1000)
        return false;
    app_undoable(app, "epsilon %.9g", (double)*eps);
    *eps = (float)value;
    app_say(app, "epsilon: %.3f = %.1f of 255", value, 255 * value);
    return true;
}

const struct action attack_actions[] = {
    {"attack", "next|NAME", "Another attack, as fovea attack has them", choose_attack},
    {"norm", "next|linf|l2", "How a perturbation is measured", choose_norm},
    {"epsilon", "more|less|VALUE", "How large a perturbation may be, in pixels from 0 to 1", change_epsilon},
    {NULL, NULL, NULL, NULL},
};
