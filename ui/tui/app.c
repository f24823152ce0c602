#include "tui/app.h"

#include <langinfo.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/team.h"
#include "cli/command.h"
#include "nn/model.h"
#include "nn/weights.h"
#include "tui/arrangement.h"
#include "tui/keys.h"
#include "tui/state.h"

static const double pace_least = 1.0 / 30, pace_most = 0.5, patience = 0.05;
static const double pace_crowded =
    1.0 / 5; /* of frames that nobody asked for, where training has all cores: drawing takes one away */

/* ---- opening and closing ---- */

size_t app_timeline_bytes(const struct app *app)
{
    return (size_t)app->options.memory * 1000000 / BRANCHES;
}

/* The model goes with the data unless it's named: what fits 28x28 grey digits, or 32x32 pictures in colour. */
static const char *model_for(const struct dataset *data)
{
    if (shape_equal(data->shape, (struct shape){3, 32, 32}))
        return "vgg-small";
    if (shape_equal(data->shape, (struct shape){3, 64, 64}))
        return "tiny-vgg";
    return "lenet";
}

/* The data that were named, or the digits. A network from a file whose images are others, and of which none was named, gets noise: it is there for a picture from a file. */
static enum err open_data(struct app *app, const struct net *net, struct diag *diag)
{
    static const struct shape digits = {1, 28, 28};
    const struct app_options *o = &app->options;
    char noise[64] = "";
    if (net && !app->given.data && (!shape_equal(net->in, digits) || net_classes(net) != 10)) {
        snprintf(noise, sizeof noise, "noise:%s,classes=%d", shape_text(net->in).s, net_classes(net));
        app_say(app, "no data were named for %s: the images are noise, and :open FILE shows a picture",
                app->model_name);
    }
    return dataset_open(*noise ? noise : o->data ? o->data : "digits", o->run.seed, &app->data, diag);
}

static enum err name_classes(struct app *app, const struct net *net, char **names, struct diag *diag)
{
    const struct app_options *o = &app->options;
    bool noise = strcmp(app->data->source->name, "noise") == 0;
    if (!names || (!o->classes && !noise)) /* the data's own names are those of what is seen */
        return ERR_NONE;
    if (app->data->classes == net_classes(net))
        return dataset_set_classes(app->data, net_classes(net), (const char *const *)names, diag);
    return diag_fail(diag, ERR_SHAPE, o->classes, 0, "%d class names, but %s has %d classes",
                     net_classes(net), app->data->spec, app->data->classes);
}

/* A network from a file says what data go with it; without one, the data say what network does. */
static enum err open_both(struct app *app, struct net **net, struct weights *weights, struct diag *diag)
{
    const struct app_options *o = &app->options;
    char **names = NULL;
    enum err err = ERR_NONE;
    if (o->weights) {
        app->model_name = o->model ? o->model : o->weights;
        err = open_named_network(o->model, o->weights, o->classes, net, weights, &names, diag);
    }
    if (!err)
        err = open_data(app, *net, diag);
    if (!err && !o->weights) {
        app->model_name = o->model ? o->model : model_for(app->data);
        err = model_load(app->model_name, net, diag);
    }
    if (!err && !o->weights && o->classes)
        err = classes_read(o->classes, net_classes(*net), &names, diag);
    if (!err)
        err = name_classes(app, *net, names, diag);
    classes_free(names);
    return err;
}

/* The attack lab begins with a network that can be fooled at once, unless something else is asked for or it isn't there. */
static void choose_shipped(struct app *app)
{
    static const char shipped[] = "lenet-digits";
    struct diag diag = {0};
    char *path = NULL;
    if (app_begins_shipped(&app->given) && weights_path(shipped, &path, &diag) == ERR_NONE)
        app->given.weights = app->options.weights = shipped;
    free(path);
}

bool app_begins_shipped(const struct app_options *given)
{
    return given->lab && strcmp(given->lab, "attack") == 0 && !given->weights && !given->model &&
           !given->data;
}

