/** What is on the screen: pages, panels, help; and the way out. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/app.h"

static const struct panel_type *const *panels_of(const struct app *app)
{
    return app_lab(app)->panels;
}

static int pages(const struct app *app)
{
    int count = 0;
    while (lab_page(app_lab(app), count))
        count++;
    return count + 1;
}

/* NULL: the overview. */
static void turn_to(struct app *app, const struct panel_type *alone)
{
    const struct panel_type *detail = panel_find("detail");
    app_undoable(app, "page %s", app->alone ? app->alone->name : "overview");
    if (alone != detail && (alone || app->alone != detail)) /* a page of its own is still the same path */
        app->view.apart.depth = 0;
    app->alone = alone;
    app->lay_out = true;
}

/* Pages in a row leave out those that have nothing to show. */
static const struct panel_type *page_from(const struct app *app, int by)
{
    const struct lab *lab = app_lab(app);
    struct panel_size size[PANEL_SIZES];
    int to = 0;
    for (int i = 0; lab_page(lab, i); i++)
        if (lab_page(lab, i) == app->alone)
            to = i + 1;
    do
        to = (to + by + pages(app)) % pages(app);
    while (to > 0 && app->net && lab_page(lab, to - 1)->sizes(&app->view, app->canvas.style, size) == 0);
    return to > 0 ? lab_page(lab, to - 1) : NULL;
}

static bool page(struct app *app, const char *argument)
{
    long number = 0;
    if (argument_is(argument, "next"))
        turn_to(app, page_from(app, 1));
    else if (argument_is(argument, "before"))
        turn_to(app, page_from(app, -1));
    else if (argument_is(argument, "overview"))
        turn_to(app, NULL);
    else if (text_int(argument, 1, pages(app), &number))
        turn_to(app, number > 1 ? lab_page(app_lab(app), (int)number - 2) : NULL);
    else if (text_int(argument, 1, PANELS_MOST, &number))
        app_say(app, "the %s has %d pages", app_lab(app)->title, pages(app));
    else if (panel_find(argument))
        turn_to(app, panel_find(argument));
    else
        return false;
    return true;
}

static bool enlarge(struct app *app, const char *argument)
{
    const struct panel_type *type = *argument ? panel_find(argument) : app->view.focus;
    if (*argument && !type)
        return false;
    turn_to(app, app->alone ? NULL : type);
    return true;
}

static void set_hidden(struct app *app, uint64_t hidden)
{
    struct text shown = {0};
    panels_list_shown(panels_of(app), app->hidden, &shown);
    app_undoable(app, "panels %s", text_str(&shown));
    text_free(&shown);
    app->hidden = hidden;
    app->lay_out = true;
}

static bool hide(struct app *app, const char *argument)
{
    const struct panel_type *type = *argument ? panel_find(argument) : app->view.focus;
    if (*argument && !type)
        return false;
    if (type == panel_find("detail") && app->view.apart.depth > 0)
        return app_do(app, "fold all");
    if (!type || app->alone || app->panels < 2) {
        app_say(app, "the last panel on the screen stays");
        return true;
    }
    set_hidden(app, app->hidden | (uint64_t)1 << panel_index(type));
    app_say(app, "%s is hidden: X shows all panels again", type->title);
    return true;
}

static bool show_panels(struct app *app, const char *argument)
{
    const struct panel_type *const *panel = panels_of(app);
    uint64_t every = 0;
    char name[32];
    for (int i = 0; panel[i]; i++)
        every |= (uint64_t)1 << panel_index(panel[i]);
    uint64_t hidden = argument_is(argument, "all") ? 0 : every;
    for (const char *at = argument; hidden != 0 && *at;) {
        size_t length = strcspn(at, ",");
        snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), at);
        const struct panel_type *type = panel_find(name);
        if (!type)
            return false;
        hidden &= ~((uint64_t)1 << panel_index(type));
        at += length + (at[length] == ',');
    }
    if (hidden == every)
        return false;
    set_hidden(app, hidden);
    return true;
}

static bool choose_lab(struct app *app, const char *argument)
{
    const struct lab *was = app_lab(app);
    int count = 0, at = lab_index(was);
    while (all_labs[count])
        count++;
    const struct lab *to = argument_is(argument, "next")     ? all_labs[(at + 1) % count]
                           : argument_is(argument, "before") ? all_labs[(at + count - 1) % count]
                                                             : lab_find(argument);
    if (!to)
        return false;
    if (app_enter(app, to) && to != was) {
        app_undoable(app, "lab %s", was->name);
        app_say(app, "%s: %s", to->title, to->help);
    }
    return true;
}

static bool help(struct app *app, const char *argument)
{
    (void)argument;
    app->help = !app->help;
    app->help_row = 0;
    return true;
}

static bool prompt(struct app *app, const char *argument)
{
    app_prompt(app, argument);
    return true;
}

static bool mouse(struct app *app, const char *argument)
{
    bool on = *argument ? argument_is(argument, "on") : app->no_mouse;
    if (*argument && !on && !argument_is(argument, "off"))
        return false;
    app->no_mouse = !on;
    if (app->term)
        term_set_mouse(app->term, on);
    app_say(app, on ? "the mouse points; M leaves it to the terminal"
                    : "the mouse selects text again; M takes it back");
    return true;
}

static bool redraw(struct app *app, const char *argument)
{
    (void)argument;
    if (app->term)
        term_redraw(app->term);
    return true;
}

static bool undo(struct app *app, const char *argument)
{
    (void)argument;
    if (!app_undo(app))
        app_say(app, "nothing to undo");
    return true;
}

static bool quit(struct app *app, const char *argument)
{
    (void)argument;
    app_quit(app);
    return true;
}

const struct action screen_actions[] = {
    {"lab", "next|before|NAME", "Goes to another lab", choose_lab},
    {"page", "next|before|overview|NUMBER|PANEL", "Turns to another page: the overview, or a panel alone",
     page},
    {"enlarge", "PANEL", "The panel with the focus, or this one, alone; again: back to the overview",
     enlarge},
    {"hide", "PANEL", "Takes the panel with the focus, or this one, from the overview", hide},
    {"panels", "all|NAME,...", "Shows all panels in the overview, or just these", show_panels},
    {"undo", NULL, "Takes back the last change", undo},
    {"prompt", "LINE", "Opens the prompt, in which each of these can be typed, with a beginning", prompt},
    {"help", NULL, "Shows the keys, the panels and these words, or hides them", help},
    {"mouse", "on|off", "Takes the mouse, or leaves it to the terminal for selecting text", mouse},
    {"redraw", NULL, "Draws everything anew", redraw},
    {"quit", NULL, "Leaves; asks first when work of one's hand would be lost", quit},
    {NULL, NULL, NULL, NULL},
};
