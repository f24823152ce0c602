/** The chain as a list: its stages, the knobs of each, and what is to be said of them. Lecture items L25, L27 to L29. */
#include <math.h>
#include <stdio.h>

#include "tui/filtering.h"
#include "tui/panels/panels.h"

enum { LINES_MOST = 64, ABOVE = 2, COLS = 36, HELP_AT = 28, HELP_COLS = 48 };

/* A line of the list: a stage's name, one of its knobs, or a remark on it. */
enum item_kind { LINE_STAGE, LINE_KNOB, LINE_KEPT, LINE_NARROW };
struct item {
    enum item_kind kind;
    int stage, knob;
};

static int lines_of(const struct filtering *f, struct item *out)
{
    int count = 0;
    for (int i = 0; i < f->asked.stages; i++) {
        const struct chain_stage *s = &f->asked.stage[i];
        const double *value;
        int knobs = knobs_count(filtering_knobs(s, &value));
        out[count++] = (struct item){LINE_STAGE, i, -1};
        for (int k = 0; k < knobs; k++)
            out[count++] = (struct item){LINE_KNOB, i, k};
        if (!s->type && s->kernel.kept < 1)
            out[count++] = (struct item){LINE_KEPT, i, -1};
        if (!s->type && s->kernel.narrow)
            out[count++] = (struct item){LINE_NARROW, i, -1};
    }
    return count;
}

/* The line that keys are for. */
static int line_chosen(const struct filtering *f, const struct item *line, int lines)
{
    int found = 0;
    for (int i = 0; i < lines; i++)
        if (line[i].stage == f->stage &&
            ((line[i].kind == LINE_KNOB && line[i].knob == f->knob) || line[i].kind == LINE_STAGE))
            found = i;
    return found;
}

/* The same for all chains: nothing jumps when a stage comes or goes. */
static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    out[0] = (struct panel_size){ABOVE + 6, COLS, 1};
    out[1] = (struct panel_size){ABOVE + 11, COLS, 2};
    out[2] = (struct panel_size){ABOVE + 18, COLS + 6, 3};
    return v->filtering ? 3 : 0;
}

static void draw_stage(const struct filtering *f, int stage, int row, struct canvas *c)
{
    const struct chain_stage *s = &f->asked.stage[stage];
    char text[80];
    bool chosen = stage == f->stage;
    int used = canvas_format(c, row, 0, chosen ? ROLE_FOCUS : ROLE_TITLE, "%s%d %s", chosen ? ">" : " ",
                             stage + 1, s->type ? s->type->name : s->kernel.type->name);
    if (f->stale || stage + 1 >= f->seen.results)
        return;
    filtering_numbers(f, stage + 1, text, sizeof text);
    parts_fit(text, c->clip.cols - used - 2);
    canvas_text_width(c, row, used + 2, c->clip.cols - used - 2, ROLE_FAINT, text);
}

static void draw_knob(const struct filtering *f, struct item l, int row, struct canvas *c)
{
    const double *value;
    const struct knob *k = &filtering_knobs(&f->asked.stage[l.stage], &value)[l.knob];
    bool chosen = l.stage == f->stage && l.knob == f->knob;
    char text[32];
    if (k->words)
        snprintf(text, sizeof text, "%s", k->words[(int)value[l.knob]]);
    else
        snprintf(text, sizeof text, "%.6g", value[l.knob]);
    canvas_format(c, row, 2, chosen ? ROLE_CURSOR : ROLE_TEXT, "%s %-10s %s", chosen ? ">" : " ", k->name,
                  text);
    if (c->clip.cols >= HELP_COLS)
        canvas_text_width(c, row, HELP_AT, c->clip.cols - HELP_AT, ROLE_FAINT, k->help);
}

static void draw_line(const struct filtering *f, struct item l, int row, struct canvas *c)
{
    const struct kernel *k = &f->asked.stage[l.stage].kernel;
    if (l.kind == LINE_STAGE)
        draw_stage(f, l.stage, row, c);
    else if (l.kind == LINE_KNOB)
        draw_knob(f, l, row, c);
    else if (l.kind == LINE_KEPT)
        canvas_format(c, row, 4, ROLE_TEXT, "keeps %.1f %% of its mass", 100 * k->kept);
    else
        canvas_format(c, row, 4, ROLE_WARN, "k < 2 sigma: it is cut off");
}

