#include <stdlib.h>

#include "base/text.h"
#include "tui/export.h"
#include "tui/glyph.h"
#include "tui/utf8.h"

static bool same_look(const struct look *a, const struct look *b)
{
    return a->fg == b->fg && a->bg == b->bg && a->attrs == b->attrs;
}

static void add_colour(struct text *t, enum rung rung, int32_t colour, int base)
{
    if (colour < 0)
        return;
    if (rung == RUNG_DIRECT)
        text_format(t, ";%d;2;%d;%d;%d", base + 8, colour >> 16 & 255, colour >> 8 & 255, colour & 255);
    else if (rung == RUNG_256)
        text_format(t, ";%d;5;%d", base + 8, colour);
    else
        text_format(t, ";%d", base + colour);
}

/* Select Graphic Rendition (ECMA-48 8.3.117), always from the beginning: no line depends on what stands before it. */
static void add_look(struct text *t, enum rung rung, const struct look *look)
{
    static const struct {
        unsigned attr;
        const char *code;
    } attrs[] = {{LOOK_BOLD, ";1"}, {LOOK_DIM, ";2"}, {LOOK_UNDERLINE, ";4"}, {LOOK_REVERSE, ";7"}};
    text_add(t, "\033[0");
    for (int i = 0; i < ARRAY_LEN(attrs); i++)
        if (look->attrs & attrs[i].attr)
            text_add(t, attrs[i].code);
    add_colour(t, rung, look->fg, 30);
    add_colour(t, rung, look->bg, 40);
    text_add(t, "m");
}

/* A blank that nobody would see. */
static bool is_nothing(const struct glyph *g)
{
    return g->ch == ' ' && g->look.bg < 0 && !(g->look.attrs & (LOOK_REVERSE | LOOK_UNDERLINE));
}

static void add_row(struct text *t, const struct glyphs *glyphs, const struct cell *cell, int cols)
{
    const struct look plain = {-1, -1, 0};
    struct look now = plain;
    int end = cols;
    while (end > 0 && cell[end - 1].ch) {
        struct glyph g = glyph_of(glyphs, &cell[end - 1]);
        if (!is_nothing(&g))
            break;
        end--;
    }
    for (int col = 0; col < end; col++) {
        char bytes[UTF8_MAX];
        if (cell[col].ch == 0) /* written by its left half */
            continue;
        struct glyph g = glyph_of(glyphs, &cell[col]);
        if (g.ch == ' ') /* no ink: its colour makes no difference */
            g.look.fg = g.look.attrs & LOOK_REVERSE ? g.look.fg : now.fg;
        if (!same_look(&g.look, &now))
            add_look(t, glyphs->style.rung, &g.look);
        now = g.look;
        bool ascii = !glyphs->style.utf8;
        int size = utf8_write(ascii ? style_ascii(g.ch) : g.ch, bytes);
        for (int i = ascii ? utf8_columns(g.ch) : 1; i > 0; i--)
            text_add_n(t, bytes, (size_t)size);
    }
    text_add(t, same_look(&now, &plain) ? "\n" : "\033[0m\n");
}

char *export_ansi(const struct canvas *c)
{
    struct text t = {0};
    struct glyphs *glyphs = malloc(sizeof *glyphs);
    if (!glyphs)
        return NULL;
    glyphs_init(glyphs, c->style);
    for (int row = 0; row < c->clip.rows; row++)
        add_row(&t, glyphs, &c->cell[(c->clip.row + row) * c->cols + c->clip.col], c->clip.cols);
    free(glyphs);
    return text_take(&t);
}
