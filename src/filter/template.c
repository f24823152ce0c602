#include "filter/template.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "filter/fast.h"

enum err template_cut(const struct image *picture, struct template_box b, struct image *out,
                      struct diag *diag)
{
    struct shape s = picture->shape;
    *out = (struct image){0};
    if (b.rows < 1 || b.cols < 1 || b.row < 0 || b.col < 0 || b.rows > s.h || b.cols > s.w ||
        b.row > s.h - b.rows || b.col > s.w - b.cols)
        return diag_fail(
            diag, ERR_RANGE, NULL, 0,
            "a piece of %d rows and %d columns from row %d, column %d on isn't inside a picture of %d x %d",
            b.rows, b.cols, b.row, b.col, s.h, s.w);
    out->shape = (struct shape){s.c, b.rows, b.cols};
    out->data = mem_floats(shape_count(out->shape));
    if (!out->data)
        return diag_memory(diag, "a piece of a picture");
    for (int c = 0; c < s.c; c++)
        for (int i = 0; i < b.rows; i++)
            memcpy(out->data + ((size_t)c * (size_t)b.rows + (size_t)i) * (size_t)b.cols,
                   picture->data + ((size_t)c * (size_t)s.h + (size_t)(b.row + i)) * (size_t)s.w + b.col,
                   (size_t)b.cols * sizeof(float));
    return ERR_NONE;
}

/* ---- sums over every piece, by summed areas ---- */

/* area[(i, j)] = sum of all channels' values (or squares) above and left of (i, j); one row and column more than the picture has. */
static void sum_areas(const struct image *p, bool squares, double *area)
{
    struct shape s = p->shape;
    size_t line = (size_t)s.w + 1, plane = (size_t)s.h * (size_t)s.w;
    for (size_t j = 0; j < line; j++)
        area[j] = 0;
    for (size_t i = 0; i < (size_t)s.h; i++) {
        double row = 0;
        area[(i + 1) * line] = 0;
        for (size_t j = 0; j < (size_t)s.w; j++) {
            for (size_t c = 0; c < (size_t)s.c; c++) {
                double x = (double)p->data[c * plane + i * (size_t)s.w + j];
                row += squares ? x * x : x;
            }
            area[(i + 1) * line + j + 1] = area[i * line + j + 1] + row;
        }
    }
}

static double area_under(const double *area, size_t line, long row, long col, int rows, int cols)
{
    const double *up = area + (size_t)row * line + (size_t)col, *down = up + (size_t)rows * line;
    return down[cols] - down[0] - up[cols] + up[0];
}

/* Divides by the lengths of the two; `length` is the pattern's. */
static enum err normalise(const struct image *picture, struct shape t, double length, struct tensor *response,
                          struct diag *diag)
{
    size_t line = (size_t)picture->shape.w + 1, count = line * ((size_t)picture->shape.h + 1);
    double *sum = mem_new(count, sizeof *sum), *square = mem_new(count, sizeof *square);
    double cells = (double)shape_count(t);
    enum err err = sum && square ? ERR_NONE : diag_memory(diag, "the sums over a picture");
    if (!err) {
        sum_areas(picture, false, sum);
        sum_areas(picture, true, square);
    }
    for (long i = 0; i < response->dim[0] && !err; i++)
        for (long j = 0; j < response->dim[1]; j++) {
            double mean = area_under(sum, line, i, j, t.h, t.w),
                   all = area_under(square, line, i, j, t.h, t.w);
            double variance = all - mean * mean / cells;
            float *y = &response->data[i * response->dim[1] + j];
            bool flat = variance <= 1e-9 * all || length == 0;
            *y = flat ? 0 : (float)fmin(fmax((double)*y / (sqrt(variance) * length), -1), 1);
        }
    free(sum);
    free(square);
    return err;
}

