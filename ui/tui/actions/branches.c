/** Two ways of training that parted: forking, flipping between them, dropping one. */
#include <ctype.h>
#include <string.h>

#include "tui/app.h"

/* Its state is on the way: nothing can be done to branches until then. */
static bool is_forking(struct app *app)
{
    if (app->forking)
        app_say(app, "forking ...");
    return app->forking;
}

static bool fork_off(struct app *app, const char *argument)
{
    struct fork fork;
    struct diag diag = {0};
    const struct branch *other = branch_other(app);
    if (!*argument) {
        app_say(app, "fork what? rate=0.1, optimizer=adam, batchnorm, dropout=0.5, augment=shift=2, "
                     "adversarial=fgsm:0.1, seed=9");
        return true;
    }
    if (fork_parse(argument, &fork, &diag)) {
        app_say(app, "%s", diag.text);
        return true;
    }
    if (app->view.report && app->view.report->state == TRAINER_DONE) {
        app_say(app, "the epochs that were asked for are done: fork from an earlier moment, with [ or Home");
        return true;
    }
    if (is_forking(app))
        return true;
    if (other && app->replacing != other->letter) {
        app->replacing = other->letter;
        app_say(app, "branch %c (%s) would be dropped for it: once more to fork", other->letter,
                *other->what ? other->what : "the first");
        return true;
    }
    app->replacing = 0;
    branch_fork(app, &fork, argument);
    app_say(app, "forking ...");
    return true;
}

/* The place of a branch by its letter, or -1. */
static int place_of(const struct app *app, const char *argument)
{
    for (int i = 0; i < BRANCHES; i++)
        if (app->branch[i].letter && toupper((unsigned char)argument[0]) == app->branch[i].letter &&
            !argument[1])
            return i;
    return -1;
}

static bool flip(struct app *app, const char *argument)
{
    int to = argument_is(argument, "other") ? 1 - app->in_view : place_of(app, argument);
    if (argument_is(argument, "other") && !branch_other(app)) {
        app_say(app, "there is one branch alone: F forks off another");
        return true;
    }
    if (to < 0)
        return false;
    if (is_forking(app))
        return true;
    if (to != app->in_view) {
        app_undoable(app, "branch %c", app->branch[app->in_view].letter);
        branch_show(app, to);
    }
    const struct branch *b = &app->branch[to];
    app_say(app, *b->what ? "branch %c: %s from step %ld on" : "branch %c: as training began", b->letter,
            b->what, b->from);
    return true;
}

static bool drop(struct app *app, const char *argument)
{
    int place = place_of(app, argument);
    if (place < 0)
        return false;
    if (is_forking(app))
        return true;
    char letter = app->branch[place].letter;
    if (!branch_other(app)) {
        app_say(app, "branch %c is the only one", letter);
        return true;
    }
    if (place == app->in_view)
        branch_show(app, 1 - place);
    app->view.other = NULL;
    branch_close(&app->branch[place]);
    app_say(app, "branch %c is dropped", letter);
    return true;
}

const struct action branch_actions[] = {
    {"fork", "batchnorm|dropout=P|optimizer=NAME|rate=R|schedule=S|augment=LIST|adversarial=A:E|seed=N|same",
     "A second branch begins at this moment, with one thing changed", fork_off},
    {"branch", "other|LETTER", "Shows the other branch, or the one of that letter", flip},
    {"drop", "LETTER", "Forgets a branch, and shows the other", drop},
    {NULL, NULL, NULL, NULL},
};
