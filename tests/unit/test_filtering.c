/** The filter lab by its actions: chains, knobs, cells, templates; what is undone; what a state line brings back; large pictures. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "nn/model.h"
#include "toy.h"
#include "tui/app.h"
#include "tui/filtering.h"
#include "tui/panels/stages.h"

static struct net *net;
static struct dataset data;
static struct app app;
static const struct style style = {.rung = RUNG_256, .utf8 = true};

static void setup(void)
{
    cr_assert_eq(model_parse("input 1x8x8\nconv 2 3x3\nrelu\nflatten\ndense 4\n", "model", NULL, &net, NULL),
                 ERR_NONE);
    data = toy_data((struct shape){1, 8, 8}, 4, 203, 90);
    app = (struct app){.net = net, .data = &data, .model_name = "toy", .options.data = "toy"};
    view_init(&app.view, net, &data);
    cr_assert_eq(canvas_init(&app.canvas, 50, 160, &style), ERR_NONE);
    cr_assert(app_enter(&app, lab_find("filter")), "%s", app.message);
    app.lay_out = true;
    app_look(&app);
}

static void teardown(void)
{
    for (int i = 0; all_labs[i]; i++)
        if (all_labs[i]->close)
            all_labs[i]->close(&app);
    canvas_fini(&app.canvas);
    net_free(net);
}

TestSuite(filtering, .init = setup, .fini = teardown, .timeout = 60);

static struct filtering *lab(void)
{
    return app.view.filtering;
}

static void does(const char *line)
{
    *app.message = 0;
    cr_assert(app_do(&app, line), "%s: %s", line, app.message);
    app_look(&app);
}

/* It is said why not, and the chain is as before. */
static void says(const char *line, const char *words)
{
    does(line);
    cr_assert(strstr(app.message, words), "%s: %s", line, app.message);
}

static void chain_is(const char *words)
{
    struct text t = {0};
    char brief[100];
    for (int i = 0; i < lab()->asked.stages; i++) {
        filtering_brief(&lab()->asked.stage[i], brief, sizeof brief);
        text_format(&t, "%s%s", i ? " | " : "", brief);
    }
    cr_assert_str_eq(text_str(&t), words);
    cr_assert(lab()->stale || lab()->seen.stages == lab()->asked.stages);
    text_free(&t);
}

Test(filtering, stages_come_and_go)
{
    does("remove all; picture towers");
    chain_is("");
    does("insert uniform; insert relu; stage 1; insert edge:angle=30,k=5");
    chain_is("uniform k=3 | edge angle=30 k=5 | relu");
    cr_assert_eq(lab()->stage, 1);
    does("filter gaussian:k=9");
    chain_is("uniform k=3 | gaussian k=9 sigma=2 | relu");
    does("remove");
    chain_is("uniform k=3 | relu");
    does("insert abs; insert max:k=2");
    says("insert abs", "4 stages");
    does("filter next");
    cr_assert_str_neq(lab()->asked.stage[3].type ? lab()->asked.stage[3].type->name : "", "max");
    for (int i = 0; i < 5; i++)
        cr_assert(app_undo(&app), "%d", i);
    chain_is("uniform k=3 | edge angle=30 k=5 | relu");
    says("filter kitchen", "no stage 'kitchen'");
    says("insert uniform:k=0", "k");
    says("filter max:k=110", "fit");
    chain_is("uniform k=3 | edge angle=30 k=5 | relu");
    cr_assert_not(app_do(&app, "insert"));
    cr_assert_not(app_do(&app, "remove it"));
    cr_assert_not(app_do(&app, "stage 0"));
}

/* Every row of the tables can be reached by one key. */
Test(filtering, every_filter_in_turn)
{
    int kinds = 0;
    does("remove all; insert uniform; picture shapes");
    for (int i = 0; kernel_types[i]; i++)
        kinds++;
    for (int i = 0; stage_types[i]; i++)
        kinds++;
    for (int i = 0; i < kinds; i++) {
        does("filter next");
        cr_assert(!strstr(app.message, "no "), "%s", app.message);
    }
    chain_is("uniform k=3");
    does("filter before");
    cr_assert_str_eq(lab()->asked.stage[0].type->name, "template");
}

/* L35: at any angle, and around. L27, L28: k and sigma live. */
Test(filtering, knobs_turn)
{
    does("remove all; insert edge:angle=0; knob angle; turn more");
    chain_is("edge angle=5 k=3");
    does("turn 357; turn more");
    chain_is("edge angle=0 k=3");
    does("turn less");
    chain_is("edge angle=-5 k=3");
    does("turn 33.5; turn less");
    chain_is("edge angle=30 k=3");
    does("knob k; turn more; turn more");
    chain_is("edge angle=30 k=7");
    does("filter gaussian:k=7,sigma=2; knob sigma; turn more");
    chain_is("gaussian k=7 sigma=2.1");
    cr_assert_not(lab()->asked.stage[0].kernel.narrow);
    does("turn 4");
    cr_assert(lab()->asked.stage[0].kernel.narrow, "7 < 2*4");
    does("knob k; turn 8; knob sigma; turn 4");
    cr_assert_float_eq(lab()->asked.stage[0].kernel.kept_rows, erf(1), 1e-9, "L28");
    does("knob form; turn next");
    chain_is("gaussian k=8 sigma=4 usual");
    cr_assert(app_undo(&app));
    chain_is("gaussian k=8 sigma=4");
    does("knob k; turn less; turn 1; turn less");
    chain_is("gaussian k=1 sigma=4");
    says("turn 1000", "255");
    says("knob kitchen", "no knob 'kitchen'");
    cr_assert_not(app_do(&app, "turn 3,sigma=9"));
    does("filter relu");
    says("turn more", "no knobs");
    does("remove all");
    says("turn more", "empty");
}