static bool to_begin_paused(const struct app *app)
{
    return app->options.paused || app->options.weights || app->pending;
}

static enum err open_all(struct app *app, struct diag *diag)
{
    const struct app_options *o = &app->options;
    const struct lab *lab = o->lab ? lab_find(o->lab) : all_labs[0];
    struct weights weights = {0};
    struct net *net = NULL;
    choose_shipped(app);
    enum err err = open_both(app, &net, &weights, diag);
    if (!err) {
        view_init(&app->view, net, app->data);
        app->view.model = app->model_name;
        trainer_race_init(&app->race);
        err = own_init(&app->view.own, net->in, diag);
    }
    if (!err && o->image)
        err = own_read(&app->view.own, o->image, diag);
    if (!err) {
        struct trainer_options to = {.threads = o->threads,
                                     .paused = to_begin_paused(app) || lab->rests,
                                     .speed = app->pending ? 0 : o->speed,
                                     .stop_accuracy = app->stop_accuracy,
                                     .timeline = app_timeline_bytes(app),
                                     .weights = o->weights ? &weights : NULL};
        err = branch_open(app, 0, net, &o->run, to, diag);
        net = NULL; /* the branch's, or gone with it */
    }
    net_free(net);
    if (!err) {
        branch_show(app, 0);
        if (app_enter(app, lab))
            app->ran = !to_begin_paused(app);
    }
    weights_fini(&weights);
    app->lay_out = app->dirty = true;
    return err;
}

static void close_all(struct app *app)
{
    for (int i = 0; all_labs[i]; i++)
        if (all_labs[i]->close)
            all_labs[i]->close(app);
    for (int i = 0; i < BRANCHES; i++)
        branch_close(&app->branch[i]);
    app_close_sweeping(app);
    own_fini(&app->view.own);
    canvas_fini(&app->canvas);
    term_close(app->term);
    dataset_close(app->data);
}

/* ---- the loop ---- */

void app_take(struct app *app)
{
    if (branch_take(app)) {
        app_follow_phase(app);
        app->dirty = true;
    }
    const struct answers *a = app->observer ? observer_answers(app->observer) : NULL;
    if (a) {
        app->view.answers = a;
        if (app->view.report)
            flips_take(&app->branch[app->in_view].flips, a, shape_count(app->net->in),
                       app->view.report->seed);
        app->dirty = true;
    }
    app_take_finding(app);
    if (app->net && app_lab(app)->take)
        app_lab(app)->take(app);
    state_go_on(app);
}

void app_tell(struct app *app, enum trainer_order order, double value)
{
    struct branch *other = branch_other(app);
    app->ordered = trainer_send(app->trainer, order, value);
    if (!other)
        return;
    const struct trainer_report *r = other->report;
    enum trainer_state state = r ? r->state : TRAINER_PAUSED;
    switch (order) {
    case TRAINER_GO:
        if (r && r->step < r->furthest)
            trainer_send(other->trainer, TRAINER_SEEK, (double)r->furthest);
        if (state != TRAINER_FAILED)
            other->ordered = trainer_send(other->trainer, order, value);
        break;
    case TRAINER_PAUSE:
    case TRAINER_SPEED:
    case TRAINER_STOP_EPOCHS:
    case TRAINER_STOP_ACCURACY:
        other->ordered = trainer_send(other->trainer, order, value);
        break;
    case TRAINER_STEPS:
    case TRAINER_SEEK:
    case TRAINER_SCRUB:
    case TRAINER_PHASE:
        if (state == TRAINER_RUNNING)
            other->ordered = trainer_send(other->trainer, TRAINER_PAUSE, 0);
        break;
    case TRAINER_RATE:
    case TRAINER_RESET:
    case TRAINER_HAND_OVER:
        break;
    }
}

void app_set_look(struct app *app, enum theme theme, float gamma)
{
    app->style.theme = theme;
    app->style.gamma = gamma;
    if (app->term)
        term_set_theme(app->term, theme, gamma);
    app->lay_out = true;
}

