#include "shown.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "observing.h"
#include "tui/filtering.h"
#include "tui/fooling.h"
#include "tui/scenery.h"

const struct style shown_styles[SHOWN_STYLES] = {
    {.rung = RUNG_MONO, .utf8 = false},   {.rung = RUNG_MONO, .utf8 = true},
    {.rung = RUNG_8, .utf8 = false},      {.rung = RUNG_8, .utf8 = true},
    {.rung = RUNG_256, .utf8 = false},    {.rung = RUNG_256, .utf8 = true},
    {.rung = RUNG_DIRECT, .utf8 = false}, {.rung = RUNG_DIRECT, .utf8 = true}};
const int shown_sizes[SHOWN_SIZES][2] = {{1, 1},   {1, 2},    {2, 1},    {2, 2},    {3, 3},   {1, 400},
                                         {120, 1}, {3, 80},   {5, 20},   {7, 33},   {10, 10}, {16, 30},
                                         {22, 80}, {120, 12}, {48, 160}, {120, 400}};

static void cook(struct filtering *f, const char *picture, const char *const *stages)
{
    struct chain next = {.mode = CORRELATE_SAME};
    for (int i = 0; stages[i]; i++)
        cr_assert_eq(chain_add(&next, stages[i], NULL), ERR_NONE);
    cr_assert_eq(filtering_open(f, picture, NULL), ERR_NONE);
    cr_assert_eq(filtering_change(f, &next, NULL), ERR_NONE);
    f->stage = f->asked.stages - 1;
}

void shown_open(struct shown *s, struct net *net)
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

void shown_close(struct shown *s)
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

int shown_panels(void)
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

void shown_answer(struct shown *s)
{
    struct question asked[QUESTIONS_MAX];
    struct sample *sample = &s->answers.sample;
    s->view.answers = NULL;
    int count = panels_ask(&s->view, panel_types, shown_panels(), asked);
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

/* Of the canvas around the panel: what it must not touch. */
enum { GUARD = 0x2603, MARGIN = 2 };

void shown_draw(const struct shown *s, const struct panel_type *type, const struct style *style, int rows,
                int cols)
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

void shown_draw_all(const struct shown *s, int from, int to, int step)
{
    static int turn;
    turn++;
    for (int p = 0; panel_types[p]; p++)
        for (int i = from; i < to; i++)
            for (int k = (i + p + turn) % step; k < ARRAY_LEN(shown_styles); k += step)
                shown_draw(s, panel_types[p], &shown_styles[k], shown_sizes[i][0], shown_sizes[i][1]);
}

char *shown_text(const struct shown *s, const char *panel, int rows, int cols)
{
    struct canvas c;
    cr_assert_eq(canvas_init(&c, rows, cols, &shown_styles[7]), ERR_NONE);
    panel_draw(panel_find(panel), &s->view, &c, c.clip);
    char *dump = canvas_dump(&c);
    canvas_fini(&c);
    cr_assert_not_null(dump);
    return dump;
}

void shown_expect(const char *screen, const char *text)
{
    cr_assert(strstr(screen, text), "no '%s' in\n%s", text, screen);
}
