/** Files of tensors: what is written reads back, and every type becomes the numbers that its bits say. */
#include <criterion/criterion.h>
#include <float.h>
#include <math.h>
#include <stdio.h>

#include "base/file.h"
#include "base/text.h"
#include "nets.h"
#include "tensor/safetensors.h"

TestSuite(safetensors, .init = enter_folder, .fini = leave_folder);

static struct safetensors *open_file(const char *path)
{
    struct safetensors *f = NULL;
    struct diag d = {0};
    cr_assert_eq(safetensors_open(path, &f, &d), ERR_NONE, "%s", d.text);
    return f;
}

/* A file of one tensor 'a' whose data are the given bytes. */
static struct safetensors *file_of(const char *dtype, long count, const void *data, size_t bytes)
{
    struct text t = {0}, file = {0};
    text_format(&t, "{\"a\":{\"dtype\":\"%s\",\"shape\":[%ld],\"data_offsets\":[0,%zu]}}", dtype, count,
                bytes);
    for (int i = 0; i < 8; i++)
        text_add_n(&file, (const char[]){(char)(t.length >> 8 * i)}, 1);
    text_add_n(&file, t.data, t.length);
    text_add_n(&file, data, bytes);
    cr_assert_eq(file_write("one", file.data, file.length, NULL), ERR_NONE);
    text_free(&t);
    text_free(&file);
    return open_file("one");
}

Test(safetensors, what_is_written_reads_back)
{
    const float a[6] = {0, -0.0f, FLT_MIN / 8, FLT_MAX, -INFINITY, 1.0f / 3}, scalar[1] = {7};
    const int64_t b[4] = {0, -1, INT64_MAX, INT64_MIN};
    const struct safetensors_item items[] = {
        {"second.weight", DTYPE_F32, 2, {2, 3}, a},
        {"counts", DTYPE_I64, 1, {4}, b},
        {"nothing", DTYPE_F32, 3, {4, 0, 5}, a},
        {"a \"name\"\n\xc3\xa4", DTYPE_F32, 0, {0}, scalar},
    };
    const struct safetensors_meta meta[] = {{"fovea.model", "input 1\nrelu\n"}, {"k", ""}};
    cr_assert_eq(safetensors_write("f", items, ARRAY_LEN(items), meta, 2, NULL), ERR_NONE);
    struct safetensors *f = open_file("f");
    cr_assert_eq(safetensors_count(f), 4);
    for (int i = 0; i < ARRAY_LEN(items); i++) {
        const struct safetensors_entry *e = safetensors_find(f, items[i].name);
        cr_assert_not_null(e, "%s", items[i].name);
        cr_assert_eq(e->dtype, items[i].dtype);
        cr_assert_eq(e->rank, items[i].rank);
        cr_assert_eq(memcmp(e->dim, items[i].dim, (size_t)e->rank * sizeof *e->dim), 0);
    }
    cr_assert_str_eq(safetensors_entry(f, 0)->name, "second.weight", "in the order of their data");
    struct tensor t = {0};
    cr_assert_eq(safetensors_tensor(f, "second.weight", &t, NULL), ERR_NONE);
    cr_assert_eq(memcmp(t.data, a, sizeof a), 0, "to the bit");
    tensor_fini(&t);
    cr_assert_eq(safetensors_tensor(f, items[3].name, &t, NULL), ERR_NONE);
    cr_assert_eq(t.rank, 0);
    cr_assert_eq(t.data[0], 7);
    tensor_fini(&t);
    int64_t got[4];
    safetensors_ints(f, safetensors_find(f, "counts"), got);
    cr_assert_eq(memcmp(got, b, sizeof b), 0);
    cr_assert_str_eq(safetensors_metadata(f, "fovea.model"), meta[0].value);
    cr_assert_str_eq(safetensors_metadata(f, "k"), "");
    cr_assert_null(safetensors_metadata(f, "none"));
    cr_assert_null(safetensors_find(f, "none"));
    safetensors_close(f);
    safetensors_close(NULL);
}

