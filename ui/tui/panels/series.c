#include "tui/panels/series.h"

#include <math.h>
#include <stdio.h>

int series_points(const struct listening *l, const struct stretch *s, const float *low, const float *high,
                  struct plot_point out[SERIES_POINTS])
{
    int count = 0, first = 0, last = s->columns - 1;
    if (l->from > s->from)
        first = stretch_column(s, l->from);
    if (l->from + l->span <= s->from + s->span)
        last = stretch_column(s, l->from + l->span - 1);
    first -= first > 0; /* the line comes from there */
    last += last < s->columns - 1;
    for (int c = first; c <= last; c++) {
        double x = listening_time(l, (double)(stretch_first(s, c) + stretch_first(s, c + 1) - 1) / 2);
        out[count++] = (struct plot_point){x, low[c]};
        if (low[c] < high[c])
            out[count++] = (struct plot_point){x, high[c]};
    }
    return count;
}

const struct stretch *series_stretch(const struct listening *l)
{
    const struct listener_result *r = l->result;
    if (!r)
        return NULL;
    const struct stretch *near = &r->near;
    bool covers = near->columns > 0 && near->from <= l->from && near->from + near->span >= l->from + l->span;
    return covers ? near : &r->whole;
}

struct plot series_axis(const struct listening *l)
{
    return (struct plot){.x_low = listening_time(l, (double)l->from),
                         .x_high = listening_time(l, (double)(l->from + l->span - 1)),
                         .x_unit = listening_unit(l)};
}

bool series_window(const struct listening *l, double out[2])
{
    long at = listening_output(l);
    out[0] = listening_time(l, (double)at);
    out[1] = listening_time(l, (double)(at + listening_weights(l) - 1));
    return at >= 0;
}

double series_cross(const struct listening *l)
{
    return listening_time(l, (double)l->sample);
}

bool series_move(const struct view *v, struct rect plot, struct place *at, int down, int right)
{
    const struct listening *l = v->listening;
    if (!l)
        return false;
    struct plot p = series_axis(l);
    long column = lrint(plot_column(&p, plot.cols) * (l->signal.rate > 0 ? l->signal.rate : 1));
    long was = at->col, to = was + right * (column > 1 ? column : 1) + down, last = l->signal.count - 1;
    at->col = (int)(to < 0 ? 0 : to > last ? last : to);
    return at->col != was;
}

bool series_hit(const struct view *v, struct rect r, int row, int col, struct place *at)
{
    double x;
    if (!v->listening)
        return false;
    struct plot p = series_axis(v->listening);
    if (!plot_hit(&p, r.rows, r.cols, row - r.row, col - r.col, &x))
        return false;
    *at = (struct place){.col = (int)lrint(listening_sample(v->listening, x))};
    return true;
}

bool series_spot(const struct view *v, struct place at, struct spot *out)
{
    *out = (struct spot){.kind = SPOT_SAMPLE, .step = at.col};
    return v->listening && at.col >= 0 && at.col < v->listening->signal.count;
}

int series_place(const struct listening *l, long sample, char *text, int size)
{
    if (l->signal.rate > 1 || l->signal.rate < 1)
        return snprintf(text, (size_t)size, "sample %ld, %.6g s", sample + 1,
                        (double)sample / l->signal.rate);
    return snprintf(text, (size_t)size, "sample %ld", sample + 1);
}

void series_note(struct canvas *c)
{
    draw_note(c, "nothing is listened to yet");
}
