/** Pointing at panels: whatever a cell shows is explained, the cursor walks from place to place, and what lies under it is what the network is. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/rng.h"
#include "observing.h"
#include "shown.h"
#include "tui/widgets/numbers.h"

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

Test(panels, can_be_pointed_at_at_any_size, .timeout = 120)
{
    for (int m = 0; m < observed_models(); m++) {
        struct shown s;
        shown_open(&s, observed_net(m));
        shown_answer(&s);
        for (int p = 0; panel_types[p]; p++)
            for (int i = 0; i < ARRAY_LEN(shown_sizes) && panel_types[p]->move; i++) {
                s.view.numbers = i % 2, s.view.legend = i % 3 == 0;
                s.view.focus = NULL, s.view.spot = (struct spot){0};
                point_everywhere(&s, panel_types[p], shown_sizes[i][0], shown_sizes[i][1]);
                shown_draw(&s, panel_types[p], &shown_styles[(p + i) % ARRAY_LEN(shown_styles)],
                           shown_sizes[i][0], shown_sizes[i][1]);
                shown_draw_all(&s, 9 + i % 2, 10 + i % 2, 64); /* some of the others, lit by it */
            }
        shown_close(&s);
    }
}

/* Numbers instead of pixels: those that the answer holds, with the legend below. */
Test(panels, pictures_as_numbers)
{
    struct shown s;
    shown_open(&s, observed_net(1)); /* tiny */
    s.view.numbers = s.view.legend = true;
    shown_answer(&s);
    const struct part *w = view_part(&s.view, "filters", 0, "weight"),
                      *x = view_part(&s.view, "input", 0, "x");
    char *filters = shown_text(&s, "filters", 30, 80), *input = shown_text(&s, "input", 40, 172), number[16],
         range[32];
    cr_assert_not_null(w);
    for (int i = 0; i < 25; i++) {
        number_text(number, sizeof number, w->data[25 + i], 5);
        shown_expect(filters, number);
        number_text(number, sizeof number, x->data[i], 4); /* five columns a value */
        shown_expect(input, number);
    }
    snprintf(range, sizeof range, "+%.3g", (double)view_range(w->data, 8 * 25));
    shown_expect(filters, range);
    free(filters), free(input);
    shown_close(&s);
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
    shown_open(&s, observed_net(1));
    shown_answer(&s);
    s.report.per_epoch = 40;
    shown_expect(explained(&s, "curves", (struct place){STEP, 0, 100}),
                 "step 100, epoch 2.50  training 0.010, 1.0 %  test 0.010, 1.0 %");
    shown_expect(explained(&s, "curves", (struct place){0}), "step 300"); /* where one stands */
    shown_expect(explained(&s, "curves", (struct place){STEP, 0, 0}), "training -  test -");
    s.view.curves.smooth = 0;
    char *text =
        (point(&s, panel_find("curves"), (struct place){STEP, 0, 4}), shown_text(&s, "curves", 24, 80));
    shown_expect(text, "\u2503 step 4");
    shown_expect(text, "loss 0.250  o test 0.250");
    shown_expect(text, "accuracy 25.0 %  x test 25.0 %");
    free(text);
    s.view.curves.smooth = 2; /* seven points: 300 / 40 */
    text = shown_text(&s, "curves", 24, 80);
    shown_expect(text, "mean 0.521"); /* of 1, 1/2, 1/3 and 1/4 */
    free(text);
    struct spot spot;
    const struct panel_type *curves = panel_find("curves");
    cr_assert(curves->spot(&s.view, (struct place){STEP, 0, 300}, &spot) && spot.kind == SPOT_STEP &&
              spot.step == 300);
    cr_assert_not(curves->spot(&s.view, (struct place){STEP, 0, 301}, &spot));
    cr_assert_not(curves->spot(&s.view, (struct place){3, 0, 0}, &spot));
    s.view.report = NULL;
    cr_assert_not(curves->spot(&s.view, (struct place){0}, &spot));
    shown_close(&s);
}

Test(curves, enter_and_clicks_go_there)
{
    struct shown s;
    char line[64];
    shown_open(&s, observed_net(1));
    shown_answer(&s);
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
    shown_close(&s);
}

Test(curves, recent_window)
{
    struct shown s;
    shown_open(&s, observed_net(1));
    shown_answer(&s);
    s.view.curves.recent = true;
    char *text = shown_text(&s, "curves", 24, 80);
    shown_expect(text, "curves  last 50 steps"); /* a tenth would be too few */
    shown_expect(text, "250  ");
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
    shown_expect(title, "last 300 steps");
    shown_close(&s);
}

Test(curves, of_two_branches)
{
    struct shown s;
    static struct trainer_report other;
    shown_open(&s, observed_net(1));
    shown_answer(&s);
    other = (struct trainer_report){.step = 400, .furthest = 400};
    cr_assert_eq(history_init(&other.history, TRAINER_POINTS, NULL), ERR_NONE);
    for (int step = 1; step <= 400; step++)
        for (int k = 0; k < HISTORY_SERIES; k++)
            history_add(&other.history, (enum history_series)k, step, 0.75);
    s.view.other = &other;
    char *text = shown_text(&s, "curves", 40, 100);
    shown_expect(text, "# other  & its test  * loss  o test");
    shown_expect(text, "step 400"); /* the longer one */
    shown_expect(text, "&&&  &&&  &&&");
    free(text);
    shown_expect(explained(&s, "curves", (struct place){STEP, 0, 100}),
                 "other: training 0.750, 75.0 %  test 0.750, 75.0 %");
    history_fini(&other.history);
    shown_close(&s);
}

/* A batch that was no number leaves a gap, and what comes after it is a mean again. */
Test(curves, means_survive_what_is_no_number)
{
    struct shown s;
    shown_open(&s, observed_net(1));
    shown_answer(&s);
    history_add(&s.report.history, HISTORY_TRAIN_LOSS, 301, NAN);
    history_add(&s.report.history, HISTORY_TRAIN_LOSS, 302, 0.5);
    s.report.furthest = s.report.step = 302;
    point(&s, panel_find("curves"), (struct place){STEP, 0, 301});
    char *text = shown_text(&s, "curves", 24, 80);
    shown_expect(text, "mean -");
    free(text);
    point(&s, panel_find("curves"), (struct place){STEP, 0, 302});
    text = shown_text(&s, "curves", 24, 80);
    shown_expect(text, "mean 0.0"); /* one 0.5 and five of 1/300 */
    free(text);
    shown_close(&s);
}

/* ---- classes and layers ---- */

/* When not all classes have room: the true one and the one that is pointed at are there, and the cursor goes by what is most likely. */
Test(probabilities, walk_in_the_order_of_bars)
{
    struct shown s;
    shown_open(&s, observed_net(1));
    shown_answer(&s);
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
    shown_expect(explained(&s, "probabilities", at), logit);
    shown_close(&s);
}

Test(network, enter_looks_at_a_layer)
{
    struct shown s;
    char line[64];
    shown_open(&s, observed_net(1));
    shown_answer(&s);
    const struct panel_type *type = panel_find("network");
    shown_expect(explained(&s, "network", (struct place){0, 0, 0}),
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
    shown_close(&s);
}
