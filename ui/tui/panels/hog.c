/**
 * Histograms of oriented gradients of the sample, as rods; and how well a linear classifier on them does, beside the network on the same test images. Lecture L44.
 */
#include <stdio.h>

#include "tui/panels/panels.h"
#include "tui/scenery.h"
#include "tui/widgets/bars.h"

enum { LINES = 6, GAP = 2 };

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    static const struct panel_size offered[] = {{18, 60, 0.8f}, {22, 70, 1}, {32, 90, 2}, {44, 110, 3}};
    (void)s;
    return sizes_listed(v->scenery, offered, ARRAY_LEN(offered), out);
}

/* The sample, whose rods are drawn. */
static int ask(const struct view *v, struct question *out, int room)
{
    if (room < 1)
        return 0;
    out[0] = view_question(v, "input", 0);
    return 1;
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct scenery *s = v->scenery;
    if (!s || s->cell <= 0)
        return;
    struct hog hog = scenery_hog(s);
    snprintf(text, (size_t)size, "hog  %d x %d cells of %d pixels, %d directions  %d features",
             hog.rows / hog.cell, hog.cols / hog.cell, hog.cell, hog.bins, hog_features(&hog));
}

/* The sample as it is, and its rods, as large as they fit. */
static void draw_rods(const struct scenery *s, struct canvas *c)
{
    struct shape shape = s->data->shape;
    struct hog hog = scenery_hog(s);
    int rows = c->clip.rows, cols = c->clip.cols, down = hog.rows / hog.cell, across = hog.cols / hog.cell,
        k = 0;
    bool colour = shape.c == 3;
    struct heat sample = {.v = colour ? s->sample : s->grey,
                          .h = shape.h,
                          .w = shape.w,
                          .map = colour ? MAP_COLOUR : MAP_GREY,
                          .range = 1};
    sample.zoom = heat_zoom(shape.h, shape.w, rows, (cols - GAP) / 2, 8);
    int left = heat_cols(shape.w, sample.zoom) + GAP;
    for (int try = 1; try < ROD_SIDES; try++)
        if (heat_rows(down * rod_sides[try], 1) <= rows &&
            heat_cols(across * rod_sides[try], 1) <= cols - left)
            k = try;
    struct heat rods = {
        .v = s->rods[k], .h = down * rod_sides[k], .w = across * rod_sides[k], .map = MAP_HEAT, .range = 1};
    rods.zoom = heat_zoom(rods.h, rods.w, rows, cols - left, 2);
    heat_draw(c, 0, 0, rows, left - GAP, &sample);
    heat_draw(c, 0, left, rows, cols - left, &rods);
}

static const char *doing(const struct handmade_result *r, char *text, size_t size)
{
    switch (r->stage) {
    case HANDMADE_READS:
        snprintf(text, size, "histograms of training images: %d of %d", r->done, r->total);
        return text;
    case HANDMADE_SOLVES:
        return "solving for the weights";
    case HANDMADE_TESTS:
        snprintf(text, size, "test images: %d of %d", r->done, r->total);
        return text;
    case HANDMADE_FAILED:
        return r->diag.text;
    case HANDMADE_DONE:
    case HANDMADE_NONE:
        break;
    }
    return "beginning";
}

/* How much is known: of the fit nothing before its end, of the network from the first images on. */
static void draw_bars(const struct view *v, struct canvas *c, bool fitted, bool examined)
{
    const struct scenery *s = v->scenery;
    char name[64];
    struct bar bar[2];
    int count = 0, best = 0;
    snprintf(name, sizeof name, "network %s", v->model);
    if (fitted)
        bar[count++] =
            (struct bar){.name = "HOG, linear", .value = (float)s->fitted->right / (float)s->fitted->tested};
    if (examined)
        bar[count++] = (struct bar){.name = name, .value = (float)s->exam.right / (float)s->exam.seen};
    for (int k = 0; k < count; k++)
        best = bar[k].value > bar[best].value ? k : best;
    if (count == 2 && s->exam.seen == s->exam.total && s->fitted->right != s->exam.right)
        bar[best].chosen = true;
    struct canvas part = canvas_part(c, (struct rect){2 - count, 0, count, c->clip.cols});
    bars_draw(&part, bar, count);
}

static void draw_results(const struct view *v, struct canvas *c)
{
    const struct scenery *s = v->scenery;
    const struct handmade_result *r = s->fitted;
    const struct exam_result *e = &s->exam;
    bool fitted = scenery_fitted(s) && r->stage == HANDMADE_DONE, examined = e->seen > 0;
    char text[120];
    draw_bars(v, c, fitted, examined);
    if (fitted)
        canvas_format(c, 2, 0, ROLE_TEXT, "HOG: %d of %d test images right, fitted on %d training images",
                      r->right, r->tested, r->trained);
    else
        canvas_format(c, 2, 0, ROLE_TEXT, "HOG: %s",
                      r && r->serial == s->fit ? doing(r, text, sizeof text) : "beginning");
    if (!examined)
        canvas_text(c, 3, 0, ROLE_TEXT, "network: looking at its first test images");
    else if (e->seen < e->total)
        canvas_format(c, 3, 0, ROLE_TEXT, "network, step %ld: %d of %d right so far, of %d", e->step,
                      e->right, e->seen, e->total);
    else
        canvas_format(c, 3, 0, ROLE_TEXT, "network, step %ld: %d of the same %d right", e->step, e->right,
                      e->total);
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct scenery *s = v->scenery;
    int rows = c->clip.rows;
    if (!s || s->cell <= 0) {
        draw_note(c, s ? "these images are too small for histograms of gradients"
                       : "histograms of oriented gradients: in the filter lab");
        return;
    }
    int above = rows > LINES + 3 ? rows - LINES : 0;
    struct canvas pictures = canvas_part(c, (struct rect){0, 0, above, c->clip.cols});
    struct canvas results =
        canvas_part(c, (struct rect){above ? above + 1 : 0, 0, rows - above, c->clip.cols});
    if (above)
        draw_rods(s, &pictures);
    if (s->data->count[SPLIT_TRAIN] < 1 || s->data->count[SPLIT_TEST] < 1)
        draw_note(&results, "without training and test images nothing can be compared");
    else
        draw_results(v, &results);
}

static void numbers(const struct view *v, struct text *out)
{
    const struct scenery *s = v->scenery;
    if (!s || s->cell <= 0)
        return;
    struct hog hog = scenery_hog(s);
    text_add(out, "cell_row,cell_col,degrees,votes\n");
    for (int i = 0; i < hog_cells(&hog); i++)
        text_format(out, "%d,%d,%g,%.9g\n", i / hog.bins / (hog.cols / hog.cell),
                    i / hog.bins % (hog.cols / hog.cell), 180.0 * (i % hog.bins) / hog.bins,
                    (double)s->votes[i]);
}

const struct panel_type panel_hog = {
    .name = "hog",
    .title = "hog",
    .help = "histograms of oriented gradients of the sample, and the accuracy of a linear classifier on them "
            "beside that "
            "of the network",
    .lecture = "L44",
    .sizes = sizes,
    .ask = ask,
    .title_text = title_text,
    .draw = draw,
    .numbers = numbers,
};
