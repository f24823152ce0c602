/** A map or a number taken apart, one level of it: where one is, and below that what the level's kind shows. Lecture L22, L33, L48. */
#include <stdio.h>

#include "tui/panels/detail.h"

enum { HEAD = 1 /* rows for the path */ };

static const struct detail_kind *kind_of(const struct view *v)
{
    static const struct detail_kind *const kinds[] = {
        [APART_MAP] = &detail_map, [APART_NUMBER] = &detail_number, [APART_FEEDS] = &detail_feeds};
    const struct apart_level *top = apart_top(v);
    return top ? kinds[top->kind] : NULL;
}

struct unit detail_unit(const struct view *v)
{
    const struct spot *s = &apart_top(v)->spot;
    return (struct unit){s->layer, s->c, s->row, s->col};
}

struct question detail_question(const struct view *v, const char *type)
{
    struct unit u = detail_unit(v);
    struct question q = view_question(v, type, u.layer);
    q.unit = u.channel;
    q.row = u.row;
    q.col = u.col;
    return q;
}

const struct answer *detail_answer(const struct view *v, const char *type)
{
    struct question q = detail_question(v, type);
    const struct answer *a = v->answers ? answers_find(v->answers, &q) : NULL;
    return a && a->ready ? a : NULL;
}

/* Only while something is taken apart: then as much as there is. */
static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    static const struct panel_size offered[] = {{20, 80, 1}, {24, 98, 2}, {30, 110, 3}, {36, 130, 4}};
    (void)s;
    for (int i = 0; i < ARRAY_LEN(offered) && kind_of(v); i++)
        out[i] = offered[i];
    return kind_of(v) ? ARRAY_LEN(offered) : 0;
}

static int ask(const struct view *v, struct question *out, int room)
{
    return kind_of(v) ? kind_of(v)->ask(v, out, room) : 0;
}

static void draw(const struct view *v, struct canvas *c)
{
    char crumbs[400];
    if (!kind_of(v)) {
        draw_note(
            c,
            "point at a number with the arrows and press Enter: it is taken apart here, down to the pixels");
        return;
    }
    apart_crumbs(v, crumbs, sizeof crumbs, c->clip.cols);
    canvas_text_width(c, 0, 0, c->clip.cols, ROLE_TITLE, crumbs);
    struct canvas below = canvas_part(c, (struct rect){HEAD, 0, c->clip.rows - HEAD, c->clip.cols});
    kind_of(v)->draw(v, v->place[panel_index(&panel_detail)], &below);
}

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    return kind_of(v) && kind_of(v)->move(v, rows - HEAD, cols, at, down, right);
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    return kind_of(v) && row >= HEAD && kind_of(v)->hit(v, rows - HEAD, cols, row - HEAD, col, at);
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    return kind_of(v) && kind_of(v)->spot(v, at, out);
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    *text = 0;
    if (kind_of(v))
        kind_of(v)->explain(v, at, text, size);
}

const struct panel_type panel_detail = {
    .name = "detail",
    .title = "taken apart",
    .help = "what the cursor pointed at, a level further down with each Enter; Backspace goes back",
    .lecture = "L22, L33, L48",
    .flexible = true,
    .sizes = sizes,
    .ask = ask,
    .draw = draw,
    .move = move,
    .hit = hit,
    .spot = spot,
    .explain = explain,
};
