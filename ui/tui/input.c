#include "tui/input.h"

#include <stdint.h>
#include <string.h>

#include "base/err.h"

enum { ESC = 27, PASTE_BEGIN = 200, PASTE_END = 201 };
static const double escape_wait =
    0.025;                          /* longer than the rest of a sequence is behind, even on a slow line */
static const double paste_wait = 1; /* a paste whose end never comes must not eat the keyboard */

/* What one attempt to understand the buffer's beginning has found. */
enum { MORE = -2 };

void input_learn(struct input *in, const char *sequence, int key)
{
    size_t length = sequence ? strlen(sequence) : 0;

    if (length < 2 || length >= sizeof in->learned[0].sequence || in->learned_count == INPUT_LEARNED)
        return;
    memcpy(in->learned[in->learned_count].sequence, sequence, length + 1);
    in->learned[in->learned_count++].key = key;
}

int input_feed(struct input *in, const void *bytes, int count, double now)
{
    int room = INPUT_BYTES - in->have;

    if (count > room)
        count = room;
    memcpy(in->bytes + in->have, bytes, (size_t)count);
    in->have += count;
    in->last = now;
    return count;
}

static void drop(struct input *in, int count)
{
    in->have -= count;
    memmove(in->bytes, in->bytes + count, (size_t)in->have);
}

static int plain(unsigned char byte)
{
    switch (byte) {
    case '\r':
    case '\n':
        return KEY_ENTER_;
    case '\t':
        return KEY_TAB_;
    case '\b':
    case 127:
        return KEY_BACKSPACE_;
    default:
        return byte;
    }
}

/** The letter that ends CSI [1;modifier] or SS3. */
static int by_letter(unsigned char letter)
{
    static const struct {
        char letter;
        int key;
    } letters[] = {
        {'A', KEY_UP_},   {'B', KEY_DOWN_},    {'C', KEY_RIGHT_},   {'D', KEY_LEFT_},
        {'H', KEY_HOME_}, {'F', KEY_END_},     {'Z', KEY_BACKTAB_}, {'M', KEY_ENTER_},
        {'P', KEY_F1_},   {'Q', KEY_F1_ + 1},  {'R', KEY_F1_ + 2},  {'S', KEY_F1_ + 3},
        {'w', KEY_HOME_}, {'y', KEY_PAGE_UP_}, {'q', KEY_END_},     {'s', KEY_PAGE_DOWN_},
    };

    for (int i = 0; i < ARRAY_LEN(letters); i++) {
        if (letters[i].letter == letter)
            return letters[i].key;
    }
    return KEY_NOTHING;
}

/** The number of CSI number ~. */
static int by_number(int number)
{
    static const int functions[] = {11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24};

    for (int i = 0; i < ARRAY_LEN(functions); i++) {
        if (functions[i] == number)
            return KEY_F1_ + i;
    }
    switch (number) {
    case 1:
    case 7:
        return KEY_HOME_;
    case 2:
        return KEY_INSERT_;
    case 3:
        return KEY_DELETE_;
    case 4:
    case 8:
        return KEY_END_;
    case 5:
        return KEY_PAGE_UP_;
    case 6:
        return KEY_PAGE_DOWN_;
    default:
        return KEY_NOTHING;
    }
}

/**
 * A report of the mouse: bits 0 and 1 the button (3: none), 32 moved, 64 wheel; 4, 8 and 16 are Shift, Alt and Control.
 * Columns and rows from 1.
 */
static int mouse_report(struct input *in, int code, int col, int row, bool up)
{
    struct mouse m = {.row = row - 1, .col = col - 1};
    int button = (code & 3) + 1;

    if (row < 1 || col < 1 || code & 128)
        return KEY_NOTHING;
    if (code & 64) {
        if (button > 2 || up)
            return KEY_NOTHING;
        m.button = 3 + button;
        m.pressed = true;
    } else if (code & 32) {
        m.button = button > 3 ? 0 : button;
        m.dragged = true;
    } else if (button > 3 || up) { /* X10 doesn't say which one it was */
        m.button = button > 3 ? in->mouse.button : button;
        m.released = true;
    } else {
        m.button = button;
        m.pressed = true;
    }
    in->mouse = m;
    return KEY_MOUSE_;
}

