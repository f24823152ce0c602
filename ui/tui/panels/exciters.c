/**
 * The images that a unit answers to most, and least: what it sees of each is bright, and where there isn't room for them all, that is all that is shown of each; below, class and
 * activation. Lecture L55.
 */
#include <stdio.h>
#include <string.h>

#include "tui/panels/panels.h"

enum { LABEL_COLS = 11, LABEL = 64, CROPS_MOST = 6, NAME = 96 };

/* Is there a class whose name leaves no room for a number beside it? Then that has a row of its own. */
static bool long_names(const struct view *v)
{
    for (int k = 0; k < v->data->classes; k++)
        if (text_columns(v->data->class_name[k]) > LABEL_COLS / 3)
            return true;
    return false;
}

/* Without pictures where they have neither one channel nor three. */
static struct tiles tiles_of(const struct view *v, const struct neuron_list *l)
{
    struct shape in = v->net->in;
    bool colour = in.c == 3;
    return (struct tiles){.n = SURVEY_KEPT,
                          .h = in.h,
                          .w = in.w,
                          .map = colour ? MAP_COLOUR : MAP_GREY,
                          .range = 1,
                          .v = l->count > 0 && (colour || in.c == 1) ? l->picture : NULL,
                          .keep = l->field,
                          .label_rows = long_names(v) ? 2 : 1,
                          .label_cols = LABEL_COLS,
                          .mark = -1};
}

/* Only what the unit sees of each. */
static struct tiles crops_of(const struct view *v, const struct neuron_list *l)
{
    struct tiles t = tiles_of(v, l);
    t.v = t.v ? l->crop : NULL;
    t.keep = NULL;
    t.h = l->crop_h;
    t.w = l->crop_w;
    return t;
}

/* Whole images, but crops where more of them fit. */
static struct tiles fitting(const struct view *v, const struct neuron_list *l, int rows, int cols)
{
    struct tiles whole = tiles_of(v, l), crops = crops_of(v, l);
    bool smaller = l->count > 0 && (crops.h < whole.h || crops.w < whole.w);
    return smaller && tiles_fit(&crops, rows, cols).shown > tiles_fit(&whole, rows, cols).shown ? crops
                                                                                                : whole;
}

/* Until there are crops their size isn't known: a third of the image is about right. */
static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    struct panel_size some[PANEL_SIZES];
    struct shape in = v->net->in;
    (void)s;
    if (!v->neuron)
        return 0;
    struct tiles whole = tiles_of(v, &v->neuron->top), crops = whole;
    crops.h = (in.h + 2) / 3;
    crops.w = (in.w + 2) / 3;
    crops.most = 1;
    int count = 0, n = pictures_sizes(v, &crops, some);
    for (int i = 0; i < n && count < CROPS_MOST; i++)
        if (some[i].grade >= 1) {
            out[count] = some[i];
            out[count++].grade = 0.5f;
        }
    n = pictures_sizes(v, &whole, some);
    for (int i = 0; i < n && count < PANEL_SIZES; i++)
        out[count++] = some[i];
    return count;
}

/* "9 5x, 0 4x": the most frequent first. */
static int write_classes(const struct view *v, const struct neuron_list *l, char *text, int size)
{
    int used = 0;
    bool told[SURVEY_KEPT] = {false};
    for (int most = l->count; most > 0; most--)
        for (int i = 0; i < l->count && used < size; i++) {
            int same = 0;
            for (int j = 0; j < l->count; j++)
                same += l->item[j].label == l->item[i].label;
            if (same != most || told[i])
                continue;
            char number[16];
            for (int j = 0; j < l->count; j++)
                told[j] |= l->item[j].label == l->item[i].label;
            used += snprintf(text + used, (size_t)(size - used), "%s%s %dx", used > 0 ? ", " : "",
                             class_text(v, l->item[i].label, number), same);
        }
    return used;
}

static void title(const struct view *v, const struct neuron_list *l, const char *what, char *text, int size)
{
    const struct neuron *n = v->neuron;
    if (!n || n->unit.layer < 0)
        return;
    char classes[128], name[NAME], of[32] = "";
    asked_text(v, name, sizeof name);
    int used = snprintf(text, (size_t)size, "%s %s", what, name);
    if (!neuron_found(n) || used >= size)
        return;
    write_classes(v, l, classes, sizeof classes);
    if (n->found->seen < n->found->total)
        snprintf(of, sizeof of, "/%d", n->found->total);
    snprintf(text + used, (size_t)(size - used), "  of %d%s  purity %.0f %%  %s", n->found->seen, of,
             100 * exciters_purity(l->item, l->count), classes);
}

static void draw(const struct view *v, const struct panel_type *type, const struct neuron_list *l,
                 struct canvas *c)
{
    const struct place *cursor = panel_cursor(v, type);
    const struct neuron *n = v->neuron;
    if (!n)
        return;
    if (!neuron_found(n)) {
        draw_note(c, "looking through the images");
        return;
    }
    char text[SURVEY_KEPT][LABEL], number[16];
    const char *label[2 * SURVEY_KEPT];
    struct tiles t = fitting(v, l, c->clip.rows, c->clip.cols);
    for (int i = 0; i < l->count; i++) {
        const char *name = class_text(v, l->item[i].label, number);
        if (t.label_rows > 1) { /* data sets have names as long as they live */
            snprintf(text[i], LABEL, "%.3g", (double)l->item[i].value);
            label[2 * i] = text[i];
            label[2 * i + 1] = l->item[i].label < v->data->classes && l->item[i].label >= 0 ? name : "";
        } else {
            snprintf(text[i], LABEL, "%s %.3g", name, (double)l->item[i].value);
            label[i] = text[i];
        }
    }
    t.n = l->count;
    t.label = label;
    t.mark = cursor ? cursor->tile : -1;
    if (t.n > 0 && t.v)
        pictures_draw(v, &t, c);
    for (int i = 0; i < l->count && !t.v; i++)
        canvas_format(c, i, 0, cursor && cursor->tile == i ? ROLE_CURSOR : ROLE_TEXT, "%d  %.3g  %s",
                      l->item[i].index, (double)l->item[i].value, class_text(v, l->item[i].label, number));
}

