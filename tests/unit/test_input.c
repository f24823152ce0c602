/** input: bytes of all kinds of terminals, torn apart anywhere, become keys; what is no key becomes nothing. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/rng.h"
#include "tui/input.h"

static struct input in;

static void setup(void)
{
    in = (struct input){0};
}

TestSuite(input, .init = setup);

static void feed(const char *bytes, double now)
{
    cr_assert_eq(input_feed(&in, bytes, (int)strlen(bytes), now), (int)strlen(bytes));
}

static void expect(int key, double now)
{
    int found = input_key(&in, now);

    cr_assert_eq(found, key, "found %x, expected %x", (unsigned)found, (unsigned)key);
}

static const struct {
    const char *bytes;
    int key;
} table[] = {
    {"a", 'a'},
    {" ", ' '},
    {"\001", 1},
    {"\r", KEY_ENTER_},
    {"\n", KEY_ENTER_},
    {"\t", KEY_TAB_},
    {"\b", KEY_BACKSPACE_},
    {"\177", KEY_BACKSPACE_},
    {"\u00e9", 0xe9},
    {"\u732b", 0x732b},
    {"\U0001f600", 0x1f600},
    {"\033[A", KEY_UP_},
    {"\033OA", KEY_UP_},
    {"\033[B", KEY_DOWN_},
    {"\033OC", KEY_RIGHT_},
    {"\033[D", KEY_LEFT_},
    {"\033[1;5D", KEY_LEFT_}, /* with Control */
    {"\033[H", KEY_HOME_},
    {"\033[1~", KEY_HOME_},
    {"\033[7~", KEY_HOME_},
    {"\033OF", KEY_END_},
    {"\033[4~", KEY_END_},
    {"\033[2~", KEY_INSERT_},
    {"\033[3~", KEY_DELETE_},
    {"\033[3;2~", KEY_DELETE_},
    {"\033[5~", KEY_PAGE_UP_},
    {"\033[6~", KEY_PAGE_DOWN_},
    {"\033[Z", KEY_BACKTAB_},
    {"\033OM", KEY_ENTER_},
    {"\033OP", KEY_F1_},
    {"\033[11~", KEY_F1_},
    {"\033[[A", KEY_F1_},
    {"\033[[E", KEY_F1_ + 4},
    {"\033[15~", KEY_F1_ + 4},
    {"\033[17~", KEY_F1_ + 5},
    {"\033[24~", KEY_F12_},
    {"\033[<0;1;1M", KEY_MOUSE_},
    {"\033[M !!", KEY_MOUSE_},
    /* what is no key */
    {"\033[0n", KEY_NOTHING},
    {"\033[?62;4c", KEY_NOTHING},
    {"\033[>1;2c", KEY_NOTHING},
    {"\033[99~", KEY_NOTHING},
    {"\033[I", KEY_NOTHING},
    {"\033[[x", KEY_NOTHING},
    {"\033[<0;0;0M", KEY_NOTHING},
    {"\xff", KEY_NOTHING},
    {"\x80", KEY_NOTHING},
    {"\xc0\x80", KEY_NOTHING},
    {"\xed\xa0\x80", KEY_NOTHING},
    {"\xc2\x85", KEY_NOTHING},
};

Test(input, every_sequence_whole_and_torn)
{
    for (int i = 0; i < ARRAY_LEN(table); i++) {
        int length = (int)strlen(table[i].bytes);

        for (int cut = 0; cut < length; cut++) {
            setup();
            input_feed(&in, table[i].bytes, cut, 1);
            expect(KEY_NOTHING, 1.01);
            input_feed(&in, table[i].bytes + cut, length - cut, 1.02);
            input_feed(&in, "z", 1, 1.02);
            if (table[i].key != KEY_NOTHING)
                expect(table[i].key, 1.02);
            expect('z', 1.02);
            expect(KEY_NOTHING, 1.02);
        }
    }
}

Test(input, escape_alone_takes_a_moment)
{
    cr_assert_lt(input_due(&in, 1), 0);
    feed("\033", 1);
    expect(KEY_NOTHING, 1.001);
    cr_assert_float_eq(input_due(&in, 1.001), 0.024, 1e-6);
    expect(KEY_ESCAPE_, 1.03);
    cr_assert_lt(input_due(&in, 1.03), 0);
    feed("\033", 2);
    feed("q", 2.001); /* Alt-q */
    expect(KEY_ESCAPE_, 2.002);
    expect('q', 2.002);
    feed("\033\033", 3);
    expect(KEY_ESCAPE_, 3.001);
    expect(KEY_NOTHING, 3.001);
    expect(KEY_ESCAPE_, 3.1);
    feed("\033[", 4); /* Alt-[ */
    expect(KEY_NOTHING, 4.001);
    expect(KEY_ESCAPE_, 4.1);
    expect('[', 4.1);
}

