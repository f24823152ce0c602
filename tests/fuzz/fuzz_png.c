/** Damaged pictures of every kind, with their checksums put right so that what lies behind them is reached. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/image.h"
#include "fuzz.h"
#include "png_bytes.h"

static enum err read_image(const char *path, struct diag *diag)
{
    struct image image = {0};
    enum err err = image_read_png(path, &image, diag);
    if (err && image.data)
        fuzz_fail("an image although it failed");
    if (err)
        return err;
    if ((image.shape.c != 1 && image.shape.c != 3) || image.shape.h < 1 || image.shape.w < 1)
        fuzz_fail("an image of %s", shape_text(image.shape).s);
    for (size_t i = 0; i < shape_count(image.shape); i++)
        if (!(image.data[i] >= 0 && image.data[i] <= 1)) {
            fuzz_fail("a value of %g", (double)image.data[i]);
            break;
        }
    if (shape_count(image.shape) < 10000000 && image_fit(&image, (struct shape){3, 5, 7}, diag))
        fuzz_fail("it can't be fitted: %s", diag->text);
    image_fini(&image);
    return ERR_NONE;
}

static const struct fuzz_reader reader = {read_image};

static unsigned sample(int x, int y, int c)
{
    return (unsigned)(x + y + c) & 1;
}

/* Puts the checksum of every chunk right, as far as the lengths make sense. */
static void mend(unsigned char *file, size_t size)
{
    for (size_t at = 8; at + 12 <= size;) {
        size_t length =
            (size_t)file[at] << 24 | (size_t)file[at + 1] << 16 | (size_t)file[at + 2] << 8 | file[at + 3];
        if (length > size - at - 12)
            return;
        uint32_t crc = (uint32_t)crc32(0, file + at + 4, (uInt)(length + 4));
        for (int i = 0; i < 4; i++)
            file[at + 8 + length + (size_t)i] = (unsigned char)(crc >> (24 - 8 * i));
        at += 12 + length;
    }
}

static void mended(const struct text *t, int rounds, const char *what)
{
    static unsigned char work[FUZZ_MOST];
    struct rng rng;
    rng_init(&rng, rng_key(t->length, 1, 2));
    for (int i = 0; i < rounds; i++) {
        char name[128];
        memcpy(work, t->data, t->length);
        for (uint32_t k = 1 + rng_below(&rng, 4); k > 0; k--) {
            unsigned char byte = (unsigned char)rng_below(&rng, 256);
            work[8 + rng_below(&rng, (uint32_t)t->length - 8)] = (unsigned char)(byte >> rng_below(&rng, 9));
        }
        mend(work, t->length);
        snprintf(name, sizeof name, "%.90s, mended %d", what, i);
        (void)fuzz_try(reader, NULL, work, t->length, name);
    }
}

/* A header that claims w x h, and next to no data. */
static void claims(uint32_t w, uint32_t h, int bits, int type, const char *word)
{
    struct text t = {0}, rows = {0};
    char what[96];
    text_add_n(&rows, "\0\0\0\0\0\0\0\0", 8);
    png_ihdr(&t, w, h, bits, type, false);
    png_idat(&t, &rows);
    png_chunk(&t, "IEND", "", 0);
    snprintf(what, sizeof what, "%ux%u pixels of %d bits", w, h, bits);
    fuzz_expect(reader, NULL, t.data, t.length, false, word, what);
    text_free(&rows);
    text_free(&t);
}

/* Text that unpacks to more than a picture should bring along. */
static void bomb(void)
{
    enum { BOMB = 40 << 20 };
    struct png_kind k = {.type = PNG_GREY, .bits = 1, .w = 3, .h = 3, .sample = sample};
    struct text plain = png_bytes(&k), t = {0};
    unsigned char *zeros = calloc(BOMB, 1);
    uLongf size = compressBound(BOMB);
    char *packed = malloc(size + 3);
    if (zeros && packed && compress2((unsigned char *)packed + 3, &size, zeros, BOMB, 9) == Z_OK) {
        memcpy(packed, "a\0\0", 3);
        text_add_n(&t, plain.data, 33); /* the signature and IHDR */
        png_chunk(&t, "zTXt", packed, size + 3);
        png_chunk(&t, "iCCP", packed, size + 3);
        text_add_n(&t, plain.data + 33, plain.length - 33);
        if (t.length <= FUZZ_MOST * 4)
            (void)fuzz_try(reader, NULL, t.data, t.length, "a bomb of text");
    }
    free(zeros);
    free(packed);
    text_free(&t);
    text_free(&plain);
}

int main(void)
{
    static const unsigned char transparency[] = {100}, palette[] = {255, 0, 10, 20, 30, 40};
    static const int types[] = {PNG_GREY, PNG_COLOUR, PNG_PALETTE, PNG_GREY_ALPHA, PNG_COLOUR_ALPHA};
    fuzz_begin();
    for (int type = 0; type < ARRAY_LEN(types); type++)
        for (int bits = 1; bits <= 16; bits *= 2)
            for (int interlaced = 0; interlaced < 2; interlaced++) {
                struct png_kind k = {.type = types[type],
                                     .bits = bits,
                                     .interlaced = interlaced,
                                     .w = 9,
                                     .h = 5,
                                     .sample = sample};
                bool exists = k.type == PNG_GREY || (k.type == PNG_PALETTE ? bits <= 8 : bits >= 8);
                if (k.type == PNG_PALETTE) {
                    k.palette = palette;
                    k.entries = 2;
                    k.transparency = transparency;
                    k.transparencies = 1;
                }
                if (!exists)
                    continue;
                struct text t = png_bytes(&k);
                char what[96];
                snprintf(what, sizeof what, "type %d, %d bits%s", k.type, bits,
                         interlaced ? ", interlaced" : "");
                fuzz_mutate(reader, NULL, t.data, t.length, 200, what);
                mended(&t, 400, what);
                text_free(&t);
            }
    claims(0, 5, 8, PNG_GREY, NULL);
    claims(5, 0, 8, PNG_GREY, NULL);
    claims(10000, 10000, 8, PNG_COLOUR_ALPHA, "too short");
    claims(10000, 10000, 1, PNG_GREY, "too short");
    claims(10001, 10000, 8, PNG_GREY, "100 megapixels");
    claims(1000000, 1000000, 16, PNG_COLOUR_ALPHA, NULL);
    claims(0x7fffffff, 0x7fffffff, 16, PNG_COLOUR_ALPHA, NULL);
    claims(0xffffffff, 0xffffffff, 1, PNG_GREY, NULL);
    claims(100000000, 1, 8, PNG_GREY, NULL);
    claims(1, 100000000, 8, PNG_GREY, NULL);
    claims(50, 50, 3, PNG_GREY, NULL);
    claims(50, 50, 8, 5, NULL);
    bomb();
    return fuzz_end();
}
