/** The filter lab's pages on cities, hands and eyes: what is guessed and shown, the cursor, the bar, cells, what a state line keeps, and the fit in the background. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "nn/model.h"
#include "toy.h"
#include "tui/actions/scenery.h"
#include "tui/keys.h"
#include "tui/panels/panels.h"
#include "tui/scenery.h"

static struct net *net;
static struct dataset data;
static struct app app;
static struct scenery *s;
static const struct style style = {.rung = RUNG_256, .utf8 = true};

static void set_up(void)
{
    struct diag diag = {0};
    cr_assert_eq(
        model_parse("input 3x12x12\nconv 2 3x3\nrelu\nflatten\ndense 4\n", "model", NULL, &net, NULL),
        ERR_NONE);
    data = toy_data((struct shape){3, 12, 12}, 4, 203, 90);
    app = (struct app){.net = net, .data = &data, .model_name = "toy"};
    view_init(&app.view, net, &data);
    cr_assert_eq(own_init(&app.view.own, net->in, NULL), ERR_NONE);
    cr_assert_eq(canvas_init(&app.canvas, 30, 100, &style), ERR_NONE);
    app.lay_out = true;
    cr_assert(app_do(&app, "city meadow"));
    cr_assert_not_null(strstr(app.message, "filter lab"), "%s", app.message);
    cr_assert(app_enter(&app, lab_find("filter")), "%s", diag.text);
    s = app.view.scenery;
}

static void tear_down(void)
{
    for (int i = 0; all_labs[i]; i++)
        if (all_labs[i]->close)
            all_labs[i]->close(&app);
    cr_assert_null(app.view.scenery);
    own_fini(&app.view.own);
    canvas_fini(&app.canvas);
    net_free(net);
}

TestSuite(scenery, .init = set_up, .fini = tear_down, .timeout = 60);

static void see(const char *panel)
{
    char line[40];
    snprintf(line, sizeof line, "page %s", panel);
    cr_assert(app_do(&app, line));
    app_look(&app);
    scenery_take(&app);
    app_draw(&app);
}

static bool screen_has(const char *text)
{
    app_draw(&app);
    char *screen = canvas_dump(&app.canvas);
    bool has = strstr(screen, text);
    free(screen);
    return has;
}

/* ---- city or country ---- */

Test(scenery, what_comes_first_is_not_told_before)
{
    see("city");
    const char *first = scenes[s->study.order[FEATURE_EDGE][0]].name;
    cr_assert_not(screen_has("0.28"), "a number is told too early");
    cr_assert(screen_has("Which picture"));
    cr_assert(app_do(&app, "ranking guess sea"));
    cr_assert(s->shown[RANKING_EDGES] && scenes[s->guess[RANKING_EDGES]].name[0] == 's');
    char told[64];
    snprintf(told, sizeof told, "%s comes first", first);
    cr_assert(screen_has(told) && screen_has("You said sea"));
    cr_assert_not(s->shown[RANKING_LINES], "the next one is still to be guessed");
    cr_assert(app_undo(&app));
    cr_assert(!s->shown[RANKING_EDGES] && s->guess[RANKING_EDGES] < 0);
}

Test(scenery, enter_guesses_what_is_looked_at)
{
    see("city");
    app_key(&app, key_named("Down")); /* the cursor appears, then moves */
    app_key(&app, key_named("Down"));
    scenery_take(&app);
    cr_assert_eq(s->scene, 1);
    app_key(&app, key_named("Enter"));
    cr_assert_eq(s->guess[RANKING_EDGES], 1);
    app_key(&app, key_named("Enter"));
    cr_assert_not_null(strstr(app.message, "v goes"), "%s", app.message);
    app_key(&app, 'v');
    cr_assert_eq((int)s->ranking, RANKING_LINES);
    app_key(&app, 'o');
    cr_assert(s->shown[RANKING_LINES] && s->guess[RANKING_LINES] < 0);
}

Test(scenery, rankings_are_in_order)
{
    int order[CITY_MOST];
    cr_assert_eq(scenery_order(s, order), scenes_count());
    for (int i = 0; i < scenes_count(); i++)
        cr_assert_eq(order[i], i, "as they come, until it is shown");
    for (int r = 0; r < RANKINGS; r++) {
        s->ranking = (enum ranking)r;
        s->shown[r] = true;
        int count = scenery_order(s, order);
        unsigned seen = 0;
        for (int i = 0; i < count; i++)
            seen |= 1U << order[i];
        cr_assert_eq(seen, (1U << count) - 1);
        for (int i = 1; i < count && r == RANKING_CLASSIFIER; i++)
            cr_assert_geq(scenery_score(s, order[i - 1]), scenery_score(s, order[i]));
        for (int i = 0; i < count && r == RANKING_CLASSIFIER; i++)
            cr_assert_eq(scenery_score(s, i) > 0, s->study.says_city[i]);
    }
}

