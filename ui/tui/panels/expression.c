/** The output at hand in the step lab as one would write it on paper, and in the slide's notation. Lecture L20 to L24, L33, L50, L51. */
#include <stdio.h>
#include <string.h>

#include "tui/panels/step_grids.h"
#include "tui/widgets/flow.h"

enum { PIECE = 96, BEHIND = 150, AHEAD = 500, GAP = 3, ROWS_MOST = 12, PENCIL_ROWS = 2, LEAST = 30 };

static bool is_plain(const struct canvas *c)
{
    return !c->style->utf8;
}

/* ---- the slide's notation ---- */

static void slide_size(const struct stepping *s, int *rows, int *cols)
{
    *rows = *cols = 0;
    for (const char *at = text_str(&s->slide[1]); *at; (*rows)++) {
        int length = (int)strcspn(at, "\n");
        *cols = length > *cols ? length : *cols;
        at += length + (at[length] == '\n');
    }
}

static void draw_slide(struct canvas *c, const struct stepping *s)
{
    const char *at = text_str(&s->slide[is_plain(c)]);
    char line[512];
    for (int row = 0; *at && row < c->clip.rows; row++) {
        int length = (int)strcspn(at, "\n");
        snprintf(line, sizeof line, "%.*s", length, at);
        canvas_text(c, row, 0, ROLE_TEXT, line);
        at += length + (at[length] == '\n');
    }
}

/* ---- the expression ---- */

/* Which terms there is room to write: around the one that is marked. */
static void span(const struct stepping *s, long *from, long *to)
{
    long mark = stepping_mark(s);
    *from = mark > BEHIND ? mark - BEHIND : 0;
    *to = *from + BEHIND + AHEAD < s->terms ? *from + BEHIND + AHEAD : s->terms;
}

static enum role role_of(const struct stepping *s, long output, long k)
{
    bool wrong = s->wrong == k && (s->blinks == 0 || s->blinks % 2 == 0);
    long count = stepping_count(s);
    bool coming = k >= count && s->pencil != PENCIL_OUTPUT;
    return wrong                                 ? ROLE_BAD
           : k == stepping_mark(s)               ? ROLE_CURSOR
           : coming                              ? ROLE_FAINT
           : stepping_term(s, output, k).padding ? ROLE_FAINT
                                                 : ROLE_TEXT;
}

/* Returns the line of the term that is marked. */
static int write_terms(struct flow *f, const struct stepping *s, bool plain)
{
    long output = stepping_output(s), from, to;
    int found = 0;
    char piece[PIECE];
    span(s, &from, &to);
    stepping_piece(s, output, -1, plain, piece, sizeof piece);
    flow_put(f, ROLE_TEXT, piece);
    if (from > 0)
        flow_put(f, ROLE_FAINT, "...");
    for (long k = from; k < to; k++) {
        stepping_piece(s, output, k, plain, piece, sizeof piece);
        flow_put(f, role_of(s, output, k), piece);
        found = k == stepping_mark(s) ? f->line : found;
    }
    if (to < s->terms)
        flow_put(f, ROLE_FAINT, " + ...");
    stepping_piece(s, output, s->terms, plain, piece, sizeof piece);
    bool done = stepping_count(s) == s->terms || (stepping_known(s, output) && !s->pencil);
    char *result = strstr(piece, " = ");
    if (!done && result) {
        snprintf(result, 5, " = ?");
        flow_put(f, s->wrong == s->terms ? ROLE_BAD : ROLE_FAINT, piece);
    } else {
        flow_put(f, ROLE_STRONG, piece);
    }
    return found;
}

/* The second line: what the products are. With a pencil those that were typed. */
static void write_products(struct flow *f, const struct stepping *s)
{
    long output = stepping_output(s), count = stepping_count(s), from, to;
    char number[DECIMAL_ROOM], piece[PIECE];
    span(s, &from, &to);
    if (!stepping_weighs(s) || (s->pencil == PENCIL_OUTPUT && count < s->terms) || s->pencil == PENCIL_SUM)
        return;
    flow_break(f);
    flow_put(f, ROLE_TEXT, from > 0 ? "= ..." : "= ");
    for (long k = from; k < to && k < count; k++) {
        stepping_number(stepping_product(s, output, k), number);
        snprintf(piece, sizeof piece, *number == '-' ? "%s(%s)" : "%s%s", k > 0 ? " + " : "", number);
        flow_put(f, k == stepping_mark(s) ? ROLE_CURSOR : ROLE_TEXT, piece);
    }
    if (count < s->terms) {
        stepping_number(stepping_partial(s, output, count), number);
        snprintf(piece, sizeof piece, "%s...  so far %s", count > 0 ? " + " : "", number);
        flow_put(f, ROLE_FAINT, s->pencil != PENCIL_PRODUCT ? piece : count > 0 ? " + ..." : "...");
    }
}

