/**
 * Every panel at any size, on every kind of terminal, for every kind of network, before and after the first answer: it keeps to its place, and what it
 * says is what the network is.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "observe/probe.h"
#include "observing.h"
#include "tui/panel.h"

static const struct style styles[] = {
    {.rung = RUNG_MONO, .utf8 = false},   {.rung = RUNG_MONO, .utf8 = true},
    {.rung = RUNG_8, .utf8 = false},      {.rung = RUNG_8, .utf8 = true},
    {.rung = RUNG_256, .utf8 = false},    {.rung = RUNG_256, .utf8 = true},
    {.rung = RUNG_DIRECT, .utf8 = false}, {.rung = RUNG_DIRECT, .utf8 = true}};
static const int sizes[][2] = {{1, 1},   {1, 2},    {2, 1},    {2, 2},    {3, 3},   {1, 400},
                               {120, 1}, {3, 80},   {5, 20},   {7, 33},   {10, 10}, {16, 30},
                               {22, 80}, {120, 12}, {48, 160}, {120, 400}};

struct scene {
    struct net *net;
    struct dataset data;
    struct moment moment;
    struct probe probe;
    struct answers answers;
    struct trainer_report report;
    struct view view;
    char **names;
};

static void open_scene(struct scene *s, struct net *net)
{
    *s = (struct scene){.net = net};
    observed_moment(&s->moment, net, 1);
    observed_data(&s->data, net, 30);
    s->names = calloc((size_t)s->data.classes, sizeof *s->names);
    for (int k = 0; k < s->data.classes; k++)
        s->names[k] = strdup(k % 3 ? "an ordinary name" : "\u732b\u732b");
    s->data.class_name = s->names;
    cr_assert_eq(probe_init(&s->probe, net, NULL), ERR_NONE);
    s->answers.sample.x = observed_floats(shape_count(net->in));
    cr_assert_eq(history_init(&s->report.history, TRAINER_POINTS, NULL), ERR_NONE);
    for (int step = 1; step <= 300; step++)
        for (int k = 0; k < HISTORY_SERIES; k++)
            history_add(&s->report.history, (enum history_series)k, step, 1.0 / step);
    s->report.step = 300;
    s->report.loss = 0.3, s->report.accuracy = 0.9, s->report.test_loss = 0.4, s->report.test_accuracy = 0.8;
    view_init(&s->view, net, &s->data);
}

static void close_scene(struct scene *s)
{
    for (int k = 0; k < QUESTIONS_MAX; k++)
        answer_fini(&s->answers.answer[k]);
    for (int k = 0; k < s->data.classes; k++)
        free(s->names[k]);
    free(s->names);
    free(s->answers.sample.x);
    history_fini(&s->report.history);
    probe_fini(&s->probe);
    moment_fini(&s->moment);
    net_free(s->net);
}

static int all_panels(void)
{
    int count = 0;
    while (panel_types[count])
        count++;
    return count;
}

/* What the observer would do. */
static void answer(struct scene *s)
{
    struct question asked[QUESTIONS_MAX];
    struct sample *sample = &s->answers.sample;
    s->view.answers = NULL;
    int count = panels_ask(&s->view, panel_types, all_panels(), asked);
    sample->split = s->view.split;
    sample->index = s->view.index;
    sample->label = dataset_read_floats(&s->data, s->view.split, s->view.index, sample->x);
    probe_run(&s->probe, &s->moment, sample);
    for (int i = 0; i < count; i++)
        cr_assert(probe_answer(&s->probe, &asked[i], &s->answers.answer[i]), "question %d", i);
    s->answers.count = count;
    s->view.answers = &s->answers;
    s->view.report = &s->report;
}

enum { GUARD = 0x2603, MARGIN = 2 };

