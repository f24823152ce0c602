/** Match the convolution: questions of three kinds, answers that are explained and counted, and their panel at any size. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "filter/correlate.h"
#include "tui/app.h"
#include "tui/matching.h"
#include "tui/panels/panels.h"

enum { SIDE = 12, FILTERS = 8, CHANNELS = 3, TAPS = 3 };
static float picture[CHANNELS * SIDE * SIDE], weight[FILTERS * CHANNELS * TAPS * TAPS];

static struct matching *opened(void)
{
    struct matching *m;
    struct rng rng;
    rng_init(&rng, 4);
    for (int i = 0; i < CHANNELS * SIDE * SIDE; i++)
        picture[i] = rng_uniform(&rng);
    for (int i = 0; i < FILTERS * CHANNELS * TAPS * TAPS; i++)
        weight[i] = rng_normal(&rng);
    cr_assert_eq(matching_new(&m, NULL), ERR_NONE);
    return m;
}

static void offer(struct matching *m)
{
    matching_offer(m, "conv1", picture, CHANNELS, SIDE, SIDE, weight, FILTERS, TAPS, TAPS);
}

static void ask(struct matching *m, enum matching_kind kind, long number)
{
    matching_ask(m, kind, number);
    cr_assert_eq(m->waiting, kind == MATCHING_FILTERS);
    offer(m); /* only who waits takes it */
    cr_assert(m->there && !m->waiting, "%s", m->why);
}

/* The right output is x * w by the definition, and the reduced pictures are means of it. */
Test(matching, the_right_one_is_right)
{
    struct matching *m = opened();
    for (int kind = 0; kind < MATCHING_KINDS; kind++)
        for (long number = 0; number < 5; number++) {
            struct tensor y;
            ask(m, (enum matching_kind)kind, number);
            const struct match *q = &m->question;
            struct tensor w = m->choice[q->shown[q->right]].w;
            cr_assert_eq(correlate(&q->x, &w, CORRELATE_SAME, false, &y, NULL), ERR_NONE);
            for (size_t i = 0; i < tensor_count(&y); i++)
                cr_assert_float_eq(y.data[i], q->y[q->right].data[i], 1e-4);
            cr_assert_eq(m->reduced[0] != NULL, kind != MATCHING_SERIES);
            if (m->reduced[1]) {
                const float *half = m->reduced[1] + (1 + q->right) * m->rows[1] * m->cols[1];
                float mean = (y.data[0] + y.data[1] + y.data[y.dim[1]] + y.data[y.dim[1] + 1]) / 4;
                cr_assert_float_eq(half[0], mean, 1e-4);
            }
            tensor_fini(&y);
        }
    matching_free(m);
    matching_free(NULL);
}

/* Grey pictures: the mean of the channels, and each filter summed over them. */
Test(matching, filters_of_three_channels)
{
    struct matching *m = opened();
    ask(m, MATCHING_FILTERS, 0);
    cr_assert_float_eq(m->question.x.data[5],
                       (picture[5] + picture[5 + SIDE * SIDE] + picture[5 + 2 * SIDE * SIDE]) / 3, 1e-6);
    const float *w = m->filter[2].w.data, *from = weight + 2 * CHANNELS * TAPS * TAPS;
    cr_assert_float_eq(w[4], from[4] + from[4 + TAPS * TAPS] + from[4 + 2 * TAPS * TAPS], 1e-6);
    cr_assert_str_eq(m->filter[2].name, "filter 2 of conv1");
    cr_assert(strstr(m->filter[2].help, "like an edge at ") && strstr(m->filter[2].help, "cosine 0."), "%s",
              m->filter[2].help);
    matching_free(m);
}

Test(matching, answers_are_counted_and_explained)
{
    struct matching *m = opened();
    char text[300];
    matching_explain(m, text, sizeof text);
    cr_assert(strstr(text, "Which of the four"));
    int right = m->question.right, wrong = (right + 1) % MATCH_OUTPUTS;
    cr_assert_not(matching_guess(m, wrong));
    cr_assert(m->answered == 1 && m->right == 0 && m->row == 0);
    matching_explain(m, text, sizeof text);
    const struct match_choice *chosen = &m->choice[m->question.shown[wrong]];
    cr_assert(strncmp(text, "Wrong: ", 7) == 0 && strstr(text, chosen->help), "%s", text);
    cr_assert(matching_guess(m, right));
    cr_assert(m->answered == 1 && m->guess == wrong, "only the first answer counts");
    for (int i = 1; i < 4; i++) {
        matching_ask(m, MATCHING_SERIES, i);
        cr_assert(m->guess == -1 && matching_guess(m, m->question.right));
    }
    cr_assert(m->answered == 4 && m->right == 3 && m->row == 3);
    matching_explain(m, text, sizeof text);
    cr_assert_eq(strncmp(text, "Right: ", 7), 0, "%s", text);
    matching_free(m);
}

