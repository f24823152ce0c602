#include "explain/sheet.h"

#include <stdlib.h>

#include "base/mem.h"

static const float paper = 0.3f, ink[3] = {1, 0.6f, 0};

/* Writes a part of x, magnified, with its corner at (row, col) of the sheet. */
static void place(struct image *sheet, struct shape in, const float *x, struct box part, int zoom, int row,
                  int col)
{
    struct shape s = sheet->shape;
    for (int c = 0; c < 3; c++)
        for (int r = 0; r < (part.bottom - part.top) * zoom; r++)
            for (int k = 0; k < (part.right - part.left) * zoom; k++) {
                int from_r = part.top + r / zoom, from_k = part.left + k / zoom, from_c = in.c == 3 ? c : 0;
                sheet->data[(c * s.h + row + r) * s.w + col + k] =
                    x[(from_c * in.h + from_r) * in.w + from_k];
            }
}

/* One pixel wide, around the part of a magnified image whose corner is at (row, col). */
static void outline(struct image *sheet, struct box part, int zoom, int row, int col)
{
    struct shape s = sheet->shape;
    int top = row + part.top * zoom - 1, bottom = row + part.bottom * zoom;
    int left = col + part.left * zoom - 1, right = col + part.right * zoom;
    for (int c = 0; c < 3; c++) {
        float *plane = sheet->data + (size_t)c * (size_t)s.h * (size_t)s.w;
        for (int k = left; k <= right; k++)
            plane[top * s.w + k] = plane[bottom * s.w + k] = ink[c];
        for (int r = top; r <= bottom; r++)
            plane[r * s.w + left] = plane[r * s.w + right] = ink[c];
    }
}

static int at_least_one(int n)
{
    return n < 1 ? 1 : n;
}

enum err sheet_make(const struct net *net, const struct dataset *data, enum split split, struct unit unit,
                    const struct exciter *list, int found, struct image *out, struct diag *diag)
{
    struct shape in = net->in;
    if (in.c != 1 && in.c != 3)
        return diag_fail(diag, ERR_SHAPE, NULL, 0, "a picture has 1 or 3 channels, but the input is %s",
                         shape_text(in).s);
    int zoom = at_least_one(SHEET_SIDE / (in.h > in.w ? in.h : in.w));
    int h = in.h * zoom, w = in.w * zoom;
    int across = at_least_one(found < SHEET_ACROSS ? found : SHEET_ACROSS);
    int rows = at_least_one((found + across - 1) / across);
    struct image sheet = {{3, SHEET_GAP + rows * 2 * (h + SHEET_GAP), SHEET_GAP + across * (w + SHEET_GAP)},
                          NULL};
    sheet.data = mem_floats(shape_count(sheet.shape));
    float *x = mem_floats(shape_count(in));
    if (!sheet.data || !x) {
        free(sheet.data);
        free(x);
        return diag_memory(diag, "a contact sheet");
    }
    for (size_t i = 0; i < shape_count(sheet.shape); i++)
        sheet.data[i] = paper;
    for (int i = 0; i < found; i++) {
        int row = SHEET_GAP + i / across * 2 * (h + SHEET_GAP),
            col = SHEET_GAP + i % across * (w + SHEET_GAP);
        struct box box =
            receptive_field(net, (struct unit){unit.layer, unit.channel, list[i].row, list[i].col});
        int tall = box.bottom - box.top, wide = box.right - box.left;
        dataset_read_floats(data, split, list[i].index, x);
        place(&sheet, in, x, (struct box){0, 0, in.h, in.w}, zoom, row, col);
        if (tall < 1 || wide < 1) /* it sees only padding */
            continue;
        outline(&sheet, box, zoom, row, col);
        int fit = h / tall < w / wide ? h / tall : w / wide;
        place(&sheet, in, x, box, fit, row + h + SHEET_GAP + (h - tall * fit) / 2,
              col + (w - wide * fit) / 2);
    }
    free(x);
    *out = sheet;
    return ERR_NONE;
}
