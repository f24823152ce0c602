/** Which layer is looked at. */
#include "tui/app.h"

static bool choose(struct app *app, const char *argument)
{
    int was = app->view.layer, layer = was;
    if (argument_is(argument, "next"))
        view_move_layer(&app->view, 1);
    else if (argument_is(argument, "before"))
        view_move_layer(&app->view, -1);
    else if ((layer = net_find(app->net, argument)) >= 0 && view_learns(app->net, layer))
        app->view.layer = layer;
    else
        return false;
    app_undoable(app, "layer %s", app->net->layer[was].name);
    app->lay_out = true;
    return true;
}

const struct action layer_actions[] = {
    {"layer", "next|before|NAME", "Looks at another layer that learns", choose},
    {NULL, NULL, NULL, NULL},
};
