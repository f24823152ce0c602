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

/* What an attack takes when it isn't told how many. */
enum { ITERATIONS_USUAL = 10, ITERATIONS_MOST = 10000 };

static bool change_iterations(struct app *app, const char *argument)
{
    static const int counts[] = {1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 1000};
    int was = app->view.attack.iterations, now = was > 0 ? was : ITERATIONS_USUAL, at = 0;
    long value = 0;
    while (at < ARRAY_LEN(counts) - 1 && counts[at] < now)
        at++;
    at = argument_turn(argument, at, ARRAY_LEN(counts));
    if (at >= 0)
        value = counts[at];
    else if (!argument_is(argument, "own") && !text_int(argument, 1, ITERATIONS_MOST, &value))
        return false;
    if (was > 0)
        app_undoable(app, "iterations %d", was);
    else
        app_undoable(app, "iterations own");
    app->view.attack.iterations = (int)value;
    if (value > 0)
        app_say(app, "iterations: %ld; fgsm takes one step whatever they are", value);
    else
        app_say(app, "iterations: as many as each attack takes by itself");
    return true;
}

/* By its number or its name. -1: there is none */
static int class_called(const struct app *app, const char *argument)
{
    long number = -1;
    int classes = net_classes(app->net), known = app->data->classes < classes ? app->data->classes : classes;
    if (text_int(argument, 0, classes - 1, &number))
        return (int)number;
    for (int k = 0; app->data->class_name && k < known; k++)
        if (strcmp(app->data->class_name[k], argument) == 0)
            return k;
    return -1;
}

/* From none through all classes and back to none. */
static int target_beside(const struct app *app, int by)
{
    int classes = net_classes(app->net), at = app->view.attack.targeted ? app->view.target : -1;
    return (at + 1 + by + classes + 1) % (classes + 1) - 1;
}

static bool choose_target(struct app *app, const char *argument)
{
    struct view *v = &app->view;
    bool off = argument_is(argument, "off");
    int to = off                               ? -1
             : argument_is(argument, "next")   ? target_beside(app, 1)
             : argument_is(argument, "before") ? target_beside(app, -1)
                                               : class_called(app, argument);
    if (to < 0 && !off && !argument_is(argument, "next") && !argument_is(argument, "before"))
        return false;
    if (v->attack.targeted)
        app_undoable(app, "target %d", v->target);
    else
        app_undoable(app, "target off");
    v->attack.targeted = to >= 0;
    v->target = to >= 0 ? to : 0;
    if (to >= 0)
        app_say(app, "target: class %d; the attack has to reach it", to);
    else
        app_say(app, "no target: any other class will do");
    return true;
}

const struct action attack_actions[] = {
    {"attack", "next|NAME", "Another attack, as fovea attack has them", choose_attack},
    {"norm", "next|linf|l2", "How a perturbation is measured", choose_norm},
    {"epsilon", "more|less|VALUE", "How large a perturbation may be, in pixels from 0 to 1", change_epsilon},
    {"iterations", "own|more|less|COUNT",
     "How many steps an attack takes; own: as many as it takes by itself", change_iterations},
    {"target", "off|next|before|CLASS",
     "The class that the attack has to reach, by number or name; off: any other", choose_target},
    {NULL, NULL, NULL, NULL},
};
