/** The filter lab: a chain of filters on a picture, every stage of it. */
#include <stdio.h>
#include <string.h>

#include "tui/actions/filter.h"
#include "tui/actions/scenery.h"
#include "tui/labs/labs.h"
#include "tui/panels/stages.h"
#include "tui/state.h"
#include "tui/term.h"

static const struct panel_type *const panels[] = {&panel_stages,   &panel_chain,   &panel_taps,
                                                  &panel_template, &panel_picture, NULL};
static const struct panel_type *const pages[] = {&panel_city, &panel_hog, &panel_eye, &panel_census, NULL};

const struct binding filter_keys[] = {
    {'n', "lab filter", "picture next", "n", "the next picture", "picture"},
    {'N', "lab filter", "picture before", "N", "the picture before", NULL},
    {'r', "lab filter", "picture random", "r", "a picture at random", NULL},
    {'S', "lab filter", "picture sample", "S", "the sample in view", NULL},
    {'v', "lab filter", "recipe next", "v", "another picture and chain", "recipe"},
    {'V', "lab filter", "recipe before", "V", "the one before", NULL},
    {')', "lab filter", "stage next", ")", "the next stage, or Tab", "stage"},
    {KEY_TAB_, "lab filter", "stage next", NULL, NULL, NULL},
    {KEY_PAGE_DOWN_, "lab filter", "stage next", NULL, NULL, NULL},
    {'(', "lab filter", "stage before", "(", "the stage before", NULL},
    {KEY_BACKTAB_, "lab filter", "stage before", NULL, NULL, NULL},
    {KEY_PAGE_UP_, "lab filter", "stage before", NULL, NULL, NULL},
    {'>', "lab filter", "filter next", ">", "another filter there", "filter"},
    {'<', "lab filter", "filter before", "<", "the filter before", NULL},
    {'a', "lab filter", "insert uniform", "a", "add a stage behind it", "add"},
    {'d', "lab filter", "remove", "d", "take the stage out", "remove"},
    {'.', "lab filter", "knob next", ".", "the next knob", "knob"},
    {',', "lab filter", "knob before", ",", "the knob before", NULL},
    {'+', "lab filter", "turn more", "+", "turn it up", "turn"},
    {'=', "lab filter", "turn more", NULL, NULL, NULL},
    {'-', "lab filter", "turn less", "-", "turn it down", NULL},
    {'s', "lab filter", "prompt turn", "s", "set it to a number", NULL},
    {'I', "lab filter", "prompt insert", "I", "type a stage to add", NULL},
    {'O', "lab filter", "prompt picture", "O", "open a PNG picture", NULL},
    {'y', "lab filter", "grey", "y", "grey, or in colour", "grey"},
    {'b', "lab filter", "border next", "b", "outside: zeros, or border", NULL},
    {'m', "lab filter", "extent next", "m", "valid, same or full", NULL},
    {'t', "lab filter", "crop begin", "t", "cut out a template", "template"},
    {'p', "lab filter", "peak next", "p", "where it was found next", NULL},
    {KEY_ENTER_, "crop", "crop end", "Enter", "the other corner, or t", "cut"},
    {'t', "crop", "crop end", NULL, NULL, NULL},
    {KEY_ESCAPE_, "crop", "crop off", "Escape", "no template", "leave"},
    {KEY_ENTER_, "stages", "press", "Enter", "in stages: that stage", NULL},
    {KEY_DOWN_, "chain", "knob next", "Down", "in chain: next knob", "knob"},
    {'j', "chain", "knob next", NULL, NULL, NULL},
    {KEY_UP_, "chain", "knob before", "Up", "in chain: knob before", NULL},
    {'k', "chain", "knob before", NULL, NULL, NULL},
    {KEY_RIGHT_, "chain", "turn more", "Right", "in chain: turn it up", "turn"},
    {'l', "chain", "turn more", NULL, NULL, NULL},
    {KEY_LEFT_, "chain", "turn less", "Left", "in chain: turn it down", NULL},
    {'h', "chain", "turn less", NULL, NULL, NULL},
    {KEY_ENTER_, "chain", "prompt turn", "Enter", "in chain: type its value", NULL},
    {'+', "taps", "weight more", "+", "in taps: a larger number", "number"},
    {'=', "taps", "weight more", NULL, NULL, NULL},
    {'-', "taps", "weight less", "-", "in taps: a smaller one", NULL},
    {KEY_ENTER_, "taps", "prompt weight", "Enter", "in taps: type a number", NULL},
    {'v', "city", "ranking next", "v", "in city: the next ranking", "ranking"},
    {'V', "city", "ranking before", "V", "in city: the one before", NULL},
    {KEY_ENTER_, "city", "ranking guess", "Enter", "in city: that comes first", "guess"},
    {'o', "city", "ranking", "o", "in city: show it, or hide", "show"},
    {'n', "city", "city next", "n", "in city: the next picture", NULL},
    {'N', "city", "city before", "N", "in city: the picture before", NULL},
    {' ', "hog", "pause", "Space", "in hog: train, or pause", "train"},
    {'n', "hog", "sample next", "n", "in hog: the next sample", "sample"},
    {'N', "hog", "sample before", "N", "in hog: the sample before", NULL},
    {'r', "hog", "sample random", "r", "in hog: one at random", NULL},
    {'+', "hog", "hog more", "+", "in hog: larger cells", "cells"},
    {'=', "hog", "hog more", NULL, NULL, NULL},
    {'-', "hog", "hog less", "-", "in hog: smaller cells", NULL},
    {' ', "eye", "bar", "Space", "in eye: the bar turns", "turn"},
    {KEY_RIGHT_, "eye", "bar less", "Right", "in eye: clockwise, or l", NULL},
    {'l', "eye", "bar less", NULL, NULL, NULL},
    {KEY_LEFT_, "eye", "bar more", "Left", "in eye: the other way", "bar"},
    {'h', "eye", "bar more", NULL, NULL, NULL},
    {KEY_DOWN_, "eye", "unit next", "Down", "in eye: next filter, or j", "filter"},
    {'j', "eye", "unit next", NULL, NULL, NULL},
    {KEY_UP_, "eye", "unit before", "Up", "in eye: filter before", NULL},
    {'k', "eye", "unit before", NULL, NULL, NULL},
    {')', "eye", "layer next", ")", "in eye: the next layer", "layer"},
    {KEY_PAGE_DOWN_, "eye", "layer next", NULL, NULL, NULL},
    {'(', "eye", "layer before", "(", "in eye: the layer before", NULL},
    {KEY_PAGE_UP_, "eye", "layer before", NULL, NULL, NULL},
    {'n', "eye", "city next", "n", "in eye: the next picture", NULL},
    {'N', "eye", "city before", "N", "in eye: the picture before", NULL},
    {'0', "lab filter", "page census", "0", "the census alone", NULL},
    {'0', "city", "page census", NULL, NULL, NULL},
    {'0', "hog", "page census", NULL, NULL, NULL},
    {'0', "eye", "page census", NULL, NULL, NULL},
    {'0', "census", "page census", NULL, NULL, NULL},
    {' ', "census", "pause", "Space", "in census: train, or pause", "train"},
    {'.', "census", "step", ".", "in census: one batch", "step"},
    {',', "census", "step 100", ",", "in census: 100 batches", NULL},
    {0, NULL, NULL, NULL, NULL, NULL},
};

