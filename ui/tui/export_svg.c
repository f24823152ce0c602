#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tui/block.h"
#include "tui/export.h"
#include "tui/glyph.h"
#include "tui/utf8.h"

enum { WIDE = 10, TALL = 20, BASELINE = 15 };

/* So that a letter of the usual monospaced fonts, 0.602 of their size wide, is as wide as a cell also where textLength isn't heeded. */
static const double letters = WIDE / 0.602;

static uint32_t mixed(uint32_t a, uint32_t b)
{
    return (a >> 1 & 0x7f7f7f) + (b >> 1 & 0x7f7f7f);
}

struct export_look export_look(const struct glyphs *g, const struct cell *cell)
{
    struct glyph drawn = glyph_of(g, cell);
    struct export_look out = {drawn.ch, drawn.look.fg < 0 ? EXPORT_INK : (uint32_t)drawn.look.fg,
                              drawn.look.bg < 0 ? EXPORT_PAPER : (uint32_t)drawn.look.bg,
                              drawn.look.attrs & LOOK_BOLD, drawn.look.attrs & LOOK_UNDERLINE};
    if (drawn.look.attrs & LOOK_REVERSE) {
        uint32_t ink = out.ink;
        out.ink = out.paper;
        out.paper = ink;
    }
    if (drawn.look.attrs & LOOK_DIM)
        out.ink = mixed(out.ink, out.paper);
    return out;
}

struct style export_style(const struct style *s)
{
    struct style style = *s;
    style.rung = RUNG_DIRECT;
    style.utf8 = true;
    return style;
}

static bool is_letter(const struct export_look *look)
{
    struct block b;
    return look->ch > ' ' && !block_of(look->ch, &b);
}

/* In units of a sixteenth of a cell's width; twice as many make its height. */
static void add_rect(struct text *t, int x, int y, int w, int h, uint32_t colour, int ink)
{
    const double unit = (double)WIDE / BLOCK_COLS;
    text_format(t, "<rect x=\"%.5g\" y=\"%.5g\" width=\"%.5g\" height=\"%.5g\" fill=\"#%06x\"", x * unit,
                y * unit, w * unit, h * unit, colour);
    if (ink < 4)
        text_format(t, " fill-opacity=\"%.2f\"", 0.25 * ink);
    text_add(t, "/>\n");
}

static void add_paper(struct text *t, const struct export_look *look, int row, int cols)
{
    for (int col = 0, end; col < cols; col = end) {
        for (end = col + 1; end < cols && look[end].paper == look[col].paper; end++)
            ;
        if (look[col].paper != EXPORT_PAPER)
            add_rect(t, col * BLOCK_COLS, row * BLOCK_ROWS, (end - col) * BLOCK_COLS, BLOCK_ROWS,
                     look[col].paper, 4);
    }
}

/* Neighbours that are the same and reach from side to side are one. */
static void add_blocks(struct text *t, const struct export_look *look, int row, int cols)
{
    for (int col = 0, end; col < cols; col = end) {
        struct block b;
        end = col + 1;
        if (!block_of(look[col].ch, &b))
            continue;
        if (b.count == 1 && b.rect[0].w == BLOCK_COLS)
            while (end < cols && look[end].ch == look[col].ch && look[end].ink == look[col].ink)
                end++;
        for (int i = 0; i < b.count; i++)
            add_rect(t, col * BLOCK_COLS + b.rect[i].x, row * BLOCK_ROWS + b.rect[i].y,
                     (end - col - 1) * BLOCK_COLS + b.rect[i].w, b.rect[i].h, look[col].ink, b.ink);
    }
}

static void add_letter(struct text *t, uint32_t ch)
{
    char bytes[UTF8_MAX];
    switch (ch) {
    case '&':
        text_add(t, "&amp;");
        break;
    case '<':
        text_add(t, "&lt;");
        break;
    case '>':
        text_add(t, "&gt;");
        break;
    default:
        text_add_n(t, bytes, (size_t)utf8_write(ch, bytes));
    }
}

static bool same_letters(const struct export_look *a, const struct export_look *b)
{
    return b->ch == 0 || b->ch == ' ' ||
           (is_letter(b) && a->ink == b->ink && a->bold == b->bold && a->underline == b->underline);
}

/* Words in one look, a blank between them; textLength holds them to the cells, whatever the font. */
static void add_letters(struct text *t, const struct export_look *look, int row, int cols)
{
    for (int col = 0, end; col < cols; col = end) {
        end = col + 1;
        if (!is_letter(&look[col]))
            continue;
        while (end < cols && same_letters(&look[col], &look[end]) &&
               (look[end].ch != ' ' || look[end - 1].ch != ' '))
            end++;
        int last = end;
        while (look[last - 1].ch == ' ')
            last--;
        text_format(t, "<text x=\"%d\" y=\"%d\" textLength=\"%d\" fill=\"#%06x\"", col * WIDE,
                    row * TALL + BASELINE, (last - col) * WIDE, look[col].ink);
        text_add(t, look[col].bold ? " font-weight=\"bold\"" : "");
        text_add(t, look[col].underline ? " text-decoration=\"underline\">" : ">");
        for (int i = col; i < last; i++)
            if (look[i].ch) /* not the right half of a wide character */
                add_letter(t, look[i].ch);
        text_add(t, "</text>\n");
    }
}

static void add_row(struct text *t, const struct glyphs *glyphs, const struct cell *cell,
                    struct export_look *look, int row, int cols)
{
    for (int col = 0; col < cols; col++) {
        if (cell[col].ch)
            look[col] = export_look(glyphs, &cell[col]);
        else
            look[col] =
                (struct export_look){0, EXPORT_INK, col > 0 ? look[col - 1].paper : EXPORT_PAPER, 0, 0};
    }
    add_paper(t, look, row, cols);
    add_blocks(t, look, row, cols);
    add_letters(t, look, row, cols);
}

char *export_svg(const struct canvas *c)
{
    struct style style = export_style(c->style);
    struct text t = {0};
    struct glyphs *glyphs = malloc(sizeof *glyphs);
    struct export_look *look = calloc((size_t)c->clip.cols + 1, sizeof *look);
    if (!glyphs || !look)
        goto out;
    glyphs_init(glyphs, &style);
    text_format(&t,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
                "font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"%.4g\" "
                "shape-rendering=\"crispEdges\" xml:space=\"preserve\">\n"
                "<rect width=\"100%%\" height=\"100%%\" fill=\"#%06x\"/>\n",
                c->clip.cols * WIDE, c->clip.rows * TALL, c->clip.cols * WIDE, c->clip.rows * TALL, letters,
                EXPORT_PAPER);
    for (int row = 0; row < c->clip.rows; row++)
        add_row(&t, glyphs, &c->cell[(c->clip.row + row) * c->cols + c->clip.col], look, row, c->clip.cols);
    text_add(&t, "</svg>\n");
out:
    free(glyphs);
    free(look);
    return text_take(&t);
}
