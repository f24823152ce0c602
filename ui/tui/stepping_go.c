/** Where one stands in the multiplications, what is known then, and what is lit. */
#include <limits.h>
#include <string.h>

#include "filter/expression.h"
#include "tui/stepping.h"

enum { RANK = CORRELATE_RANK, SLIDE_SIDE = 16, WIDE = 6, READERS = 4096 };

static long all(const struct stepping *s)
{
    return s->outputs * s->terms;
}

/* With a pencil the next thing is in view, else the last that was done. */
long stepping_output(const struct stepping *s)
{
    long at = s->pencil && s->done < all(s) ? s->done : s->done > 0 ? s->done - 1 : 0;
    return at / s->terms;
}

long stepping_count(const struct stepping *s)
{
    return s->done - stepping_output(s) * s->terms;
}

long stepping_mark(const struct stepping *s)
{
    if (s->pointed >= 0)
        return s->pointed;
    long count = stepping_count(s);
    return s->pencil && count < s->terms ? count : count - 1;
}

bool stepping_known(const struct stepping *s, long output)
{
    return (s->reveal && !s->pencil) || (output + 1) * s->terms <= s->done;
}

/* ---- the grids as they are now ---- */

/* Axes from `turned` on lie flipped, the others as they are written. */
static void show_kernel(struct stepping *s)
{
    struct step_shown *g = &s->shown[STEP_KERNEL];
    const float *w = s->source.w.data;
    int first = s->trace.flip ? s->turning : RANK - s->turning; /* while it turns, axis after axis */
    if (s->source.operation == STEP_DENSE)
        w += stepping_output(s) * s->terms;
    for (int t = 0; t < g->n; t++)
        for (int r = 0; r < g->h; r++)
            for (int c = 0; c < g->w; c++) {
                int tile = first <= 0 ? g->n - 1 - t : t, row = first <= 1 ? g->h - 1 - r : r;
                int col = first <= 2 ? g->w - 1 - c : c;
                g->v[(t * g->h + r) * g->w + c] = w[(tile * g->h + row) * g->w + col];
            }
}

static void show_outputs(struct stepping *s)
{
    struct step_shown *g = &s->shown[STEP_OUT];
    for (long i = 0; i < s->outputs; i++) {
        bool known = stepping_known(s, i);
        g->v[i] = known ? s->y[i] : 0;
        g->sign[i] = known ? NUMBER_SHOWN : NUMBER_HIDDEN;
    }
}

static void show_places(struct stepping *s)
{
    const struct step_shown *in = &s->shown[STEP_IN];
    long output = stepping_output(s), mark = stepping_mark(s), k = mark < 0 ? 0 : mark;
    struct trace_product p = stepping_term(s, output, k);
    const long *w = s->trace.extents.w;
    s->place[STEP_IN] = (struct place){(int)(p.at[0] + in->before[0]), (int)(p.at[1] + in->before[1]),
                                       (int)(p.at[2] + in->before[2])};
    s->place[STEP_KERNEL] = (struct place){(int)(k / (w[1] * w[2])), (int)(k / w[2] % w[1]), (int)(k % w[2])};
    s->place[STEP_OUT] = (struct place){(int)(output / (s->out.h * s->out.w)),
                                        (int)(output / s->out.w % s->out.h), (int)(output % s->out.w)};
}

/* The slide's notation, of examples as small as the slide's. */
static void show_slide(struct stepping *s)
{
    const struct step_shown *in = &s->shown[STEP_IN];
    bool small = s->source.operation == STEP_CORRELATE && in->h <= SLIDE_SIDE && in->w <= SLIDE_SIDE &&
                 in->wide < WIDE && s->shown[STEP_KERNEL].wide < WIDE; /* long decimals have no place there */
    for (int plain = 0; plain < 2; plain++) {
        s->slide[plain].length = 0;
        text_add(&s->slide[plain], "");
        if (small)
            expression_slide(&s->slide[plain], &s->trace, stepping_output(s),
                             s->place[STEP_IN].tile - in->before[0], plain == 1);
    }
}

void stepping_refresh(struct stepping *s)
{
    show_kernel(s);
    show_outputs(s);
    show_places(s);
    show_slide(s);
}

/* ---- going ---- */

void stepping_go(struct stepping *s, long done)
{
    bool moved = done != s->done;
    s->done = done < 0 ? 0 : done > all(s) ? all(s) : done;
    s->pointed = -1;
    s->from = STEP_GRIDS;
    if (moved) {
        s->tries = 0;
        s->wrong = -1;
        s->blinks = 0;
    }
    stepping_refresh(s);
}

bool stepping_walk(struct stepping *s, enum step_stride stride, int by)
{
    long unit = stride == STRIDE_PRODUCT  ? 1
                : stride == STRIDE_OUTPUT ? s->terms
                                          : s->terms * (s->whole ? s->outputs : s->out.w);
    long to = by > 0 ? (s->done / unit + 1) * unit : (s->done - 1 + unit) / unit * unit - unit;
    long before = s->done;
    stepping_go(s, to);
    return s->done != before;
}

static int within(int at, int count)
{
    return at < 0 ? 0 : at >= count ? count - 1 : at;
}

