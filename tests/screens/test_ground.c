/** The drawing ground in real pseudo-terminals of all kinds: what is seen, what keys do, and that the terminal is always given back. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "given_back.h"

static const char *const plain[] = {DEMO, NULL};
static const char *const with_mouse[] = {DEMO, "--mouse", NULL};

static struct screen *run(const char *term, const char *const *environment, const char *const *argv)
{
    struct screen *s = screen_run(
        &(struct screen_options){.rows = 24, .cols = 80, .term = term, .environment = environment}, argv);

    cr_assert(screen_wait_text(s, "q leave"));
    return s;
}

#define ENVIRONMENT(...)                                                                                     \
    (const char *const[])                                                                                    \
    {                                                                                                        \
        __VA_ARGS__, NULL                                                                                    \
    }

static void expect_cell(struct screen *s, int row, int col, uint32_t ch, int32_t fg, int32_t bg)
{
    struct screen_cell c = screen_cell(s, row, col);

    cr_assert_eq(c.ch, ch, "%d,%d: U+%04X, expected U+%04X", row, col, c.ch, ch);
    if (ch != ' ')
        cr_assert_eq(c.fg, fg, "%d,%d: foreground %x, expected %x", row, col, (unsigned)c.fg, (unsigned)fg);
    cr_assert_eq(c.bg, bg, "%d,%d: background %x, expected %x", row, col, (unsigned)c.bg, (unsigned)bg);
}

static const char drawn[] = "q leave"; /* by the program, as long as it runs */

static void leave(struct screen *s)
{
    screen_send(s, "q");
    cr_assert_eq(screen_exit(s), 0);
    expect_given_back(s, drawn);
    cr_assert(screen_has(s, "goodbye"));
    screen_free(s);
}

/* ---- the ladder ---- */

Test(ladder, direct_colour)
{
    struct screen *s = run("xterm-256color", ENVIRONMENT("COLORTERM=truecolor"), plain);
    struct termios before = screen_modes_before(s), now = screen_modes(s);

    cr_assert(screen_has(s, "demo direct utf8 80x24"));
    expect_cell(s, 3, 8, 0x2580, 0x010101, 0xffffff); /* black: colours 0 to 7 are the terminal's own */
    expect_cell(s, 3, 40, 0x2580, 0xffffff, 0x010101);
    expect_cell(s, 3, 11, ' ', 0, 0x181818); /* both halves the same: level 6 */
    expect_cell(s, 4, 8, 0x2580, 0x440154, 0xfde725);
    expect_cell(s, 5, 8, 0x2580, 0x1f5fd0, 0xc65102);
    expect_cell(s, 5, 24, ' ', 0, 0xf4f4f4); /* zero */
    expect_cell(s, 8, 8, ' ', 0, 0xf5b36b);
    expect_cell(s, 8, 9, ' ', 0, 0xf5b36b);
    expect_cell(s, 8, 10, ' ', 0, 0x4e3922); /* dimmed: 0.32 of it */
    expect_cell(s, 7, 18, '-', 0xffffff, 0x440154);
    expect_cell(s, 7, 26, '+', 0x010101, 0xfde725);
    expect_cell(s, 6, 34, 0x2580, 0x9f9f9f, SCREEN_OWN);
    expect_cell(s, 6, 36, 0x2584, 0x9f9f9f, SCREEN_OWN);
    expect_cell(s, 14, 2, 0x732b, SCREEN_OWN, SCREEN_OWN);
    cr_assert_eq(screen_cell(s, 14, 3).ch, UINT32_MAX, "wide");
    cr_assert(screen_cell(s, 10, 16).bold);
    cr_assert(screen_cell(s, 10, 48).reverse);
    cr_assert(screen_cell(s, 23, 79).reverse && screen_cell(s, 23, 79).ch == '.');
    cr_assert(screen_alternate(s));
    cr_assert_not(screen_cursor(s));
    cr_assert_not(screen_mouse(s), "only when asked for");
    cr_assert_not(same_modes(&before, &now), "the comparison can fail");
    cr_assert_not_null(strstr(screen_output(s, NULL), "38;2;31;95;208"));
    cr_assert_not_null(strstr(screen_output(s, NULL), "\033[?2026h"), "much has changed: a frame as a whole");
    leave(s);
}