Test(safetensors, data_begin_at_a_multiple_of_eight)
{
    for (int length = 1; length < 20; length++) {
        char name[21] = "nnnnnnnnnnnnnnnnnnnn";
        struct bytes bytes = {0};
        name[length] = 0;
        const struct safetensors_item item = {name, DTYPE_F32, 1, {1}, (const float[]){1}};
        cr_assert_eq(safetensors_write("f", &item, 1, NULL, 0, NULL), ERR_NONE);
        cr_assert_eq(file_read("f", 0, &bytes, NULL), ERR_NONE);
        cr_assert_eq((bytes.size - sizeof(float)) % 8, 0);
        bytes_free(&bytes);
    }
}

/* The definition of IEEE 754 binary16. */
static double half(unsigned bits)
{
    double sign = bits & 0x8000 ? -1 : 1, fraction = bits & 0x3ff;
    int exponent = bits >> 10 & 31;
    if (exponent == 31)
        return fraction > 0 ? (double)NAN : sign * (double)INFINITY;
    return sign *
           (exponent == 0 ? fraction / 1024 * pow(2, -14) : (1 + fraction / 1024) * pow(2, exponent - 15));
}

/* bfloat16: the exponent of binary32 and seven bits of fraction. */
static double brain(unsigned bits)
{
    double sign = bits & 0x8000 ? -1 : 1, fraction = bits & 0x7f;
    int exponent = bits >> 7 & 255;
    if (exponent == 255)
        return fraction > 0 ? (double)NAN : sign * (double)INFINITY;
    return sign *
           (exponent == 0 ? fraction / 128 * pow(2, -126) : (1 + fraction / 128) * pow(2, exponent - 127));
}

static void check_sixteen(const char *dtype, double (*value)(unsigned bits))
{
    enum { ALL = 1 << 16 };
    static unsigned char bytes[2 * ALL];
    static float got[ALL];
    for (unsigned i = 0; i < ALL; i++) {
        bytes[2 * i] = (unsigned char)i;
        bytes[2 * i + 1] = (unsigned char)(i >> 8);
    }
    struct safetensors *f = file_of(dtype, ALL, bytes, sizeof bytes);
    cr_assert(safetensors_is_float(safetensors_find(f, "a")));
    safetensors_floats(f, safetensors_find(f, "a"), got);
    for (unsigned i = 0; i < ALL; i++) {
        double want = value(i);
        cr_assert(isnan(want) ? isnan(got[i]) : (double)got[i] >= want && (double)got[i] <= want,
                  "%s 0x%04x is %g, not %g", dtype, i, (double)got[i], want);
        cr_assert(isnan(want) || !signbit(got[i]) == !(i & 0x8000));
    }
    safetensors_close(f);
}

Test(safetensors, every_half)
{
    check_sixteen("F16", half);
}

Test(safetensors, every_bfloat)
{
    check_sixteen("BF16", brain);
}

Test(safetensors, doubles)
{
    const double values[] = {0,     -0.0,        1.0 / 3,          1e300,       -1e300,  1e-300,
                             1e-40, DBL_MIN / 4, (double)INFINITY, (double)NAN, 16777217};
    const float want[] = {0, -0.0f, 1.0f / 3, INFINITY, -INFINITY, 0, 1e-40f, 0, INFINITY, NAN, 16777216};
    float got[ARRAY_LEN(values)];
    struct safetensors *f = file_of("F64", ARRAY_LEN(values), values, sizeof values);
    safetensors_floats(f, safetensors_find(f, "a"), got);
    for (int i = 0; i < ARRAY_LEN(values); i++)
        cr_assert(isnan(want[i]) ? isnan(got[i]) : memcmp(&got[i], &want[i], sizeof(float)) == 0,
                  "%g became %g", values[i], (double)got[i]);
    safetensors_close(f);
}

