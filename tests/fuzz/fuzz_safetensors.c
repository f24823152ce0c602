/** Safetensors files and weights from hands that mean ill. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "fuzz.h"
#include "nn/init.h"
#include "nn/model.h"
#include "nn/weights.h"
#include "tensor/safetensors.h"

/* Bytes of one number, as far as it can be read. */
static size_t item_size(enum dtype t)
{
    return t == DTYPE_F64 || t == DTYPE_I64   ? 8
           : t == DTYPE_F32 || t == DTYPE_I32 ? 4
           : t == DTYPE_I8 || t == DTYPE_U8   ? 1
                                              : 2;
}

/* Reads every tensor into exactly as much memory as its shape says. @return bytes in the file */
static size_t read_tensor(const struct safetensors *f, const struct safetensors_entry *e)
{
    size_t count = 1;
    for (int i = 0; i < e->rank; i++)
        count *= (size_t)e->dim[i];
    if (e->dtype == DTYPE_OTHER)
        return 0;
    if (safetensors_is_float(e)) {
        struct tensor t = {0};
        float *out = malloc(count * sizeof *out + !count);
        if (!out || safetensors_tensor(f, e->name, &t, NULL))
            fuzz_fail("tensor '%s' was there, and can't be read", e->name);
        else
            safetensors_floats(f, e, out);
        if (out && t.data && memcmp(out, t.data, count * sizeof *out) != 0)
            fuzz_fail("tensor '%s' reads differently", e->name);
        tensor_fini(&t);
        free(out);
    } else {
        int64_t *out = malloc(count * sizeof *out + !count);
        if (out)
            safetensors_ints(f, e, out);
        free(out);
    }
    return count * item_size(e->dtype);
}

static enum err read_all(const char *path, struct diag *diag)
{
    struct safetensors *f = NULL;
    enum err err = safetensors_open(path, &f, diag);
    size_t bytes = 0;
    bool other = false;
    if (err)
        return err;
    (void)safetensors_metadata(f, "fovea.model");
    for (int i = 0; i < safetensors_count(f); i++) {
        const struct safetensors_entry *e = safetensors_entry(f, i);
        other |= e->dtype == DTYPE_OTHER;
        bytes += read_tensor(f, e);
        if (safetensors_find(f, e->name) != e)
            fuzz_fail("another tensor is called '%s' too", e->name);
    }
    struct bytes whole = {0};
    if (!other && !file_read(path, 0, &whole, NULL)) {
        size_t header = 0;
        for (int i = 7; i >= 0; i--)
            header = header << 8 | whole.data[i];
        if (8 + header + bytes != whole.size)
            fuzz_fail("%zu bytes of tensors behind a header of %zu in a file of %zu", bytes, header,
                      whole.size);
    }
    bytes_free(&whole);
    safetensors_close(f);
    return ERR_NONE;
}

static const struct fuzz_reader tensors = {read_all};

/* A file of this header and so many bytes of data; `length` is what it says the header has. */
static void header_of(const char *header, size_t header_size, uint64_t length, size_t data, bool good,
                      const char *word)
{
    static unsigned char file[FUZZ_MOST];
    for (int i = 0; i < 8; i++)
        file[i] = (unsigned char)(length >> 8 * i);
    memcpy(file + 8, header, header_size);
    memset(file + 8 + header_size, 0x3f, data);
    char what[128];
    snprintf(what, sizeof what, "%.100s", header);
    fuzz_expect(tensors, NULL, file, 8 + header_size + data, good, word, what);
}

#define A(dtype, shape, offsets)                                                                             \
    "\"a\":{\"dtype\":" dtype ",\"shape\":" shape ",\"data_offsets\":" offsets "}"
#define B(dtype, shape, offsets)                                                                             \
    "\"b\":{\"dtype\":" dtype ",\"shape\":" shape ",\"data_offsets\":" offsets "}"
#define F32 "\"F32\""

