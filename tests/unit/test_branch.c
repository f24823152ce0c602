/** Two branches on the screen, and slow motion: driven by scripts, read as text. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "nets.h"
#include "tensor/gemm.h"
#include "toy.h"
#include "tui/app.h"

static char folder[] = "/tmp/fovea-branch-XXXXXX";

static void set_up(void)
{
    gemm_setup();
    cr_assert(mkdtemp(folder) && chdir(folder) == 0);
}

static void tear_down(void)
{
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(branch, .init = set_up, .fini = tear_down, .timeout = 120);

/* Runs the lines; the shots are files in the folder. */
static void play(const char *script)
{
    struct app_options o = {.model = "tiny", .script = "script", .run = run_defaults(), .threads = 1};
    o.memory = 16;
    o.rows = 40;
    o.cols = 120;
    o.run.batch = 16;
    cr_assert_eq(file_write("script", script, strlen(script), NULL), ERR_NONE);
    cr_assert_eq(app_run(&o), 0);
}

/* What is on the screen, from line `first` on. The caller frees it. */
static char *screen(const char *name, int first)
{
    struct bytes b = {0};
    cr_assert_eq(file_read(name, 1 << 20, &b, NULL), ERR_NONE);
    const char *at = (const char *)b.data;
    for (int i = 0; i < first; i++)
        at = strchr(at, '\n') + 1;
    char *text = strdup(at);
    bytes_free(&b);
    return text;
}

static void assert_says(const char *name, const char *what)
{
    char *text = screen(name, 0);
    cr_assert(strstr(text, what), "no '%s' in\n%s", what, text);
    free(text);
}

Test(branch, tab_flips_all_that_is_shown)
{
    play("steps 40\nshot before\ndo seek 20\ndo fork optimizer=adam\nshot b20\nsteps 30\nshot b50\nkey "
         "Tab\nshot a\n"
         "key Tab\nshot b-again\nkey 3\nshot b-filters\nkey Tab\nshot a-filters\n");
    assert_says("b20", "B optimizer=adam  step 20 ");
    assert_says("b50", "B optimizer=adam  step 50 ");
    assert_says("a", "  A  step 40 ");
    char *before = screen("b50", 0), *again = screen("b-again", 0);
    cr_assert_str_eq(before, again);
    char *a = screen("a-filters", 1), *b = screen("b-filters", 1);
    cr_assert_str_neq(a, b, "other weights");
    free(before);
    free(again);
    free(a);
    free(b);
}

Test(branch, both_are_on_the_curves)
{
    play("do page curves\nsteps 40\nshot alone\ndo seek 20\ndo fork optimizer=adam\nsteps 40\nshot b\nkey "
         "Tab\nshot a\n");
    char *alone = screen("alone", 0);
    cr_assert_null(strstr(alone, "other"));
    cr_assert_null(strstr(alone, "\u25c6"));
    free(alone);
    for (const char *name = "ba"; *name; name++) {
        char one[2] = {*name, 0};
        assert_says(one, "other");
        assert_says(one, "\u25c6"); /* where they part */
    }
}

Test(branch, a_fork_that_changes_nothing_shows_the_same)
{
    play("key 3\nsteps 40\nshot straight\ndo seek 15\ndo fork same\nsteps 25\nshot forked\n");
    char *a = screen("straight", 1), *b = screen("forked", 1);
    cr_assert_str_eq(a, b);
    assert_says("forked", "B same  step 40 ");
    free(a);
    free(b);
}

Test(branch, every_knob_can_be_turned)
{
    play("steps 10\ndo layer conv1\n"
         "do fork rate=0.001\nsteps 3\nshot rate\ndo drop A\n"
         "do fork batchnorm\nsteps 3\nshot batchnorm\ndo drop B\n"
         "do fork dropout\nsteps 3\nshot dropout\ndo drop C\n"
         "do fork augment=shift=2\nsteps 3\nshot augment\ndo drop D\n"
         "do fork seed=12\nsteps 3\nshot seed\ndo drop E\n"
         "do fork schedule=step:every=100\nsteps 3\nshot schedule\n");
    assert_says("rate", "B rate=0.001  step 13 ");
    assert_says("rate", "rate 0.001 ");
    assert_says("batchnorm", "C batchnorm  step 16 ");
    assert_says("batchnorm", "conv1_bn");
    assert_says("batchnorm", "filters conv1");
    assert_says("dropout", "D dropout  step 19 ");
    assert_says("augment", "E augment=shift=2  step 22 ");
    assert_says("augment", "conv1_bn");
    assert_says("seed", "F seed=12  step 25 ");
    assert_says("schedule", "G schedule=step:every=100  step 28 ");
}

