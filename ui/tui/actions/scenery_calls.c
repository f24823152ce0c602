/** What the filter lab calls for its pages on pictures, hands and eyes: opening and closing, what threads have found, the bar that turns by itself, and the state. */
#include <math.h>

#include "tui/actions/scenery.h"
#include "tui/panels/panels.h"
#include "tui/scenery.h"
#include "tui/state.h"

bool scenery_enter(struct app *app)
{
    struct diag diag = {0};
    if (!app->view.scenery && scenery_new(app->data, &app->view.scenery, &diag)) {
        app_say(app, "%s", diag.text);
        return false;
    }
    return true;
}

void scenery_close(struct app *app)
{
    scenery_free(app->view.scenery);
    app->view.scenery = NULL;
}

/* There are histograms to look at; with images of both splits they are compared with the network, too. */
static bool hog_is_seen(const struct app *app)
{
    return app_placed(app, &panel_hog) && app->view.scenery->cell > 0;
}

static bool hog_is_compared(const struct app *app)
{
    const struct dataset *d = app->data;
    return hog_is_seen(app) && d->count[SPLIT_TRAIN] > 0 && d->count[SPLIT_TEST] > 0;
}

static void take_sample(struct app *app, struct scenery *s)
{
    const struct answers *a = app->view.answers;
    if (!a || (a->serial == s->sampled && s->cell == s->sampled_cell))
        return;
    scenery_sample(s, a->sample.x);
    s->sampled = a->serial;
    s->sampled_cell = s->cell;
    app->dirty = true;
}

/* The fit begins when somebody first looks. */
static void take_handmade(struct app *app, struct scenery *s)
{
    struct diag diag = {0};
    if (!s->handmade) {
        if (handmade_new(app->data, app_wake, app, &s->handmade, &diag))
            app_say(app, "%s", diag.text);
        else
            s->fit = handmade_begin(s->handmade, s->cell);
    }
    const struct handmade_result *r = s->handmade ? handmade_result(s->handmade) : NULL;
    if (r) {
        s->fitted = r;
        app->dirty = true;
    }
}

static bool open_exam(struct app *app, struct branch *b)
{
    struct diag diag = {0};
    struct sitting *t = &b->sitting;
    enum err err = t->exam ? ERR_NONE : weights_init(&t->weights, b->net, &diag);
    if (!err && !t->exam)
        err = exam_new(b->net, app->data, app_wake, app, &t->exam, &diag);
    if (err) {
        app_say(app, "%s", diag.text);
        weights_fini(&t->weights);
    }
    return !err;
}

/* The network in view sits its exam with the weights of the newest answers; while that goes on they aren't copied. */
static void take_exam(struct app *app, struct scenery *s)
{
    struct branch *b = &app->branch[app->in_view];
    struct sitting *t = &b->sitting;
    const struct answers *a = app->view.answers;
    if (!a || !app->observer || !open_exam(app, b))
        return;
    const struct exam_result *r = exam_result(t->exam);
    if (r)
        t->newest = *r;
    bool under_way = t->newest.moment != t->offered || t->newest.seen < t->newest.total;
    if (!under_way && a->moment != t->offered) {
        struct moment m = {.serial = a->moment};
        m.step = observer_weights(app->observer, &t->weights);
        m.weights = t->weights;
        if (m.step >= 0)
            exam_offer(t->exam, &m);
        t->offered = m.step >= 0 ? m.serial : t->offered;
    }
    app->dirty |= r || s->exam.moment != t->newest.moment;
    s->exam = t->newest;
}

void scenery_take(struct app *app)
{
    struct view *v = &app->view;
    struct scenery *s = v->scenery;
    const struct place *city = panel_cursor(v, &panel_city), *eye = panel_cursor(v, &panel_eye);
    if (!s)
        return;
    if (city && city->tile != s->scene) {
        struct diag diag = {0};
        if (scenery_look(s, city->tile, &diag))
            app_say(app, "%s", diag.text);
        app->dirty = true;
    }
    if (eye)
        app->unit = eye->tile;
    s->unit = app->unit;
    if (hog_is_seen(app))
        take_sample(app, s);
    if (hog_is_compared(app)) {
        take_handmade(app, s);
        take_exam(app, s);
    }
}

bool scenery_settled(const struct app *app)
{
    const struct scenery *s = app->view.scenery;
    const struct answers *a = app->view.answers;
    if (!s || !hog_is_seen(app))
        return true;
    if (!a || a->serial != s->sampled)
        return false;
    return !hog_is_compared(app) ||
           (scenery_fitted(s) && s->exam.moment == a->moment && s->exam.seen == s->exam.total);
}

void scenery_state(const struct app *app, struct text *out)
{
    const struct scenery *s = app->view.scenery;
    bool ranked = false;
    if (!s)
        return;
    for (int r = 0; r < RANKINGS; r++) {
        if (s->guess[r] < 0 && !s->shown[r])
            continue;
        state_begin_part(out);
        text_format(out, "ranking %s", ranking_names[r]);
        if (s->guess[r] >= 0)
            text_format(out, "; ranking guess %s", scenes[s->guess[r]].name);
        text_format(out, "; ranking %s", s->shown[r] ? "show" : "hide");
        ranked = true;
    }
    if (ranked || s->ranking != RANKING_EDGES) {
        state_begin_part(out);
        text_format(out, "ranking %s", ranking_names[s->ranking]);
    }
    if (s->scene != 0) {
        state_begin_part(out);
        text_format(out, "city %s", scenes[s->scene].name);
    }
    if (s->angle > 0) {
        state_begin_part(out);
        text_format(out, "bar %.9g", s->angle);
    }
    if (s->turning) {
        state_begin_part(out);
        text_add(out, "bar turn");
    }
    if (s->cell > 0 && s->cell != handmade_cell(s->data->shape)) {
        state_begin_part(out);
        text_format(out, "hog %d", s->cell);
    }
}

double scenery_tick(struct app *app, double now)
{
    static const double degrees = 45 /* a second */, apart = 1.0 / 15;
    struct scenery *s = app->view.scenery;
    bool seen = s && s->turning && app_placed(app, &panel_eye);
    if (!seen)
        return -1;
    double passed = now - s->turned;
    if (passed >= apart) {
        double angle = s->angle + degrees * fmin(passed, 2 * apart);
        s->angle = angle - 180 * floor(angle / 180);
        s->turned = now;
        app->dirty = true;
        return apart;
    }
    return apart - passed;
}
