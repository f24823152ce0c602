/** The picture that gradient ascent climbs to, live: activation, gradient norm, and the switches with their keys. Lecture L56. */
#include <math.h>
#include <stdio.h>

#include "tui/panels/panels.h"

enum { LINES = 5, COLS = 28, NOTE = 200, NAME = 96, VALUE = 24 };

static struct tiles tiles_of(const struct view *v)
{
    struct shape in = v->net->in;
    bool colour = in.c == 3;
    return (struct tiles){
        .n = 1, .h = in.h, .w = in.w, .map = colour ? MAP_COLOUR : MAP_GREY, .range = 1, .mark = -1};
}

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    if (!v->neuron)
        return 0;
    struct tiles t = tiles_of(v);
    int count = pictures_sizes(v, &t, out);
    for (int i = 0; i < count; i++) {
        out[i].rows += LINES;
        out[i].cols = out[i].cols < COLS ? COLS : out[i].cols;
    }
    return count;
}

/* The picture of the film that the cursor is at, or else the newest. */
static int frame_of(const struct view *v)
{
    const struct ascent_result *r = v->neuron->climbed;
    const struct place *cursor = panel_cursor(v, &panel_climbing);
    return cursor && cursor->tile < r->frames ? cursor->tile : r->frames - 1;
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct neuron *n = v->neuron;
    char name[NAME];
    if (!n || !neuron_climbed(n))
        return;
    const struct ascent_result *r = n->climbed;
    asked_text(v, name, sizeof name);
    snprintf(text, (size_t)size, "maximise %s (%d,%d)  %s", name, r->unit.row, r->unit.col,
             frame_of(v) < r->frames - 1 ? "on the way"
             : r->resting                ? "settled"
                                         : "climbing");
}

static const char *switch_text(double value, char text[VALUE])
{
    if (value > 0)
        snprintf(text, VALUE, "%g", value);
    return value > 0 ? text : "off";
}

/* A norm of 0, and why; else which keys turn what. */
static void draw_switches(const struct neuron *n, struct canvas *c)
{
    const struct maximise_options *o = &n->switches;
    const char *more = maximise_before(n->net, n->climbed->unit.layer) >= 0 ? " (b)" : "";
    char note[NOTE], with[NOTE + 8], value[4][VALUE];
    maximise_explain(n->net, n->climbed->unit, n->climbed->norm, note, sizeof note);
    if (*note) {
        snprintf(with, sizeof with, "%s%s", note, more);
        draw_note(c, with);
        return;
    }
    canvas_format(c, 0, 0, ROLE_FAINT, "d decay %-9s o blur %s", switch_text((double)o->decay, value[0]),
                  switch_text((double)o->blur, value[1]));
    canvas_format(c, 1, 0, ROLE_FAINT, "j jitter %-8s c clip %s", switch_text(o->jitter, value[2]),
                  switch_text((double)o->clip, value[3]));
    canvas_format(c, 2, 0, ROLE_FAINT, "Enter noise  s sample  t top");
}

static void draw_lines(const struct view *v, struct canvas *c)
{
    const struct neuron *n = v->neuron;
    const struct ascent_result *r = n->climbed;
    const struct maximise_frame *now = &r->frame[frame_of(v)];
    float norm = isnan(now->norm) ? r->norm : now->norm;
    canvas_format(c, 0, 0, ROLE_STRONG, "step %d  activation %.4g", now->step, (double)now->activation);
    canvas_format(c, 1, 0, ROLE_TEXT, "gradient norm %.3g", (double)norm);
    struct canvas rest = canvas_part(c, (struct rect){2, 0, c->clip.rows - 2, c->clip.cols});
    draw_switches(n, &rest);
}

/* Rows for the picture: the lines follow right below it. */
static int rows_for(const struct view *v, int rows, int cols)
{
    struct tiles t = tiles_of(v);
    int room = rows > LINES ? rows - LINES : rows, high = heat_rows(t.h, tiles_fit(&t, room, cols).zoom);
    return v->numbers || v->legend || rows <= LINES || high > room ? room : high;
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct neuron *n = v->neuron;
    if (!n)
        return;
    if (!neuron_climbed(n)) {
        draw_note(c, "waiting for the network");
        return;
    }
    struct tiles t = tiles_of(v);
    int cols = c->clip.cols, below = rows_for(v, c->clip.rows, cols);
    t.cursor = panel_cursor(v, &panel_maximise);
    struct canvas picture = canvas_part(c, (struct rect){0, 0, below, cols});
    struct canvas lines = canvas_part(c, (struct rect){below, 0, c->clip.rows - below, cols});
    t.v = n->climbed->frame[frame_of(v)].picture;
    pictures_draw(v, &t, &picture);
    if (c->clip.rows > below)
        draw_lines(v, &lines);
}

/* ---- pointing: at a pixel ---- */

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    struct tiles t = tiles_of(v);
    return v->neuron && pictures_move(v, &t, rows_for(v, rows, cols), cols, at, down, right);
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    struct tiles t = tiles_of(v);
    int room = rows_for(v, rows, cols);
    return v->neuron && row < room && pictures_hit(v, &t, room, cols, row, col, at);
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    *out = (struct spot){.kind = SPOT_OTHER};
    return v->neuron && neuron_climbed(v->neuron) && at.tile == 0 && at.row < v->net->in.h &&
           at.col < v->net->in.w;
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    struct spot s;
    struct shape in = v->net->in;
    int used = 0;
    if (!spot(v, at, &s))
        return;
    const float *x = v->neuron->climbed->frame[frame_of(v)].picture + at.row * in.w + at.col;
    used = snprintf(text, (size_t)size, "pixel (%d,%d) of the picture that was climbed to =", at.row, at.col);
    for (int c = 0; c < in.c && used < size; c++)
        used += snprintf(text + used, (size_t)(size - used), " %.3g", (double)x[c * in.h * in.w]);
}

const struct panel_type panel_maximise = {
    .name = "maximise",
    .title = "maximise",
    .help = "the picture that the unit answers to most, climbed to along its gradient while you look",
    .lecture = "L56",
    .sizes = sizes,
    .title_text = title_text,
    .draw = draw,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
};
