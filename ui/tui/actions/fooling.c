/** The attack lab: predictions, how changes are shown, and drawing to fool the network. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tui/app.h"
#include "tui/fooling.h"
#include "tui/panels/panels.h"

static struct fooling *fooling_of(struct app *app)
{
    if (!app->view.fooling)
        app_say(app, "that belongs to the attack lab: lab attack");
    return app->view.fooling;
}

/* ---- how it is shown ---- */

static bool show_changes(struct app *app, const char *argument)
{
    struct fooling *f = fooling_of(app);
    bool on = argument_is(argument, "on") || (!*argument && f && !f->changes);
    if (*argument && !on && !argument_is(argument, "off"))
        return false;
    if (!f)
        return true;
    app_undoable(app, "changes %s", f->changes ? "on" : "off");
    f->changes = on;
    return true;
}

static bool set_gain(struct app *app, const char *argument)
{
    static const float gains[] = {0.5f, 1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 100};
    struct fooling *f = fooling_of(app);
    double value = 0;
    int at = 0;
    while (f && at < ARRAY_LEN(gains) - 1 && gains[at] < (f->gain > 0 ? f->gain : 5))
        at++;
    at = argument_turn(argument, at, ARRAY_LEN(gains));
    if (at >= 0)
        value = (double)gains[at];
    else if (!argument_is(argument, "own") && (!text_real(argument, &value) || value < 0.01 || value > 10000))
        return false;
    if (!f)
        return true;
    if (f->gain > 0)
        app_undoable(app, "magnify %.9g", (double)f->gain);
    else
        app_undoable(app, "magnify own");
    f->gain = (float)value;
    if (value > 0)
        app_say(app, "changes are shown %g times as large as they are", value);
    else
        app_say(app, "changes are magnified until the largest is seen whole");
    return true;
}

/* ---- predicting ---- */

static bool score(struct app *app, struct fooling *f, const char *argument)
{
    char right[16], of[16], end;
    long count[2];
    if (sscanf(argument, "score %15s %15s %c", right, of, &end) != 2 ||
        !text_int(of, 0, INT_MAX, &count[1]) || !text_int(right, 0, count[1], &count[0]))
        return false;
    app_undoable(app, "predict score %d %d", f->right, f->judged);
    f->right = (int)count[0];
    f->judged = (int)count[1];
    return true;
}

static void note(struct app *app, struct fooling *f, bool fooled)
{
    if (!f->predicting || !fooling_hides(&app->view)) {
        app_say(app, f->predicting ? "it is shown already: another sample or another attack hides it again"
                                   : "nothing is hidden: `predict on` hides a verdict until it is predicted");
        return;
    }
    app_undoable(app, "predict hide; predict score %d %d", f->right, f->judged);
    fooling_predict(f, &app->view, fooled);
}

static bool predict(struct app *app, const char *argument)
{
    struct fooling *f = fooling_of(app);
    bool next = argument_is(argument, "next"),
         on = argument_is(argument, "on") || (next && f && !f->predicting);
    if (!f)
        return true;
    if (on || next || argument_is(argument, "off")) {
        app_undoable(app, "predict %s", f->predicting ? "on" : "off");
        f->predicting = on;
        app_say(app, on ? "first predict, then see: Y fooled, S still right" : "verdicts are shown at once");
    } else if (argument_is(argument, "fooled") || argument_is(argument, "right")) {
        note(app, f, argument_is(argument, "fooled"));
    } else if (argument_is(argument, "hide")) {
        f->prediction.made = false;
    } else {
        return score(app, f, argument);
    }
    return true;
}

/* ---- drawing ---- */

static void undoable_budget(struct app *app, const struct fooling *f)
{
    app_undoable(app, "budget pixels %d; budget epsilon %.9g; budget %s", f->pixels, (double)f->epsilon,
                 budget_names[f->budget]);
}

/* More or less of what there is a budget of. */
static bool turn_budget(struct app *app, struct fooling *f, const char *argument)
{
    static const int counts[] = {1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 40, 50, 70, 100, 150, 200, 300, 500, 1000};
    static const float sizes[] = {0.01f, 0.02f, 0.03f, 0.05f, 0.08f, 0.1f, 0.15f,
                                  0.2f,  0.25f, 0.3f,  0.4f,  0.5f,  0.7f, 1};
    bool pixels = f->budget == BUDGET_PIXELS;
    int at = 0;
    while (pixels ? at < ARRAY_LEN(counts) - 1 && counts[at] < f->pixels
                  : at < ARRAY_LEN(sizes) - 1 && sizes[at] < f->epsilon * 0.999f)
        at++;
    at = argument_turn(argument, at, pixels ? ARRAY_LEN(counts) : ARRAY_LEN(sizes));
    if (at < 0)
        return false;
    undoable_budget(app, f);
    if (pixels)
        f->pixels = counts[at];
    else
        f->epsilon = sizes[at];
    return true;
}

static bool read_budget(struct app *app, struct fooling *f, const char *argument)
{
    char word[16], number[24] = "", end;
    int count = sscanf(argument, "%15s %23s %c", word, number, &end), kind = 0;
    long pixels = f->pixels;
    double epsilon = (double)f->epsilon;
    while (kind < BUDGETS && (count < 1 || strcmp(word, budget_names[kind]) != 0))
        kind++;
    if (kind == BUDGETS || count > 2)
        return false;
    if (count == 2 && kind == BUDGET_PIXELS && !text_int(number, 1, 1000000, &pixels))
        return false;
    if (count == 2 && kind == BUDGET_EPSILON && (!text_real(number, &epsilon) || epsilon <= 0 || epsilon > 1))
        return false;
    undoable_budget(app, f);
    f->budget = (enum fool_budget)kind;
    f->pixels = (int)pixels;
    f->epsilon = (float)epsilon;
    return true;
}

