/** Writing a state line: see state.h. Reading one is state.c's. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/state.h"

void state_add_encoded(struct text *out, const char *value, const char *which)
{
    for (; *value; value++)
        if (strchr(which, *value) || (unsigned char)*value < ' ')
            text_format(out, "%%%02X", (unsigned)(unsigned char)*value);
        else
            text_add_n(out, value, 1);
}

static bool differ(double a, double b)
{
    return a < b || a > b;
}

void state_begin_part(struct text *out)
{
    text_add(out, out->length > 0 ? "; " : "");
}

/* As short as reads back to the same bits. */
static void add_real(double value, struct text *out)
{
    char shortest[32];
    for (int digits = 6; digits <= 17; digits++) {
        double back = 0;
        snprintf(shortest, sizeof shortest, "%.*g", digits, value);
        if (text_real(shortest, &back) && !differ(back, value))
            break;
    }
    text_add(out, shortest);
}

static bool is_default(const struct option_row *row, const struct option_row *usual)
{
    switch (row->kind) {
    case OPTION_FLAG:
        return *(bool *)row->into == *(bool *)usual->into;
    case OPTION_TEXT: {
        const char *a = *(const char **)row->into, *b = *(const char **)usual->into;
        return !a || (b && strcmp(a, b) == 0);
    }
    case OPTION_WHOLE:
        return *(int *)row->into == *(int *)usual->into;
    case OPTION_U64:
        return *(uint64_t *)row->into == *(uint64_t *)usual->into;
    case OPTION_LIST: /* there is none here */
        return true;
    case OPTION_REAL:
        return !differ(*(double *)row->into, *(double *)usual->into);
    }
    return true;
}

static void add_options(const struct app *app, struct text *out)
{
    struct app_options given = app->given, usual = app_defaults();
    struct option_row rows[APP_OPTION_ROWS], usual_rows[APP_OPTION_ROWS];
    given.lab = app_lab(app)->name;
    if (app_begins_shipped(&given)) /* another network came along from another lab: it has to be named */
        given.model = app->model_name;
    app_option_rows(&given, rows);
    app_option_rows(&usual, usual_rows);
    for (int i = 0; rows[i].name; i++) {
        const void *into = rows[i].into;
        if (state_leaves_out(rows[i].name) || is_default(&rows[i], &usual_rows[i]))
            continue;
        state_begin_part(out);
        text_format(out, "%s ", rows[i].name + 2);
        if (rows[i].kind == OPTION_TEXT)
            state_add_encoded(out, *(const char *const *)into, ";'%");
        else if (rows[i].kind == OPTION_WHOLE)
            text_format(out, "%d", *(const int *)into);
        else if (rows[i].kind == OPTION_U64)
            text_format(out, "%llu", (unsigned long long)*(const uint64_t *)into);
        else if (rows[i].kind == OPTION_REAL)
            add_real(*(const double *)into, out);
    }
}

static void add_steps(long from, long to, struct text *out)
{
    if (to > from) {
        state_begin_part(out);
        text_format(out, "step %ld", to - from);
    }
}

static void add_rate(double rate, struct text *out)
{
    state_begin_part(out);
    text_add(out, "rate ");
    add_real(rate, out);
}

/* How far training got from a step on, with the learning rates that were chosen on the way. Returns the one that holds where it stands; 0: none was chosen. */
static double add_way(const struct trainer_report *r, long at, struct text *out)
{
    double now = 0;
    for (int i = 0; i < r->rates; i++) {
        add_steps(at, r->rate[i].step, out);
        add_rate(r->rate[i].rate, out);
        at = r->rate[i].step;
        now = at <= r->step ? r->rate[i].rate : now;
    }
    add_steps(at, r->furthest, out);
    return now;
}

static void add_seek(long from, long to, struct text *out)
{
    if (from != to) {
        state_begin_part(out);
        text_format(out, "seek %ld", to);
    }
}

/* One way of training, and where it stands; a rate that was chosen since then comes last. */
static void add_one_way(const struct app *app, const struct trainer_report *r, struct text *out)
{
    double before = 0;
    if (app->rate > 0 && app->rate_step == 0 && (r->rates <= 0 || r->rate[0].step > 0)) {
        add_rate(app->rate, out); /* before a new start, which it outlived */
        before = app->rate;
    }
    double now = add_way(r, 0, out);
    now = now > 0 ? now : before;
    add_seek(r->furthest, r->step, out);
    if (app->rate > 0 && differ(now, app->rate) && !differ(r->lr, app->rate))
        add_rate(app->rate, out);
}

/* The first way, back to where the other one parted from it, that one, and back to the one in view. */
static void add_two_ways(const struct app *app, const struct branch *first, const struct branch *forked,
                         struct text *out)
{
    const struct trainer_report *a = first->report, *b = forked->report;
    add_way(a, 0, out);
    add_seek(a->furthest, forked->from, out);
    state_begin_part(out);
    text_format(out, "fork %s", forked->what);
    add_way(b, forked->from, out);
    add_seek(b->furthest, b->step, out);
    if (&app->branch[app->in_view] == first || a->step != forked->from) {
        state_begin_part(out);
        text_format(out, "branch %c", first->letter);
        add_seek(forked->from, a->step, out);
    }
    if (&app->branch[app->in_view] == forked && a->step != forked->from) {
        state_begin_part(out);
        text_format(out, "branch %c", forked->letter);
    }
}

/* What training was told. */
static void add_training(const struct app *app, struct text *out)
{
    if (differ(app->speed, app_defaults().speed)) {
        state_begin_part(out);
        text_format(out, "speed %g", app->speed);
    }
    if (app->options.run.seed != app->given.run.seed) {
        state_begin_part(out);
        text_format(out, "reset %llu", (unsigned long long)app->options.run.seed);
    }
    const struct branch *in_view = &app->branch[app->in_view], *other = branch_other((struct app *)app);
    const struct branch *first = other && *in_view->what ? other : in_view;
    const struct branch *forked = first == in_view ? other : in_view;
    if (other && other->report && in_view->report && !*first->what)
        add_two_ways(app, first, forked, out);
    else if (app->view.report)
        add_one_way(app, app->view.report, out);
}

char *state_line(const struct app *app)
{
    struct text out = {0};
    add_options(app, &out);
    add_training(app, &out);
    if (app->net)
        state_add_settings(app, &out);
    if (out.length == 0 && !out.failed)
        return text_copy("");
    return text_take(&out);
}
