#include "tui/take.h"

#include <math.h>

#include "base/file.h"
#include "base/text.h"
#include "tui/export.h"

/* ---- pictures ---- */

/* Of the sizes with a pixel in half a cell the one that is most like a page; of those of a panel without such pixels, of the largest. */
static bool size_of(const struct view *v, const struct panel_type *panel, const struct style *style,
                    struct panel_size *out)
{
    static const double page = 4.0 / 3;
    struct panel_size all[PANEL_SIZES];
    int count = panel->sizes(v, style, all), best = count - 1;
    float least = panel->flexible && count > 0 ? all[count - 1].grade : 1;
    for (int i = count - 1; i >= 0; i--) {
        double shape = log(all[i].cols / 2.0 / all[i].rows / page),
               best_shape = log(all[best].cols / 2.0 / all[best].rows / page);
        if (all[i].grade >= least && (all[i].grade < all[best].grade || fabs(shape) < fabs(best_shape)))
            best = i;
    }
    if (count > 0)
        *out = all[best];
    return count > 0;
}

enum err take_picture(const struct view *v, const struct panel_type *panel, const struct style *s, int zoom,
                      const char *path, struct diag *diag)
{
    struct style style = export_style(s);
    struct panel_size size;
    struct canvas c;
    if (!size_of(v, panel, &style, &size))
        return diag_fail(diag, ERR_UNKNOWN, path, 0, "the panel %s has nothing to show for this network",
                         panel->name);
    if (canvas_init(&c, size.rows, size.cols, &style))
        return diag_memory(diag, "a picture");
    panel->draw(v, &c);
    enum err err = export_png(&c, zoom, path, diag);
    canvas_fini(&c);
    return err;
}

/* ---- numbers ---- */

static void add_part(const struct view *v, const struct question *q, const struct part *p, struct text *out)
{
    const char *layer = q->type->needs_layer ? v->net->layer[q->layer].name : "";
    const float *at = p->data;
    for (int n = 0; n < p->n; n++)
        for (int c = 0; c < p->shape.c; c++)
            for (int row = 0; row < p->shape.h; row++)
                for (int col = 0; col < p->shape.w; col++) {
                    text_format(out, "%s,%s,%s,%d,%d,%d,%d,", q->type->name, layer, p->name, n, c, row, col);
                    text_real_exact(out, (double)*at++);
                    text_add(out, "\n");
                }
}

static void add_answers(const struct view *v, const struct panel_type *panel, struct text *out)
{
    struct question asked[QUESTIONS_MAX];
    int count = panel->ask && v->answers ? panel->ask(v, asked, QUESTIONS_MAX) : 0;
    for (int i = 0; i < count; i++) {
        const struct answer *a = answers_find(v->answers, &asked[i]);
        if (!a || !a->ready)
            continue;
        if (out->length == 0)
            text_add(out, "question,layer,part,index,channel,row,column,value\n");
        for (int k = 0; k < a->parts; k++)
            add_part(v, &a->question, &a->part[k], out);
    }
}

enum err take_numbers(const struct view *v, const struct panel_type *panel, const char *path,
                      struct diag *diag)
{
    struct text text = {0};
    enum err err = ERR_NONE;
    if (panel->numbers)
        panel->numbers(v, &text);
    else
        add_answers(v, panel, &text);
    if (text.failed)
        err = diag_memory(diag, "the numbers");
    else if (text.length == 0)
        err = diag_fail(diag, ERR_UNKNOWN, path, 0, "the panel %s has no numbers yet", panel->name);
    else
        err = file_write(path, text_str(&text), text.length, diag);
    text_free(&text);
    return err;
}