static const struct {
    const char *header;
    size_t data;
    bool good;
    const char *word; /* in the sentence */
} headers[] = {
    {"{" A(F32, "[2,3]", "[0,24]") "}", 24, true, NULL},
    {"{}", 0, true, NULL},
    {"{\"__metadata__\":{\"a\":\"b\"}," A(F32, "[]", "[0,4]") "}", 4, true, NULL},
    {"{" A(F32, "[0]", "[0,0]") "," B("\"I64\"", "[1]", "[0,8]") "}", 8, true, NULL},
    {"{" B(F32, "[1]", "[4,8]") "," A(F32, "[1]", "[0,4]") "}", 8, true, NULL},
    {"{" A(F32, "[4611686018427387904,0,4611686018427387904]", "[0,0]") "}", 0, false, "impossible shape"},
    {"{" A(F32, "[0,4611686018427387904,4611686018427387904]", "[0,0]") "}", 0, false, "impossible shape"},
    {"{" A(F32, "[0,1000000000000]", "[0,0]") "}", 0, true, NULL},
    {"{" A("\"BOOL\"", "[3]", "[0,3]") "}", 3, true, NULL},
    {"{" A(F32, "[1]", "[4,0]") "}", 4, false, "lies at bytes 4 to 0"},
    {"{" A(F32, "[1]", "[-4,0]") "}", 4, false, "lies at"},
    {"{" A(F32, "[1]", "[0,-4]") "}", 4, false, "lies at"},
    {"{" A(F32, "[1]", "[4,8]") "}", 4, false, "lies at"},
    {"{" A(F32, "[1]", "[9223372036854775804,9223372036854775807]") "}", 4, false, "lies at"},
    {"{" A(F32, "[1]", "[0,18446744073709551620]") "}", 4, false, NULL},
    {"{" A(F32, "[1]", "[0,4.0]") "}", 4, false, "begin and end"},
    {"{" A(F32, "[1]", "[0]") "}", 4, false, "begin and end"},
    {"{" A(F32, "[1]", "[0,4,8]") "}", 4, false, "begin and end"},
    {"{" A(F32, "[1]", "null") "}", 4, false, "begin and end"},
    {"{" A(F32, "[1]", "[0,4]") "," B(F32, "[1]", "[0,4]") "}", 4, false, "begins at byte 0"},
    {"{" A(F32, "[2]", "[0,8]") "," B(F32, "[2]", "[4,12]") "}", 12, false, "begins at byte 4"},
    {"{" A(F32, "[1]", "[0,4]") "," B(F32, "[1]", "[8,12]") "}", 12, false, "begins at byte 8"},
    {"{" A(F32, "[1]", "[4,8]") "}", 8, false, "begins at byte 4"},
    {"{" A(F32, "[1]", "[0,4]") "}", 8, false, "end at byte 4 of 8"},
    {"{" A(F32, "[2]", "[0,4]") "}", 4, false, "has 4 bytes, but its shape and type need 8"},
    {"{" A(F32, "[-1,-1]", "[0,4]") "}", 4, false, "impossible shape"},
    {"{" A(F32, "[4294967296,4294967296,4]", "[0,0]") "}", 0, false, "impossible shape"},
    {"{" A(F32, "[1.0]", "[0,4]") "}", 4, false, "impossible shape"},
    {"{" A(F32, "[NaN]", "[0,4]") "}", 4, false, "JSON"},
    {"{" A(F32, "[null]", "[0,4]") "}", 4, false, "impossible shape"},
    {"{" A(F32, "[[1]]", "[0,4]") "}", 4, false, "impossible shape"},
    {"{" A(F32, "1", "[0,4]") "}", 4, false, "no shape"},
    {"{" A(F32, "[1,1,1,1,1,1,1,1,1]", "[0,4]") "}", 4, false, "at most 8 dimensions"},
    {"{" A("\"f32\"", "[1]", "[0,4]") "}", 4, false, "unknown type 'f32'"},
    {"{" A("\"F128\"", "[1]", "[0,16]") "}", 16, false, "unknown type 'F128'"},
    {"{" A("7", "[1]", "[0,4]") "}", 4, false, "unknown type"},
    {"{\"a\":[]}", 0, false, "unknown type"},
    {"{\"a\":{}}", 0, false, "unknown type"},
    {"{\"a\":null}", 0, false, "unknown type"},
    {"{" A(F32, "[1]", "[0,4]") "," A(F32, "[1]", "[0,4]") "}", 4, false, "JSON"},
    {"{\"__metadata__\":{\"a\":{\"b\":[1,{}]}}," A(F32, "[1]", "[0,4]") "}", 4, true, NULL},
    {"{\"__metadata__\":[[[]]]}", 0, true, NULL},
    {"[]", 0, false, "isn't a JSON object"},
    {"7", 0, false, "JSON"},
    {"{\"a\xff\":{}}", 0, false, "JSON"},
    {"{\"a\\u0000b\":{}}", 0, false, "JSON"},
    {"{\"a\\ud800\":{}}", 0, false, "JSON"},
    {"{} {}", 0, false, "JSON"},
    {"", 0, false, "JSON"},
};

