#include "tensor/safetensors.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/file.h"
#include "base/text.h"

/* The format allows 100 MB. The largest headers in use have less than one, and JSON takes a hundred times its size in memory. */
static const uint64_t most_header = (uint64_t)16 << 20;

struct entry {
    struct safetensors_entry public;
    size_t begin, end; /* bytes into the data */
};

struct safetensors {
    char *path; /* for messages */
    struct bytes bytes;
    const unsigned char *data;
    size_t data_size;
    json_t *header;
    int count;
    struct entry *entry; /* sorted by begin */
};

static const struct {
    const char *name;
    enum dtype dtype;
    size_t size;
} dtypes[] = {
    {"F64", DTYPE_F64, 8},    {"F32", DTYPE_F32, 4},       {"F16", DTYPE_F16, 2},
    {"BF16", DTYPE_BF16, 2},  {"I64", DTYPE_I64, 8},       {"I32", DTYPE_I32, 4},
    {"I16", DTYPE_I16, 2},    {"I8", DTYPE_I8, 1},         {"U8", DTYPE_U8, 1},
    {"BOOL", DTYPE_OTHER, 1}, {"U16", DTYPE_OTHER, 2},     {"U32", DTYPE_OTHER, 4},
    {"U64", DTYPE_OTHER, 8},  {"F8_E4M3", DTYPE_OTHER, 1}, {"F8_E5M2", DTYPE_OTHER, 1},
};

static uint64_t little_endian(const unsigned char *p, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value |= (uint64_t)p[i] << (8 * i);
    return value;
}

/* Shape: whole numbers >= 0 whose product, in bytes, is what the offsets say. Beside a 0 the others must make sense too. */
static enum err read_shape(struct entry *e, const char *path, const json_t *shape, size_t item,
                           struct diag *diag)
{
    size_t bytes = item;
    bool empty = false;
    if (!json_is_array(shape) || json_array_size(shape) > TENSOR_RANK)
        return diag_fail(diag, ERR_FORMAT, path, 0, "tensor '%.80s' has no shape of at most %d dimensions",
                         e->public.name, TENSOR_RANK);
    e->public.rank = (int)json_array_size(shape);
    for (int i = 0; i < e->public.rank; i++) {
        const json_t *dim = json_array_get(shape, (size_t)i);
        json_int_t value = json_is_integer(dim) ? json_integer_value(dim) : -1;
        if (value < 0 || value > LONG_MAX ||
            (value > 0 && __builtin_mul_overflow(bytes, (size_t)value, &bytes)))
            return diag_fail(diag, ERR_FORMAT, path, 0, "tensor '%.80s' has an impossible shape",
                             e->public.name);
        empty = empty || value == 0;
        e->public.dim[i] = (long)value;
    }
    bytes = empty ? 0 : bytes;
    if (bytes != e->end - e->begin)
        return diag_fail(diag, ERR_FORMAT, path, 0,
                         "tensor '%.80s' has %zu bytes, but its shape and type need %zu", e->public.name,
                         e->end - e->begin, bytes);
    return ERR_NONE;
}

static enum err read_entry(struct safetensors *f, struct entry *e, const char *path, const json_t *value,
                           struct diag *diag)
{
    const json_t *offsets = json_object_get(value, "data_offsets"), *first = json_array_get(offsets, 0),
                 *last = json_array_get(offsets, 1);
    const char *dtype = json_string_value(json_object_get(value, "dtype"));
    int type = 0;
    while (dtype && type < ARRAY_LEN(dtypes) && strcmp(dtype, dtypes[type].name) != 0)
        type++;
    if (!dtype || type == ARRAY_LEN(dtypes))
        return diag_fail(diag, ERR_FORMAT, path, 0, "tensor '%.80s' has the unknown type '%.20s'",
                         e->public.name, dtype ? dtype : "");
    e->public.dtype = dtypes[type].dtype;
    if (json_array_size(offsets) != 2 || !json_is_integer(first) || !json_is_integer(last))
        return diag_fail(diag, ERR_FORMAT, path, 0, "tensor '%.80s' doesn't say where its data begin and end",
                         e->public.name);
    json_int_t begin = json_integer_value(first), end = json_integer_value(last);
    if (begin < 0 || end < begin || (uint64_t)end > f->data_size)
        return diag_fail(diag, ERR_FORMAT, path, 0, "tensor '%.80s' lies at bytes %lld to %lld of %zu",
                         e->public.name, (long long)begin, (long long)end, f->data_size);
    e->begin = (size_t)begin;
    e->end = (size_t)end;
    return read_shape(e, path, json_object_get(value, "shape"), dtypes[type].size, diag);
}