/* Does a general key hold in the lab in view? */
static bool holds(const struct lab *lab, const struct binding *b)
{
    const struct action *table = action_table_of(b->line);
    bool found = !lab->topics;
    for (int i = 0; lab->topics && lab->topics[i]; i++)
        found = found || lab->topics[i] == table;
    return found;
}

const struct binding *app_binding(const struct app *app, int key)
{
    const struct lab *lab = app_lab(app);
    const char *where[4] = {NULL};
    char own[40];
    int places = 0;
    if (app->mode)
        where[places++] = app->mode;
    else if (app->view.focus)
        where[places++] = app->view.focus->name;
    snprintf(own, sizeof own, "lab %s", lab->name);
    if (!app->mode && !(lab->apart && app_on_page(app)))
        where[places++] = own;
    const struct binding *b = binding_find(key, where);
    return b && (b->where || holds(lab, b)) ? b : NULL;
}

void app_key(struct app *app, int key)
{
    app->dirty = true;
    if (app_prompt_key(app, key) || app_leaving_key(app, key) || app_help_key(app, key))
        return;
    const struct binding *b = app_binding(app, key);
    if (b)
        app_do(app, b->line);
}

void app_wake(void *arg)
{
    struct app *app = arg;
    if (app->term)
        term_wake(app->term);
}

/* A frame waits a little for the answers to what has just been asked: a blank panel would flicker. */
static bool answers_late(const struct app *app, double now)
{
    bool there = app->view.answers && app->view.answers->serial == app->inquiry.serial;
    return app->observer && !there && now < app->asked + patience;
}

/* Said in the status line of a later frame: it is no reason to draw one. */
static void count_frame(struct app *app)
{
    double passed = app->shown - app->counted;
    app->frames++;
    if (passed < 1)
        return;
    app->frames_per_second = passed < 2 ? app->frames / passed : 0;
    app->frames = 0;
    app->counted = app->shown;
}

static bool is_running(const struct app *app)
{
    return app->view.report && app->view.report->state == TRAINER_RUNNING;
}

/* When the next frame may be drawn. */
static double frame_due(const struct app *app)
{
    return app->shown + (app->hurry ? app->answering : app->pace);
}

static void show_frame(struct app *app)
{
    int rows, cols;
    term_size(app->term, &rows, &cols);
    if (rows != app->canvas.rows || cols != app->canvas.cols) {
        if (canvas_resize(&app->canvas, rows, cols))
            return;
        app->lay_out = true;
    }
    app_look(app);
    double now = clock_now();
    if (answers_late(app, now))
        return;
    app_draw(app);
    double took = term_show(app->term, &app->canvas);
    bool crowded = app->options.threads >= team_cores();
    app->answering = fmin(fmax(2 * took, pace_least), pace_most);
    app->pace = crowded && is_running(app) ? fmax(app->answering, pace_crowded) : app->answering;
    app->hurry = app->view.stale; /* what a key has asked comes as soon */
    app->shown = clock_now();
    app->dirty = false;
    count_frame(app);
}

static double time_left(const struct app *app)
{
    double now = clock_now(), moves = app->due > 0 ? fmax(app->due - now, 0) : HUGE_VAL;
    if (!app->dirty) {
        double left = fmin(now < app->message_until ? app->message_until - now : HUGE_VAL, moves);
        return left < HUGE_VAL ? left : -1;
    }
    if (answers_late(app, now))
        return app->asked + patience - now;
    return fmax(frame_due(app) - now, 0);
}

/* What the lab does by itself. */
static void move(struct app *app)
{
    const struct lab *lab = app_lab(app);
    double now = clock_now(), left = app->net && lab->tick ? lab->tick(app, now) : -1;
    app->due = left < 0 ? 0 : now + left;
}