static bool set_budget(struct app *app, const char *argument)
{
    struct fooling *f = fooling_of(app);
    if (!f)
        return true;
    if (argument_is(argument, "next")) {
        undoable_budget(app, f);
        f->budget = (enum fool_budget)((f->budget + 1) % BUDGETS);
    } else if (!turn_budget(app, f, argument) && !read_budget(app, f, argument)) {
        return false;
    }
    f->stale = true;
    if (f->budget == BUDGET_PIXELS)
        app_say(app, "you may change %d pixels, each to black or white", f->pixels);
    else
        app_say(app, "you may change every pixel by %.3f = %.1f of 255", (double)f->epsilon,
                255 * (double)f->epsilon);
    return true;
}

static const char *const mark_names[] = {"darker", "none", "lighter"}; /* from MARK_DARKER on */

static void set_mark(struct app *app, struct fooling *f, int row, int col, enum fool_mark mark)
{
    enum fool_mark was = fooling_mark_at(f, row, col);
    if (was == mark)
        return;
    if (!fooling_mark(f, row, col, mark)) {
        app_say(app, "all %d pixels are used: 0 takes one back, E allows more", f->pixels);
        return;
    }
    app_undoable(app, "fool at %d %d %s", row, col, mark_names[was - MARK_DARKER]);
}

/* A mark's name, or the one that follows on what is there. */
static bool mark_called(const char *word, enum fool_mark was, enum fool_mark *out)
{
    if (strcmp(word, "next") == 0) {
        *out = was == MARK_NONE ? MARK_LIGHTER : was == MARK_LIGHTER ? MARK_DARKER : MARK_NONE;
        return true;
    }
    for (int i = 0; i < ARRAY_LEN(mark_names); i++)
        if (strcmp(word, mark_names[i]) == 0) {
            *out = (enum fool_mark)(i + MARK_DARKER);
            return true;
        }
    return false;
}

/* At the cursor of the panel. */
static bool mark_here(struct app *app, struct fooling *f, const char *argument)
{
    const struct view *v = &app->view;
    const struct place *at = panel_cursor(v, &panel_fool);
    enum fool_mark mark;
    struct shape in = f->in;
    if (!mark_called(argument, MARK_NONE, &mark))
        return false;
    if (!at || at->row < 0 || at->col < 0 || at->row >= in.h || at->col >= in.w) {
        app_say(app, "there is no cursor in the panel fool: the arrows bring it");
        return true;
    }
    mark_called(argument, fooling_mark_at(f, at->row, at->col), &mark);
    set_mark(app, f, at->row, at->col, mark);
    return true;
}

static bool mark_there(struct app *app, struct fooling *f, const char *argument)
{
    char row[16], col[16], word[16], end;
    long at[2];
    enum fool_mark mark;
    if (sscanf(argument, "at %15s %15s %15s %c", row, col, word, &end) != 3 ||
        !text_int(row, 0, f->in.h - 1, &at[0]) || !text_int(col, 0, f->in.w - 1, &at[1]) ||
        !mark_called(word, fooling_mark_at(f, (int)at[0], (int)at[1]), &mark))
        return false;
    set_mark(app, f, (int)at[0], (int)at[1], mark);
    return true;
}

static bool set_row(struct app *app, struct fooling *f, const char *argument)
{
    struct text was = {0};
    char number[16], end;
    int rest = 0;
    long row;
    if (sscanf(argument, "row %15s %n%c", number, &rest, &end) != 2 ||
        !text_int(number, 0, f->in.h - 1, &row))
        return false;
    fooling_row(f, (int)row, &was);
    bool done = fooling_set_row(f, (int)row, argument + rest);
    if (done && !was.failed)
        app_undoable(app, "fool row %ld %s", row, text_str(&was));
    text_free(&was);
    return done;
}

static bool fool(struct app *app, const char *argument)
{
    struct fooling *f = fooling_of(app);
    uint64_t clearing;
    if (!f)
        return true;
    fooling_follow(f, &app->view); /* the drawing is that of the sample in view */
    if (argument_is(argument, "clear")) {
        if (fooling_marked(f) == 0) {
            app_say(app, "nothing is changed");
            return true;
        }
        fooling_clear(f);
        app_undoable(app, "fool restore %lu", f->clearing);
        return true;
    }
    if (strncmp(argument, "restore ", 8) == 0 && text_u64(argument + 8, &clearing)) {
        if (!fooling_restore(f, (unsigned long)clearing))
            app_say(app, "what was cleared then is no longer kept");
        return true;
    }
    return mark_here(app, f, argument) || mark_there(app, f, argument) || set_row(app, f, argument);
}

const struct action fooling_actions[] = {
    {"changes", "on|off", "Shows what was added instead of the picture; alone: the other way", show_changes},
    {"magnify", "own|more|less|VALUE", "How many times larger than it is a change is shown", set_gain},
    {"predict", "on|off|next|fooled|right|hide|score RIGHT COUNT",
     "Hides what an attack comes to until it was predicted; or predicts", predict},
    {"budget", "next|more|less|pixels COUNT|epsilon VALUE",
     "What one may change by hand: so many pixels, or each by so much", set_budget},
    {"fool", "lighter|darker|none|next|clear|at ROW COLUMN MARK|row ROW MARKS|restore NUMBER",
     "Changes the pixel under the cursor to fool the network; or takes all back", fool},
    {NULL, NULL, NULL, NULL},
};
