/** The attack lab's own: drawings within a budget, predictions that are judged, verdicts, and the actions that set and take back all of it. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "nn/model.h"
#include "observe/probe.h"
#include "observing.h"
#include "toy.h"
#include "tui/app.h"
#include "tui/fooling.h"
#include "tui/panels/panels.h"

enum { SIDE = 8, CLASSES = 4 };

static struct net *net;
static struct dataset data;
static struct moment moment;
static struct probe probe;
static struct app app;
static struct answers answers;
static struct fooling *f;
static const struct style style = {.rung = RUNG_256, .utf8 = true};

static void setup(void)
{
    struct run_options run = run_defaults();
    struct trainer_options options = {.paused = true};
    cr_assert_eq(model_parse("input 1x8x8\nconv 2 3x3\nrelu\nflatten\ndense 4\n", "model", NULL, &net, NULL),
                 ERR_NONE);
    data = toy_data((struct shape){1, SIDE, SIDE}, CLASSES, 203, 90);
    app = (struct app){.net = net, .data = &data, .speed = 1000, .model_name = "toy"};
    answers = (struct answers){0};
    view_init(&app.view, net, &data);
    observed_moment(&moment, net, 3);
    cr_assert_eq(probe_init(&probe, net, NULL), ERR_NONE);
    answers.sample.x = observed_floats(shape_count(net->in));
    cr_assert_eq(own_init(&app.view.own, net->in, NULL), ERR_NONE);
    cr_assert_eq(trainer_new(net, &data, &run, &options, &app.trainer, NULL), ERR_NONE);
    cr_assert_eq(canvas_init(&app.canvas, 50, 160, &style), ERR_NONE);
    cr_assert(app_enter(&app, lab_find("attack")));
    app_look(&app);
    f = app.view.fooling;
    fooling_follow(f, &app.view);
}

static void teardown(void)
{
    lab_find("attack")->close(&app);
    for (int i = 0; i < QUESTIONS_MAX; i++)
        answer_fini(&answers.answer[i]);
    free(answers.sample.x);
    trainer_free(app.trainer);
    own_fini(&app.view.own);
    canvas_fini(&app.canvas);
    probe_fini(&probe);
    moment_fini(&moment);
    net_free(net);
}

TestSuite(fooling, .init = setup, .fini = teardown, .timeout = 60);

/* What the observer would answer to the questions of these panels. */
static void answer(const struct panel_type *a, const struct panel_type *b)
{
    const struct panel_type *panels[] = {a, b};
    struct question asked[QUESTIONS_MAX];
    struct sample *s = &answers.sample;
    int count = panels_ask(&app.view, panels, 2, asked);
    fooling_follow(f, &app.view);
    s->index = app.view.index;
    s->label = dataset_read_floats(&data, app.view.split, app.view.index, s->x);
    s->other = f->x;
    probe_run(&probe, &moment, s);
    for (int i = 0; i < count; i++)
        cr_assert(probe_answer(&probe, &asked[i], &answers.answer[i]));
    s->other = NULL;
    answers.count = count;
    answers.serial = app.inquiry.serial = 1;
    app.view.answers = &answers;
}

Test(fooling, pixels_stay_in_the_budget)
{
    cr_assert(app_do(&app, "budget pixels 2"));
    cr_assert(fooling_mark(f, 0, 0, MARK_LIGHTER) && fooling_mark(f, 7, 7, MARK_DARKER));
    cr_assert_not(fooling_mark(f, 3, 3, MARK_LIGHTER), "a third one");
    cr_assert(fooling_mark(f, 0, 0, MARK_DARKER), "the other way costs nothing");
    cr_assert_eq(fooling_marked(f), 2);
    fooling_follow(f, &app.view);
    cr_assert(f->x[0] == 0 && f->x[63] == 0 && f->x[1] == f->clean[1]);
    cr_assert(fooling_mark(f, 0, 0, MARK_NONE) && fooling_mark(f, 3, 3, MARK_LIGHTER), "one is free again");
    fooling_follow(f, &app.view);
    cr_assert(f->x[0] == f->clean[0] && f->x[27] == 1);
}