Test(branch, a_third_one_takes_a_place_only_when_asked_twice)
{
    play("steps 10\ndo fork rate=0.001\nsteps 5\ndo fork seed=3\nshot asked\ndo fork seed=3\nshot "
         "forked\nkey Tab\n"
         "shot old\n");
    assert_says("asked", "B rate=0.001  step 15 ");
    assert_says("forked", "C seed=3  step 15 ");
    assert_says("old", "B rate=0.001  step 15 ");
}

Test(branch, undoing_a_fork_drops_it)
{
    play("steps 10\ndo fork rate=0.001\nsteps 5\ndo undo\nshot undone\nkey Tab\nsteps 2\nshot on\n");
    assert_says("undone", " paused  step 10 ");
    assert_says("on", " paused  step 12 ");
}

Test(branch, its_past_begins_where_it_parted)
{
    play("steps 30\ndo seek 20\ndo fork rate=0.001\nsteps 30\nkey Home\nshot home\nkey End\nshot end\ndo "
         "seek 3\nshot "
         "three\nkey Tab\ndo seek 3\nshot a-three\n");
    assert_says("home", "step 20 ");
    assert_says("end", "step 50 ");
    assert_says("three", "step 20 ");
    assert_says("a-three", "A  step 3 ");
}

Test(branch, by_hand_one_trains_and_the_other_waits)
{
    play("steps 10\ndo fork seed=3\nsteps 7\nkey .\nshot b\nkey Tab\nshot a\n");
    assert_says("b", "step 18 ");
    assert_says("a", "step 10 ");
}

Test(branch, slow_motion_says_what_happens)
{
    play("steps 10\nkey s\nshot forward\nkey s\nshot loss\nkey s\nshot backward\nkey s\nshot update\nkey "
         ".\nshot on\n");
    assert_says("forward", "forward: 16 images go through; the first is taken for ");
    assert_says("forward", "input  train ");
    assert_says("loss", "loss: on average ");
    assert_says("backward", "backward: gradient of norm ");
    assert_says("backward", "step 10 ");
    assert_says("update", "update: w <- w - 0.02 v; ");
    assert_says("update", "step 11 ");
    assert_says("on", "step 12 ");
    assert_says("on", "input  test 0");
}

/* ---- running: what a script can't wait for ---- */

static struct app app;

static void pump(bool (*there)(void), const char *what)
{
    double end = clock_now() + 30;
    for (app_take(&app); !there(); app_take(&app)) {
        cr_assert_lt(clock_now(), end, "%s; %ld and %ld", what, app.view.report ? app.view.report->step : -1,
                     app.view.other ? app.view.other->step : -1);
        usleep(500);
    }
}

static bool settled(void)
{
    return branch_settled(&app);
}

static bool both_stopped(void)
{
    return app.view.report->stopped == RULE_EPOCHS && app.view.other->stopped == RULE_EPOCHS;
}

static bool both_run(void)
{
    return app.view.report->state == TRAINER_RUNNING && app.view.other->state == TRAINER_RUNNING &&
           app.view.report->step > 40 && app.view.other->step > 40;
}

static bool none_runs(void)
{
    return app.view.report->state == TRAINER_PAUSED && app.view.other->state == TRAINER_PAUSED;
}

static void open_toy(struct dataset *data)
{
    struct run_options run = run_defaults();
    *data = toy_data((struct shape){1, 8, 8}, 4, 203, 90);
    run.batch = 24;
    app = (struct app){.data = data, .options = {.memory = 4, .threads = 1, .run = run}, .speed = 400};
    trainer_race_init(&app.race);
    struct net *net = net_of("input 1x8x8\nconv 2 3x3\nrelu\nflatten\ndense 4\n");
    view_init(&app.view, net, data);
    cr_assert_eq(branch_open(&app, 0, net, &run,
                             (struct trainer_options){.paused = true, .speed = 400, .timeline = 1 << 20},
                             NULL),
                 ERR_NONE);
    branch_show(&app, 0);
    pump(settled, "the beginning");
}