/* Of several channels what each contributes, once they are all there. */
static void write_channels(struct flow *f, const struct stepping *s)
{
    static const char *const colours[] = {"red", "green", "blue"};
    long output = stepping_output(s), depth = s->trace.extents.w[0];
    char number[DECIMAL_ROOM], piece[PIECE];
    if (s->source.operation != STEP_CORRELATE || depth < 2 || stepping_count(s) < s->terms)
        return;
    flow_break(f);
    for (long d = 0; d < depth && d < BEHIND; d++) {
        stepping_number(trace_part(&s->trace, output, 0, d), number);
        bool colour = depth == 3 && s->trace.extents.x[0] == 3;
        if (colour)
            snprintf(piece, sizeof piece, "%s%s %s", d ? " + " : "", colours[d], number);
        else
            snprintf(piece, sizeof piece, "%splane %ld: %s", d ? " + " : "", d + 1, number);
        flow_put(f, ROLE_TITLE, piece);
    }
    if (s->source.options.bias != 0) {
        stepping_number((double)s->source.options.bias, number);
        snprintf(piece, sizeof piece, " + bias %s", number);
        flow_put(f, ROLE_TITLE, piece);
    }
}

static int write_all(struct flow *f, const struct stepping *s, bool plain)
{
    int line = write_terms(f, s, plain);
    write_products(f, s);
    write_channels(f, s);
    return line;
}

/* What is asked for, what has been typed, the score; and below it what was wrong. */
static void draw_pencil(struct canvas *c, const struct stepping *s)
{
    char text[PIECE], line[2 * PIECE];
    double value;
    if (!stepping_wanted(s, is_plain(c), &value, text, sizeof text))
        snprintf(line, sizeof line, "all done");
    else
        snprintf(line, sizeof line, "%s = %s_", text, s->typed);
    int used = canvas_text_width(c, 0, 0, c->clip.cols, ROLE_STRONG, line);
    canvas_format(c, 0, used + 2, ROLE_TITLE, "%ld of %ld right", s->right, s->asked);
    canvas_text_width(c, 1, 0, c->clip.cols, s->wrong >= 0 ? ROLE_BAD : ROLE_GOOD, s->verdict[is_plain(c)]);
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct stepping *s = v->stepping;
    int slide_rows, slide_cols, top = 0;
    if (!s)
        return;
    if (s->pencil) {
        draw_pencil(c, s);
        top = PENCIL_ROWS;
    }
    slide_size(s, &slide_rows, &slide_cols);
    int rows = c->clip.rows - top, cols = c->clip.cols;
    struct flow count = {.cols = cols};
    int line = write_all(&count, s, is_plain(c));
    bool below = slide_rows > 0 && count.line + 2 + slide_rows <= rows, beside = false;
    if (!below && slide_rows > 0 && slide_rows <= rows && cols - slide_cols - GAP >= LEAST) {
        struct flow narrow = {.cols = cols - slide_cols - GAP};
        int there = write_all(&narrow, s, is_plain(c));
        beside = narrow.line < rows;
        line = beside ? there : line;
        count = beside ? narrow : count;
    }
    int left = beside ? slide_cols + GAP : 0;
    struct flow f = {.c = c, .rows = rows, .cols = cols - left, .row = top, .column = left};
    int lines = count.line + 1;
    f.top = lines <= rows                    ? 0
            : line < rows / 2                ? 0
            : line - rows / 2 < lines - rows ? line - rows / 2
                                             : lines - rows;
    write_all(&f, s, is_plain(c));
    if (below || beside) {
        struct canvas part =
            canvas_part(c, (struct rect){top + (below ? count.line + 2 : 0), 0, slide_rows, cols});
        draw_slide(&part, s);
    }
}

static int sizes(const struct view *v, const struct style *style, struct panel_size *out)
{
    static const int widths[] = {38, 58, 76, 100};
    const struct stepping *s = v->stepping;
    int count = 0, slide_rows, slide_cols;
    if (!s)
        return 0;
    slide_size(s, &slide_rows, &slide_cols);
    out[count++] = (struct panel_size){2, 38, 0.5f};
    for (int slide = 0; slide < 1 + (slide_rows > 0); slide++)
        for (int i = 0; i < ARRAY_LEN(widths); i++) {
            struct flow f = {.cols = widths[i]};
            write_all(&f, s, !style->utf8);
            int rows = f.line + 1 + (s->pencil ? PENCIL_ROWS : 0),
                cols = widths[i] + (slide ? slide_cols + GAP : 0);
            rows = rows > ROWS_MOST ? ROWS_MOST : rows;
            out[count++] =
                (struct panel_size){slide && slide_rows > rows ? slide_rows : rows, cols, 1 + (float)slide};
        }
    return count;
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct stepping *s = v->stepping;
    char where[64];
    if (!s)
        return;
    stepping_place_text(s, stepping_output(s), where, sizeof where);
    snprintf(text, (size_t)size, "%s  output %s",
             s->trace.flip ? "convolve" : step_operation_names[s->source.operation], where);
}

const struct panel_type panel_expression = {
    .name = "expression",
    .title = "expression",
    .help = "the output at hand in the step lab in full, and the slide's notation: weights as subscripts",
    .lecture = "L20, L22, L24, L33",
    .flexible = true,
    .sizes = sizes,
    .ask = step_ask,
    .title_text = title_text,
    .draw = draw,
};
