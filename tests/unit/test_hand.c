/** The step lab's actions: what they change, undoing, refusing, and the line that leads back to what is seen. */
#include <criterion/criterion.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "data/image.h"
#include "nn/model.h"
#include "toy.h"
#include "tui/app.h"
#include "tui/stepping.h"
#include "tui/take.h"

static struct net *net;
static struct dataset data;
static struct app app;
static const struct style style = {.rung = RUNG_256, .utf8 = true};

static void setup(void)
{
    struct trainer_options options = {.paused = true, .timeline = 1 << 24};
    struct run_options run = run_defaults();
    cr_assert_eq(model_parse("input 1x8x8\nconv 2 3x3\nrelu\nflatten\ndense 4\n", "model", NULL, &net, NULL),
                 ERR_NONE);
    data = toy_data((struct shape){1, 8, 8}, 4, 50, 20);
    app = (struct app){.net = net, .data = &data, .model_name = "toy"};
    view_init(&app.view, net, &data);
    cr_assert_eq(own_init(&app.view.own, net->in, NULL), ERR_NONE);
    cr_assert_eq(trainer_new(net, &data, &run, &options, &app.trainer, NULL), ERR_NONE);
    cr_assert_eq(canvas_init(&app.canvas, 24, 80, &style), ERR_NONE);
    cr_assert(app_enter(&app, lab_find("step")));
    app.lay_out = true;
    app_look(&app);
}

static void teardown(void)
{
    for (int i = 0; all_labs[i]; i++)
        if (all_labs[i]->close)
            all_labs[i]->close(&app);
    trainer_free(app.trainer);
    own_fini(&app.view.own);
    canvas_fini(&app.canvas);
    net_free(net);
}

TestSuite(hand, .init = setup, .fini = teardown, .timeout = 60);

static const struct stepping *now(void)
{
    return app.view.stepping;
}

static void turn(void)
{
    app_lab(&app)->take(&app);
    app_look(&app);
    app_draw(&app);
}

static void does(const char *line)
{
    cr_assert(app_do(&app, line), "%s: %s", line, app.message);
    turn();
}

/* Everything that can be seen, as numbers. */
static struct text seen(void)
{
    struct text t = {0};
    const struct stepping *s = now();
    text_format(&t, "%s %ld of %ld x %ld, %d ", step_operation_names[s->source.operation], s->done,
                s->outputs, s->terms, s->reveal);
    for (int g = 0; g < STEP_GRIDS; g++)
        for (long i = 0; i < (long)s->shown[g].n * s->shown[g].h * s->shown[g].w; i++)
            text_format(&t, "%d:%g ", s->shown[g].sign[i], (double)s->shown[g].v[i]);
    text_add(&t, text_str(&s->arithmetic[1]));
    return t;
}

static const char *const changes[] = {
    "example colour",
    "example padding; output 7",
    "cells 1 2 3/4 5 6.5/-7 8 9",
    "cells 1 2 3 4 5",
    "weights gaussian:k=3,sigma=1",
    "weights 1 2/3 4",
    "padding full",
    "padding 2; stride 2; dilation 2",
    "convolution on; bias -1.5",
    "operation max; window 3",
    "operation mean",
    "operation relu",
    "operation dense; output on",
    "operation softmax",
    "carry; row on; reveal on",
    "patch sample 1 2 5",
    "example colour; bias 3; stride 2; patch sample 0 0 6",
    "example depth; padding full; operation correlate",
    "weights uniform:k=3; cells 1 2 3 4/5 6 7 8/1 0 1 0; padding same",
    "example pool; stride 1",
    "pencil sum; answer 0",
    "example depth; multiply 13",
};

Test(hand, undoing)
{
    for (int i = 0; i < ARRAY_LEN(changes); i++) {
        struct text before = seen();
        app.undos = 0;
        does(changes[i]);
        struct text after = seen();
        cr_assert_str_neq(text_str(&after), text_str(&before), "%s changes nothing", changes[i]);
        while (app.undos > 0)
            cr_assert(app_undo(&app), "%s", app.message);
        turn();
        text_free(&after);
        after = seen();
        bool walks =
            strstr(changes[i], " on") || strstr(changes[i], "answer"); /* keys of their own lead back */
        cr_assert(walks || strcmp(text_str(&after), text_str(&before)) == 0, "after %s:\n%s\nnot\n%s",
                  changes[i], text_str(&after), text_str(&before));
        text_free(&before);
        text_free(&after);
        does("reveal off; pencil off; example slide");
    }
}

/* The line from a fresh start leads to the same. */
Test(hand, a_state_line_leads_back)
{
    for (int i = 0; i < ARRAY_LEN(changes); i++) {
        struct text line = {0};
        does("example slide");
        does(changes[i]);
        struct text before = seen();
        app_lab(&app)->state(&app, &line);
        app.mode = NULL;
        app_lab(&app)->close(&app);
        cr_assert(app_lab(&app)->enter(&app));
        does(text_str(&line));
        struct text after = seen();
        cr_assert_str_eq(text_str(&after), text_str(&before), "%s: %s", changes[i], text_str(&line));
        text_free(&before);
        text_free(&after);
        text_free(&line);
        does("reveal off; pencil off");
    }
}

