/**
 * PNG files of every kind, put together by hand from the specification (ISO/IEC 15948), so that readers are compared with something
 * that libpng didn't write.
 */
#ifndef FOVEA_TESTS_PNG_BYTES_H
#define FOVEA_TESTS_PNG_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/text.h"

enum { PNG_GREY = 0, PNG_COLOUR = 2, PNG_PALETTE = 3, PNG_GREY_ALPHA = 4, PNG_COLOUR_ALPHA = 6 };

/** What a file is made of. Samples are asked for one by one. */
struct png_kind {
    int type, bits; /* of a sample: 1, 2, 4, 8, 16 */
    bool interlaced;
    int w, h;
    const unsigned char *palette; /* red, green, blue of each entry */
    int entries;
    const unsigned char *transparency; /* the contents of tRNS, or NULL */
    int transparencies;                /* bytes */
    unsigned (*sample)(int x, int y, int channel);
};

static inline int png_channels(int type)
{
    return type == PNG_COLOUR ? 3 : type == PNG_GREY_ALPHA ? 2 : type == PNG_COLOUR_ALPHA ? 4 : 1;
}

static inline void png_number(struct text *t, uint32_t value)
{
    const unsigned char bytes[4] = {(unsigned char)(value >> 24), (unsigned char)(value >> 16),
                                    (unsigned char)(value >> 8), (unsigned char)value};
    text_add_n(t, (const char *)bytes, 4);
}

/** Adds a chunk with its length and checksum. */
static inline void png_chunk(struct text *t, const char *name, const void *data, size_t size)
{
    png_number(t, (uint32_t)size);
    size_t at = t->length;
    text_add_n(t, name, 4);
    text_add_n(t, data, size);
    png_number(t, (uint32_t)crc32(0, (const unsigned char *)t->data + at, (uInt)(size + 4)));
}

/** The rows of one pass: pixels x0, x0 + dx, ... of rows y0, y0 + dy, ..., each row behind a filter byte of 0. */
static inline void png_pass(struct text *t, const struct png_kind *k, int x0, int y0, int dx, int dy)
{
    for (int y = y0; y < k->h && x0 < k->w; y += dy) {
        unsigned byte = 0;
        int used = 0;
        text_add_n(t, "", 1);
        for (int x = x0; x < k->w; x += dx)
            for (int c = 0; c < png_channels(k->type); c++) {
                unsigned v = k->sample(x, y, c);
                if (k->bits == 16) {
                    text_add_n(t, (const char[]){(char)(v >> 8), (char)v}, 2);
                    continue;
                }
                byte = byte << k->bits | v;
                used += k->bits;
                if (used == 8) {
                    text_add_n(t, (const char[]){(char)byte}, 1);
                    byte = 0;
                    used = 0;
                }
            }
        if (used)
            text_add_n(t, (const char[]){(char)(byte << (8 - used))}, 1);
    }
}

static inline void png_idat(struct text *t, const struct text *rows)
{
    uLongf size = compressBound((uLong)rows->length);
    unsigned char *packed = malloc(size);
    if (packed && compress2(packed, &size, (const unsigned char *)rows->data, (uLong)rows->length, 9) == Z_OK)
        png_chunk(t, "IDAT", packed, size);
    free(packed);
}

static inline void png_ihdr(struct text *t, uint32_t w, uint32_t h, int bits, int type, bool interlaced)
{
    struct text header = {0};
    png_number(&header, w);
    png_number(&header, h);
    text_add_n(&header, (const char[]){(char)bits, (char)type, 0, 0, (char)interlaced}, 5);
    text_add_n(t, "\x89PNG\r\n\x1a\n", 8);
    png_chunk(t, "IHDR", header.data, header.length);
    text_free(&header);
}

/** The whole file. text_free() it. */
static inline struct text png_bytes(const struct png_kind *k)
{
    static const int adam7[7][4] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                    {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
    struct text t = {0}, rows = {0};
    png_ihdr(&t, (uint32_t)k->w, (uint32_t)k->h, k->bits, k->type, k->interlaced);
    if (k->palette)
        png_chunk(&t, "PLTE", k->palette, (size_t)k->entries * 3);
    if (k->transparency)
        png_chunk(&t, "tRNS", k->transparency, (size_t)k->transparencies);
    if (k->interlaced)
        for (int i = 0; i < 7; i++)
            png_pass(&rows, k, adam7[i][0], adam7[i][1], adam7[i][2], adam7[i][3]);
    else
        png_pass(&rows, k, 0, 0, 1, 1);
    png_idat(&t, &rows);
    png_chunk(&t, "IEND", "", 0);
    text_free(&rows);
    return t;
}

#endif
