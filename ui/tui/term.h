/**
 * The terminal: the one door to ncurses. Keys come in, a canvas goes out, and the terminal is always given back.
 *
 * One terminal a process. Nothing here knows what is drawn. All of it belongs to the UI thread.
 */
#ifndef FOVEA_UI_TERM_H
#define FOVEA_UI_TERM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "tui/canvas.h"
#include "tui/style.h"

struct term;

/** Keys: a Unicode character, Control with a letter as 1..26, or one of these. */
enum key {
    KEY_NOTHING = -1, /* no key is waiting */
    KEY_FIRST = 0x110000,
    KEY_UP_ = KEY_FIRST, /* the names of curses end without the dash, and are macros */
    KEY_DOWN_,
    KEY_LEFT_,
    KEY_RIGHT_,
    KEY_HOME_,
    KEY_END_,
    KEY_PAGE_UP_,
    KEY_PAGE_DOWN_,
    KEY_ENTER_,
    KEY_BACKSPACE_,
    KEY_TAB_,
    KEY_BACKTAB_,
    KEY_ESCAPE_,
    KEY_DELETE_,
    KEY_INSERT_,
    KEY_F1_, /* F1 + n - 1 is Fn, to F12 */
    KEY_F12_ = KEY_F1_ + 11,
    KEY_MOUSE_,  /* term_mouse() says where */
    KEY_RESIZED, /* the size has changed: lay out again */
    KEY_LEAVE,   /* the terminal is gone, or a signal asks to leave: term_signal() */
};

struct mouse {
    int row, col;
    int button; /* 1 left, 2 middle, 3 right, 4 wheel up, 5 wheel down */
    bool pressed, released, dragged;
};

struct term_options {
    const char *colors; /* "auto" (or NULL), "direct", "256", "8", "mono" */
    bool mouse;
    bool headless;  /* no terminal: TERM xterm-256color on /dev/null, for scripts and tests */
    int rows, cols; /* of a headless terminal */
};

/**
 * Takes the terminal over. Standard error is kept back and printed by term_close(), so that no warning can spoil the screen.
 * @return ERR_IO when standard input or output isn't a terminal, ERR_UNKNOWN for TERM or colours that aren't known
 */
MUST_USE enum err term_open(const struct term_options *options, struct term **out, struct diag *diag);
void term_close(struct term *t); /* as it was before; accepts NULL */

const struct style *term_style(const struct term *t);
void term_size(const struct term *t, int *rows, int *cols);

/**
 * Sleeps until a key, a signal, a byte in the wake pipe (which it drains) or the time is up.
 * @param seconds  < 0: no limit
 */
void term_wait(struct term *t, double seconds);
/** Next key without waiting; pasted text is swallowed. SIGTSTP stops the program with the terminal given back, and goes on after it. */
int term_key(struct term *t);
struct mouse term_mouse(const struct term *t); /* of the last KEY_MOUSE_ */
int term_signal(const struct term *t);         /* SIGTERM, SIGINT or SIGHUP that asked to leave, or 0 */

/** Any thread, and async-signal-safe: wakes term_wait. `term` is a struct term. */
void term_wake(void *term);

/** Brings the canvas to the screen; only what differs is sent. @return seconds it took (the pace of frames follows it) */
double term_show(struct term *t, const struct canvas *c);
void term_redraw(struct term *t); /* everything anew with the next term_show */

#endif
