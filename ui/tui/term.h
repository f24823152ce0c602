/**
 * The terminal: the one door to ncurses. Keys come in, a canvas goes out, and the terminal is always given back: by term_close(),
 * after SIGTERM, while stopped by SIGTSTP, at exit() and in a crash.
 *
 * One terminal a process. Nothing here knows what is drawn. All of it belongs to the UI thread, which opens the terminal before it
 * starts other threads: these inherit a mask that keeps SIGWINCH, SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGTSTP and SIGCONT away from them.
 * The UI thread itself sees those signals in term_wait() only, so that nothing is ever interrupted half way.
 *
 *     while (running) {
 *         term_wait(t, seconds until something is to be done);
 *         for (int key; (key = term_key(t)) != KEY_NOTHING;)
 *             ...
 *         term_show(t, &canvas);
 *     }
 */
#ifndef FOVEA_UI_TERM_H
#define FOVEA_UI_TERM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "tui/canvas.h"
#include "tui/style.h"

struct term;

/**
 * Keys: a Unicode character, Control with a letter as 1..26 (but for H, I, J and M, which are the keys below; C, Z and
 * backslash make signals), or one of these. Alt with a key is Escape and that key.
 */
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
    int button; /* 1 left, 2 middle, 3 right, 4 wheel up, 5 wheel down; 0: none is known */
    bool pressed, released, dragged; /* one of them; a wheel is only pressed */
};

struct term_options {
    const char *colors; /* "auto" (or NULL), "direct", "256", "8", "mono" */
    enum theme theme;
    bool mouse;
    bool
        headless; /* no terminal: 256 colours (or `colors`), UTF-8, output to nowhere, no keys; for scripts and tests */
    int rows, cols; /* of a headless terminal */
};

/**
 * Takes the terminal over. Standard error, where it is a terminal, is kept back and printed by term_close(), so that no
 * warning can spoil the screen. Sets LC_CTYPE from the environment, which decides whether UTF-8 is written.
 * @return ERR_IO when standard input or output isn't a terminal, ERR_UNKNOWN for TERM or colours that aren't known, ERR_MEMORY;
 *         the sentence is the whole message, and the program's usage was wrong (exit status 2) but for ERR_MEMORY
 */
MUST_USE enum err term_open(const struct term_options *options, struct term **out, struct diag *diag);
void term_close(struct term *t); /* as it was before; accepts NULL */

const struct style *term_style(const struct term *t);
/** From the next term_show() on. What has been drawn with the old gamma must be drawn again. */
void term_set_theme(struct term *t, enum theme theme, float gamma);
void term_size(const struct term *t, int *rows, int *cols);

/**
 * Sleeps until a key, a signal, a wake-up or the time is up, and deals with the signals: a new size is taken over, SIGTSTP stops the
 * program with the terminal given back, and goes on after it (KEY_RESIZED follows). May return early.
 * @param seconds  < 0: no limit
 */
void term_wait(struct term *t, double seconds);
/** Next key without waiting, or KEY_NOTHING; pasted text is swallowed. What isn't a key on this terminal is left out. */
int term_key(struct term *t);
struct mouse term_mouse(const struct term *t);  /* of the last KEY_MOUSE_ */
void term_set_mouse(struct term *t, bool wish); /* off: the terminal's own selection of text works again */
int term_signal(
    const struct term
        *t); /* SIGTERM, SIGINT, SIGQUIT or SIGHUP that asked to leave, or 0: the terminal is gone */

/** Any thread, and async-signal-safe: wakes term_wait. `term` is a struct term. */
void term_wake(void *term);

/**
 * Brings the canvas to the screen, its corner to the screen's, clipped; only what differs is sent. Allocates nothing.
 * @return seconds it took (the pace of frames follows it: a slow line makes it long)
 */
double term_show(struct term *t, const struct canvas *c);
void term_redraw(struct term *t); /* everything anew with the next term_show */

#endif