/* The first time with the PNG that was named at the start. */
static bool enter(struct app *app)
{
    struct diag diag = {0};
    struct filtering *f = app->view.filtering;
    if (f)
        return true;
    if (!scenery_enter(app))
        return false;
    if (filtering_new(app_wake, app, &f, &diag)) {
        app_say(app, "%s", diag.text);
        return false;
    }
    app->view.filtering = f;
    if (app->options.image && filtering_open(f, app->options.image, &diag))
        app_say(app, "%s", diag.text);
    filter_centre(app);
    return true;
}

static void leave(struct app *app)
{
    app->view.filtering->cutting = false;
}

static void close_filters(struct app *app)
{
    scenery_close(app);
    filtering_free(app->view.filtering);
    app->view.filtering = NULL;
}

static void take(struct app *app)
{
    struct filtering *f = app->view.filtering;
    scenery_take(app);
    if (!f || !filtering_take(f))
        return;
    app->dirty = app->lay_out = true;
    if (*f->trouble)
        app_say(app, "%s", f->trouble);
}

static bool settled(const struct app *app)
{
    const struct filtering *f = app->view.filtering;
    return (!f || !f->stale || f->serial == 0) && scenery_settled(app);
}

static void status(const struct app *app, char *text, int size)
{
    const struct filtering *f = app->view.filtering;
    char brief[100], numbers[100] = "";
    if (!f || app_on_page(app)) /* there one looks at the network, which may well be training */
        return;
    int used = snprintf(text, (size_t)size, "%s%.60s", f->cutting ? "cut  " : "", f->source);
    if (f->asked.stages == 0 || used >= size)
        return;
    filtering_brief(&f->asked.stage[f->stage], brief, sizeof brief);
    if (!f->stale && f->seen.results > f->stage + 1)
        filtering_numbers(f, f->stage + 1, numbers, sizeof numbers);
    snprintf(text + used, (size_t)(size - used), "  stage %d of %d  %s%s  %s", f->stage + 1, f->asked.stages,
             brief, f->stale ? "  computing" : "", numbers);
}

/* ---- the state ---- */

static void add_line(struct text *out, const char *action, const char *argument)
{
    state_begin_part(out);
    text_format(out, "%s%s", action, *action ? " " : "");
    state_add_encoded(out, argument, "'%");
}

static void state(const struct app *app, struct text *out)
{
    const struct filtering *f = app->view.filtering;
    const double *value;
    struct text chain = {0};
    scenery_state(app, out);
    if (!f)
        return;
    add_line(out, "remove",
             "all"); /* no stage is refused for what another picture or border is still to come */
    if (strcmp(f->source, recipes[0].picture) != 0)
        add_line(out, "picture", f->source);
    if (f->grey)
        add_line(out, "grey", "on");
    if (f->asked.mode != CORRELATE_SAME)
        add_line(out, "extent", correlate_mode_names[f->asked.mode]);
    if (!f->asked.repeats)
        add_line(out, "border", "zero");
    filter_line(f, &chain);
    const char *first = strchr(text_str(&chain), ';'); /* behind `remove all` */
    if (first)
        add_line(out, "", first + 2);
    text_free(&chain);
    if (f->knob > 0)
        add_line(out, "knob", filtering_knobs(&f->asked.stage[f->stage], &value)[f->knob].name);
}

const struct lab lab_filter = {.name = "filter",
                               .title = "filter lab",
                               .help = "Put filters one behind the other on a picture, and see every stage",
                               .lecture = "L17 to L44",
                               .panels = panels,
                               .pages = pages,
                               .apart = true,
                               .topics = hand_topics,
                               .rests = true,
                               .enter = enter,
                               .leave = leave,
                               .close = close_filters,
                               .take = take,
                               .tick = scenery_tick,
                               .settled = settled,
                               .status = status,
                               .state = state};