Test(fooling, epsilon_bounds_every_pixel)
{
    cr_assert(app_do(&app, "budget epsilon 0.25"));
    for (int i = 0; i < SIDE * SIDE; i++)
        cr_assert(fooling_mark(f, i / SIDE, i % SIDE, i % 2 ? MARK_LIGHTER : MARK_DARKER));
    fooling_follow(f, &app.view);
    for (int i = 0; i < SIDE * SIDE; i++) {
        float to = f->clean[i] + (i % 2 ? 0.25f : -0.25f);
        cr_assert_float_eq(f->x[i], to < 0 ? 0 : to > 1 ? 1 : to, 1e-6);
        cr_assert_float_eq(f->changes_drawn[i], f->x[i] - f->clean[i], 1e-6);
    }
    unsigned long version = f->version;
    cr_assert(app_do(&app, "budget epsilon 0.1"));
    fooling_follow(f, &app.view);
    cr_assert(f->version > version && f->x[1] <= f->clean[1] + 0.1f + 1e-6f, "epsilon is live");
}

Test(fooling, a_drawing_stays_with_its_sample)
{
    struct text row = {0};
    cr_assert(app_do(&app, "fool row 2 .+-....+"));
    cr_assert(app_do(&app, "sample 5"));
    fooling_follow(f, &app.view);
    cr_assert_eq(fooling_marked(f), 0);
    cr_assert(app_do(&app, "sample 0"));
    fooling_follow(f, &app.view);
    fooling_row(f, 2, &row);
    cr_assert_str_eq(text_str(&row), ".+-....+");
    text_free(&row);
    for (int i = 1; i <= DRAWINGS_KEPT; i++) { /* as many others: the oldest is forgotten */
        app.view.index = i;
        fooling_follow(f, &app.view);
    }
    app.view.index = 0;
    fooling_follow(f, &app.view);
    cr_assert_eq(fooling_marked(f), 0);
}

static int says(const char *part)
{
    const struct part *p = view_part(&app.view, "attack", 0, part);
    return argmax(CLASSES, p->data);
}

Test(fooling, verdicts)
{
    bool fooled;
    answer(&panel_lanes, &panel_film);
    answers.sample.label = 2;
    cr_assert_str_eq(fooling_verdict(&app.view, 1, 2, &fooled), "FOOLED");
    cr_assert(fooled);
    cr_assert_str_eq(fooling_verdict(&app.view, 2, 2, &fooled), "still right");
    cr_assert(!fooled);
    cr_assert_str_eq(fooling_verdict(&app.view, 1, 1, NULL), "was wrong before");
    app.view.attack.targeted = true;
    app.view.target = 3;
    cr_assert_str_eq(fooling_verdict(&app.view, 3, 2, &fooled), "TARGET HIT");
    cr_assert(fooled);
    cr_assert_str_eq(fooling_verdict(&app.view, 1, 2, &fooled), "wrong, target missed");
    cr_assert(!fooled);
    app.view.attack.targeted = false;
    answers.sample.label = -1;
    cr_assert_str_eq(fooling_verdict(&app.view, 1, 1, &fooled), "as before");
    cr_assert_str_eq(fooling_verdict(&app.view, 0, 1, &fooled), "FOOLED");
}

Test(fooling, a_verdict_is_hidden_until_it_was_predicted)
{
    cr_assert(!fooling_hides(&app.view));
    cr_assert(app_do(&app, "epsilon 0.3") && app_do(&app, "predict on"));
    answer(&panel_lanes, &panel_film);
    bool fooled = says("p_adversarial") != answers.sample.label;
    cr_assert(fooling_hides(&app.view) && !fooling_judge(f, &app.view));
    cr_assert(app_do(&app, fooled ? "predict fooled" : "predict right"));
    cr_assert(!fooling_hides(&app.view));
    lab_find("attack")->take(&app);
    cr_assert(f->right == 1 && f->judged == 1);
    lab_find("attack")->take(&app);
    cr_assert_eq(f->judged, 1, "once");
    cr_assert(app_do(&app, "predict right"));
    cr_assert_eq(f->judged, 1, "it is known already");
    cr_assert(app_do(&app, "epsilon 0.001"));
    cr_assert(fooling_hides(&app.view), "another attack is another question");
    answer(&panel_lanes, &panel_film);
    bool again = says("p_adversarial") != answers.sample.label;
    cr_assert(app_do(&app, again ? "predict right" : "predict fooled"));
    lab_find("attack")->take(&app);
    cr_assert(f->right == 1 && f->judged == 2, "that was wrong");
    cr_assert(app_undo(&app));
    cr_assert(f->right == 1 && f->judged == 1 && fooling_hides(&app.view));
}

