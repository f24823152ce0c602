/**
 * One frame: the status line on top, panels between, hints at the bottom, help over all. Below 20x5 there is one line of text.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "tui/apart.h"
#include "tui/app.h"
#include "tui/fooling.h"
#include "tui/keys.h"
#include "tui/panels/panels.h"

enum {
    COLS_LEAST = 20,
    ROWS_LEAST = 5,
    ONE_COLS = 60,
    ONE_ROWS = 15,
    NAMES_COLS = 50,
    MODEL_COLS = 12,
    APART_COLS = 120, /* less than that: what is taken apart has the screen for itself */
    APART_ROWS = 36
};

static const struct panel_type *const drawers[] = {&panel_drawing, &panel_input, &panel_probabilities};

static bool is_among(const struct panel_type *type, const struct panel_type *const *list, int count)
{
    for (int i = 0; i < count; i++)
        if (list[i] == type)
            return true;
    return false;
}

/* What is taken apart comes first: alone on a page and in a small window, in a large one others make room. */
static int panels_wanted(const struct app *app, const struct panel_type **out)
{
    const struct panel_type *detail = panel_find("detail");
    const struct canvas *c = &app->canvas;
    bool apart = app->view.apart.depth > 0, small = c->cols < APART_COLS || c->rows < APART_ROWS;
    int count = 0;
    if (apart)
        out[count++] = detail;
    if (apart && (small || app->alone))
        return count;
    if (app->alone) {
        out[count++] = app->alone;
        return count;
    }
    if (app->view.own.drawing) /* the sheet, what becomes of it, and what is said of that come first */
        for (int i = 0; i < ARRAY_LEN(drawers); i++)
            out[count++] = drawers[i];
    const struct panel_type *const *panel = app_lab(app)->panels;
    for (int i = 0, own = count; panel[i]; i++)
        if (!panel_hidden(panel[i], app->hidden) && !is_among(panel[i], out, own))
            out[count++] = panel[i];
    return count;
}

static void lay_out(struct app *app)
{
    const struct panel_type *wanted[PANELS_MOST];
    struct canvas *c = &app->canvas;
    int count = panels_wanted(app, wanted);
    app->lay_out = false;
    app->panels = 0;
    if (c->cols < COLS_LEAST || c->rows < ROWS_LEAST)
        return;
    if (app->alone || count == 1 || c->cols < ONE_COLS || c->rows < ONE_ROWS) {
        app->placed[0] = (struct placed){wanted[0], {0, 0, c->rows - 2, c->cols}};
        app->panels = 1;
    } else {
        const struct lab *lab = app_lab(app);
        int all = 0;
        while (lab->panels[all])
            all++;
        if (lab->place && count == all && app->view.apart.depth == 0)
            app->panels = lab->place(&app->view, c->style, c->rows - 2, c->cols, app->placed);
        if (app->panels == 0)
            app->panels =
                layout_place(&app->view, c->style, c->rows - 2, c->cols, wanted, count, app->placed);
    }
    for (int i = 0; i < app->panels; i++)
        app->placed[i].frame.row++;
}

/* Beside the sample the network looks at what was drawn on it, while that is in view, or at what was nudged. */
static const float *choose_other(struct app *app)
{
    struct view *v = &app->view;
    if (v->fooling)
        fooling_follow(v->fooling, v);
    if (v->fooling && app_placed(app, &panel_fool))
        return v->fooling->x;
    return v->own.down != 0 || v->own.right != 0 ? v->own.base : NULL;
}

/* The sample of the view: of the data set, or an own one, which is made anew when something about it has changed. */
static void choose_sample(struct app *app, struct inquiry *q)
{
    struct view *v = &app->view;
    struct own *o = &v->own;
    struct diag diag = {0};
    *q = (struct inquiry){.split = v->split, .index = v->index, .own_label = -1};
    if (own_used(o) && o->changed && own_make(o, v->data, v->split, v->index, &diag))
        app_say(app, "%s", diag.text);
    q->own = own_used(o) ? o->x : NULL;
    q->own_label = own_used(o) ? o->label : -1;
    q->other = choose_other(app);
}

static bool same_inquiry(const struct inquiry *a, const struct inquiry *b)
{
    bool same = a->split == b->split && a->index == b->index && a->count == b->count && a->own == b->own &&
                a->other == b->other;
    for (int i = 0; i < a->count && same; i++)
        same = question_equal(&a->question[i], &b->question[i]);
    return same;
}

