/** The signal lab's state and panels: the average at the cursor step by step, pieces, files, and drawing at any size. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "tui/app.h"
#include "tui/listening.h"
#include "tui/panels/series.h"

static struct listening *opened(const char *name)
{
    struct listening *l;
    struct diag diag;
    cr_assert(!listening_new(NULL, NULL, &l, &diag), "%s", diag.text);
    cr_assert(!listening_open(l, name, &diag), "%s", diag.text);
    listening_update(l);
    return l;
}

static enum err average(struct listening *l, enum average kind, int width, double sigma, const char *typed,
                        struct diag *diag)
{
    struct average_choice c = {.average = kind, .width = width, .sigma = sigma};
    snprintf(c.typed, sizeof c.typed, "%s", typed);
    return listening_average(l, &c, diag);
}

static void settle(struct listening *l)
{
    double until = clock_now() + 60;
    listening_update(l);
    while (!listener_settled(l->listener) && clock_now() < until) {
        listening_take(l);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    cr_assert(listener_settled(l->listener));
}

/* L20: d = 512 and k = 8 give 505 outputs. */
Test(listening, as_it_opens)
{
    struct listening *l = opened("waves");
    cr_assert(l->signal.count == 512 && listening_weights(l) == 8 && listening_outputs(l) == 505);
    cr_assert(l->from == 0 && l->span == 512 && l->sample == 256 && l->products == 8);
    cr_assert_eq(listening_output(l), 256 - 3);
    settle(l);
    cr_assert_eq(l->result->error.count, 505);
    cr_assert_lt(stretch_rmse(&l->result->error, STRETCH_SMOOTH),
                 stretch_rmse(&l->result->error, STRETCH_NOISY));
    listening_free(l);
    listening_free(NULL);
}

/* The sum is that of the samples that are seen, and what the smoothed curve has there. */
Test(listening, the_sum_in_full)
{
    struct listening *l = opened("beats");
    listening_point(l, 500);
    listening_update(l);
    settle(l);
    double sum = 0;
    long at = listening_output(l) - l->near_from;
    for (int j = 0; j < 8; j++)
        sum += (double)l->near[at + j] / 8;
    cr_assert_float_eq(l->sum, sum, 1e-6);
    cr_assert_float_eq(l->near_smooth[500 - l->near_from], sum, 1e-6);
    cr_assert_float_eq(l->result->whole.low[STRETCH_SMOOTH][500], sum, 1e-6);
    cr_assert(strstr(l->expression, ") / 8 = "), "%s", l->expression);
    cr_assert(!average(l, AVERAGE_TYPED, 8, 1, "custom:-1 0 1", NULL));
    listening_noise(l, 0, 1);
    listening_update(l);
    cr_assert_float_eq(l->sum, (double)l->signal.x[501] - (double)l->signal.x[499], 1e-6);
    cr_assert(strstr(l->expression, "\u00b7(-1) + ") && !strstr(l->expression, "/"), "%s", l->expression);
    listening_free(l);
}

/* On and back by products: from the first to the last and the same way back. */
Test(listening, steps)
{
    struct listening *l = opened("waves");
    cr_assert(!average(l, AVERAGE_GAUSSIAN, 3, 1, "", NULL));
    listening_point(l, 0);
    cr_assert(listening_output(l) == 0 && l->products == 3);
    cr_assert(listening_step(l, -1) && l->products == 2 && listening_output(l) == 0);
    listening_update(l);
    cr_assert(strstr(l->expression, " + ..."), "%s", l->expression);
    cr_assert(listening_step(l, -2) && l->products == 0);
    listening_update(l);
    cr_assert(l->sum == 0);
    cr_assert_str_eq(l->expression, "...");
    cr_assert_not(listening_step(l, -1), "there is nothing before the first");
    cr_assert(listening_step(l, 4) && listening_output(l) == 1 && l->products == 1);
    cr_assert(listening_step(l, -1) && listening_output(l) == 0 && l->products == 3);
    cr_assert_not(listening_step(l, 1000000));
    cr_assert(listening_output(l) == 509 && l->products == 3);
    listening_slide(l, -10);
    cr_assert(listening_output(l) == 499 && l->sample == 500);
    listening_slide(l, 100);
    cr_assert_eq(listening_output(l), 509);
    listening_look_at(l, 100, 50);
    listening_point(l, 400);
    cr_assert(l->from <= 400 && l->from + l->span > 400 && l->span == 50,
              "the view goes where the cursor is");
    listening_look_at(l, 510, 1);
    cr_assert(l->span == LISTENING_SPAN && l->from == 512 - LISTENING_SPAN);
    listening_free(l);
}