/* A changed cell makes a typed kernel. */
Test(filtering, cells_are_typed)
{
    does("remove all; insert sobel; weight 1 1 5");
    chain_is("custom 3x3");
    cr_assert_float_eq(lab()->asked.stage[0].kernel.w.data[4], 5, 0);
    app.view.place[panel_index(&panel_taps)] = (struct place){0, 0, 2};
    does("weight more; weight more");
    cr_assert_float_eq(lab()->asked.stage[0].kernel.w.data[2], 3, 0);
    does("filter custom:0 1 2/2 2 0/0 1 2");
    cr_assert_float_eq(lab()->asked.stage[0].kernel.w.data[3], 2, 0, "L23");
    says("weight 3 0 1", "no such cell");
    does("filter relu");
    says("weight 1", "no kernel");
    does("filter uniform:k=15; filter custom");
    chain_is("custom 3x3");
}

/* L31, L34. */
Test(filtering, a_template_is_cut_out)
{
    does("remove all; picture shapes; focus stages");
    app.view.place[panel_index(&panel_stages)] = (struct place){0, 1, 1};
    app.view.pointing = true;
    does("crop begin");
    cr_assert_str_eq(app.mode, "crop");
    for (int i = 0; i < 17; i++)
        does("cursor down; cursor right");
    app_draw(&app);
    does("crop end");
    cr_assert(!app.mode && !lab()->cutting);
    chain_is("template row=1 col=1 rows=18 cols=18 least=0.8");
    cr_assert_eq(lab()->seen.result[1].peaks, 2, "in its colour");
    cr_assert_eq(lab()->piece.shape.h, 18);
    does("grey on");
    cr_assert_eq(lab()->seen.result[1].peaks, 5);
    does("peak next; peak next");
    struct place at = stages_place(&app.view);
    cr_assert(at.tile == 1 && at.row == lab()->seen.result[1].peak[1].row &&
              at.col == lab()->seen.result[1].peak[1].col);
    does("crop 21 21 18 18");
    chain_is("template row=21 col=21 rows=18 cols=18 least=0.8");
    cr_assert(app_undo(&app));
    chain_is("template row=1 col=1 rows=18 cols=18 least=0.8");
    says("crop 50 90 18 18", "template");
    does("crop begin; crop off");
    cr_assert(!app.mode);
    does("crop begin; crop end");
    cr_assert(strstr(app.message, "at least 2"), "%s", app.message);
}

/* A picture for which a stage is too large ends the chain early, and the next one lets it go on. */
Test(filtering, pictures)
{
    does("remove all; insert max:k=40; insert relu");
    says("picture point", "fit");
    cr_assert(lab()->seen.results == 1 && *lab()->trouble);
    app_look(&app);
    app_draw(&app);
    does("picture towers");
    cr_assert(lab()->seen.results == 3 && !*lab()->trouble);
    does("picture next; picture before");
    cr_assert_str_eq(lab()->source, "towers");
    cr_assert(app_undo(&app));
    cr_assert_str_neq(lab()->source, "towers");
    says("picture nowhere.png", "nowhere.png");
    does("remove all; picture sample");
    cr_assert(lab()->original.shape.h == 8 && lab()->original.shape.c == 1);
    float x[64];
    dataset_read_floats(&data, SPLIT_TEST, 0, x);
    cr_assert_arr_eq(lab()->original.data, x, sizeof x);
    for (int i = 0; i < 40; i++) {
        char was[32];
        strcpy(was, lab()->source);
        does("picture random");
        cr_assert_str_neq(lab()->source, was);
    }
}

/* L26, L29: blur takes noise away. Other results have no error to the picture. */
Test(filtering, recipes)
{
    for (int i = 0; recipes[i].name; i++) {
        char line[40];
        snprintf(line, sizeof line, "recipe %s", recipes[i].name);
        does(line);
        cr_assert(!*lab()->trouble && lab()->seen.results == lab()->seen.stages + 1, "%s: %s", line,
                  lab()->trouble);
        does("recipe next");
        cr_assert_str_eq(lab()->source, recipes[(i + 1) % recipes_count()].picture);
        cr_assert(app_undo(&app));
        cr_assert_str_eq(lab()->source, recipes[i].picture);
    }
    does("recipe denoise");
    cr_assert_lt(lab()->seen.result[2].rmse, 0.7 * lab()->seen.result[1].rmse);
    char text[120];
    filtering_numbers(lab(), 2, text, sizeof text);
    cr_assert(strstr(text, "PSNR"), "%s", text);
    does("recipe angle");
    filtering_numbers(lab(), 1, text, sizeof text);
    cr_assert_not(strstr(text, "PSNR"), "%s", text);
    does("recipe find");
    cr_assert_eq(lab()->seen.result[1].peaks, 3);
}