static void draw_guarded(const struct scene *s, const struct panel_type *type, const struct style *style,
                         int rows, int cols)
{
    struct canvas c;
    struct rect r = {MARGIN, MARGIN, rows, cols};
    cr_assert_eq(canvas_init(&c, rows + 2 * MARGIN, cols + 2 * MARGIN, style), ERR_NONE);
    canvas_fill(&c, c.clip, ROLE_WARN, GUARD);
    canvas_fill(&c, r, ROLE_TEXT, ' ');
    panel_draw(type, &s->view, &c, r);
    for (int y = 0; y < c.rows; y++)
        for (int x = 0; x < c.cols; x++) {
            const struct cell *cell = &c.cell[y * c.cols + x];
            bool outside = y < MARGIN || x < MARGIN || y >= MARGIN + rows || x >= MARGIN + cols;
            cr_assert_eq(outside, cell->ch == GUARD && cell->map == MAP_NONE, "%s at %dx%d: cell %d,%d",
                         type->name, rows, cols, y - MARGIN, x - MARGIN);
        }
    if (rows >= 2 && cols >= 2) { /* the frame is whole */
        const struct cell *first = &c.cell[MARGIN * c.cols + MARGIN];
        cr_assert(first->ch == 0x250c && first[cols - 1].ch == 0x2510, "%s at %dx%d: title", type->name, rows,
                  cols);
        for (int y = 1; y < rows - 1; y++)
            cr_assert(first[y * c.cols].ch == 0x2502 && first[y * c.cols + cols - 1].ch == 0x2502,
                      "%s at %dx%d: side", type->name, rows, cols);
    }
    canvas_fini(&c);
}

static void draw_all(const struct scene *s, int from, int to, int step)
{
    for (int p = 0; panel_types[p]; p++)
        for (int i = from; i < to; i++)
            for (int k = i % step; k < ARRAY_LEN(styles); k += step)
                draw_guarded(s, panel_types[p], &styles[k], sizes[i][0], sizes[i][1]);
}

Test(panels, keep_to_their_place, .timeout = 60)
{
    for (int m = 0; m < observed_models(); m++) {
        struct scene s;
        open_scene(&s, observed_net(m));
        draw_all(&s, 0, ARRAY_LEN(sizes), 3); /* nothing is known yet */
        for (int last = -1; last != s.view.layer;) {
            last = s.view.layer;
            answer(&s);
            draw_all(&s, 0, ARRAY_LEN(sizes), last == 0 ? 1 : 5);
            s.view.attack.norm = (enum norm)((s.view.attack.norm + 1) % NORMS);
            draw_all(&s, 5, 12, 4); /* another question: its answer isn't there */
            view_move_layer(&s.view, 1);
        }
        close_scene(&s);
    }
}

/* Numbers that are none: a network that has gone astray is what a class wants to look at. */
Test(panels, bear_what_is_no_number)
{
    struct scene s;
    open_scene(&s, observed_net(2));
    for (size_t i = 0; i < s.net->params; i++)
        s.moment.weights.params[i] = i % 3 ? NAN : INFINITY;
    answer(&s);
    s.report.loss = s.report.accuracy = NAN;
    history_add(&s.report.history, HISTORY_TRAIN_LOSS, 301, NAN);
    history_add(&s.report.history, HISTORY_TRAIN_LOSS, 302, 1e30);
    draw_all(&s, 0, ARRAY_LEN(sizes), 2);
    close_scene(&s);
}

Test(panels, say_what_they_are)
{
    for (int i = 0; panel_types[i]; i++) {
        const struct panel_type *p = panel_types[i];
        cr_assert(p->name && *p->name && p->title && *p->title && p->help && *p->help && p->lecture &&
                  *p->lecture);
        cr_assert_null(strpbrk(p->name, " \t"), "'%s' is a word in options", p->name);
        cr_assert_eq(p->lecture[0], 'L');
        cr_assert(p->sizes && p->draw);
        cr_assert_eq(panel_find(p->name), p);
        for (int k = 0; k < i; k++)
            cr_assert_str_neq(p->name, panel_types[k]->name);
    }
    cr_assert_null(panel_find("nothing"));
}

/* Alone on a page of 80 columns a panel's title is whole. */
Test(panels, titles_fit)
{
    for (int m = 0; m < observed_models(); m++) {
        struct scene s;
        open_scene(&s, observed_net(m));
        answer(&s);
        for (int i = 0; panel_types[i]; i++) {
            char title[160] = "";
            if (panel_types[i]->title_text)
                panel_types[i]->title_text(&s.view, title, sizeof title);
            cr_assert_leq(text_columns(title), 76, "%s: %s", panel_types[i]->name, title);
        }
        close_scene(&s);
    }
}