/* L25: what the slide's slips do to the weights of k = 7, sigma = 2. */
Test(listening, bells)
{
    static const double first[BELLS] = {0.0301, 0.0702, 0, 0.0602};
    struct listening *l = opened("waves");
    for (int b = 0; b < BELLS; b++) {
        struct average_choice c = {AVERAGE_GAUSSIAN, 7, 2, (enum bell)b, ""};
        cr_assert_eq(listening_average(l, &c, NULL), ERR_NONE);
        const float *w = l->kernel.w.data;
        if (b == BELL_PRINTED)
            cr_assert(w[0] > w[1] && w[1] > w[3] && w[6] > w[5], "it grows outwards");
        else
            cr_assert_float_eq(w[0], first[b], 5e-5, "%s: %g", bell_names[b], (double)w[0]);
    }
    listening_free(l);
}

/* Refused in a sentence, and all stays as it was. */
Test(listening, what_cant_be)
{
    struct listening *l = opened("waves");
    struct diag diag = {0};
    cr_assert(average(l, AVERAGE_UNIFORM, 1000, 1, "", &diag) && *diag.text);
    cr_assert(average(l, AVERAGE_TYPED, 8, 1, "sobel:edge=vertical", &diag) &&
              strstr(diag.text, "one row of weights"));
    cr_assert(listening_open(l, "nothing.csv", &diag) && strstr(diag.text, "nothing.csv"));
    cr_assert(listening_cut(l, 500, 13, &diag) && strstr(diag.text, "512"), "%s", diag.text);
    cr_assert(listening_cut(l, -1, 2, &diag) && listening_cut(l, 0, 0, &diag));
    cr_assert(listening_piece(l, "nothing.wav", &diag) && *diag.text);
    cr_assert(listening_weights(l) == 8 && l->signal.count == 512 && !l->piece);
    listening_free(l);
}

Test(listening, files_and_pieces)
{
    char folder[] = "/tmp/fovea-listening-XXXXXX";
    struct diag diag = {0};
    cr_assert(mkdtemp(folder) && chdir(folder) == 0);
    cr_assert(!file_write("short.csv", "1\n2\n3\n", 6, NULL) &&
              !file_write("timed.csv", "0,1\n.5,2\n", 9, NULL));
    struct listening *l = opened("short.csv");
    cr_assert(listening_outputs(l) == 0 && listening_output(l) == -1, "the window is wider than the series");
    cr_assert_not(listening_step(l, 1));
    settle(l);
    cr_assert(listening_piece(l, "timed.csv", &diag) && strstr(diag.text, "2 samples a second"), "%s",
              diag.text);
    cr_assert(!listening_piece(l, "short.csv", NULL) && l->piece_length == 3);
    settle(l);
    cr_assert(l->result->peaks == 1 && l->result->peak[0].col == 0 && l->result->peak[0].score > 0.999f);
    cr_assert(!listening_open(l, "melody", NULL) && !l->piece, "a piece is of its series");
    listening_noise(l, 0, 1);
    cr_assert(!listening_cut(l, 2000, 2000, NULL));
    settle(l);
    cr_assert_eq(l->result->peaks, 2);
    listening_forget(l);
    settle(l);
    cr_assert_eq(l->result->peaks, 0);
    listening_free(l);
    cr_assert(unlink("short.csv") == 0 && unlink("timed.csv") == 0 && chdir("/") == 0 && rmdir(folder) == 0);
}

/* ---- panels ---- */

static const struct panel_type *const panels[] = {&panel_wave, &panel_average, &panel_spectrum,
                                                  &panel_search};
static const struct style styles[] = {{.rung = RUNG_MONO},
                                      {.rung = RUNG_8, .utf8 = true},
                                      {.rung = RUNG_DIRECT, .utf8 = true},
                                      {.rung = RUNG_DIRECT, .utf8 = true, .theme = THEME_PROJECTOR}};