static void fixed_headers(void)
{
    static const uint64_t lengths[] = {0,
                                       1,
                                       2,
                                       7,
                                       (uint64_t)1 << 31,
                                       (uint64_t)1 << 32,
                                       (uint64_t)1 << 62,
                                       (uint64_t)1 << 63,
                                       UINT64_MAX - 7,
                                       UINT64_MAX - 1,
                                       UINT64_MAX};
    for (int i = 0; i < ARRAY_LEN(headers); i++) {
        size_t n = strlen(headers[i].header);
        header_of(headers[i].header, n, n, headers[i].data, headers[i].good, headers[i].word);
    }
    const char *plain = headers[0].header;
    for (int i = 0; i < ARRAY_LEN(lengths); i++)
        header_of(plain, strlen(plain), lengths[i], 24, false, NULL);
    for (int more = -3; more <= 24; more++)
        if (more)
            header_of(plain, strlen(plain), (uint64_t)((int)strlen(plain) + more), 24, false, NULL);

    char deep[FUZZ_MOST / 2];
    memset(deep, '[', sizeof deep);
    memcpy(deep, "{\"a\":", 5);
    header_of(deep, sizeof deep, sizeof deep, 0, false, NULL);
    memset(deep, 'n', sizeof deep);
    memcpy(deep, "{\"", 2);
    memcpy(deep + sizeof deep - 5, "\":{}}", 5);
    header_of(deep, sizeof deep, sizeof deep, 0, false, "unknown type");
}

static const char names[] = "a|b|c|conv1.weight|__metadata__||a b|\xc3\xa4";
static const char types[] =
    "\"F64\"|\"F32\"|\"F16\"|\"BF16\"|\"I64\"|\"I32\"|\"I16\"|\"I8\"|\"U8\"|\"BOOL\"|\"U64\"|"
    "\"F8_E4M3\"|\"F32\"|\"F16\"|\"F32\"|\"F64\"|\"x\"|null|{}";
static const char small_numbers[] = "0|1|1|2|2|3|4|6";
static const char numbers[] = "0|1|2|4|8|12|24|-1|2147483648|4294967296|9223372036854775807|1e3|\"1\"";

/* Adds a tensor whose data lie from `at`; @return where they end. */
static long random_tensor(struct text *t, struct rng *rng, long at)
{
    long end = at + 4 * (long)rng_below(rng, 7);
    text_add(t, t->length > 1 ? ",\"" : "\"");
    fuzz_add_one_of(t, rng, names);
    text_add(t, "\":{\"dtype\":");
    fuzz_add_one_of(t, rng, types);
    text_add(t, ",\"shape\":[");
    for (int d = (int)rng_below(rng, 3); d > 0; d--) {
        fuzz_add_one_of(t, rng, rng_below(rng, 8) ? small_numbers : numbers);
        text_add(t, d > 1 ? "," : "");
    }
    if (rng_below(rng, 6)) {
        text_format(t, "],\"data_offsets\":[%ld,%ld]}", at, end);
        return end;
    }
    text_add(t, "],\"data_offsets\":[");
    fuzz_add_one_of(t, rng, numbers);
    text_add(t, ",");
    fuzz_add_one_of(t, rng, numbers);
    text_add(t, "]}");
    return end;
}

