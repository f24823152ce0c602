#include "tui/branch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/team.h"
#include "base/text.h"
#include "tui/app.h"

/* Where training has all cores, what watches it takes one away, and the others wait for that: so it may take little. On a core of its own it may take what it likes. */
#define TEST_SHARE 0.025
#define LOOK_SHARE 0.025
static double watching_share(int threads, double little)
{
    return threads >= team_cores() ? little : 0;
}

/* Called from the trainer's thread: there is a moment to look at, and a report to show. */
static void published(void *arg)
{
    struct branch *b = arg;
    struct observer *observer = atomic_load(&b->poked);
    if (observer)
        observer_poke(observer);
    if (b->app->term)
        term_wake(b->app->term);
}

/* Called from the observer's thread. */
static void answered(void *arg)
{
    struct branch *b = arg;
    if (b->app->term)
        term_wake(b->app->term);
}

static const struct moment *newest(void *source)
{
    return trainer_moment(source);
}

/* Called from the observer's thread. */
static void seen(void *arg, const struct moment *moment)
{
    struct branch *b = arg;
    struct neuron *neuron = atomic_load(&b->neuron);
    if (neuron)
        neuron_offer(neuron, moment);
    struct sweep *sweep = atomic_load(&b->app->swept);
    if (sweep)
        sweep_offer(sweep, (int)(b - b->app->branch), b->net, &moment->weights, moment->serial, moment->step);
}

/* Strings of options come from the command line or another branch, which may go before this one. */
static enum err keep_strings(struct branch *b, struct diag *diag)
{
    const char **const from[] = {&b->run.optimizer, &b->run.schedule, &b->run.augment, &b->run.adversarial};
    for (int i = 0; i < ARRAY_LEN(from); i++) {
        if (*from[i] && !(b->string[i] = text_copy(*from[i])))
            return diag_memory(diag, "a branch");
        *from[i] = b->string[i];
    }
    return ERR_NONE;
}

enum err branch_open(struct app *app, int place, struct net *net, const struct run_options *run,
                     struct trainer_options to, struct diag *diag)
{
    struct branch *b = &app->branch[place];
    b->app = app;
    b->net = net;
    b->run = *run;
    atomic_store(&b->poked, NULL);
    atomic_store(&b->neuron, NULL);
    to.test_share = watching_share(to.threads, TEST_SHARE);
    to.wake = published;
    to.arg = b;
    to.race = &app->race;
    to.lane = place;
    enum err err = keep_strings(b, diag);
    if (!err)
        err = flips_init(&b->flips, diag);
    if (!err)
        err = trainer_new(net, app->data, &b->run, &to, &b->trainer, diag);
    struct observer_options look = {.net = net,
                                    .data = app->data,
                                    .newest = newest,
                                    .source = b->trainer,
                                    .seen = seen,
                                    .wake = answered,
                                    .arg = b,
                                    .share = watching_share(to.threads, LOOK_SHARE)};
    if (!err)
        err = observer_new(&look, &b->observer, diag);
    if (err) {
        branch_close(b);
        return err;
    }
    b->letter = app->last_letter =
        (char)(app->last_letter >= 'A' && app->last_letter < 'Z' ? app->last_letter + 1 : 'A');
    return ERR_NONE;
}

/* The trainer's thread pokes the observer, and the observer takes moments from the trainer: the thread ends first, its memory last. */
void branch_close(struct branch *b)
{
    if (b->trainer)
        trainer_stop(b->trainer);
    observer_free(b->observer);
    neuron_free(atomic_load(&b->neuron));
    exam_free(b->sitting.exam);
    weights_fini(&b->sitting.weights);
    trainer_free(b->trainer);
    flips_fini(&b->flips);
    net_free(b->net);
    for (int i = 0; i < ARRAY_LEN(b->string); i++)
        free(b->string[i]);
    *b = (struct branch){0};
}

struct branch *branch_other(struct app *app)
{
    struct branch *b = &app->branch[1 - app->in_view];
    return b->letter ? b : NULL;
}

/* ---- what is in view ---- */

static void put_aside(struct app *app)
{
    struct branch *b = &app->branch[app->in_view];
    atomic_store(&b->poked, NULL);
    b->sought = app->sought;
    b->seeking = app->seeking;
    b->ordered = app->ordered;
    b->rate = app->rate;
    b->run = app->options.run;
}

static void look_at_net(struct view *v, const struct net *net)
{
    int layer = v->net ? net_find(net, v->net->layer[v->layer].name) : -1;
    v->net = net;
    for (v->layer = layer < 0 ? 0 : layer; layer < 0 && v->layer < net->layers - 1; v->layer++)
        if (view_learns(net, v->layer))
            break;
}