static enum err match_channels(const struct image *picture, const struct image *pattern, struct team *team,
                               struct tensor *response, struct diag *diag)
{
    struct shape s = picture->shape, t = pattern->shape;
    enum err err = ERR_NONE;
    for (int c = 0; c < s.c && !err; c++) {
        struct tensor x = {2, {s.h, s.w}, picture->data + (size_t)c * (size_t)s.h * (size_t)s.w},
                      w = {2, {t.h, t.w}, pattern->data + (size_t)c * (size_t)t.h * (size_t)t.w}, y = {0};
        err = correlate_fast(&x, &w, CORRELATE_VALID, false, team, &y, NULL, diag);
        if (!err && c == 0) {
            *response = y;
            continue;
        }
        for (size_t i = 0; !err && i < tensor_count(&y); i++)
            response->data[i] += y.data[i];
        tensor_fini(&y);
    }
    return err;
}

enum err template_match(const struct image *picture, const struct image *pattern, bool normalised,
                        struct team *team, struct tensor *response, struct diag *diag)
{
    struct shape s = picture->shape, t = pattern->shape;
    size_t count = shape_count(t);
    *response = (struct tensor){0};
    if (t.c != s.c || t.h > s.h || t.w > s.w)
        return diag_fail(diag, ERR_SHAPE, NULL, 0, "a pattern of %s can't slide over a picture of %s",
                         shape_text(t).s, shape_text(s).s);
    struct image centred = {t, mem_floats(count)};
    if (!centred.data)
        return diag_memory(diag, "a pattern");
    double mean = 0, length = 0;
    for (size_t i = 0; i < count && normalised; i++)
        mean += (double)pattern->data[i] / (double)count;
    for (size_t i = 0; i < count; i++) {
        double from = (double)pattern->data[i] - mean;
        centred.data[i] = (float)from;
        length += from * from;
    }
    enum err err = match_channels(picture, &centred, team, response, diag);
    if (!err && normalised)
        err = normalise(picture, t, length > 1e-9 * (double)count * mean * mean ? sqrt(length) : 0, response,
                        diag);
    if (err)
        tensor_fini(response);
    image_fini(&centred);
    return err;
}

/* ---- peaks ---- */

static bool is_local_maximum(const struct tensor *r, long row, long col)
{
    float at = r->data[row * r->dim[1] + col];
    for (long i = row - 1; i <= row + 1; i++)
        for (long j = col - 1; j <= col + 1; j++)
            if (i >= 0 && i < r->dim[0] && j >= 0 && j < r->dim[1] && r->data[i * r->dim[1] + j] > at)
                return false;
    return true;
}

static int by_score(const void *a, const void *b)
{
    const struct peak *p = a, *q = b;
    if (p->score != q->score)
        return p->score < q->score ? 1 : -1;
    return p->row != q->row ? (p->row > q->row) - (p->row < q->row) : (p->col > q->col) - (p->col < q->col);
}

/* All local maxima, highest first. */
static int collect(const struct tensor *r, float least, struct peak **out)
{
    struct peak *all = NULL;
    int count = 0, room = 0;
    for (long i = 0; i < r->dim[0]; i++)
        for (long j = 0; j < r->dim[1]; j++) {
            float score = r->data[i * r->dim[1] + j];
            if (!(score >= least) || !is_local_maximum(r, i, j))
                continue;
            if (count == room) {
                room = room ? 2 * room : 64;
                struct peak *more = realloc(all, (size_t)room * sizeof *more);
                if (!more) {
                    free(all);
                    return -1;
                }
                all = more;
            }
            all[count++] = (struct peak){(int)i, (int)j, score};
        }
    if (count > 0)
        qsort(all, (size_t)count, sizeof *all, by_score);
    *out = all;
    return count;
}

int template_peaks(const struct tensor *response, int apart_rows, int apart_cols, float least, int most,
                   struct peak *peak)
{
    struct peak *all = NULL;
    int count = collect(response, least, &all), kept = 0;
    for (int i = 0; i < count && kept < most; i++) {
        bool near = false;
        for (int k = 0; k < kept && !near; k++)
            near = abs(all[i].row - peak[k].row) < apart_rows && abs(all[i].col - peak[k].col) < apart_cols;
        if (!near)
            peak[kept++] = all[i];
    }
    free(all);
    return count < 0 ? -1 : kept;
}
