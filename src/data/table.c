#include "data/table.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/image.h"
#include "tensor/safetensors.h"

static const size_t most_bytes = (size_t)1 << 28;

/* The numbers read so far. */
struct reader {
    const char *path;
    int line;
    float *data;
    size_t count, room;
    long rows, cols;
    struct diag *diag;
};

static enum err add(struct reader *r, const char *word, size_t length)
{
    char copy[64];
    double value = 0;
    int shown = (int)(length < 40 ? length : 40);
    if (length < sizeof copy) {
        memcpy(copy, word, length);
        copy[length] = 0;
    }
    if (length == 0)
        return diag_fail(r->diag, ERR_FORMAT, r->path, r->line,
                         "nothing between two commas, expected a number");
    if (length >= sizeof copy || !text_real(copy, &value))
        return diag_fail(r->diag, ERR_FORMAT, r->path, r->line, "'%.*s' isn't a number", shown, word);
    if (fabs(value) > (double)FLT_MAX)
        return diag_fail(r->diag, ERR_RANGE, r->path, r->line,
                         "'%s' is beyond %g, the largest number held here", copy, (double)FLT_MAX);
    if (r->count == r->room) {
        size_t room = r->room ? 2 * r->room : 64;
        float *more = realloc(r->data, room * sizeof *more);
        if (!more)
            return diag_memory(r->diag, "a table of numbers");
        r->data = more;
        r->room = room;
    }
    r->data[r->count++] = (float)value;
    return ERR_NONE;
}

/* Blanks part words too, but beside a comma they mean nothing. */
static enum err read_row(struct reader *r, const char *at, const char *end)
{
    size_t before = r->count;
    enum err err = ERR_NONE;
    for (;;) {
        size_t length = 0;
        at += strspn(at, " \t");
        while (at + length < end && !strchr(",; \t", at[length]))
            length++;
        err = add(r, at, length);
        if (err)
            return err;
        at += length;
        at += strspn(at, " \t");
        if (at >= end)
            break;
        at += *at == ',' || *at == ';';
    }
    long cols = (long)(r->count - before);
    if (r->rows > 0 && cols != r->cols)
        return diag_fail(r->diag, ERR_FORMAT, r->path, r->line,
                         "%ld numbers in this row, but %ld in the first", cols, r->cols);
    r->cols = cols;
    r->rows++;
    return ERR_NONE;
}

static enum err read_rows(struct reader *r, const char *text)
{
    enum err err = ERR_NONE;
    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0) /* a byte order mark, as spreadsheets write it */
        text += 3;
    for (const char *at = text; *at && !err;) {
        size_t length = strcspn(at, "\n"), used = strcspn(at, "#\r\n");
        r->line++;
        while (used > 0 && strchr(" \t", at[used - 1]))
            used--;
        if (used > strspn(at, " \t"))
            err = read_row(r, at, at + used);
        at += length + (at[length] == '\n');
    }
    if (!err && r->rows == 0)
        err = diag_fail(r->diag, ERR_FORMAT, r->path, 0, "holds no numbers");
    return err;
}

enum err table_parse(const char *text, const char *path, struct table *out, struct diag *diag)
{
    struct reader r = {.path = path, .diag = diag};
    *out = (struct table){0};
    enum err err = read_rows(&r, text);
    out->line = err ? TABLE_NONE : r.rows == 1 ? TABLE_ROW : r.cols == 1 ? TABLE_COLUMN : TABLE_NONE;
    const long matrix[2] = {r.rows, r.cols}, vector[1] = {(long)r.count};
    if (!err)
        err = tensor_init(&out->tensor, out->line ? 1 : 2, out->line ? vector : matrix, diag);
    if (!err)
        memcpy(out->tensor.data, r.data, r.count * sizeof *r.data);
    free(r.data);
    return err;
}

static enum err read_csv(const char *path, struct table *out, struct diag *diag)
{
    struct bytes bytes = {0};
    const char *shown = strcmp(path, "-") == 0 ? "standard input" : path;
    enum err err = file_read(path, most_bytes, &bytes, diag);
    if (!err && strlen((const char *)bytes.data) != bytes.size)
        err = diag_fail(diag, ERR_FORMAT, shown, 0,
                        "holds zero bytes, so it isn't CSV; pictures end in .png, tensors in .safetensors");
    if (!err)
        err = table_parse((const char *)bytes.data, shown, out, diag);
    bytes_free(&bytes);
    return err;
}