/* Headers made of pieces that are each plausible somewhere. */
static void random_headers(int rounds)
{
    struct rng rng;
    rng_init(&rng, 7);
    for (int i = 0; i < rounds; i++) {
        struct text t = {0};
        long at = 0;
        text_add(&t, "{");
        for (uint32_t k = rng_below(&rng, 4); k > 0; k--)
            at = random_tensor(&t, &rng, at);
        text_add(&t, "}");
        unsigned char file[4096] = {0};
        for (int b = 0; b < 8; b++)
            file[b] = (unsigned char)(t.length >> 8 * b);
        memcpy(file + 8, t.data, t.length);
        (void)fuzz_try(tensors, NULL, file, 8 + t.length + (size_t)at, text_str(&t));
        text_free(&t);
    }
}

/* ---- weights of a net ---- */

static struct net *net;
static struct weights kept;

static enum err read_weights(const char *path, struct diag *diag)
{
    struct weights w = {0};
    if (weights_init(&w, net, diag))
        return ERR_MEMORY;
    for (size_t i = 0; i < w.params_count; i++)
        w.params[i] = 7;
    enum err err = weights_load(&w, net, path, diag);
    for (size_t i = 0; i < w.params_count && err; i++)
        if (!(w.params[i] >= 7 && w.params[i] <= 7)) {
            fuzz_fail("weights were written although the file was refused");
            break;
        }
    weights_fini(&w);
    return err;
}

/* What a file says of its own network is believed only as far as its tensors go. */
static enum err read_own_model(const char *path, struct diag *diag)
{
    struct safetensors *f = NULL;
    struct net *own = NULL;
    enum err err = safetensors_open(path, &f, diag);
    const char *text = err ? NULL : safetensors_metadata(f, "fovea.model");
    if (!err)
        err = text ? model_parse(text, path, NULL, &own, diag)
                   : diag_fail(diag, ERR_FORMAT, path, 0, "it names no model");
    if (!err)
        err = weights_check(own, f, path, diag);
    struct weights w = {0};
    if (!err)
        err = weights_init(&w, own, diag);
    if (!err)
        err = weights_from(&w, own, f, path, diag);
    weights_fini(&w);
    net_free(own);
    safetensors_close(f);
    return err;
}

static void saved_weights(void)
{
    static const char model[] = "input 1x6x6\nconv 2 3x3 nobias\nbatchnorm\nrelu\nflatten\ndense 3\n";
    struct bytes bytes = {0};
    struct diag diag = {0};
    if (model_parse(model, "model", NULL, &net, &diag) || weights_init(&kept, net, &diag)) {
        fuzz_fail("%s", diag.text);
        return;
    }
    init_weights(&kept, net, INIT_AUTO, 1);
    char *classes[] = {"one", "two", "three"};
    if (weights_save(&kept, net, classes, 3, "saved", &diag) || file_read("saved", 0, &bytes, &diag))
        fuzz_fail("%s", diag.text);
    else {
        fuzz_mutate(tensors, NULL, bytes.data, bytes.size, 3000, "saved weights as tensors");
        fuzz_mutate((struct fuzz_reader){read_weights}, NULL, bytes.data, bytes.size, 2000, "saved weights");
        fuzz_mutate((struct fuzz_reader){read_own_model}, NULL, bytes.data, bytes.size, 2000,
                    "saved weights with their model");
    }
    bytes_free(&bytes);
    weights_fini(&kept);
    net_free(net);

    static const char huge[] = "{\"__metadata__\":{\"fovea.model\":\"input 64\\ndense 16000000\\n\"}}";
    unsigned char file[256] = {sizeof huge - 1};
    memcpy(file + 8, huge, sizeof huge - 1);
    fuzz_expect((struct fuzz_reader){read_own_model}, NULL, file, 8 + sizeof huge - 1, false,
                "needs a tensor", "a small file with a large network");
}

int main(void)
{
    fuzz_begin();
    fixed_headers();
    random_headers(10000);
    saved_weights();
    return fuzz_end();
}
