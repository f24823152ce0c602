/**
 * Everything that a number feeds: for each layer that reads it how many numbers that are, and the largest products; beside them the maps of that layer, all dimmed but
 * what is reached, and how much of each later layer is.
 */
#include <stdio.h>
#include <string.h>

#include "tui/panels/detail.h"

enum { LIST_COLS = 46, REACH_MOST = 24, TEXT = 128 };

/* The next layer behind `behind` that reads `layer`; -1: none. */
static int next_reader_of(const struct net *net, int layer, int behind)
{
    for (int l = behind + 1; l < net->layers; l++)
        for (int k = 0; k < net->layer[l].inputs; k++)
            if (net->layer[l].in[k] == layer)
                return l;
    return -1;
}

/* A number goes unread through layers that only hand it on, or bring all pixels to another scale: what it feeds is what they feed. */
static struct unit onward(const struct net *net, struct unit u)
{
    for (int next = next_reader_of(net, u.layer, u.layer); next >= 0;
         next = next_reader_of(net, u.layer, u.layer)) {
        enum form form = inspect_form(&net->layer[next]);
        if ((form != FORM_SAME && form != FORM_STANDARD) || next_reader_of(net, u.layer, next) >= 0)
            break;
        struct field f = field_of_unit(u);
        f = field_through(&net->layer[next], 0, &f, false);
        u = (struct unit){next, f.channels.first, f.rows.first, f.cols.first};
    }
    return u;
}

static struct question feeds_question(const struct view *v)
{
    struct unit u = onward(v->net, detail_unit(v));
    struct question q = view_question(v, "feeds", u.layer);
    q.unit = u.channel;
    q.row = u.row;
    q.col = u.col;
    return q;
}

static int readers_of(const struct view *v, const struct answer **a)
{
    struct question q = feeds_question(v);
    *a = v->answers ? answers_find(v->answers, &q) : NULL;
    *a = *a && (*a)->ready ? *a : NULL;
    return *a ? answer_part(*a, "reader")->n : 0;
}

static int number_of(const struct answer *a, const char *part, int i)
{
    return (int)answer_part(a, part)->data[i];
}

/* Row k of reader i. */
static float row_of(const struct answer *a, const char *part, int i, int k)
{
    const struct part *p = answer_part(a, part);
    return p->data[i * p->shape.h + k];
}

static struct unit fed_at(const struct answer *a, int i, int k)
{
    const struct part *p = answer_part(a, "place");
    const float *place = p->data + (size_t)(i * p->shape.h + k) * 3;
    return (struct unit){number_of(a, "reader", i), (int)place[0], (int)place[1], (int)place[2]};
}

static int ask(const struct view *v, struct question *out, int room)
{
    struct question q = feeds_question(v);
    int layer = q.layer, count = 0;
    if (room < 1 || !question_fits(v->net, &q))
        return 0;
    out[count++] = q;
    for (int l = layer + 1; l < v->net->layers && count < room && count < 4; l++)
        if (v->net->layer[l].in[0] == layer ||
            (v->net->layer[l].inputs > 1 && v->net->layer[l].in[1] == layer))
            out[count++] = view_question(v, "activation", l);
    return count;
}

/* Lines of the list: a head for each reader, then its rows. */
static int lines_of(const struct answer *a, int readers)
{
    int lines = readers;
    for (int i = 0; i < readers; i++)
        lines += number_of(a, "listed", i);
    return lines;
}

/* The reader and row (-1: its head) that stand in a line of the list. */
static void in_line(const struct answer *a, int line, int *reader, int *row)
{
    *reader = 0;
    while (line > number_of(a, "listed", *reader)) {
        line -= number_of(a, "listed", *reader) + 1;
        ++*reader;
    }
    *row = line - 1;
}

static int line_of(const struct answer *a, struct place at)
{
    int line = at.row + 1;
    for (int i = 0; i < at.tile; i++)
        line += number_of(a, "listed", i) + 1;
    return line;
}

static int list_cols(int cols)
{
    return cols >= 2 * LIST_COLS - 14 ? LIST_COLS : cols / 2 < 30 ? cols : cols / 2;
}

static void draw_line(const struct view *v, struct canvas *c, int at, const struct answer *a, int reader,
                      int row, bool marked)
{
    char text[TEXT], unit[96];
    int count = number_of(a, "count", reader), listed = number_of(a, "listed", reader);
    const char *name = v->net->layer[number_of(a, "reader", reader)].name;
    if (row < 0) {
        snprintf(unit, sizeof unit, "%s, %s%d", name, listed < count ? "largest of " : "", count);
        snprintf(text, sizeof text, "%-22.22s product  weight  result", unit);
        canvas_text_width(c, at, 0, c->clip.cols, ROLE_TITLE, text);
        return;
    }
    unit_text(v->net, fed_at(a, reader, row), unit, sizeof unit);
    snprintf(text, sizeof text, "%c%-20.20s %8.3g%8.3g%8.3g", marked ? '>' : ' ', unit,
             (double)row_of(a, "product", reader, row) + 0.0, (double)row_of(a, "weight", reader, row),
             (double)row_of(a, "result", reader, row));
    canvas_text_width(c, at, 0, c->clip.cols, marked ? ROLE_CURSOR : ROLE_TEXT, text);
}

