/** The film of the ascent: its pictures from the start to the newest, each with its step and activation, and below them the activation over all steps. Lecture L56. */
#include <math.h>
#include <stdio.h>

#include "tui/panels/panels.h"
#include "tui/widgets/plot.h"

enum { LABEL_COLS = 11, LABEL = 32, PLOT_ROWS = 6, PLOT_COLS = 20, NAME = 96, FEW = 3 };

static struct tiles tiles_of(const struct view *v)
{
    struct shape in = v->net->in;
    bool colour = in.c == 3;
    return (struct tiles){.n = ASCENT_FRAMES,
                          .h = in.h,
                          .w = in.w,
                          .map = colour ? MAP_COLOUR : MAP_GREY,
                          .range = 1,
                          .label_rows = 1,
                          .label_cols = LABEL_COLS,
                          .mark = -1};
}

/* Of the ascent in view; NULL: there is none yet. */
static const struct ascent_result *result_of(const struct view *v)
{
    return v->neuron && neuron_climbed(v->neuron) ? v->neuron->climbed : NULL;
}

/* A row of pictures alone is worth having; the plot comes with more room. */
static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    struct panel_size all[PANEL_SIZES];
    struct tiles t = tiles_of(v), few = t;
    (void)s;
    if (!v->neuron)
        return 0;
    few.n = FEW;
    few.most = 1;
    int count = 0, n = tiles_sizes(&few, all);
    for (int i = 0; i < n && count < FEW; i++)
        if (all[i].grade >= 1) {
            out[count] = all[i];
            out[count].rows++;
            out[count++].grade = 0.5f;
        }
    n = tiles_sizes(&t, all);
    for (int i = 0; i < n && count < PANEL_SIZES; i++) {
        out[count] = all[i];
        out[count++].rows += PLOT_ROWS;
    }
    return count;
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct ascent_result *r = result_of(v);
    char name[NAME];
    if (!r)
        return;
    asked_text(v, name, sizeof name);
    snprintf(text, (size_t)size, "climbing %s  from %s  %d steps  %.3g to %.3g", name,
             climb_names[v->neuron->from], r->frame[r->frames - 1].step, (double)r->frame[0].activation,
             (double)r->frame[r->frames - 1].activation);
}

/* Activation over the steps. */
static void draw_curve(const struct ascent_result *r, const double *cross, struct canvas *c)
{
    static struct plot_point point[MAXIMISE_CURVE];
    for (int i = 0; i < r->points; i++)
        point[i] = (struct plot_point){r->curve[i].step, r->curve[i].activation};
    struct plot p = {
        .series = {{.point = point, .count = r->points, .line = LINE_TRAIN_ACCURACY, .name = "activation"}},
        .count = 1,
        .x_high = r->curve[r->points - 1].step > 0 ? r->curve[r->points - 1].step : 1,
        .x_name = "step of the ascent",
        .cross = cross};
    plot_draw(c, &p);
}

/* Rows for the pictures, above the plot: at least one of them is whole, with a row to say how many more there are. */
static int rows_for(const struct view *v, int rows)
{
    struct tiles t = tiles_of(v);
    return rows - PLOT_ROWS > tiles_rows(&t, 1, t.n) ? rows - PLOT_ROWS : rows;
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct ascent_result *r = result_of(v);
    const struct place *cursor = panel_cursor(v, &panel_climbing);
    char text[ASCENT_FRAMES][LABEL];
    const char *label[ASCENT_FRAMES];
    if (!r) {
        draw_note(c, "waiting for the network");
        return;
    }
    struct tiles t = tiles_of(v);
    t.n = r->frames;
    t.v = r->pictures;
    for (int i = 0; i < r->frames; i++) {
        snprintf(text[i], LABEL, "%d: %.3g", r->frame[i].step, (double)r->frame[i].activation);
        label[i] = text[i];
    }
    t.label = label;
    t.mark = cursor && cursor->tile < t.n ? cursor->tile : t.n - 1;
    int rows = rows_for(v, c->clip.rows), cols = c->clip.cols;
    struct canvas part = canvas_part(c, (struct rect){0, 0, rows, cols});
    if (v->net->in.c == 1 || v->net->in.c == 3)
        pictures_draw(v, &t, &part);
    double step = cursor && cursor->tile < t.n ? r->frame[cursor->tile].step : 0;
    part = canvas_part(c, (struct rect){rows, 0, c->clip.rows - rows, cols});
    if (rows < c->clip.rows && cols >= PLOT_COLS)
        draw_curve(r, cursor ? &step : NULL, &part);
}

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    const struct ascent_result *r = result_of(v);
    struct tiles t = tiles_of(v);
    t.n = r ? r->frames : 0;
    return r && pictures_step(v, &t, rows_for(v, rows), cols, at, down, right);
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    const struct ascent_result *r = result_of(v);
    struct tiles t = tiles_of(v);
    t.n = r ? r->frames : 0;
    return r && row < rows_for(v, rows) && pictures_hit_one(v, &t, rows_for(v, rows), cols, row, col, at);
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    const struct ascent_result *r = result_of(v);
    *out = (struct spot){.kind = SPOT_OTHER, .c = at.tile};
    return r && at.tile < r->frames;
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    const struct ascent_result *r = result_of(v);
    if (!r || at.tile >= r->frames)
        return;
    const struct maximise_frame *f = &r->frame[at.tile];
    float norm = isnan(f->norm) ? r->norm : f->norm;
    snprintf(text, (size_t)size,
             "step %d of the ascent: activation %.4g, gradient norm %.3g  large in maximise", f->step,
             (double)f->activation, (double)norm);
}

static void numbers(const struct view *v, struct text *out)
{
    const struct ascent_result *r = result_of(v);
    if (!r)
        return;
    text_add(out, "step,activation,gradient_norm\n");
    for (int i = 0; i < r->points; i++)
        text_format(out, "%d,%.9g,%.9g\n", r->curve[i].step, (double)r->curve[i].activation,
                    (double)r->curve[i].norm);
}

const struct panel_type panel_climbing = {
    .name = "climbing",
    .title = "climbing",
    .help = "the film of the ascent: pictures on the way with step and activation; the one at the cursor is "
            "large in maximise",
    .lecture = "L56",
    .sizes = sizes,
    .title_text = title_text,
    .draw = draw,
    .numbers = numbers,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
};
