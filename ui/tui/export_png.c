#include <assert.h>
#include <stdlib.h>

#include "data/image.h"
#include "tui/block.h"
#include "tui/export.h"
#include "tui/font.h"
#include "tui/glyph.h"

enum { PIXELS_MOST = 100000000 };

/* A picture in colour, a plane a channel. */
struct plane {
    float *v;
    int w, h;
};

static void paint(struct plane *p, int x, int y, int w, int h, uint32_t colour, float ink)
{
    size_t size = (size_t)p->w * (size_t)p->h;
    for (int i = y; i < y + h; i++)
        for (int j = x; j < x + w; j++)
            for (int k = 0; k < 3; k++) {
                float *at = &p->v[(size_t)k * size + (size_t)i * (size_t)p->w + (size_t)j];
                *at += ink * ((float)(colour >> (16 - 8 * k) & 255) / 255.0f - *at);
            }
}

/* From unit a to unit b of a side of `units` that is `pixels` long: at least one pixel. */
static int edge(int unit, int units, int pixels)
{
    return unit * pixels / units;
}

static void paint_block(struct plane *p, const struct block *b, int x, int y, int zoom, uint32_t ink)
{
    for (int i = 0; i < b->count; i++) {
        const struct block_rect *r = &b->rect[i];
        int left = edge(r->x, BLOCK_COLS, zoom), right = edge(r->x + r->w, BLOCK_COLS, zoom);
        int top = edge(r->y, BLOCK_ROWS, 2 * zoom), bottom = edge(r->y + r->h, BLOCK_ROWS, 2 * zoom);
        paint(p, x + left, y + top, right > left ? right - left : 1, bottom > top ? bottom - top : 1, ink,
              0.25f * (float)b->ink);
    }
}

/* As large as the cell allows, a column of it left free. */
static void paint_letter(struct plane *p, uint32_t ch, int x, int y, int zoom, uint32_t ink)
{
    const uint8_t *letter = font_letter(ch);
    int wide = zoom / (FONT_COLS + 1), tall = 2 * zoom / (FONT_ROWS + 1);
    int left = (zoom - wide * FONT_COLS) / 2, top = (2 * zoom - tall * FONT_ROWS) / 2;
    for (int col = 0; col < FONT_COLS; col++)
        for (int row = 0; row < FONT_ROWS; row++)
            if (letter[col] >> row & 1)
                paint(p, x + left + col * wide, y + top + row * tall, wide, tall, ink, 1);
}

static void paint_cell(struct plane *p, const struct export_look *look, int x, int y, int zoom)
{
    struct block b;
    paint(p, x, y, zoom, 2 * zoom, look->paper, 1);
    if (block_of(look->ch, &b))
        paint_block(p, &b, x, y, zoom, look->ink);
    else if (zoom >= EXPORT_ZOOM_TEXT && look->ch > ' ')
        paint_letter(p, look->ch, x, y, zoom, look->ink);
    if (look->underline)
        paint(p, x, y + 2 * zoom - 1, zoom, 1, look->ink, 1);
}

enum err export_png(const struct canvas *c, int zoom, const char *path, struct diag *diag)
{
    struct style style = export_style(c->style);
    struct plane p = {.w = c->clip.cols * zoom, .h = 2 * c->clip.rows * zoom};
    assert(zoom >= 1 && zoom <= EXPORT_ZOOM_MOST);
    if ((double)p.w * p.h > PIXELS_MOST || p.w == 0 || p.h == 0)
        return diag_fail(diag, ERR_RANGE, path, 0, "%d x %d pixels are %s for a picture", p.w, p.h,
                         p.w && p.h ? "too many" : "too few");
    struct glyphs *glyphs = malloc(sizeof *glyphs);
    p.v = calloc(3 * (size_t)p.w * (size_t)p.h, sizeof *p.v);
    enum err err = glyphs && p.v ? ERR_NONE : diag_memory(diag, "a picture");
    if (!err) {
        glyphs_init(glyphs, &style);
        for (int row = 0; row < c->clip.rows; row++)
            for (int col = 0; col < c->clip.cols; col++) {
                const struct cell *cell = &c->cell[(c->clip.row + row) * c->cols + c->clip.col + col];
                if (!cell->ch) /* a wide character has no letter here */
                    continue;
                struct export_look look = export_look(glyphs, cell);
                paint_cell(&p, &look, col * zoom, 2 * row * zoom, zoom);
            }
        err = image_write_png(path, (struct shape){3, p.h, p.w}, p.v, diag);
    }
    free(glyphs);
    free(p.v);
    return err;
}
