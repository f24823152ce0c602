#include "tui/widgets/bars.h"

#include <math.h>

enum { NUMBER = 8 /* " 100.0 %" */ };

/* A bar of eighths of a column where the terminal has the glyphs. */
static void draw_bar(struct canvas *c, int row, int col, int width, enum role role, float value)
{
    if (width < 1 || !(value > 0))
        return;
    int eighths = (int)lrintf((value < 1 ? value : 1.0f) * (float)width * 8), full = eighths / 8;
    for (int k = 0; k < full; k++)
        canvas_put(c, row, col + k, role, c->style->utf8 ? 0x2588 : '#');
    if (c->style->utf8 && eighths % 8)
        canvas_put(c, row, col + full, role, 0x2590u - (uint32_t)(eighths % 8));
}

void bars_draw(struct canvas *c, const struct bar *bar, int count)
{
    int names = 1, cols = c->clip.cols;
    for (int k = 0; k < count; k++) {
        int columns = text_columns(bar[k].name);
        names = columns > names ? columns : names;
    }
    if (names > cols / 3)
        names = cols / 3 > 1 ? cols / 3 : 1;
    for (int k = 0; k < count && k < c->clip.rows; k++) {
        enum role role = bar[k].marked ? ROLE_BAR_TRUE : ROLE_BAR;
        enum role words = bar[k].pointed ? ROLE_CURSOR : bar[k].chosen ? ROLE_STRONG : ROLE_TEXT;
        canvas_text(c, k, 0, bar[k].pointed ? ROLE_CURSOR : role,
                    bar[k].marked    ? (c->style->utf8 ? "\u2713" : "*")
                    : bar[k].pointed ? ">"
                                     : " ");
        canvas_text_width(c, k, 1, names, words, bar[k].name);
        draw_bar(c, k, names + 2, cols - names - 2 - NUMBER, role, bar[k].value);
        if (cols > names + 2 + NUMBER)
            canvas_format(c, k, cols - NUMBER + 1, bar[k].chosen ? ROLE_STRONG : ROLE_TEXT, "%5.1f %%",
                          100 * (double)bar[k].value);
    }
}