/* Draws in its place and nowhere else; where the cursor can be put, it can be found again. */
static void draw_all(struct view *v, int rows, int cols)
{
    for (int k = 0; k < ARRAY_LEN(panels); k++)
        for (int s = 0; s < ARRAY_LEN(styles); s++) {
            struct canvas c;
            struct place at = {0};
            cr_assert_eq(canvas_init(&c, rows + 2, cols + 2, &styles[s]), ERR_NONE);
            canvas_fill(&c, c.clip, ROLE_WARN, '~');
            struct canvas part = canvas_part(&c, (struct rect){1, 1, rows, cols});
            canvas_clear(&part);
            panels[k]->draw(v, &part);
            for (int y = 0; y < c.rows; y++)
                for (int x = 0; x < c.cols; x++)
                    if (y == 0 || x == 0 || y > rows || x > cols)
                        cr_assert_eq(c.cell[y * c.cols + x].ch, '~', "%s at %dx%d", panels[k]->name, rows,
                                     cols);
            for (int y = -1; y <= rows; y++)
                for (int x = -1; x <= cols; x++)
                    if (panels[k]->hit(v, rows, cols, y, x, &at)) {
                        struct spot spot;
                        cr_assert(panels[k]->spot(v, at, &spot) && spot.kind == SPOT_SAMPLE);
                        cr_assert(panels[k] == &panel_average ||
                                  (spot.step >= v->listening->from &&
                                   spot.step < v->listening->from + v->listening->span));
                    }
            canvas_fini(&c);
        }
}

Test(listening, panels_at_any_size)
{
    static const int sizes[][2] = {{1, 1}, {1, 90}, {2, 2}, {3, 9}, {7, 60}, {22, 78}, {48, 158}, {118, 398}};
    static const char *const names[] = {"steps", "beats", "melody"};
    static struct view v;
    for (int n = 0; n < ARRAY_LEN(names); n++) {
        struct listening *l = opened(names[n]);
        v = (struct view){.listening = l, .focus = panels[n], .pointing = true};
        draw_all(&v, 10, 40); /* before the first result */
        l->rows = 30, l->cols = 100;
        cr_assert(!listening_cut(l, 40, 60, NULL));
        settle(l);
        for (int i = 0; i < ARRAY_LEN(sizes); i++) {
            v.legend = i % 2;
            draw_all(&v, sizes[i][0], sizes[i][1]);
        }
        cr_assert(!average(l, AVERAGE_GAUSSIAN, STRETCH_WEIGHTS, 200, "", NULL));
        l->cut = 3;
        listening_look_at(l, 100, 100);
        listening_step(l, -1);
        settle(l);
        for (int i = 0; i < ARRAY_LEN(sizes); i++)
            draw_all(&v, sizes[i][0], sizes[i][1]);
        listening_free(l);
    }
    v.listening = NULL; /* before the lab was entered */
    for (int i = 0; i < ARRAY_LEN(sizes); i++)
        draw_all(&v, sizes[i][0], sizes[i][1]);
}

/* Where nobody says how many samples a second there are, they are counted from 1. */
Test(listening, units)
{
    struct listening *l = opened("steps");
    cr_assert_str_eq(listening_unit(l), "samples");
    cr_assert_eq(listening_time(l, 0), 1);
    cr_assert_eq(listening_sample(l, 512), 511);
    cr_assert(!listening_open(l, "melody", NULL));
    cr_assert_str_eq(listening_unit(l), "s");
    cr_assert_eq(listening_time(l, 4000), 0.5);
    cr_assert_eq(listening_sample(l, 0.5), 4000);
    listening_free(l);
}

/* ---- actions ---- */

static struct app app;

static void enter(void)
{
    memset(&app, 0, sizeof app);
    app.lab = lab_find("signal");
    cr_assert(app.lab->enter(&app), "%s", app.message);
}

/* What the lab says of itself, for a state line. */
static void state_of(char *text, size_t size)
{
    struct text out = {0};
    app.lab->state(&app, &out);
    snprintf(text, size, "%s", text_str(&out));
    text_free(&out);
}

