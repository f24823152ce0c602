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

static bool same_place(const struct binding *a, const struct binding *b)
{
    return a->where == b->where || (a->where && b->where && strcmp(a->where, b->where) == 0);
}

/* What it does there, or with NULL anywhere. */
static const struct binding *at(int key, const char *where)
{
    return binding_find(key, (const char *const[]){where, NULL});
}

Test(keys, no_key_twice)
{
    for (const struct binding *a = binding_next(NULL); a; a = binding_next(a)) {
        cr_assert_eq(at(a->key, a->where), a, "key %d (%s) has two meanings", a->key, a->name);
        for (const struct binding *b = binding_next(NULL); b != a; b = binding_next(b))
            cr_assert(!a->name || !b->name || strcmp(a->name, b->name) != 0 || !same_place(a, b),
                      "two rows are called %s", a->name);
    }
    cr_assert_null(at('\\', NULL));
    cr_assert_null(at(0, NULL));
    cr_assert_str_eq(at('q', "no such place")->line, "quit", "what isn't said for a place holds anywhere");
}

/* The first place where a key does something counts. */
Test(keys, the_nearest_place_first)
{
    static const char *const places[][3] = {
        {"maximise", "lab neuron"}, {"input", "lab neuron"}, {"input", "lab train"}};
    cr_assert_str_eq(binding_find('o', places[0])->line, "blur next");
    cr_assert_str_eq(binding_find('b', places[1])->line, "show next");
    cr_assert_str_eq(binding_find('}', places[1])->line, "unit next");
    cr_assert_null(binding_find('}', places[2]));
}

/* A key's line begins with an action, and one that takes an argument says in its table what it may be. */
Test(keys, every_line_is_an_action)
{
    for (const struct binding *b = binding_next(NULL); b; b = binding_next(b)) {
        char word[32];
        snprintf(word, sizeof word, "%.*s", (int)strcspn(b->line, " "), b->line);
        const struct action *a = action_find(word);
        cr_assert(a, "key %s: no action '%s'", b->name, word);
        cr_assert(a->argument || !strchr(b->line, ' '), "'%s' takes no argument", b->line);
    }
}

Test(keys, actions_are_words)
{
    for (int t = 0; action_tables[t]; t++)
        for (const struct action *a = action_tables[t]; a->word; a++) {
            cr_assert_eq(action_find(a->word), a, "two actions are called %s", a->word);
            cr_assert(*a->word && strspn(a->word, "abcdefghijklmnopqrstuvwxyz") == strlen(a->word), "'%s'",
                      a->word);
            cr_assert(!a->argument || *a->argument);
            cr_assert(*a->help && a->help[strlen(a->help) - 1] != '.' && text_columns(a->help) <= 76, "%s",
                      a->help);
        }
    cr_assert_null(action_find("epsilno"));
    cr_assert_null(action_find(""));
}