/* Above the list: the picture, and how kernels meet its border. */
static void draw_head(const struct filtering *f, struct canvas *c)
{
    struct shape s = f->original.shape;
    char text[160];
    snprintf(text, sizeof text, "%.80s  %s  %d x %d", f->source,
             s.c == 1  ? "grey"
             : f->grey ? "made grey"
                       : "colour",
             s.h, s.w);
    canvas_text_width(c, 0, 0, c->clip.cols, ROLE_TITLE, text);
    snprintf(text, sizeof text, "%s%s", correlate_mode_names[f->asked.mode],
             f->asked.mode != CORRELATE_SAME ? ""
             : f->asked.repeats              ? ", the border goes on outside"
                                             : ", zeros outside");
    canvas_text_width(c, 1, 0, c->clip.cols, ROLE_FAINT, text);
}

static int first_line(const struct filtering *f, const struct item *line, int lines, int rows)
{
    return heat_scroll(lines, rows - ABOVE, line_chosen(f, line, lines));
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct filtering *f = v->filtering;
    struct item line[LINES_MOST];
    if (!f) {
        draw_note(c, "filters one behind the other: there in the filter lab");
        return;
    }
    int rows = c->clip.rows, lines = lines_of(f, line), first = first_line(f, line, lines, rows);
    draw_head(f, c);
    struct canvas list = canvas_part(c, (struct rect){ABOVE, 0, rows - ABOVE, c->clip.cols});
    for (int i = first; i < lines && i - first < rows - ABOVE; i++)
        draw_line(f, line[i], i - first, &list);
    if (lines == 0)
        draw_note(&list, "no stage: > puts one in, and `insert NAME` any");
    if (first + rows - ABOVE < lines && rows > ABOVE)
        canvas_format(&list, rows - ABOVE - 1, c->clip.cols - 4, ROLE_FAINT, "+%d",
                      lines - first - rows + ABOVE);
}

/* Keys of the panel go through the lines; its cursor is what they have chosen. */
static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    (void)v, (void)rows, (void)cols, (void)at, (void)down, (void)right;
    return false;
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    struct item line[LINES_MOST];
    if (!v->filtering || row < ABOVE || col < 0 || row >= rows || col >= cols)
        return false;
    int lines = lines_of(v->filtering, line), i = row - ABOVE + first_line(v->filtering, line, lines, rows);
    if (i >= lines || line[i].kind > LINE_KNOB)
        return false;
    *at = (struct place){0, i, 0};
    return true;
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    struct item line[LINES_MOST];
    *out = (struct spot){.kind = SPOT_OTHER, .row = at.row};
    return v->filtering && at.tile == 0 && at.row < lines_of(v->filtering, line);
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    const struct filtering *f = v->filtering;
    const double *value;
    (void)at;
    if (f->asked.stages == 0) {
        snprintf(text, (size_t)size, "no stage");
        return;
    }
    const struct chain_stage *s = &f->asked.stage[f->stage];
    const struct knob *k = filtering_knobs(s, &value);
    const char *name = s->type ? s->type->name : s->kernel.type->name;
    if (knobs_count(k) == 0)
        snprintf(text, (size_t)size, "%s: %s", name, s->type ? s->type->help : s->kernel.type->help);
    else if (k[f->knob].words)
        snprintf(text, (size_t)size, "%s: %s", k[f->knob].name, k[f->knob].help);
    else
        snprintf(text, (size_t)size, "%s, %.6g to %.6g: %s", k[f->knob].name, k[f->knob].low, k[f->knob].high,
                 k[f->knob].help);
}

static bool press(const struct view *v, struct place at, bool click, char *line, int size)
{
    struct item all[LINES_MOST];
    if (!click || !v->filtering || at.row >= lines_of(v->filtering, all))
        return false;
    const struct item *l = &all[at.row];
    const double *value;
    int used = snprintf(line, (size_t)size, "stage %d", l->stage + 1);
    if (l->kind == LINE_KNOB)
        snprintf(line + used, (size_t)(size - used), "; knob %s",
                 filtering_knobs(&v->filtering->asked.stage[l->stage], &value)[l->knob].name);
    return true;
}

static void numbers(const struct view *v, struct text *out)
{
    const double *value;
    if (!v->filtering)
        return;
    text_add(out, "stage,name,knob,value\n");
    for (int i = 0; i < v->filtering->asked.stages; i++) {
        const struct chain_stage *s = &v->filtering->asked.stage[i];
        const struct knob *k = filtering_knobs(s, &value);
        const char *name = s->type ? s->type->name : s->kernel.type->name;
        if (knobs_count(k) == 0)
            text_format(out, "%d,%s,,\n", i + 1, name);
        for (int j = 0; j < knobs_count(k); j++)
            text_format(out, "%d,%s,%s,%.9g\n", i + 1, name, k[j].name, value[j]);
    }
}

const struct panel_type panel_chain = {
    .name = "chain",
    .title = "chain",
    .help = "the stages with their knobs: up and down choose one, left and right turn it",
    .lecture = "L25, L27 to L29, L35",
    .sizes = sizes,
    .draw = draw,
    .numbers = numbers,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
    .press = press,
};