/* The same number, the same question; another, another. */
Test(matching, numbered)
{
    struct matching *m = opened();
    float first[3];
    for (int i = 0; i < 3; i++) {
        matching_ask(m, MATCHING_SERIES, i == 2 ? 0 : i);
        first[i] =
            m->question.x.data[100] + (float)m->question.right * 10 + (float)m->question.shown[0] * 100;
    }
    cr_assert(first[0] == first[2] && first[0] != first[1]);
    matching_free(m);
}

/* Filters that can't be asked about: said, and nothing breaks. */
Test(matching, refused)
{
    struct matching *m = opened();
    char text[300];
    matching_ask(m, MATCHING_FILTERS, 0);
    matching_explain(m, text, sizeof text);
    cr_assert(strstr(text, "on their way") && !m->there);
    cr_assert_eq(m->answered, 0);
    matching_guess(m, 1);
    cr_assert_eq(m->answered, 0);
    matching_refuse(m, "there are none");
    matching_explain(m, text, sizeof text);
    cr_assert_str_eq(text, "there are none");
    memset(weight, 0, sizeof weight); /* all the same */
    matching_ask(m, MATCHING_FILTERS, 0);
    offer(m);
    cr_assert(!m->there && !m->waiting && strstr(m->why, "answer differently"), "%s", m->why);
    matching_ask(m, MATCHING_FILTERS, 0);
    matching_offer(m, "conv1", picture, 1, SIDE, SIDE, weight, 1, MATCHING_SIDE + 1, 1);
    cr_assert(!m->there && strstr(m->why, "too large"));
    matching_free(m);
}

Test(matching, panel_at_any_size)
{
    static const int sizes[][2] = {{1, 1}, {1, 90}, {2, 2}, {3, 9}, {7, 60}, {22, 78}, {48, 158}, {118, 398}};
    static const struct style styles[] = {
        {.rung = RUNG_MONO}, {.rung = RUNG_8, .utf8 = true}, {.rung = RUNG_DIRECT, .utf8 = true}};
    static struct view v;
    v.matching = opened();
    for (int k = 0; k < 3 * MATCHING_KINDS; k++)
        for (int i = 0; i < ARRAY_LEN(sizes) * ARRAY_LEN(styles); i++) {
            int rows = sizes[i % ARRAY_LEN(sizes)][0], cols = sizes[i % ARRAY_LEN(sizes)][1];
            struct canvas c;
            ask(v.matching, (enum matching_kind)(k % MATCHING_KINDS), k);
            if (k >= MATCHING_KINDS)
                matching_guess(v.matching, 0);
            v.numbers = k >= 2 * MATCHING_KINDS;
            cr_assert_eq(canvas_init(&c, rows + 2, cols + 2, &styles[i / ARRAY_LEN(sizes)]), ERR_NONE);
            canvas_fill(&c, c.clip, ROLE_WARN, '~');
            struct canvas part = canvas_part(&c, (struct rect){1, 1, rows, cols});
            canvas_clear(&part);
            panel_match.draw(&v, &part);
            for (int y = 0; y < c.rows; y++)
                for (int x = 0; x < c.cols; x++)
                    if (y == 0 || x == 0 || y > rows || x > cols)
                        cr_assert_eq(c.cell[y * c.cols + x].ch, '~', "%dx%d", rows, cols);
            canvas_fini(&c);
        }
    matching_free(v.matching);
}

/* ---- actions ---- */

Test(matching, actions)
{
    static struct app app;
    cr_assert_not(app_do(&app, "guess 5"));
    cr_assert(app_do(&app, "guess 1") && strstr(app.message, "lab step"));
    cr_assert(app_open_matching(&app));
    struct matching *m = app.view.matching;
    cr_assert(app_do(&app, "question next") && m->number == 1);
    cr_assert(app_do(&app, "question pictures") && m->number == 1 && m->kind == MATCHING_PICTURES);
    cr_assert(app_do(&app, "question series 7") && m->number == 6 && m->kind == MATCHING_SERIES);
    cr_assert(app_do(&app, "question 9") && m->number == 8 && m->kind == MATCHING_SERIES);
    struct text state = {0};
    app_state_matching(&app, &state);
    cr_assert_str_eq(text_str(&state), "question series 9");
    text_free(&state);
    cr_assert(app_do(&app, "guess 3") && m->guess == 2 && m->answered == 1);
    cr_assert(app_do(&app, "guess 3") && strstr(app.message, "answered") && m->answered == 1);
    static const char *const wrong[] = {"question",          "question x", "question 0",
                                        "question series x", "guess",      "guess x"};
    for (int i = 0; i < ARRAY_LEN(wrong); i++)
        cr_assert_not(app_do(&app, wrong[i]), "%s", wrong[i]);
    cr_assert(app_undo(&app) && m->number == 6 && app_undo(&app) && m->kind == MATCHING_PICTURES);
    cr_assert(app_undo(&app) && m->kind == MATCHING_SERIES && m->number == 1);
    app_close_matching(&app);
    cr_assert_null(app.view.matching);
}