/* The cursor goes through the list as it is shown, and stays inside. */
Test(scenery, the_cursor_follows_the_list)
{
    cr_assert(app_do(&app, "ranking show"));
    see("city");
    int order[CITY_MOST], count = scenery_order(s, order);
    struct place at = {.tile = order[0]};
    for (int i = 1; i < count; i++) {
        cr_assert(panel_city.move(&app.view, 20, 90, &at, 1, 0));
        cr_assert_eq(at.tile, order[i]);
    }
    cr_assert_not(panel_city.move(&app.view, 20, 90, &at, 1, 0));
    cr_assert(panel_city.hit(&app.view, 20, 90, 3, 5, &at));
    cr_assert_eq(at.tile, order[2]);
    cr_assert_not(panel_city.hit(&app.view, 20, 90, 0, 5, &at));
    cr_assert_not(panel_city.hit(&app.view, 20, 90, count + 1, 5, &at));
    cr_assert(app_do(&app, "city next"));
    cr_assert_eq(s->scene, order[(int)(s->study.order[0][0] != 0) ? 2 : 1], "towers are second of all");
    cr_assert(app_do(&app, "city before"));
    cr_assert_eq(s->scene, 0);
    cr_assert_not(app_do(&app, "city atlantis"));
}

/* Shrunk pictures are means: the mean of the map stays what the ranking says, as far as no row is left out. */
Test(scenery, pictures_at_all_sizes)
{
    for (int k = 0; k < SHRINKS; k++) {
        const struct scene_view *v = &s->view[k];
        double sum = 0;
        size_t count = (size_t)v->map_h[FEATURE_EDGE] * (size_t)v->map_w[FEATURE_EDGE];
        for (size_t i = 0; i < count; i++)
            sum += (double)v->map[FEATURE_EDGE][i];
        cr_assert_float_eq(sum / (double)count, (double)s->study.feature[s->scene][FEATURE_EDGE], 2e-3,
                           "1 / %d", shrinks[k]);
        for (int i = 0; i < v->h * v->w; i++)
            for (int c = 0; c < EYE_CELLS; c++)
                cr_assert(v->eye[c][i] >= 0 && v->eye[c][i] <= 1);
    }
    cr_assert_eq(scenery_fitting(s, 2, 1, 34, 60)->w, SCENE_COLS / 3);
    cr_assert_eq(scenery_fitting(s, 2, 1, 1, 1)->w, SCENE_COLS / 8);
}

/* ---- the eye ---- */

Test(scenery, the_bar_turns)
{
    cr_assert(app_do(&app, "bar 175; bar more"));
    cr_assert_eq(s->angle, 0);
    cr_assert(app_do(&app, "bar less"));
    cr_assert_eq(s->angle, 175);
    cr_assert_not(app_do(&app, "bar 400"));
    cr_assert_not(app_do(&app, "bar nan"));
    cr_assert_lt(scenery_tick(&app, 10), 0, "nothing moves");
    cr_assert(app_do(&app, "bar"));
    cr_assert_lt(scenery_tick(&app, 10), 0, "nor while nobody looks");
    see("eye");
    cr_assert_gt(scenery_tick(&app, 10), 0);
    double before = s->angle;
    cr_assert_leq(scenery_tick(&app, 10.01), 0.07);
    cr_assert_eq(s->angle, before);
    scenery_tick(&app, 10.2);
    cr_assert(s->angle < 175 && s->angle >= 0, "%g", s->angle);
    cr_assert(app_do(&app, "bar more"));
    cr_assert_not(s->turning, "a hand stops it");
    cr_assert(app_undo(&app));
    cr_assert(s->turning);
    app_key(&app, ' ');
    cr_assert_not(s->turning);
}