static void expect_256(struct screen *s)
{
    expect_cell(s, 3, 8, 0x2580, SCREEN_INDEX + 16, SCREEN_INDEX + 231);
    expect_cell(s, 4, 8, 0x2580, SCREEN_INDEX + 53, SCREEN_INDEX + 220);
    expect_cell(s, 5, 8, 0x2580, SCREEN_INDEX + 26, SCREEN_INDEX + 166);
    expect_cell(s, 5, 24, ' ', 0, SCREEN_INDEX + 255);
    expect_cell(s, 7, 18, '-', SCREEN_INDEX + 231, SCREEN_INDEX + 53);
    expect_cell(s, 10, 8, 'f', SCREEN_INDEX + 245, SCREEN_OWN);
}

Test(ladder, colours_256)
{
    static const char *const forced[] = {DEMO, "--colors", "256", NULL};
    struct screen *s = run("xterm-256color", NULL, plain);

    cr_assert(screen_has(s, "demo 256 utf8"));
    expect_256(s);
    cr_assert_null(strstr(screen_output(s, NULL), "38;2;"));
    leave(s);
    s = run("xterm", ENVIRONMENT("COLORTERM=truecolor", "NO_COLOR=1"), forced);
    expect_256(s);
    leave(s);
}

Test(ladder, direct_colour_in_tmux)
{
    struct screen *s = run("tmux-256color", ENVIRONMENT("COLORTERM=truecolor", "TMUX=x"), plain);

    cr_assert(screen_has(s, "demo direct utf8"));
    expect_cell(s, 5, 8, 0x2580, 0x1f5fd0, 0xc65102);
    leave(s);
}

Test(ladder, colours_256_without_utf8)
{
    struct screen *s = run("xterm-256color", ENVIRONMENT("LANG=C"), plain);

    cr_assert(screen_has(s, "demo 256 ascii"));
    expect_cell(s, 3, 8, ' ', 0, SCREEN_INDEX + 16); /* two columns a pixel */
    expect_cell(s, 3, 9, ' ', 0, SCREEN_INDEX + 16);
    expect_cell(s, 3, 72, ' ', 0, SCREEN_INDEX + 231);
    expect_cell(s, 5, 73, ' ', 0, SCREEN_INDEX + 166);
    cr_assert(screen_has(s, "?? and e, e = +0.1 *"));
    expect_cell(s, 13, 0, 0x250c, SCREEN_INDEX + 243, SCREEN_OWN); /* the terminal's own lines */
    leave(s);
}

Test(ladder, colours_8)
{
    struct screen *s = run("xterm", NULL, plain);

    cr_assert(screen_has(s, "demo 8 utf8"));
    expect_cell(s, 3, 72, 0x2588, SCREEN_INDEX + 7, SCREEN_INDEX + 0);
    expect_cell(s, 5, 8, 0x2588, SCREEN_INDEX + 4, SCREEN_INDEX + 0);
    expect_cell(s, 5, 73, 0x2588, SCREEN_INDEX + 3, SCREEN_INDEX + 0);
    expect_cell(s, 11, 0, 'b', SCREEN_INDEX + 1, SCREEN_OWN);
    leave(s);
    s = run("xterm", ENVIRONMENT("LC_ALL=C"), plain);
    cr_assert(screen_has(s, "demo 8 ascii"));
    expect_cell(s, 5, 8, '@', SCREEN_INDEX + 6, SCREEN_INDEX + 0);
    expect_cell(s, 5, 73, '@', SCREEN_INDEX + 3, SCREEN_INDEX + 0);
    leave(s);
}

