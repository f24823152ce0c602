/** Match the convolution, a page of the step lab: its keys, and what the lab does for it. */
#include "tui/app.h"
#include "tui/labs/labs.h"
#include "tui/matching.h"
#include "tui/panels/panels.h"
#include "tui/state.h"

const struct binding match_keys[] = {
    {'Q', "lab step", "page match", "Q", "match the convolution", "match"},
    {'1', "match", "guess 1", "1 ... 4", "in match: your answer", "answer"},
    {'2', "match", "guess 2", NULL, NULL, NULL},
    {'3', "match", "guess 3", NULL, NULL, NULL},
    {'4', "match", "guess 4", NULL, NULL, NULL},
    {KEY_ENTER_, "match", "question next", "Enter", "in match: the next question", "next"},
    {'n', "match", "question next", NULL, NULL, NULL},
    {'o', "match", "question other", "o", "series, pictures, filters", "kind"},
    {'Q', "match", "page overview", "Q", "back to stepping", "back"},
    {0, NULL, NULL, NULL, NULL, NULL},
};

bool app_open_matching(struct app *app)
{
    struct diag diag = {0};
    if (!app->view.matching && matching_new(&app->view.matching, &diag)) {
        app_say(app, "%s", diag.text);
        return false;
    }
    return true;
}

void app_close_matching(struct app *app)
{
    matching_free(app->view.matching);
    app->view.matching = NULL;
}

void app_take_matching(struct app *app)
{
    struct matching *m = app->view.matching;
    if (!m || !m->waiting)
        return;
    int layer = match_layer(app->net);
    if (layer < 0) {
        matching_refuse(m, "this network has no convolution, and so no filters to ask about");
        app->dirty = true;
        return;
    }
    const struct part *w = view_part(&app->view, "filters", layer, "weight");
    struct shape in = app->net->in;
    if (!w || w->shape.c != in.c)
        return;
    matching_offer(m, app->net->layer[layer].name, app->view.answers->sample.x, in.c, in.h, in.w, w->data,
                   w->n, w->shape.h, w->shape.w);
    app->dirty = true;
}

void app_state_matching(const struct app *app, struct text *out)
{
    const struct matching *m = app->view.matching;
    if (!m || (m->kind == MATCHING_SERIES && m->number == 0))
        return;
    state_begin_part(out);
    text_format(out, "question %s %ld", matching_names[m->kind], m->number + 1);
}