static const char *const changes[] = {
    "signal beats", "noise 0.1",     "noise other", "noise more",   "average gaussian",
    "width 21",     "width more",    "sigma 4.5",   "sigma less",   "average custom:1 2 1",
    "average next", "span 101 300",  "span less",   "scroll right", "piece 201 50",
    "piece 301 60", "search plain",  "pace 16",     "pace more",    "fourier 128",
    "fourier less", "hear smoothed",
};

/* Each is taken back by what it left behind; the cursor stays where it is. */
Test(listening, every_change_can_be_undone)
{
    static char states[ARRAY_LEN(changes)][1200], now[1200];
    enter();
    for (int i = 0; i < ARRAY_LEN(changes); i++) {
        state_of(states[i], sizeof states[i]);
        cr_assert(app_do(&app, changes[i]), "%s: %s", changes[i], app.message);
        state_of(now, sizeof now);
        cr_assert_str_neq(now, states[i], "%s does nothing", changes[i]);
    }
    for (int i = ARRAY_LEN(changes) - 1; i > 0; i--) { /* another series has all of it in view */
        cr_assert(app_undo(&app), "%s", changes[i]);
        state_of(now, sizeof now);
        size_t until = (size_t)(strstr(states[i], "; instant") - states[i]);
        cr_assert_eq(strncmp(now, states[i], until), 0, "%s: %s, not %s", changes[i], now, states[i]);
    }
    app.lab->close(&app);
    cr_assert_null(app.view.listening);
}

/* The lines of a state lead there from a lab that was just opened. */
Test(listening, a_state_is_reached_again)
{
    static char first[1200], again[1200];
    enter();
    for (int i = 0; i < ARRAY_LEN(changes); i++)
        cr_assert(app_do(&app, changes[i]));
    cr_assert(app_do(&app, "average custom:0.5 0 -0.5; instant 222; tap 2"));
    state_of(first, sizeof first);
    app.lab->close(&app);
    enter();
    cr_assert(app_do(&app, first), "%s", app.message);
    state_of(again, sizeof again);
    cr_assert_str_eq(again, first);
    app.lab->close(&app);
}

Test(listening, arguments)
{
    static const char *const wrong[] = {
        "signal", "average x", "average sobel",  "width 0",     "width x", "sigma",     "bell",
        "bell x", "noise -1",  "noise x",        "noise 1 x",   "span",    "span 0 10", "span x",
        "scroll", "instant 0", "instant 999999", "tap 9",       "slide x", "listen x",  "pace 0",
        "piece",  "search x",  "found x",        "fourier 100", "hear x",  "cut it"};
    static char before[1200], after[1200];
    enter();
    state_of(before, sizeof before);
    for (int i = 0; i < ARRAY_LEN(wrong); i++) {
        app.message[0] = 0;
        bool done = app_do(&app, wrong[i]);
        cr_assert((!done || app.failed) && *app.message, "'%s'", wrong[i]);
        state_of(after, sizeof after);
        cr_assert_str_eq(before, after, "'%s'", wrong[i]);
        cr_assert_eq(app.undos, 0, "'%s'", wrong[i]);
    }
    app.lab->close(&app);
}

/* Product by product by itself, up to the last. */
Test(listening, plays)
{
    enter();
    struct listening *l = app.view.listening;
    cr_assert(app.lab->tick(&app, 10) < 0);
    cr_assert(app_do(&app, "slide 505; tap 0; pace 4; listen on"));
    cr_assert_float_eq(app.lab->tick(&app, 10), 0.25, 1e-9);
    cr_assert_eq(l->products, 0);
    cr_assert_float_eq(app.lab->tick(&app, 10.3), 0.2, 1e-6);
    cr_assert_eq(l->products, 1);
    app.lab->tick(&app, 11.3);
    cr_assert_eq(l->products, 5);
    cr_assert_lt(app.lab->tick(&app, 20), 0, "the end");
    cr_assert(l->products == 8 && !l->playing);
    cr_assert(app_do(&app, "slide 1; listen next") && l->playing && app_do(&app, "tap next") && !l->playing);
    cr_assert(app_do(&app, "listen on") && l->playing);
    app.lab->leave(&app);
    cr_assert_not(l->playing, "nothing plays unseen");
    app.lab->close(&app);
}