static void close_toy(void)
{
    for (int i = 0; i < BRANCHES; i++)
        branch_close(&app.branch[i]);
}

Test(branch, both_train_and_stop_by_the_same_rule)
{
    struct dataset data;
    open_toy(&data);
    cr_assert(app_do(&app, "step 30"));
    pump(settled, "30 steps");
    cr_assert(app_do(&app, "seek 10; fork optimizer=adam"));
    pump(settled, "the fork");
    cr_assert_eq(app.view.report->step, 10);
    cr_assert_eq(app.view.other->step, 30, "the old branch is at its end again");
    cr_assert(app_do(&app, "stop epochs 7; pause off"));
    pump(both_stopped, "7 epochs");
    cr_assert_eq(app.view.report->step, 63);
    cr_assert_eq(app.view.other->step, 63);
    cr_assert_eq(app.view.other->history.series[HISTORY_TRAIN_LOSS].count, 63);
    close_toy();
}

Test(branch, who_steps_by_hand_stops_both)
{
    struct dataset data;
    open_toy(&data);
    cr_assert(app_do(&app, "fork seed=4"));
    pump(settled, "the fork");
    cr_assert(app_do(&app, "pause off"));
    pump(both_run, "both run");
    cr_assert(app_do(&app, "seek back"));
    pump(none_runs, "looking back pauses");
    long furthest = app.view.report->furthest, other = app.view.other->step;
    cr_assert_gt(furthest, app.view.report->step);
    cr_assert(app_do(&app, "branch other"));
    cr_assert(app_do(&app, "pause off"));
    pump(both_run, "both run again");
    cr_assert_geq(app.view.other->step, furthest, "what lies behind a step that is looked at isn't lost");
    cr_assert_geq(app.view.report->step, other);
    cr_assert(app_do(&app, "pause on"));
    pump(none_runs, "both pause");
    close_toy();
}

Test(branch, unsaved_until_it_is_saved)
{
    struct dataset data;
    open_toy(&data);
    cr_assert_not(branch_unsaved(&app));
    cr_assert(app_do(&app, "step 5"));
    pump(settled, "5 steps");
    cr_assert(branch_unsaved(&app));
    branch_saved(&app);
    cr_assert_not(branch_unsaved(&app));
    cr_assert(app_do(&app, "fork seed=4; step 1"));
    pump(settled, "the fork");
    cr_assert(branch_unsaved(&app));
    close_toy();
}

/* ---- sentences ---- */

Test(captions, say_why_training_stopped)
{
    app = (struct app){0};
    struct trainer_report r = {.stopped = RULE_EPOCHS, .stop_epochs = 3};
    char text[256];
    cr_assert_not(app_caption(&app, text, sizeof text));
    app.view.report = &r;
    cr_assert(app_caption(&app, text, sizeof text));
    cr_assert_str_eq(text, "stopped: 3 epochs are done, as was asked; Space goes on");
    r = (struct trainer_report){
        .stopped = RULE_ACCURACY, .stop_accuracy = 0.98, .test_accuracy = 0.9812, .test_step = 400};
    cr_assert(app_caption(&app, text, sizeof text));
    cr_assert_str_eq(
        text,
        "stopped: 98.1 % of the test images were right at step 400, 98 % were asked for; Space goes on");
    r.stopped = RULE_NONE;
    cr_assert_not(app_caption(&app, text, sizeof text));
}

Test(captions, each_phase_lights_some_panel_and_dims_another)
{
    app = (struct app){0};
    struct trainer_report r = {0};
    app.view.report = &r;
    for (int i = 0; panel_types[i]; i++)
        cr_assert_not(app_phase_dims(&app, panel_types[i]), "nothing is dimmed outside of slow motion");
    for (int phase = PHASE_FORWARD; phase < PHASES; phase++) {
        int dim = 0, count = 0;
        r.slow.phase = (enum trainer_phase)phase;
        for (; panel_types[count]; count++)
            dim += app_phase_dims(&app, panel_types[count]);
        cr_assert(dim > 0 && dim < count, "phase %d: %d of %d", phase, dim, count);
    }
}
