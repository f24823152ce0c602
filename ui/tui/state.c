#include "tui/state.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* ---- values ---- */

static void add_encoded(struct text *out, const char *value)
{
    for (; *value; value++)
        if (strchr(";'%", *value) || (unsigned char)*value < ' ')
            text_format(out, "%%%02X", (unsigned)(unsigned char)*value);
        else
            text_add_n(out, value, 1);
}

/* In place; a % that two hexadecimal digits don't follow stays one. */
static void decode(char *value)
{
    char *to = value;
    for (const char *at = value; *at; at++) {
        unsigned byte = 0;
        if (*at == '%' && isxdigit((unsigned char)at[1]) && isxdigit((unsigned char)at[2]) &&
            sscanf(at + 1, "%2x", &byte) == 1 && byte != 0) {
            *to++ = (char)byte;
            at += 2;
        } else {
            *to++ = *at;
        }
    }
    *to = 0;
}

/* ---- writing ---- */

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

/* About the machine, or about how it was started, not about what is seen. */
static bool is_left_out(const char *name)
{
    static const char *const names[] = {"--threads", "--speed",  "--paused",
                                        "--colors",  "--script", "--state"};
    for (int i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static void add_options(const struct app *app, struct text *out)
{
    struct app_options given = app->given, usual = app_defaults();
    struct option_row rows[APP_OPTION_ROWS], usual_rows[APP_OPTION_ROWS];
    app_option_rows(&given, rows);
    app_option_rows(&usual, usual_rows);
    for (int i = 0; rows[i].name; i++) {
        const void *into = rows[i].into;
        if (is_left_out(rows[i].name) || is_default(&rows[i], &usual_rows[i]))
            continue;
        begin(out);
        text_format(out, "%s ", rows[i].name + 2);
        if (rows[i].kind == OPTION_TEXT)
            add_encoded(out, *(const char *const *)into);
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

/* How far training got, with the learning rates that were chosen on the way; where it stands; and one that was chosen since. */
static void add_way(const struct app *app, const struct trainer_report *r, struct text *out)
{
    long at = 0;
    int rates = r->rates > 0 ? r->rates : 0;
    double now = 0;
    if (app->rate > 0 && app->rate_step == 0 && (rates == 0 || r->rate[0].step > 0)) {
        add_rate(app->rate, out); /* before a new start, which it outlived */
        now = app->rate;
    }
    for (int i = 0; i < rates; i++) {
        add_steps(at, r->rate[i].step, out);
        add_rate(r->rate[i].rate, out);
        at = r->rate[i].step;
        now = at <= r->step ? r->rate[i].rate : now;
    }
    add_steps(at, r->furthest, out);
    if (r->step < r->furthest) {
        begin(out);
        text_format(out, "seek %ld", r->step);
    }
    if (app->rate > 0 && differ(now, app->rate) && !differ(r->lr, app->rate))
        add_rate(app->rate, out);
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
    if (app->view.report)
        add_way(app, app->view.report, out);
}

/* Each as the action for it takes it, where it isn't what a fresh start shows. */
static void add_view(const struct app *app, struct text *out)
{
    const struct view *v = &app->view;
    struct view fresh;
    view_init(&fresh, v->net, v->data);
    if (v->index != fresh.index) {
        begin(out);
        text_format(out, "sample %d", v->index);
    }
    if (v->layer != fresh.layer) {
        begin(out);
        text_format(out, "layer %s", v->net->layer[v->layer].name);
    }
    if (v->attack_type != fresh.attack_type) {
        begin(out);
        text_format(out, "attack %s", v->attack_type->name);
    }
    if (v->attack.norm != fresh.attack.norm) {
        begin(out);
        text_format(out, "norm %s", norm_names[v->attack.norm]);
    }
    if (v->attack.norm != fresh.attack.norm || differ(v->attack.eps, fresh.attack.eps)) {
        begin(out);
        text_format(out, "epsilon %.9g", (double)v->attack.eps);
    }
}

static void add_screen(const struct app *app, struct text *out)
{
    if (app->hidden) {
        begin(out);
        text_add(out, "panels ");
        panels_list_shown(app->hidden, out);
    }
    if (app->page > 0) {
        begin(out);
        text_format(out, "page %s", panel_types[app->page - 1]->name);
    }
    const struct panel_type *focus = app->view.focus;
    if (focus && app->view.pointing && app->view.spot.kind != SPOT_NONE) {
        const struct place *at = &app->view.place[panel_index(focus)];
        begin(out);
        text_format(out, "point %s %d %d %d", focus->name, at->tile, at->row, at->col);
    } else if (focus && app->panels > 0 && focus != app->placed[0].type) {
        begin(out);
        text_format(out, "focus %s", focus->name);
    }
}

char *state_line(const struct app *app)
{
    struct text out = {0};
    add_options(app, &out);
    add_training(app, &out);
    if (app->net)
        add_view(app, &out);
    add_screen(app, &out);
    if (out.length == 0 && !out.failed)
        return text_copy("");
    return text_take(&out);
}

/* ---- reading ---- */

static const struct option_row *row_of(const struct option_row *rows, const char *word)
{
    for (; rows->name; rows++)
        if (strcmp(rows->name + 2, word) == 0 && (!is_left_out(rows->name) || strcmp(word, "speed") == 0))
            return rows;
    return NULL;
}

enum err state_read(const char *line, struct app_options *o, char **kept, char **rest, struct diag *diag)
{
    struct option_row rows[APP_OPTION_ROWS];
    struct text lines = {0};
    enum err err = ERR_NONE;
    app_option_rows(o, rows);
    *kept = text_copy(line);
    *rest = NULL;
    for (char *left = *kept, *part; !err && left && (part = strsep(&left, ";"));) {
        part += strspn(part, " ");
        size_t end = strlen(part), length = strcspn(part, " ");
        while (end > length && part[end - 1] == ' ')
            part[--end] = 0;
        if (!*part)
            continue;
        char *value = part + length + strspn(part + length, " "), word[32];
        snprintf(word, sizeof word, "%.*s", (int)length, part);
        const struct option_row *row = row_of(rows, word);
        if (row) {
            decode(value);
            if (!option_store(row, value))
                err = diag_fail(diag, ERR_USAGE, NULL, 0, "in --state, '%.60s' isn't a value for '%s'", value,
                                word);
        } else if (action_find(word)) {
            text_format(&lines, "%s%s", lines.length > 0 ? ";" : "", part);
        } else {
            err = diag_fail(diag, ERR_USAGE, NULL, 0, "in --state, '%s' is neither an option nor an action",
                            word);
        }
    }
    if (!err && (!*kept || lines.failed))
        err = diag_memory(diag, "the state");
    *rest = err ? NULL : text_copy(text_str(&lines));
    text_free(&lines);
    return err;
}

/* ---- carrying out ---- */

void state_begin(struct app *app, const char *rest)
{
    app->pending = rest && *rest ? text_copy(rest) : NULL;
    app->pending_at = app->pending;
}

void state_end(struct app *app)
{
    free(app->pending);
    app->pending = app->pending_at = NULL;
}

/* Does training stand, with every order obeyed and the test images seen? Then the next part builds on what the one before has made. */
static bool stands(const struct app *app)
{
    const struct trainer_report *r = app->view.report;
    return r && r->obeyed >= app->ordered && r->state != TRAINER_RUNNING && r->testing < 0;
}

void state_go_on(struct app *app)
{
    if (!app->pending || !stands(app))
        return;
    char *part = strsep(&app->pending_at, ";");
    if (app->lay_out)
        app_look(app); /* focus goes to what is on the screen */
    bool done = app_do(app, part);
    app->message_until = done ? 0 : app->message_until;
    if (app->pending_at && done)
        return;
    app_tell(app, TRAINER_SPEED, app->speed);
    state_end(app);
}
