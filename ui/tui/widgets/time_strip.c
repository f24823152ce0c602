#include "tui/widgets/time_strip.h"

#include <math.h>
#include <stdio.h>

enum {
    LINE = 12 /* columns that the line has at least where its ends are named */,
    TICK = 4 /* columns between ticks */
};

/* Columns of the names, with a blank each, before and behind the line. */
static void names(const struct time_strip *s, int cols, int *before, int *behind)
{
    int wide = snprintf(NULL, 0, " %ld", s->end);
    bool room = cols - 2 - wide >= LINE;
    *before = room ? 2 : 0;
    *behind = room ? wide : 0;
}

static int column_of(const struct time_strip *s, int cols, long step)
{
    double part = s->end > 0 ? (double)step / (double)s->end : 0;
    part = part < 0 ? 0 : part > 1 ? 1 : part;
    return (int)lrint(part * (cols - 1));
}

/* Every so many epochs a tick, so that ticks don't touch: 1, 2, 5, 10 ... */
static long ticks_every(const struct time_strip *s, int cols)
{
    static const int factor[] = {2, 5, 10};
    long power = 1, every = 1;
    for (int k = 0; (double)every * (double)s->epoch * (cols - 1) < (double)TICK * (double)s->end; k++) {
        every = power * factor[k % 3];
        power *= k % 3 == 2 ? 10 : 1;
    }
    return every * s->epoch;
}

static void put(struct canvas *c, int row, int col, enum role role, uint32_t ch, char ascii)
{
    canvas_put(c, row, col, role, c->style->utf8 ? ch : (uint32_t)ascii);
}

void time_strip_draw(struct canvas *c, int row, int col, int cols, const struct time_strip *s)
{
    int before, behind;
    names(s, cols, &before, &behind);
    int line = cols - before - behind, here = column_of(s, line, s->at);
    if (line < 1)
        return;
    if (before) {
        canvas_text(c, row, col, ROLE_FAINT, "0");
        canvas_format(c, row, col + before + line, ROLE_FAINT, " %ld", s->end);
    }
    col += before;
    for (int k = 0; k < line; k++)
        put(c, row, col + k, k <= here ? ROLE_FOCUS : ROLE_FRAME, k <= here ? 0x2501 : 0x2500,
            k <= here ? '=' : '-');
    if (s->epoch > 0 && line > 1)
        for (long tick = ticks_every(s, line), step = tick; step < s->end; step += tick) {
            int k = column_of(s, line, step);
            put(c, row, col + k, k <= here ? ROLE_FOCUS : ROLE_FRAME, k <= here ? 0x253f : 0x253c, '+');
        }
    if (s->fork)
        put(c, row, col + column_of(s, line, *s->fork), ROLE_WARN, 0x25c6, 'Y');
    put(c, row, col + here, ROLE_FOCUS, 0x25cf, '@');
    if (s->cross)
        put(c, row, col + column_of(s, line, *s->cross), ROLE_CURSOR, '+', '+');
}

bool time_strip_hit(const struct time_strip *s, int cols, int col, long *step)
{
    int before, behind;
    names(s, cols, &before, &behind);
    int line = cols - before - behind, k = col - before;
    if (k < 0 || k >= line)
        return false;
    *step = line > 1 ? lrint((double)s->end * k / (line - 1)) : s->end;
    return true;
}
