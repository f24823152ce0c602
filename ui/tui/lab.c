#include "tui/lab.h"

#include <stdio.h>
#include <string.h>

#include "tui/app.h"
#include "tui/arrangement.h"
#include "tui/labs/labs.h"

const struct lab *const all_labs[] = {&lab_train,  &lab_step,   &lab_filter, &lab_signal,
                                      &lab_attack, &lab_neuron, NULL};

const struct action *const hand_topics[] = {pointing_actions, look_actions,   keep_actions,
                                            showing_actions,  screen_actions, NULL};

const struct lab *lab_find(const char *name)
{
    for (int i = 0; all_labs[i]; i++)
        if (strcmp(all_labs[i]->name, name) == 0)
            return all_labs[i];
    return NULL;
}

int lab_index(const struct lab *lab)
{
    int i = 0;
    while (all_labs[i] != lab)
        i++;
    return i;
}

const struct panel_type *lab_page(const struct lab *lab, int page)
{
    int shown = 0;
    while (shown < page && lab->panels[shown])
        shown++;
    if (lab->panels[shown] || !lab->pages)
        return lab->panels[shown];
    for (int i = 0; i < page - shown; i++)
        if (!lab->pages[i])
            return NULL;
    return lab->pages[page - shown];
}

void labs_list(const char *between, char *text, int size)
{
    *text = 0;
    for (int i = 0; all_labs[i]; i++) {
        size_t length = strlen(text);
        snprintf(text + length, (size_t)size - length, "%s%s", i ? between : "", all_labs[i]->name);
    }
}

bool app_on_page(const struct app *app)
{
    const struct panel_type *const *page = app_lab(app)->pages;
    while (page && *page && *page != app->view.focus)
        page++;
    return page && *page;
}

const struct lab *app_lab(const struct app *app)
{
    return app->lab ? app->lab : all_labs[0];
}

/* Training rests while the hands work, and goes on afterwards. */
static void rest(struct app *app, const struct lab *from, const struct lab *to)
{
    const struct trainer_report *r = app->view.report;
    if (!app->trainer || from->rests == to->rests)
        return;
    if (to->rests) {
        app->ran = r && r->state == TRAINER_RUNNING;
        if (app->ran)
            app_tell(app, TRAINER_PAUSE, 0);
    } else if (app->ran) {
        app_tell(app, TRAINER_GO, 0);
    }
}

bool app_enter(struct app *app, const struct lab *lab)
{
    const struct lab *from = app_lab(app);
    if (lab == from)
        return true;
    if (lab->enter && !lab->enter(app))
        return false;
    if (app->view.own.drawing)
        app_do(app, "draw off");
    if (from->leave)
        from->leave(app);
    rest(app, from, lab);
    struct arranged *left = &app->arranged[lab_index(from)], *there = &app->arranged[lab_index(lab)];
    left->hidden = app->hidden;
    left->alone = app->alone;
    app->hidden = there->hidden;
    app->alone = there->alone;
    app->lab = lab;
    app->mode = NULL;
    app->view.apart.depth = 0;
    app->view.pointing = false;
    app->lay_out = app->dirty = true;
    arrangement_recall(app);
    return true;
}
