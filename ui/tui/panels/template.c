/** The piece that was cut out of the picture, and the places where it was found again. Lecture items L31, L34. */
#include <stdio.h>

#include "tui/filtering.h"
#include "tui/panels/panels.h"

enum { LIST_COLS = 30, LIST_ROWS = 6 };

/* The stage with the template: the one in view, or else the first. -1: there is none */
static int stage_of(const struct filtering *f)
{
    int found = -1;
    for (int i = 0; f && i < f->seen.results - 1; i++)
        if (f->seen.result[i + 1].peaks > 0 && (found < 0 || i == f->stage))
            found = i;
    return found;
}

static struct tiles tile_of(const struct filtering *f)
{
    struct shape s = f->piece.shape;
    return (struct tiles){.n = 1,
                          .h = s.h,
                          .w = s.w,
                          .map = s.c == 3 ? MAP_COLOUR : MAP_GREY,
                          .range = 1,
                          .mark = -1,
                          .v = f->piece.data};
}

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    if (stage_of(v->filtering) < 0 || !v->filtering->piece.data)
        return 0;
    struct tiles t = tile_of(v->filtering);
    int tall = heat_rows(t.h, 1), wide = heat_cols(t.w, 1);
    out[0] =
        (struct panel_size){tall > LIST_ROWS ? tall : LIST_ROWS, (wide > 30 ? 30 : wide) + 1 + LIST_COLS, 4};
    return 1;
}

static void title_text(const struct view *v, char *text, int size)
{
    int stage = stage_of(v->filtering);
    if (stage < 0)
        return;
    const struct chain_stage *s = &v->filtering->seen.stage[stage];
    snprintf(text, (size_t)size, "template  %dx%d from (%d,%d)  %s", (int)s->value[2], (int)s->value[3],
             (int)s->value[0], (int)s->value[1], s->value[4] > 0 ? "plain" : "normalised");
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct filtering *f = v->filtering;
    int stage = stage_of(f), rows = c->clip.rows, cols = c->clip.cols;
    if (stage < 0 || !f->piece.data) {
        draw_note(c, "no template: t in the picture cuts one out, from corner to corner");
        return;
    }
    const struct chain_result *r = &f->seen.result[stage + 1];
    struct tiles t = tile_of(f);
    int wide = cols > LIST_COLS ? cols - LIST_COLS - 1 : cols / 2, zoom = heat_zoom(t.h, t.w, rows, wide, 8);
    struct canvas picture = canvas_part(c, (struct rect){0, 0, rows, wide});
    if (heat_cols(t.w, zoom) < wide)
        wide = heat_cols(t.w, zoom);
    pictures_draw(v, &t, &picture);
    struct canvas list = canvas_part(c, (struct rect){0, wide + 1, rows, cols - wide - 1});
    canvas_format(&list, 0, 0, ROLE_FAINT, "peaks from %.3g of the highest", f->seen.stage[stage].value[5]);
    for (int k = 0; k < r->peaks && k + 1 < rows; k++)
        canvas_format(&list, k + 1, 0, ROLE_TEXT, "%2d  %8.4g at (%d,%d)", k + 1, (double)r->peak[k].score,
                      r->peak[k].row, r->peak[k].col);
}

static void numbers(const struct view *v, struct text *out)
{
    int stage = stage_of(v->filtering);
    if (stage < 0)
        return;
    const struct chain_result *r = &v->filtering->seen.result[stage + 1];
    text_add(out, "peak,row,column,score\n");
    for (int k = 0; k < r->peaks; k++)
        text_format(out, "%d,%d,%d,%.9g\n", k + 1, r->peak[k].row, r->peak[k].col, (double)r->peak[k].score);
}

const struct panel_type panel_template = {
    .name = "template",
    .title = "template",
    .help = "the piece that was cut out of the picture, and where it was found again, best first",
    .lecture = "L31, L34",
    .sizes = sizes,
    .title_text = title_text,
    .draw = draw,
    .numbers = numbers,
};