Test(filtering, borders)
{
    does("remove all; picture towers; insert uniform:k=5");
    float with = lab()->seen.result[1].image.data[0];
    does("border zero");
    cr_assert_lt(lab()->seen.result[1].image.data[0], 0.7f * with);
    does("extent valid");
    cr_assert_eq(lab()->seen.result[1].image.shape.h, 92);
    does("extent next; extent next");
    cr_assert_eq(lab()->seen.result[1].image.shape.h, 100);
    cr_assert(app_undo(&app) && app_undo(&app) && app_undo(&app) && app_undo(&app));
    cr_assert_float_eq(lab()->seen.result[1].image.data[0], with, 0);
}

/* What `state` writes leads to the same chain and picture, from any other. */
Test(filtering, state)
{
    struct text line = {0};
    does("picture shapes; grey on; border zero; extent full; remove all; insert gabor:angle=30; insert "
         "custom:1 "
         "-0.1/0.3333333433 2; insert template:rows=4; stage 1; knob wavelength; turn 7");
    lab_find("filter")->state(&app, &line);
    char *kept = text_copy(text_str(&line));
    text_free(&line);
    does("recipe find; grey off; border repeat; extent same");
    does(kept);
    lab_find("filter")->state(&app, &line);
    cr_assert_str_eq(text_str(&line), kept);
    text_free(&line);
    free(kept);
}

static void wait_for_results(void)
{
    double until = clock_now() + 30;
    while (lab()->stale) {
        cr_assert_lt(clock_now(), until);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        lab_find("filter")->take(&app);
    }
}

/* A large picture is computed in the background: until then what is seen is of before, and said to be. */
Test(filtering, large_pictures)
{
    struct image p = {{1, 1500, 1400}, mem_floats((size_t)1500 * 1400)};
    struct diag diag = {0};
    char path[] = "/tmp/fovea-large-XXXXXX", line[64], title[80];
    p.data[700 * 1400 + 600] = 1;
    close(mkstemp(path));
    cr_assert_eq(image_write_png(path, p.shape, p.data, NULL), ERR_NONE);
    does("remove all; insert gaussian:k=31,sigma=9; insert edge:angle=10,k=7");
    snprintf(line, sizeof line, "picture %s", path);
    does(line);
    cr_assert(lab()->stale && lab()->seen.result[0].image.shape.h != 1500);
    panel_stages.title_text(&app.view, title, sizeof title);
    cr_assert(strstr(title, "computing"), "%s", title);
    app_look(&app);
    app_draw(&app);
    wait_for_results();
    cr_assert(lab()->seen.results == 3 && lab()->seen.result[2].image.shape.h == 1500);
    does("turn more; turn more; turn less"); /* the newest counts */
    cr_assert(lab()->stale);
    wait_for_results();
    cr_assert_float_eq(lab()->seen.stage[1].kernel.value[0], lab()->asked.stage[1].kernel.value[0], 0);
    does("turn more; picture point"); /* what is under way is out of date */
    cr_assert_not(lab()->stale);
    nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);
    lab_find("filter")->take(&app);
    cr_assert_eq(lab()->seen.result[0].image.shape.h, 31);
    does(line);
    says("filter gabor:k=255,angle=33", "multiplications");
    unlink(path);
    image_fini(&p);
    p = (struct image){{1, 2100, 2100}, mem_floats((size_t)2100 * 2100)};
    cr_assert_eq(filtering_picture(lab(), "huge", &p, &diag), ERR_RANGE);
    cr_assert(strstr(diag.text, "2100 x 2100"), "%s", diag.text);
    image_fini(&p);
}

/* All windows follow one place; over an edge of one is the next. */
Test(filtering, the_cursor_goes_from_stage_to_stage)
{
    does("remove all; picture towers; insert max:k=2; focus stages");
    struct place *at = &app.view.place[panel_index(&panel_stages)];
    *at = (struct place){0, 10, 143};
    app.view.pointing = true;
    does("cursor right");
    cr_assert(at->tile == 1 && at->row == 10 && at->col == 0, "%d %d,%d", at->tile, at->row, at->col);
    does("cursor left");
    cr_assert(at->tile == 0 && at->col == 143);
    *at = (struct place){1, 20, 30};
    app_point_update(&app);
    app_draw(&app);
    char *screen = canvas_dump(&app.canvas), text[200];
    stages_explain(&app.view, *at, text, sizeof text);
    cr_assert(strstr(text, "max (20,30) red"), "%s", text);
    cr_assert(strstr(screen, "of 96x144"), "%s", screen);
    free(screen);
    does("press");
    cr_assert_eq(lab()->stage, 0);
}
