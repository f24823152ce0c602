/** Writing a state line: see state.h. Reading one is state.c's. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/state.h"

/* What would end a word of the shell, or be taken for an encoding; and in an option's value what would end a part. */
static void add_encoded(struct text *out, const char *value, const char *which)
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

static void begin(struct text *out)
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
    case OPTION_REAL:
        return !differ(*(double *)row->into, *(double *)usual->into);
    }
    return true;
}

static void add_options(const struct app *app, struct text *out)
{
    struct app_options given = app->given, usual = app_defaults();
    struct option_row rows[APP_OPTION_ROWS], usual_rows[APP_OPTION_ROWS];
    app_option_rows(&given, rows);
    app_option_rows(&usual, usual_rows);
    for (int i = 0; rows[i].name; i++) {
        const void *into = rows[i].into;
        if (state_leaves_out(rows[i].name) || is_default(&rows[i], &usual_rows[i]))
            continue;
        begin(out);
        text_format(out, "%s ", rows[i].name + 2);
        if (rows[i].kind == OPTION_TEXT)
            add_encoded(out, *(const char *const *)into, ";'%");
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
        begin(out);
        text_format(out, "step %ld", to - from);
    }
}

static void add_rate(double rate, struct text *out)
{
    begin(out);
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
        begin(out);
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
    begin(out);
    text_format(out, "fork %s", forked->what);
    add_way(b, forked->from, out);
    add_seek(b->furthest, b->step, out);
    if (&app->branch[app->in_view] == first || a->step != forked->from) {
        begin(out);
        text_format(out, "branch %c", first->letter);
        add_seek(forked->from, a->step, out);
    }
    if (&app->branch[app->in_view] == forked && a->step != forked->from) {
        begin(out);
        text_format(out, "branch %c", forked->letter);
    }
}