/* What changes the chain of filters would change something that isn't seen. */
Test(scenery, keys_of_the_chain_do_not_hold)
{
    cr_assert_not_null(app_binding(&app, 'd'));
    for (int i = 0; lab_find("filter")->pages[i]; i++) {
        see(lab_find("filter")->pages[i]->name);
        cr_assert(app_on_page(&app));
        cr_assert_null(app_binding(&app, 'd'), "%s", app.view.focus->name);
        cr_assert_not_null(app_binding(&app, '?'));
        app_key(&app, '0');
        cr_assert_eq(app.alone, &panel_census, "from %s", lab_find("filter")->pages[i]->name);
    }
    app_key(&app, '1');
    app_look(&app);
    cr_assert_not(app_on_page(&app));
    cr_assert_not_null(app_binding(&app, 'd'));
}

/* ---- histograms of gradients ---- */

Test(scenery, cells)
{
    cr_assert_eq(s->cell, 3);
    cr_assert(app_do(&app, "hog 6"));
    cr_assert_eq(s->cell, 6);
    cr_assert(app_do(&app, "hog more"));
    cr_assert_eq(s->cell, 6, "a row of cells would be one alone");
    cr_assert_not_null(strstr(app.message, "2 x 2"), "%s", app.message);
    cr_assert(app_do(&app, "hog 7"));
    cr_assert_eq(s->cell, 6);
    cr_assert(app_undo(&app));
    cr_assert_eq(s->cell, 3);
    cr_assert_not(app_do(&app, "hog 1"));
    cr_assert_not(app_do(&app, "hog many"));
}

Test(scenery, the_fit_begins_when_somebody_looks)
{
    double until = clock_now() + 30;
    see("city");
    cr_assert_null(s->handmade);
    see("hog");
    cr_assert_not_null(s->handmade);
    while (!scenery_fitted(s) && clock_now() < until) {
        scenery_take(&app);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    cr_assert(scenery_fitted(s) && s->fitted->stage == HANDMADE_DONE);
    cr_assert(s->fitted->trained == 203 && s->fitted->tested == 90);
    cr_assert_gt(s->fitted->right, 35, "%d of 90", s->fitted->right);
    char told[64];
    snprintf(told, sizeof told, "HOG: %d of 90 test images right", s->fitted->right);
    cr_assert(screen_has(told));
    cr_assert(app_do(&app, "hog 4"));
    cr_assert_not(scenery_fitted(s), "other cells are another fit");
}

/* A rod stands where the edge is, along it. */
Test(scenery, rods)
{
    float *x = calloc(3 * 144, sizeof *x);
    for (int i = 0; i < 3 * 144; i++)
        x[i] = i % 12 > 7; /* an upright edge between columns 7 and 8 */
    s->cell = 4;
    scenery_sample(s, x);
    int side = rod_sides[1], wide = 3 * side; /* 7 */
    const float *rods = s->rods[1];
    cr_assert_eq(rods[(side + 3) * wide + 3], 0, "nothing in the first column of cells");
    for (int cell = 0; cell < 3; cell++) { /* 90 degrees lie between two rods, which cross in the middle */
        const float *middle = rods + (cell * side + 3) * wide;
        cr_assert(middle[3] == 0 && middle[side + 3] > 0.9f && middle[2 * side + 3] > 0.9f);
        cr_assert(middle[side - 2 * wide + 3] > 0.9f && middle[side] == 0, "upright, not flat");
    }
    free(x);
}

/* ---- the state ---- */

Test(scenery, a_state_line_leads_there)
{
    struct text line = {0};
    scenery_state(&app, &line);
    cr_assert_eq(line.length, 0, "%s", text_str(&line));
    cr_assert(app_do(
        &app, "ranking guess sea; ranking classifier; ranking show; ranking lines; city dunes; bar 30.5; "
              "bar turn; hog 5"));
    scenery_state(&app, &line);
    char *said = text_take(&line);
    lab_find("filter")->close(&app);
    cr_assert(lab_find("filter")->enter(&app));
    s = app.view.scenery;
    cr_assert(app_do(&app, said), "%s", said);
    cr_assert(strcmp(scenes[s->guess[RANKING_EDGES]].name, "sea") == 0 && s->guess[RANKING_LINES] < 0);
    cr_assert(s->shown[RANKING_EDGES] && !s->shown[RANKING_LINES] && s->shown[RANKING_CLASSIFIER]);
    cr_assert(s->ranking == RANKING_LINES && strcmp(scenes[s->scene].name, "dunes") == 0);
    cr_assert(s->angle > 30.4 && s->angle < 30.6 && s->turning && s->cell == 5);
    struct text again = {0};
    scenery_state(&app, &again);
    cr_assert_str_eq(text_str(&again), said);
    text_free(&again);
    free(said);
}