static int loop(struct app *app)
{
    bool message = false;
    while (!app->quit) {
        term_wait(app->term, time_left(app));
        for (int key; (key = term_key(app->term)) != KEY_NOTHING && !app->quit;) {
            app->hurry = true;
            if (key == KEY_LEAVE)
                app->quit = true;
            else if (key == KEY_RESIZED)
                app->dirty = app->lay_out = true;
            else if (key == KEY_MOUSE_)
                app_mouse(app, term_mouse(app->term));
            else
                app_key(app, key);
        }
        app_take(app);
        move(app);
        double now = clock_now();
        if (message && now >= app->message_until)
            app->dirty = true;
        message = now < app->message_until;
        if (app->dirty && now >= frame_due(app))
            show_frame(app);
    }
    int signal = term_signal(app->term);
    return signal ? 128 + signal : 0;
}

static int run_terminal(struct app *app, struct diag *diag)
{
    struct term_options to = {.colors = app->options.colors, .theme = app->options.theme, .mouse = true};
    enum err err = term_open(&to, &app->term, diag);
    if (err)
        return EXIT_USAGE;
    int rows, cols;
    app->style = *term_style(app->term);
    term_size(app->term, &rows, &cols);
    err = canvas_init(&app->canvas, rows, cols, term_style(app->term));
    app->remembers = !app->options.state; /* which says how panels are arranged */
    if (!err) {                           /* something to see before anything is opened */
        app_draw(app);
        term_show(app->term, &app->canvas);
        err = open_all(app, diag);
    }
    if (err)
        return EXIT_WORK;
    arrangement_recall(app);
    int status = loop(app);
    arrangement_keep(app);
    return status;
}

/* A terminal that can only print: one says so by its name, and there is no better way to know. */
static bool only_prints(void)
{
    const char *term = getenv("TERM");
    return term && strcmp(term, "dumb") == 0 && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static int run_lines(struct app *app, struct diag *diag)
{
    struct winsize size = {0};
    app->style = (struct style){
        .rung = RUNG_MONO, .utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0, .theme = app->options.theme};
    app->options.paused = true;
    app->options.speed = 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row < 4 || size.ws_col < 1)
        size = (struct winsize){.ws_row = 24, .ws_col = 80};
    enum err err = canvas_init(&app->canvas, size.ws_row - 2, size.ws_col, &app->style);
    if (!err)
        err = open_all(app, diag);
    if (!err)
        err = app_lines(app, diag);
    return err ? EXIT_WORK : 0;
}

static int run_script(struct app *app, struct diag *diag)
{
    app->style = (struct style){.rung = RUNG_256, .utf8 = true, .theme = app->options.theme};
    app->options.paused = true;
    app->options.speed = 0;
    enum err err = canvas_init(&app->canvas, app->options.rows, app->options.cols, &app->style);
    if (!err)
        err = open_all(app, diag);
    if (!err)
        err = app_script(app, app->options.script, diag);
    return err ? EXIT_WORK : 0;
}

int app_run(const struct app_options *options)
{
    struct diag diag = {0};
    struct app *app = calloc(1, sizeof *app);
    if (!app)
        return EXIT_WORK;
    app->given = app->options = *options;
    state_begin(app, options->state);
    app->model_name = options->model ? options->model : "lenet";
    app->options.data = options->data ? options->data : "digits";
    app->speed = options->speed;
    app->stop_accuracy = options->stop_accuracy / 100;
    if (app->options.threads == 0)
        app->options.threads = threads_or_all(0) > 1 ? threads_or_all(0) - 1 : 1;
    int status = options->script ? run_script(app, &diag)
                 : only_prints() ? run_lines(app, &diag)
                                 : run_terminal(app, &diag);
    char *line = app->print_state && !diag.err ? state_line(app) : NULL;
    close_all(app);
    state_end(app);
    for (int i = 0; i < LABS_MOST; i++)
        free(app->arranged[i].recalled);
    free(app);
    if (line)
        printf("fovea --state '%s'\n", line);
    free(line);
    if (diag.err && command_fail(&diag) == EXIT_USAGE)
        status = EXIT_USAGE;
    return status;
}