/* What can't be is said, and nothing changes. */
Test(hand, refusing)
{
    static const struct {
        const char *before, *line, *reason;
    } rows[] = {
        {"example slide", "weights 1 2 3 4 5 6", "6 doesn't fit into 5"},
        {"example slide", "dilation 3", "spans 7"},
        {"example slide", "cells 1 2/3", "a row of 1"},
        {"example slide", "weights nosuch", "no kernel"},
        {"example pool", "padding same", "only a correlation"},
        {"example pool", "dilation 2", "no dilation"},
        {"example relu", "stride 2", "no stride"},
        {"example pool", "window 5", "doesn't fit into 4"},
        {"example pool", "weights 1 2", "no kernel"},
        {"example colour", "padding same", "no middle"},
        {"example slide", "recall 99", "isn't kept"},
        {"example slide", "channel next", "no layer"},
        {"example slide", "answer 3", "no pencil"},
        {"example slide", "patch nosuch.png", "nosuch.png"},
    };
    static const char *const wrong[] = {"example nosuch", "padding much", "stride 0",    "tempo 0",
                                        "window x",       "multiply 82",  "output 10",   "output 0",
                                        "bias much",      "filters 0",    "pencil blue", "type x",
                                        "live nosuch",    "live conv1 2", "cells",       "cells 1 x",
                                        "cell",           "row",          "recall x"};
    for (int i = 0; i < ARRAY_LEN(rows); i++) {
        does(rows[i].before);
        struct text before = seen();
        *app.message = 0;
        app_do(&app, rows[i].line);
        cr_assert_not_null(strstr(app.message, rows[i].reason), "%s: '%s'", rows[i].line, app.message);
        struct text after = seen();
        cr_assert_str_eq(text_str(&after), text_str(&before), "%s", rows[i].line);
        text_free(&before);
        text_free(&after);
    }
    does("example slide");
    for (int i = 0; i < ARRAY_LEN(wrong); i++) {
        struct text before = seen();
        cr_assert_not(app_do(&app, wrong[i]), "%s", wrong[i]);
        struct text after = seen();
        cr_assert_str_eq(text_str(&after), text_str(&before), "%s", wrong[i]);
        text_free(&before);
        text_free(&after);
    }
}

/* The arrows move the window at once, and playing stops; a step moves the cursors, and doesn't throw the window back. */
Test(hand, the_window_follows_the_cursor)
{
    does("play on");
    cr_assert(now()->playing);
    does("point stepin 0 1 2");
    cr_assert_not(now()->playing);
    cr_assert_eq(stepping_output(now()), 1);
    does("cursor right");
    cr_assert_eq(stepping_output(now()), 2);
    does("multiply on; multiply on");
    cr_assert_eq(stepping_output(now()), 3);
    turn();
    cr_assert_eq(stepping_output(now()), 3);
    does("point output 0 0 1");
    cr_assert_eq(stepping_output(now()), 1);
    does("point kernel 0 2 0");
    cr_assert_eq(stepping_mark(now()), 6);
    struct light l;
    does("cursor off");
    cr_assert(stepping_light(now(), STEP_IN, &l) && l.rows == 3 && l.row == 0, "the window again");
    does("cursor left");
    cr_assert(stepping_light(now(), STEP_IN, &l) && l.rows == 3 && l.row == 2,
              "all that the weight multiplies");
    does("cell 5");
    cr_assert_eq(now()->source.w.data[6], 5);
    cr_assert_eq(stepping_output(now()), 1, "the window stays");
    does("undo; convolution on; point kernel 0 2 0; cell 7");
    cr_assert_eq(now()->source.w.data[2], 7, "what lies there is the flipped one");
}

/* Playing goes by the clock, and ends with the last product. */
Test(hand, playing)
{
    does("example slide; multiply start; tempo 10; play on");
    double at = now()->due;
    for (int i = 1; i <= 5; i++) {
        app_lab(&app)->tick(&app, at);
        cr_assert_eq(now()->done, i);
        at += 0.1001;
    }
    double left = app_lab(&app)->tick(&app, at + 1000);
    cr_assert(left < 0 && !now()->playing && now()->done == 81);
    does("play on");
    cr_assert_eq(now()->done, 0, "from the beginning again");
}

