/**
 * The images that a unit answers to most, and least: what it sees of each is bright, and where there isn't room for them all, that is all that is shown of each; below, class and
 * activation. Lecture L55.
 */
#include <stdio.h>
#include <string.h>

#include "tui/panels/panels.h"

enum { LABEL_COLS = 11, LABEL = 64, CROPS_MOST = 6 };

/* A picture of more channels than a screen has colours shows its first. */
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
                          .label_rows = 1,
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
    int used =
        snprintf(text, (size_t)size, "%s %s[%d]", what, n->net->layer[n->unit.layer].name, n->unit.channel);
    if (!neuron_found(n) || used >= size)
        return;
    char classes[128];
    write_classes(v, l, classes, sizeof classes);
    used += snprintf(text + used, (size_t)(size - used), "  of %d", n->found->seen);
    if (n->found->seen < n->found->total && used < size)
        used += snprintf(text + used, (size_t)(size - used), "/%d", n->found->total);
    if (used < size)
        snprintf(text + used, (size_t)(size - used), "  purity %.2f  %s", exciters_purity(l->item, l->count),
                 classes);
}

static void draw(const struct view *v, const struct neuron_list *l, struct canvas *c)
{
    const struct neuron *n = v->neuron;
    if (!n)
        return;
    if (!neuron_found(n)) {
        draw_note(c, "looking through the images");
        return;
    }
    char text[SURVEY_KEPT][LABEL], number[16];
    const char *label[SURVEY_KEPT];
    struct tiles t = fitting(v, l, c->clip.rows, c->clip.cols);
    for (int i = 0; i < l->count; i++) {
        snprintf(text[i], LABEL, "%s %.3g", class_text(v, l->item[i].label, number),
                 (double)l->item[i].value);
        label[i] = text[i];
    }
    t.n = l->count;
    t.label = label;
    if (t.n > 0)
        pictures_draw(v, &t, c);
}

static void top_title(const struct view *v, char *text, int size)
{
    if (v->neuron)
        title(v, &v->neuron->top, "top", text, size);
}

static void bottom_title(const struct view *v, char *text, int size)
{
    if (v->neuron)
        title(v, &v->neuron->bottom, "bottom", text, size);
}

static void draw_top(const struct view *v, struct canvas *c)
{
    if (v->neuron)
        draw(v, &v->neuron->top, c);
}

static void draw_bottom(const struct view *v, struct canvas *c)
{
    if (v->neuron)
        draw(v, &v->neuron->bottom, c);
}

const struct panel_type panel_top = {
    .name = "top",
    .title = "top nine",
    .help =
        "the images that the unit answers to most, what it sees of each bright, with class and activation",
    .lecture = "L55, L57",
    .sizes = sizes,
    .title_text = top_title,
    .draw = draw_top,
};

const struct panel_type panel_bottom = {
    .name = "bottom",
    .title = "bottom nine",
    .help = "the images that the unit answers to least, likewise",
    .lecture = "L55",
    .sizes = sizes,
    .title_text = bottom_title,
    .draw = draw_bottom,
};
