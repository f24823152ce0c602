#include "tui/block.h"

#include "base/err.h"

enum { HALF_COLS = BLOCK_COLS / 2, HALF_ROWS = BLOCK_ROWS / 2, THIN = 2 };
enum { LEFT = 1, RIGHT = 2, UP = 4, DOWN = 8 };

static void add(struct block *b, int x, int y, int w, int h)
{
    b->rect[b->count++] = (struct block_rect){x, y, w, h};
}

/* Arms from the middle of the cell to its edges. */
static bool lines_of(uint32_t ch, struct block *b)
{
    static const struct {
        uint16_t ch;
        uint8_t arms;
    } lines[] = {
        {0x2500, LEFT | RIGHT},
        {0x2502, UP | DOWN},
        {0x250c, RIGHT | DOWN},
        {0x2510, LEFT | DOWN},
        {0x2514, RIGHT | UP},
        {0x2518, LEFT | UP},
        {0x251c, UP | DOWN | RIGHT},
        {0x2524, UP | DOWN | LEFT},
        {0x252c, LEFT | RIGHT | DOWN},
        {0x2534, LEFT | RIGHT | UP},
        {0x253c, LEFT | RIGHT | UP | DOWN},
        {0x256d, RIGHT | DOWN},
        {0x256e, LEFT | DOWN},
        {0x256f, LEFT | UP},
        {0x2570, RIGHT | UP},
        {0x2574, LEFT},
        {0x2575, UP},
        {0x2576, RIGHT},
        {0x2577, DOWN},
    };
    int x = HALF_COLS - THIN / 2, y = HALF_ROWS - THIN / 2;
    for (int i = 0; i < ARRAY_LEN(lines); i++) {
        int arms = lines[i].arms;
        if (lines[i].ch != ch)
            continue;
        int from = arms & LEFT ? 0 : x, to = arms & RIGHT ? BLOCK_COLS : x + THIN;
        add(b, from, y, to - from, THIN);
        if (arms & UP)
            add(b, x, 0, THIN, y);
        if (arms & DOWN)
            add(b, x, y + THIN, THIN, BLOCK_ROWS - y - THIN);
        return true;
    }
    return false;
}

/* U+2596..259F: upper left, upper right, lower left and lower right quarters, from bit 0. */
static void quarters_of(uint32_t ch, struct block *b)
{
    static const uint8_t quarters[] = {4, 8, 1, 13, 9, 7, 11, 2, 6, 14};
    for (int i = 0; i < 4; i++)
        if (quarters[ch - 0x2596] >> i & 1)
            add(b, i % 2 * HALF_COLS, i / 2 * HALF_ROWS, HALF_COLS, HALF_ROWS);
}

static void element_of(uint32_t ch, struct block *b)
{
    int eighth = (int)(ch - 0x2580);
    if (ch == 0x2580)
        add(b, 0, 0, BLOCK_COLS, HALF_ROWS);
    else if (ch <= 0x2588) /* lower eighths */
        add(b, 0, BLOCK_ROWS - eighth * BLOCK_ROWS / 8, BLOCK_COLS, eighth * BLOCK_ROWS / 8);
    else if (ch <= 0x258f) /* left eighths */
        add(b, 0, 0, (16 - eighth) * BLOCK_COLS / 8, BLOCK_ROWS);
    else if (ch == 0x2590)
        add(b, HALF_COLS, 0, HALF_COLS, BLOCK_ROWS);
    else if (ch <= 0x2593)
        add(b, 0, 0, BLOCK_COLS, BLOCK_ROWS);
    else if (ch == 0x2594)
        add(b, 0, 0, BLOCK_COLS, BLOCK_ROWS / 8);
    else if (ch == 0x2595)
        add(b, BLOCK_COLS - BLOCK_COLS / 8, 0, BLOCK_COLS / 8, BLOCK_ROWS);
    else
        quarters_of(ch, b);
    if (ch >= 0x2591 && ch <= 0x2593)
        b->ink = (int)(ch - 0x2590);
}

/* Two columns of four dots; bits 0 to 2 and 6 are the left one from above. */
static void dots_of(uint32_t ch, struct block *b)
{
    static const uint8_t place[8] = {0, 2, 4, 1, 3, 5, 6, 7};
    for (int bit = 0; bit < 8; bit++)
        if (ch >> bit & 1)
            add(b, place[bit] % 2 * HALF_COLS + 2, place[bit] / 2 * BLOCK_ROWS / 4 + 2, 4, 4);
}

bool block_of(uint32_t ch, struct block *out)
{
    *out = (struct block){.ink = 4};
    if (ch >= 0x2580 && ch <= 0x259f)
        element_of(ch, out);
    else if (ch >= 0x2800 && ch <= 0x28ff)
        dots_of(ch, out);
    else
        return lines_of(ch, out);
    return true;
}
