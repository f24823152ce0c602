/** Pointing at things: which panel has the focus, and where its cursor stands. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/app.h"

static bool move(struct app *app, const char *argument)
{
    static const struct {
        const char *word;
        int down, right;
    } ways[] = {{"up", -1, 0}, {"down", 1, 0}, {"left", 0, -1}, {"right", 0, 1}};
    if (argument_is(argument, "off")) {
        app->view.pointing = false;
        return true;
    }
    for (int i = 0; i < ARRAY_LEN(ways); i++)
        if (argument_is(argument, ways[i].word)) {
            app_point_move(app, ways[i].down, ways[i].right);
            return true;
        }
    return false;
}

static bool press(struct app *app, const char *argument)
{
    (void)argument;
    if (!app_press(app, false))
        app_say(app, "there is nothing to be done here: the arrows point at something");
    return true;
}

static bool focus(struct app *app, const char *argument)
{
    if (argument_is(argument, "next"))
        app_focus(app, 1);
    else if (argument_is(argument, "before"))
        app_focus(app, -1);
    else
        return app_focus_on(app, panel_find(argument));
    return true;
}

/* "filters 3 0 2" */
static bool point(struct app *app, const char *argument)
{
    char name[32], row[16], col[16], tile[16], end;
    long at[3];
    if (sscanf(argument, "%31s %15s %15s %15s %c", name, tile, row, col, &end) != 4 ||
        !text_int(tile, 0, INT_MAX, &at[0]) || !text_int(row, 0, INT_MAX, &at[1]) ||
        !text_int(col, 0, INT_MAX, &at[2]))
        return false;
    const struct panel_type *type = panel_find(name);
    struct place place = {(int)at[0], (int)at[1], (int)at[2]};
    struct spot spot;
    if (!type || !type->spot || !type->spot(&app->view, place, &spot) || !app_focus_on(app, type))
        return false;
    app->view.place[panel_index(type)] = place;
    app->view.pointing = true;
    app_point_update(app);
    return true;
}

const struct action pointing_actions[] = {
    {"cursor", "up|down|left|right|off", "Moves the cursor in the panel with the focus", move},
    {"point", "PANEL TILE ROW COLUMN", "Puts the cursor of a panel on a pixel of one of its pictures", point},
    {"press", NULL, "Does what the panel has for the place of its cursor", press},
    {"focus", "next|before|PANEL", "Gives the focus to another panel on the screen", focus},
    {NULL, NULL, NULL, NULL},
};
