/** The layers of the network, their shapes and what they cost; the layer in view is marked. Lecture L46, L47, L52. */
#include <stdio.h>
#include <string.h>

#include "tui/panels/panels.h"

static int sizes(const struct view *v, const struct style *s, struct panel_size *out)
{
    (void)s;
    int rows = v->net->layers + 2;
    out[0] = (struct panel_size){rows < 6 ? rows : 6, 28, 0.4f};
    out[1] = (struct panel_size){rows < 12 ? rows : 12, 28, 0.9f};
    out[2] = (struct panel_size){rows < 12 ? rows : 12, 46, 1.6f};
    out[3] = (struct panel_size){rows < 30 ? rows : 30, 46, 2.2f};
    return 4;
}

static void title_text(const struct view *v, char *text, int size)
{
    snprintf(text, (size_t)size, "network  %zu parameters", v->net->params);
}

static void draw_layer(const struct view *v, struct canvas *c, int row, int layer)
{
    const struct layer *l = &v->net->layer[layer];
    bool here = layer == v->layer;
    enum role role = here ? ROLE_STRONG : l->params > 0 ? ROLE_TEXT : ROLE_FAINT;
    char spelled[96];
    int names = c->clip.cols >= 44 ? 14 : 12;
    canvas_text(c, row, 0, ROLE_STRONG, !here ? " " : c->style->utf8 ? "\u25b8" : ">");
    canvas_text_width(c, row, 1, names - 1, role, l->name);
    canvas_text_width(c, row, names + 1, 12, role, shape_text(l->out).s);
    layer_spell_params(l, "+", spelled, sizeof spelled);
    if (c->clip.cols > names + 14)
        canvas_text_width(c, row, names + 14, c->clip.cols - names - 14, role, spelled);
}

static void draw(const struct view *v, struct canvas *c)
{
    int rows = c->clip.rows, layers = v->net->layers, from = 0, room = rows - 1;
    double multiply_adds = 0;
    for (int l = 0; l < layers; l++)
        multiply_adds += v->net->layer[l].multiply_adds;
    if (layers > room) { /* the layer in view stays in sight */
        from = v->layer - room / 2;
        from = from < 0 ? 0 : from > layers - room ? layers - room : from;
    }
    for (int k = 0; k < room && from + k < layers; k++)
        draw_layer(v, c, k, from + k);
    canvas_format(c, room < layers ? room : layers, 0, ROLE_FAINT, " %.0f multiply-adds an image",
                  multiply_adds);
}

static void numbers(const struct view *v, struct text *out)
{
    text_add(out, "layer,type,channels,rows,columns,parameters,multiply_adds\n");
    for (int i = 0; i < v->net->layers; i++) {
        const struct layer *l = &v->net->layer[i];
        size_t count = 0;
        for (int p = 0; p < l->params; p++)
            count += l->param[p].count;
        text_format(out, "%s,%s,%d,%d,%d,%zu,%.0f\n", l->name, l->type->name, l->out.c, l->out.h, l->out.w,
                    count, l->multiply_adds);
    }
}

const struct panel_type panel_network = {
    .name = "network",
    .title = "network",
    .help = "the layers, their shapes, and their parameters with the product spelled out",
    .lecture = "L46, L47",
    .flexible = true,
    .sizes = sizes,
    .title_text = title_text,
    .draw = draw,
    .numbers = numbers,
};
