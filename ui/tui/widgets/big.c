#include "tui/widgets/big.h"

enum { TALL = 5, WIDE = 3 };

/* Rows from the top, three bits each, the left pixel first. */
static const struct glyph_rows {
    char ch;
    uint8_t row[TALL];
} font[] = {
    {'0', {7, 5, 5, 5, 7}}, {'1', {2, 6, 2, 2, 7}}, {'2', {7, 1, 7, 4, 7}}, {'3', {7, 1, 3, 1, 7}},
    {'4', {5, 5, 7, 1, 1}}, {'5', {7, 4, 7, 1, 7}}, {'6', {7, 4, 7, 5, 7}}, {'7', {7, 1, 2, 2, 2}},
    {'8', {7, 5, 7, 5, 7}}, {'9', {7, 5, 7, 1, 7}}, {'a', {2, 5, 7, 5, 5}}, {'b', {6, 5, 6, 5, 6}},
    {'c', {3, 4, 4, 4, 3}}, {'d', {6, 5, 5, 5, 6}}, {'e', {7, 4, 6, 4, 7}}, {'f', {7, 4, 6, 4, 4}},
    {'g', {3, 4, 5, 5, 3}}, {'h', {5, 5, 7, 5, 5}}, {'i', {7, 2, 2, 2, 7}}, {'j', {1, 1, 1, 5, 2}},
    {'k', {5, 5, 6, 5, 5}}, {'l', {4, 4, 4, 4, 7}}, {'m', {5, 7, 7, 5, 5}}, {'n', {6, 5, 5, 5, 5}},
    {'o', {2, 5, 5, 5, 2}}, {'p', {6, 5, 6, 4, 4}}, {'q', {2, 5, 5, 6, 3}}, {'r', {6, 5, 6, 5, 5}},
    {'s', {3, 4, 2, 1, 6}}, {'t', {7, 2, 2, 2, 2}}, {'u', {5, 5, 5, 5, 7}}, {'v', {5, 5, 5, 5, 2}},
    {'w', {5, 5, 7, 7, 5}}, {'x', {5, 5, 2, 5, 5}}, {'y', {5, 5, 2, 2, 2}}, {'z', {7, 1, 2, 4, 7}},
    {'.', {0, 0, 0, 0, 2}}, {'%', {5, 1, 2, 4, 5}}, {'-', {0, 0, 7, 0, 0}}, {'+', {0, 2, 7, 2, 0}},
    {'?', {7, 1, 2, 0, 2}}, {'!', {2, 2, 2, 0, 2}}, {'_', {0, 0, 0, 0, 7}}, {':', {0, 2, 0, 2, 0}},
};

static const uint8_t *rows_of(char ch)
{
    static const uint8_t none[TALL];
    if (ch >= 'A' && ch <= 'Z')
        ch = (char)(ch - 'A' + 'a');
    for (int i = 0; i < ARRAY_LEN(font); i++)
        if (font[i].ch == ch)
            return font[i].row;
    return none;
}

/* The first byte of the next character, or 0: all that the font has are of one byte. */
static char next_letter(const char **text)
{
    char ch = **text;
    *text += ch != 0;
    while ((**text & 0xc0) == 0x80)
        (*text)++;
    return ch;
}

int big_rows(const struct style *s, int zoom)
{
    return s->utf8 ? (TALL * zoom + 1) / 2 : TALL * (zoom > 1 ? zoom / 2 : 1);
}

int big_cols(const char *text, int zoom)
{
    int letters = 0;
    while (next_letter(&text))
        letters++;
    return letters > 0 ? (letters * (WIDE + 1) - 1) * zoom : 0;
}

int big_zoom(const struct style *s, const char *text, int rows, int cols, int most)
{
    for (int zoom = most; zoom > 0; zoom--)
        if (big_rows(s, zoom) <= rows && big_cols(text, zoom) <= cols)
            return zoom;
    return 0;
}

static bool is_on(const uint8_t *rows, int y, int x)
{
    return y < TALL && (rows[y] >> (WIDE - 1 - x) & 1);
}

static void draw_letter(struct canvas *c, int row, int col, enum role role, const uint8_t *rows, int zoom)
{
    static const uint16_t halves[] = {' ', 0x2584, 0x2580, 0x2588};
    int tall = zoom > 1 ? zoom / 2 : 1;
    for (int y = 0; y < big_rows(c->style, zoom); y++)
        for (int x = 0; x < WIDE * zoom; x++) {
            uint32_t ch = is_on(rows, y / tall, x / zoom) ? '#' : ' ';
            if (c->style->utf8)
                ch = halves[2 * is_on(rows, 2 * y / zoom, x / zoom) +
                            is_on(rows, (2 * y + 1) / zoom, x / zoom)];
            if (ch != ' ')
                canvas_put(c, row + y, col + x, role, ch);
        }
}

int big_draw(struct canvas *c, int row, int col, enum role role, const char *text, int zoom)
{
    int taken = 0;
    for (char ch; (ch = next_letter(&text)) != 0; taken += (WIDE + 1) * zoom)
        draw_letter(c, row, col + taken, role, rows_of(ch), zoom);
    return taken > 0 ? taken - zoom : 0;
}