/* What the panel says of the drawing is what the network says of it. */
Test(fooling, the_network_sees_the_drawing)
{
    cr_assert(app_do(&app, "fool row 0 ++++++++") && app_do(&app, "fool row 1 --------"));
    answer(&panel_fool, &panel_fool);
    struct pass *pass = observed_pass(&moment, f->x, 0);
    const struct part *z = view_part(&app.view, "change", 0, "logits");
    for (int k = 0; k < CLASSES; k++)
        cr_assert_float_eq(z->data[k], pass_logits(pass)[k], 1e-5);
    pass_free(pass);
    struct question q = fooling_rival(&app.view);
    cr_assert_str_eq(q.type->name, "pixels");
    cr_assert_eq(q.options.iterations, f->pixels);
    cr_assert_not_null(answers_find(&answers, &q));
    cr_assert(app_do(&app, "budget epsilon 0.2"));
    q = fooling_rival(&app.view);
    cr_assert(strcmp(q.type->name, "attack") == 0 && q.options.norm == NORM_LINF);
    cr_assert_float_eq(q.options.eps, 0.2, 1e-6);
}

Test(fooling, everything_can_be_undone)
{
    static const char *const lines[] = {
        "changes on",          "magnify 7",        "magnify more",        "predict on",  "predict score 3 4",
        "budget pixels 9",     "budget more",      "budget epsilon 0.2",  "budget next", "budget next",
        "fool at 1 2 lighter", "fool at 1 2 next", "fool row 7 +-.+-.+-", "fool clear",  "fool at 0 0 darker",
        "iterations 7",        "iterations more",  "iterations own",      "target 3",    "target next",
        "target before"};
    static struct fooling was[ARRAY_LEN(lines)];
    static struct view view[ARRAY_LEN(lines)];
    static int8_t marks[ARRAY_LEN(lines)][SIDE * SIDE];
    for (int i = 0; i < ARRAY_LEN(lines); i++) {
        was[i] = *f;
        view[i] = app.view;
        memcpy(marks[i], f->now->mark, sizeof marks[i]);
        cr_assert(app_do(&app, lines[i]), "%s: %s", lines[i], app.message);
    }
    for (int i = ARRAY_LEN(lines) - 1; i >= 0; i--) {
        cr_assert(app_undo(&app), "%s", lines[i]);
        cr_assert(f->changes == was[i].changes && f->gain == was[i].gain, "%s", lines[i]);
        cr_assert(f->predicting == was[i].predicting && f->right == was[i].right, "%s", lines[i]);
        cr_assert(f->budget == was[i].budget && f->pixels == was[i].pixels && f->epsilon == was[i].epsilon,
                  "%s", lines[i]);
        cr_assert_arr_eq(f->now->mark, marks[i], sizeof marks[i], "%s", lines[i]);
        cr_assert(app.view.attack.iterations == view[i].attack.iterations &&
                      app.view.attack.targeted == view[i].attack.targeted,
                  "%s", lines[i]);
        cr_assert(!view[i].attack.targeted || app.view.target == view[i].target, "%s", lines[i]);
    }
}

Test(fooling, arguments)
{
    static const char *const wrong[] = {"changes maybe",
                                        "magnify",
                                        "magnify 0",
                                        "predict",
                                        "predict x",
                                        "predict score 2",
                                        "predict score 3 2",
                                        "budget",
                                        "budget x",
                                        "budget pixels 0",
                                        "budget epsilon 2",
                                        "budget pixels 3 4",
                                        "fool",
                                        "fool x",
                                        "fool at 8 0 lighter",
                                        "fool at 0 0 x",
                                        "fool row 0 ...",
                                        "fool row 8 ........",
                                        "fool row 0 x.......",
                                        "target 4",
                                        "target x",
                                        "iterations 0",
                                        "iterations x"};
    for (int i = 0; i < ARRAY_LEN(wrong); i++) {
        cr_assert_not(app_do(&app, wrong[i]), "'%s'", wrong[i]);
        cr_assert_eq(app.undos, 0, "'%s'", wrong[i]);
    }
    struct fooling *mine = app.view.fooling;
    app.view.fooling = NULL;
    cr_assert(app_do(&app, "fool clear") && strstr(app.message, "attack lab"), "%s", app.message);
    app.view.fooling = mine;
}