void app_look(struct app *app)
{
    if (app->net && apart_trim(&app->view))
        app->lay_out = true;
    int told = own_lines(&app->view.own); /* what is told of an own picture takes a few rows */
    if (app->lay_out || told != app->told)
        lay_out(app);
    app->told = told;
    app_point_update(app);
    if (!app->observer)
        return;
    const struct panel_type *visible[PANELS_MOST];
    struct inquiry *q = &app->inquiry, next;
    choose_sample(app, &next);
    for (int i = 0; i < app->panels; i++)
        visible[i] = app->placed[i].type;
    next.count = panels_ask(&app->view, visible, app->panels, next.question);
    unsigned long drawn = app->view.fooling ? app->view.fooling->version : 0;
    bool same_pixels =
        (!next.own || app->own_asked == app->view.own.version) && (!next.other || app->drawn_asked == drawn);
    if (q->serial > 0 && same_inquiry(q, &next) && same_pixels)
        return;
    bool waiting = !app->view.answers || app->view.answers->serial != q->serial;
    next.serial = q->serial + 1;
    *q = next;
    app->own_asked = app->view.own.version;
    app->drawn_asked = drawn;
    if (!waiting) /* while one question follows another, frames don't wait for the last */
        app->asked = clock_now();
    observer_ask(app->observer, q);
}

static const char *state_text(const struct trainer_report *r)
{
    static const char *const names[] = {"paused", "running", "done", "STOPPED"};
    return r ? names[r->state] : "opening";
}

/* A line that is put together part by part; what doesn't fit is cut. */
struct status {
    char text[512];
    int length;
};

PRINTF_LIKE(2, 3) static void add(struct status *line, const char *format, ...)
{
    int room = (int)sizeof line->text - line->length;
    va_list args;
    va_start(args, format);
    int wanted = vsnprintf(line->text + line->length, (size_t)room, format, args);
    va_end(args);
    line->length += wanted < room ? wanted : room - 1;
}

/* The last `room` bytes of a name that is longer: of a path the end says most. Never begins inside a character. */
static const char *ending(const char *name, int room)
{
    size_t length = strlen(name);
    const char *at = length > (size_t)room ? name + length - (size_t)room : name;
    while (((unsigned char)*at & 0xc0) == 0x80)
        at++;
    return at;
}

/* Whose training, and of which branch. */
static void add_names(const struct app *app, int cols, struct status *line)
{
    const char *model = ending(app->model_name, cols / 8 > MODEL_COLS ? cols / 8 : MODEL_COLS),
               *dots = model == app->model_name ? "" : "...";
    const char *whole = app->data ? app->data->spec : app->options.data, *data = ending(whole, cols / 5);
    add(line, "%s%s on %s%s ", dots, model, data == whole ? "" : "...", data);
}

/* "running  step 1234  epoch 1.3 ...": how training goes. */
static void add_training(const struct app *app, struct status *line)
{
    const struct trainer_report *r = app->view.report;
    char branch[160];
    branch_text(app, branch, sizeof branch);
    add(line, " %s", app->mode ? app->mode : state_text(r));
    if (*branch)
        add(line, "  %s", branch);
    if (r) {
        double epoch = r->per_epoch > 0 ? (double)r->step / (double)r->per_epoch : 0;
        add(line, "  step %ld  epoch %.2f", r->step, epoch);
        if (isfinite(r->loss))
            add(line, "  loss %.3f", r->loss);
        if (isfinite(r->test_accuracy))
            add(line, "  test %.1f %%", 100 * r->test_accuracy);
        add(line, "  rate %.4g", r->lr);
        if (r->images_per_second > 0 && r->state == TRAINER_RUNNING)
            add(line, "  %.0f images/s", r->images_per_second);
    }
    if (app->net)
        add(line, "  layer %s", app->net->layer[app->view.layer].name);
    if (app->view.spot.kind == SPOT_NUMBER || app->view.spot.kind == SPOT_WEIGHT)
        add(line, "  unit %d", app->view.spot.c);
}

/* As far as it fits. */
static void draw_status(const struct app *app, struct canvas *c)
{
    const struct lab *lab = app_lab(app);
    struct status line = {0};
    char own[256] = "";
    if (lab->status && app->net)
        lab->status(app, own, sizeof own);
    if (c->cols >= NAMES_COLS) {
        add(&line, " fovea  ");
        if (lab != all_labs[0])
            add(&line, "%s  ", lab->title);
        if (!*own)
            add_names(app, c->cols, &line);
    }
    if (*own)
        add(&line, "%s", own);
    else
        add_training(app, &line);
    if (app->view.scale != SCALE_LAYER)
        add(&line, "  scale %s", scale_names[app->view.scale]);
    if (c->style->gamma > 0 && c->style->gamma != 1)
        add(&line, "  gamma %g", (double)c->style->gamma);
    if (app->term && app->frames_per_second > 0)
        add(&line, "  %.0f frames/s", app->frames_per_second);
    parts_fit(line.text, c->cols - 1);
    canvas_fill(c, (struct rect){0, 0, 1, c->cols}, ROLE_STATUS, ' ');
    canvas_text_width(c, 0, 0, c->cols, ROLE_STATUS, line.text);
}

static bool is_kept(const struct binding *b)
{
    return b->hint && (strcmp(b->line, "help") == 0 || strcmp(b->line, "quit") == 0);
}

