/** How the unit answers to all images: a histogram of its activation, that of its favourite class, and how often it is exactly 0. Lecture L55. */
#include <stdio.h>

#include "tui/panels/panels.h"
#include "tui/widgets/plot.h"

enum { NAME = 96, LINE = 96, ROWS = 8, COLS = 34, CORNERS = 2 * SURVEY_BINS + 2 };

static const struct survey_result *result_of(const struct view *v)
{
    return v->neuron && neuron_found(v->neuron) ? v->neuron->found : NULL;
}

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    static const struct panel_size some[] = {
        {ROWS, COLS, 0.7f}, {ROWS + 4, COLS, 1}, {ROWS + 4, COLS + 16, 2}, {ROWS + 10, 2 * COLS, 3}};
    (void)s;
    return sizes_listed(v->neuron, some, ARRAY_LEN(some), out);
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct survey_result *r = result_of(v);
    char name[NAME], of[32] = "";
    if (!r)
        return;
    asked_text(v, name, sizeof name);
    if (r->seen < r->total)
        snprintf(of, sizeof of, "/%d", r->total);
    snprintf(text, (size_t)size, "histogram %s  of %d%s images", name, r->seen, of);
}

/* Stairs; without those that are exactly 0, which would tower above all others. */
static int corners_of(const struct survey_result *r, const long *count, long zeros, struct plot_point *out)
{
    double wide = ((double)r->high - (double)r->low) / SURVEY_BINS;
    int zero = survey_bin(0, r->low, r->high), n = 0;
    for (int i = 0; i < SURVEY_BINS; i++) {
        float y = (float)(count[i] - (i == zero ? zeros : 0));
        out[n++] = (struct plot_point){(double)r->low + i * wide, y};
        out[n++] = (struct plot_point){(double)r->low + (i + 1) * wide, y};
    }
    return n;
}

static void draw_plot(const struct view *v, const struct survey_result *r, struct canvas *c)
{
    static struct plot_point all[CORNERS], own[CORNERS];
    char number[16], class_name[64];
    snprintf(class_name, sizeof class_name, "class %s", class_text(v, r->favourite, number));
    struct plot p = {.series = {{.point = all,
                                 .count = corners_of(r, r->histogram, r->zeros, all),
                                 .line = LINE_TRAIN_LOSS,
                                 .name = "all"},
                                {.point = own,
                                 .count = corners_of(r, r->favoured, r->favoured_zeros, own),
                                 .line = LINE_TRAIN_ACCURACY,
                                 .name = class_name}},
                     .count = r->favourite >= 0 ? 2 : 1,
                     .x_low = (double)r->low,
                     .x_high = (double)r->high,
                     .x_name = "activation",
                     .mark = r->found > 0 ? (double)r->top[r->found - 1].value : 0};
    plot_draw(c, &p);
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct survey_result *r = result_of(v);
    if (!r) {
        draw_note(c, "looking through the images");
        return;
    }
    if (r->zeros == r->seen) {
        draw_note(c,
                  "The unit is dead: it is exactly 0 for all images. A ReLU that is never on has no gradient "
                  "either; b looks before it.");
        return;
    }
    char text[LINE];
    if (r->zeros > 0)
        snprintf(text, sizeof text, "exactly 0: %.1f %% (%ld)  not drawn  line: the ninth of the top",
                 100.0 * (double)r->zeros / r->seen, r->zeros);
    else
        snprintf(text, sizeof text, "never 0  line: the ninth of the top");
    parts_fit(text, c->clip.cols);
    canvas_text(c, 0, 0, ROLE_TEXT, text);
    struct canvas rest = canvas_part(c, (struct rect){1, 0, c->clip.rows - 1, c->clip.cols});
    if (c->clip.rows > 1 && r->high > r->low)
        draw_plot(v, r, &rest);
}

static void numbers(const struct view *v, struct text *out)
{
    const struct survey_result *r = result_of(v);
    if (!r)
        return;
    text_add(out, "from,to,images,of_favourite_class\n");
    for (int i = 0; i < SURVEY_BINS; i++) {
        double wide = ((double)r->high - (double)r->low) / SURVEY_BINS;
        text_format(out, "%.9g,%.9g,%ld,%ld\n", (double)r->low + i * wide, (double)r->low + (i + 1) * wide,
                    r->histogram[i], r->favoured[i]);
    }
}

const struct panel_type panel_histogram = {
    .name = "histogram",
    .title = "histogram",
    .help = "how strongly the unit answers to all images, and to those of its favourite class; right of the "
            "line are "
            "its top nine",
    .lecture = "L55",
    .sizes = sizes,
    .title_text = title_text,
    .draw = draw,
    .numbers = numbers,
};
