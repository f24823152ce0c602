/** The filter lab: knobs of the stage in view, cells of its kernel, and a template that is cut out of the picture. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/actions/filter.h"
#include "tui/panels/stages.h"

static struct chain_stage *stage_of(struct app *app)
{
    struct filtering *f = filter_of(app);
    if (f && f->asked.stages == 0)
        app_say(app, "the chain is empty: insert NAME");
    return f && f->asked.stages > 0 ? &f->asked.stage[f->stage] : NULL;
}

static const char *name_of(const struct chain_stage *s)
{
    return s->type ? s->type->name : s->kernel.type->name;
}

/* ---- knobs ---- */

static const struct knob *knobs_of(struct app *app, const double **value)
{
    struct chain_stage *s = stage_of(app);
    const struct knob *k = s ? filtering_knobs(s, value) : NULL;
    if (k && knobs_count(k) == 0)
        app_say(app, "%s has no knobs%s", name_of(s), s->type ? "" : ": change its cells in taps");
    return k && knobs_count(k) > 0 ? k : NULL;
}

/* The next one, behind the last of a stage the first of the next stage. */
static void knob_by(struct filtering *f, int by)
{
    const double *value;
    int count = f->asked.stages > 0 ? knobs_count(filtering_knobs(&f->asked.stage[f->stage], &value)) : 0;
    f->knob += by;
    if (f->knob >= 0 && f->knob < count)
        return;
    bool ends = by > 0 ? f->stage + 1 >= f->asked.stages : f->stage == 0;
    if (!ends)
        f->stage += by;
    count = f->asked.stages > 0 ? knobs_count(filtering_knobs(&f->asked.stage[f->stage], &value)) : 0;
    f->knob = (by > 0) != ends || count == 0 ? 0 : count - 1;
}

/* Where the list isn't on the screen that tells it. */
static void say_knob(struct app *app)
{
    const struct filtering *f = app->view.filtering;
    const double *value;
    if (f->asked.stages == 0)
        return;
    const struct chain_stage *s = &f->asked.stage[f->stage];
    const struct knob *k = filtering_knobs(s, &value);
    if (knobs_count(k) == 0)
        app_say(app, "%d %s has no knobs", f->stage + 1, name_of(s));
    else if (k[f->knob].words)
        app_say(app, "%d %s  %s %s: %s", f->stage + 1, name_of(s), k[f->knob].name,
                k[f->knob].words[(int)value[f->knob]], k[f->knob].help);
    else
        app_say(app, "%d %s  %s %.6g: %s", f->stage + 1, name_of(s), k[f->knob].name, value[f->knob],
                k[f->knob].help);
}

static bool choose_knob(struct app *app, const char *argument)
{
    struct filtering *f = *argument ? filter_of(app) : NULL;
    const double *value;
    if (!f)
        return *argument;
    if (argument_is(argument, "next") || argument_is(argument, "before")) {
        knob_by(f, argument_is(argument, "next") ? 1 : -1);
        say_knob(app);
        return true;
    }
    const struct knob *knob = knobs_of(app, &value);
    for (int i = 0; knob && i < knobs_count(knob); i++)
        if (argument_is(argument, knob[i].name)) {
            f->knob = i;
            say_knob(app);
            return true;
        }
    if (knob)
        app_say(app, "%s has no knob '%s'", name_of(&f->asked.stage[f->stage]), argument);
    return true;
}

/* How far a key turns it: a kernel stays odd, an angle goes by 5 degrees, and other numbers by about a tenth of themselves. */
static double step_of(const struct chain_stage *s, const struct knob *k, double v)
{
    if (k->words || (k->whole && (s->type || strcmp(k->name, "k") != 0)))
        return 1;
    if (k->whole)
        return 2;
    if (strcmp(k->name, "angle") == 0 || strcmp(k->name, "phase") == 0)
        return 5;
    return fabs(v) < 0.995 ? 0.05 : fabs(v) < 2.95 ? 0.1 : fabs(v) < 9.95 ? 0.5 : 5;
}

/* An angle goes on behind its end. */
static double turned(const struct chain_stage *s, const struct knob *k, double v, int by)
{
    double step = step_of(s, k, by < 0 ? v - 1e-6 : v), to = v + by * step;
    if (!k->whole && !k->words)
        to = round(to / step) * step;
    if (strcmp(k->name, "angle") == 0 && (to >= k->high || to <= k->low))
        to -= by * 360;
    return to < k->low ? k->low : to > k->high ? k->high : to;
}