/* "pool1   25 of 1152": how much of each later layer. */
static int draw_reach(const struct view *v, struct canvas *c)
{
    struct unit u = detail_unit(v);
    int lines = 0, rows = c->clip.rows < REACH_MOST ? c->clip.rows : REACH_MOST;
    for (int l = u.layer + 1; l < v->net->layers && lines < rows; l++) {
        struct field f = field_forward(v->net, u.layer, field_of_unit(u), l);
        if (field_empty(&f) || v->net->layer[l].type->elementwise)
            continue;
        canvas_format(c, lines++, 0, ROLE_TEXT, "%-12.12s %6zu of %zu", v->net->layer[l].name,
                      field_count(&f), shape_count(v->net->layer[l].out));
    }
    return lines;
}

static void draw_beside(const struct view *v, struct canvas *c, int reader)
{
    canvas_format(c, 0, 0, ROLE_TITLE, "it reaches of each layer");
    struct canvas list = canvas_part(c, (struct rect){1, 0, c->clip.rows / 3, c->clip.cols});
    int row = 2 + draw_reach(v, &list);
    canvas_format(c, row, 0, ROLE_TITLE, "%s, what is reached lit", v->net->layer[reader].name);
    struct canvas maps = canvas_part(c, (struct rect){row + 1, 0, c->clip.rows - row - 1, c->clip.cols});
    if (maps.clip.rows > 0 && maps.clip.cols > 0)
        maps_draw(v, reader, NULL, &maps);
}

static void draw(const struct view *v, struct place at, struct canvas *c)
{
    const struct answer *a;
    struct question q = feeds_question(v);
    int readers = readers_of(v, &a), cols = list_cols(c->clip.cols);
    if (!question_fits(v->net, &q))
        draw_note(c, "nothing in the network reads it: it is what the network says");
    if (readers == 0)
        return;
    int lines = lines_of(a, readers), first = heat_scroll(lines, c->clip.rows, line_of(a, at));
    struct canvas list = canvas_part(c, (struct rect){0, 0, c->clip.rows, cols});
    for (int i = 0; i < c->clip.rows && first + i < lines; i++) {
        int reader, row;
        in_line(a, first + i, &reader, &row);
        draw_line(v, &list, i, a, reader, row,
                  v->focus == &panel_detail && reader == at.tile && row == at.row);
    }
    struct canvas beside = canvas_part(c, (struct rect){0, cols + 1, c->clip.rows, c->clip.cols - cols - 1});
    if (c->clip.cols > cols + 10 && at.tile < readers)
        draw_beside(v, &beside, number_of(a, "reader", at.tile));
}

static bool move(const struct view *v, int rows, int cols, struct place *at, int down, int right)
{
    const struct answer *a;
    int readers = readers_of(v, &a);
    (void)rows, (void)cols;
    if (readers == 0 || right)
        return false;
    struct place to = {at->tile, at->row + down, 0};
    if (to.row < 0 && to.tile > 0)
        to.row = number_of(a, "listed", --to.tile) - 1;
    else if (to.row >= number_of(a, "listed", to.tile))
        to = (struct place){to.tile + 1, 0, 0};
    if (to.row < 0 || to.tile >= readers)
        return false;
    *at = to;
    return true;
}

static bool hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)
{
    const struct answer *a;
    int readers = readers_of(v, &a), reader, k;
    if (readers == 0 || col >= list_cols(cols))
        return false;
    int lines = lines_of(a, readers), line = heat_scroll(lines, rows, line_of(a, *at)) + row;
    if (line >= lines)
        return false;
    in_line(a, line, &reader, &k);
    if (k >= 0)
        *at = (struct place){reader, k, 0};
    return k >= 0;
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    const struct answer *a;
    int readers = readers_of(v, &a);
    *out = (struct spot){.kind = SPOT_NONE};
    if (readers == 0) /* not known yet, or nothing */
        return true;
    if (at.tile >= readers || at.row >= number_of(a, "listed", at.tile))
        return false;
    struct unit u = fed_at(a, at.tile, at.row);
    *out = (struct spot){.kind = SPOT_NUMBER, .layer = u.layer, .c = u.channel, .row = u.row, .col = u.col};
    return true;
}

static void explain(const struct view *v, struct place at, char *text, int size)
{
    const struct answer *a;
    int readers = readers_of(v, &a);
    char from[64], to[64];
    if (at.tile >= readers || at.row >= number_of(a, "listed", at.tile))
        return;
    unit_text(v->net, detail_unit(v), from, sizeof from);
    unit_text(v->net, fed_at(a, at.tile, at.row), to, sizeof to);
    snprintf(text, (size_t)size, "%s brings %.4g to %s = %.4g; Enter takes that apart", from,
             (double)row_of(a, "product", at.tile, at.row) + 0.0, to,
             (double)row_of(a, "result", at.tile, at.row));
}

const struct detail_kind detail_feeds = {
    .ask = ask, .draw = draw, .move = move, .hit = hit, .spot = spot, .explain = explain};