Test(ladder, no_colours)
{
    static const struct {
        const char *term, *environment, *title;
    } cases[] = {
        {"vt100", "LANG=C", "demo mono ascii"},
        {"vt100", "X=", "demo mono utf8"},
        {"xterm-256color", "NO_COLOR=1", "demo mono utf8"},
    };

    for (int i = 0; i < ARRAY_LEN(cases); i++) {
        struct screen *s =
            run(cases[i].term, ENVIRONMENT(cases[i].environment, "COLORTERM=truecolor"), plain);

        cr_assert(screen_has(s, cases[i].title));
        cr_assert(screen_has(s, "signed  OOOOoooooo~~~~~~~~------,,,,,,"));
        for (int row = 0; row < 24; row++) {
            for (int col = 0; col < 80; col++) {
                struct screen_cell c = screen_cell(s, row, col);
                cr_assert(c.fg == SCREEN_OWN && c.bg == SCREEN_OWN, "case %d: colour at %d,%d", i, row, col);
            }
        }
        expect_cell(s, 13, 0, 0x250c, SCREEN_OWN, SCREEN_OWN);
        leave(s);
    }
}

Test(ladder, a_locale_that_is_not_installed)
{
    struct screen *s = run("xterm-256color", ENVIRONMENT("LANG=xx_YY.UTF-8"), plain);

    cr_assert(screen_has(s, "demo 256 utf8"));
    expect_256(s);
    leave(s);
}

static void expect_refusal(const char *term, const char *const *argv, const char *sentence)
{
    struct screen *s = screen_run(&(struct screen_options){.rows = 24, .cols = 120, .term = term}, argv);

    cr_assert_eq(screen_exit(s), 2);
    cr_assert(screen_has(s, sentence), "%s", screen_output(s, NULL));
    expect_given_back(s, drawn);
    screen_free(s);
}

Test(ladder, what_cannot_be_says_so)
{
    static const char *const odd[] = {DEMO, "--colors", "many", NULL};
    static const char *const pipe[] = {"/bin/sh", "-c", DEMO " | cat", NULL};

    expect_refusal("", plain, "demo: the environment variable TERM is not set;");
    expect_refusal("no-such-terminal", plain, "demo: the terminal \"no-such-terminal\" is not known");
    expect_refusal("dumb", plain, "demo: the terminal \"dumb\" cannot move its cursor;");
    expect_refusal("xterm", odd,
                   "demo: colors \"many\" are not known, expected auto, direct, 256, 8 or mono");
    {
        struct screen *s = screen_run(&(struct screen_options){.rows = 24, .cols = 80}, pipe);

        cr_assert(screen_wait_text(s, "demo: standard output is not a terminal"));
        screen_exit(s);
        screen_free(s);
    }
}

/* ---- keys ---- */

Test(keys, of_every_kind)
{
    static const struct {
        const char *bytes, *name;
    } keys[] = {
        {"z", ": U+007A"},       {"\u732b", ": U+732B"},  {"\033[A", ": up"},      {"\033OB", ": down"},
        {"\033", ": escape"},    {"\r", ": enter"},       {"\177", ": backspace"}, {"\t", ": tab"},
        {"\033[Z", ": backtab"}, {"\033[6~", ": page d"}, {"\033[21~", ": F10"},   {"\023", ": control S"},
        {"\033[3~", ": delete"}, {"\026", ": control V"}, {"\033[4~", ": end"},
    };
    struct screen *s = run("xterm-256color", NULL, plain);

    for (int i = 0; i < ARRAY_LEN(keys); i++) {
        screen_send(s, keys[i].bytes);
        cr_assert(screen_wait_text(s, keys[i].name), "key %d", i);
    }
    leave(s);
}

Test(keys, pasted_text_is_swallowed)
{
    struct screen *s = run("xterm-256color", NULL, plain);

    cr_assert_not_null(strstr(screen_output(s, NULL), "\033[?2004h"));
    screen_send(s, "\033[200~quit? xxxx\rqqq\033[A\033[201~z");
    cr_assert(screen_wait_text(s, "1: U+007A"), "one key, and it is the one after the text");
    leave(s);
}

