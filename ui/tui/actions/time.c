/** Moving through the training time that lies behind. */
#include "base/text.h"
#include "tui/app.h"

static void go_to(struct app *app, long step)
{
    long furthest = app->view.report ? app->view.report->furthest : 0;
    step = step < 0 ? 0 : step > furthest ? furthest : step;
    app_tell(app, TRAINER_SEEK, (double)step);
    app->sought = step;
    app->seeking = app->ordered;
    app_say(app, "step %ld of %ld: Space goes on from here", step, furthest);
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
    long furthest = app->view.report ? app->view.report->furthest : 0;
    return furthest / 50 > 1 ? furthest / 50 : 1;
}

static bool seek(struct app *app, const char *argument)
{
    long now = step_now(app), step = 0;
    if (argument_is(argument, "back"))
        step = now - stride_of(app);
    else if (argument_is(argument, "forward"))
        step = now + stride_of(app);
    else if (argument_is(argument, "end"))
        step = app->view.report ? app->view.report->furthest : 0;
    else if (!argument_is(argument, "start") && !text_int(argument, 0, 1L << 40, &step))
        return false;
    app_undoable(app, "seek %ld", now);
    go_to(app, step);
    return true;
}

const struct action time_actions[] = {
    {"seek", "back|forward|start|end|STEP", "Goes to another moment of the run, and pauses there", seek},
    {NULL, NULL, NULL, NULL},
};
