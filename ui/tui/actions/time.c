/** Moving through the training time that lies behind. */
#include <string.h>

#include "base/text.h"
#include "tui/app.h"

static const long step_most = 1L << 40;

/* To a step named by its number exactly, however long that takes; else at once, in a long run to the nearest stop (train/timeline.h). */
static void go_to(struct app *app, long step, bool exact)
{
    const struct trainer_report *r = app->view.report;
    const struct branch *b = &app->branch[app->in_view];
    long first = r ? r->first : 0, furthest = r ? r->furthest : 0;
    bool before = step < first && first > 0;
    step = step < first ? first : step > furthest ? furthest : step;
    app_tell(app, exact ? TRAINER_SEEK : TRAINER_SCRUB, (double)step);
    app->sought = step;
    app->seeking = app->ordered;
    if (before)
        app_say(app, "branch %c begins at step %ld: Tab shows the one it comes from", b->letter, first);
    else
        app_say(app, "step %ld of %ld: Space goes on from here, End is the newest", step, furthest);
}

/* Where training stands, or will when the last seek is done: two quick keys go two strides. */
static long step_now(const struct app *app)
{
    const struct trainer_report *r = app->view.report;
    return !r ? 0 : r->obeyed < app->seeking ? app->sought : r->step;
}

/* A fiftieth of the way, at least one step. */
static long stride_of(const struct app *app)
{
    const struct trainer_report *r = app->view.report;
    long way = r ? r->furthest - r->first : 0;
    return way / 50 > 1 ? way / 50 : 1;
}

static bool seek(struct app *app, const char *argument)
{
    long now = step_now(app), step = 0;
    bool exact = false, near = false;
    if (argument_is(argument, "back"))
        step = now - stride_of(app);
    else if (argument_is(argument, "forward"))
        step = now + stride_of(app);
    else if (argument_is(argument, "end"))
        step = app->view.report ? app->view.report->furthest : 0;
    else if (!argument_is(argument, "start") && !(exact = text_int(argument, 0, step_most, &step)) &&
             !(near = strncmp(argument, "near ", 5) == 0 && text_int(argument + 5, 0, step_most, &step)))
        return false;
    /* a drag of the mouse is one change */
    bool dragged = near && app->undos > 0 && strncmp(app->undo[app->undos - 1], "seek ", 5) == 0;
    if (step != now && !dragged)
        app_undoable(app, "seek %ld", now);
    go_to(app, step, exact);
    return true;
}

const struct action time_actions[] = {
    {"seek", "back|forward|start|end|STEP|near STEP",
     "Goes to another moment of the run, and pauses there; near: at once", seek},
    {NULL, NULL, NULL, NULL},
};
