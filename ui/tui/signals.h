/**
 * The signals that mean something to a program with a screen: SIGWINCH, SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGTSTP, SIGCONT.
 *
 * They are blocked but for the moments when ppoll() sleeps with signals_mask(), so nothing is ever interrupted half way and no
 * wake-up is lost. Handlers only set flags. One a process; all of it belongs to one thread.
 */
#ifndef FOVEA_UI_SIGNALS_H
#define FOVEA_UI_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/** Blocks them in this thread, and in those that it starts, and catches them. What was ignored (nohup) stays ignored. */
void signals_take(void);
/** All as before signals_take(); does nothing without it. */
void signals_give_back(void);

const sigset_t *signals_mask(void); /* for ppoll() */

/** Has this one arrived since it was last asked for? */
bool signals_arrived(int sig);

/** Stops the program as SIGTSTP does by itself; returns when it goes on, or at once where no shell could ever wake it. */
void signals_stop(void);

#endif