Test(keys, mouse)
{
    struct screen *s = run("xterm-256color", NULL, with_mouse);

    cr_assert(screen_mouse(s));
    screen_send(s, "\033[<0;10;5M");
    cr_assert(screen_wait_text(s, "mouse 1 pressed 4,9"));
    screen_send(s, "\033[<32;12;5M");
    cr_assert(screen_wait_text(s, "mouse 1 dragged 4,11"));
    screen_send(s, "\033[<0;12;5m");
    cr_assert(screen_wait_text(s, "mouse 1 released 4,11"));
    screen_send(s, "\033[<65;1;1M");
    cr_assert(screen_wait_text(s, "mouse 5 pressed 0,0"));
    screen_send(s, "m");
    cr_assert(screen_wait_text(s, "mouse off"));
    cr_assert_not(screen_mouse(s));
    screen_send(s, "m");
    cr_assert(screen_wait_text(s, "mouse on"));
    cr_assert(screen_mouse(s));
    leave(s);
}

Test(keys, little_changes_little_is_sent)
{
    struct screen *s = run("xterm-256color", NULL, plain);
    size_t before, after;

    screen_output(s, &before);
    screen_send(s, "z");
    cr_assert(screen_wait_text(s, ": U+007A"));
    screen_output(s, &after);
    cr_assert_lt(after - before, 60);
    cr_assert_null(strstr(screen_output(s, NULL) + before, "2026"));
    leave(s);
}

/* ---- sizes ---- */

Test(sizes, follows_the_window)
{
    struct screen *s = run("xterm-256color", NULL, plain);

    screen_resize(s, 40, 100);
    cr_assert(screen_wait_text(s, "100x40"));
    cr_assert(screen_cell(s, 39, 99).reverse);
    screen_resize(s, 18, 60);
    cr_assert(screen_wait_text(s, "60x18"));
    cr_assert(screen_cell(s, 17, 59).reverse);
    expect_256(s);
    leave(s);
}

Test(sizes, what_the_environment_says_does_not_count)
{
    struct screen *s = run("xterm-256color", ENVIRONMENT("LINES=10", "COLUMNS=40"), plain);

    cr_assert(screen_has(s, "80x24"));
    screen_resize(s, 30, 90);
    cr_assert(screen_wait_text(s, "90x30"));
    leave(s);
}

Test(sizes, a_storm)
{
    static const int sizes[][2] = {{1, 1}, {24, 80}, {5, 20}, {120, 400}, {50, 1}, {1, 2}, {2, 200}, {3, 5}};
    struct screen *s = run("xterm-256color", ENVIRONMENT("COLORTERM=truecolor"), plain);

    for (int i = 0; i < 200; i++) {
        screen_resize(s, sizes[i % ARRAY_LEN(sizes)][0], sizes[i % ARRAY_LEN(sizes)][1]);
        if (i % 3 == 0)
            screen_settle(s);
    }
    screen_resize(s, 1, 1);
    screen_settle(s);
    cr_assert(screen_running(s));
    screen_resize(s, 30, 90);
    cr_assert(screen_wait_text(s, "demo direct utf8 90x30"));
    expect_cell(s, 5, 8, 0x2580, 0x1f5fd0, 0xc65102);
    leave(s);
}

/* ---- all kinds of ends ---- */

Test(ends, signals_that_ask)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT};

    for (int i = 0; i < ARRAY_LEN(signals); i++) {
        struct screen *s = run("xterm-256color", NULL, with_mouse);

        screen_signal(s, signals[i]);
        cr_assert_eq(screen_exit(s), 128 + signals[i]);
        expect_given_back(s, drawn);
        cr_assert(screen_has(s, "goodbye"));
        screen_free(s);
    }
}

Test(ends, control_c)
{
    struct screen *s = run("xterm-256color", NULL, plain);

    screen_send(s, "\003");
    cr_assert_eq(screen_exit(s), 128 + SIGINT);
    expect_given_back(s, drawn);
    screen_free(s);
}

