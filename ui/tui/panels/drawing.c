/** The sheet that is drawn on, while it is, and the pen over it. */
#include <math.h>
#include <stdio.h>

#include "tui/panels/panels.h"
#include "tui/widgets/heat.h"

enum { SCALES = 5 }; /* 1, 2, 4, 8 and 16 columns for a pixel of the network */

/* How the sheet is shown: its view, zoom, and the cells that don't fit at the top and the left. */
struct fit {
    int columns; /* for a pixel of the network */
    int view, zoom;
    int h, w; /* pixels of the view */
    int top, left;
};

static struct fit fit_scale(const struct view *v, int scale)
{
    int view = scale < OWN_VIEWS ? scale : OWN_VIEWS - 1;
    return (struct fit){.columns = 1 << scale,
                        .view = view,
                        .zoom = 1 << (scale - view),
                        .h = v->own.in.h << view,
                        .w = v->own.in.w << view};
}

static struct fit fit_in(const struct view *v, int rows, int cols)
{
    int scale = SCALES - 1;
    struct fit f = fit_scale(v, scale);
    while (scale > 0 && (heat_rows(f.h, f.zoom) > rows || heat_cols(f.w, f.zoom) > cols))
        f = fit_scale(v, --scale);
    int tall = heat_rows(f.h, f.zoom), wide = heat_cols(f.w, f.zoom);
    f.top = tall > rows ? (tall - rows) / 2 : 0;
    f.left = wide > cols ? (wide - cols) / 2 : 0;
    return f;
}

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    static const float grades[SCALES] = {1, 1.4f, 2, 3, 4.5f};
    (void)s;
    for (int scale = 0; scale < SCALES && v->own.drawing; scale++) {
        struct fit f = fit_scale(v, scale);
        out[scale] = (struct panel_size){heat_rows(f.h, f.zoom), heat_cols(f.w, f.zoom), grades[scale]};
    }
    return v->own.drawing ? SCALES : 0;
}

static void title_text(const struct view *v, char *text, int size)
{
    const struct own *o = &v->own;
    if (!o->drawing)
        return;
    snprintf(text, (size_t)size, "drawing  %s  %.1f pixels wide",
             !o->pen_down ? "pen lifted"
             : o->eraser  ? "erasing"
                          : "pen down",
             2 * (double)o->pen.radius / OWN_GRAIN);
}

bool drawing_hit(const struct view *v, int rows, int cols, int row, int col, struct nib *at)
{
    struct fit f = fit_in(v, rows, cols);
    float grain = (float)OWN_GRAIN / (float)f.columns;
    at->x = ((float)(col + f.left) + 0.5f) * grain;
    at->y = (float)(2 * (row + f.top) + 1) * grain;
    return at->x >= 0 && at->y >= 0 && at->x < (float)(v->own.in.w * OWN_GRAIN) &&
           at->y < (float)(v->own.in.h * OWN_GRAIN);
}

/* Right and below, where there is room, so that one sees how far it goes. */
static void draw_edges(struct canvas *c, int tall, int wide)
{
    bool lines = c->style->utf8;
    for (int row = 0; row < tall; row++)
        canvas_put(c, row, wide, ROLE_FAINT, lines ? 0x2502 : '|');
    for (int col = 0; col < wide; col++)
        canvas_put(c, tall, col, ROLE_FAINT, lines ? 0x2500 : '-');
    canvas_put(c, tall, wide, ROLE_FAINT, lines ? 0x2518 : '+');
}

static void draw(const struct view *v, struct canvas *c)
{
    const struct own *o = &v->own;
    if (!o->drawing) {
        draw_note(c, "d begins a drawing");
        return;
    }
    struct fit f = fit_in(v, c->clip.rows, c->clip.cols);
    struct heat p = {.v = o->sheet[f.view], .h = f.h, .w = f.w, .map = MAP_GREY, .range = 1, .zoom = f.zoom};
    float cells = (float)f.columns / OWN_GRAIN;
    heat_draw(c, 0, 0, c->clip.rows, c->clip.cols, &p);
    draw_edges(c, heat_rows(f.h, f.zoom) - f.top, heat_cols(f.w, f.zoom) - f.left);
    int row = (int)floorf(o->pen.y * cells / 2) - f.top, col = (int)floorf(o->pen.x * cells) - f.left;
    canvas_put(c, row, col, ROLE_FOCUS, !o->pen_down ? '+' : o->eraser ? '-' : '*');
}

const struct panel_type panel_drawing = {
    .name = "drawing",
    .title = "drawing",
    .help = "the sheet that is drawn on, and the pen",
    .lecture = "L51",
    .sizes = sizes,
    .title_text = title_text,
    .draw = draw,
};
