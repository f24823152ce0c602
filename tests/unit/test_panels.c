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
#include "observing.h"
#include "shown.h"

Test(panels, keep_to_their_place, .timeout = 120)
{
    for (int m = 0; m < observed_models(); m++) {
        struct shown s;
        shown_open(&s, observed_net(m));
        shown_draw_all(&s, 0, ARRAY_LEN(shown_sizes), 9); /* nothing is known yet */
        for (int last = -1; last != s.view.layer;) {
            last = s.view.layer;
            shown_answer(&s);
            shown_draw_all(&s, 0, ARRAY_LEN(shown_sizes), last == 0 ? 4 : 12);
            s.view.attack.norm = NORM_L2;
            shown_draw_all(&s, 5, 12, 12); /* another question: its answer isn't there */
            s.view.attack.norm = NORM_LINF;
            view_move_layer(&s.view, 1);
        }
        shown_close(&s);
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
        for (int i = 0; i < ARRAY_LEN(shown_sizes) - 3; i++)
            for (int k = i % step; k < ARRAY_LEN(shown_styles); k += step)
                shown_draw(s, panel_find(neurons[p]), &shown_styles[k], shown_sizes[i][0], shown_sizes[i][1]);
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
Test(panels, every_way_to_show, .timeout = 120)
{
    for (int m = 0; m < observed_models(); m++) {
        struct shown s;
        shown_open(&s, observed_net(m));
        for (int last = -1, way = 0; last != s.view.layer; way++) {
            last = s.view.layer;
            s.view.show = (enum show)(way % SHOWS);
            s.view.scale = (enum scale)((way + 1) % SCALE_KINDS);
            s.view.gradients = way % 4 != 3;
            s.view.winners = way % 2 == 0;
            s.view.legend = way % 3 == 1;
            shown_draw_all(&s, 3, 12, 14); /* nothing is known yet */
            shown_answer(&s);
            shown_draw_all(&s, 0, ARRAY_LEN(shown_sizes), 14);
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
        shown_close(&s);
    }
}

/* A unit of the first layer and of the last is asked: while nothing is known of it yet, and when all is. */
Test(panels, of_the_neuron_lab, .timeout = 120)
{
    for (int m = 0; m < observed_models(); m++) {
        struct shown s;
        struct neuron *n = NULL;
        char note[100];
        shown_open(&s, observed_net(m));
        cr_assert_eq(neuron_new(s.net, &s.data, NULL, NULL, NULL, &n, note, sizeof note, NULL), ERR_NONE);
        s.view.neuron = n;
        s.view.model = "model";
        draw_neurons(&s, 4); /* no unit is asked */
        neuron_want_purity(n, true);
        neuron_offer(n, &s.moment);
        for (int round = 0; round < 2; round++) {
            neuron_ask(n, (struct unit){view_activation(&s.view), 0, -1, -1});
            draw_neurons(&s, 7);
            shown_answer(&s);
            await_neuron(n, s.moment.serial);
            draw_neurons(&s, 4);
            point_at_neurons(&s);
            for (int l = s.view.layer; l < s.net->layers; l++)
                s.view.layer = view_learns(s.net, l) ? l : s.view.layer;
        }
        neuron_free(n);
        shown_close(&s);
    }
}

/* Numbers that are none: a network that has gone astray is what a class wants to look at. */
Test(panels, bear_what_is_no_number)
{
    struct shown s;
    shown_open(&s, observed_net(2));
    for (size_t i = 0; i < s.net->params; i++)
        s.moment.weights.params[i] = i % 3 ? NAN : INFINITY;
    shown_answer(&s);
    s.report.loss = s.report.accuracy = NAN;
    history_add(&s.report.history, HISTORY_TRAIN_LOSS, 301, NAN);
    history_add(&s.report.history, HISTORY_TRAIN_LOSS, 302, 1e30);
    shown_draw_all(&s, 0, ARRAY_LEN(shown_sizes), 2);
    shown_close(&s);
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
        shown_open(&s, observed_net(m));
        shown_answer(&s);
        for (int i = 0; panel_types[i]; i++) {
            char title[160] = "";
            if (panel_types[i]->title_text)
                panel_types[i]->title_text(&s.view, title, sizeof title);
            cr_assert_leq(text_columns(title), 76, "%s: %s", panel_types[i]->name, title);
        }
        shown_close(&s);
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

/* The lecture's arithmetic: 28x28 through eight filters of 5x5 is 8x24x24, pooled 8x12x12, and each filter is trained by 25 weights and a bias. */
Test(panels, the_lectures_numbers)
{
    struct shown s;
    shown_open(&s, observed_net(1)); /* tiny */
    shown_answer(&s);
    char *network = shown_text(&s, "network", 12, 60);
    shown_expect(network, "conv1         8x24x24      8*1*5*5+8 = 208");
    shown_expect(network, "pool1         8x12x12 ");
    shown_expect(network, "flatten1      1152x1x1 ");
    shown_expect(network, "dense1        10x1x1       10*1152+10 = 11530");
    shown_expect(network, "126720 multiply-adds"); /* 8*24*24*25 + 1152*10 */
    shown_expect(network, "11738 parameters");     /* 208 + 11530 */
    char *all = shown_text(&s, "network", 12, 80), line[128];
    double squares = 0;
    const struct layer *conv = &s.net->layer[net_find(s.net, "conv1")];
    for (size_t i = conv->param[0].offset; i < conv->param[0].offset + 208; i++)
        squares += pow((double)s.moment.grads[i], 2);
    snprintf(line, sizeof line, "8*1*5*5+8 = 208             115200   %9.3g", sqrt(squares));
    shown_expect(all, "layer         shape        parameters               mult-adds    gradient");
    shown_expect(all, line);
    free(all);
    char *activations = shown_text(&s, "activations", 40, 110), *pooling = shown_text(&s, "pooling", 40, 110);
    shown_expect(activations, "activations relu1  8x24x24");
    shown_expect(pooling, "pooling pool1  8x12x12");
    char *filters = shown_text(&s, "filters", 20, 60);
    shown_expect(filters, "filters conv1  8 of 1x5x5");
    free(network), free(activations), free(pooling), free(filters);
    shown_close(&s);
}

/* What is said, to be read from the back of the room: "3 100.0%", with an exclamation mark when it isn't so. */
Test(panels, large_digits)
{
    static const struct style projector = {RUNG_DIRECT, true, THEME_PROJECTOR, 1};
    struct shown s;
    struct canvas c;
    shown_open(&s, observed_net(1)); /* tiny */
    shown_answer(&s);
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
        shown_expect(dump, wrong ? "┃     █  █ █ █ █     █ █ ▄▀   ▀        ┃"
                                 : "┃     █  █ █ █ █     █ █ ▄▀            ┃");
        free(dump);
    }
    canvas_fini(&c);
    shown_close(&s);
}

/* What is kept of the smallest epsilons is drawn in grey levels: 8 of them at step 1, 16 at step 2, and noise that doesn't do it at all. */
Test(panels, flips_in_grey_levels)
{
    struct shown s;
    struct flips flips;
    shown_open(&s, observed_net(1)); /* tiny */
    shown_answer(&s);
    char *before = shown_text(&s, "flip", 14, 50);
    shown_expect(before, "once something is known");
    cr_assert_eq(flips_init(&flips, NULL), ERR_NONE);
    flips.limit = 0.5f;
    for (int step = 1; step <= 2; step++) {
        series_add(&flips.attack, step, 8.0 / 255 * step);
        series_add(&flips.noise, step, 0.5);
    }
    s.view.flips = &flips;
    char *plot = shown_text(&s, "flip", 14, 50);
    shown_expect(plot, "flip fgsm linf  ");
    shown_expect(plot, " of 255  noise ");
    shown_expect(plot, "noise");
    shown_expect(plot, "fgsm");
    shown_expect(plot, "step 2");
    free(before), free(plot);
    flips_fini(&flips);
    shown_close(&s);
}

/* A network whose layer in view has no filters or no pooling says so. */
Test(panels, say_what_is_missing)
{
    struct shown s;
    shown_open(&s, observed_net(0)); /* mlp */
    shown_answer(&s);
    char *filters = shown_text(&s, "filters", 5, 70), *pooling = shown_text(&s, "pooling", 5, 70);
    shown_expect(filters, "weights dense1  ");
    shown_expect(filters, " of 1x28x28  \u00b1");
    shown_expect(pooling, "no pooling follows");
    free(filters), free(pooling);
    shown_close(&s);
}

/* The same questions of several panels are asked once. */
Test(panels, ask_once)
{
    for (int m = 0; m < observed_models(); m++) {
        struct shown s;
        struct question q[QUESTIONS_MAX];
        shown_open(&s, observed_net(m));
        int count = panels_ask(&s.view, panel_types, shown_panels(), q);
        cr_assert(count > 0 && count <= QUESTIONS_MAX);
        for (int i = 0; i < count; i++) {
            cr_assert(question_fits(s.net, &q[i]), "%s of layer %d", q[i].type->name, q[i].layer);
            for (int k = 0; k < i; k++)
                cr_assert_not(question_equal(&q[i], &q[k]));
        }
        const struct panel_type *twice[] = {panel_types[0], panel_types[0]};
        cr_assert_eq(panels_ask(&s.view, twice, 2, q), panels_ask(&s.view, twice, 1, q));
        shown_close(&s);
    }
}
