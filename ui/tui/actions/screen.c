/** What is on the screen: pages, panels, help; and the way out. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/app.h"

static int pages(void)
{
    int count = 1;
    while (panel_types[count - 1])
        count++;
    return count;
}

static void turn_to(struct app *app, int page)
{
    app_undoable(app, "page %d", app->page + 1);
    int detail = panel_index(panel_find("detail")) + 1;
    if (page != detail && (page != 0 || app->page != detail)) /* a page of its own is still the same path */
        app->view.apart.depth = 0;
    app->page = (page % pages() + pages()) % pages();
    app->lay_out = true;
}

/* Pages in a row leave out those that have nothing to show. */
static int page_from(const struct app *app, int by)
{
    struct panel_size size[PANEL_SIZES];
    int to = app->page;
    do
        to = (to + by + pages()) % pages();
    while (to > 0 && app->net && panel_types[to - 1]->sizes(&app->view, app->canvas.style, size) == 0);
    return to;
}

static bool page(struct app *app, const char *argument)
{
    long number = 0;
    if (argument_is(argument, "next"))
        turn_to(app, page_from(app, 1));
    else if (argument_is(argument, "before"))
        turn_to(app, page_from(app, -1));
    else if (argument_is(argument, "overview"))
        turn_to(app, 0);
    else if (text_int(argument, 1, pages(), &number))
        turn_to(app, (int)number - 1);
    else if (panel_find(argument))
        turn_to(app, panel_index(panel_find(argument)) + 1);
    else
        return false;
    return true;
}

static bool enlarge(struct app *app, const char *argument)
{
    const struct panel_type *type = *argument ? panel_find(argument) : app->view.focus;
    if (*argument && !type)
        return false;
    turn_to(app, app->page > 0 || !type ? 0 : panel_index(type) + 1);
    return true;
}

static void set_hidden(struct app *app, unsigned hidden)
{
    struct text shown = {0};
    panels_list_shown(app->hidden, &shown);
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
    if (!type || app->page > 0 || app->panels < 2) {
        app_say(app, "the last panel on the screen stays");
        return true;
    }
    set_hidden(app, app->hidden | 1U << panel_index(type));
    app_say(app, "%s is hidden: X shows all panels again", type->title);
    return true;
}

static bool show_panels(struct app *app, const char *argument)
{
    const unsigned every = (1U << (pages() - 1)) - 1;
    unsigned hidden = every;
    char name[32];
    if (argument_is(argument, "all"))
        hidden = 0;
    for (const char *at = argument; hidden != 0 && *at;) {
        size_t length = strcspn(at, ",");
        snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), at);
        const struct panel_type *type = panel_find(name);
        if (!type)
            return false;
        hidden &= ~(1U << panel_index(type));
        at += length + (at[length] == ',');
    }
    if (hidden == every)
        return false;
    set_hidden(app, hidden);
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
