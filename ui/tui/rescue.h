/**
 * Gives the terminal back whatever happens: an exit, a crash in any thread, a sanitizer's report.
 *
 * Everything that a signal handler may not do (build the string that restores the terminal, open files) is done beforehand by
 * rescue_arm(). Standard error is kept back in memory meanwhile, if it is a terminal: one warning would ruin the screen.
 * One a process, because there is one terminal.
 */
#ifndef FOVEA_UI_RESCUE_H
#define FOVEA_UI_RESCUE_H

#include <termios.h>

#include "base/err.h"

/**
 * From now on, a fatal signal and exit() give the terminal back. Under AddressSanitizer, whose reports need the signals,
 * its end does instead.
 * @param modes  how the terminal was set before
 * @param text  what to write to it: visible cursor, main screen, no mouse, no pasting mode; copied, cut after some 500 bytes
 */
MUST_USE enum err rescue_arm(const struct termios *modes, const char *text, struct diag *diag);

/** The terminal has been given back in an orderly way: handlers are as before, and what standard error kept is printed. */
void rescue_disarm(void);

/**
 * Gives the terminal back at once, without curses, and leads standard output to nowhere: the process is about to end. Async-signal-safe,
 * any thread; does nothing the second time or when not armed.
 */
void rescue_now(void);

#endif
