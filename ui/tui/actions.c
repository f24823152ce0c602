/** What keys do. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/rng.h"
#include "tui/app.h"
#include "tui/keys.h"

static const double message_seconds = 3;
static const double speeds[] = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 0 /* no limit */};
static const float epsilons[] = {0,    0.005f, 0.01f, 0.02f, 0.03f, 0.05f, 0.08f,
                                 0.1f, 0.15f,  0.2f,  0.25f, 0.3f,  0.4f,  0.5f};

void app_say(struct app *app, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(app->message, sizeof app->message, format, args);
    va_end(args);
    app->message_until = clock_now() + message_seconds;
}

static enum trainer_state state_of(const struct app *app)
{
    return app->view.report ? app->view.report->state : TRAINER_PAUSED;
}

static void tell(struct app *app, enum trainer_order order, double value)
{
    app->ordered = trainer_send(app->trainer, order, value);
}

static void pause_or_go(struct app *app)
{
    switch (state_of(app)) {
    case TRAINER_RUNNING:
        tell(app, TRAINER_PAUSE, 0);
        break;
    case TRAINER_DONE:
        app_say(app, "the epochs that were asked for are done: R begins again");
        break;
    default:
        tell(app, TRAINER_GO, 0);
    }
}

static void change_speed(struct app *app, int by)
{
    int at = 0;
    while (at < ARRAY_LEN(speeds) - 1 && speeds[at] < app->speed)
        at++;
    if (!(app->speed > 0))
        at = ARRAY_LEN(speeds) - 1;
    at += by;
    at = at < 0 ? 0 : at >= ARRAY_LEN(speeds) ? ARRAY_LEN(speeds) - 1 : at;
    app->speed = speeds[at];
    tell(app, TRAINER_SPEED, app->speed);
    if (app->speed > 0)
        app_say(app, "speed: %.0f batches a second", app->speed);
    else
        app_say(app, "speed: as fast as it goes");
}

static void change_rate(struct app *app, double factor)
{
    double now = app->rate > 0 ? app->rate : app->view.report ? app->view.report->lr : 0;
    if (!(now > 0))
        return;
    app->rate = now * factor;
    tell(app, TRAINER_RATE, app->rate);
    app_say(app, "learning rate: %.4g", app->rate);
}

static void change_epsilon(struct app *app, int by)
{
    float *eps = &app->view.attack.eps;
    float scale =
        app->view.attack.norm == NORM_L2 ? 10.0f : 1.0f; /* the L2 norm of an image of changes is larger */
    int at = 0;
    while (at < ARRAY_LEN(epsilons) - 1 && epsilons[at] * scale < *eps * 0.999f)
        at++;
    at += by;
    at = at < 0 ? 0 : at >= ARRAY_LEN(epsilons) ? ARRAY_LEN(epsilons) - 1 : at;
    *eps = epsilons[at] * scale;
    app_say(app, "epsilon: %.3f = %.1f of 255", (double)*eps, 255 * (double)*eps);
}

/* Every attack but the noise, which is always there to compare with. */
static void next_attack(struct app *app)
{
    int at = 0;
    while (attack_types[at] && attack_types[at] != app->view.attack_type)
        at++;
    do
        at = attack_types[at] && attack_types[at + 1] ? at + 1 : 0;
    while (strcmp(attack_types[at]->name, "noise") == 0);
    app->view.attack_type = attack_types[at];
    app_say(app, "attack: %s, %s", attack_types[at]->name, attack_types[at]->help);
}

static void next_norm(struct app *app)
{
    struct attack_options *o = &app->view.attack;
    o->norm = (enum norm)((o->norm + 1) % NORMS);
    o->eps = o->norm == NORM_L2 ? 1.5f : 0.1f;
    app_say(app, "norm: %s, epsilon %.2f", norm_names[o->norm], (double)o->eps);
}

static void seek(struct app *app, long step)
{
    long furthest = app->view.report ? app->view.report->furthest : 0;
    step = step < 0 ? 0 : step > furthest ? furthest : step;
    tell(app, TRAINER_SEEK, (double)step);
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

static void reset(struct app *app)
{
    app->options.run.seed++;
    app->rate = 0;
    tell(app, TRAINER_RESET, (double)app->options.run.seed);
    app_say(app, "a new start, seed %llu", (unsigned long long)app->options.run.seed);
}

static void turn_page(struct app *app, int page)
{
    int pages = 1;
    while (panel_types[pages - 1])
        pages++;
    app->page = (page % pages + pages) % pages;
    app->lay_out = true;
}

/* Another one than the one in view. */
static void random_sample(struct app *app)
{
    int count = app->view.data->count[app->view.split];
    struct rng rng;
    rng_init(&rng, rng_key((uint64_t)app->view.index, (uint64_t)(clock_now() * 1e6), 0));
    if (count > 1)
        view_move_sample(&app->view, 1 + (int)rng_below(&rng, (uint32_t)count - 1));
}

static void move_layer(struct app *app, int by)
{
    view_move_layer(&app->view, by);
    app->lay_out = true;
}

static void carry_out(struct app *app, const struct binding *b)
{
    long step = step_now(app);
    switch (b->action) {
    case ACTION_PAUSE:
        pause_or_go(app);
        break;
    case ACTION_STEP:
        tell(app, TRAINER_STEPS, 1);
        break;
    case ACTION_STEP_MANY:
        tell(app, TRAINER_STEPS, 100);
        break;
    case ACTION_SAMPLE_NEXT:
        view_move_sample(&app->view, 1);
        break;
    case ACTION_SAMPLE_BEFORE:
        view_move_sample(&app->view, -1);
        break;
    case ACTION_SAMPLE_RANDOM:
        random_sample(app);
        break;
    case ACTION_LAYER_NEXT:
        move_layer(app, 1);
        break;
    case ACTION_LAYER_BEFORE:
        move_layer(app, -1);
        break;
    case ACTION_BACK:
        seek(app, step - stride_of(app));
        break;
    case ACTION_FORWARD:
        seek(app, step + stride_of(app));
        break;
    case ACTION_START:
        seek(app, 0);
        break;
    case ACTION_FASTER:
        change_speed(app, 1);
        break;
    case ACTION_SLOWER:
        change_speed(app, -1);
        break;
    case ACTION_RATE_UP:
        change_rate(app, 1.5);
        break;
    case ACTION_RATE_DOWN:
        change_rate(app, 1 / 1.5);
        break;
    case ACTION_RESET:
        reset(app);
        break;
    case ACTION_ATTACK:
        next_attack(app);
        break;
    case ACTION_NORM:
        next_norm(app);
        break;
    case ACTION_EPSILON_UP:
        change_epsilon(app, 1);
        break;
    case ACTION_EPSILON_DOWN:
        change_epsilon(app, -1);
        break;
    case ACTION_PAGE:
        turn_page(app, b->value);
        break;
    case ACTION_PAGE_NEXT:
        turn_page(app, app->page + 1);
        break;
    case ACTION_PAGE_BEFORE:
        turn_page(app, app->page - 1);
        break;
    case ACTION_HELP:
        app->help = !app->help;
        break;
    case ACTION_REDRAW:
        if (app->term)
            term_redraw(app->term);
        break;
    case ACTION_QUIT:
        app->quit = true;
        break;
    case ACTION_NONE:
    case ACTIONS:
        break;
    }
}

void app_key(struct app *app, int key)
{
    app->dirty = true;
    if (app->help && (key == KEY_ESCAPE_ || key == 'q')) {
        app->help = false;
        return;
    }
    const struct binding *b = binding_find(key);
    if (b)
        carry_out(app, b);
}