Test(keys, texts_fit)
{
    const struct binding *named = NULL;
    for (const struct binding *b = binding_next(NULL); b; b = binding_next(b)) {
        cr_assert_eq(b->name != NULL, b->help != NULL, "key %d", b->key);
        if (!b->name) { /* another key for the row before */
            cr_assert(named, "key %d", b->key);
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
    for (const struct binding *b = binding_next(NULL); b; b = binding_next(b))
        if (b->name)
            cr_assert_eq(key_named(b->name), b->key, "%s", b->name);
    cr_assert_eq(key_named("x"), 'x');
    cr_assert_eq(key_named("7"), '7');
    cr_assert_eq(key_named("\u00e9"), 0xe9);
    cr_assert_eq(key_named("Escape"), KEY_ESCAPE_);
    cr_assert_eq(key_named("Rihgt"), 0);
    cr_assert_eq(key_named(""), 0);
}

/* The first of them by their numbers. */
Test(keys, panels_have_pages)
{
    for (int i = 0; i < 8; i++) {
        char line[16];
        snprintf(line, sizeof line, "page %d", i + 2);
        cr_assert_not_null(at('2' + i, NULL));
        cr_assert_str_eq(at('2' + i, NULL)->line, line);
    }
}

/* ---- what they do ---- */

static struct net *net;
static struct dataset data;
static struct app app;
static struct trainer_report report;
static const struct style style = {.rung = RUNG_256, .utf8 = true};

/* In the middle of everything: the second of three layers, training paused half way back, help open. */
static void setup(void)
{
    struct trainer_options options = {.paused = true};
    struct run_options run = run_defaults();
    cr_assert_eq(model_parse("input 1x8x8\nconv 2 3x3\nrelu\nconv 3 3x3\nrelu\nflatten\ndense 4\n", "model",
                             NULL, &net, NULL),
                 ERR_NONE);
    data = toy_data((struct shape){1, 8, 8}, 4, 203, 90);
    app = (struct app){.net = net, .data = &data, .speed = 100, .alone = panel_find("filters")};
    view_init(&app.view, net, &data);
    cr_assert_eq(own_init(&app.view.own, net->in, NULL), ERR_NONE);
    view_move_layer(&app.view, 1);
    app.view.index = 5;
    cr_assert_eq(trainer_new(net, &data, &run, &options, &app.trainer, NULL), ERR_NONE);
    cr_assert_eq(canvas_init(&app.canvas, 24, 80, &style), ERR_NONE);
    report = (struct trainer_report){
        .state = TRAINER_PAUSED, .step = 50, .furthest = 100, .per_epoch = 40, .lr = 0.1};
    app.view.report = &report;
    app.lay_out = true;
    app_look(&app);
    app.view.pointing = true;
    app.view.place[panel_index(app.view.focus)] = (struct place){0, 1, 1};
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

TestSuite(actions, .init = setup, .fini = teardown, .timeout = 60);

/* Where a key holds: in a lab, or for a panel that a lab has; NULL: anywhere. */
static const struct lab *lab_of(const struct binding *b, const struct panel_type *panel)
{
    static const char in[] = "lab ";
    if (b->where && strncmp(b->where, in, strlen(in)) == 0)
        return lab_find(b->where + strlen(in));
    for (int i = 0; all_labs[i] && panel; i++)
        for (int k = 0; lab_page(all_labs[i], k); k++)
            if (lab_page(all_labs[i], k) == panel)
                return all_labs[i];
    return NULL;
}

Test(actions, every_one_does_something)
{
    static struct app before;
    for (const struct binding *b = binding_next(NULL); b; b = binding_next(b)) {
        const struct panel_type *panel = b->where ? panel_find(b->where) : NULL;
        const struct lab *lab = lab_of(b, panel);
        app.mode = panel || lab ? NULL : b->where;
        if (lab)
            cr_assert(app_enter(&app, lab), "%s: %s", lab->name, app.message);
        if (panel) {
            app.alone = panel;
            app.lay_out = true;
            app_look(&app);
        }
        memcpy(&before, &app, sizeof app);
        before.dirty = true; /* set by any key: what it did must be seen */
        app_key(&app, b->key);
        cr_assert(app.dirty);
        cr_assert(strcmp(b->line, "redraw") == 0 || memcmp(&before, &app, sizeof app) != 0, "%s does nothing",
                  b->name ? b->name : b->line);
        cr_assert_null(strstr(app.message, "not '"), "%s: %s", b->line, app.message);
        teardown();
        setup();
    }
    memcpy(&before, &app, sizeof app);
    before.dirty = true;
    app_key(&app, '\\');
    cr_assert_eq(memcmp(&before, &app, sizeof app), 0);
}

/* What isn't an action, or not its argument, is said, and nothing happens. */
Test(actions, arguments)
{
    static const char *const wrong[] = {
        "epsilno more",
        "epsilon",
        "epsilon much",
        "epsilon -1",
        "sample 90",
        "sample",
        "layer relu1",
        "layer x",
        "attack x",
        "norm l3",
        "speed fast",
        "rate -0.1",
        "reset",
        "seek",
        "seek -1",
        "step 0",
        "cursor",
        "focus x",
        "page 0",
        "page x",
        "panels x",
        "panels",
        "hide x",
        "undo it",
        "quit now",
        "pause soon",
        "enlarge x",
        "numbers 1",
        "legend x",
        "log x",
        "recent 1",
        "smooth",
        "smooth 4",
        "press it",
        "",
        "unfold x[0]",
        "unfold conv1[2]",
        "unfold conv1[0](6,0)",
        "unfold conv1[0](1)",
        "unfold conv1(1,1)x",
        "unfold conv1[",
        "unfold input",
        "unfold input(8,0)",
        "feeds conv1[0]",
        "feeds [0](1,1)",
        "fold 1",
        "nudge 1",
        "nudge x",
        "nudge 1 2 3",
        "nudge 99 0",
        "split x",
        "open",
        "label -1",
        "label",
        "invert maybe",
        "draw",
        "draw x",
        "pen",
        "pen 0",
        "mouse x",
        "sample x",
        "stop",
        "stop soon",
        "stop epochs x",
        "stop accuracy 101",
        "slow x",
        "branch x",
        "branch",
        "drop",
        "drop Q",
    };
    for (int i = 0; i < ARRAY_LEN(wrong); i++) {
        struct view view = app.view;
        app.message[0] = 0;
        cr_assert_not(app_do(&app, wrong[i]), "'%s'", wrong[i]);
        cr_assert(*app.message, "'%s' isn't explained", wrong[i]);
        cr_assert_eq(memcmp(&view, &app.view, sizeof view), 0, "'%s'", wrong[i]);
        cr_assert_eq(app.undos, 0, "'%s'", wrong[i]);
    }
}

/* Each change can be taken back, in the order in which they were made. */
Test(actions, undoing)
{
    static const char *const lines[] = {
        "epsilon 0.2",   "norm l2",          "attack pgd",  "sample 17",
        "layer dense1",  "page 1",           "hide attack", "panels input,curves",
        "speed 7",       "panels all",       "numbers on",  "legend",
        "numbers",       "log on",           "recent on",   "smooth 3",
        "smooth next",   "split train",      "nudge 1 -2",  "invert on",
        "draw show",     "label 2",          "nudge left",  "sample 3",
        "stop epochs 4", "stop accuracy 97", "stop never"};
    static struct view view[ARRAY_LEN(lines)];
    uint64_t hidden[ARRAY_LEN(lines)];
    for (int i = 0; i < ARRAY_LEN(lines); i++) {
        app_look(&app);
        view[i] = app.view;
        hidden[i] = app.hidden;
        cr_assert(app_do(&app, lines[i]), "%s: %s", lines[i], app.message);
    }
    for (int i = ARRAY_LEN(lines) - 1; i >= 0; i--) {
        cr_assert(app_undo(&app), "%s", lines[i]);
        const struct own *now = &app.view.own, *then = &view[i].own;
        cr_assert_eq(app.view.index, view[i].index, "%s", lines[i]);
        cr_assert_eq(app.view.split, view[i].split, "%s", lines[i]);
        cr_assert(now->source == then->source && now->invert == then->invert && now->down == then->down &&
                      now->right == then->right && (!now->source || now->label == then->label),
                  "%s", lines[i]);
        cr_assert_eq(app.view.layer, view[i].layer, "%s", lines[i]);
        cr_assert_eq(app.view.attack_type, view[i].attack_type, "%s", lines[i]);
        cr_assert_eq(app.view.attack.norm, view[i].attack.norm, "%s", lines[i]);
        cr_assert_float_eq(app.view.attack.eps, view[i].attack.eps, 1e-6, "%s", lines[i]);
        cr_assert_eq(app.hidden, hidden[i], "%s", lines[i]);
        cr_assert_eq(app.view.numbers, view[i].numbers, "%s", lines[i]);
        cr_assert_eq(memcmp(&app.view.curves, &view[i].curves, sizeof app.view.curves), 0, "%s", lines[i]);
        cr_assert_eq(app.view.legend, view[i].legend, "%s", lines[i]);
    }
    cr_assert_eq(app.speed, 100);
    cr_assert(app.stop_epochs == 0 && app.stop_accuracy <= 0);
    cr_assert_eq(app.alone, panel_find("filters"));
    cr_assert_not(app_undo(&app));
    for (int i = 0; i < 3 * UNDO_MOST; i++)
        app_do(&app, "sample next");
    cr_assert_eq(app.undos, UNDO_MOST, "the oldest are forgotten");
}

static void press(const char *name)
{
    cr_assert_neq(key_named(name), 0, "%s", name);
    app_key(&app, key_named(name));
}

Test(actions, what_they_change)
{
    press("n");
    cr_assert_eq(app.view.index, 6);
    app.view.index = 0;
    press("N");
    cr_assert_eq(app.view.index, 89, "round to the last test image");
    press("n");
    cr_assert_eq(app.view.index, 0);
    for (int i = 0; i < 200; i++) {
        press("r");
        cr_assert(app.view.index >= 0 && app.view.index < 90);
    }
    cr_assert_str_eq(net->layer[app.view.layer].name, "conv2");
    press(")");
    press(")");
    cr_assert_str_eq(net->layer[app.view.layer].name, "dense1", "it stops at the last that learns");
    for (int i = 0; i < 5; i++)
        press("(");
    cr_assert_str_eq(net->layer[app.view.layer].name, "conv1");
    press("1");
    cr_assert(app_do(&app, "page before"));
    cr_assert_not_null(app.alone);
    cr_assert_str_eq(app.alone->name, "flip", "round to the last page that has something to show");
    cr_assert(app_do(&app, "page next"));
    cr_assert_null(app.alone);
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

Test(actions, themes_and_gamma)
{
    cr_assert(app_do(&app, "theme projector"));
    cr_assert_eq(app.style.theme, THEME_PROJECTOR);
    for (int i = 0; i < THEMES; i++) {
        cr_assert_str_eq(theme_name(app.style.theme), theme_name((THEME_PROJECTOR + i) % THEMES));
        press("T");
    }
    cr_assert_eq(app.style.theme, THEME_PROJECTOR);
    press("g");
    cr_assert_lt(app.style.gamma, 1);
    press("G");
    cr_assert_eq(app.style.gamma, 1);
    for (int i = 0; i < 20; i++)
        press("g");
    cr_assert_eq(app.style.gamma, style_gammas[0]);
    cr_assert(app_do(&app, "gamma 3.3"));
    cr_assert(app_undo(&app));
    cr_assert_float_eq(app.style.gamma, style_gammas[0], 1e-6);
    cr_assert_not(app_do(&app, "gamma 0"));
    cr_assert_not(app_do(&app, "theme beige"));
    cr_assert_eq(app.style.theme, THEME_PROJECTOR, "a gamma changes no theme");
}

/* Down into a map and a number of it, what that feeds, and out again to where one was. */
Test(actions, taking_apart)
{
    const struct panel_type *before = app.view.focus;
    const struct apart *a = &app.view.apart;
    cr_assert(app_do(&app, "unfold conv1[1]"));
    app_look(&app);
    cr_assert(a->depth == 1 && a->level[0].kind == APART_MAP && a->level[0].spot.c == 1);
    cr_assert_str_eq(app.view.focus->name, "detail");
    cr_assert_str_eq(app.placed[0].type->name, "detail");
    press("Enter"); /* the product at (0,0) */
    app_look(&app);
    cr_assert(a->depth == 2 && a->level[1].kind == APART_NUMBER);
    cr_assert(app.view.spot.kind == SPOT_NUMBER && app.view.spot.layer == NET_INPUT);
    press("f");
    app_look(&app);
    cr_assert(a->depth == 3 && a->level[2].kind == APART_FEEDS);
    press("f");
    cr_assert_eq(a->depth, 2, "again: back");
    app_look(&app);
    press("Enter");
    app_look(&app);
    press("Enter");
    cr_assert_eq(a->depth, 3, "nothing lies below a pixel");
    press("Backspace");
    press("Backspace");
    cr_assert_eq(a->depth, 1);
    cr_assert(app_do(&app, "unfold conv2[2](1,3)"));
    cr_assert(a->depth == 2 && a->level[1].spot.row == 1 && a->level[1].spot.col == 3);
    app_look(&app);
    press("Escape");
    app_look(&app);
    cr_assert(a->depth == 0 && app.view.focus == before && app.view.pointing);
    cr_assert(app_do(&app, "unfold conv2[2]"));
    press("4");
    cr_assert_eq(a->depth, 0, "another page is another matter");
}

Test(actions, amounts_stay_in_their_range)
{
    for (int i = 0; i < 40; i++)
        press("E");
    cr_assert_float_eq(app.view.attack.eps, 0.5f, 1e-6);
    for (int i = 0; i < 40; i++)
        press("e");
    cr_assert_eq(app.view.attack.eps, 0);
    press("A");
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

/* A click into the strip below the curves goes to its step, one into the curves only points; Enter goes to what is pointed at. */
Test(actions, clicks_into_the_run)
{
    struct mouse mouse = {.button = 1, .pressed = true};
    const struct placed *p = app.placed;
    cr_assert(app_do(&app, "page curves"));
    app_look(&app);
    app.ordered = 0;
    mouse.row = p->frame.row + 5, mouse.col = p->frame.col + p->frame.cols - 2;
    app_mouse(&app, mouse);
    cr_assert_eq(app.view.spot.kind, SPOT_STEP);
    cr_assert_eq(app.view.spot.step, 100, "the last column");
    cr_assert_eq(app.ordered, 0);
    mouse.row = p->frame.row + p->frame.rows - 2, mouse.col = p->frame.col + 3;
    app_mouse(&app, mouse);
    cr_assert_eq(app.sought, 0);
    cr_assert_gt(app.ordered, 0);
    mouse.col = p->frame.col + p->frame.cols / 2, mouse.pressed = false, mouse.dragged = true;
    app_mouse(&app, mouse);
    long before = app.sought;
    cr_assert(labs(before - 50) < 3, "%ld", before);
    press("Left");
    press("Enter");
    cr_assert_eq(app.sought, app.view.spot.step);
    cr_assert_lt(app.sought, before);
    press("Escape");
    press("Enter");
    cr_assert_not_null(strstr(app.message, "nothing to be done"), "%s", app.message);
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
    for (const struct binding *b = binding_next(NULL); b; b = binding_next(b)) {
        app_key(&app, b->key);
        if (app.prompt.open) /* else the keys behind it would be a word, a file's name for instance */
            app_key(&app, KEY_ESCAPE_);
    }
}