static int words_of(const struct knob *k)
{
    int count = 0;
    while (k->words && k->words[count])
        count++;
    return count;
}

static bool turn(struct app *app, const char *argument)
{
    const double *value;
    int by = argument_is(argument, "more") || argument_is(argument, "next") ? 1
             : argument_is(argument, "less")                                ? -1
                                                                            : 0;
    if (!*argument || strpbrk(argument, ",:/ "))
        return false;
    const struct knob *knob = knobs_of(app, &value);
    if (!knob)
        return true;
    struct filtering *f = app->view.filtering;
    const struct chain_stage *s = &f->asked.stage[f->stage];
    const struct knob *k = &knob[f->knob];
    double all[KNOBS];
    struct text t = {0};
    int at = f->knob;
    memcpy(all, value, sizeof all);
    if (by && k->words && argument_is(argument, "next"))
        all[at] = ((int)all[at] + 1) % words_of(k);
    else if (by)
        all[at] = turned(s, k, all[at], by);
    knobs_spell(name_of(s), knob, all, &t);
    if (!by)
        text_format(&t, ",%s=%s", k->name, argument);
    if (filter_put(app, f->stage, text_str(&t)))
        f->knob = at, say_knob(app);
    text_free(&t);
    return true;
}

/* ---- cells ---- */

static bool is_whole(const struct tensor *w)
{
    bool whole = true;
    for (size_t i = 0; i < tensor_count(w); i++)
        whole = whole && w->data[i] == truncf(w->data[i]);
    return whole;
}

static bool change_cell(struct app *app, const char *argument)
{
    char words[3][16], end;
    int by = argument_is(argument, "more") ? 1 : argument_is(argument, "less") ? -1 : 0;
    long row = app->view.place[panel_index(&panel_taps)].row,
         col = app->view.place[panel_index(&panel_taps)].col;
    double value = 0;
    bool there = sscanf(argument, "%15s %15s %15s %c", words[0], words[1], words[2], &end) == 3;
    if (there && (!text_int(words[0], 0, KERNEL_SIDE, &row) || !text_int(words[1], 0, KERNEL_SIDE, &col)))
        return false;
    if (!by && !text_real(there ? words[2] : argument, &value))
        return false;
    struct chain_stage *s = stage_of(app);
    if (!s)
        return true;
    if (s->type || row >= s->kernel.w.dim[0] || col >= s->kernel.w.dim[1]) {
        app_say(app, s->type ? "%s has no kernel" : "%s: no such cell", name_of(s));
        return true;
    }
    struct chain_stage typed = {0};
    struct diag diag = {0};
    struct text t = {0};
    int rows = (int)s->kernel.w.dim[0], cols = (int)s->kernel.w.dim[1];
    float *cell = &s->kernel.w.data[row * cols + col], step = is_whole(&s->kernel.w) ? 1 : 0.1f;
    if (kernel_custom(rows, cols, s->kernel.w.data, &typed.kernel, &diag)) {
        app_say(app, "%s", diag.text);
        return true;
    }
    typed.kernel.w.data[row * cols + col] =
        by ? roundf((*cell + (float)by * step) * 1e4f) / 1e4f : (float)value;
    filtering_spell(&typed, &t);
    filter_put(app, app->view.filtering->stage, text_str(&t));
    kernel_fini(&typed.kernel);
    text_free(&t);
    return true;
}

/* ---- a template ---- */

static bool is_template(const struct chain_stage *s)
{
    return s->type && strcmp(s->type->name, "template") == 0;
}

/* Into the template that there is, or behind the last stage. */
static void put_template(struct app *app, struct template_box b)
{
    struct filtering *f = app->view.filtering;
    int at = -1;
    struct text t = {0};
    for (int i = 0; i < f->asked.stages; i++)
        if (is_template(&f->asked.stage[i]) && (at < 0 || i == f->stage))
            at = i;
    if (at >= 0)
        filtering_spell(&f->asked.stage[at], &t);
    text_format(&t, "%srow=%d,col=%d,rows=%d,cols=%d", at >= 0 ? "," : "template:", b.row, b.col, b.rows,
                b.cols);
    if (at >= 0)
        filter_put(app, at, text_str(&t));
    else
        filter_insert(app, f->asked.stages, text_str(&t));
    text_free(&t);
}

