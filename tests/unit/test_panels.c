/**
 * Every panel at any size, on every kind of terminal, for every kind of network, before and after the first answer: it keeps to its place, and what it
 * says is what the network is.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "data/image.h"
#include "observe/probe.h"
#include "observing.h"
#include "base/rng.h"
#include "tui/fooling.h"
#include "tui/filtering.h"
#include "tui/panel.h"
#include "tui/scenery.h"
#include "tui/take.h"
#include "tui/widgets/numbers.h"

static const struct style styles[] = {
    {.rung = RUNG_MONO, .utf8 = false},   {.rung = RUNG_MONO, .utf8 = true},
    {.rung = RUNG_8, .utf8 = false},      {.rung = RUNG_8, .utf8 = true},
    {.rung = RUNG_256, .utf8 = false},    {.rung = RUNG_256, .utf8 = true},
    {.rung = RUNG_DIRECT, .utf8 = false}, {.rung = RUNG_DIRECT, .utf8 = true}};
static const int sizes[][2] = {{1, 1},   {1, 2},    {2, 1},    {2, 2},    {3, 3},   {1, 400},
                               {120, 1}, {3, 80},   {5, 20},   {7, 33},   {10, 10}, {16, 30},
                               {22, 80}, {120, 12}, {48, 160}, {120, 400}};

struct shown {
    struct net *net;
    struct dataset data;
    struct moment moment;
    struct probe probe;
    struct answers answers;
    struct trainer_report report;
    struct view view;
    char **names;
};

static void cook(struct filtering *f, const char *picture, const char *const *stages)
{
    struct chain next = {.mode = CORRELATE_SAME};
    for (int i = 0; stages[i]; i++)
        cr_assert_eq(chain_add(&next, stages[i], NULL), ERR_NONE);
    cr_assert_eq(filtering_open(f, picture, NULL), ERR_NONE);
    cr_assert_eq(filtering_change(f, &next, NULL), ERR_NONE);
    f->stage = f->asked.stages - 1;
}

static void open_scene(struct shown *s, struct net *net)
{
    *s = (struct shown){.net = net};
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
    s->report.step = s->report.furthest = 300;
    s->report.loss = 0.3, s->report.accuracy = 0.9, s->report.test_loss = 0.4, s->report.test_accuracy = 0.8;
    view_init(&s->view, net, &s->data);
    s->view.fooling = fooling_new(net->in);
    cr_assert_not_null(s->view.fooling);
    fooling_follow(s->view.fooling, &s->view);
    cr_assert_eq(filtering_new(NULL, NULL, &s->view.filtering, NULL), ERR_NONE);
    if (net->in.c == 3) /* a colour picture, signed results, a template */
        cook(s->view.filtering, "shapes",
             (const char *const[]){"edge", "template", "max", "custom:1 2;3 4", NULL});
    cr_assert_eq(scenery_new(&s->data, &s->view.scenery, NULL), ERR_NONE);
}