Test(panels, lines_lose_whole_parts)
{
    static const struct {
        int columns;
        const char *left;
    } cases[] = {{99, " one two  three  \u00b1four "},
                 {22, " one two  three  \u00b1four"},
                 {20, " one two  three"},
                 {15, " one two  three"},
                 {14, " one two"},
                 {8, " one two"},
                 {3, " one two"},
                 {0, " one two"}};
    for (int i = 0; i < ARRAY_LEN(cases); i++) {
        char text[64] = " one two  three  \u00b1four ";
        if (i == 1)
            text[strlen(text) - 1] = 0;
        parts_fit(text, cases[i].columns);
        cr_assert_str_eq(text, cases[i].left, "%d: '%s'", cases[i].columns, text);
    }
    char empty[] = "";
    parts_fit(empty, -3);
    cr_assert_str_empty(empty);
}

static char *draw_text(const struct scene *s, const char *panel, int rows, int cols)
{
    struct canvas c;
    cr_assert_eq(canvas_init(&c, rows, cols, &styles[7]), ERR_NONE);
    panel_draw(panel_find(panel), &s->view, &c, c.clip);
    char *dump = canvas_dump(&c);
    canvas_fini(&c);
    cr_assert_not_null(dump);
    return dump;
}

static void expect(const char *screen, const char *text)
{
    cr_assert(strstr(screen, text), "no '%s' in\n%s", text, screen);
}

/* The lecture's arithmetic: 28x28 through eight filters of 5x5 is 8x24x24, pooled 8x12x12, and each filter is trained by 25 weights and a bias. */
Test(panels, the_lectures_numbers)
{
    struct scene s;
    open_scene(&s, observed_net(1)); /* tiny */
    answer(&s);
    char *network = draw_text(&s, "network", 12, 60);
    expect(network, "conv1         8x24x24      8*1*5*5+8");
    expect(network, "pool1         8x12x12 ");
    expect(network, "flatten1      1152x1x1 ");
    expect(network, "dense1        10x1x1       10*1152+10");
    expect(network, "126720 multiply-adds"); /* 8*24*24*25 + 1152*10 */
    expect(network, "11738 parameters");     /* 208 + 11530 */
    char *activations = draw_text(&s, "activations", 40, 110), *pooling = draw_text(&s, "pooling", 40, 110);
    expect(activations, "activations relu1  8x24x24");
    expect(pooling, "pooling pool1  8x12x12");
    char *filters = draw_text(&s, "filters", 20, 60);
    expect(filters, "filters conv1  8 of 1x5x5");
    free(network), free(activations), free(pooling), free(filters);
    close_scene(&s);
}

/* A network whose layer in view has no filters or no pooling says so. */
Test(panels, say_what_is_missing)
{
    struct scene s;
    open_scene(&s, observed_net(0)); /* mlp */
    answer(&s);
    char *filters = draw_text(&s, "filters", 5, 70), *pooling = draw_text(&s, "pooling", 5, 70);
    expect(filters, "a dense layer: every output reads every input");
    expect(pooling, "no pooling follows");
    free(filters), free(pooling);
    close_scene(&s);
}

/* The same questions of several panels are asked once. */
Test(panels, ask_once)
{
    for (int m = 0; m < observed_models(); m++) {
        struct scene s;
        struct question q[QUESTIONS_MAX];
        open_scene(&s, observed_net(m));
        int count = panels_ask(&s.view, panel_types, all_panels(), q);
        cr_assert(count > 0 && count <= QUESTIONS_MAX);
        for (int i = 0; i < count; i++) {
            cr_assert(question_fits(s.net, &q[i]), "%s of layer %d", q[i].type->name, q[i].layer);
            for (int k = 0; k < i; k++)
                cr_assert_not(question_equal(&q[i], &q[k]));
        }
        const struct panel_type *twice[] = {panel_types[0], panel_types[0]};
        cr_assert_eq(panels_ask(&s.view, twice, 2, q), panels_ask(&s.view, twice, 1, q));
        close_scene(&s);
    }
}