/* ---- pointing: at one of the images ---- */

static bool move(const struct view *v, const struct neuron_list *l, int rows, int cols, struct place *at,
                 int down, int right)
{
    struct tiles t = fitting(v, l, rows, cols);
    t.n = l->count;
    return pictures_step(v, &t, rows, cols, at, down, right);
}

static bool hit(const struct view *v, const struct neuron_list *l, int rows, int cols, int row, int col,
                struct place *at)
{
    struct tiles t = fitting(v, l, rows, cols);
    t.n = l->count;
    return pictures_hit_one(v, &t, rows, cols, row, col, at);
}

static bool spot(const struct view *v, struct place at, struct spot *out)
{
    *out = (struct spot){.kind = SPOT_OTHER, .c = at.tile};
    return v->neuron && neuron_found(v->neuron) && at.tile < v->neuron->top.count;
}

/* "the most of all: image 812, a 9: 6.84 at (3,12), which sees rows 3-7, columns 12-16  Enter looks at it" */
static void explain(const struct view *v, const struct neuron_list *l, const char *what, struct place at,
                    char *text, int size)
{
    const struct neuron *n = v->neuron;
    char number[16];
    if (!n || !neuron_found(n) || at.tile >= l->count)
        return;
    const struct exciter *e = &l->item[at.tile];
    struct box b = receptive_field(n->net, (struct unit){n->unit.layer, n->unit.channel, e->row, e->col});
    int used = snprintf(text, (size_t)size, "%s %d: image %d, class %s: %.4g", what, at.tile + 1, e->index,
                        class_text(v, e->label, number), (double)e->value);
    if (used < size && (b.bottom - b.top < n->net->in.h || b.right - b.left < n->net->in.w))
        used += snprintf(text + used, (size_t)(size - used), " at (%d,%d)  sees rows %d-%d, columns %d-%d",
                         e->row, e->col, b.top, b.bottom - 1, b.left, b.right - 1);
    if (used < size)
        snprintf(text + used, (size_t)(size - used), "  Enter: the sample");
}

static bool press(const struct view *v, const struct neuron_list *l, struct place at, bool click, char *line,
                  int size)
{
    if (click || !v->neuron || !neuron_found(v->neuron) || at.tile >= l->count)
        return false;
    const char *split = v->neuron->found->split == SPLIT_TEST ? "test" : "train";
    if (v->split == v->neuron->found->split)
        snprintf(line, (size_t)size, "sample %d", l->item[at.tile].index);
    else
        snprintf(line, (size_t)size, "split %s; sample %d", split, l->item[at.tile].index);
    return true;
}

/* ---- the two of them ---- */

#define EXCITERS(which)                                                                                      \
    static void which##_title(const struct view *v, char *text, int size)                                    \
    {                                                                                                        \
        if (v->neuron)                                                                                       \
            title(v, &v->neuron->which, #which, text, size);                                                 \
    }                                                                                                        \
    static void which##_draw(const struct view *v, struct canvas *c)                                         \
    {                                                                                                        \
        if (v->neuron)                                                                                       \
            draw(v, &panel_##which, &v->neuron->which, c);                                                   \
    }                                                                                                        \
    static bool which##_move(const struct view *v, int rows, int cols, struct place *at, int down,           \
                             int right)                                                                      \
    {                                                                                                        \
        return v->neuron && move(v, &v->neuron->which, rows, cols, at, down, right);                         \
    }                                                                                                        \
    static bool which##_hit(const struct view *v, int rows, int cols, int row, int col, struct place *at)    \
    {                                                                                                        \
        return v->neuron && hit(v, &v->neuron->which, rows, cols, row, col, at);                             \
    }                                                                                                        \
    static void which##_explain(const struct view *v, struct place at, char *text, int size)                 \
    {                                                                                                        \
        if (v->neuron)                                                                                       \
            explain(v, &v->neuron->which, #which, at, text, size);                                           \
    }                                                                                                        \
    static bool which##_press(const struct view *v, struct place at, bool click, char *line, int size)       \
    {                                                                                                        \
        return v->neuron && press(v, &v->neuron->which, at, click, line, size);                              \
    }

EXCITERS(top)
EXCITERS(bottom)

const struct panel_type panel_top = {
    .name = "top",
    .title = "top nine",
    .help =
        "the images that the unit answers to most, what it sees of each bright, with class and activation",
    .lecture = "L55, L57",
    .sizes = sizes,
    .title_text = top_title,
    .draw = top_draw,
    .move = top_move,
    .hit = top_hit,
    .spot = spot,
    .explain = top_explain,
    .press = top_press,
};

const struct panel_type panel_bottom = {
    .name = "bottom",
    .title = "bottom nine",
    .help = "the images that the unit answers to least, likewise",
    .lecture = "L55",
    .sizes = sizes,
    .title_text = bottom_title,
    .draw = bottom_draw,
    .move = bottom_move,
    .hit = bottom_hit,
    .spot = spot,
    .explain = bottom_explain,
    .press = bottom_press,
};