/* What training was told. */
static void add_training(const struct app *app, struct text *out)
{
    if (differ(app->speed, app_defaults().speed)) {
        begin(out);
        text_format(out, "speed %g", app->speed);
    }
    if (app->options.run.seed != app->given.run.seed) {
        begin(out);
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

/* ---- what is seen ---- */

/* Each writes the argument that its action takes for what is now. @return false: a fresh start shows the same */

/* An image of the data set as it is. */
static bool sample(const struct app *app, const struct view *fresh, struct text *out)
{
    const struct view *v = &app->view;
    text_format(out, "%d", v->index);
    return v->index != fresh->index && v->split == fresh->split && !own_used(&v->own);
}

/* Another picture, or an image that something was done with: more actions follow. A drawing is the file that it was saved to. */
static bool split(const struct app *app, const struct view *fresh, struct text *out)
{
    static const char first[] = "split ";
    const struct view *v = &app->view;
    char line[OWN_PATH + 256];
    struct own own = v->own;
    if (own.source == OWN_DRAWING && app->saved_drawing && app->saved_drawing == app_drawing(app)) {
        own.source = OWN_FILE;
        own.centre = own.invert = false;
        snprintf(own.path, sizeof own.path, "%s", app->saved_path);
    }
    if (!own_line(&own, v->split, v->index, line, sizeof line) || strncmp(line, first, strlen(first)) != 0)
        return false;
    text_add(out, line + strlen(first));
    return v->split != fresh->split || own_used(&v->own);
}

static bool layer(const struct app *app, const struct view *fresh, struct text *out)
{
    text_add(out, app->net->layer[app->view.layer].name);
    return app->view.layer != fresh->layer;
}

static bool attack(const struct app *app, const struct view *fresh, struct text *out)
{
    text_add(out, app->view.attack_type->name);
    return app->view.attack_type != fresh->attack_type;
}

static bool norm(const struct app *app, const struct view *fresh, struct text *out)
{
    text_add(out, norm_names[app->view.attack.norm]);
    return app->view.attack.norm != fresh->attack.norm;
}

static bool epsilon(const struct app *app, const struct view *fresh, struct text *out)
{
    text_format(out, "%.9g", (double)app->view.attack.eps);
    return app->view.attack.norm != fresh->attack.norm ||
           differ((double)app->view.attack.eps, (double)fresh->attack.eps);
}

static bool turned(bool on, struct text *out)
{
    text_add(out, on ? "on" : "off");
    return on;
}

static bool numbers(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    return turned(app->view.numbers, out);
}

static bool legend(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    return turned(app->view.legend, out);
}

static bool log_axis(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    return turned(app->view.curves.log, out);
}

static bool recent(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    return turned(app->view.curves.recent, out);
}

static bool smooth(const struct app *app, const struct view *fresh, struct text *out)
{
    text_format(out, "%d", app->view.curves.smooth);
    return app->view.curves.smooth != fresh->curves.smooth;
}

/* Level by level, from none. */
static bool fold(const struct app *app, const struct view *fresh, struct text *out)
{
    const struct apart *apart = &app->view.apart;
    (void)fresh;
    text_add(out, "all");
    for (int i = 0; i < apart->depth; i++) {
        const struct apart_level *l = &apart->level[i];
        const char *name = l->spot.layer < 0 ? "input" : app->net->layer[l->spot.layer].name;
        text_add(out, l->kind == APART_FEEDS ? "; feeds " : "; unfold ");
        text_format(out, "%s[%d]", name, l->spot.c);
        if (l->kind != APART_MAP)
            text_format(out, "(%d,%d)", l->spot.row, l->spot.col);
    }
    return apart->depth > 0;
}

static bool panels(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    panels_list_shown(app->hidden, out);
    return app->hidden != 0;
}

static bool page(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    text_add(out, app->page > 0 ? panel_types[app->page - 1]->name : "overview");
    return app->page > 0;
}

static bool is_pointing(const struct app *app)
{
    return app->view.focus && app->view.pointing && app->view.spot.kind != SPOT_NONE;
}

static bool focus(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    text_add(out, app->view.focus ? app->view.focus->name : "");
    return app->view.focus && !is_pointing(app) && app->panels > 0 && app->view.focus != app->placed[0].type;
}

static bool point(const struct app *app, const struct view *fresh, struct text *out)
{
    (void)fresh;
    if (!is_pointing(app))
        return false;
    const struct place *at = &app->view.place[panel_index(app->view.focus)];
    text_format(out, "%s %d %d %d", app->view.focus->name, at->tile, at->row, at->col);
    return true;
}

/* In this order: a norm brings an epsilon of its own, and the focus goes to what is on the screen. */
static const struct {
    const char *action;
    bool (*argument)(const struct app *app, const struct view *fresh, struct text *out);
} settings[] = {
    {"sample", sample}, {"split", split},     {"layer", layer},     {"attack", attack},
    {"norm", norm},     {"epsilon", epsilon}, {"numbers", numbers}, {"legend", legend},
    {"log", log_axis},  {"recent", recent},   {"smooth", smooth},   {"panels", panels},
    {"page", page},     {"fold", fold},       {"focus", focus},     {"point", point},
};

bool state_has(const char *action)
{
    for (int i = 0; i < ARRAY_LEN(settings); i++)
        if (strcmp(settings[i].action, action) == 0)
            return true;
    return false;
}

static void add_settings(const struct app *app, struct text *out)
{
    struct view fresh;
    view_init(&fresh, app->view.net, app->view.data);
    for (int i = 0; i < ARRAY_LEN(settings); i++) {
        struct text argument = {0};
        if (settings[i].argument(app, &fresh, &argument)) {
            begin(out);
            text_format(out, "%s ", settings[i].action);
            add_encoded(out, text_str(&argument), "'%");
        }
        text_free(&argument);
    }
}

char *state_line(const struct app *app)
{
    struct text out = {0};
    add_options(app, &out);
    add_training(app, &out);
    if (app->net)
        add_settings(app, &out);
    if (out.length == 0 && !out.failed)
        return text_copy("");
    return text_take(&out);
}