/* In a mode only what it is about; else what the key does now. */
static bool is_hinted(const struct app *app, const struct binding *b)
{
    if (app->mode)
        return is_kept(b) || (b->where && strcmp(b->where, app->mode) == 0);
    return app_binding(app, b->key) == b;
}

/* Of the panel with the focus or the mode, of the lab in view, of all; and of other places, whose keys are most. */
enum { NEAREST, OF_LAB, OF_ALL, ELSEWHERE };
static int nearness(const struct app *app, const struct binding *b)
{
    static const char lab[] = "lab ";
    const char *place = app->mode ? app->mode : app->view.focus ? app->view.focus->name : "";
    if (!b->where)
        return OF_ALL;
    if (strcmp(b->where, place) == 0)
        return NEAREST;
    bool of_lab =
        strncmp(b->where, lab, strlen(lab)) == 0 && strcmp(b->where + strlen(lab), app_lab(app)->name) == 0;
    return of_lab ? OF_LAB : ELSEWHERE;
}

static int hint_columns(const struct binding *b)
{
    return text_columns(b->name) + 1 + text_columns(b->hint) + 2;
}

/* What a nudge did, or what lies under the cursor; false: nothing does. */
static bool draw_explanation(const struct app *app, struct canvas *c)
{
    const struct view *v = &app->view;
    char text[256] = "";
    if (app->mode && strcmp(app->mode, "nudge") == 0)
        view_explain_nudge(v, text, sizeof text);
    if (!*text && v->spot.kind == SPOT_NONE)
        return false;
    if (*text)
        ;
    else if (v->focus->explain)
        v->focus->explain(v, v->place[panel_index(v->focus)], text, sizeof text);
    else
        view_explain(v, text, sizeof text);
    parts_fit(text, c->cols - 2);
    canvas_text_width(c, c->rows - 1, 1, c->cols - 2, ROLE_TEXT, text);
    return *text;
}

static void draw_hints(const struct app *app, struct canvas *c)
{
    int row = c->rows - 1, col = 1;
    const struct trainer_report *r = app->view.report;
    if (clock_now() < app->message_until) {
        canvas_text_width(c, row, 1, c->cols - 2, ROLE_STRONG, app->message);
        return;
    }
    if (r && r->state == TRAINER_FAILED) {
        char text[DIAG_TEXT + 80];
        snprintf(text, sizeof text, "%s; [ goes back, < lowers the learning rate, R begins again",
                 r->diag.text);
        canvas_text_width(c, row, 1, c->cols - 2, ROLE_BAD, text);
        return;
    }
    char text[256];
    if (app_caption(app, text, sizeof text)) {
        canvas_text_width(c, row, 1, c->cols - 2, ROLE_STRONG, text);
        return;
    }
    if (draw_explanation(app, c))
        return;
    int kept = 0; /* the way to help and the way out are always there */
    for (const struct binding *b = binding_next(NULL); b; b = binding_next(b))
        kept += is_kept(b) ? hint_columns(b) : 0;
    for (int pass = NEAREST; pass <= OF_ALL; pass++) /* the panel's own come first, then the lab's */
        for (const struct binding *b = binding_next(NULL); b; b = binding_next(b)) {
            if (!b->hint || pass != nearness(app, b) || !is_hinted(app, b))
                continue;
            if (is_kept(b))
                kept -= hint_columns(b);
            if (col + hint_columns(b) + kept > c->cols + 1)
                continue;
            col += canvas_text(c, row, col, ROLE_STATUS_KEY, b->name) + 1;
            col += canvas_text(c, row, col, ROLE_FAINT, b->hint) + 2;
        }
}

static void draw_panel(const struct app *app, struct canvas *c, const struct placed *p)
{
    panel_draw(p->type, &app->view, c, p->frame);
    if (app_phase_dims(app, p->type)) {
        struct canvas part = canvas_part(c, p->frame);
        canvas_dim(&part);
    }
}

void app_draw(struct app *app)
{
    struct canvas *c = &app->canvas;
    canvas_clear(c);
    if (c->cols < COLS_LEAST || c->rows < ROWS_LEAST) {
        const struct trainer_report *r = app->view.report;
        canvas_text_width(c, 0, 0, c->cols, ROLE_TEXT, "enlarge the window");
        if (r && isfinite(r->loss) && c->rows > 1)
            canvas_format(c, 1, 0, ROLE_TEXT, "loss %.3f", r->loss);
        return;
    }
    app->view.stale = app->view.answers && app->view.answers->serial != app->inquiry.serial;
    draw_status(app, c);
    if (!app->net || app->panels == 0)
        canvas_text(c, c->rows / 2, 2, ROLE_FAINT, "opening the data ...");
    for (int i = 0; i < app->panels && app->net; i++)
        draw_panel(app, c, &app->placed[i]);
    if (app->help)
        app_help_draw(app, c);
    if (!app_prompt_draw(app, c) && !app_leaving_draw(app, c))
        draw_hints(app, c);
}