/* The lines of the lab lead back to it. */
Test(fooling, its_state_is_lines)
{
    struct text out = {0};
    cr_assert(app_do(&app, "changes on") && app_do(&app, "budget pixels 5") &&
              app_do(&app, "fool row 3 ..+--+.."));
    cr_assert(app_do(&app, "predict on") && app_do(&app, "predict score 2 6"));
    lab_find("attack")->state(&app, &out);
    lab_find("attack")->close(&app);
    app.view.fooling = NULL;
    cr_assert(lab_find("attack")->enter(&app));
    f = app.view.fooling;
    cr_assert(app_do(&app, text_str(&out)), "%s: %s", text_str(&out), app.message);
    cr_assert(f->changes && f->pixels == 5 && f->budget == BUDGET_PIXELS && f->predicting && f->right == 2 &&
              f->judged == 6);
    cr_assert(fooling_marked(f) == 4 && fooling_mark_at(f, 3, 3) == MARK_DARKER);
    text_free(&out);
}

static void mouse(int row, int col, int button, char what)
{
    struct rect r = app_placed(&app, &panel_fool)->frame;
    app_mouse(&app, (struct mouse){.row = r.row + 1 + row,
                                   .col = r.col + 1 + col,
                                   .button = button,
                                   .pressed = what == 'p',
                                   .dragged = what == 'd',
                                   .released = what == 'r'});
}

/* Eight pixels a picture at zoom 1 to 8: wherever a cell is, its pixel is what `hit` says. */
static struct place under(int row, int col)
{
    struct rect r = app_placed(&app, &panel_fool)->frame;
    struct place at = {0};
    cr_assert(panel_fool.hit(&app.view, r.rows - 2, r.cols - 2, row, col, &at));
    return at;
}

Test(fooling, the_mouse_draws)
{
    cr_assert(app_do(&app, "page fool"));
    app_look(&app);
    struct place first = under(0, 0);
    struct rect r = app_placed(&app, &panel_fool)->frame;
    struct place far = {0};
    int col = 1;
    while (panel_fool.hit(&app.view, r.rows - 2, r.cols - 2, 0, col, &far) && far.col == first.col)
        col++;
    mouse(0, 0, 1, 'p');
    mouse(0, 0, 1, 'd');
    mouse(0, col, 1, 'd');
    mouse(0, col, 1, 'r');
    cr_assert(fooling_mark_at(f, first.row, first.col) == MARK_LIGHTER &&
              fooling_mark_at(f, far.row, far.col) == MARK_LIGHTER && fooling_marked(f) == 2);
    mouse(0, col, 3, 'p');
    mouse(0, col, 3, 'r');
    cr_assert_eq(fooling_mark_at(f, far.row, far.col), MARK_DARKER);
    mouse(0, 0, 1, 'p'); /* what is lighter already is taken back, and so is what the stroke meets */
    mouse(0, col, 1, 'd');
    mouse(0, col, 1, 'r');
    cr_assert_eq(fooling_marked(f), 0);
    mouse(0, col, 1, 'd');
    cr_assert_eq(fooling_marked(f), 0, "no button is down");
    cr_assert(app_undo(&app) && fooling_marked(f) == 1);
}

/* Keys at the cursor: a pixel becomes lighter, darker, and what it was. */
Test(fooling, keys_draw)
{
    cr_assert(app_do(&app, "page fool"));
    app_look(&app);
    app_key(&app, KEY_RIGHT_); /* the cursor appears */
    const struct place *at = panel_cursor(&app.view, &panel_fool);
    cr_assert_not_null(at);
    static const struct {
        int key;
        enum fool_mark mark;
    } steps[] = {{KEY_ENTER_, MARK_LIGHTER}, {KEY_ENTER_, MARK_DARKER}, {KEY_ENTER_, MARK_NONE},
                 {'-', MARK_DARKER},         {'+', MARK_LIGHTER},       {'0', MARK_NONE},
                 {'-', MARK_DARKER},         {'C', MARK_NONE},          {'u', MARK_DARKER}};
    for (int i = 0; i < ARRAY_LEN(steps); i++) {
        app_key(&app, steps[i].key);
        cr_assert_eq(fooling_mark_at(f, at->row, at->col), steps[i].mark, "step %d: %s", i, app.message);
    }
    int pixels = f->pixels;
    app_key(&app, 'E');
    cr_assert_gt(f->pixels, pixels);
    app_key(&app, 'b');
    cr_assert_eq(f->budget, BUDGET_EPSILON);
}