Test(safetensors, whole_numbers_of_every_size)
{
    static const struct {
        const char *dtype;
        int size;
        int64_t want[4]; /* of 0x00.., 0x7f.., 0x80.., 0xff.. */
    } kinds[] = {
        {"I64", 8, {0, 0x7f7f7f7f7f7f7f7f, (int64_t)0x8080808080808080, -1}},
        {"I32", 4, {0, 0x7f7f7f7f, (int32_t)0x80808080, -1}},
        {"I16", 2, {0, 0x7f7f, (int16_t)0x8080, -1}},
        {"I8", 1, {0, 0x7f, -128, -1}},
        {"U8", 1, {0, 0x7f, 0x80, 0xff}},
    };
    for (int k = 0; k < ARRAY_LEN(kinds); k++) {
        unsigned char bytes[32];
        int64_t got[4];
        for (int i = 0; i < 4 * kinds[k].size; i++)
            bytes[i] = (const unsigned char[]){0, 0x7f, 0x80, 0xff}[i / kinds[k].size];
        struct safetensors *f = file_of(kinds[k].dtype, 4, bytes, (size_t)(4 * kinds[k].size));
        cr_assert_not(safetensors_is_float(safetensors_find(f, "a")));
        safetensors_ints(f, safetensors_find(f, "a"), got);
        for (int i = 0; i < 4; i++)
            cr_assert_eq(got[i], kinds[k].want[i], "%s number %d is %lld", kinds[k].dtype, i,
                         (long long)got[i]);
        safetensors_close(f);
    }
}

Test(safetensors, messages)
{
    struct safetensors *f = NULL;
    struct tensor t = {0};
    struct diag d = {0};
    cr_assert_eq(safetensors_open("none", &f, &d), ERR_IO);
    cr_assert_str_eq(d.text, "none: cannot open: No such file or directory");
    cr_assert_eq(safetensors_open(".", &f, &d), ERR_IO);
    cr_assert_eq(file_write("short", "1234567", 7, NULL), ERR_NONE);
    cr_assert_eq(safetensors_open("short", &f, &d), ERR_FORMAT);
    cr_assert_str_eq(d.text, "short: 7 bytes are too few for a safetensors file");
    cr_assert_eq(file_write("long", "\0\0\0\x80\0\0\0\0{}", 10, NULL), ERR_NONE);
    cr_assert_eq(safetensors_open("long", &f, &d), ERR_FORMAT);
    cr_assert_str_eq(d.text,
                     "long: not a safetensors file: its header would have 2147483648 bytes, but 2 follow");
    cr_assert_null(f);

    const int64_t one[1] = {1};
    const struct safetensors_item items[] = {{"a", DTYPE_F32, 1, {1}, (const float[]){1}},
                                             {"b", DTYPE_I64, 1, {1}, one}};
    cr_assert_eq(safetensors_write("f", items, 2, NULL, 0, NULL), ERR_NONE);
    f = open_file("f");
    cr_assert_eq(safetensors_tensor(f, "c", &t, &d), ERR_UNKNOWN);
    cr_assert_str_eq(d.text, "f: no tensor 'c'; there are a and b");
    cr_assert_eq(safetensors_tensor(f, "b", &t, &d), ERR_FORMAT);
    cr_assert_not_null(strstr(d.text, "f: tensor 'b' holds whole numbers"), "%s", d.text);
    cr_assert_null(t.data);
    safetensors_close(f);
}

Test(safetensors, what_json_cannot_hold_is_refused)
{
    struct diag d = {0};
    const struct safetensors_item good = {"a", DTYPE_F32, 1, {1}, (const float[]){1}},
                                  bad = {"\xe4", DTYPE_F32, 1, {1}, (const float[]){1}};
    const struct safetensors_meta latin = {"fovea.classes", "K\xe4se\n"};
    cr_assert_eq(safetensors_write("f", &good, 1, &latin, 1, &d), ERR_FORMAT);
    cr_assert_not_null(strstr(d.text, "f: the text of fovea.classes can't be written: it isn't UTF-8"), "%s",
                       d.text);
    cr_assert_eq(safetensors_write("f", &bad, 1, NULL, 0, &d), ERR_FORMAT);
    cr_assert_not_null(strstr(d.text, "isn't UTF-8"), "%s", d.text);
    cr_assert_not(file_exists("f"));
    cr_assert_eq(safetensors_write("no/f", &good, 1, NULL, 0, &d), ERR_IO);
}
