/**
 * The attack as a film strip: each iterate with its loss, its size and what the network says; the first that is fooled is marked, the cursor chooses one. Lecture L77.
 */
#include <stdio.h>
#include <string.h>

#include "tui/fooling.h"
#include "tui/panels/panels.h"

enum {
    GREYS = 255,
    FRAMES_MOST = 32,
    LABEL = 48,
    LABEL_COLS = 16,
    LIST_LEAST = 6,
    TALL_LEAST = 6,
    HEADER = 1
};

/* The strip, as one knows it; parts are NULL before the first answer. */
struct strip {
    const struct part *picture, *loss, *linf, *l2, *first, *second, *p_first, *p_second;
    int count, crossed;
};

static bool strip_of(const struct view *v, struct strip *s)
{
    const struct answer *a = v->fooling ? view_answer(v, "film", 0) : NULL;
    *s = (struct strip){.crossed = -1};
    if (!a)
        return false;
    s->picture = answer_part(a, v->fooling->changes ? "changes" : "frames");
    s->loss = answer_part(a, "loss");
    s->linf = answer_part(a, "linf");
    s->l2 = answer_part(a, "l2");
    s->first = answer_part(a, "first");
    s->second = answer_part(a, "second");
    s->p_first = answer_part(a, "p_first");
    s->p_second = answer_part(a, "p_second");
    s->count = (int)*answer_part(a, "count")->data;
    s->count = s->count < FRAMES_MOST ? s->count : FRAMES_MOST;
    s->crossed = (int)*answer_part(a, "crossed")->data;
    return s->count > 0;
}

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    struct shape in = v->net->in;
    int wide = heat_cols(in.w, 1) < LABEL_COLS ? LABEL_COLS : heat_cols(in.w, 1), count = 0;
    (void)s;
    if (!v->fooling)
        return 0;
    out[count++] = (struct panel_size){LIST_LEAST, 60, 0.4f};
    for (int frames = 2; frames <= 6; frames++)
        out[count++] = (struct panel_size){heat_rows(in.h, 1) + 2 + LIST_LEAST, frames * (wide + 1) - 1,
                                           0.8f + 0.2f * (float)frames};
    return count;
}

static int ask(const struct view *v, struct question *out, int room)
{
    if (room < 1 || !v->fooling)
        return 0;
    out[0] = view_question(v, "film", 0);
    return 1;
}

static void title_text(const struct view *v, char *text, int size)
{
    struct strip s;
    bool there = strip_of(v, &s) && !fooling_hides(v);
    int used = snprintf(text, (size_t)size, "film %s %s", v->attack_type->name, norm_names[v->attack.norm]);
    if (there && used < size && s.crossed >= 0)
        snprintf(text + used, (size_t)(size - used), "  %d frames  crosses at %d", s.count, s.crossed);
    else if (there && used < size)
        snprintf(text + used, (size_t)(size - used), "  %d frames  never crosses", s.count);
}

/* The frame that the cursor has chosen, or the one where it crosses, or the last. */
static int chosen(const struct view *v, const struct strip *s)
{
    const struct place *cursor = panel_cursor(v, &panel_film);
    int at = cursor ? cursor->tile : s->crossed >= 0 ? s->crossed : s->count - 1;
    return at < s->count ? at : s->count - 1;
}

/* The pictures; `at` is a place in the chosen one, so that it is among those in sight. */
static struct tiles tiles_of(const struct view *v, const struct strip *s, struct place *at)
{
    struct shape in = v->net->in;
    bool changes = v->fooling->changes;
    *at = (struct place){chosen(v, s), -1, -1};
    return (struct tiles){.v = s->picture->data,
                          .n = s->count,
                          .h = in.h,
                          .w = in.w,
                          .map = in.c == 3 ? MAP_COLOUR
                                 : changes ? MAP_SIGNED
                                           : MAP_GREY,
                          .range = 1,
                          .mark = at->tile,
                          .cursor = at,
                          .label_rows = 2,
                          .label_above = 1,
                          .label_cols = LABEL_COLS};
}

/* One by one: changes of pictures in colour have to be shifted first. */
static void draw_strip(const struct view *v, struct canvas *c, const struct strip *s)
{
    struct place at;
    struct tiles t = tiles_of(v, s, &at);
    struct tiles_fit fit = tiles_fit(&t, c->clip.rows, c->clip.cols);
    size_t count = shape_count(v->net->in);
    if (v->fooling->changes)
        t.range = v->fooling->gain > 0 ? 0.5f / v->fooling->gain : view_range(t.v, (size_t)s->count * count);
    for (int i = fit.first; i < fit.first + fit.shown; i++) {
        char number[16], above[LABEL], below[LABEL];
        const char *label[] = {above, below};
        struct rect r;
        struct tiles one = t;
        if (!tiles_place(&t, c->clip.rows, c->clip.cols, i, &r))
            continue;
        snprintf(above, LABEL, "%s%d%s", i == at.tile ? "> " : "", i, i == s->crossed ? " CROSSES" : "");
        snprintf(below, LABEL, "'%.20s' %.1f %%", class_text(v, (int)s->first->data[i], number),
                 100 * (double)s->p_first->data[i]);
        one.n = 1;
        one.v += (size_t)i * count;
        one.most = fit.zoom;
        one.mark = -1;
        one.cursor = NULL;
        one.label = label;
        if (v->fooling->changes && t.map == MAP_COLOUR)
            changes_in_colour(&one);
        struct canvas part = canvas_part(c, r);
        tiles_draw(&part, &one);
    }
}

