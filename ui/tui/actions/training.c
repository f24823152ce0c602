/** Training by hand: going, pausing, single batches, speed, learning rate, a new start. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "tui/app.h"

static const double speeds[] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 0 /* no limit */};
enum { STEPS_MOST = 1000000, EPOCHS_MOST = 1000000 };
static const double rate_factor = 1.5, rate_most = 1e6;

static bool pause_or_go(struct app *app, const char *argument)
{
    enum trainer_state state = app->view.report ? app->view.report->state : TRAINER_PAUSED;
    bool running = state == TRAINER_RUNNING;
    if (*argument && !argument_is(argument, "on") && !argument_is(argument, "off"))
        return false;
    if (*argument && running == argument_is(argument, "off"))
        return true;
    if (state == TRAINER_DONE)
        app_say(app, "the epochs that were asked for are done: R begins again");
    else
        app_tell(app, running ? TRAINER_PAUSE : TRAINER_GO, 0);
    return true;
}

static bool step(struct app *app, const char *argument)
{
    long steps = 1;
    if (*argument && !text_int(argument, 1, STEPS_MOST, &steps))
        return false;
    app_tell(app, TRAINER_STEPS, (double)steps);
    return true;
}

static bool epoch(struct app *app, const char *argument)
{
    (void)argument;
    const struct trainer_report *r = app->view.report;
    if (!r || r->per_epoch <= 0)
        return true;
    long left =
        r->per_epoch - r->step % r->per_epoch; /* to its end, so that pressed again it is a whole one */
    app_tell(app, TRAINER_STEPS, (double)left);
    app_say(app, "%ld batches to the end of epoch %ld", left, r->step / r->per_epoch + 1);
    return true;
}

static bool change_speed(struct app *app, const char *argument)
{
    double value = 0;
    int last = ARRAY_LEN(speeds) - 1, at = 0;
    while (at < last && speeds[at] < app->speed)
        at++;
    at = argument_turn(argument, app->speed > 0 ? at : last, last + 1);
    if (at >= 0)
        value = speeds[at];
    else if (!text_real(argument, &value) || value < 0)
        return false;
    app_undoable(app, "speed %g", app->speed);
    app->speed = value;
    app_tell(app, TRAINER_SPEED, value);
    if (value > 0)
        app_say(app, "speed: %g batches a second", value);
    else
        app_say(app, "speed: as fast as it goes");
    return true;
}

static bool change_rate(struct app *app, const char *argument)
{
    double now = app->rate > 0 ? app->rate : app->view.report ? app->view.report->lr : 0, value = 0;
    if (argument_is(argument, "more") || argument_is(argument, "less"))
        value = argument_is(argument, "more") ? now * rate_factor : now / rate_factor;
    else if (!text_real(argument, &value) || value < 0 || value > rate_most)
        return false;
    if (!(value > 0) && !(now > 0))
        return true;
    app_undoable(app, "rate %.9g", now);
    app->rate = value;
    app->rate_step = app->view.report ? app->view.report->step : 0;
    app_tell(app, TRAINER_RATE, value);
    app_say(app, "learning rate: %.4g", value);
    return true;
}

static bool reset(struct app *app, const char *argument)
{
    uint64_t seed = app->options.run.seed;
    if (argument_is(argument, "other"))
        seed++;
    else if (!argument_is(argument, "same") && !text_u64(argument, &seed))
        return false;
    app->options.run.seed = seed;
    app->rate_step = 0; /* a rate that was chosen stays */
    app_tell(app, TRAINER_RESET, (double)seed);
    app_say(app, "a new start, seed %llu", (unsigned long long)seed);
    return true;
}

static bool slow(struct app *app, const char *argument)
{
    (void)argument;
    if (app->view.report && app->view.report->state == TRAINER_DONE)
        app_say(app, "the epochs that were asked for are done: R begins again");
    else
        app_tell(app, TRAINER_PHASE, 1);
    return true;
}

static void set_stop(struct app *app, int epochs, double accuracy)
{
    app->stop_epochs = epochs;
    app->stop_accuracy = accuracy;
    app_tell(app, TRAINER_STOP_EPOCHS, epochs);
    app_tell(app, TRAINER_STOP_ACCURACY, accuracy);
}

static void say_stop(struct app *app)
{
    const struct trainer_report *r = app->view.report;
    int epochs = app->stop_epochs;
    double percent = 100 * app->stop_accuracy;
    bool over = epochs > 0 && r && r->per_epoch > 0 && r->step >= epochs * r->per_epoch;
    if (over)
        app_say(app, "epoch %d is over already: it doesn't pause for that", epochs);
    else if (epochs > 0 && percent > 0)
        app_say(app, "pauses at the end of epoch %d, or when the test accuracy is %g %%", epochs, percent);
    else if (epochs > 0)
        app_say(app, "pauses at the end of epoch %d", epochs);
    else if (percent > 0)
        app_say(app, "pauses when the test accuracy is %g %%", percent);
    else
        app_say(app, "pauses when it's told");
}

static bool stop(struct app *app, const char *argument)
{
    long epochs = app->stop_epochs;
    double percent = 100 * app->stop_accuracy;
    bool of_epochs = strncmp(argument, "epochs ", 7) == 0,
         of_accuracy = strncmp(argument, "accuracy ", 9) == 0;
    if (argument_is(argument, "never"))
        epochs = 0, percent = 0;
    else if (!(of_epochs && text_int(argument + 7, 0, EPOCHS_MOST, &epochs)) &&
             !(of_accuracy && text_real(argument + 9, &percent) && percent >= 0 && percent <= 100))
        return false;
    app_undoable(app, "stop epochs %d; stop accuracy %.9g", app->stop_epochs, 100 * app->stop_accuracy);
    set_stop(app, (int)epochs, percent / 100);
    say_stop(app);
    return true;
}

const struct action training_actions[] = {
    {"pause", "on|off", "Pauses training, or goes on", pause_or_go},
    {"step", "N", "Trains one batch, or so many, then pauses", step},
    {"epoch", NULL, "Trains to the end of the epoch, then pauses", epoch},
    {"slow", NULL, "One phase of a step further: forward, loss, backward, update", slow},
    {"stop", "epochs E|accuracy A|never",
     "Pauses after so many epochs, or at so many % of the test images; 0: never", stop},
    {"speed", "more|less|N", "Batches a second at most; 0: as fast as it goes", change_speed},
    {"rate", "more|less|VALUE", "The learning rate from now on", change_rate},
    {"reset", "other|same|SEED", "Begins again with another seed, the same one, or this one", reset},
    {NULL, NULL, NULL, NULL},
};
