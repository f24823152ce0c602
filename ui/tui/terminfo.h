/**
 * Own terminfo entries for direct colour, to be handed to curses as TERMINFO, and strings of any entry. term.c alone wants them.
 */
#ifndef FOVEA_UI_TERMINFO_H
#define FOVEA_UI_TERMINFO_H

#include <stddef.h>

#define TERMINFO_XTERM_DIRECT "fovea-direct"      /* its name: TERM for terminals like xterm */
#define TERMINFO_TMUX_DIRECT  "fovea-tmux-direct" /* its name: TERM within tmux */

/** "b64:...", without line breaks. */
extern const char terminfo_xterm_direct[], terminfo_tmux_direct[];

/** Appends what a capability says to `text` of `size` bytes, as far as it fits, without the pauses ("$<5>") that it may ask for. */
void terminfo_append(char *text, size_t size, const char *capability);

#endif