/* Of the outputs that read a number the one that has it nearest to the middle of its window; -1: none does. */
static long central_reader(const struct stepping *s, const long at[RANK], long *term)
{
    long list[READERS], best = -1, least = LONG_MAX;
    long count = trace_readers(&s->trace, at, READERS, list);
    const long *w = s->trace.extents.w;
    for (long i = 0; i < count && i < READERS; i++) {
        long k = 0, distance = 0;
        trace_reads(&s->trace, list[i], at, &k);
        const long tap[RANK] = {k / (w[1] * w[2]), k / w[2] % w[1], k % w[2]};
        for (int a = 0; a < RANK; a++)
            distance += (2 * tap[a] - w[a] + 1) * (2 * tap[a] - w[a] + 1);
        if (distance < least) {
            least = distance;
            best = list[i];
            *term = k;
        }
    }
    return best;
}

void stepping_point(struct stepping *s, enum step_grid grid, struct place at)
{
    const struct step_shown *g = &s->shown[grid];
    long output = stepping_output(s), term = -1;
    at = (struct place){within(at.tile, g->n), within(at.row, g->h), within(at.col, g->w)};
    long index = ((long)at.tile * g->h + at.row) * g->w + at.col;
    if (grid == STEP_OUT)
        output = index;
    else if (grid == STEP_KERNEL || s->whole)
        term = index;
    else {
        const long place[RANK] = {at.tile - g->before[0], at.row - g->before[1], at.col - g->before[2]};
        long reader = central_reader(s, place, &term);
        output = reader < 0 ? output : reader;
    }
    stepping_go(s, s->pencil ? output * s->terms : (output + 1) * s->terms);
    s->pointed = s->pencil ? -1 : term;
    s->from = s->pencil ? STEP_GRIDS : grid;
    stepping_refresh(s);
    s->place[grid] = at; /* also where nothing reads it */
}

void stepping_watch(struct stepping *s, enum step_grid grid)
{
    bool whole = stepping_count(s) == s->terms && !s->pencil;
    s->watched = grid;
    s->from = whole ? grid : STEP_GRIDS;
    if (whole && (grid == STEP_IN || grid == STEP_KERNEL))
        s->pointed = stepping_mark(s);
}

/* ---- lights ---- */

/* The cells of the input under the window, or with a weight all that it multiplies. */
static void light_input(const struct stepping *s, bool weight, struct light *out)
{
    const struct step_shown *in = &s->shown[STEP_IN];
    const struct correlate_extents *e = &s->trace.extents;
    const struct trace_options *o = &s->trace.options;
    const struct place *at = &s->place[STEP_KERNEL];
    const long tap[RANK] = {at->tile, at->row, at->col};
    long place[RANK] = {0}, from[RANK], span[RANK], step[RANK];
    if (!s->whole)
        trace_place(&s->trace, stepping_output(s), place);
    for (int a = 0; a < RANK; a++) {
        step[a] = weight ? o->stride[a] : o->dilation[a];
        from[a] =
            s->trace.origin[a] + in->before[a] + (weight ? tap[a] * o->dilation[a] : place[a] * o->stride[a]);
        span[a] = ((weight ? e->y[a] : e->w[a]) - 1) * step[a] + 1;
    }
    *out = (struct light){.from = (int)from[0],
                          .to = (int)(from[0] + span[0]),
                          .row = (int)from[1],
                          .col = (int)from[2],
                          .rows = (int)span[1],
                          .cols = (int)span[2],
                          .row_step = (int)step[1],
                          .col_step = (int)step[2]};
}

/* The outputs that read a number of the input: along each axis they are equally far apart. */
static bool light_readers(const struct stepping *s, struct light *out)
{
    const struct step_shown *in = &s->shown[STEP_IN];
    const struct place *p = &s->place[STEP_IN];
    const long at[RANK] = {p->tile - in->before[0], p->row - in->before[1], p->col - in->before[2]};
    long list[READERS], place[RANK], low[RANK] = {0}, high[RANK] = {0}, next[RANK] = {0};
    long count = s->whole ? 0 : trace_readers(&s->trace, at, READERS, list);
    for (long i = 0; i < count && i < READERS; i++) {
        trace_place(&s->trace, list[i], place);
        for (int a = 0; a < RANK; a++) {
            low[a] = i == 0 ? place[a] : low[a];
            high[a] = i == 0 || place[a] > high[a] ? place[a] : high[a];
            next[a] = i == 0 || (next[a] == low[a] && place[a] > low[a]) ? place[a] : next[a];
        }
    }
    if (count == 0)
        return false;
    *out = (struct light){.from = (int)low[0],
                          .to = (int)high[0] + 1,
                          .row = (int)low[1],
                          .col = (int)low[2],
                          .rows = (int)(high[1] - low[1]) + 1,
                          .cols = (int)(high[2] - low[2]) + 1,
                          .row_step = (int)(next[1] - low[1]),
                          .col_step = (int)(next[2] - low[2])};
    return true;
}

bool stepping_light(const struct stepping *s, enum step_grid grid, struct light *out)
{
    if (grid == STEP_IN) {
        light_input(s, s->from == STEP_KERNEL && !s->whole, out);
        return !s->whole;
    }
    return grid == STEP_OUT && s->from == STEP_IN && light_readers(s, out);
}

bool stepping_outline(const struct stepping *s, enum step_grid grid, struct light *out)
{
    if (grid == STEP_IN && !s->whole)
        light_input(s, false, out);
    return grid == STEP_IN && !s->whole;
}
