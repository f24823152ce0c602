/**
 * Runs a program in a pseudo-terminal and sees what a person would see: text, colours, attributes; types, clicks, resizes, sends
 * signals. Built on libvterm. Nothing sleeps for a fixed time: one waits for something on the screen, and all waits have a limit.
 *
 *     struct screen *s = screen_run(&(struct screen_options){.rows = 24, .cols = 80}, argv);
 *     cr_assert(screen_wait_text(s, "Step through"));
 *     screen_send(s, "\033[B");
 *     cr_assert(screen_wait_text(s, "layer 2"));
 *     cr_assert(screen_cell(s, 2, 4).reverse);
 *     screen_send(s, "q");
 *     cr_assert_eq(screen_exit(s), 0);
 *     screen_free(s);
 */
#ifndef FOVEA_TESTS_SCREEN_H
#define FOVEA_TESTS_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>

enum {
    SCREEN_LIMIT = 20000,
    SCREEN_QUIET = 15
}; /* milliseconds: of any wait; of silence after which nothing more is to come */

struct screen;

struct screen_options {
    int rows, cols;
    const char *term; /* TERM; NULL: xterm-256color; "": none */
    /**
     * Of the environment only PATH, TMPDIR, the ASAN_, UBSAN_, LSAN_ and FOVEA_ variables come through, LANG is
     * C.UTF-8, and HOME is no folder; these come on top: "NAME=VALUE", or "NAME" for one less. NULL-terminated, or NULL.
     */
    const char *const *environment;
    bool
        shell; /* beneath a shell of a few lines that says "[stopped]" when the program stops, and lets it go on after Enter */
};

/** Starts argv[0] (a path). Never NULL: what cannot be had (a pseudo-terminal) ends the test. */
struct screen *screen_run(const struct screen_options *options, const char *const argv[]);
/** Kills what still runs; accepts NULL. */
void screen_free(struct screen *s);

/** Bytes as if typed. */
void screen_send(struct screen *s, const char *bytes);
/** Mouse button 1..3, or the wheel 4 (up), 5: 'p' pressed, 'd' dragged, 'r' released over a cell, counted from 0, as an SGR report (1006). */
void screen_point(struct screen *s, int button, char what, int row, int col);
void screen_signal(struct screen *s, int sig);
void screen_resize(struct screen *s, int rows, int cols);
/** The terminal goes away: its window is closed, the line is cut. Nothing can be read from it after that. */
void screen_hang_up(struct screen *s);

/**
 * Waits until `text` stands somewhere within one row, and then until the screen is quiet.
 * @return false, with the screen on standard error, when the time was up or the program had ended before
 */
bool screen_wait_text(struct screen *s, const char *text);
bool screen_wait_no_text(struct screen *s, const char *text);
/** Waits until `done` says so. */
bool screen_wait(struct screen *s, bool (*done)(struct screen *s, void *with), void *with);
/** Reads until nothing has come for SCREEN_QUIET milliseconds. */
void screen_settle(struct screen *s);

/** Waits for the end. @return exit status, 128 + the number of the signal that killed it, or -1 when the time was up */
int screen_exit(struct screen *s);
bool screen_running(struct screen *s);
pid_t screen_pid(const struct screen *s);

/** What is on the screen, a line a row, trailing blanks cut. free() it. */
char *screen_text(const struct screen *s);
bool screen_has(const struct screen *s, const char *text);
/** Where `text` begins; false when it is nowhere. */
bool screen_find(const struct screen *s, const char *text, int *row, int *col);

enum {
    SCREEN_OWN = -1,
    SCREEN_INDEX = 0x1000000
}; /* the terminal's own colour; SCREEN_INDEX + n: colour n of the palette */
struct screen_cell {
    uint32_t ch;    /* ' ' when blank */
    int32_t fg, bg; /* 0xRRGGBB, or one of the above */
    bool bold, reverse, underline;
};
struct screen_cell screen_cell(const struct screen *s, int row, int col);

/** State of the terminal itself. */
bool screen_alternate(const struct screen *s); /* the second screen is shown */
bool screen_cursor(const struct screen *s);    /* the cursor is visible */
void screen_cursor_at(const struct screen *s, int *row, int *col);
bool screen_mouse(const struct screen *s);           /* reports of the mouse are asked for */
struct termios screen_modes(const struct screen *s); /* as the line is set now */
struct termios screen_modes_before(const struct screen *s);
bool same_modes(const struct termios *a, const struct termios *b);
int screen_slave(const struct screen *s); /* the line itself, borrowed: to set its modes as others would */

/** Everything that the program has written, NUL-terminated; valid until the next call that reads. */
const char *screen_output(const struct screen *s, size_t *size);

#endif