/* A row a frame: what they have in numbers. */
static void draw_list(const struct view *v, struct canvas *c, const struct strip *s)
{
    int rows = c->clip.rows - HEADER, at = chosen(v, s), from = heat_scroll(s->count, rows, at);
    canvas_text(c, 0, 0, ROLE_FAINT, "frame     loss   max of 255      L2  says");
    for (int i = from; i < s->count && i - from < rows; i++) {
        char one[16], two[16], text[200];
        bool crosses = i == s->crossed;
        int used = snprintf(text, sizeof text, "%s%3d %8.3f    %10.1f %7.0f  '%.20s' %5.1f %%",
                            i == at ? ">" : " ", i, (double)s->loss->data[i],
                            GREYS * (double)s->linf->data[i], GREYS * (double)s->l2->data[i],
                            class_text(v, (int)s->first->data[i], one), 100 * (double)s->p_first->data[i]);
        if (crosses)
            used += snprintf(text + used, sizeof text - (size_t)used, "  CROSSES");
        if (s->second->data[i] >= 0 && used < (int)sizeof text)
            snprintf(text + used, sizeof text - (size_t)used, "  '%.20s' %.1f %%",
                     class_text(v, (int)s->second->data[i], two), 100 * (double)s->p_second->data[i]);
        canvas_text_width(c, HEADER + i - from, 0, c->clip.cols,
                          crosses   ? ROLE_BAD
                          : i == at ? ROLE_STRONG
                                    : ROLE_TEXT,
                          text);
    }
}

/* How many rows the list takes of so many: what it needs, but a third at most where pictures have room above. */
static int list_rows(const struct strip *s, int rows)
{
    int all = s->count + HEADER, most = rows / 3 > LIST_LEAST ? rows / 3 : LIST_LEAST;
    if (rows < LIST_LEAST + TALL_LEAST)
        return rows;
    return all < most ? all : most;
}

static void draw(const struct view *v, struct canvas *c)
{
    struct strip s;
    if (v->fooling && fooling_hides(v)) {
        draw_hidden(v, c);
        return;
    }
    if (!strip_of(v, &s)) {
        draw_note(c, "the attack is under way");
        return;
    }
    int rows = c->clip.rows, cols = c->clip.cols, below = list_rows(&s, rows);
    struct canvas top = canvas_part(c, (struct rect){0, 0, rows - below, cols}),
                  bottom = canvas_part(c, (struct rect){rows - below, 0, below, cols});
    if (below < rows)
        draw_strip(v, &top, &s);
    draw_list(v, &bottom, &s);
}

/* ---- pointing: a place's tile is a frame ---- */

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    struct strip s;
    (void)rows, (void)cols;
    if (!strip_of(v, &s))
        return false;
    int was = at->tile, to = was + down + right;
    to = to < 0 ? 0 : to >= s.count ? s.count - 1 : to;
    *at = (struct place){to, 0, 0};
    return to != was;
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    struct strip s;
    if (!strip_of(v, &s))
        return false;
    int below = list_rows(&s, rows), tall = rows - below;
    if (row >= tall) { /* in the list */
        int room = below - HEADER, from = heat_scroll(s.count, room, chosen(v, &s)),
            i = from + row - tall - HEADER;
        *at = (struct place){i, 0, 0};
        return row - tall >= HEADER && row < rows && i < s.count;
    }
    struct place chosen_at;
    struct tiles t = tiles_of(v, &s, &chosen_at);
    for (int i = 0; i < s.count; i++) {
        struct rect r;
        if (tiles_place(&t, tall, cols, i, &r) && row >= r.row && row < r.row + r.rows && col >= r.col &&
            col < r.col + r.cols) {
            *at = (struct place){i, 0, 0};
            return true;
        }
    }
    return false;
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    struct strip s;
    *out = (struct spot){.kind = SPOT_OTHER};
    return strip_of(v, &s) && at.tile >= 0 && at.tile < s.count;
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    struct strip s;
    char one[16];
    *text = 0;
    if (!strip_of(v, &s) || at.tile >= s.count || fooling_hides(v))
        return;
    int i = at.tile;
    snprintf(text, (size_t)size,
             "frame %d of %d%s: loss %.3f, max %.1f and L2 %.0f of 255, says '%s' %.1f %%", i, s.count,
             i == s.crossed ? ", where it crosses" : "", (double)s.loss->data[i],
             GREYS * (double)s.linf->data[i], GREYS * (double)s.l2->data[i],
             class_text(v, (int)s.first->data[i], one), 100 * (double)s.p_first->data[i]);
}

static void numbers(const struct view *v, struct text *out)
{
    struct strip s;
    if (!strip_of(v, &s))
        return;
    text_add(out, "frame,loss,linf,l2,first,p_first,second,p_second,crossed\n");
    for (int i = 0; i < s.count; i++)
        text_format(out, "%d,%.9g,%.9g,%.9g,%d,%.9g,%d,%.9g,%d\n", i, (double)s.loss->data[i],
                    (double)s.linf->data[i], (double)s.l2->data[i], (int)s.first->data[i],
                    (double)s.p_first->data[i], (int)s.second->data[i], (double)s.p_second->data[i],
                    i == s.crossed);
}

const struct panel_type panel_film = {
    .name = "film",
    .title = "film",
    .help =
        "the attack as a film strip: each iterate with loss, size and verdict; where it crosses is marked",
    .lecture = "L77",
    .flexible = true,
    .sizes = sizes,
    .ask = ask,
    .title_text = title_text,
    .draw = draw,
    .numbers = numbers,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
};
