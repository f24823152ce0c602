/** The key table: complete, without contradictions, short enough for the help, and every action does something. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nn/model.h"
#include "toy.h"
#include "tui/app.h"
#include "tui/keys.h"

enum { HELP_COLUMNS = 27, NAME_COLUMNS = 9 };

Test(keys, no_key_twice)
{
    for (const struct binding *a = bindings; a->key; a++) {
        cr_assert_eq(binding_find(a->key), a, "key %d (%s) has two meanings", a->key, a->name);
        for (const struct binding *b = bindings; b < a; b++)
            cr_assert(!a->name || !b->name || strcmp(a->name, b->name) != 0, "two rows are called %s",
                      a->name);
    }
    cr_assert_null(binding_find('\\'));
    cr_assert_null(binding_find(0));
}

Test(keys, every_action_has_a_key_and_an_explanation)
{
    for (enum action action = ACTION_NONE + 1; action < ACTIONS; action++) {
        bool found = false;
        for (const struct binding *b = bindings; b->key; b++)
            found = found || (b->action == action && b->name);
        cr_assert(found, "action %d has no key", action);
    }
}

Test(keys, texts_fit)
{
    const struct binding *named = NULL;
    for (const struct binding *b = bindings; b->key; b++) {
        cr_assert(b->action > ACTION_NONE && b->action < ACTIONS);
        cr_assert_eq(b->name != NULL, b->help != NULL, "key %d", b->key);
        if (!b->name) { /* another key for the row before */
            cr_assert(named && named->action == b->action, "key %d", b->key);
            cr_assert_null(b->hint);
            continue;
        }
        named = b;
        cr_assert(*b->name && text_columns(b->name) <= NAME_COLUMNS, "'%s' is too long", b->name);
        cr_assert(*b->help && text_columns(b->help) <= HELP_COLUMNS, "'%s' is too long", b->help);
        cr_assert(!b->hint || (*b->hint && !strchr(b->hint, ' ')), "'%s' isn't a word", b->hint);
    }
}

Test(keys, by_their_names)
{
    for (const struct binding *b = bindings; b->key; b++)
        if (b->name)
            cr_assert_eq(key_named(b->name), b->key, "%s", b->name);
    cr_assert_eq(key_named("x"), 'x');
    cr_assert_eq(key_named("7"), '7');
    cr_assert_eq(key_named("\u00e9"), 0xe9);
    cr_assert_eq(key_named("Escape"), KEY_ESCAPE_);
    cr_assert_eq(key_named("Rihgt"), 0);
    cr_assert_eq(key_named(""), 0);
}

Test(keys, every_panel_has_a_page)
{
    for (int i = 0; panel_types[i]; i++) {
        bool found = false;
        for (const struct binding *b = bindings; b->key; b++)
            found = found || (b->action == ACTION_PAGE && b->value == i + 1);
        cr_assert(found, "no key opens the panel %s", panel_types[i]->name);
    }
    for (const struct binding *b = bindings; b->key; b++)
        if (b->action == ACTION_PAGE && b->value > 0)
            cr_assert_not_null(panel_types[b->value - 1], "key %c opens nothing", b->key);
}

/* ---- what they do ---- */

static struct net *net;
static struct dataset data;
static struct app app;
static struct trainer_report report;
static const struct style style = {RUNG_256, true};

/* In the middle of everything: the second of three layers, training paused half way back, help open. */
static void setup(void)
{
    struct trainer_options options = {.paused = true};
    struct run_options run = run_defaults();
    cr_assert_eq(model_parse("input 1x8x8\nconv 2 3x3\nrelu\nconv 3 3x3\nrelu\nflatten\ndense 4\n", "model",
                             NULL, &net, NULL),
                 ERR_NONE);
    data = toy_data((struct shape){1, 8, 8}, 4, 203, 90);
    app = (struct app){.net = net, .data = &data, .speed = 100, .page = 3};
    view_init(&app.view, net, &data);
    view_move_layer(&app.view, 1);
    app.view.index = 5;
    cr_assert_eq(trainer_new(net, &data, &run, &options, &app.trainer, NULL), ERR_NONE);
    cr_assert_eq(canvas_init(&app.canvas, 24, 80, &style), ERR_NONE);
    report = (struct trainer_report){.state = TRAINER_PAUSED, .step = 50, .furthest = 100, .lr = 0.1};
    app.view.report = &report;
}

static void teardown(void)
{
    trainer_free(app.trainer);
    canvas_fini(&app.canvas);
    net_free(net);
}

TestSuite(actions, .init = setup, .fini = teardown, .timeout = 60);

Test(actions, every_one_does_something)
{
    for (const struct binding *b = bindings; b->key; b++) {
        struct app before = app;
        if (b->action == ACTION_REDRAW || (b->action == ACTION_PAGE && b->value == app.page))
            continue;
        app_key(&app, b->key);
        bool view = before.view.index != app.view.index || before.view.layer != app.view.layer ||
                    before.view.attack_type != app.view.attack_type ||
                    before.view.attack.norm != app.view.attack.norm ||
                    before.view.attack.eps != app.view.attack.eps;
        cr_assert(view || before.page != app.page || before.help != app.help || before.quit != app.quit ||
                      before.ordered != app.ordered,
                  "%s does nothing", b->name ? b->name : "a key");
        cr_assert(app.dirty, "and it must be seen");
        trainer_free(app.trainer);
        canvas_fini(&app.canvas);
        net_free(net);
        setup();
    }
    struct app before = app;
    app_key(&app, '\\');
    cr_assert(app.ordered == before.ordered && app.page == before.page && app.help == before.help);
}

