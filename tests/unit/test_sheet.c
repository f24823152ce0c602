/** The contact sheet, pixel by pixel where it is plain what must be there. */
#include <criterion/criterion.h>

#include "explain/sheet.h"
#include "nets.h"

enum { SIDE = 8, ZOOM = SHEET_SIDE / SIDE, STEP = SIDE * ZOOM + SHEET_GAP };

static uint8_t pixel(int index, int row, int col)
{
    return (uint8_t)(16 * index + 8 * row + col);
}

static int read_made(const struct dataset *d, enum split split, int index, uint8_t *pixels)
{
    (void)split;
    for (int i = 0; i < SIDE * SIDE; i++)
        pixels[i] = pixel(index, i / SIDE, i % SIDE);
    return index % d->classes;
}

static bool shows(const struct image *sheet, int row, int col, float r, float g, float b)
{
    const float want[3] = {r, g, b};
    for (int c = 0; c < 3; c++)
        if (sheet->data[(c * sheet->shape.h + row) * sheet->shape.w + col] != want[c])
            return false;
    return true;
}

Test(sheet, images_frames_and_crops)
{
    static const struct source_type made = {.name = "made", .read = read_made};
    struct dataset data = {.source = &made, .shape = {1, SIDE, SIDE}, .classes = 2, .count = {0, 20}};
    struct net *net = net_of("input 1x8x8\nconv 2 3x3\n");
    struct exciter list[11];
    struct image sheet = {0};
    for (int i = 0; i < 11; i++)
        list[i] = (struct exciter){.index = i, .row = 2, .col = i % 6};
    cr_assert_eq(sheet_make(net, &data, SPLIT_TEST, (struct unit){0, 1, -1, -1}, list, 11, &sheet, NULL),
                 ERR_NONE);
    cr_assert(shape_equal(sheet.shape, (struct shape){3, SHEET_GAP + 4 * STEP, SHEET_GAP + 9 * STEP}));
    for (int i = 0; i < 11; i++) {
        int top = SHEET_GAP + i / 9 * 2 * STEP, left = SHEET_GAP + i % 9 * STEP, from = list[i].col;
        for (int r = 0; r < SIDE; r++)
            for (int k = 0; k < SIDE; k++) { /* the middle of a magnified pixel is never under the frame */
                float v = (float)pixel(i, r, k) / 255;
                cr_assert(shows(&sheet, top + r * ZOOM + ZOOM / 2, left + k * ZOOM + ZOOM / 2, v, v, v),
                          "image %d, row %d, column %d", i, r, k);
            }
        cr_assert(shows(&sheet, top + 2 * ZOOM - 1, left + from * ZOOM, 1, 0.6f, 0), "the frame's top");
        cr_assert(shows(&sheet, top + 5 * ZOOM, left + (from + 3) * ZOOM, 1, 0.6f, 0), "and corner");
        int fit = SIDE * ZOOM / 3, margin = (SIDE * ZOOM - 3 * fit) / 2, below = top + STEP + margin;
        for (int r = 0; r < 3; r++)
            for (int k = 0; k < 3; k++) {
                float v = (float)pixel(i, 2 + r, from + k) / 255;
                cr_assert(
                    shows(&sheet, below + r * fit + fit / 2, left + margin + k * fit + fit / 2, v, v, v),
                    "crop %d, row %d, column %d", i, r, k);
            }
    }
    cr_assert(shows(&sheet, SHEET_GAP + 2 * STEP + 9, SHEET_GAP + 3 * STEP, 0.3f, 0.3f, 0.3f), "no image");
    image_fini(&sheet);
    cr_assert_eq(sheet_make(net, &data, SPLIT_TEST, (struct unit){0}, list, 0, &sheet, NULL), ERR_NONE);
    image_fini(&sheet);
    net_free(net);
    net = net_of("input 2x8x8\nconv 2 3x3\n");
    cr_assert_eq(sheet_make(net, &data, SPLIT_TEST, (struct unit){0}, list, 0, &sheet, NULL), ERR_SHAPE);
    net_free(net);
}