void branch_show(struct app *app, int place)
{
    struct branch *b = &app->branch[place];
    if (app->net && place != app->in_view)
        put_aside(app);
    look_at_net(&app->view, b->net);
    app->in_view = place;
    app->net = b->net;
    app->trainer = b->trainer;
    app->observer = b->observer;
    app->sought = b->sought;
    app->seeking = b->seeking;
    app->ordered = b->ordered;
    app->rate = b->rate;
    app->options.run = b->run;
    app->view.flips = &b->flips;
    app->view.report = b->report;
    app->view.other = branch_other(app) ? branch_other(app)->report : NULL;
    app->view.answers = NULL;
    app->inquiry.count = -1; /* no inquiry has so few: it's asked again, of the other observer */
    app->dirty = app->lay_out = true;
    atomic_store(&b->poked, b->observer);
    observer_poke(b->observer);
}

void branch_text(const struct app *app, char *text, int size)
{
    const struct branch *b = &app->branch[app->in_view];
    *text = 0;
    if (b->letter && app->branch[1 - app->in_view].letter)
        snprintf(text, (size_t)size, "%c%s%s", b->letter, *b->what ? " " : "", b->what);
}

/* ---- forking ---- */

void branch_fork(struct app *app, const struct fork *fork, const char *what)
{
    app->fork = *fork;
    snprintf(app->fork_what, sizeof app->fork_what, "%s", what);
    app_tell(app, TRAINER_HAND_OVER, 0);
    app->forking = app->ordered;
}

/* The old branch goes back to its end, if it stood in the past: what it has learned stays on the curves. */
static enum err make_fork(struct app *app, int place, struct diag *diag)
{
    const struct trainer_report *r = app->view.report;
    struct branch *b = &app->branch[place];
    struct run_options run = app->options.run;
    struct net *net = NULL;
    const struct handover *state = trainer_handover(app->trainer);
    enum err err = state ? fork_net(&app->fork, app->net, &net, diag) : diag_memory(diag, "a fork");
    if (err)
        return err;
    if (b->letter)
        branch_close(b);
    b->fork = app->fork;
    b->from = r->step;
    snprintf(b->what, sizeof b->what, "%s", app->fork_what);
    fork_options(&b->fork, &run);
    struct trainer_options to = {.threads = app->options.threads,
                                 .paused = r->state != TRAINER_RUNNING,
                                 .speed = app->speed,
                                 .stop_epochs = app->stop_epochs,
                                 .stop_accuracy = app->stop_accuracy,
                                 .timeline = app_timeline_bytes(app),
                                 .from = state,
                                 .fork = &b->fork};
    return branch_open(app, place, net, &run, to, diag);
}

/* The state that was asked for is there. */
static void finish_fork(struct app *app)
{
    int place = 1 - app->in_view;
    char old = app->branch[app->in_view].letter, gone = app->branch[place].letter;
    long furthest = app->view.report->furthest, step = app->view.report->step;
    struct diag diag = {0};
    app->forking = 0;
    app->view.other = NULL;
    if (make_fork(app, place, &diag)) {
        app_say(app, "no fork: %s", diag.text);
        return;
    }
    if (step < furthest)
        app_tell(app, TRAINER_SEEK, (double)furthest);
    struct branch *b = &app->branch[place];
    b->report = trainer_report(b->trainer);
    b->saved = b->from = b->report ? b->report->step : step; /* what came before isn't its own */
    app->view.forked = b->from;
    if (!gone)
        app_undoable(app, "drop %c", b->letter);
    branch_show(app, place);
    app_say(app, "branch %c (%s) begins at step %ld: Tab flips between %c and %c", b->letter, b->what,
            b->from, old, b->letter);
}

bool branch_take(struct app *app)
{
    bool some = false;
    for (int i = 0; i < BRANCHES; i++) {
        struct branch *b = &app->branch[i];
        const struct trainer_report *r = b->trainer ? trainer_report(b->trainer) : NULL;
        b->report = r ? r : b->report;
        if (r)
            flips_cut(&b->flips, r->furthest);
        some = some || r;
    }
    if (app->branch[app->in_view].report)
        app->view.report = app->branch[app->in_view].report;
    if (branch_other(app))
        app->view.other = branch_other(app)->report;
    if (app->forking && app->view.report && app->view.report->obeyed >= app->forking)
        finish_fork(app);
    return some;
}

/* ---- for scripts, and for leaving ---- */

static bool is_settled(const struct trainer_report *r, unsigned long ordered)
{
    if (!r || r->obeyed < ordered)
        return false;
    return r->state == TRAINER_RUNNING ? r->left == 0 : r->testing < 0;
}

bool branch_settled(const struct app *app)
{
    const struct branch *other = &app->branch[1 - app->in_view];
    return !app->forking && is_settled(app->view.report, app->ordered) &&
           (!other->letter || is_settled(other->report, other->ordered));
}

bool branch_unsaved(const struct app *app)
{
    for (int i = 0; i < BRANCHES; i++)
        if (app->branch[i].report && app->branch[i].report->furthest > app->branch[i].saved)
            return true;
    return false;
}

void branch_saved(struct app *app)
{
    if (app->view.report)
        app->branch[app->in_view].saved = app->view.report->step;
}
