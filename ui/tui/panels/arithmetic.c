/** The arithmetic of sizes of what the step lab steps, worked out, and what sharing weights saves. Lecture L20, L22, L24, L46 to L49. */
#include <stdio.h>
#include <string.h>

#include "filter/correlate.h"
#include "tui/panels/step_grids.h"

enum { LINE = 160, FEW = 3, INDENT = 2 };

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

/* A line in as many rows as it takes, broken at blanks. @return the next row */
static int draw_line(struct canvas *c, int row, const char *line)
{
    int indent = 0;
    for (; *line && row < c->clip.rows; row++, indent = INDENT) {
        char part[LINE];
        int room = c->clip.cols - indent, length = (int)strlen(line);
        snprintf(part, sizeof part, "%s", line);
        while (text_columns(part) > room && length > 0) {
            while (length > 0 && part[length - 1] != ' ')
                length--;
            part[length > 0 ? --length : 0] = 0;
        }
        if (length <= 0) { /* one word that is wider than that */
            canvas_text_width(c, row, indent, room, ROLE_TEXT, line);
            return row + 1;
        }
        canvas_text(c, row, indent, ROLE_TEXT, part);
        line += length + (line[length] == ' ');
    }
    return row;
}

static void draw(const struct view *v, struct canvas *c)
{
    char line[LINE];
    int row = 0;
    if (!v->stepping)
        return;
    for (const char *at = text_str(&v->stepping->arithmetic[!c->style->utf8]); *at && row < c->clip.rows;) {
        int length = (int)strcspn(at, "\n");
        snprintf(line, sizeof line, "%.*s", length, at);
        row = draw_line(c, row, line);
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