static void press(const char *name)
{
    cr_assert_neq(key_named(name), 0, "%s", name);
    app_key(&app, key_named(name));
}

Test(actions, what_they_change)
{
    press("Right");
    cr_assert_eq(app.view.index, 6);
    app.view.index = 0;
    press("Left");
    cr_assert_eq(app.view.index, 89, "round to the last test image");
    press("Right");
    cr_assert_eq(app.view.index, 0);
    for (int i = 0; i < 200; i++) {
        press("r");
        cr_assert(app.view.index >= 0 && app.view.index < 90);
    }
    cr_assert_str_eq(net->layer[app.view.layer].name, "conv2");
    press("Down");
    press("Down");
    cr_assert_str_eq(net->layer[app.view.layer].name, "dense1", "it stops at the last that learns");
    for (int i = 0; i < 5; i++)
        press("Up");
    cr_assert_str_eq(net->layer[app.view.layer].name, "conv1");
    press("1");
    press("Shift-Tab");
    cr_assert_not_null(panel_types[app.page - 1]);
    cr_assert_null(panel_types[app.page], "round to the last page");
    press("Tab");
    cr_assert_eq(app.page, 0);
    press("?");
    cr_assert(app.help);
    press("q");
    cr_assert(!app.help && !app.quit, "q closes the help first");
    press("?");
    press("Escape");
    cr_assert_not(app.help);
    press("Escape");
    cr_assert_not(app.quit);
    press("q");
    cr_assert(app.quit);
}

Test(actions, amounts_stay_in_their_range)
{
    for (int i = 0; i < 40; i++)
        press("E");
    cr_assert_float_eq(app.view.attack.eps, 0.5f, 1e-6);
    for (int i = 0; i < 40; i++)
        press("e");
    cr_assert_eq(app.view.attack.eps, 0);
    press("n");
    cr_assert_eq(app.view.attack.norm, NORM_L2);
    cr_assert_gt(app.view.attack.eps, 1, "norms have sizes of their own");
    for (int i = 0; i < 40; i++)
        press("E");
    cr_assert_float_eq(app.view.attack.eps, 5, 1e-5);
    for (int i = 0; i < 40; i++)
        press("-");
    cr_assert_eq(app.speed, 1);
    for (int i = 0; i < 40; i++)
        press("+");
    cr_assert_eq(app.speed, 0, "without limit");
    press("-");
    cr_assert_eq(app.speed, 2000);
    press(">");
    cr_assert_float_eq(app.rate, 0.15, 1e-9);
    press("<");
    press("<");
    cr_assert_float_eq(app.rate, 0.1 / 1.5, 1e-9);
    const struct attack_type *first = app.view.attack_type;
    int turns = 0;
    do {
        press("a");
        cr_assert_str_neq(app.view.attack_type->name, "noise", "it is always there to compare with");
        turns++;
    } while (app.view.attack_type != first && turns < 10);
    cr_assert(turns >= 2 && turns < 10);
}

/* Of names that are too long the end is shown, and what stands behind them is still there. */
Test(actions, long_names_leave_room)
{
    char long_name[2000];
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = 0;
    memcpy(long_name + sizeof long_name - 6, "/last", 5);
    data.spec = long_name;
    app.model_name = long_name;
    for (int cols = 1; cols <= 400; cols += 7) {
        cr_assert_eq(canvas_resize(&app.canvas, 24, cols), ERR_NONE);
        app.lay_out = true;
        app_look(&app);
        app_draw(&app);
        char *text = canvas_dump(&app.canvas);
        text[strcspn(text, "\n")] = 0;
        cr_assert(cols < 20 || strstr(text, "paused"), "%d columns: %s", cols, text);
        cr_assert(cols < 60 || strstr(text, "/last  paused"), "%d columns: %s", cols, text);
        free(text);
    }
    data.spec = NULL;
}

/* What it says is what the trainer does. */
Test(actions, seeking)
{
    press("[");
    cr_assert_not_null(strstr(app.message, "step 48 of 100"), "%s", app.message);
    press("[");
    cr_assert_not_null(strstr(app.message, "step 46 of 100"), "two quick keys go two strides: %s",
                       app.message);
    press("]");
    cr_assert_not_null(strstr(app.message, "step 48 of 100"), "%s", app.message);
    report.obeyed = app.ordered;
    press("]");
    cr_assert_not_null(strstr(app.message, "step 52 of 100"), "from where training says it is: %s",
                       app.message);
    press("Home");
    cr_assert_not_null(strstr(app.message, "step 0 of 100"), "%s", app.message);
    report.step = 1;
    report.obeyed = app.ordered;
    press("[");
    cr_assert_not_null(strstr(app.message, "step 0 of 100"), "%s", app.message);
    report.step = 100;
    report.obeyed = app.ordered;
    press("]");
    cr_assert_not_null(strstr(app.message, "step 100 of 100"), "%s", app.message);
    app.view.report = NULL; /* a key before the first report */
    for (const struct binding *b = bindings; b->key; b++)
        app_key(&app, b->key);
}
