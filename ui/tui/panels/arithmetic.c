/** The arithmetic of sizes of what the step lab steps, worked out, and what sharing weights saves. Lecture L20, L22, L24, L46 to L49. */
#include <stdio.h>
#include <string.h>

#include "filter/correlate.h"
#include "tui/panels/step_grids.h"

enum { LINE = 160, FEW = 3 };

static void measure(const struct stepping *s, int *rows, int *cols)
{
    *rows = *cols = 0;
    for (const char *at = text_str(&s->arithmetic[1]); *at; (*rows)++) {
        int length = (int)strcspn(at, "\n");
        *cols = length > *cols ? length : *cols;
        at += length + (at[length] == '\n');
    }
}

static int sizes(const struct view *v, const struct style *style, struct panel_size *out)
{
    int rows, cols, count = 0;
    (void)style;
    if (!v->stepping)
        return 0;
    measure(v->stepping, &rows, &cols);
    if (rows > FEW)
        out[count++] = (struct panel_size){FEW, cols, 0.5f};
    out[count++] = (struct panel_size){rows, cols, 1};
    return count;
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct stepping *s = v->stepping;
    if (!s || s->source.operation != STEP_CORRELATE)
        return;
    const struct trace_options *o = &s->trace.options;
    char padding[24];
    snprintf(padding, sizeof padding, "%d", o->pad[2]);
    snprintf(text, (size_t)size, "sizes  padding %s  stride %d  dilation %d",
             o->padded ? padding : correlate_mode_names[o->mode], o->stride[2], o->dilation[2]);
}

static void draw(const struct view *v, struct canvas *c)
{
    char line[LINE];
    if (!v->stepping)
        return;
    const char *at = text_str(&v->stepping->arithmetic[!c->style->utf8]);
    for (int row = 0; *at && row < c->clip.rows; row++) {
        int length = (int)strcspn(at, "\n");
        snprintf(line, sizeof line, "%.*s", length, at);
        canvas_text_width(c, row, 0, c->clip.cols, ROLE_TEXT, line);
        at += length + (at[length] == '\n');
    }
}

const struct panel_type panel_arithmetic = {
    .name = "arithmetic",
    .title = "sizes",
    .help = "the sizes in the step lab worked out, and how many weights there would be without sharing them",
    .lecture = "L20, L22, L24, L46 to L49",
    .sizes = sizes,
    .ask = step_ask,
    .title_text = title_text,
    .draw = draw,
};