/* Training, until it stands where it should. */
static void wait_for(enum trainer_state state, long least, long most)
{
    double until = clock_now() + 30;
    for (;;) {
        const struct trainer_report *r = trainer_report(app.trainer);
        app.view.report = r ? r : app.view.report;
        r = app.view.report;
        if (r && r->state == state && r->step >= least && r->step <= most)
            return;
        cr_assert(clock_now() < until, "step %ld", r ? r->step : -1);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
}

/* Training has gone on since the picture on the screen was computed: what is stepped is of that moment all the same. */
Test(hand, a_layer_is_of_the_moment_on_the_screen)
{
    static struct answers on_screen = {.serial = 1, .step = 7};
    cr_assert(app_enter(&app, lab_find("train")));
    app_tell(&app, TRAINER_GO, 0);
    wait_for(TRAINER_RUNNING, 20, LONG_MAX);
    app.view.answers = &on_screen;
    cr_assert(app_do(&app, "live conv1 1"), "%s", app.message);
    cr_assert_eq(app_lab(&app), lab_find("step"));
    cr_assert(now()->waits && now()->layer == 0 && now()->unit == 1);
    wait_for(TRAINER_PAUSED, 7, 7);
    app.view.answers = NULL;
    cr_assert(app_enter(&app, lab_find("train")));
    wait_for(TRAINER_RUNNING, 8, LONG_MAX); /* where it ran it goes on */
}

/* A picture in colour brings its three planes, and a kernel for each. */
Test(hand, a_patch_of_a_picture)
{
    char path[] = "/tmp/fovea-patch-XXXXXX", line[80];
    float pixels[3 * 5 * 6];
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    for (int i = 0; i < ARRAY_LEN(pixels); i++)
        pixels[i] = (float)i / 255;
    cr_assert_eq(image_write_png(path, (struct shape){3, 5, 6}, pixels, NULL), ERR_NONE);
    snprintf(line, sizeof line, "patch %s 1 2 4", path);
    does(line);
    const struct step_source *s = &now()->source;
    cr_assert(s->x.rank == 3 && s->x.dim[0] == 3 && s->x.dim[1] == 4 && s->x.dim[2] == 4);
    cr_assert_float_eq(s->x.data[16], 38.0f / 255, 1e-4, "green at (1,2)");
    cr_assert(now()->outputs == 4 && now()->terms == 27);
    snprintf(line, sizeof line, "patch %s", path);
    does(line);
    cr_assert(s->x.dim[1] == 5 && s->x.dim[2] == 6, "as much as there is");
    remove(path);
    does("patch sample 2 3 4");
    cr_assert(s->x.rank == 2 && s->w.rank == 2 && now()->outputs == 4);
}

Test(hand, numbers_are_taken_away)
{
    char path[] = "/tmp/fovea-hand-XXXXXX";
    int fd = mkstemp(path);
    struct diag diag = {0};
    cr_assert_geq(fd, 0);
    does("example padding; output 2");
    struct text t = {0};
    panel_find("output")->numbers(&app.view, &t);
    cr_assert_str_eq(text_str(&t), "depth,row,column,value\n1,1,1,6\n1,1,2,14\n");
    text_free(&t);
    panel_find("stepin")->numbers(&app.view, &t);
    cr_assert_not_null(strstr(text_str(&t), "\n1,0,0,0\n"), "padding stands outside");
    text_free(&t);
    for (const struct panel_type *const *p = app_lab(&app)->panels; *p && (*p)->numbers; p++)
        cr_assert_eq(take_numbers(&app.view, *p, path, &diag), ERR_NONE, "%s: %s", (*p)->name, diag.text);
    cr_assert_eq(take_picture(&app.view, panel_find("stepin"), &style, 2, path, &diag), ERR_NONE, "%s",
                 diag.text);
    remove(path);
}

/* Every example at every size, drawn without a crash, all panels inside of the screen. */
Test(hand, any_size)
{
    static const int sizes[][2] = {{1, 1},    {5, 20},   {15, 60},  {24, 80},
                                   {30, 100}, {40, 120}, {50, 160}, {120, 400}};
    for (const struct step_example *e = step_examples; e->name; e++)
        for (int i = 0; i < ARRAY_LEN(sizes); i++) {
            char line[40];
            snprintf(line, sizeof line, "example %s", e->name);
            cr_assert_eq(canvas_resize(&app.canvas, sizes[i][0], sizes[i][1]), ERR_NONE);
            app.lay_out = true;
            does(line);
            for (int k = 0; k < app.panels; k++) {
                struct rect f = app.placed[k].frame;
                cr_assert(f.row >= 1 && f.col >= 0 && f.row + f.rows <= sizes[i][0] - 1 &&
                              f.col + f.cols <= sizes[i][1],
                          "%s in %dx%d: %s", e->name, sizes[i][0], sizes[i][1], app.placed[k].type->name);
                for (int o = 0; o < k; o++) {
                    struct rect other = app.placed[o].frame;
                    bool apart = f.row >= other.row + other.rows || other.row >= f.row + f.rows ||
                                 f.col >= other.col + other.cols || other.col >= f.col + f.cols;
                    cr_assert(apart, "%s in %dx%d: %s over %s", e->name, sizes[i][0], sizes[i][1],
                              app.placed[k].type->name, app.placed[o].type->name);
                }
            }
        }
}
