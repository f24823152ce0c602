#include "tui/widgets/legend.h"

#include <math.h>
#include <stdio.h>

enum { STRIP = 9 /* columns that a strip needs to be one */, MOST = 48 };

static void draw_strip(struct canvas *c, int row, int col, int cols, enum map map)
{
    for (int k = 0; k < cols; k++) {
        float share = cols > 1 ? (float)k / (float)(cols - 1) : 1;
        int level = style_shown(c->style, map, map == MAP_SIGNED ? 2 * share - 1 : share, 1);
        canvas_pixels(c, row, col + k, map, level, level);
    }
}

void legend_draw(struct canvas *c, int row, int col, int cols, const struct legend *l)
{
    char low[48], high[48];
    bool both = l->map == MAP_SIGNED;
    double range = isfinite(l->range) ? (double)l->range : 0;
    if (cols < 1)
        return;
    if (l->map == MAP_COLOUR) {
        canvas_text_width(c, row, col, cols, ROLE_FAINT, "red, green, blue 0..1");
        return;
    }
    snprintf(low, sizeof low, both ? "-%.3g" : "0", range);
    snprintf(high, sizeof high, both ? "+%.3g%s%s" : "%.3g%s%s", range, l->unit ? " " : "",
             l->unit ? l->unit : "");
    int before = text_columns(low) + 1, behind = text_columns(high) + 1, strip = cols - before - behind;
    if (strip < STRIP) { /* the numbers first */
        char text[112];
        snprintf(text, sizeof text, "%s..%s", low, high);
        canvas_text_width(c, row, col, cols, ROLE_FAINT, text);
        return;
    }
    strip = strip < MOST ? strip : MOST;
    strip -= both && strip % 2 == 0; /* a middle for the zero */
    canvas_text(c, row, col, ROLE_FAINT, low);
    draw_strip(c, row, col + before, strip, l->map);
    if (both && c->style->rung >= RUNG_256)
        canvas_text_level(c, row, col + before + strip / 2, l->map, LEVEL_ZERO, "0");
    else if (both)
        canvas_text(c, row, col + before + strip / 2, ROLE_TEXT, "0");
    canvas_text(c, row, col + before + strip + 1, ROLE_FAINT, high);
}
