#include "data/centre.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const float dirt = 0.25f; /* of the most ink: so much may be dirt where there is any */

static size_t plane_of(struct shape s)
{
    return (size_t)s.h * (size_t)s.w;
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static enum err find_paper(const struct image *grey, struct centred *did, struct diag *diag)
{
    struct shape s = grey->shape;
    const float *x = grey->data;
    float *border = mem_floats(2 * (size_t)(s.h + s.w));
    if (!border)
        return diag_memory(diag, "a picture's border");
    size_t n = 0;
    for (int j = 0; j < s.w; j++) {
        border[n++] = x[j];
        border[n++] = x[plane_of(s) - 1 - (size_t)j];
    }
    for (int i = 1; i < s.h - 1; i++) {
        border[n++] = x[(size_t)i * (size_t)s.w];
        border[n++] = x[(size_t)(i + 1) * (size_t)s.w - 1];
    }
    qsort(border, n, sizeof *border, by_value);
    did->paper = border[n / 2];
    did->clean = !(border[0] < border[n - 1]);
    free(border);
    return ERR_NONE;
}

/* Paper to 0, the most ink to 1. Darker than the paper is no ink. */
static void stretch(struct image *grey, struct centred *did)
{
    size_t count = plane_of(grey->shape);
    did->ink = did->paper;
    for (size_t i = 0; i < count; i++)
        did->ink = fmaxf(did->ink, grey->data[i]);
    float range = did->ink - did->paper;
    did->empty = !(range > 0);
    for (size_t i = 0; i < count && !did->empty; i++)
        grey->data[i] = fmaxf((grey->data[i] - did->paper) / range, 0);
}

static void find_box(const struct image *grey, struct centred *did)
{
    struct shape s = grey->shape;
    float least = did->clean ? 0 : dirt;
    int bottom = 0, right = 0;
    did->top = s.h;
    did->left = s.w;
    for (int i = 0; i < s.h; i++)
        for (int j = 0; j < s.w; j++)
            if (grey->data[(size_t)i * (size_t)s.w + (size_t)j] > least) {
                did->top = i < did->top ? i : did->top;
                did->left = j < did->left ? j : did->left;
                bottom = i + 1;
                right = j + 1 > right ? j + 1 : right;
            }
    did->rows = bottom - did->top;
    did->cols = right - did->left;
}

static int whole(float v)
{
    return v < 1 ? 1 : (int)lrintf(v);
}

static void choose_scale(struct shape want, struct centred *did)
{
    float rows = (float)whole((float)want.h * 5 / 7), cols = (float)whole((float)want.w * 5 / 7);
    did->scale = fminf(rows / (float)did->rows, cols / (float)did->cols);
    did->scaled_rows = whole(did->scale * (float)did->rows);
    did->scaled_cols = whole(did->scale * (float)did->cols);
}

/* Where the corner goes along one axis, for a centre of mass `mass` pixels from it. */
static int place(double mass, int size, int want)
{
    int at = (int)lrint(want / 2 - mass);
    return at < 0 ? 0 : at > want - size ? want - size : at;
}

static void put_by_mass(const float *ink, struct shape want, float *out, struct centred *did)
{
    double sum = 0, rows = 0, cols = 0;
    int h = did->scaled_rows, w = did->scaled_cols;
    for (int i = 0; i < h; i++)
        for (int j = 0; j < w; j++) {
            double v = (double)ink[i * w + j];
            sum += v;
            rows += v * i;
            cols += v * j;
        }
    did->at_row = place(rows / sum, h, want.h);
    did->at_col = place(cols / sum, w, want.w);
    did->down = did->at_row - (want.h - h) / 2;
    did->right = did->at_col - (want.w - w) / 2;
    for (int c = 0; c < want.c; c++)
        for (int i = 0; i < h; i++)
            memcpy(out + ((size_t)c * (size_t)want.h + (size_t)(did->at_row + i)) * (size_t)want.w +
                       did->at_col,
                   ink + (size_t)i * (size_t)w, (size_t)w * sizeof *out);
}

enum err centre_picture(const struct image *picture, struct shape want, float *out, struct centred *did,
                        struct diag *diag)
{
    struct image grey = {.shape = picture->shape, .data = mem_floats(shape_count(picture->shape))};
    float *scratch = mem_floats((size_t)want.h * (size_t)picture->shape.w), *ink = mem_floats(plane_of(want));
    enum err err = grey.data && scratch && ink ? ERR_NONE : diag_memory(diag, "centring a picture");
    *did = (struct centred){0};
    memset(out, 0, shape_count(want) * sizeof *out);
    if (!err) {
        memcpy(grey.data, picture->data, shape_count(picture->shape) * sizeof *out);
        err = image_set_channels(&grey, 1, diag);
    }
    if (!err)
        err = find_paper(&grey, did, diag);
    if (!err)
        stretch(&grey, did);
    if (!err && !did->empty) {
        find_box(&grey, did);
        choose_scale(want, did);
        struct image_part box = {did->top, did->left, did->rows, did->cols};
        image_scale(grey.data, grey.shape.h, grey.shape.w, box, ink, did->scaled_rows, did->scaled_cols,
                    scratch);
        put_by_mass(ink, want, out, did);
    }
    image_fini(&grey);
    free(scratch);
    free(ink);
    return err;
}