static int by_place(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

static enum err read_entries(struct safetensors *f, const char *path, struct diag *diag)
{
    const char *name;
    json_t *value;
    f->entry = calloc(json_object_size(f->header) + 1, sizeof *f->entry);
    if (!f->entry)
        return diag_memory(diag, "a list of tensors");
    json_object_foreach(f->header, name, value)
    {
        if (strcmp(name, "__metadata__") == 0)
            continue;
        struct entry *e = &f->entry[f->count];
        e->public.name = name;
        enum err err = read_entry(f, e, path, value, diag);
        if (err)
            return err;
        f->count++;
    }
    qsort(f->entry, (size_t)f->count, sizeof *f->entry, by_place);
    size_t at = 0;
    for (int i = 0; i < f->count; i++) {
        if (f->entry[i].begin != at)
            return diag_fail(diag, ERR_FORMAT, path, 0,
                             "tensor '%.80s' begins at byte %zu, but the one before it ends at %zu",
                             f->entry[i].public.name, f->entry[i].begin, at);
        at = f->entry[i].end;
    }
    if (at != f->data_size)
        return diag_fail(diag, ERR_FORMAT, path, 0, "its tensors end at byte %zu of %zu", at, f->data_size);
    return ERR_NONE;
}

static enum err read_header(struct safetensors *f, const char *path, struct diag *diag)
{
    json_error_t error;
    if (f->bytes.size < 8)
        return diag_fail(diag, ERR_FORMAT, path, 0, "%zu bytes are too few for a safetensors file",
                         f->bytes.size);
    uint64_t length = little_endian(f->bytes.data, 8);
    if (length > f->bytes.size - 8)
        return diag_fail(diag, ERR_FORMAT, path, 0,
                         "not a safetensors file: its header would have %llu bytes, but %zu follow",
                         (unsigned long long)length, f->bytes.size - 8);
    if (length > most_header)
        return diag_fail(diag, ERR_FORMAT, path, 0, "a header of %llu bytes, but at most %llu are read",
                         (unsigned long long)length, (unsigned long long)most_header);
    f->data = f->bytes.data + 8 + length;
    f->data_size = f->bytes.size - 8 - (size_t)length;
    f->header = json_loadb((const char *)f->bytes.data + 8, (size_t)length, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(f->header))
        return diag_fail(diag, ERR_FORMAT, path, 0,
                         "not a safetensors file: its header isn't a JSON object%s%s", f->header ? "" : ": ",
                         f->header ? "" : error.text);
    return read_entries(f, path, diag);
}

enum err safetensors_open(const char *path, struct safetensors **out, struct diag *diag)
{
    struct safetensors *f = calloc(1, sizeof *f);
    if (!f)
        return diag_memory(diag, "a file of tensors");
    f->path = text_copy(path);
    enum err err = f->path ? file_read(path, 0, &f->bytes, diag) : diag_memory(diag, "a file of tensors");
    if (!err)
        err = read_header(f, path, diag);
    if (err) {
        safetensors_close(f);
        return err;
    }
    *out = f;
    return ERR_NONE;
}

void safetensors_close(struct safetensors *f)
{
    if (!f)
        return;
    json_decref(f->header);
    bytes_free(&f->bytes);
    free(f->entry);
    free(f->path);
    free(f);
}

int safetensors_count(const struct safetensors *f)
{
    return f->count;
}

const struct safetensors_entry *safetensors_entry(const struct safetensors *f, int index)
{
    assert(index >= 0 && index < f->count);
    return &f->entry[index].public;
}

const struct safetensors_entry *safetensors_find(const struct safetensors *f, const char *name)
{
    for (int i = 0; i < f->count; i++)
        if (strcmp(f->entry[i].public.name, name) == 0)
            return &f->entry[i].public;
    return NULL;
}

const char *safetensors_metadata(const struct safetensors *f, const char *key)
{
    return json_string_value(json_object_get(json_object_get(f->header, "__metadata__"), key));
}

bool safetensors_is_float(const struct safetensors_entry *e)
{
    return e->dtype == DTYPE_F64 || e->dtype == DTYPE_F32 || e->dtype == DTYPE_F16 || e->dtype == DTYPE_BF16;
}

static float from_half(uint16_t h)
{
    int exponent = h >> 10 & 31, fraction = h & 1023;
    float value = exponent == 0    ? ldexpf((float)fraction, -24)
                  : exponent == 31 ? (fraction ? NAN : INFINITY)
                                   : ldexpf((float)(fraction + 1024), exponent - 25);
    return h >> 15 ? -value : value;
}

static float from_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void safetensors_floats(const struct safetensors *f, const struct safetensors_entry *entry, float *out)
{
    const struct entry *e = (const struct entry *)entry; /* public is its first member */
    const unsigned char *p = f->data + e->begin, *end = f->data + e->end;
    assert(safetensors_is_float(entry));
    for (; p < end; out++)
        if (entry->dtype == DTYPE_F64) {
            uint64_t bits = little_endian(p, 8);
            double value;
            memcpy(&value, &bits, sizeof value);
            *out = (float)value;
            p += 8;
        } else if (entry->dtype == DTYPE_F32) {
            *out = from_bits((uint32_t)little_endian(p, 4));
            p += 4;
        } else {
            uint16_t bits = (uint16_t)little_endian(p, 2);
            *out = entry->dtype == DTYPE_F16 ? from_half(bits) : from_bits((uint32_t)bits << 16);
            p += 2;
        }
}

void safetensors_ints(const struct safetensors *f, const struct safetensors_entry *entry, int64_t *out)
{
    const struct entry *e = (const struct entry *)entry;
    int size = entry->dtype == DTYPE_I64   ? 8
               : entry->dtype == DTYPE_I32 ? 4
               : entry->dtype == DTYPE_I16 ? 2
                                           : 1;
    for (const unsigned char *p = f->data + e->begin; p < f->data + e->end; p += size) {
        uint64_t bits = little_endian(p, size), sign = 1ull << (8 * size - 1);
        *out++ = entry->dtype == DTYPE_U8 || !(bits & sign) ? (int64_t)bits
                                                            : (int64_t)(bits | ~(sign | (sign - 1)));
    }
}

enum err safetensors_tensor(const struct safetensors *f, const char *name, struct tensor *out,
                            struct diag *diag)
{
    const struct safetensors_entry *e = safetensors_find(f, name);
    if (!e) {
        struct text known = {0};
        for (int i = 0; i < f->count; i++)
            text_listed(&known, f->entry[i].public.name, i == f->count - 1);
        return text_unknown(diag, f->path, 0, "tensor", name, &known);
    }
    if (!safetensors_is_float(e))
        return diag_fail(diag, ERR_FORMAT, f->path, 0,
                         "tensor '%s' holds whole numbers, but F32, F16, BF16 or F64 are needed", name);
    enum err err = tensor_init(out, e->rank, e->dim, diag);
    if (!err)
        safetensors_floats(f, e, out->data);
    return err;
}

/* ---- writing ---- */

static size_t item_bytes(const struct safetensors_item *item)
{
    size_t count = item->dtype == DTYPE_I64 ? 8 : 4;
    assert(item->dtype == DTYPE_F32 || item->dtype == DTYPE_I64);
    for (int i = 0; i < item->rank; i++)
        count *= (size_t)item->dim[i];
    return count;
}

static json_t *item_header(const struct safetensors_item *item, size_t begin)
{
    json_t *shape = json_array();
    for (int k = 0; k < item->rank; k++)
        json_array_append_new(shape, json_integer(item->dim[k]));
    return json_pack("{s:s, s:o, s:[I,I]}", "dtype", item->dtype == DTYPE_I64 ? "I64" : "F32", "shape", shape,
                     "data_offsets", (json_int_t)begin, (json_int_t)(begin + item_bytes(item)));
}

/* JSON is UTF-8: a name in another encoding would be left out silently. */
static enum err write_header(const char *path, const struct safetensors_item *items, int count,
                             const struct safetensors_meta *meta, int metas, char **text, struct diag *diag)
{
    json_t *header = json_object(), *metadata = json_object();
    enum err err = header && metadata ? ERR_NONE : diag_memory(diag, "a header");
    size_t at = 0;
    for (int i = 0; i < metas && !err; i++)
        if (json_object_set_new(metadata, meta[i].key, json_string(meta[i].value)))
            err = diag_fail(diag, ERR_FORMAT, path, 0, "the text of %s can't be written: it isn't UTF-8",
                            meta[i].key);
    if (json_object_set_new(header, "__metadata__", metadata) && !err)
        err = diag_memory(diag, "a header");
    for (int i = 0; i < count && !err; i++) {
        assert(!json_object_get(header, items[i].name));
        if (json_object_set_new(header, items[i].name, item_header(&items[i], at)))
            err = diag_fail(diag, ERR_FORMAT, path, 0,
                            "the tensor's name '%.80s' can't be written: it isn't UTF-8", items[i].name);
        at += item_bytes(&items[i]);
    }
    if (!err && !(*text = json_dumps(header, JSON_COMPACT)))
        err = diag_memory(diag, "a header");
    json_decref(header);
    return err;
}

/* Data are written as they lie in memory, which is little-endian on every machine that this is built for. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "safetensors data are little-endian");

enum err safetensors_write(const char *path, const struct safetensors_item *items, int count,
                           const struct safetensors_meta *meta, int metas, struct diag *diag)
{
    struct file_writer w = {0};
    char *header = NULL;
    enum err err = write_header(path, items, count, meta, metas, &header, diag);
    if (err)
        return err;
    unsigned char length[8];
    size_t size = strlen(header), padded = (size + 7) / 8 * 8;
    for (int i = 0; i < 8; i++)
        length[i] = (unsigned char)((uint64_t)padded >> (8 * i));
    err = file_create(&w, path, diag);
    if (!err)
        err = file_put(&w, length, sizeof length, diag);
    if (!err)
        err = file_put(&w, header, size, diag);
    if (!err)
        err = file_put(&w, "        ", padded - size, diag);
    for (int i = 0; i < count && !err; i++)
        err = file_put(&w, items[i].data, item_bytes(&items[i]), diag);
    if (!err)
        err = file_commit(&w, diag);
    else
        file_abandon(&w);
    free(header);
    return err;
}