static void close_scene(struct shown *s)
{
    scenery_free(s->view.scenery);
    for (int k = 0; k < QUESTIONS_MAX; k++)
        answer_fini(&s->answers.answer[k]);
    for (int k = 0; k < s->data.classes; k++)
        free(s->names[k]);
    free(s->names);
    free(s->answers.sample.x);
    history_fini(&s->report.history);
    fooling_free(s->view.fooling);
    filtering_free(s->view.filtering);
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

/* Is that answer there already? Attacks take a while, and of one sample they come out the same. */
static bool is_known(const struct shown *s, const struct question *q, const struct answer *a)
{
    return q->type->needs_attack && a->ready && s->answers.moment == s->moment.serial &&
           question_equal(&a->question, q);
}

/* What is known already goes to the place where it is asked for now. */
static void sort_known(struct shown *s, const struct question *asked, int count)
{
    for (int i = 0; i < count; i++)
        for (int k = 0; k < QUESTIONS_MAX && !is_known(s, &asked[i], &s->answers.answer[i]); k++)
            if (is_known(s, &asked[i], &s->answers.answer[k])) {
                struct answer other = s->answers.answer[i];
                s->answers.answer[i] = s->answers.answer[k];
                s->answers.answer[k] = other;
            }
}

/* What the observer would do. */
static void answer(struct shown *s)
{
    struct question asked[QUESTIONS_MAX];
    struct sample *sample = &s->answers.sample;
    s->view.answers = NULL;
    int count = panels_ask(&s->view, panel_types, all_panels(), asked);
    bool same = sample->index == s->view.index;
    sample->split = s->view.split;
    sample->index = s->view.index;
    sample->label = dataset_read_floats(&s->data, s->view.split, s->view.index, sample->x);
    probe_run(&s->probe, &s->moment, sample);
    if (same)
        sort_known(s, asked, count);
    for (int i = 0; i < count; i++)
        if (!same || !is_known(s, &asked[i], &s->answers.answer[i]))
            cr_assert(probe_answer(&s->probe, &asked[i], &s->answers.answer[i]), "question %d", i);
    s->answers.moment = s->moment.serial;
    s->answers.count = count;
    s->view.answers = &s->answers;
    s->view.report = &s->report;
}

enum { GUARD = 0x2603, MARGIN = 2 };

static void draw_guarded(const struct shown *s, const struct panel_type *type, const struct style *style,
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
            if (outside != (cell->ch == GUARD && cell->map == MAP_NONE))
                cr_assert_fail("%s at %dx%d: cell %d,%d", type->name, rows, cols, y - MARGIN, x - MARGIN);
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

/* Every panel at these sizes, each with one of `step` styles, another one each time. */
static void draw_all(const struct shown *s, int from, int to, int step)
{
    static int turn;
    turn++;
    for (int p = 0; panel_types[p]; p++)
        for (int i = from; i < to; i++)
            for (int k = (i + p + turn) % step; k < ARRAY_LEN(styles); k += step)
                draw_guarded(s, panel_types[p], &styles[k], sizes[i][0], sizes[i][1]);
}

Test(panels, keep_to_their_place, .timeout = 400)
{
    for (int m = 0; m < observed_models(); m++) {
        struct shown s;
        open_scene(&s, observed_net(m));
        draw_all(&s, 0, ARRAY_LEN(sizes), 9); /* nothing is known yet */
        for (int last = -1; last != s.view.layer;) {
            last = s.view.layer;
            answer(&s);
            draw_all(&s, 0, ARRAY_LEN(sizes), last == 0 ? 4 : 12);
            s.view.attack.norm = NORM_L2;
            draw_all(&s, 5, 12, 12); /* another question: its answer isn't there */
            s.view.attack.norm = NORM_LINF;
            view_move_layer(&s.view, 1);
        }
        close_scene(&s);
    }
}

static void await_neuron(struct neuron *n, unsigned long moment)
{
    double until = clock_now() + 30;
    while (!(neuron_found(n) && n->found->seen == n->found->total && neuron_climbed(n) && n->purity) &&
           clock_now() < until) {
        neuron_take(n);
        usleep(1000);
    }
    cr_assert(neuron_found(n) && neuron_climbed(n) && n->purity && n->purity->moment == moment);
}

static const char *const neurons[] = {"top",      "bottom",  "maximise", "climbing",
                                      "saliency", "weights", "purity",   "histogram"};

static void draw_neurons(const struct shown *s, int step)
{
    for (int p = 0; p < ARRAY_LEN(neurons); p++)
        for (int i = 0; i < ARRAY_LEN(sizes) - 3; i++)
            for (int k = i % step; k < ARRAY_LEN(styles); k += step)
                draw_guarded(s, panel_find(neurons[p]), &styles[k], sizes[i][0], sizes[i][1]);
}

/* Each cell of a panel that can be pointed at leads to a place that has a spot and a sentence, and from there the cursor can be moved. */
static void point_at_neurons(struct shown *s)
{
    enum { ROWS = 22, COLS = 70 };
    for (int k = 0; k < ARRAY_LEN(neurons); k++) {
        const struct panel_type *p = panel_find(neurons[k]);
        int hits = 0;
        if (!p->hit)
            continue;
        for (int i = 0; i < ROWS * COLS; i += 3) {
            struct place at = {0}, moved;
            struct spot spot = {0};
            char text[256] = "", line[256] = "";
            if (!p->hit(&s->view, ROWS, COLS, i / COLS, i % COLS, &at))
                continue;
            hits++;
            cr_assert(p->spot(&s->view, at, &spot), "%s: %d %d %d", p->name, at.tile, at.row, at.col);
            p->explain(&s->view, at, text, sizeof text);
            cr_assert_str_not_empty(text, "%s", p->name);
            if (p->press)
                cr_assert(p->press(&s->view, at, false, line, sizeof line) && *line);
            moved = at;
            p->move(&s->view, ROWS, COLS, &moved, 1, 1);
            cr_assert(p->spot(&s->view, moved, &spot), "%s", p->name);
        }
        bool coloured = s->net->in.c == 1 || s->net->in.c == 3;
        cr_assert(hits > 0 || !coloured || strcmp(p->name, "weights") == 0, "%s", p->name);
    }
}

/* Before and behind the non-linearity, with gradients, on each scale, winners bright: every panel of every layer, and each place can be pointed at. */
Test(panels, every_way_to_show, .timeout = 400)
{
    for (int m = 0; m < observed_models(); m++) {
        struct shown s;
        open_scene(&s, observed_net(m));
        for (int last = -1, way = 0; last != s.view.layer; way++) {
            last = s.view.layer;
            s.view.show = (enum show)(way % SHOWS);
            s.view.scale = (enum scale)((way + 1) % SCALE_KINDS);
            s.view.gradients = way % 4 != 3;
            s.view.winners = way % 2 == 0;
            s.view.legend = way % 3 == 1;
            draw_all(&s, 3, 12, 14); /* nothing is known yet */
            answer(&s);
            draw_all(&s, 0, ARRAY_LEN(sizes), 14);
            for (int p = 0; panel_types[p]; p++) {
                struct place at = {0};
                struct spot spot;
                char text[200];
                if (!panel_types[p]->move)
                    continue;
                for (int i = 0; i < 40; i++)
                    panel_types[p]->move(&s.view, 20, 60, &at, i % 3, i % 5);
                if (panel_types[p]->spot(&s.view, at, &spot) && panel_types[p]->explain)
                    panel_types[p]->explain(&s.view, at, text, sizeof text);
            }
            view_move_layer(&s.view, 1);
        }
        close_scene(&s);
    }
}

/* A unit of the first layer and of the last is asked: while nothing is known of it yet, and when all is. */
Test(panels, of_the_neuron_lab, .timeout = 400)
{
    for (int m = 0; m < observed_models(); m++) {
        struct shown s;
        struct neuron *n = NULL;
        char note[100];
        open_scene(&s, observed_net(m));
        cr_assert_eq(neuron_new(s.net, &s.data, NULL, NULL, NULL, &n, note, sizeof note, NULL), ERR_NONE);
        s.view.neuron = n;
        s.view.model = "model";
        draw_neurons(&s, 4); /* no unit is asked */
        neuron_want_purity(n, true);
        neuron_offer(n, &s.moment);
        for (int round = 0; round < 2; round++) {
            neuron_ask(n, (struct unit){view_activation(&s.view), 0, -1, -1});
            draw_neurons(&s, 7);
            answer(&s);
            await_neuron(n, s.moment.serial);
            draw_neurons(&s, 4);
            point_at_neurons(&s);
            for (int l = s.view.layer; l < s.net->layers; l++)
                s.view.layer = view_learns(s.net, l) ? l : s.view.layer;
        }
        neuron_free(n);
        close_scene(&s);
    }
}

/* Numbers that are none: a network that has gone astray is what a class wants to look at. */
Test(panels, bear_what_is_no_number)
{
    struct shown s;
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
        struct shown s;
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

static char *draw_text(const struct shown *s, const char *panel, int rows, int cols)
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
    struct shown s;
    open_scene(&s, observed_net(1)); /* tiny */
    answer(&s);
    char *network = draw_text(&s, "network", 12, 60);
    expect(network, "conv1         8x24x24      8*1*5*5+8 = 208");
    expect(network, "pool1         8x12x12 ");
    expect(network, "flatten1      1152x1x1 ");
    expect(network, "dense1        10x1x1       10*1152+10 = 11530");
    expect(network, "126720 multiply-adds"); /* 8*24*24*25 + 1152*10 */
    expect(network, "11738 parameters");     /* 208 + 11530 */
    char *all = draw_text(&s, "network", 12, 80), line[128];
    double squares = 0;
    const struct layer *conv = &s.net->layer[net_find(s.net, "conv1")];
    for (size_t i = conv->param[0].offset; i < conv->param[0].offset + 208; i++)
        squares += pow((double)s.moment.grads[i], 2);
    snprintf(line, sizeof line, "8*1*5*5+8 = 208             115200   %9.3g", sqrt(squares));
    expect(all, "layer         shape        parameters               mult-adds    gradient");
    expect(all, line);
    free(all);
    char *activations = draw_text(&s, "activations", 40, 110), *pooling = draw_text(&s, "pooling", 40, 110);
    expect(activations, "activations relu1  8x24x24");
    expect(pooling, "pooling pool1  8x12x12");
    char *filters = draw_text(&s, "filters", 20, 60);
    expect(filters, "filters conv1  8 of 1x5x5");
    free(network), free(activations), free(pooling), free(filters);
    close_scene(&s);
}

/* What is said, to be read from the back of the room: "3 100.0%", with an exclamation mark when it isn't so. */
Test(panels, large_digits)
{
    static const struct style projector = {RUNG_DIRECT, true, THEME_PROJECTOR, 1};
    struct shown s;
    struct canvas c;
    open_scene(&s, observed_net(1)); /* tiny */
    answer(&s);
    struct part *p = &s.answers.answer[0].part[0];
    for (int i = 0; i < s.answers.count; i++)
        if (strcmp(s.answers.answer[i].question.type->name, "probabilities") == 0)
            p = (struct part *)(uintptr_t)answer_part(&s.answers.answer[i], "p");
    for (int k = 0; k < 10; k++) {
        p->data[k] = k == 3;
        s.names[k][0] = 0;
    }
    s.answers.sample.label = 3;
    cr_assert_eq(canvas_init(&c, 17, 40, &projector), ERR_NONE);
    for (int wrong = 0; wrong < 2; wrong++, s.answers.sample.label = 4) {
        canvas_clear(&c);
        panel_draw(panel_find("probabilities"), &s.view, &c, c.clip);
        char *dump = canvas_dump(&c);
        expect(dump, wrong ? "┃     █  █ █ █ █     █ █ ▄▀   ▀        ┃"
                           : "┃     █  █ █ █ █     █ █ ▄▀            ┃");
        free(dump);
    }
    canvas_fini(&c);
    close_scene(&s);
}

/* What is kept of the smallest epsilons is drawn in grey levels: 8 of them at step 1, 16 at step 2, and noise that doesn't do it at all. */
Test(panels, flips_in_grey_levels)
{
    struct shown s;
    struct flips flips;
    open_scene(&s, observed_net(1)); /* tiny */
    answer(&s);
    char *before = draw_text(&s, "flip", 14, 50);
    expect(before, "once something is known");
    cr_assert_eq(flips_init(&flips, NULL), ERR_NONE);
    flips.limit = 0.5f;
    for (int step = 1; step <= 2; step++) {
        series_add(&flips.attack, step, 8.0 / 255 * step);
        series_add(&flips.noise, step, 0.5);
    }
    s.view.flips = &flips;
    char *plot = draw_text(&s, "flip", 14, 50);
    expect(plot, "flip fgsm linf  ");
    expect(plot, " of 255  noise ");
    expect(plot, "noise");
    expect(plot, "fgsm");
    expect(plot, "step 2");
    free(before), free(plot);
    flips_fini(&flips);
    close_scene(&s);
}

/* A network whose layer in view has no filters or no pooling says so. */
Test(panels, say_what_is_missing)
{
    struct shown s;
    open_scene(&s, observed_net(0)); /* mlp */
    answer(&s);
    char *filters = draw_text(&s, "filters", 5, 70), *pooling = draw_text(&s, "pooling", 5, 70);
    expect(filters, "weights dense1  ");
    expect(filters, " of 1x28x28  \u00b1");
    expect(pooling, "no pooling follows");
    free(filters), free(pooling);
    close_scene(&s);
}

/* The same questions of several panels are asked once. */
Test(panels, ask_once)
{
    for (int m = 0; m < observed_models(); m++) {
        struct shown s;
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

/* ---- taken away ---- */

/* Every panel of every network: a picture of whole pixels, numbers with a header and as many fields in each line, or a sentence that says why not. */
Test(taken, pictures_and_numbers, .timeout = 400)
{
    char folder[] = "/tmp/fovea-taken-XXXXXX", path[64];
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/file", folder);
    for (int model = 0; model < observed_models(); model++) {
        struct shown s;
        open_scene(&s, observed_net(model));
        answer(&s);
        for (int i = 0; panel_types[i]; i++) {
            struct diag diag = {0};
            struct image image = {0};
            enum err err =
                take_picture(&s.view, panel_types[i], &styles[i % ARRAY_LEN(styles)], 3, path, &diag);
            if (err)
                cr_assert(err == ERR_UNKNOWN && strstr(diag.text, panel_types[i]->name), "%s", diag.text);
            else
                cr_assert(!image_read_png(path, &image, NULL) && image.shape.w % 3 == 0 &&
                          image.shape.h % 6 == 0);
            image_fini(&image);
            err = take_numbers(&s.view, panel_types[i], path, &diag);
            if (err) {
                cr_assert(err == ERR_UNKNOWN && strstr(diag.text, panel_types[i]->name), "%s", diag.text);
                continue;
            }
            struct bytes bytes = {0};
            cr_assert_eq(file_read(path, 0, &bytes, NULL), ERR_NONE);
            int header = -1, lines = 0;
            for (char *rest = (char *)bytes.data, *line; (line = strsep(&rest, "\n")) && *line; lines++) {
                int fields = 1;
                for (char *at = line; *at; at++)
                    fields += *at == ',';
                header = header < 0 ? fields : header;
                cr_assert_eq(fields, header, "%s: %s", panel_types[i]->name, line);
            }
            cr_assert_gt(lines, 1);
            bytes_free(&bytes);
        }
        close_scene(&s);
    }
    unlink(path);
    rmdir(folder);
}

/* The very numbers, each at its place, to the last bit. */
Test(taken, numbers_of_filters)
{
    static const char path[] = "/tmp/fovea-taken-numbers";
    struct shown s;
    struct bytes bytes = {0};
    open_scene(&s, observed_net(2));
    answer(&s);
    const struct part *w = view_part(&s.view, "filters", s.view.layer, "weight");
    cr_assert_eq(take_numbers(&s.view, panel_find("filters"), path, NULL), ERR_NONE);
    cr_assert_eq(file_read(path, 0, &bytes, NULL), ERR_NONE);
    int found = 0;
    char *rest = (char *)bytes.data;
    cr_assert_str_eq(strsep(&rest, "\n"), "question,layer,part,index,channel,row,column,value");
    for (char *line; (line = strsep(&rest, "\n")) && *line;) {
        int n, c, row, col;
        float value;
        if (sscanf(line, "filters,conv1,weight,%d,%d,%d,%d,%f", &n, &c, &row, &col, &value) != 5)
            continue;
        size_t at = ((size_t)(n * w->shape.c + c) * (size_t)w->shape.h + (size_t)row) * (size_t)w->shape.w +
                    (size_t)col;
        cr_assert(at == (size_t)found++ && value == w->data[at], "%s", line);
    }
    cr_assert_eq((size_t)found, (size_t)w->n * shape_count(w->shape));
    s.view.answers = NULL;
    cr_assert_eq(take_numbers(&s.view, panel_find("filters"), path, NULL), ERR_UNKNOWN);
    bytes_free(&bytes);
    unlink(path);
    close_scene(&s);
}

/* A pixel of a filter is zoom x zoom pixels of the picture, in the colours of the screen. */
Test(taken, the_picture_of_an_input)
{
    static const char path[] = "/tmp/fovea-taken-picture";
    struct shown s;
    struct image image = {0};
    open_scene(&s, observed_net(2));
    answer(&s);
    const struct part *x = view_part(&s.view, "input", 0, "x");
    cr_assert_eq(take_picture(&s.view, panel_find("input"), &styles[0], 2, path, NULL), ERR_NONE);
    cr_assert_eq(image_read_png(path, &image, NULL), ERR_NONE);
    cr_assert(image.shape.h == 2 * x->shape.h && image.shape.w >= 2 * x->shape.w);
    for (int row = 0; row < image.shape.h; row++)
        for (int col = 0; col < 2 * x->shape.w; col++) {
            int level = style_level(MAP_GREY, x->data[row / 2 * x->shape.w + col / 2], 1);
            float red = image.data[row * image.shape.w + col];
            cr_assert_float_eq(red, (float)(style_rgb(THEME_DARK, MAP_GREY, level) >> 16) / 255, 1e-3);
        }
    image_fini(&image);
    unlink(path);
    close_scene(&s);
}

/* ---- pointing ---- */

static void point(struct shown *s, const struct panel_type *type, struct place at)
{
    s->view.focus = type;
    s->view.pointing = true;
    s->view.place[panel_index(type)] = at;
    if (!type->spot(&s->view, at, &s->view.spot))
        s->view.spot = (struct spot){0};
}

/* Whatever a cell is said to show is a spot with something to say of it, and the cursor walks from spot to spot. */
static void point_everywhere(struct shown *s, const struct panel_type *type, int rows, int cols)
{
    struct spot spot;
    struct place at = {0};
    struct rng rng;
    rng_init(&rng, 9);
    for (int y = 0; y < rows; y += 1 + rows / 12)
        for (int x = 0; x < cols; x += 1 + cols / 16)
            if (type->hit(&s->view, rows, cols, y, x, &at)) {
                char text[256] = "";
                cr_assert(type->spot(&s->view, at, &spot), "%s in %dx%d: %d at %d,%d", type->name, rows, cols,
                          at.tile, at.row, at.col);
                point(s, type, at);
                if (type->explain)
                    type->explain(&s->view, at, text, sizeof text);
                else
                    view_explain(&s->view, text, sizeof text);
                cr_assert(*text, "%s says nothing of %d at %d,%d", type->name, at.tile, at.row, at.col);
            }
    cr_assert_not(type->hit(&s->view, rows, cols, rows + 3, 0, &at), "%s", type->name);
    at = (struct place){0};
    for (int i = 0; i < 40 && type->spot(&s->view, at, &spot); i++) {
        type->move(&s->view, rows, cols, &at, (int)rng_below(&rng, 9) - 4, (int)rng_below(&rng, 9) - 4);
        cr_assert(type->spot(&s->view, at, &spot), "%s in %dx%d went to %d at %d,%d", type->name, rows, cols,
                  at.tile, at.row, at.col);
        point(s, type, at);
    }
}

Test(panels, can_be_pointed_at_at_any_size, .timeout = 400)
{
    for (int m = 0; m < observed_models(); m++) {
        struct shown s;
        open_scene(&s, observed_net(m));
        answer(&s);
        for (int p = 0; panel_types[p]; p++)
            for (int i = 0; i < ARRAY_LEN(sizes) && panel_types[p]->move; i++) {
                s.view.numbers = i % 2, s.view.legend = i % 3 == 0;
                s.view.focus = NULL, s.view.spot = (struct spot){0};
                point_everywhere(&s, panel_types[p], sizes[i][0], sizes[i][1]);
                draw_guarded(&s, panel_types[p], &styles[(p + i) % ARRAY_LEN(styles)], sizes[i][0],
                             sizes[i][1]);
                draw_all(&s, 9 + i % 2, 10 + i % 2, 64); /* some of the others, lit by it */
            }
        close_scene(&s);
    }
}

/* Numbers instead of pixels: those that the answer holds, with the legend below. */
Test(panels, pictures_as_numbers)
{
    struct shown s;
    open_scene(&s, observed_net(1)); /* tiny */
    s.view.numbers = s.view.legend = true;
    answer(&s);
    const struct part *w = view_part(&s.view, "filters", 0, "weight"),
                      *x = view_part(&s.view, "input", 0, "x");
    char *filters = draw_text(&s, "filters", 30, 80), *input = draw_text(&s, "input", 40, 172), number[16],
         range[32];
    cr_assert_not_null(w);
    for (int i = 0; i < 25; i++) {
        number_text(number, sizeof number, w->data[25 + i], 5);
        expect(filters, number);
        number_text(number, sizeof number, x->data[i], 4); /* five columns a value */
        expect(input, number);
    }
    snprintf(range, sizeof range, "+%.3g", (double)view_range(w->data, 8 * 25));
    expect(filters, range);
    free(filters), free(input);
    close_scene(&s);
}

/* ---- curves ---- */

static char *explained(struct shown *s, const char *panel, struct place at)
{
    static char text[256];
    const struct panel_type *type = panel_find(panel);
    point(s, type, at);
    *text = 0;
    type->explain(&s->view, at, text, sizeof text);
    return text;
}

enum { STEP = 1, STRIP = 2 /* what a place's tile says in the curves */ };

/* Where the loss and both accuracies are one over the step. */
Test(curves, cross_hair_reads_the_record)
{
    struct shown s;
    open_scene(&s, observed_net(1));
    answer(&s);
    s.report.per_epoch = 40;
    expect(explained(&s, "curves", (struct place){STEP, 0, 100}),
           "step 100, epoch 2.50  training 0.010, 1.0 %  test 0.010, 1.0 %");
    expect(explained(&s, "curves", (struct place){0}), "step 300"); /* where one stands */
    expect(explained(&s, "curves", (struct place){STEP, 0, 0}), "training -  test -");
    s.view.curves.smooth = 0;
    char *text =
        (point(&s, panel_find("curves"), (struct place){STEP, 0, 4}), draw_text(&s, "curves", 24, 80));
    expect(text, "\u2503 step 4");
    expect(text, "loss 0.250  o test 0.250");
    expect(text, "accuracy 25.0 %  x test 25.0 %");
    free(text);
    s.view.curves.smooth = 2; /* seven points: 300 / 40 */
    text = draw_text(&s, "curves", 24, 80);
    expect(text, "mean 0.521"); /* of 1, 1/2, 1/3 and 1/4 */
    free(text);
    struct spot spot;
    const struct panel_type *curves = panel_find("curves");
    cr_assert(curves->spot(&s.view, (struct place){STEP, 0, 300}, &spot) && spot.kind == SPOT_STEP &&
              spot.step == 300);
    cr_assert_not(curves->spot(&s.view, (struct place){STEP, 0, 301}, &spot));
    cr_assert_not(curves->spot(&s.view, (struct place){3, 0, 0}, &spot));
    s.view.report = NULL;
    cr_assert_not(curves->spot(&s.view, (struct place){0}, &spot));
    close_scene(&s);
}

Test(curves, enter_and_clicks_go_there)
{
    struct shown s;
    char line[64];
    open_scene(&s, observed_net(1));
    answer(&s);
    const struct panel_type *curves = panel_find("curves");
    cr_assert(curves->press(&s.view, (struct place){STEP, 0, 70}, false, line, sizeof line));
    cr_assert_str_eq(line, "seek near 70");
    cr_assert_not(curves->press(&s.view, (struct place){STEP, 0, 70}, true, line, sizeof line),
                  "a click only points");
    int strips = 0;
    for (int row = 0; row < 20; row++)
        for (int col = 0; col < 78; col++) {
            struct place at;
            if (!curves->hit(&s.view, 20, 78, row, col, &at) || at.tile != STRIP)
                continue;
            strips++;
            cr_assert_eq(row, 19, "it is the last row");
            cr_assert(curves->press(&s.view, at, true, line, sizeof line));
            cr_assert_eq(atol(line + strlen("seek near ")), at.col);
        }
    cr_assert_gt(strips, 60);
    close_scene(&s);
}

Test(curves, recent_window)
{
    struct shown s;
    open_scene(&s, observed_net(1));
    answer(&s);
    s.view.curves.recent = true;
    char *text = draw_text(&s, "curves", 24, 80);
    expect(text, "curves  last 50 steps"); /* a tenth would be too few */
    expect(text, "250  ");
    free(text);
    struct place at = {STEP, 0, 300};
    const struct panel_type *curves = panel_find("curves");
    while (curves->move(&s.view, 20, 78, &at, 0, -3))
        ;
    cr_assert_eq(at.col, 250, "the cross-hair stays in sight");
    cr_assert(curves->move(&s.view, 20, 78, &at, 1, 0) && at.col == 251);
    s.report.furthest = 3000;
    char title[160];
    curves->title_text(&s.view, title, sizeof title);
    expect(title, "last 300 steps");
    close_scene(&s);
}

Test(curves, of_two_branches)
{
    struct shown s;
    static struct trainer_report other;
    open_scene(&s, observed_net(1));
    answer(&s);
    other = (struct trainer_report){.step = 400, .furthest = 400};
    cr_assert_eq(history_init(&other.history, TRAINER_POINTS, NULL), ERR_NONE);
    for (int step = 1; step <= 400; step++)
        for (int k = 0; k < HISTORY_SERIES; k++)
            history_add(&other.history, (enum history_series)k, step, 0.75);
    s.view.other = &other;
    char *text = draw_text(&s, "curves", 40, 100);
    expect(text, "# other  & its test  * loss  o test");
    expect(text, "step 400"); /* the longer one */
    expect(text, "&&&  &&&  &&&");
    free(text);
    expect(explained(&s, "curves", (struct place){STEP, 0, 100}),
           "other: training 0.750, 75.0 %  test 0.750, 75.0 %");
    history_fini(&other.history);
    close_scene(&s);
}

/* A batch that was no number leaves a gap, and what comes after it is a mean again. */
Test(curves, means_survive_what_is_no_number)
{
    struct shown s;
    open_scene(&s, observed_net(1));
    answer(&s);
    history_add(&s.report.history, HISTORY_TRAIN_LOSS, 301, NAN);
    history_add(&s.report.history, HISTORY_TRAIN_LOSS, 302, 0.5);
    s.report.furthest = s.report.step = 302;
    point(&s, panel_find("curves"), (struct place){STEP, 0, 301});
    char *text = draw_text(&s, "curves", 24, 80);
    expect(text, "mean -");
    free(text);
    point(&s, panel_find("curves"), (struct place){STEP, 0, 302});
    text = draw_text(&s, "curves", 24, 80);
    expect(text, "mean 0.0"); /* one 0.5 and five of 1/300 */
    free(text);
    close_scene(&s);
}

/* ---- classes and layers ---- */

/* When not all classes have room: the true one and the one that is pointed at are there, and the cursor goes by what is most likely. */
Test(probabilities, walk_in_the_order_of_bars)
{
    struct shown s;
    open_scene(&s, observed_net(1));
    answer(&s);
    const struct panel_type *type = panel_find("probabilities");
    const float *p = view_part(&s.view, "probabilities", 0, "p")->data;
    struct place at = {0, argmax(10, p), 0}, hit;
    float before = p[at.row];
    for (int k = 1; k < 10; k++) {
        cr_assert(type->move(&s.view, 4, 30, &at, 1, 0));
        cr_assert_leq(p[at.row], before);
        before = p[at.row];
        point(&s, type, at);
        bool pointed = false, truth = false;
        for (int row = 0; row < 4; row++)
            if (type->hit(&s.view, 4, 30, row, 3, &hit)) {
                pointed = pointed || hit.row == at.row;
                truth = truth || hit.row == s.answers.sample.label;
            }
        cr_assert(pointed && truth, "class %d", at.row);
    }
    cr_assert_not(type->move(&s.view, 4, 30, &at, 1, 0), "the last");
    cr_assert(type->move(&s.view, 4, 30, &at, -9, 0) && at.row == argmax(10, p));
    at.row = 3;
    cr_assert(type->move(&s.view, 10, 30, &at, 1, 0) && at.row == 4,
              "all in their own order where all have room");
    struct spot spot;
    cr_assert(type->spot(&s.view, at, &spot));
    cr_assert(spot.kind == SPOT_NUMBER && spot.layer == net_logits(s.net) && spot.c == 4);
    char logit[32];
    snprintf(logit, sizeof logit, "logit %.3f",
             (double)view_part(&s.view, "probabilities", 0, "logits")->data[4]);
    expect(explained(&s, "probabilities", at), logit);
    close_scene(&s);
}

Test(network, enter_looks_at_a_layer)
{
    struct shown s;
    char line[64];
    open_scene(&s, observed_net(1));
    answer(&s);
    const struct panel_type *type = panel_find("network");
    expect(explained(&s, "network", (struct place){0, 0, 0}),
           "conv1: conv  1x28x28 to 8x24x24  8*1*5*5+8 parameters  115200 multiply-adds");
    cr_assert(type->press(&s.view, (struct place){0, 2, 0}, true, line, sizeof line));
    cr_assert_str_eq(line, "layer conv1", "what is pooled is its output");
    cr_assert(type->press(&s.view, (struct place){0, s.net->layers - 1, 0}, false, line, sizeof line));
    cr_assert_str_eq(line, "layer dense1");
    for (int rows = 1; rows < 9;
         rows++) /* in sight in a panel of any size, though the last row isn't a layer's */
        for (int l = 0; l < s.net->layers && rows > 1; l++) {
            point(&s, type, (struct place){0, l, 0});
            struct place at;
            bool seen = false;
            for (int row = 0; row < rows; row++)
                seen = seen || (type->hit(&s.view, rows, 30, row, 0, &at) && at.row == l);
            cr_assert(seen, "layer %d in %d rows", l, rows);
        }
    close_scene(&s);
}