Test(input, a_key_within_a_sequence_is_not_lost)
{
    feed("\033[1\033[A", 1);
    expect(KEY_UP_, 1);
    expect(KEY_NOTHING, 1);
    feed("\xe7\x8cq", 2); /* a character that breaks off */
    expect('q', 2);
}

static void expect_mouse(const char *bytes, int row, int col, int button, char what)
{
    feed(bytes, 1);
    expect(KEY_MOUSE_, 1);
    cr_assert_eq(in.mouse.row, row);
    cr_assert_eq(in.mouse.col, col);
    cr_assert_eq(in.mouse.button, button, "%s: button %d", bytes, in.mouse.button);
    cr_assert_eq(in.mouse.pressed, what == 'p');
    cr_assert_eq(in.mouse.released, what == 'r');
    cr_assert_eq(in.mouse.dragged, what == 'd');
}

Test(input, mouse)
{
    expect_mouse("\033[<0;10;5M", 4, 9, 1, 'p');
    expect_mouse("\033[<32;300;200M", 199, 299, 1, 'd');
    expect_mouse("\033[<0;10;5m", 4, 9, 1, 'r');
    expect_mouse("\033[<18;1;1M", 0, 0, 3, 'p'); /* with Control */
    expect_mouse("\033[<64;7;8M", 7, 6, 4, 'p');
    expect_mouse("\033[<65;7;8M", 7, 6, 5, 'p');
    expect_mouse("\033[<35;7;8M", 7, 6, 0, 'd');
    expect_mouse("\033[M !!", 0, 0, 1, 'p');
    expect_mouse("\033[M#\"!", 0, 1, 1, 'r'); /* doesn't say which one: the last */
    expect_mouse("\033[M`\"#", 2, 1, 4, 'p');
}

Test(input, pasted_text_is_swallowed)
{
    char much[700];

    feed("a\033[200~rm -rf\r\033[A\033[201~b", 1);
    expect('a', 1);
    expect('b', 1);
    expect(KEY_NOTHING, 1);
    /* Longer than the buffer, the end torn apart. */
    feed("\033[200~", 2);
    memset(much, 'x', sizeof much - 1);
    much[sizeof much - 1] = '\0';
    for (int i = 0; i < 20; i++) {
        feed(much, 2);
        expect(KEY_NOTHING, 2);
    }
    feed("\033[20", 2.1);
    expect(KEY_NOTHING, 2.2);
    feed("1~c", 2.3);
    expect('c', 2.3);
    /* One that never ends lets go after a second of silence. */
    feed("\033[200~abc", 3);
    expect(KEY_NOTHING, 3);
    expect(KEY_NOTHING, 4.5);
    feed("d", 4.6);
    expect('d', 4.6);
}

Test(input, learned_sequences_come_first)
{
    input_learn(&in, "\033[A", 'A');
    input_learn(&in, "\001@\r", KEY_F1_); /* doesn't begin with Escape: Wyse; not understood, and harmless */
    input_learn(&in, NULL, 'B');
    input_learn(&in, "x", 'C');
    input_learn(&in, "a sequence that is too long", 'D');
    feed("\033[Ax\001", 1);
    expect('A', 1);
    expect('x', 1);
    expect(1, 1);
    for (int i = 0; i < 2 * INPUT_LEARNED; i++)
        input_learn(&in, "\033*", 'E');
    feed("\033*", 1);
    expect('E', 1);
}

Test(input, a_full_buffer_and_noise)
{
    static const char likely[] = "\033[O<;0123M~mABC\xc3\xa9\xff z";
    struct rng rng;
    char bytes[64];

    rng_init(&rng, 1);
    for (int round = 0; round < 20000; round++) {
        double now = round * 0.01;

        for (int i = 0; i < (int)sizeof bytes; i++)
            bytes[i] = likely[rng_below(&rng, sizeof likely - 1)];
        input_feed(&in, bytes, (int)sizeof bytes, now);
        for (int k = 0; k < 70 && input_key(&in, now) != KEY_NOTHING; k++) {
        }
        cr_assert(in.have >= 0 && in.have <= INPUT_BYTES);
    }
    memset(bytes, '5', sizeof bytes); /* a sequence without an end */
    setup();
    feed("\033[", 0);
    while (input_feed(&in, bytes, (int)sizeof bytes, 0) > 0) {
    }
    expect(KEY_ESCAPE_, 0);
    expect('[', 0);
    expect('5', 0);
}
