/** The table of labs: complete, and each can be entered, arranged for itself, and left. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "nn/model.h"
#include "toy.h"
#include "tui/app.h"

Test(lab, complete)
{
    char known[120];
    labs_list(", ", known, sizeof known);
    for (int i = 0; all_labs[i]; i++) {
        const struct lab *lab = all_labs[i];
        cr_assert_lt(i, LABS_MOST);
        cr_assert_eq(lab_find(lab->name), lab);
        cr_assert_eq(lab_index(lab), i);
        cr_assert(strstr(known, lab->name) && *lab->title && *lab->help && *lab->lecture == 'L', "%s",
                  lab->name);
        cr_assert_not_null(lab->panels[0], "%s", lab->name);
        for (int k = 0; lab_page(lab, k); k++)
            for (int other = 0; other < k; other++)
                cr_assert_neq(lab_page(lab, k), lab_page(lab, other), "%s twice in %s",
                              lab_page(lab, k)->name, lab->name);
    }
    const struct lab *filter = lab_find("filter");
    int shown = 0, pages = 0;
    while (filter->panels[shown])
        shown++;
    while (filter->pages[pages])
        pages++;
    cr_assert(shown > 0 && pages > 0);
    cr_assert_eq(lab_page(filter, shown - 1), filter->panels[shown - 1]);
    cr_assert_eq(lab_page(filter, shown), filter->pages[0]);
    cr_assert_eq(lab_page(filter, shown + pages - 1), filter->pages[pages - 1]);
    cr_assert_null(lab_page(filter, shown + pages));
    cr_assert_null(lab_page(lab_find("train"), 40));
    cr_assert_null(lab_find("kitchen"));
    labs_list(", ", known, 8);
    cr_assert_lt(strlen(known), 8);
}

static struct net *net;
static struct dataset data;
static struct app app;
static const struct style style = {.rung = RUNG_256, .utf8 = true};

static void setup(void)
{
    struct trainer_options options = {.speed = 1000};
    struct run_options run = run_defaults();
    cr_assert_eq(model_parse("input 1x8x8\nconv 2 3x3\nrelu\nflatten\ndense 4\n", "model", NULL, &net, NULL),
                 ERR_NONE);
    data = toy_data((struct shape){1, 8, 8}, 4, 203, 90);
    app = (struct app){.net = net, .data = &data, .speed = 1000, .model_name = "toy"};
    view_init(&app.view, net, &data);
    cr_assert_eq(own_init(&app.view.own, net->in, NULL), ERR_NONE);
    cr_assert_eq(trainer_new(net, &data, &run, &options, &app.trainer, NULL), ERR_NONE);
    cr_assert_eq(canvas_init(&app.canvas, 50, 160, &style), ERR_NONE);
    app.lay_out = true;
}

static void teardown(void)
{
    for (int i = 0; all_labs[i]; i++)
        if (all_labs[i]->close)
            all_labs[i]->close(&app);
    neuron_free(atomic_load(&app.branch[0].neuron));
    app_close_sweeping(&app);
    trainer_free(app.trainer);
    own_fini(&app.view.own);
    canvas_fini(&app.canvas);
    net_free(net);
}

TestSuite(labs, .init = setup, .fini = teardown, .timeout = 60);

static void wait_for(enum trainer_state state)
{
    double until = clock_now() + 30;
    for (;;) {
        const struct trainer_report *r = trainer_report(app.trainer);
        app.view.report = r ? r : app.view.report;
        if (app.view.report && app.view.report->state == state)
            return;
        cr_assert(clock_now() < until, "training isn't %d", (int)state);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
}

/* Training rests exactly where the lab says so, and goes on afterwards. */
Test(labs, each_is_entered_and_left)
{
    for (int i = 1; all_labs[i]; i++) {
        const struct lab *lab = all_labs[i];
        wait_for(TRAINER_RUNNING);
        cr_assert(app_enter(&app, lab), "%s: %s", lab->name, app.message);
        cr_assert_eq(app_lab(&app), lab);
        wait_for(lab->rests ? TRAINER_PAUSED : TRAINER_RUNNING);
        app_look(&app);
        app_draw(&app);
        char *screen = canvas_dump(&app.canvas);
        cr_assert(strstr(screen, lab->title), "%s", screen);
        free(screen);
        cr_assert(app_enter(&app, all_labs[0]));
    }
    wait_for(TRAINER_RUNNING);
}

Test(labs, panels_are_arranged_for_each)
{
    const struct lab *attack = lab_find("attack");
    cr_assert(app_do(&app, "lab attack"));
    cr_assert(app_do(&app, "page 3"));
    cr_assert_eq(app.alone, attack->panels[1]);
    cr_assert(app_do(&app, "lab before; lab next; lab train"));
    cr_assert_null(app.alone);
    cr_assert(app_do(&app, "lab attack"));
    cr_assert_eq(app.alone, attack->panels[1]);
    cr_assert(app_undo(&app));
    cr_assert_eq(app_lab(&app), all_labs[0]);
    cr_assert(app_do(&app, "page 60"));
    cr_assert_not_null(strstr(app.message, "pages"), "%s", app.message);
    cr_assert_not(app_do(&app, "lab kitchen"));
}
