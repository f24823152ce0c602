#include "tui/utf8.h"

#include <stdbool.h>

#include "base/err.h"

int utf8_length(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first < 0xe0)
        return 2;
    if (first >= 0xe0 && first < 0xf0)
        return 3;
    return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

uint32_t utf8_next(const char **text)
{
    static const uint32_t smallest[UTF8_MAX + 1] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *s = (const unsigned char *)*text;
    int length = utf8_length(s[0]);
    uint32_t ch;

    if (s[0] == 0)
        return 0;
    *text += 1;
    if (length == 1)
        return s[0] < 0x20 || s[0] == 0x7f ? UTF8_BAD : s[0];
    if (length == 0)
        return UTF8_BAD;
    ch = s[0] & (0x7fu >> length);
    for (int i = 1; i < length; i++) {
        if ((s[i] & 0xc0) != 0x80) /* the end of the text too */
            return UTF8_BAD;
        ch = ch << 6 | (s[i] & 0x3f);
    }
    if (ch < smallest[length] || ch > 0x10ffff || (ch >= 0xd800 && ch < 0xe000))
        return UTF8_BAD;
    *text += length - 1;
    return ch < 0xa0 ? UTF8_BAD : ch; /* U+0080..9f are controls */
}

int utf8_write(uint32_t ch, char *out)
{
    if (ch < 0x80) {
        out[0] = (char)ch;
        return 1;
    }
    if (ch < 0x800) {
        out[0] = (char)(0xc0 | ch >> 6);
        out[1] = (char)(0x80 | (ch & 0x3f));
        return 2;
    }
    if (ch < 0x10000) {
        out[0] = (char)(0xe0 | ch >> 12);
        out[1] = (char)(0x80 | (ch >> 6 & 0x3f));
        out[2] = (char)(0x80 | (ch & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | ch >> 18);
    out[1] = (char)(0x80 | (ch >> 12 & 0x3f));
    out[2] = (char)(0x80 | (ch >> 6 & 0x3f));
    out[3] = (char)(0x80 | (ch & 0x3f));
    return 4;
}

int utf8_feed(struct utf8_reader *r, unsigned char byte)
{
    const char *text = r->bytes;
    int length;

    if ((byte & 0xc0) != 0x80) /* a first byte; what was begun is forgotten */
        r->have = 0;
    else if (r->have == 0)
        return -1;
    if (byte < 0x80)
        return byte;
    r->bytes[r->have++] = (char)byte;
    r->bytes[r->have] = '\0';
    length = utf8_length((unsigned char)r->bytes[0]);
    if (length == 0)
        r->have = 0;
    if (r->have < length || length == 0)
        return -1;
    r->have = 0;
    return (int)utf8_next(&text);
}

struct range {
    uint32_t first, last;
};

static const struct range none[] = {
    {0x00ad, 0x00ad},   {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x05bf, 0x05bf},
    {0x05c1, 0x05c2},   {0x05c4, 0x05c5}, {0x0610, 0x061a}, {0x064b, 0x065f}, {0x0670, 0x0670},
    {0x06d6, 0x06dc},   {0x06df, 0x06e4}, {0x0900, 0x0902}, {0x093c, 0x093c}, {0x0941, 0x0948},
    {0x094d, 0x094d},   {0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e}, {0x1ab0, 0x1aff},
    {0x1dc0, 0x1dff},   {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0x20d0, 0x20f0},
    {0x302a, 0x302d},   {0x3099, 0x309a}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff},
    {0xe0001, 0xe01ef},
};

static const struct range wide[] = {
    {0x1100, 0x115f},   {0x2329, 0x232a},   {0x2e80, 0x303e},   {0x3041, 0x4dbf},   {0x4e00, 0xa4cf},
    {0xa960, 0xa97f},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff01, 0xff60},
    {0xffe0, 0xffe6},   {0x17000, 0x18cff}, {0x1b000, 0x1b2ff}, {0x1f300, 0x1f320}, {0x1f32d, 0x1f335},
    {0x1f337, 0x1f37c}, {0x1f37e, 0x1f393}, {0x1f3a0, 0x1f3ca}, {0x1f3e0, 0x1f3f0}, {0x1f400, 0x1f43e},
    {0x1f442, 0x1f4fc}, {0x1f4ff, 0x1f53d}, {0x1f5fb, 0x1f64f}, {0x1f680, 0x1f6c5}, {0x1f90c, 0x1f93a},
    {0x1f93c, 0x1f9ff}, {0x20000, 0x3fffd},
};

static bool among(const struct range *ranges, int count, uint32_t ch)
{
    int low = 0, high = count;

    while (low < high) {
        int middle = (low + high) / 2;

        if (ch > ranges[middle].last)
            low = middle + 1;
        else if (ch < ranges[middle].first)
            high = middle;
        else
            return true;
    }
    return false;
}

int utf8_columns(uint32_t ch)
{
    if (ch < 0x300) /* nearly always */
        return ch == 0xad ? 0 : 1;
    if (among(none, ARRAY_LEN(none), ch))
        return 0;
    return among(wide, ARRAY_LEN(wide), ch) ? 2 : 1;
}