enum err table_read_picture(const char *path, bool color, struct table *out, struct diag *diag)
{
    struct image image = {0};
    *out = (struct table){0};
    enum err err = image_read_png(path, &image, diag);
    if (!err)
        err = image_set_channels(&image, color ? 3 : 1, diag);
    const long dim[3] = {image.shape.h, image.shape.w, 3};
    if (!err && !color) { /* the numbers change hands: a large picture isn't held twice */
        out->tensor = (struct tensor){.rank = 2, .dim = {dim[0], dim[1]}, .data = image.data};
        image.data = NULL;
    } else if (!err)
        err = tensor_init(&out->tensor, 3, dim, diag);
    size_t plane = (size_t)dim[0] * (size_t)dim[1];
    for (size_t i = 0; i < plane && color && !err; i++)
        for (size_t c = 0; c < 3; c++)
            out->tensor.data[3 * i + c] = image.data[c * plane + i];
    image_fini(&image);
    return err;
}

enum err table_write_picture(const char *path, const struct tensor *t, struct diag *diag)
{
    long channels = t->rank == 3 ? t->dim[2] : 1, most = 1L << 30;
    if (t->rank < 2 || t->rank > 3 || (channels != 1 && channels != 3) || t->dim[0] > most ||
        t->dim[1] > most)
        return diag_fail(diag, ERR_SHAPE, path, 0, "%s is no picture: rows x columns, or rows x columns x 3",
                         tensor_text(t->rank, t->dim).s);
    struct shape shape = {(int)channels, (int)t->dim[0], (int)t->dim[1]};
    size_t plane = (size_t)shape.h * (size_t)shape.w;
    if (channels == 1)
        return image_write_png(path, shape, t->data, diag);
    float *planes = mem_floats(3 * plane);
    if (!planes)
        return diag_memory(diag, "a picture");
    for (size_t i = 0; i < plane; i++)
        for (size_t c = 0; c < 3; c++)
            planes[c * plane + i] = t->data[3 * i + c];
    enum err err = image_write_png(path, shape, planes, diag);
    free(planes);
    return err;
}

/* @param name  NULL: the first floating-point tensor */
static enum err read_safetensors(const char *path, const char *name, struct table *out, struct diag *diag)
{
    struct safetensors *file = NULL;
    struct diag inner = {0};
    enum err err = safetensors_open(path, &file, diag);
    for (int i = 0; !err && !name && i < safetensors_count(file); i++)
        if (safetensors_is_float(safetensors_entry(file, i)))
            name = safetensors_entry(file, i)->name;
    if (!err && !name)
        err = diag_fail(diag, ERR_FORMAT, path, 0, "holds no tensor of floating-point numbers");
    else if (!err) {
        err = safetensors_tensor(file, name, &out->tensor, &inner);
        if (err)
            diag_fail(diag, err, path, 0, "%s", inner.text);
    }
    safetensors_close(file);
    return err;
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n > m && strcasecmp(s + n - m, end) == 0;
}

enum err table_read(const char *path, struct table *out, struct diag *diag)
{
    *out = (struct table){0};
    if (ends_with(path, ".png"))
        return table_read_picture(path, false, out, diag);
    if (ends_with(path, ".safetensors"))
        return read_safetensors(path, NULL, out, diag);
    static const char mark[] = ".safetensors:";
    const char *found = file_exists(path) ? NULL : strstr(path, mark);
    if (!found)
        return read_csv(path, out, diag);
    char *file = strndup(path, (size_t)(found - path) + sizeof mark - 2);
    enum err err =
        file ? read_safetensors(file, found + sizeof mark - 1, out, diag) : diag_memory(diag, "a path");
    free(file);
    return err;
}

void table_fini(struct table *t)
{
    tensor_fini(&t->tensor);
    *t = (struct table){0};
}

static void lift(struct table *line, const struct table *beside)
{
    struct tensor *t = &line->tensor;
    if (line->line == TABLE_NONE || t->rank != 1 || beside->tensor.rank != 2)
        return;
    t->rank = 2;
    t->dim[1] = line->line == TABLE_ROW ? t->dim[0] : 1;
    t->dim[0] = line->line == TABLE_ROW ? 1 : t->dim[0];
}

void table_pair(struct table *a, struct table *b)
{
    lift(a, b);
    lift(b, a);
}
