/** The picture that gradient ascent climbs to, live: activation, gradient norm, and the switches. Lecture L56. */
#include <math.h>
#include <stdio.h>

#include "tui/panels/panels.h"

enum { LINES = 5, COLS = 26, NOTE = 200 };

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

static void title_text(const struct view *v, char *text, int size)
{
    const struct neuron *n = v->neuron;
    if (!n || !neuron_climbed(n))
        return;
    const struct ascent_result *r = n->climbed;
    snprintf(text, (size_t)size, "maximise %s[%d] (%d,%d)%s", n->net->layer[r->unit.layer].name,
             r->unit.channel, r->unit.row, r->unit.col, r->resting ? "" : "  climbing");
}

static void draw_lines(const struct neuron *n, struct canvas *c)
{
    const struct ascent_result *r = n->climbed;
    const struct maximise_frame *now = &r->frame[r->frames - 1];
    const struct maximise_options *o = &n->switches;
    char note[NOTE];
    canvas_format(c, 0, 0, ROLE_TEXT, "step %d  activation %.4g", now->step, (double)now->activation);
    maximise_explain(n->net, r->unit, r->norm, note, sizeof note);
    struct canvas rest = canvas_part(c, (struct rect){1, 0, c->clip.rows - 1, c->clip.cols});
    if (*note) { /* a norm of 0, and why */
        draw_note(&rest, note);
        return;
    }
    canvas_format(&rest, 0, 0, ROLE_TEXT, "gradient norm %.3g", (double)r->norm);
    canvas_format(&rest, 1, 0, ROLE_FAINT, "decay %g  blur %g", (double)o->decay, (double)o->blur);
    canvas_format(&rest, 2, 0, ROLE_FAINT, "jitter %d  clip %g", o->jitter, (double)o->clip);
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
    int rows = c->clip.rows > LINES ? c->clip.rows - LINES : c->clip.rows;
    struct canvas picture = canvas_part(c, (struct rect){0, 0, rows, c->clip.cols});
    struct canvas lines = canvas_part(c, (struct rect){rows, 0, c->clip.rows - rows, c->clip.cols});
    t.v = n->climbed->frame[n->climbed->frames - 1].picture;
    pictures_draw(v, &t, &picture);
    if (c->clip.rows > rows)
        draw_lines(n, &lines);
}

const struct panel_type panel_maximise = {
    .name = "maximise",
    .title = "maximise",
    .help = "the picture that the unit answers to most, climbed to along its gradient while you look",
    .lecture = "L56",
    .sizes = sizes,
    .title_text = title_text,
    .draw = draw,
};