/* Where the cursor is in the picture. */
static struct place corner_of(struct app *app)
{
    struct place at = stages_place(&app->view);
    chain_follow(&app->view.filtering->seen, at.tile, 0, &at.row, &at.col);
    return at;
}

static void begin_cut(struct app *app)
{
    struct filtering *f = app->view.filtering;
    struct view *v = &app->view;
    struct place at = corner_of(app);
    if (v->focus != &panel_picture && v->focus != &panel_stages && !app_focus_on(app, &panel_picture) &&
        !app_focus_on(app, &panel_stages)) {
        app_say(app, "the picture isn't on the screen: page picture");
        return;
    }
    v->place[panel_index(v->focus)] = (struct place){0, at.row, at.col};
    v->pointing = true;
    f->cutting = true;
    f->corner_row = at.row;
    f->corner_col = at.col;
    app->mode = "crop";
    app_point_update(app);
    app_say(app, "to the other corner with the arrows, then Enter; Escape leaves it");
}

static void end_cut(struct app *app, bool take)
{
    struct filtering *f = app->view.filtering;
    struct place at = corner_of(app);
    struct template_box b = filtering_cut(f, at.row, at.col);
    bool was = f->cutting;
    f->cutting = false;
    app->mode = NULL;
    if (was && take && (b.rows < 2 || b.cols < 2))
        app_say(app, "a template has at least 2 rows and columns");
    else if (was && take)
        put_template(app, b);
}

static bool crop(struct app *app, const char *argument)
{
    struct template_box b;
    char end;
    bool begin = argument_is(argument, "begin"), stop = argument_is(argument, "end"),
         off = argument_is(argument, "off");
    if (!begin && !stop && !off &&
        sscanf(argument, "%6d %6d %6d %6d %c", &b.row, &b.col, &b.rows, &b.cols, &end) != 4)
        return false;
    struct filtering *f = filter_of(app);
    if (!f)
        return true;
    if (begin && f->seen.results > 0)
        begin_cut(app);
    else if (stop || off)
        end_cut(app, stop);
    else if (!begin)
        put_template(app, b);
    return true;
}

/* The cursor goes from one place where the template was found to the next. */
static bool visit(struct app *app, const char *argument)
{
    bool next = argument_is(argument, "next");
    if (!next && !argument_is(argument, "before"))
        return false;
    struct filtering *f = filter_of(app);
    struct place *at = &app->view.place[panel_index(&panel_stages)];
    int result = -1, now = -1;
    for (int i = 1; f && i < f->seen.results; i++)
        result = f->seen.result[i].peaks > 0 ? i : result;
    if (result < 0) {
        app_say(app, "no template was found anywhere: t in the picture cuts one out");
        return true;
    }
    const struct chain_result *r = &f->seen.result[result];
    for (int k = 0; k < r->peaks && at->tile == result; k++)
        if (r->peak[k].row == at->row && r->peak[k].col == at->col)
            now = k;
    now = now < 0 ? (next ? 0 : r->peaks - 1) : (now + (next ? 1 : r->peaks - 1)) % r->peaks;
    *at = (struct place){result, r->peak[now].row, r->peak[now].col};
    app->view.pointing = true;
    if (!app_focus_on(app, &panel_stages))
        app_point_update(app);
    app_say(app, "peak %d of %d: %.4g at (%d,%d)", now + 1, r->peaks, (double)r->peak[now].score, at->row,
            at->col);
    return true;
}

const struct action turning_actions[] = {
    {"knob", "next|before|KNOB", "Which knob of the stage in view keys turn", choose_knob},
    {"turn", "more|less|next|VALUE", "Turns that knob, or sets it", turn},
    {"weight", "more|less|VALUE|ROW COLUMN VALUE",
     "Changes a number of the kernel, else named the one under the cursor of taps", change_cell},
    {"crop", "begin|end|off|ROW COLUMN ROWS COLUMNS",
     "Cuts a template out of the picture: from the cursor on, up to the cursor", crop},
    {"peak", "next|before", "Points at another place where the template was found", visit},
    {NULL, NULL, NULL, NULL},
};
