#include "data/sketch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const float soft = 1; /* pixel of the sheet */

enum err sketch_init(struct sketch *s, int h, int w, struct diag *diag)
{
    *s = (struct sketch){.sheet = {.shape = {1, h, w}, .data = mem_floats((size_t)h * (size_t)w)},
                         .mark = mem_new(SKETCH_MARKS, sizeof *s->mark)};
    if (s->sheet.data && s->mark)
        return ERR_NONE;
    sketch_fini(s);
    return diag_memory(diag, "a drawing");
}

void sketch_fini(struct sketch *s)
{
    image_fini(&s->sheet);
    free(s->mark);
    *s = (struct sketch){0};
}

/* Brings mark number i onto the sheet. */
static void carry_out(struct sketch *s, int i)
{
    const struct sketch_mark *m = &s->mark[i];
    struct image *sheet = &s->sheet;
    switch (m->tool) {
    case SKETCH_PEN:
    case SKETCH_ERASER:
        pen_piece(sheet->data, sheet->shape.h, sheet->shape.w, m->begins ? m->at : s->mark[i - 1].at, m->at,
                  soft, m->tool == SKETCH_ERASER);
        break;
    case SKETCH_CLEAR:
        memset(sheet->data, 0, shape_count(sheet->shape) * sizeof *sheet->data);
        break;
    }
}

static bool add(struct sketch *s, struct sketch_mark mark)
{
    if (s->count == SKETCH_MARKS)
        return false;
    s->mark[s->count] = mark;
    carry_out(s, s->count);
    s->known = ++s->count;
    return true;
}

bool sketch_press(struct sketch *s, enum sketch_tool tool, struct nib at)
{
    assert(tool == SKETCH_PEN || tool == SKETCH_ERASER);
    return add(s, (struct sketch_mark){tool, true, at});
}

bool sketch_drag(struct sketch *s, struct nib at)
{
    assert(s->count > 0 && s->mark[s->count - 1].tool <= SKETCH_ERASER);
    return add(s, (struct sketch_mark){s->mark[s->count - 1].tool, false, at});
}

bool sketch_clear(struct sketch *s)
{
    return s->count == 0 || add(s, (struct sketch_mark){SKETCH_CLEAR, true, {0, 0, 0}});
}

bool sketch_undo(struct sketch *s)
{
    if (s->count == 0)
        return false;
    while (!s->mark[--s->count].begins)
        ;
    memset(s->sheet.data, 0, shape_count(s->sheet.shape) * sizeof *s->sheet.data);
    for (int i = 0; i < s->count; i++)
        carry_out(s, i);
    return true;
}

bool sketch_redo(struct sketch *s)
{
    if (s->count == s->known)
        return false;
    do
        carry_out(s, s->count++);
    while (s->count < s->known && !s->mark[s->count].begins);
    return true;
}