/** CSI parameters final; `*used` bytes of the buffer. */
static int control_sequence(struct input *in, int *used)
{
    int number[4] = {0}, count = 0, i = 2;
    bool private = false;
    unsigned char final;

    if (in->have > 2 && in->bytes[2] == '[') { /* F1 to F5 of the Linux console */
        *used = 4;
        if (in->have < 4)
            return MORE;
        return in->bytes[3] >= 'A' && in->bytes[3] <= 'E' ? KEY_F1_ + in->bytes[3] - 'A' : KEY_NOTHING;
    }
    for (; i < in->have && in->bytes[i] >= 0x20 && in->bytes[i] < 0x40; i++) {
        unsigned char byte = in->bytes[i];

        if (byte >= '0' && byte <= '9' && number[count] < 100000)
            number[count] = 10 * number[count] + byte - '0';
        else if (byte == ';' && count < 3)
            count++;
        else if (byte < '0' || byte > ';')
        private = true;
    }
    *used = i + 1;
    if (i >= in->have)
        return MORE;
    final = in->bytes[i];
    if (final == 'M' && i == 2) { /* X10: three bytes follow */
        *used = 6;
        return in->have < 6
                   ? MORE
                   : mouse_report(in, in->bytes[3] - 32, in->bytes[4] - 32, in->bytes[5] - 32, false);
    }
    if ((final == 'M' || final == 'm') && in->bytes[2] == '<')
        return mouse_report(in, number[0], number[1], number[2], final == 'm');
    if (private)
        return KEY_NOTHING;
    if (final == '~' && number[0] == PASTE_BEGIN)
        in->pasting = true;
    if (final == '~')
        return by_number(number[0]);
    if (final < 0x40 || final > 0x7e) /* not a sequence after all: what came in between is its own */
        *used = i;
    return by_letter(final);
}

/** One of those that were taught; MORE when the buffer may become one. */
static int learned(const struct input *in, int *used)
{
    int found = KEY_NOTHING;

    for (int i = 0; i < in->learned_count; i++) {
        int length = (int)strlen(in->learned[i].sequence);
        int same = length < in->have ? length : in->have;

        if (memcmp(in->learned[i].sequence, in->bytes, (size_t)same) != 0)
            continue;
        if (same < length) {
            found = MORE;
            continue;
        }
        *used = length;
        return in->learned[i].key;
    }
    return found;
}

/** What the buffer, which begins with Escape, means; `*used` bytes of it. */
static int escape_sequence(struct input *in, int *used)
{
    int key = learned(in, used);

    if (key != KEY_NOTHING)
        return key;
    if (in->have == 1)
        return MORE;
    if (in->bytes[1] == '[')
        return control_sequence(in, used);
    if (in->bytes[1] == 'O') {
        *used = 3;
        return in->have < 3 ? MORE : by_letter(in->bytes[2]);
    }
    *used = 1; /* Alt and a key */
    return KEY_ESCAPE_;
}

/** Drops pasted text; true while its end hasn't come. */
static bool swallow_paste(struct input *in, double now)
{
    static const char end[] = "\033[201~";
    int length = (int)sizeof end - 1;

    for (int i = 0; i + length <= in->have; i++) {
        if (memcmp(in->bytes + i, end, (size_t)length) == 0) {
            drop(in, i + length);
            in->pasting = false;
            return false;
        }
    }
    if (now - in->last > paste_wait) {
        in->pasting = false;
        in->have = 0;
        return false;
    }
    if (in->have >= length)
        drop(in, in->have - length + 1); /* what is kept may be the first bytes of the end */
    return true;
}

int input_key(struct input *in, double now)
{
    while (in->have) {
        int used = 1, key;

        if (in->pasting) {
            if (swallow_paste(in, now))
                return KEY_NOTHING;
            continue;
        }
        if (in->bytes[0] == ESC) {
            key = escape_sequence(in, &used);
            if (key == MORE && in->have < INPUT_BYTES && now - in->last < escape_wait)
                return KEY_NOTHING;
            if (key == MORE) { /* no more has come: a key by itself */
                used = 1;
                key = KEY_ESCAPE_;
            }
        } else {
            int ch = utf8_feed(&in->utf8, in->bytes[0]);

            key = ch < 0 || ch == UTF8_BAD ? KEY_NOTHING : ch < 0x80 ? plain((unsigned char)ch) : ch;
        }
        drop(in, used);
        if (key != KEY_NOTHING)
            return key;
    }
    return KEY_NOTHING;
}

double input_due(const struct input *in, double now)
{
    double due;

    if (in->have == 0 && !in->pasting)
        return -1;
    due = in->last + (in->pasting ? paste_wait : escape_wait) - now;
    return due > 0 ? due : 0;
}