Test(ends, crashes)
{
    static const struct {
        const char *key;
        int status;
    } ends[] = {{"wx", 128 + SIGSEGV}, {"wa", 128 + SIGABRT}, {"we", 7}};

    for (int i = 0; i < ARRAY_LEN(ends); i++) {
        struct screen *s = run("xterm-256color", ENVIRONMENT("COLORTERM=truecolor"), with_mouse);
        int status;

        screen_send(s, ends[i].key);
        status = screen_exit(s);
        if (!ADDRESS_SANITIZER || i != 0) /* there a report comes instead, and a status of its own */
            cr_assert_eq(status, ends[i].status, "status %d", status);
        if (ADDRESS_SANITIZER && i == 1)
            ; /* abort() is left alone there */
        else
            expect_given_back(s, drawn);
        if (!(ADDRESS_SANITIZER && i == 1))
            cr_assert(screen_has(s, "a warning"), "what standard error said isn't lost");
        screen_free(s);
    }
}

Test(ends, standard_error_is_kept_back)
{
    struct screen *s = run("xterm-256color", NULL, plain);

    screen_send(s, "w");
    cr_assert(screen_wait_text(s, "warned"));
    cr_assert_not(screen_has(s, "a warning"));
    screen_send(s, "q");
    cr_assert_eq(screen_exit(s), 0);
    cr_assert(screen_has(s, "a warning"));
    expect_given_back(s, drawn);
    screen_free(s);
}

Test(ends, the_window_is_closed)
{
    struct screen *s = run("xterm-256color", NULL, plain);

    screen_hang_up(s);
    cr_assert_neq(screen_exit(s), -1, "it must not go on without a terminal");
    screen_free(s);
}

Test(ends, stopped_and_woken)
{
    struct screen *s =
        screen_run(&(struct screen_options){.rows = 24, .cols = 80, .shell = true}, with_mouse);

    for (int i = 0; i < 3; i++) {
        cr_assert(screen_wait_text(s, "q leave"));
        screen_send(s, "\032"); /* Control-Z */
        cr_assert(screen_wait_text(s, "[stopped]"));
        expect_given_back(s, drawn);
        screen_resize(s, 24 + i, 80); /* meanwhile */
        screen_send(s, "\r");
        cr_assert(screen_wait_text(s, i == 2 ? "80x26" : i == 1 ? "80x25" : "80x24"));
        cr_assert(screen_alternate(s) && screen_mouse(s) && !screen_cursor(s));
        expect_256(s);
        screen_send(s, "z");
        cr_assert(screen_wait_text(s, "U+007A"), "keys come one by one again");
    }
    leave(s);
}

Test(ends, stopped_and_ended_by_the_shell)
{
    struct screen *s =
        screen_run(&(struct screen_options){.rows = 24, .cols = 80, .shell = true}, with_mouse);

    cr_assert(screen_wait_text(s, "q leave"));
    screen_send(s, "\032");
    cr_assert(screen_wait_text(s, "[stopped]"));
    screen_send(s, "k\r");
    cr_assert_eq(screen_exit(s), 128 + SIGTERM);
    expect_given_back(s, drawn);
    screen_free(s);
}

Test(ends, stopped_where_nobody_could_wake_it)
{
    struct screen *s = run("xterm-256color", NULL, plain);

    screen_send(s, "\032");
    cr_assert(screen_wait_text(s, "resized"), "it goes on at once, and draws anew");
    screen_send(s, "z");
    cr_assert(screen_wait_text(s, "U+007A"));
    leave(s);
}

Test(ends, stopped_hard)
{
    struct screen *s = run("xterm-256color", NULL, with_mouse);
    struct termios modes = screen_modes(s), cooked = screen_modes_before(s);
    size_t before;

    screen_signal(s, SIGSTOP);
    cr_assert_eq(tcsetattr(screen_slave(s), TCSANOW, &cooked), 0); /* as a shell does */
    screen_output(s, &before);
    screen_signal(s, SIGCONT);
    cr_assert(screen_wait_text(s, "resized"), "drawn anew");
    cr_assert(screen_alternate(s) && screen_mouse(s));
    cooked = screen_modes(s);
    cr_assert(same_modes(&modes, &cooked), "the line is set as it had been");
    leave(s);
}
